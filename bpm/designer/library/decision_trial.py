"""Looking into a decision model that is being made: what is wrong, what is missing, what it answers.

Evaluates and judges with ``bpm.dmn``; keeps nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from bpm import feel
from bpm.dmn import completeness, queries
from bpm.dmn.elements import DecisionElement
from bpm.dmn.errors import DmnError
from bpm.dmn.model import Model
from bpm.dmn.samples import Unjudged, samples
from bpm.dmn.tables import Table
from bpm.feel import FeelError
from bpm.forms import entries
from bpm.forms.entries import EntryFault
from bpm.forms.parts import Component
from bpm.forms.words import plain
from bpm.language import _

_SHOWN_RULES = 4


@dataclass(frozen=True)
class Question:
    """A value that a decision needs from outside. ``options``: texts that its cells mention."""

    name: str
    label: str
    type: str
    options: tuple[str, ...] = ()


@dataclass(frozen=True)
class Look:
    """One decision of a model: its table, what it asks, and what its table leaves open."""

    id: str
    name: str
    table: Table | None
    questions: tuple[Question, ...]
    findings: tuple[dict[str, Any], ...] = ()
    doubts: tuple[str, ...] = ()


@dataclass
class Answer:
    """What a decision gave: results by their names, rules that matched, or errors by input."""

    results: list[tuple[str, str]] = field(default_factory=list)
    matched: list[dict[str, Any]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    errors: dict[str, str] = field(default_factory=dict)


def problems(session: Session, xml: str) -> list[dict[str, str]]:
    """Return what keeps a model from being published: {"element", "text"}."""
    try:
        model = _read(session, xml)
    except DmnError as error:
        return [{"element": "", "text": error.message}]
    found = [{"element": place, "text": text} for place, text in model.problems]
    if not model.decisions:
        found.append({"element": "", "text": _("The file holds no decision.")})
    return found


def looks(session: Session, xml: str) -> list[Look]:
    """Return each decision of a model and what its table leaves open; none if it cannot be read."""
    try:
        model = _read(session, xml)
    except DmnError:
        return []
    return [_look(model, decision) for decision in model.decisions]


def answer(session: Session, now: datetime, xml: str, decision: str, given: Mapping[str, Any]) -> Answer:
    """Ask a decision.

    Args:
        given: what was filled in, by the names of the questions; texts.
    """
    found = Answer()
    try:
        model = _read(session, xml)
        element = model.find(decision, DecisionElement)
        assert isinstance(element, DecisionElement)
        context = {}
        for question in _questions(model, element):
            try:
                context[question.name] = _value(question.type, given.get(question.name))
            except EntryFault as fault:
                found.errors[question.name] = str(fault)
        if found.errors:
            return found
        result = model.evaluate(decision, context, now=now)
    except (DmnError, FeelError) as error:
        found.errors[""] = str(error)
        return found
    if isinstance(result.value, dict):
        labels = {one.name: one.label or one.name for one in element.table.outputs} if element.table else {}
        found.results = [
            (labels.get(name) or str(name), plain(value)) for name, value in result.value.items()
        ]
    else:
        found.results = [(element.name, plain(result.value))]
    found.matched = [dict(one) for one in result.matched]
    found.warnings = list(result.warnings)
    return found


def _read(session: Session, xml: str) -> Model:
    return queries.read_files(queries.files_of(session, xml.encode()))


def _look(model: Model, decision: DecisionElement) -> Look:
    table, questions = decision.table, tuple(_questions(model, decision))
    if table is None:
        return Look(decision.id, decision.name, None, questions)
    judged = completeness.check(table)
    findings = tuple(
        {"kind": one.kind, "text": _sentence(table, one), "rules": list(one.rules)} for one in judged.findings
    )
    return Look(decision.id, decision.name, table, questions, findings, judged.doubts)


def _sentence(table: Table, finding: completeness.Finding) -> str:
    labels = {one.text: one.label or one.text for one in reversed(table.inputs)}
    asked = {
        column.text
        for place, column in enumerate(table.inputs)
        if any(rule.texts[place].strip() not in ("", "-") for rule in table.rules if place < len(rule.texts))
    }
    parts = [
        _("“%(column)s” is %(value)s", column=labels.get(text, text), value=_example(value))
        for text, value in finding.example.items()
        if text in asked
    ]
    example = _(" and ").join(parts)
    if finding.kind == "gap":
        return _("No rule fits if %(example)s.", example=example) if parts else _("There is no rule yet.")
    numbers = [str(number) for number in finding.rules]
    shown = ", ".join(numbers[:_SHOWN_RULES]) + ("…" if len(numbers) > _SHOWN_RULES else "")
    if not parts:
        return _("The rules %(rules)s always fit together, but only one may.", rules=shown)
    return _(
        "The rules %(rules)s fit together if %(example)s, but only one may.", rules=shown, example=example
    )


def _example(value: Any) -> str:
    if value is None:
        return _("empty")
    if value == completeness.OTHER_TEXT:
        return _("any other text")
    return f"“{value}”" if isinstance(value, str) else plain(value)


def _questions(model: Model, decision: DecisionElement) -> Iterator[Question]:
    """What a decision and those it asks need from outside, each once, in the order of the tables."""
    inside = {name for one in model.decisions for name in (one.name, one.variable, one.id)}
    seen: set[str] = set()
    for element in reversed(list(_asked(model, decision, set()))):
        for place, column in enumerate(element.table.inputs if element.table else ()):
            for name in _names(column.text):
                if name in inside or name in seen:
                    continue
                seen.add(name)
                whole = column.text.strip() == name
                kind = column.type.name if whole else "Any"
                options = _options(element.table, place) if whole and kind in ("string", "Any") else ()
                yield Question(name, (column.label if whole else "") or name, kind, options)
    for data in model.inputs:
        if data.name not in seen and any(
            key == data.key for one in _asked(model, decision, set()) for key in one.requirements
        ):
            yield Question(data.name, data.name, data.type.name)


def _asked(model: Model, decision: DecisionElement, seen: set[str]) -> Iterator[DecisionElement]:
    if decision.id in seen:
        return
    seen.add(decision.id)
    yield decision
    for key in decision.requirements:
        other = model.elements.get(key)
        if isinstance(other, DecisionElement):
            yield from _asked(model, other, seen)


def _names(text: str) -> list[str]:
    try:
        return sorted(feel.compile(text).variables)
    except FeelError:
        return []


def _options(table: Table | None, place: int) -> tuple[str, ...]:
    cells = [rule.tests[place] for rule in table.rules] if table else []
    try:
        values = samples([one.tree for one in cells if one is not None], "string")
    except Unjudged:
        return ()
    return tuple(one for one in values if isinstance(one, str) and one != completeness.OTHER_TEXT)


def _value(kind: str, sent: Any) -> Any:
    if entries.is_empty(sent):
        return None
    match kind:
        case "number":
            return entries.parse_number(sent)
        case "boolean":
            return entries.truth(sent)
        case "date" | "date and time" | "time":
            subtype = {"date": "date", "time": "time"}.get(kind, "datetime")
            return entries.moment(Component("datetime", subtype=subtype), sent)
        case "string":
            return str(sent)
    return _loose(str(sent).strip())


def _loose(text: str) -> Any:
    """A value of a column without a type: a number or a date if it looks like one, else a text."""
    try:
        value = feel.evaluate(text, {})
    except FeelError:
        return text
    return value if isinstance(value, bool | Decimal | date) else text
