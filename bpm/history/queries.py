"""Reads cases for the pages: the list with its filters, one case with all that belongs to it.

Every function asks for rights itself. Changes nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session, joinedload

from bpm.engine import permissions, search
from bpm.engine.models import Comment, HistoryEvent, Incident, Instance, Process, UserTask, VariableIndex
from bpm.errors import NotFound
from bpm.files.models import StoredFile
from bpm.files.queries import files_of
from bpm.language import _
from bpm.notifications.models import OutgoingLetter
from bpm.people.models import Person

PER_PAGE = 50
STATES = ("active", "suspended", "completed", "cancelled", "failed")
LATE, STILL = "late", "still"


@dataclass(frozen=True)
class Filters:
    """What the list of cases was asked to show. ``started_by``: a login; ``state`` also late, still."""

    process: str = ""
    state: str = ""
    started_by: str = ""
    text: str = ""
    page: int = 1

    @property
    def narrowed(self) -> bool:
        """Whether something is filtered away."""
        return bool(self.process or self.state or self.started_by or self.text)


@dataclass(frozen=True)
class CasePage:
    """One page of cases; ``more`` says whether there is a next one."""

    cases: Sequence[Instance]
    more: bool


def cases(session: Session, actor: Person, filters: Filters, now: datetime) -> CasePage:
    """Return the cases that ``actor`` may see, the newest first; called ones stand in their callers."""
    query = (
        select(Instance)
        .where(Instance.parent_id.is_(None), permissions.visible(session, actor))
        .options(joinedload(Instance.process), joinedload(Instance.started_by), joinedload(Instance.version))
        .order_by(Instance.started_at.desc(), Instance.id.desc())
    )
    if filters.process:
        query = query.where(Instance.process.has(Process.key == filters.process))
    if filters.started_by:
        query = query.where(Instance.started_by.has(Person.login == filters.started_by))
    if filters.state == LATE:
        late = select(Instance.root_id).join(UserTask, UserTask.instance_id == Instance.id)
        query = query.where(Instance.id.in_(late.where(UserTask.status == "open", UserTask.due_at < now)))
    elif filters.state == STILL:
        query = query.where(Instance.id.in_(select(Instance.root_id).where(Instance.open_incidents > 0)))
    elif filters.state in STATES:
        query = query.where(Instance.status == filters.state)
    if filters.text:
        value = search.normal(filters.text)
        indexed = exists().where(
            VariableIndex.instance_id == Instance.id, VariableIndex.value.in_({filters.text.strip(), value})
        )
        query = query.where(
            or_(
                search.matches(Instance.search_text, filters.text),
                Instance.business_key == filters.text.strip(),
                indexed,
            )
        )
    found = session.scalars(query.offset((max(1, filters.page) - 1) * PER_PAGE).limit(PER_PAGE + 1)).all()
    return CasePage(found[:PER_PAGE], len(found) > PER_PAGE)


def case(session: Session, actor: Person, public_id: str) -> Instance:
    """Return a case.

    Raises:
        NotFound: there is none, or ``actor`` may not know of it.
    """
    found = session.scalar(
        select(Instance)
        .where(Instance.public_id == public_id)
        .options(joinedload(Instance.process), joinedload(Instance.version), joinedload(Instance.started_by))
    )
    if found is None or not permissions.can_see_instance(session, actor, found):
        raise NotFound(_("There is no such case, or you may not see it."))
    return found


def events(
    session: Session, instance: Instance, *, kinds: Collection[str] = (), last: int = 0
) -> Sequence[HistoryEvent]:
    """Return what happened in a case, in order.

    Args:
        kinds: only these kinds of events.
        last: only the last so many.
    """
    query = (
        select(HistoryEvent)
        .where(HistoryEvent.instance_id == instance.id)
        .options(joinedload(HistoryEvent.actor), joinedload(HistoryEvent.on_behalf_of))
    )
    if kinds:
        query = query.where(HistoryEvent.kind.in_(kinds))
    if last:
        return list(reversed(session.scalars(query.order_by(HistoryEvent.seq.desc()).limit(last)).all()))
    return session.scalars(query.order_by(HistoryEvent.seq)).all()


def progress(session: Session, instance: Instance) -> int:
    """Return a number that grows with everything that happens in a case or one that it called."""
    root = instance.root_id or instance.id
    query = select(func.sum(Instance.history_length)).where(
        or_(Instance.root_id == root, Instance.id == root)
    )
    return session.scalar(query) or 0


def comments(session: Session, instance: Instance) -> Sequence[Comment]:
    """Return what people said about a case, in order."""
    return session.scalars(
        select(Comment)
        .where(Comment.instance_id == instance.id)
        .options(joinedload(Comment.author))
        .order_by(Comment.id)
    ).all()


def files(session: Session, instance: Instance) -> Sequence[StoredFile]:
    """Return the files of a case, the oldest first."""
    return files_of(session, instance_id=instance.id)


def letters(session: Session, instance: Instance) -> Sequence[OutgoingLetter]:
    """Return the letters that a case wrote, in order."""
    return session.scalars(
        select(OutgoingLetter).where(OutgoingLetter.instance_id == instance.id).order_by(OutgoingLetter.id)
    ).all()


def open_incidents(session: Session, instance: Instance) -> Sequence[Incident]:
    """Return what failed in a case and waits for a person."""
    return session.scalars(
        select(Incident)
        .where(Incident.instance_id == instance.id, Incident.resolved_at.is_(None))
        .order_by(Incident.id)
    ).all()


def called(session: Session, instance: Instance) -> Sequence[Instance]:
    """Return the cases that a case called, in order."""
    return session.scalars(
        select(Instance)
        .where(Instance.parent_id == instance.id)
        .options(joinedload(Instance.process))
        .order_by(Instance.id)
    ).all()


def starters(session: Session) -> Sequence[Person]:
    """Return the people who ever started a case, by name, for the filter."""
    started = exists().where(Instance.started_by_id == Person.id)
    return session.scalars(select(Person).where(started).order_by(Person.name)).all()


def processes(session: Session) -> Sequence[Process]:
    """Return all processes, for the filter."""
    return session.scalars(select(Process).order_by(Process.key)).all()
