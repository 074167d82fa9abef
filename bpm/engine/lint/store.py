"""What a process needs beside its file: forms, decisions, called processes, services, groups, persons.

Asked once everything that is published together stands in the database. Names that are only known
while a case runs (expressions) are passed over.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bpm.dmn import queries as decisions
from bpm.engine.definition import Definition, Element
from bpm.engine.models import Process
from bpm.engine.problems import Problem
from bpm.engine.runtime.specs.activities import CallActivity
from bpm.forms import queries as forms
from bpm.people import queries as people


def missing(
    session: Session, definition: Definition, *, connectors: Collection[str] | None = None
) -> list[Problem]:
    """Return what the process names and is not there.

    Args:
        connectors: keys of all services; None: they are not looked at.
    """
    found: list[Problem] = []
    for element in definition.elements.values():
        found += _of_element(session, element)
        connector = element.extensions.get("connector")
        if connectors is not None and connector and connector["name"] not in connectors:
            found.append(
                _problem(
                    element,
                    "unknown_connector",
                    "There is no service “%(name)s”, which “%(element)s” calls.",
                    connector["name"],
                )
            )
    return [*found, *_called(session, definition)]


def _of_element(session: Session, element: Element) -> Iterator[Problem]:
    given = element.extensions
    decision = (given.get("decision") or {}).get("key")
    assignment = given.get("assignment") or {}
    to, value = assignment.get("to"), assignment.get("value")
    groups = [*_names(given.get("candidate_groups")), *(_names(value) if to == "group" else ())]
    persons = [*_names(given.get("candidate_users")), *(_names(value) if to in ("person", "user") else ())]
    yield from _unknown(
        element,
        "unknown_form",
        "There is no form “%(name)s”, which “%(element)s” shows.",
        [*_names(given.get("form")), *_names((given.get("start") or {}).get("form"))],
        lambda key: forms.published(session, key) is not None,
    )
    yield from _unknown(
        element,
        "unknown_decision",
        "There is no decision “%(name)s”, which “%(element)s” asks.",
        _names(decision),
        lambda key: decisions.decision(session, key) is not None,
    )
    yield from _unknown(
        element,
        "unknown_group",
        "There is no group “%(name)s”, which “%(element)s” is for.",
        groups,
        lambda key: people.group(session, key) is not None,
    )
    yield from _unknown(
        element,
        "unknown_person",
        "There is no person “%(name)s”, whom “%(element)s” is for.",
        persons,
        lambda key: people.person(session, key) is not None,
    )


def _unknown(
    element: Element, code: str, message: str, names: list[str], exists: Callable[[str], bool]
) -> Iterator[Problem]:
    for name in dict.fromkeys(names):
        if not exists(name):
            yield _problem(element, code, message, name)


def _called(session: Session, definition: Definition) -> Iterator[Problem]:
    """Return the processes that are called by their names and were never published."""
    calls = [spec for spec in definition.spec.task_specs.values() if isinstance(spec, CallActivity)]
    for name in sorted(definition.called_processes - {definition.process_id}):
        if session.scalar(select(Process.id).where(Process.key == name)) is not None:
            continue
        for spec in calls:
            if spec.process is not None and spec.process.text == name:
                yield _problem(
                    spec.element,
                    "unknown_process",
                    "There is no process “%(name)s”, which “%(element)s” calls.",
                    name,
                )


def _problem(element: Element, code: str, message: str, name: str) -> Problem:
    severity: Any = "warning" if code in ("unknown_group", "unknown_person") else "error"
    values = {"name": name, "element": element.names.get("en") or element.id}
    return Problem(element.id, code, message, values, severity)


def _names(text: str | None) -> list[str]:
    """Return the names in a list with commas; an expression names nobody yet."""
    if not isinstance(text, str) or not text.strip() or any(mark in text for mark in "={$("):
        return []
    return [name for part in text.split(",") if (name := part.strip().strip("\"'"))]
