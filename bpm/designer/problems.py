"""Everything that is to be mended in a drawing, in plain words: for the marks and the list of the editor.

Joins what the engine refuses, what the drawing names and is not there, and what is probably not meant.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bpm.designer import known, queries
from bpm.engine import dialect
from bpm.engine.build.builder import Builder
from bpm.engine.build.compile import definition_of
from bpm.engine.diagram.expression_check import Kind, check
from bpm.engine.diagram.xml import Node, bpmn, children, first, parse, text_of
from bpm.engine.lint.check import ORDER, lint_and_build
from bpm.engine.lint.intent import intent
from bpm.engine.lint.rules.catalogue import rule_of
from bpm.engine.lint.store import missing
from bpm.engine.problems import CannotRun, Problem
from bpm.language import _
from bpm.people import queries as people

Told = dict[str, Any]
_TIMES = ("timeDate", "timeDuration", "timeCycle")


def problems(session: Session, now: datetime, xml: str) -> list[Told]:
    """Return what is to be mended, errors first, as the editor shows it.

    Args:
        now: tells which dates are in the past.
    """
    try:
        root = parse(xml.encode("utf-8"))
    except CannotRun as refused:
        return [one.as_json() for one in refused.problems]
    found, built = lint_and_build(root)
    cannot_run = any(one.severity == "error" and one.code != "not_executable" for one in found)
    found = [*_not_yet(root, found), *found]
    if not cannot_run:
        found = [*found, *_missing(session, built.values(), xml, found), *intent(root, now)]
    told = [one.as_json() for one in found] + queries.service_problems(root)
    if not cannot_run:
        told += _expressions(session, root)
    return sorted(told, key=lambda one: ORDER[one["severity"]])


def _not_yet(root: Node, found: list[Problem]) -> Iterator[Problem]:
    """Say first that a drawing of another tool, which marked nothing as executable, lacks what follows."""
    processes = list(children(root, "process"))
    codes = {one.code for one in found if one.severity == "error"}
    marked = any(one.get("isExecutable") is not None for one in processes)
    if processes and codes and not marked and "not_executable" not in codes:
        process = next((one for one in processes if first(one, "startEvent") is not None), processes[0])
        yield Problem(
            process.get("id"),
            "not_executable",
            "This drawing cannot run yet: some things are missing in “%(element)s”.",
            {"element": process.get("name") or process.get("id") or ""},
        )


def _missing(
    session: Session, built: Iterable[Builder], digest: str, found: list[Problem]
) -> Iterator[Problem]:
    for builder in built:
        try:
            definition = definition_of(builder, digest, found)
        except CannotRun:
            continue
        yield from missing(session, definition)
        for element in definition.elements.values():
            assignment = element.extensions.get("assignment") or {}
            key = assignment.get("value")
            if assignment.get("to") == "group" and _is_empty(session, key):
                yield Problem(
                    element.id,
                    "empty_group",
                    "Nobody is in the group “%(name)s”, which “%(element)s” is for.",
                    {"name": key, "element": element.names.get("en") or element.id},
                    "warning",
                )


def _is_empty(session: Session, key: str | None) -> bool:
    return (
        bool(key) and people.group(session, key or "") is not None and not people.members(session, key or "")
    )


def _expressions(session: Session, root: Node) -> list[Told]:
    """Return what is doubtful in expressions: names that nobody sets, comparisons that never hold."""
    told = []
    for process in children(root, "process"):
        around, unknown = known.surroundings(session, process), False
        for node, kind, text in _texts(process):
            for one in check(text, kind, around.names, complete=around.complete).findings:
                if one.severity == "warning":
                    told.append(_told(node.get("id"), "doubtful_expression", one.text))
                    unknown = unknown or "“" in one.text
        start = dialect.read(process).get("start") or {}
        if unknown and around.complete and not start.get("form") and not start.get("record_types"):
            name = process.get("name") or process.get("id")
            text = _("Nothing is asked when “%(name)s” is started.", name=name)
            told.append(_told(process.get("id"), "no_start_form", text))
    return told


def _texts(process: Node) -> Iterator[tuple[Node, Kind, str]]:
    """Yield the expressions of a process with the elements that they belong to."""
    for flow in process.iter(bpmn("sequenceFlow")):
        yield flow, "condition", text_of(first(flow, "conditionExpression"))
    for definition in process.iter(bpmn("timerEventDefinition")):
        event = definition.getparent()
        for given in children(definition, *_TIMES):
            if event is not None and text_of(given).startswith(("=", "$")):
                yield event, "timer", text_of(given)
    for task in process.iter(bpmn("scriptTask")):
        yield task, "script", text_of(first(task, "script"))
    for task in process.iter(bpmn("userTask")):
        ours = dialect.read(task)
        for value in ((ours.get("assignment") or {}).get("value"), (ours.get("deadline") or {}).get("due")):
            if value and value.startswith("="):
                yield task, "expression", value


def _told(element: str | None, code: str, text: str) -> Told:
    rule = rule_of(code)
    return {
        "element": element,
        "severity": rule.severity if rule else "warning",
        "message": text,
        "code": code,
        "rule": code,
        "advice": str(rule.advice) if rule else "",
        "clause": "",
        "fix": None,
    }


__all__ = ["problems"]
