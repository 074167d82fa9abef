"""What waits for a person: the lists of the inbox, their counts, drafts, and what he may start.

Owns the sorting of tasks into the tabs. Changes nothing; what a task allows is asked of
``engine.permissions``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import Session, joinedload, selectinload

from bpm.engine import search
from bpm.engine.models import Instance, Process, TaskCandidate, UserTask
from bpm.inbox import sources
from bpm.inbox.models import TaskDraft
from bpm.inbox.sources import Narrowing
from bpm.people import queries as people
from bpm.people.models import Department, Person

TO_DO, TO_TAKE, STARTED, TEAM = "todo", "take", "started", "team"
Row = TypeVar("Row")
PER_PAGE = 50
# Counting further would read the whole table for a number that nobody needs exactly.
MOST_COUNTED = 100
# nobody turns further; who looks for something filters
_MOST_PAGES = 200


@dataclass(frozen=True)
class Filters:
    """What the person asked the list to show."""

    tab: str = TO_DO
    late: bool = False
    process: str = ""
    text: str = ""
    page: int = 1

    def on(self, tab: str) -> Filters:
        """The same question without its filters, on another tab."""
        return replace(Filters(), tab=tab)

    @property
    def narrowed(self) -> bool:
        """Whether something is filtered away."""
        return bool(self.late or self.process or self.text)


@dataclass(frozen=True)
class TaskPage:
    """One page of tasks; ``more`` says whether there is a next one."""

    tasks: Sequence[UserTask]
    more: bool


@dataclass(frozen=True)
class CasePage:
    """One page of cases; ``more`` says whether there is a next one."""

    cases: Sequence[Instance]
    more: bool


def tasks(session: Session, now: datetime, person: Person, filters: Filters) -> TaskPage:
    """Return the open tasks of a tab: soonest due first, those without a term last."""
    narrowing = Narrowing(now if filters.late else None, filters.process, filters.text)
    past = (max(1, min(filters.page, _MOST_PAGES)) - 1) * PER_PAGE
    numbers = sources.first(session, _sources(session, person, filters.tab, narrowing), past + PER_PAGE + 1)[
        past:
    ]
    query = (
        select(UserTask)
        .where(UserTask.id.in_(numbers[:PER_PAGE]))
        .options(
            joinedload(UserTask.instance).joinedload(Instance.process),
            joinedload(UserTask.instance).joinedload(Instance.started_by),
            joinedload(UserTask.assignee),
            joinedload(UserTask.original_assignee),
        )
    )
    if filters.tab in (TO_TAKE, TEAM):
        query = query.options(
            selectinload(UserTask.candidates).joinedload(TaskCandidate.group),
            selectinload(UserTask.candidates).joinedload(TaskCandidate.person),
        )
    place = {number: index for index, number in enumerate(numbers)}
    found = sorted(session.scalars(query).all(), key=lambda task: place[task.id])
    return TaskPage(found, len(numbers) > PER_PAGE)


def _sources(session: Session, person: Person, tab: str, narrowing: Narrowing) -> list[sources.Source]:
    if tab == TO_TAKE:
        return sources.offered_to(session, [person.id], narrowing)
    if tab == TEAM:
        team = sources.team_of(session, person)
        return sources.held_by(team, narrowing) + (
            sources.offered_to(session, team, narrowing) if team else []
        )
    return sources.held_by([person.id], narrowing)


def started(session: Session, now: datetime, person: Person, filters: Filters) -> CasePage:
    """Return the cases that a person started, running ones first, the newest on top."""
    query = (
        select(Instance)
        .where(Instance.started_by_id == person.id, Instance.parent_id.is_(None))
        .options(joinedload(Instance.process))
        .order_by(Instance.ended_at.is_not(None), Instance.started_at.desc(), Instance.id.desc())
    )
    if filters.late:
        overdue = select(UserTask.instance_id).where(UserTask.status == "open", UserTask.due_at < now)
        query = query.where(Instance.id.in_(overdue))
    if filters.process:
        query = query.where(Instance.process.has(Process.key == filters.process))
    if filters.text:
        query = query.where(search.matches(Instance.search_text, filters.text))
    found = session.scalars(_page_of(query, filters.page)).all()
    return CasePage(found[:PER_PAGE], len(found) > PER_PAGE)


def counts(session: Session, person: Person) -> dict[str, int]:
    """Return how many tasks wait on each tab of tasks, counted no further than ``MOST_COUNTED``."""
    tabs = [TO_DO, TO_TAKE, *([TEAM] if leads_people(session, person) else [])]
    return {tab: _count(session, person, tab, Narrowing()) for tab in tabs}


def to_do_count(session: Session, person: Person) -> int:
    """Return how many tasks wait for the person himself, counted no further than ``MOST_COUNTED``."""
    return _count(session, person, TO_DO, Narrowing())


def late_count(session: Session, now: datetime, person: Person) -> int:
    """Return how many of the person's own tasks are late, counted no further than ``MOST_COUNTED``."""
    return _count(session, person, TO_DO, Narrowing(late_at=now))


def _count(session: Session, person: Person, tab: str, narrowing: Narrowing) -> int:
    return len(sources.first(session, _sources(session, person, tab, narrowing), MOST_COUNTED))


def leads_people(session: Session, person: Person) -> bool:
    """Whether the person is the head of a department."""
    return bool(session.scalar(select(exists().where(Department.head_id == person.id))))


def processes(session: Session) -> Sequence[Process]:
    """Return all processes, for the filter."""
    return session.scalars(select(Process).order_by(Process.key)).all()


def colleagues(session: Session, person: Person) -> Sequence[Person]:
    """Return the active people to whom the person can hand a task over."""
    return [one for one in people.people(session) if one.id != person.id]


def draft(session: Session, task: UserTask, person: Person) -> TaskDraft | None:
    """Return what the person typed into a task and did not send."""
    return session.get(TaskDraft, (task.id, person.id))


def _page_of(query: Select[Row], page: int) -> Select[Row]:
    return query.offset((max(1, page) - 1) * PER_PAGE).limit(PER_PAGE + 1)
