"""Gaps and clashes of a decision table, each shown by an example input (DMN 1.5, 8.2.9 and 8.2.10).

Tries a value for every case that a column's cells tell apart, in all combinations. What cannot be
judged is said.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, product
from math import prod
from typing import Any, Literal

from bpm.dmn.samples import OTHER_TEXT, Unjudged, samples
from bpm.dmn.tables import Input, Rule, Table
from bpm.feel.limits import Run
from bpm.feel.scope import Scope
from bpm.language import _

MAX_COMBINATIONS = 100_000
Kind = Literal["gap", "clash"]


@dataclass(frozen=True, slots=True)
class Finding:
    """A gap (no rule matches) or a clash (rules match together that must not).

    ``example`` holds a value for each input column's text; ``rules`` are the numbers of the rules.
    """

    kind: Kind
    example: dict[str, Any]
    rules: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the check found. ``doubts`` say, translated, what could not be judged and why.

    Without findings and doubts every input has its answer. Columns count as independent of each
    other, and null as no input unless a cell mentions it.
    """

    findings: tuple[Finding, ...]
    doubts: tuple[str, ...] = ()


@dataclass(slots=True)
class _Question:
    """One input expression: the values to try, and for each the rules it fits, as bits."""

    text: str
    values: list[tuple[Any, int]]


def check(table: Table, limit: int = 20) -> Judgement:
    """Look for gaps and clashes; one example for each set of rules, at most ``limit`` findings."""
    doubts: list[str] = []
    questions: list[_Question] = []
    for text in dict.fromkeys(column.text for column in table.inputs):
        try:
            questions.append(_question(table, text))
        except Unjudged as reason:
            doubts.append(
                _("The column “%(column)s” cannot be judged, because %(reason)s.", column=text, reason=reason)
            )
    if doubts:
        return Judgement((), tuple(doubts))
    count = prod(len(question.values) for question in questions)
    if count > MAX_COMBINATIONS:
        doubts.append(
            _(
                "Of %(count)s combinations only %(tried)s were tried, so more gaps and clashes are possible.",
                count=count,
                tried=MAX_COMBINATIONS,
            )
        )
    findings = list(islice(_findings(table, questions), limit + 1))
    if len(findings) > limit:
        doubts.append(_("There are more gaps and clashes than these %(count)s.", count=limit))
    return Judgement(tuple(findings[:limit]), tuple(doubts))


def _question(table: Table, text: str) -> _Question:
    """Gather the columns that ask for ``text``."""
    indexes = [index for index, column in enumerate(table.inputs) if column.text == text]
    columns = [table.inputs[index] for index in indexes]
    cells = [rule.tests[index] for index in indexes for rule in table.rules]
    allowed = [tests for column in columns for tests in (column.allowed, _allowed_by_type(column)) if tests]
    nodes = [tests.tree for tests in [*cells, *allowed] if tests is not None]
    kind = next((column.type.name for column in columns if column.type.name != "Any"), "")
    scope = Scope({}, None, Run(steps=10**9))  # samples are few: what they cost is bounded already
    values = []
    for value in samples(nodes, kind):
        if all(one.run(value, scope) for one in allowed):
            fitting = 0
            for position, rule in enumerate(table.rules):
                tests = (rule.tests[index] for index in indexes)
                fitting |= all(test is not None and test.run(value, scope) for test in tests) << position
            values.append((value, fitting))
    return _Question(text, values)


def _allowed_by_type(column: Input) -> Any:
    return column.type.tests if column.type.element is None else None


def _findings(table: Table, questions: list[_Question]) -> Iterator[Finding]:
    seen: set[tuple[int, ...]] = set()
    everything = (1 << len(table.rules)) - 1
    combinations = product(*(question.values for question in questions))
    for combination in islice(combinations, MAX_COMBINATIONS):
        bits = everything
        for _value, fitting in combination:
            bits &= fitting
        rules = [rule for position, rule in enumerate(table.rules) if bits >> position & 1]
        kind = _judge(table, rules)
        numbers = tuple(rule.number for rule in rules)
        if kind is None or (numbers and numbers in seen):
            continue
        seen.add(numbers)
        example = {
            question.text: value for question, (value, _fitting) in zip(questions, combination, strict=True)
        }
        yield Finding(kind, example, numbers)


def _judge(table: Table, matching: list[Rule]) -> Kind | None:
    if not matching:
        covered = any(column.default is not None for column in table.outputs)
        many = table.policy in ("COLLECT", "RULE ORDER", "OUTPUT ORDER")
        return None if covered or many else "gap"
    if len(matching) > 1:
        if table.policy == "UNIQUE":
            return "clash"
        if table.policy == "ANY" and len({tuple(rule.result_texts) for rule in matching}) > 1:
            return "clash"
    return None


__all__ = ["OTHER_TEXT", "Finding", "Judgement", "check"]
