"""What cases wait for, in words: "Waits for Ann Nowak since Tuesday, due Friday".

Reads tasks, subscriptions, jobs and incidents of a case and of the cases it called. Changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from bpm.engine.models import EventSubscription, HistoryEvent, Incident, Instance, TaskCandidate, UserTask
from bpm.engine.operations.incidents import cause_text
from bpm.engine.timers import jobs as timers
from bpm.history.names import Names
from bpm.jobs.models import Job
from bpm.language import _, chosen
from bpm.people.models import Person
from bpm.web import moments

_MOST_CASES = 200


@dataclass(frozen=True)
class Waiting:
    """One thing a case waits for. ``kind``: a state (waiting, late, running, failed)."""

    text: str
    kind: str
    since: datetime | None = None
    due_at: datetime | None = None
    element: str | None = None
    task: UserTask | None = None
    incident: Incident | None = None


def family_of(session: Session, instance: Instance) -> Sequence[Instance]:
    """Return a case and every case that it called, directly or not, itself first."""
    if instance.parent_id is None:
        found = session.scalars(
            select(Instance)
            .where(Instance.root_id == instance.id)
            .options(joinedload(Instance.version), joinedload(Instance.process))
            .order_by(Instance.id)
            .limit(_MOST_CASES)
        ).all()
        return [instance, *(one for one in found if one.id != instance.id)]
    family, level = [instance], [instance.id]
    while level and len(family) < _MOST_CASES:
        called = session.scalars(
            select(Instance).where(Instance.parent_id.in_(level)).order_by(Instance.id)
        ).all()
        family += called
        level = [one.id for one in called]
    return family


def of_case(session: Session, now: datetime, instance: Instance, names: Names) -> list[Waiting]:
    """Return everything a case waits for: what stands still first, then people, then events and times."""
    if instance.ended_at is not None:
        return []
    family = [one for one in family_of(session, instance) if one.ended_at is None]
    numbers = [one.id for one in family]
    found = _incidents(session, now, numbers)
    tasks = open_tasks(session, numbers)
    found += [for_task(task, now) for task in tasks]
    for member in family:
        own = names if member.id == instance.id else Names(session, member)
        found += _events(session, member, own)
        found += _times(session, now, member, own)
        found += _services(session, member, own)
    return found


def open_tasks(session: Session, instance_ids: Iterable[int]) -> Sequence[UserTask]:
    """Return the open tasks of some cases, the oldest first, with people and groups."""
    return session.scalars(
        select(UserTask)
        .where(UserTask.instance_id.in_(list(instance_ids)), UserTask.status == "open")
        .options(
            joinedload(UserTask.assignee),
            joinedload(UserTask.original_assignee),
            selectinload(UserTask.candidates).joinedload(TaskCandidate.group),
            selectinload(UserTask.candidates).joinedload(TaskCandidate.person),
        )
        .order_by(UserTask.id)
    ).all()


def of_cases(session: Session, now: datetime, cases: Sequence[Instance]) -> dict[int, list[Waiting]]:
    """Return for each case of a list, by its number, which people it waits for."""
    roots = [case.id for case in cases if case.ended_at is None]
    root_of: dict[int, int] = {number: number for number in roots}
    for number, root in session.execute(
        select(Instance.id, Instance.root_id).where(Instance.root_id.in_(roots))
    ):
        root_of[number] = root or number
    found: dict[int, list[Waiting]] = {number: [] for number in roots}
    for task in open_tasks(session, root_of):
        found[root_of[task.instance_id]].append(for_task(task, now))
    return found


def for_task(task: UserTask, now: datetime) -> Waiting:
    """Return the sentence about one open task."""
    since = task.claimed_at or task.created_at
    words = {
        "since": moments.since(since, now),
        "due": f", {moments.due(task.due_at, now)}" if task.due_at else "",
    }
    late = task.due_at is not None and moments.is_late(task.due_at, now)
    if task.assignee is not None:
        text = _("Waits for %(person)s %(since)s%(due)s", person=task.assignee.name, **words)
    else:
        people = offered_to(task)
        if people:
            text = _("Waits %(since)s for somebody to take it: %(people)s%(due)s", people=people, **words)
        else:
            text = _("Waits %(since)s for an administrator to name somebody%(due)s", **words)
    return Waiting(text, "late" if late else "waiting", since, task.due_at, task.element, task)


def offered_to(task: UserTask) -> str:
    """The groups and people who may take a task."""
    groups = [chosen(one.group.names, one.group.key) for one in task.candidates if one.group is not None]
    persons = [one.person.name for one in task.candidates if one.person is not None]
    return ", ".join([*groups, *persons])


def short(waits: Sequence[Waiting]) -> str:
    """The first wait in words, and how many more there are."""
    if not waits:
        return ""
    names: list[Person] = [one.task.assignee for one in waits if one.task is not None and one.task.assignee]
    if len(waits) > 1 and len(names) == len(waits):
        people = ", ".join(dict.fromkeys(person.name for person in names))
        return _("Waits for %(people)s", people=people)
    return waits[0].text


def _incidents(session: Session, now: datetime, numbers: list[int]) -> list[Waiting]:
    rows = session.scalars(
        select(Incident)
        .where(Incident.instance_id.in_(numbers), Incident.resolved_at.is_(None))
        .order_by(Incident.id)
    )
    return [
        Waiting(
            _(
                "Stands still %(since)s: %(cause)s",
                since=moments.since(one.created_at, now),
                cause=cause_text(one.cause),
            ),
            "failed",
            one.created_at,
            None,
            one.element,
            None,
            one,
        )
        for one in rows
    ]


def _events(session: Session, instance: Instance, names: Names) -> list[Waiting]:
    rows = session.scalars(
        select(EventSubscription)
        .where(EventSubscription.instance_id == instance.id)
        .order_by(EventSubscription.id)
    )
    return [
        Waiting(
            _(
                "Waits for “%(event)s”",
                event=names.element(one.element) if names.is_named(one.element) else one.name,
            ),
            "waiting",
            element=one.element,
        )
        for one in rows
        if not names.attached(one.element)
    ]


def _times(session: Session, now: datetime, instance: Instance, names: Names) -> list[Waiting]:
    jobs = session.scalars(
        select(Job).where(Job.instance_id == instance.id, Job.kind == timers.TIMER).order_by(Job.due_at)
    ).all()
    if not jobs:
        return []
    elements = _elements_of_timers(session, instance)
    found = []
    for job in jobs:
        element = elements.get(str(job.payload.get("token")))
        if element is None or names.attached(element):
            continue
        text = _("“%(step)s”: goes on %(when)s", step=names.element(element), when=moments.whole(job.due_at))
        found.append(Waiting(text, "waiting", None, job.due_at, element))
    return found


def _elements_of_timers(session: Session, instance: Instance) -> dict[str, str]:
    rows = session.execute(
        select(HistoryEvent.element, HistoryEvent.data)
        .where(HistoryEvent.instance_id == instance.id, HistoryEvent.kind == "timer_set")
        .order_by(HistoryEvent.seq)
    )
    return {str(data.get("token")): element for element, data in rows if element}


def _services(session: Session, instance: Instance, names: Names) -> list[Waiting]:
    jobs = session.scalars(
        select(Job)
        .where(Job.instance_id == instance.id, Job.kind == timers.SERVICE, ~Job.dead)
        .order_by(Job.id)
    )
    return [
        Waiting(
            _("The program is busy with “%(step)s”", step=names.element(job.payload.get("element"))),
            "running",
            job.created_at,
            None,
            job.payload.get("element"),
        )
        for job in jobs
    ]
