"""Reads user tasks: my inbox, what my groups may take, what I have done.

Paged by key, not by offset: each page reads only its own rows from one index, however many
tasks there are. Changes nothing.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, Literal, TypeVar

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload

from bpm.engine import permissions
from bpm.engine.models import Instance, Process, TaskCandidate, UserTask
from bpm.engine.search import matches
from bpm.errors import Invalid, NotFound
from bpm.language import _
from bpm.people import queries as people
from bpm.people.models import Absence, Person

Item = TypeVar("Item")
Which = Literal["mine", "offered", "all"]
MOST_COUNTED = 1000
_LARGEST_PAGE = 200


@dataclass(frozen=True)
class Page(Generic[Item]):
    """Some rows, and ``next``: what to give as ``after`` for those that follow; None at the end."""

    items: Sequence[Item] = field(default_factory=list)
    next: str | None = None


@dataclass(frozen=True)
class Counts:
    """How many tasks wait; counted up to ``MOST_COUNTED``."""

    mine: int
    offered: int
    overdue: int


def task(session: Session, now: datetime, actor: Person | None, public_id: str) -> UserTask:
    """Return a task that the actor may see.

    Raises:
        NotFound: there is none, or he may not see it.
    """
    found = session.scalar(select(UserTask).where(UserTask.public_id == public_id).options(*_with_case()))
    if found is None or (actor is not None and not permissions.can_see_task(session, actor, found, now)):
        raise NotFound(_("There is no such task."))
    return found


def inbox(
    session: Session,
    person: Person,
    now: datetime,
    *,
    which: Which = "all",
    text: str = "",
    process_key: str | None = None,
    overdue: bool = False,
    after: str | None = None,
    limit: int = 50,
) -> Page[UserTask]:
    """Return what waits for a person: most urgent first, tasks without a term last.

    Args:
        which: ``mine`` – his own and those of whom he stands in for today; ``offered`` – what he
            may take, by name or through his groups; ``all`` – both.
        text: words that must stand in the title.
        overdue: only those whose term is over.
        after: ``next`` of the page before.

    Raises:
        Invalid: ``after`` is none of ours.
    """
    limit = max(1, min(limit, _LARGEST_PAGE))
    conditions = _conditions(person, text, process_key, now if overdue else None)
    position = _position(after)
    sources = []
    if which in ("mine", "all"):
        sources += [_held_by(number) for number in (person.id, *_stood_in_for(session, person, now))]
    if which in ("offered", "all"):
        sources += _offered_to(session, person)
    found: list[list[_Place]] = []
    for question, moment, number in sources:
        question = question.where(*conditions)
        if position is not None:
            at, last = position
            later = or_(moment > at, and_(moment == at, number > last))
            question = question.where(moment >= at, later)
        places = (
            question.order_by(moment, number)
            .limit(limit + 1)
            .with_only_columns(moment, number, maintain_column_froms=True)
        )
        found.append([(row[0], row[1]) for row in session.execute(places)])
    chosen, following = _first(heapq.merge(*found), limit)
    numbers = [number for _moment, number in chosen]
    rows = session.scalars(select(UserTask).where(UserTask.id.in_(numbers)).options(*_with_case()))
    return Page(sorted(rows, key=lambda one: (one.sort_at, one.id)), following)


def counts(session: Session, person: Person, now: datetime) -> Counts:
    """Count what waits for a person."""
    conditions = _conditions(person, "", None, None)
    holders = [person.id, *_stood_in_for(session, person, now)]
    mine = (
        select(UserTask.id)
        .join(Instance)
        .where(UserTask.assignee_id.in_(holders), UserTask.status == "open", *conditions)
    )
    offered = 0
    for question, _moment, _number in _offered_to(session, person):
        inner = question.where(*conditions).with_only_columns(UserTask.id, maintain_column_froms=True)
        offered += _counted(session, inner)
    return Counts(
        mine=_counted(session, mine),
        offered=min(offered, MOST_COUNTED),
        overdue=_counted(session, mine.where(UserTask.due_at < now)),
    )


def done_by(
    session: Session, person: Person, *, text: str = "", after: str | None = None, limit: int = 50
) -> Page[UserTask]:
    """Return what a person has completed, the latest first.

    Raises:
        Invalid: ``after`` is none of ours.
    """
    limit = max(1, min(limit, _LARGEST_PAGE))
    question = select(UserTask).where(UserTask.completed_by_id == person.id, UserTask.status == "completed")
    if text.strip():
        question = question.where(matches(UserTask.search_text, text))
    position = _position(after)
    if position is not None:
        at, last = position
        question = question.where(
            UserTask.ended_at <= at,
            or_(UserTask.ended_at < at, and_(UserTask.ended_at == at, UserTask.id < last)),
        )
    question = question.order_by(UserTask.ended_at.desc(), UserTask.id.desc()).limit(limit + 1)
    rows = list(session.scalars(question.options(*_with_case())))
    if len(rows) <= limit:
        return Page(rows)
    last_row = rows[limit - 1]
    assert last_row.ended_at is not None
    return Page(rows[:limit], cursor(last_row.ended_at, last_row.id))


def open_tasks(session: Session, instance_ids: Iterable[int]) -> Sequence[UserTask]:
    """Return the open tasks of cases, oldest first, with holders and candidates."""
    return (
        session.scalars(
            select(UserTask)
            .where(UserTask.instance_id.in_(list(instance_ids)), UserTask.status == "open")
            .options(
                joinedload(UserTask.assignee),
                joinedload(UserTask.original_assignee),
                joinedload(UserTask.candidates).joinedload(TaskCandidate.person),
                joinedload(UserTask.candidates).joinedload(TaskCandidate.group),
            )
            .order_by(UserTask.created_at, UserTask.id)
        )
        .unique()
        .all()
    )


def still_open(session: Session, public_ids: Sequence[str]) -> set[str]:
    """Return which of the tasks on a page are still open, so that the page can drop the others."""
    if not public_ids:
        return set()
    return set(
        session.scalars(
            select(UserTask.public_id).where(
                UserTask.public_id.in_(list(public_ids)), UserTask.status == "open"
            )
        )
    )


def cursor(moment: datetime, number: int) -> str:
    """Return the text that names a place in a list."""
    return f"{moment.isoformat()}~{number}"


def _position(after: str | None) -> tuple[datetime, int] | None:
    if not after:
        return None
    moment, _tilde, number = after.partition("~")
    try:
        at = datetime.fromisoformat(moment)
        if at.tzinfo is None or not number.isdigit():
            raise ValueError(after)
        return at, int(number)
    except ValueError:
        raise Invalid(_("This page does not exist. Go back to the first one.")) from None


position_of = _position

# moment and number by which lists are ordered
_Place = tuple[datetime, int]
_Source = tuple[Select[Any], InstrumentedAttribute[datetime], InstrumentedAttribute[int]]


def _held_by(person_id: int) -> _Source:
    question = (
        select(UserTask)
        .join(Instance, Instance.id == UserTask.instance_id)
        .where(UserTask.assignee_id == person_id, UserTask.status == "open")
    )
    return question, UserTask.sort_at, UserTask.id


def _offered_to(session: Session, person: Person) -> list[_Source]:
    """One question for each group, so that each reads its own stretch of the index in order."""
    whom: list[ColumnElement[bool]] = [
        TaskCandidate.group_id == group.id for group in people.groups_of(session, person)
    ]
    whom.append(TaskCandidate.person_id == person.id)
    return [
        (
            select(UserTask)
            .join(TaskCandidate, TaskCandidate.task_id == UserTask.id)
            .join(Instance, Instance.id == UserTask.instance_id)
            .where(condition, TaskCandidate.open == true()),
            TaskCandidate.sort_at,
            TaskCandidate.task_id,
        )
        for condition in whom
    ]


def _stood_in_for(session: Session, person: Person, now: datetime) -> list[int]:
    """Return who is away today and has this person as substitute."""
    named = session.scalars(select(Absence.person_id).where(Absence.substitute_id == person.id)).all()
    if not named:
        return []
    return [number for number in set(named) if permissions.stands_in_for(session, person, number, now)]


def _conditions(
    person: Person, text: str, process_key: str | None, overdue_at: datetime | None
) -> list[ColumnElement[bool]]:
    own_request = and_(UserTask.approval, Instance.started_by_id == person.id)
    conditions: list[ColumnElement[bool]] = [
        Instance.status == "active",
        or_(Instance.started_by_id.is_(None), ~own_request),
    ]
    if text.strip():
        conditions.append(matches(UserTask.search_text, text))
    if process_key is not None:
        conditions.append(Instance.process_id.in_(select(Process.id).where(Process.key == process_key)))
    if overdue_at is not None:
        conditions.append(UserTask.due_at < overdue_at)
    return conditions


def _counted(session: Session, question: Select[Any]) -> int:
    return session.scalar(select(func.count()).select_from(question.limit(MOST_COUNTED).subquery())) or 0


def _first(found: Iterable[_Place], limit: int) -> tuple[list[_Place], str | None]:
    """Return the first places, each once, and where the next page begins."""
    places: list[_Place] = []
    for one in found:
        if places and places[-1] == one:
            continue  # offered by name and through a group
        if len(places) == limit:
            return places, cursor(*places[-1])
        places.append(one)
    return places, None


def _with_case() -> tuple[Any, ...]:
    return (
        joinedload(UserTask.instance).joinedload(Instance.process),
        joinedload(UserTask.instance).joinedload(Instance.started_by),
        joinedload(UserTask.assignee),
        joinedload(UserTask.original_assignee),
    )
