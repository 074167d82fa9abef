"""Reads processes and cases: lists, what a case waits for, its history, where its tokens stand.

Every question that a person asks is answered only as far as he may see. Changes nothing. Tasks
are read in ``tasks/queries.py``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session, defer, joinedload

from bpm.engine import definitions, permissions
from bpm.engine.functions import World
from bpm.engine.history import verify_history
from bpm.engine.lifecycle import find
from bpm.engine.models import (
    Comment,
    EventSubscription,
    HistoryEvent,
    Incident,
    Instance,
    Message,
    Process,
    ProcessVersion,
    UserTask,
    VariableIndex,
)
from bpm.engine.search import matches
from bpm.engine.tasks.commands import task_scope
from bpm.engine.tasks.queries import (
    Counts,
    Page,
    cursor,
    done_by,
    inbox,
    open_tasks,
    position_of,
    still_open,
    task,
)
from bpm.engine.tasks.queries import counts as counts
from bpm.engine.timers import jobs as timers
from bpm.engine.unit import Unit, read_row
from bpm.jobs.models import Job
from bpm.people.models import Person

_LARGEST_PAGE = 200


@dataclass(frozen=True)
class Waiting:
    """One thing a case waits for: who, for what, since when, until when.

    ``kind``: task, timer, message, signal, service, case. ``names``: of the step, by language.
    """

    kind: str
    element: str
    names: Mapping[str, str]
    since: datetime | None = None
    due_at: datetime | None = None
    task: UserTask | None = None
    persons: Sequence[Person] = ()
    groups: Sequence[Mapping[str, str]] = ()
    message: str | None = None
    called: Instance | None = None


@dataclass(frozen=True)
class Progress:
    """What the diagram shows: tokens, how often each flow and element was passed, failures."""

    positions: Mapping[str, int] = field(default_factory=dict)
    taken: Mapping[str, int] = field(default_factory=dict)
    entered: Mapping[str, int] = field(default_factory=dict)
    failed: frozenset[str] = frozenset()


# --- processes ------------------------------------------------------------------------------------


def process(session: Session, key: str) -> Process | None:
    """Return the process with this key."""
    return session.scalar(select(Process).where(Process.key == key))


def processes(session: Session) -> Sequence[ProcessVersion]:
    """Return the newest version of every process, by key; diagrams are not read."""
    newest = select(func.max(ProcessVersion.id)).group_by(ProcessVersion.process_id)
    return session.scalars(
        select(ProcessVersion)
        .where(ProcessVersion.id.in_(newest))
        .options(*_without_diagram(), joinedload(ProcessVersion.process))
        .order_by(ProcessVersion.process_key)
    ).all()


def startable(session: Session, person: Person) -> list[ProcessVersion]:
    """Return the newest versions of the processes that a person may start by hand."""
    return [
        version
        for version in processes(session)
        if permissions.can_start(session, person, version.process, version.properties)
        and not version.suspended
        and any(one["kind"] == "none" for one in version.properties.get("start_events") or ())
    ]


def version(session: Session, key: str, number: int | None = None) -> ProcessVersion:
    """Return a version of a process, the newest without ``number``.

    Raises:
        NotFound: there is none.
    """
    return definitions.version_of(session, key, number)


def versions(session: Session, key: str) -> Sequence[ProcessVersion]:
    """Return all versions of a process, the newest first; diagrams are not read."""
    return session.scalars(
        select(ProcessVersion)
        .where(ProcessVersion.process_key == key)
        .options(*_without_diagram(), joinedload(ProcessVersion.published_by))
        .order_by(ProcessVersion.number.desc())
    ).all()


def _without_diagram() -> tuple[Any, ...]:
    return defer(ProcessVersion.xml), defer(ProcessVersion.svg), defer(ProcessVersion.compiled)


# --- cases ----------------------------------------------------------------------------------------


def instance(session: Session, actor: Person | None, public_id: str) -> Instance:
    """Return a case that the actor may see.

    Raises:
        NotFound: there is none, or he may not see it.
    """
    return find(session, actor, public_id)


def instances(
    session: Session,
    actor: Person | None,
    *,
    process_key: str | None = None,
    status: str | None = None,
    started_by: str | None = None,
    text: str = "",
    record_id: int | None = None,
    business_key: str | None = None,
    variable: tuple[str, str] | None = None,
    with_incidents: bool = False,
    after: str | None = None,
    limit: int = 50,
) -> Page[Instance]:
    """Return the cases the actor may see, the latest first; called cases stand under their callers.

    Args:
        status: active, suspended, completed, cancelled or failed.
        started_by: login.
        text: words that must stand in title, business key or searchable variables.
        variable: name and value of a searchable variable.
        after: ``next`` of the page before.

    Raises:
        Invalid: ``after`` is none of ours.
    """
    limit = max(1, min(limit, _LARGEST_PAGE))
    question = select(Instance).where(Instance.parent_id.is_(None))
    if actor is not None:
        question = question.where(permissions.visible(session, actor))
    if process_key is not None:
        question = question.where(
            Instance.process_id.in_(select(Process.id).where(Process.key == process_key))
        )
    if status is not None:
        question = question.where(Instance.status == status)
    if started_by is not None:
        question = question.where(
            Instance.started_by_id.in_(select(Person.id).where(Person.login == started_by))
        )
    if record_id is not None:
        question = question.where(Instance.record_id == record_id)
    if business_key is not None:
        question = question.where(Instance.business_key == business_key)
    if variable is not None:
        name, value = variable
        holding = select(VariableIndex.instance_id).where(
            VariableIndex.name == name, VariableIndex.value == value
        )
        question = question.where(Instance.id.in_(holding))
    if with_incidents:
        question = question.where(Instance.open_incidents > 0)
    if text.strip():
        question = question.where(matches(Instance.search_text, text))
    position = position_of(after)
    if position is not None:
        at, last = position
        earlier = or_(Instance.started_at < at, and_(Instance.started_at == at, Instance.id < last))
        question = question.where(Instance.started_at <= at, earlier)
    question = question.order_by(Instance.started_at.desc(), Instance.id.desc()).limit(limit + 1)
    rows = session.scalars(
        question.options(joinedload(Instance.process), joinedload(Instance.started_by))
    ).all()
    if len(rows) <= limit:
        return Page(rows)
    return Page(rows[:limit], cursor(rows[limit - 1].started_at, rows[limit - 1].id))


def tree(session: Session, of: Instance) -> Sequence[Instance]:
    """Return a case and every case it has called, in the order of their starts."""
    root = of.root_id or of.id
    return session.scalars(select(Instance).where(Instance.root_id == root).order_by(Instance.id)).all()


def called_by(session: Session, of: Instance) -> Sequence[Instance]:
    """Return the cases that a case has called itself."""
    return session.scalars(select(Instance).where(Instance.parent_id == of.id).order_by(Instance.id)).all()


def variables(session: Session, now: datetime, of: Instance) -> dict[str, Any]:
    """Return the variables of a case as they are now."""
    return _unit(session, now, of).run.variables()


def waits_for(session: Session, of: Instance) -> list[Waiting]:
    """Return what a case waits for, the oldest first; none once it has ended."""
    definition = definitions.of_version(session, of.version)

    def names(element: str) -> Mapping[str, str]:
        found = definition.elements.get(element)
        return found.names if found is not None else {}

    found = [
        Waiting(
            "task", one.element, one.titles, one.created_at, one.due_at, one,
            persons=[one.assignee] if one.assignee else [c.person for c in one.candidates if c.person],
            groups=[] if one.assignee else [c.group.names for c in one.candidates if c.group],
        )
        for one in open_tasks(session, [of.id])
    ]  # fmt: skip
    for row in session.scalars(select(EventSubscription).where(EventSubscription.instance_id == of.id)):
        found.append(Waiting(row.kind, row.element, names(row.element), message=row.name))
    for job in session.scalars(select(Job).where(Job.instance_id == of.id).order_by(Job.planned_at, Job.id)):
        element = job.payload.get("element") or ""
        if job.kind == timers.TIMER:
            found.append(Waiting("timer", element, names(element), job.created_at, job.planned_at))
        elif job.kind == timers.SERVICE:
            found.append(Waiting("service", element, names(element), job.created_at, job.planned_at))
    for child in called_by(session, of):
        if child.ended_at is None:
            found.append(Waiting("case", "", child.titles, child.started_at, called=child))
    return found


def progress(session: Session, now: datetime, of: Instance) -> Progress:
    """Return where the tokens of a case stand and which way it has taken."""
    taken: Counter[str] = Counter()
    entered: Counter[str] = Counter()
    question = select(HistoryEvent.kind, HistoryEvent.element, HistoryEvent.data).where(
        HistoryEvent.instance_id == of.id, HistoryEvent.kind.in_(("flow_taken", "element_entered"))
    )
    for kind, element, data in session.execute(question):
        if kind == "flow_taken":
            taken[data.get("flow") or element] += 1
        else:
            entered[element] += 1
    failed = session.scalars(
        select(Incident.element).where(Incident.instance_id == of.id, Incident.resolved_at.is_(None))
    )
    positions = {} if of.ended_at is not None else _unit(session, now, of).run.positions()
    return Progress(positions, taken, entered, frozenset(element for element in failed if element))


def _unit(session: Session, now: datetime, of: Instance) -> Unit:
    return Unit(World(session, now), read_row(session, of.id, lock=False))


# --- history, comments, incidents -----------------------------------------------------------------


def history(
    session: Session, of: Instance, *, after: int = 0, limit: int = 500, kinds: Sequence[str] | None = None
) -> Sequence[HistoryEvent]:
    """Return what happened in a case, in order, after entry number ``after``."""
    question = select(HistoryEvent).where(HistoryEvent.instance_id == of.id, HistoryEvent.seq > after)
    if kinds is not None:
        question = question.where(HistoryEvent.kind.in_(list(kinds)))
    people_too = (joinedload(HistoryEvent.actor), joinedload(HistoryEvent.on_behalf_of))
    return session.scalars(question.options(*people_too).order_by(HistoryEvent.seq).limit(limit)).all()


def comments(session: Session, of: Instance) -> Sequence[Comment]:
    """Return what people said about a case, in order."""
    question = select(Comment).where(Comment.instance_id == of.id).options(joinedload(Comment.author))
    return session.scalars(question.order_by(Comment.at, Comment.id)).all()


def incidents(
    session: Session,
    actor: Person | None,
    *,
    of: Instance | None = None,
    only_open: bool = True,
    after_id: int = 0,
    limit: int = 100,
) -> Sequence[Incident]:
    """Return incidents of one case, or of every case the actor may see, the latest first.

    Args:
        after_id: ``id`` of the last one of the page before.
    """
    question = select(Incident).join(Instance, Instance.id == Incident.instance_id)
    if only_open:
        question = question.where(Incident.resolved_at.is_(None))
    if of is not None:
        question = question.where(Incident.instance_id == of.id)
    if after_id:
        question = question.where(Incident.id < after_id)
    if actor is not None and not permissions.sees_everything(actor):
        visible = select(Instance.id).where(permissions.visible(session, actor))
        question = question.where(Instance.root_id.in_(visible))
    question = question.options(joinedload(Incident.instance).joinedload(Instance.process))
    return session.scalars(question.order_by(Incident.id.desc()).limit(limit)).all()


def kept_messages(session: Session, name: str | None = None, limit: int = 100) -> Sequence[Any]:
    """Return messages that nobody has waited for yet."""
    question = select(Message).order_by(Message.id.desc()).limit(limit)
    if name is not None:
        question = question.where(Message.name == name)
    return session.scalars(question).all()


__all__ = [
    "Counts",
    "Page",
    "Progress",
    "Waiting",
    "called_by",
    "comments",
    "counts",
    "done_by",
    "history",
    "inbox",
    "incidents",
    "instance",
    "instances",
    "kept_messages",
    "open_tasks",
    "process",
    "processes",
    "progress",
    "startable",
    "still_open",
    "task",
    "task_scope",
    "tree",
    "variables",
    "verify_history",
    "version",
    "versions",
    "waits_for",
]
