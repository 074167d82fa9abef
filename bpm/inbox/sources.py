"""Finds the first open tasks of a list, however many there are in the table.

Each list is made of sources (a person's own tasks, the offers to a group) that an index gives in
the order of the inbox. Of each only as many rows are read as the page needs; then they are merged.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, func, select, true, union_all
from sqlalchemy.orm import InstrumentedAttribute, Session

from bpm.engine import search
from bpm.engine.models import Instance, Process, TaskCandidate, UserTask
from bpm.people.models import Department, Membership, Person

Source = Select[int, datetime]
# beyond this a list of sources costs more than sorting what all of them give
_MOST_SOURCES = 120


class Narrowing:
    """What a list leaves out. ``late_at``: only tasks that were due before this moment."""

    def __init__(self, late_at: datetime | None = None, process: str = "", text: str = "") -> None:
        self.late_at = late_at
        self.process = process
        self.text = text

    def conditions(self, sort_at: InstrumentedAttribute[datetime]) -> list[ColumnElement[bool]]:
        """The conditions on a source whose rows are in the order of ``sort_at``."""
        found: list[ColumnElement[bool]] = []
        if self.late_at is not None:
            found.append(sort_at < self.late_at)
        if self.process:
            found.append(UserTask.instance.has(Instance.process.has(Process.key == self.process)))
        if self.text:
            found.append(search.matches(UserTask.search_text, self.text))
        return found


def held_by(people: Sequence[int], narrowing: Narrowing) -> list[Source]:
    """Tasks that these people hold."""
    wanted: list[ColumnElement[bool]] = [UserTask.assignee_id == number for number in people]
    if len(people) > _MOST_SOURCES:
        wanted = [UserTask.assignee_id.in_(people)]
    return [
        select(UserTask.id.label("task_id"), UserTask.sort_at.label("sort_at")).where(
            UserTask.status == "open", condition, *narrowing.conditions(UserTask.sort_at)
        )
        for condition in wanted
    ]


def offered_to(session: Session, people: Sequence[int], narrowing: Narrowing) -> list[Source]:
    """Tasks that one of these people may take, by name or through a group; nobody has taken them.

    Of one person alone, without those that would be a decision on his own request.
    """
    groups = session.scalars(
        select(Membership.group_id).where(Membership.person_id.in_(people)).distinct()
    ).all()
    wanted: list[ColumnElement[bool]] = [TaskCandidate.person_id == number for number in people]
    wanted += [TaskCandidate.group_id == number for number in groups]
    if len(wanted) > _MOST_SOURCES:
        wanted = [TaskCandidate.person_id.in_(people), TaskCandidate.group_id.in_(groups)]
    more = narrowing.conditions(TaskCandidate.sort_at)
    if len(people) == 1:
        own = UserTask.instance.has(Instance.started_by_id == people[0])
        more.append(~and_(UserTask.approval, own))
    return [
        select(TaskCandidate.task_id.label("task_id"), TaskCandidate.sort_at.label("sort_at"))
        .join(UserTask, UserTask.id == TaskCandidate.task_id)
        .where(TaskCandidate.open == true(), condition, *more)
        for condition in wanted
    ]


def first(session: Session, sources: Sequence[Source], most: int) -> list[int]:
    """Return the numbers of the first tasks of all sources, each once, in the order of the inbox."""
    if not sources:
        return []
    parts = [
        select(part.c.task_id, part.c.sort_at)
        for part in (
            source.order_by(source.selected_columns.sort_at, source.selected_columns.task_id)
            .limit(most)
            .subquery()
            for source in sources
        )
    ]
    merged = union_all(*parts).subquery()
    query = (
        select(merged.c.task_id, func.min(merged.c.sort_at).label("sort_at"))
        .group_by(merged.c.task_id)
        .order_by(func.min(merged.c.sort_at), merged.c.task_id)
        .limit(most)
    )
    return [number for number, _sort_at in session.execute(query)]


def team_of(session: Session, person: Person) -> Sequence[int]:
    """Return everybody in the departments that a person leads and in those below, without himself."""
    led = set(session.scalars(select(Department.id).where(Department.head_id == person.id)))
    if not led:
        return []
    parents = session.execute(select(Department.id, Department.parent_id)).all()
    grown = True
    while grown:
        below = {unit for unit, parent in parents if parent in led} - led
        led |= below
        grown = bool(below)
    query = select(Person.id).where(Person.department_id.in_(led), Person.id != person.id, Person.active)
    return session.scalars(query.order_by(Person.id)).all()
