"""Whom a task concerns, and the words every letter about it needs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bpm.config import Settings
from bpm.engine.models import Instance, TaskCandidate, UserTask
from bpm.language import chosen, using
from bpm.people.models import Membership, Person
from bpm.people.queries import members, person

TASK_PAGE, CASE_PAGE = "/tasks/{}", "/cases/{}"


def holders(session: Session, task: UserTask) -> Sequence[Person]:
    """Return who can do the task: its assignee, or everybody it is offered to; only active people."""
    if task.assignee_id is not None:
        return [one for one in [session.get(Person, task.assignee_id)] if one is not None and one.active]
    offered = select(TaskCandidate).where(TaskCandidate.task_id == task.id)
    candidates = session.scalars(offered).all()
    groups = [candidate.group_id for candidate in candidates if candidate.group_id is not None]
    persons = [candidate.person_id for candidate in candidates if candidate.person_id is not None]
    in_groups = select(Membership.person_id).where(Membership.group_id.in_(groups))
    question = select(Person).where(Person.active, Person.id.in_(persons) | Person.id.in_(in_groups))
    found = session.scalars(question.order_by(Person.id)).all()
    # nobody decides on his own request
    starter = task.instance.started_by_id if task.approval else None
    return [one for one in found if one.id != starter]


def named(session: Session, text: str) -> Sequence[Person]:
    """Return the active people that ``login``, ``person:login`` or ``group:key`` names."""
    if text.startswith("group:"):
        return members(session, text.removeprefix("group:").strip())
    found = person(session, text.removeprefix("person:").strip())
    return [found] if found is not None and found.active else []


def language_of(somebody: Person, settings: Settings) -> str:
    """Return the language in which a person is written to."""
    return somebody.language or settings.language


def task_values(task: UserTask, reader: Person, settings: Settings) -> dict[str, Any]:
    """Return what letters about a task may say, in the reader's language."""
    stood_in_for = task.original_assignee if task.assignee_id == reader.id else None
    with using(language_of(reader, settings)):
        return case_values(task.instance, reader, settings) | {
            "title": chosen(task.titles),
            "case": chosen(task.instance.titles),
            "due": task.due_at,
            "link": settings.address + TASK_PAGE.format(task.public_id),
            "choices": [chosen(outcome.get("labels"), outcome["key"]) for outcome in task.outcomes],
            "shared": task.assignee_id is None,
            "holder": task.assignee.name if task.assignee is not None else "",
            "stands_in_for": stood_in_for.name if stood_in_for is not None else "",
        }


def case_values(instance: Instance, reader: Person, settings: Settings) -> dict[str, Any]:
    """Return what letters about a case may say, in the reader's language."""
    with using(language_of(reader, settings)):
        process = chosen(instance.process.names, instance.process.key)
        return {
            # a case that is just being started has no title yet
            "title": chosen(instance.titles, process),
            "process": process,
            "started_by": instance.started_by.name if instance.started_by is not None else "",
            "started_at": instance.started_at,
            "ended_at": instance.ended_at,
            "link": settings.address + CASE_PAGE.format(instance.public_id),
        }
