"""Gaps and clashes of a decision table, each shown by an example input (DMN 1.5, 8.2.9 and 8.2.10).

Tries one value at, below and above each constant that a column's cells mention. Columns whose
cells read variables cannot be judged; such tables are left alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import islice, product
from typing import Any, Literal

from bpm.dmn.tables import Rule, Table
from bpm.feel import tree
from bpm.feel.expression import UnaryTests
from bpm.feel.limits import Run
from bpm.feel.operators import kind_of
from bpm.feel.scope import Scope
from bpm.feel.temporal import add_nanoseconds, is_date
from bpm.feel.temporal_text import parse_any, parse_date
from bpm.feel.values import DAY

MAX_COMBINATIONS = 20_000
OTHER_TEXT = "…"
"""Stands for any text that no cell mentions."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A gap (no rule matches) or a clash (rules match together that must not).

    ``example`` holds a value for each input column's text; ``rules`` are the numbers of the rules.
    """

    kind: Literal["gap", "clash"]
    example: dict[str, Any]
    rules: tuple[int, ...] = ()


def check(table: Table, limit: int = 20) -> list[Finding]:
    """Return gaps and clashes, one example for each set of rules; at most ``limit`` of them."""
    columns = []
    for index, column in enumerate(table.inputs):
        samples = _samples([rule.tests[index] for rule in table.rules], column.allowed)
        if samples is None:
            return []
        columns.append(samples)
    found: dict[tuple[str, tuple[int, ...]], Finding] = {}
    run = Run(steps=MAX_COMBINATIONS * 50)
    scope = Scope({}, None, run)
    for values in islice(product(*columns), MAX_COMBINATIONS):
        matching = [rule for rule in table.rules if _matches(rule, values, scope)]
        kind = _judge(table, matching)
        if kind is None:
            continue
        rules = tuple(rule.number for rule in matching)
        example = {column.text: value for column, value in zip(table.inputs, values, strict=True)}
        key = (kind, rules or tuple(hash(repr(value)) for value in values))
        found.setdefault(key, Finding(kind, example, rules))
        if len(found) >= limit:
            break
    return list(found.values())


def _matches(rule: Rule, values: tuple[Any, ...], scope: Scope) -> bool:
    return all(
        test is not None and test.run(value, scope) for test, value in zip(rule.tests, values, strict=True)
    )


def _judge(table: Table, matching: list[Rule]) -> Literal["gap", "clash"] | None:
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


def _samples(cells: list[UnaryTests | None], allowed: UnaryTests | None) -> list[Any] | None:
    """Return the values to try in a column, or None if its cells cannot be judged."""
    constants: list[Any] = []
    for cell in [*cells, allowed]:
        if cell is None:
            continue
        found = _constants(cell.tree)
        if found is None:
            return None
        constants.extend(found)
    kinds = {kind_of(value) for value in constants if value is not None}
    if len(kinds) > 1:
        return None
    samples = _around([value for value in constants if value is not None], next(iter(kinds), ""))
    if samples is None or allowed is None:
        return samples
    scope = Scope({}, None, Run())
    return [value for value in samples if allowed.run(value, scope)]


def _constants(node: tree.Node) -> list[Any] | None:
    """Return the constants of a cell; None if it reads anything but its own value."""
    match node:
        case tree.Literal(value):
            return [value]
        case tree.AtLiteral(text):
            return [parse_any(text)]
        case tree.Name(name):
            return [] if name == "?" else None
        case tree.Negate(tree.Literal(value)) if isinstance(value, Decimal):
            return [-value]
        case tree.Call(tree.Name("date"), (tree.Argument("", tree.Literal(value)),)) if isinstance(
            value, str
        ):
            return [parse_date(value)]
        case tree.Call() | tree.Path() | tree.Filter() | tree.For() | tree.Quantified() | tree.FunctionNode():
            return None
        case tree.Chain() | tree.ContextNode() | tree.InstanceOf() | tree.If():
            return None
    found: list[Any] = []
    for child in tree.children(node):
        part = _constants(child)
        if part is None:
            return None
        found.extend(part)
    return found


def _around(constants: list[Any], kind: str) -> list[Any] | None:
    match kind:
        case "":
            return [None]  # only dashes: any value will do
        case "boolean":
            return [True, False]
        case "string":
            return [*dict.fromkeys(constants), OTHER_TEXT]
        case "number":
            return list(_numbers(sorted(set(constants))))
        case "date":
            return list(_dates(sorted({value for value in constants if is_date(value)})))
    return None


def _numbers(numbers: list[Decimal]) -> Iterator[Decimal]:
    yield numbers[0] - 1
    for index, number in enumerate(numbers):
        yield number
        following = numbers[index + 1] if index + 1 < len(numbers) else number + 2
        yield (number + following) / 2


def _dates(dates: list[date]) -> Iterator[Any]:
    for day in dates:
        for distance in (-1, 0, 1):
            yield add_nanoseconds(day, distance * DAY)
