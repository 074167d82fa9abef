"""What is legal and probably not meant: buttons without a way, deadlines nobody can read, names twice.

Told while somebody draws; not when a file is deployed by a program, which may well mean it. Reads the
diagram only; what forms and groups say is looked up by the designer.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from difflib import get_close_matches
from functools import cached_property
from itertools import chain
from typing import Any

from lxml import etree

from bpm import feel
from bpm.engine import dialect
from bpm.engine.diagram import expressions, spoken_terms, vendor
from bpm.engine.diagram.elements import ACTIVITIES
from bpm.engine.diagram.references import kind_of
from bpm.engine.diagram.xml import Node, ensure_root, first, local_name, reference, tag_of, text_of
from bpm.engine.lint.walk import Diagram, Scope, is_for_compensation, warning
from bpm.engine.problems import Problem
from bpm.engine.timers import due_times
from bpm.feel import FeelError, tree

_NEEDS_VALUE = ("person", "user", "group", "head_of_department", "expression")
_AGREEING = re.compile(r"approv|agree|accept|confirm|соглас|утверд|одобр|подтверд|zatwierd|akcept|zgad", re.I)


def intent(diagram: bytes | str | Node, now: datetime) -> Iterator[Problem]:
    """Yield what somebody who draws would want to be asked about.

    Args:
        now: tells which dates are in the past.
    """
    checked = Diagram(ensure_root(diagram))
    tasks = {node: _Buttons(node, dialect.read(node)) for node in checked.every("userTask")}
    for scope in checked.scopes:
        for one in (tasks[node] for node in scope.nodes if tag_of(node) == "userTask"):
            yield from _ways(scope, one)
            yield from _button(one)
            yield from _deadline(one)
            yield from _nobody(one)
        yield from _names(scope)
    yield from _unknown_outcomes(checked, tasks.values())
    yield from _ignored(checked, tasks.values())
    yield from _messages(checked)
    yield from _dates(checked, now)


@dataclass(frozen=True)
class _Buttons:
    """A task with what our dialect says of it."""

    node: Node
    given: dict[str, Any]

    @property
    def variable(self) -> str:
        return str(self.given.get("outcome_variable") or "outcome")

    @cached_property
    def labels(self) -> dict[str, str]:
        """The labels of the buttons by their keys."""
        found = self.given.get("outcomes") or ()
        return {one["key"]: one["labels"].get("en") or one["key"] for one in found if one["key"]}

    @cached_property
    def counts(self) -> bool:
        """Whether the button pressed is what the process goes on with, not one vote of several."""
        return bool(self.labels) and "voting" not in self.given and not _repeated(self.node)


def _repeated(task: Node) -> bool:
    """Whether a task without votes, or what it stands in, is done several times."""
    current: Node | None = task
    while current is not None and tag_of(current) != "process":
        looped = first(current, "multiInstanceLoopCharacteristics") is not None
        if looped or (current is not task and "voting" in dialect.read(current)):
            return True
        current = current.getparent()
    return False


# ---------------------------------------------------------------------------------- buttons


def _ways(scope: Scope, task: _Buttons) -> Iterator[Problem]:
    """Behind the task stands a choice: each button has to open one of its ways."""
    out = scope.flows_from(task.node)
    choice = scope.named(out[0].get("targetRef")) if len(out) == 1 else None
    if not task.counts or choice is None or tag_of(choice) not in ("exclusiveGateway", "inclusiveGateway"):
        return
    ways = scope.flows_from(choice)
    if len(ways) < 2 or reference(choice.get("default")) in {way.get("id") for way in ways}:
        return
    conditions = [_compiled(way) for way in ways]
    if any(one is None or task.variable not in one.variables for one in conditions):
        return
    for key, label in task.labels.items():
        if not any(one is not None and _may_hold(one, task.variable, key) for one in conditions):
            yield warning(
                choice,
                "outcome_without_way",
                "If “%(button)s” is pressed at “%(task)s”, no way leads on from “%(element)s”: the case "
                "would stop there.",
                button=label,
                task=_name(task.node),
            )


def _may_hold(condition: feel.Expression, variable: str, value: str) -> bool:
    if set(condition.variables) != {variable}:
        return True
    try:
        return condition.evaluate({variable: value}) is True
    except FeelError:
        return True


def _compiled(flow: Node) -> feel.Expression | None:
    text = text_of(first(flow, "conditionExpression"))
    try:
        return expressions.formula(text).compiled if text else None
    except expressions.NotAnExpression:
        return None


def _unknown_outcomes(diagram: Diagram, tasks: Iterable[_Buttons]) -> Iterator[Problem]:
    """A condition asks for a button that no task has."""
    buttons: dict[str, dict[str, str]] = {}
    names: dict[str, str] = {}
    for task in tasks:
        if task.labels:
            buttons.setdefault(task.variable, {}).update(task.labels)
            names.setdefault(task.variable, _name(task.node))
    for variable in _otherwise_set(diagram) & set(buttons):
        del buttons[variable]
    for flow in diagram.every("sequenceFlow") if buttons else ():
        condition = _compiled(flow)
        for variable, value in _compared(condition.tree) if condition is not None else ():
            if value not in buttons.get(variable, {value: ""}):
                yield _no_button(flow, value, buttons[variable], names[variable])


def _no_button(flow: Node, value: str, buttons: dict[str, str], task: str) -> Problem:
    close = get_close_matches(value.casefold(), list(buttons), n=1, cutoff=0.6)
    if close:
        return warning(
            flow,
            "unknown_outcome",
            "The way “%(element)s” is for the button “%(value)s”, which “%(task)s” does not have. "
            "Did you mean “%(other)s”?",
            value=value,
            task=task,
            other=close[0],
        )
    return warning(
        flow,
        "unknown_outcome",
        "The way “%(element)s” is for the button “%(value)s”, which “%(task)s” does not have: "
        "it is never taken.",
        value=value,
        task=task,
    )


def _compared(root: tree.Node) -> Iterator[tuple[str, str]]:
    """Yield the variables that are compared with texts, with these texts."""
    for node in tree.walk(root):
        if isinstance(node, tree.Comparison) and node.operator in ("=", "!="):
            for one, other in ((node.left, node.right), (node.right, node.left)):
                text = other.value if isinstance(other, tree.Literal) else None
                if isinstance(one, tree.Name) and isinstance(text, str):
                    yield one.name, text
        elif isinstance(node, tree.In) and isinstance(node.value, tree.Name):
            for test in node.tests:
                for literal in tree.walk(test):
                    if isinstance(literal, tree.Literal) and isinstance(literal.value, str):
                        yield node.value.name, literal.value


def _otherwise_set(diagram: Diagram) -> set[str]:
    """Return the names that something else than a button gives a value."""
    found: set[str] = set()
    for node in diagram.every(*ACTIVITIES, "intermediateCatchEvent", "boundaryEvent", "startEvent"):
        given = dialect.read(node)
        vendor.read(node, given)
        for holder in ("connector", "mapping"):
            found |= {target for _value, target in (given.get(holder) or {}).get("outputs", ())}
        found.add((given.get("decision") or {}).get("result") or "")
        if tag_of(node) == "scriptTask":
            found |= set(re.findall(r"^\s*(\w+)\s*:=", text_of(first(node, "script")), re.M))
    return found


def _ignored(diagram: Diagram, tasks: Iterable[_Buttons]) -> Iterator[Problem]:
    """A task has several buttons, and nothing in the diagram reads which one was pressed."""
    words: Counter[str] | None = None
    for task in tasks:
        if not task.counts or len(task.labels) < 2:
            continue
        words = words if words is not None else _words(diagram.root)
        if not words[task.variable]:
            yield _advice(
                task.node,
                "ignored_outcomes",
                "“%(element)s” has several buttons, but the process goes on in the same way whichever is "
                "pressed.",
            )


def _words(root: Node) -> Counter[str]:
    """Return how often each word stands in a text or an attribute that may be an expression."""
    found: Counter[str] = Counter()
    # where things are drawn says nothing
    told = (part for part in root.iterchildren(etree.Element) if local_name(part) != "BPMNDiagram")
    for node in chain([root], *(part.iter(etree.Element) for part in told)):
        if tag_of(node) == "" and local_name(node) in ("outcomes", "outcome"):
            continue
        texts = [node.text or "", *(str(value) for name, value in node.attrib.items() if name not in _IDS)]
        for text in texts:
            found.update(re.findall(r"\w+", text))
    return found


_IDS = ("id", "sourceRef", "targetRef", "name", "bpmnElement", "default")


def _button(task: _Buttons) -> Iterator[Problem]:
    outcomes: list[dict[str, Any]] = task.given.get("outcomes") or []
    if len(outcomes) == 1:
        only: dict[str, Any] = outcomes[0]
        words = " ".join((only["key"], *only["labels"].values()))
        if only.get("tone") == "positive" or _AGREEING.search(words):
            yield _advice(
                task.node,
                "single_outcome",
                "At “%(element)s” one can only press “%(button)s”: nobody can say no.",
                button=only["labels"].get("en") or only["key"],
            )


# -------------------------------------------------------------------- who, until when, names


def _deadline(task: _Buttons) -> Iterator[Problem]:
    deadline = task.given.get("deadline")
    if deadline is None:
        return
    text = deadline["due"] or ""
    if not text:
        yield warning(
            task.node,
            "no_deadline",
            "“%(element)s” has a deadline that does not say when it is due, so nobody is reminded.",
        )
    elif not text.startswith(("=", "$", "{", "#")) and not due_times.is_literal(text):
        term = spoken_terms.written(text)
        if term is None:
            yield warning(
                task.node,
                "deadline_word",
                "“%(text)s” at “%(element)s” cannot be read as a deadline.",
                text=text,
            )
        else:
            yield warning(
                task.node,
                "deadline_word",
                "“%(text)s” at “%(element)s” is written as %(term)s.",
                text=text,
                term=term,
            )


def _nobody(task: _Buttons) -> Iterator[Problem]:
    assignment = task.given.get("assignment") or {}
    if assignment.get("to") in _NEEDS_VALUE and not assignment.get("value"):
        yield warning(
            task.node,
            "nobody_chosen",
            "It is not chosen whom “%(element)s” is for: nobody would find it in his list.",
        )


def _names(scope: Scope) -> Iterator[Problem]:
    steps = [
        node
        for node in scope.nodes
        if tag_of(node) in ACTIVITIES and node.get("name", "").strip() and not is_for_compensation(node)
    ]
    seen: set[str] = set()
    for node in steps:
        name = " ".join(node.get("name", "").split()).casefold()
        if name in seen:
            yield _advice(node, "same_name", "Two steps are called “%(element)s”.")
        seen.add(name)


# ------------------------------------------------------------------------- waiting for things


def _messages(diagram: Diagram) -> Iterator[Problem]:
    """A message that is awaited in a file with one process comes from outside: is that meant?"""
    references = diagram.references
    sent = {reference(task.get("messageRef")) for task in diagram.every("sendTask")}
    for node in diagram.every("endEvent", "intermediateThrowEvent"):
        sent |= {reference(one.get("messageRef")) for one in references.definitions_of(node)}
    if sum(bool(scope.nodes) for scope in diagram.scopes if tag_of(scope.node) == "process") > 1:
        return
    for node in diagram.every("intermediateCatchEvent", "boundaryEvent", "receiveTask"):
        awaited = {reference(node.get("messageRef"))} | {
            reference(one.get("messageRef"))
            for one in references.definitions_of(node)
            if kind_of(one) == "message"
        }
        for key in awaited - sent - {""}:
            message = diagram.found(key)
            yield _advice(
                node,
                "outside_message",
                "“%(element)s” waits for the message “%(awaited)s”, which nothing in this drawing sends.",
                awaited=key if message is None else message.get("name") or key,
            )


def _dates(diagram: Diagram, now: datetime) -> Iterator[Problem]:
    for definition in diagram.every("timerEventDefinition"):
        text = text_of(first(definition, "timeDate"))
        event = definition.getparent()
        if event is None or not due_times.DATE.match(text):
            continue
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            continue
        if (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) < now:
            yield warning(
                event,
                "past_date",
                "“%(element)s” waits for %(text)s, which is over: it waits for nothing.",
                text=text,
            )


def _advice(node: Node, code: str, message: str, /, **values: Any) -> Problem:
    told = warning(node, code, message, **values)
    return Problem(told.element, code, message, told.values, "advice")


def _name(node: Node) -> str:
    return " ".join((node.get("name") or node.get("id") or "").split())


__all__ = ["intent"]
