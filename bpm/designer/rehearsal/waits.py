"""What a rehearsal waits for: people, times, messages, services, and what has failed.

Reads the database of a rehearsal; plain data for the page and for trying every path.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bpm.connectors import registry
from bpm.designer.rehearsal.caller import DOCUMENT
from bpm.engine import definitions, permissions
from bpm.engine.definition import Definition
from bpm.engine.models import EventSubscription, Incident, Instance, UserTask
from bpm.engine.services import steps as service_steps
from bpm.engine.services.caller import ServiceFailed
from bpm.engine.timers import jobs as timers
from bpm.engine.work import Work
from bpm.history.waiting import open_tasks
from bpm.jobs.models import Job
from bpm.people import queries as people
from bpm.people.models import Person

# of the people who might act, so many are asked for their right
_MOST_ASKED = 40


@dataclass(frozen=True)
class Coming:
    """Something whose time comes. ``kind``: of its job; ``element``: None where it belongs to no step."""

    kind: str
    at: datetime
    instance_id: int | None
    element: str | None
    token: str | None


@dataclass(frozen=True)
class Arrival:
    """A message or signal that somebody waits for, or that starts a case."""

    id: int
    kind: str
    name: str
    element: str
    instance_id: int | None


@dataclass(frozen=True)
class OpenCall:
    """A service step that would call something outside. ``codes``: BPMN errors that the diagram catches."""

    instance_id: int
    token: str
    element: str
    name: str
    inputs: Mapping[str, Any]
    codes: Sequence[str]


@dataclass(frozen=True)
class Waits:
    """Everything that could happen next."""

    cases: Sequence[Instance]
    tasks: Sequence[UserTask]
    coming: Sequence[Coming]
    arrivals: Sequence[Arrival]
    calls: Sequence[OpenCall]
    incidents: Sequence[Incident]


def read(session: Session, now: datetime) -> Waits:
    """Return what the running cases of a rehearsal wait for."""
    cases = session.scalars(select(Instance).where(Instance.ended_at.is_(None)).order_by(Instance.id)).all()
    numbers = [case.id for case in cases]
    subscriptions = session.scalars(
        select(EventSubscription)
        .where(EventSubscription.instance_id.in_(numbers), EventSubscription.kind.in_(("message", "signal")))
        .order_by(EventSubscription.id)
    )
    jobs = session.scalars(select(Job).where(~Job.dead).order_by(Job.due_at, Job.id)).all()
    open_incidents = select(Incident).where(Incident.resolved_at.is_(None)).order_by(Incident.id)
    calls, elements = _calls(session, now, cases, jobs)
    return Waits(
        cases,
        open_tasks(session, numbers),
        [_coming(job, elements) for job in jobs if job.instance_id is not None],
        [Arrival(one.id, one.kind, one.name, one.element, one.instance_id) for one in subscriptions],
        calls,
        session.scalars(open_incidents).all(),
    )


def _coming(job: Job, elements: Mapping[tuple[int, str], str]) -> Coming:
    token = str(job.payload.get("token") or "")
    element = elements.get((job.instance_id or 0, token)) or job.payload.get("element")
    return Coming(job.kind, job.due_at, job.instance_id, element, token or None)


def _calls(
    session: Session, now: datetime, cases: Sequence[Instance], jobs: Sequence[Job]
) -> tuple[list[OpenCall], dict[tuple[int, str], str]]:
    """Return the service steps that wait for a person's word, and the element of each timer's token."""
    busy = {(job.instance_id, job.payload.get("token")) for job in jobs if job.kind == timers.SERVICE}
    failed = {
        (one.instance_id, one.token)
        for one in session.scalars(select(Incident).where(Incident.resolved_at.is_(None)))
    }
    calls: list[OpenCall] = []
    elements: dict[tuple[int, str], str] = {}
    for case in cases:
        unit = Work(session, now, None, None).unit(case.id)
        for wait in unit.run.waiting():
            if wait.kind == "timer":
                elements[case.id, wait.token] = wait.element
            if wait.kind != "service" or {(case.id, wait.token)} & (busy | failed):
                continue
            call = service_steps.call_of(unit, wait)
            if not _is_outside(call.name):
                continue
            codes = error_codes(definitions.of_version(session, case.version), wait.element)
            name = service_steps.name_of(wait)
            calls.append(OpenCall(case.id, wait.token, wait.element, name, call.inputs, codes))
    return calls, elements


def _is_outside(name: str) -> bool:
    try:
        return name != DOCUMENT and not registry.required(name).transactional
    except ServiceFailed:
        return False


def error_codes(definition: Definition, element: str) -> list[str]:
    """Return the codes of the BPMN errors that are caught at the edge of a step."""
    return [
        trigger.code
        for node in definition.spec.task_specs.values()
        for trigger in getattr(node, "triggers", ())
        if trigger.kind == "error" and trigger.code and node.element.attached_to == element
    ]


def actors(session: Session, now: datetime, task: UserTask) -> list[Person]:
    """Return who may decide a task, whoever holds it first."""
    held = [task.assignee] if task.assignee is not None else []
    named = [one.person for one in task.candidates if one.person is not None]
    members = [
        member
        for one in task.candidates
        if one.group is not None
        for member in people.members(session, one.group.key)
    ]
    found = {one.id: one for one in [*held, *named, *members] if one is not None and one.active}
    asked = list(found.values())[:_MOST_ASKED]
    return [one for one in asked if permissions.can_complete(session, one, task, now)]


def starters(session: Session, case: Any) -> list[Person]:
    """Return who may start a process: plain members of departments first, then heads, then administrators.

    Args:
        case: the version of the process.
    """
    everybody = session.scalars(select(Person).where(Person.active).order_by(Person.id)).all()
    heads = {one.head_id for one in people.departments(session)}
    allowed = [one for one in everybody if permissions.can_start(session, one, case.process, case.properties)]

    def rank(one: Person) -> tuple[bool, bool, bool, int]:
        return (people.is_administrator(one), one.department_id is None, one.id in heads, one.id)

    return sorted(allowed, key=rank)
