"""The rows of user tasks: made when a wait appears, closed when it is over.

Owns ``user_task`` and ``task_candidate``. Who gets a task is decided in ``tasks/assignment.py``, who
may do what with it in ``permissions.py``.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import Session, make_transient_to_detached
from sqlalchemy.orm.attributes import set_committed_value

from bpm.config import LANGUAGES
from bpm.db import new_public_id
from bpm.engine.definition import Element
from bpm.engine.functions import World
from bpm.engine.models import Instance, Process, UserTask
from bpm.engine.runtime.outside import Wait
from bpm.engine.search import search_text
from bpm.engine.tables import CANDIDATE, INSTANCE, TASK, connection_of
from bpm.engine.tasks.assignment import Assigned, assign
from bpm.engine.tasks.directory import Directory
from bpm.engine.timers import jobs as timers
from bpm.errors import NotFound
from bpm.language import _

if TYPE_CHECKING:
    from bpm.engine.unit import InstanceRow

Row = TypeVar("Row", Instance, Process, UserTask)
OPEN, COMPLETED, WITHDRAWN = "open", "completed", "withdrawn"
FAR_FUTURE = datetime(9999, 1, 1, tzinfo=UTC)
_TITLE_LIMIT = 300
_END_OF_DAY = time(23, 59)

_READ = (
    select(
        TASK,
        INSTANCE.c.root_id,
        INSTANCE.c.revision.label("instance_revision"),
        INSTANCE.c.started_by_id,
    )
    .join(INSTANCE, INSTANCE.c.id == TASK.c.instance_id)
    .where(TASK.c.public_id == bindparam("wanted"))
)
_ADD = insert(TASK).returning(TASK.c.id)
_ADD_MANY = insert(TASK).returning(TASK.c.id, sort_by_parameter_order=True)
_ADD_CANDIDATES = insert(CANDIDATE)
_SET_BY_COMPLETING = (
    "outcome",
    "ended_at",
    "completed_by_id",
    "on_behalf_of_id",
    "assignee_id",
    "claimed_at",
)
_COMPLETE = (
    update(TASK)
    .where(TASK.c.id == bindparam("of_id"))
    .values(
        {
            "status": COMPLETED,
            "revision": TASK.c.revision + 1,
            **{name: bindparam(f"new_{name}") for name in _SET_BY_COMPLETING},
        }
    )
)
_COLUMNS = [column.name for column in TASK.columns]
_COLUMNS_OF_CASE = [column.name for column in INSTANCE.columns if column.name != "state"]
_WITHDRAW = (
    update(TASK)
    .where(
        TASK.c.instance_id == bindparam("of_instance"),
        TASK.c.token.in_(bindparam("tokens", expanding=True)),
        TASK.c.status == OPEN,
    )
    .values(
        status=WITHDRAWN,
        revision=TASK.c.revision + 1,
        ended_at=bindparam("at"),
        ended_because=bindparam("why"),
        completed_by_id=bindparam("actor"),
    )
    .returning(TASK.c.id, TASK.c.public_id, TASK.c.element, TASK.c.assignee_id)
)
_CLOSE_CANDIDATES = (
    update(CANDIDATE).where(CANDIDATE.c.task_id.in_(bindparam("tasks", expanding=True))).values(open=False)
)
_OPEN_CANDIDATES = update(CANDIDATE).where(CANDIDATE.c.task_id == bindparam("task")).values(open=True)


@dataclass(slots=True)
class NewTask:
    """A task that is going to be written, with everything that belongs to it."""

    row: dict[str, Any]
    assigned: Assigned
    jobs: list[dict[str, Any]] = field(default_factory=list)
    id: int = 0


def read(session: Session, public_id: str) -> Any:
    """Read a task's columns, with ``root_id``, ``instance_revision`` and ``started_by_id`` of its case.

    Raises:
        NotFound: there is no such task.
    """
    found = connection_of(session).execute(_READ, {"wanted": public_id}).first()
    if found is None:
        raise NotFound(_("There is no such task."))
    return found


def make(world: World, directory: Directory, instance_id: int, element: Element, wait: Wait) -> NewTask:
    """Work out everything about a new task; nothing is written yet.

    A task in which a vote is taken is an approval: it decides on the initiator's request.

    Raises:
        StepFailed: an expression of the step cannot be evaluated.
        Refusal: the deadline is no term.
    """
    details, now = wait.details, world.now
    settings = settings_of(world, element, wait, now)
    assigned = assign(directory, details, wait.scope.get("initiator"), approval=settings["approval"])
    row = {
        "public_id": new_public_id(),
        "instance_id": instance_id,
        "token": wait.token,
        "status": OPEN,
        "assignee_id": assigned.assignee.id if assigned.assignee else None,
        "original_assignee_id": assigned.original.id if assigned.original else None,
        "created_at": now,
        "revision": 1,
        **settings,
    }
    task = NewTask(row, assigned)
    if row["due_at"] is not None:
        task.jobs = term_jobs(world, details["deadline"], row)
    return task


def settings_of(world: World, element: Element, wait: Wait, since: datetime) -> dict[str, Any]:
    """Return the columns of a task that follow from its step in the diagram; ``since``: terms count from it.

    Raises:
        StepFailed: an expression of the step cannot be evaluated.
        Refusal: the deadline is no term.
    """
    details = wait.details
    due_at = _moment(world, details.get("deadline") or {}, "due", since)
    titles = _titles(details)
    return {
        "element": wait.element,
        "titles": titles,
        "search_text": search_text(titles.values()),
        "form_key": details.get("form"),
        "outcomes": [dict(outcome) for outcome in details.get("outcomes") or ()],
        "priority": int(details.get("priority") or 0),
        "approval": bool(details.get("vote_variable") or element.extensions.get("voting")),
        "due_at": due_at,
        "sort_at": due_at or FAR_FUTURE,
        "follow_up_at": _follow_up(world, details, since),
    }


def term_jobs(world: World, deadline: Mapping[str, Any], row: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the reminder and the escalation of a task with a term.

    The payload of both names the task by ``task`` (public id); of an escalation, ``to`` says who is
    told. Whoever handles them may enqueue a successor under the same key, which ends with the task.
    """
    now, due_at = world.now, row["due_at"]
    common = {"instance_id": row["instance_id"], "token": row["token"], "now": now}
    jobs = []
    reminded = timers.reminder_moment(now, due_at, deadline.get("remind_before"), world.calendar)
    if reminded is not None:
        jobs.append(timers.token_job(timers.REMINDER, due_at=reminded, task=row["public_id"], **common))
    after = deadline.get("escalate_after")
    escalated = world.due(due_at, after, False) if after else due_at
    to = deadline.get("escalate_to") or "manager"
    jobs.append(
        timers.token_job(
            timers.ESCALATION, due_at=max(escalated, now), task=row["public_id"], to=to, **common
        )
    )
    return jobs


def entry_data(task: NewTask) -> dict[str, Any]:
    """Return what the history keeps of a new task."""
    assigned = task.assigned
    return {
        "task": task.row["public_id"],
        "assignee": assigned.assignee.login if assigned.assignee else None,
        "original": assigned.original.login if assigned.original else None,
        "why": assigned.why,
        "persons": [person.login for person in assigned.persons],
        "groups": [group.key for group in assigned.groups],
        "due_at": task.row["due_at"],
    }


def write_new(session: Session, tasks: list[NewTask]) -> None:
    """Insert tasks and their candidates; sets their numbers."""
    if not tasks:
        return
    connection = connection_of(session)
    if len(tasks) == 1:
        tasks[0].id = connection.execute(_ADD, tasks[0].row).scalar_one()
    else:
        numbers = connection.execute(_ADD_MANY, [task.row for task in tasks]).scalars()
        for task, number in zip(tasks, numbers, strict=True):
            task.id = number
    candidates = [row for task in tasks for row in _candidate_rows(task)]
    if candidates:
        connection.execute(_ADD_CANDIDATES, candidates)


def fill(session: Session, task: UserTask, assigned: Assigned) -> None:
    """Give an open task that had nobody to whoever was found for it now."""
    task.assignee_id = assigned.assignee.id if assigned.assignee else None
    task.original_assignee_id = assigned.original.id if assigned.original else None
    task.revision += 1
    session.flush()
    filled = NewTask({"sort_at": task.sort_at}, assigned, id=task.id)
    candidates = _candidate_rows(filled)
    if candidates:
        connection_of(session).execute(_ADD_CANDIDATES, candidates)


def _candidate_rows(task: NewTask) -> list[dict[str, Any]]:
    common = {"task_id": task.id, "open": True, "sort_at": task.row["sort_at"]}
    persons = [{**common, "person_id": one.id, "group_id": None} for one in task.assigned.persons]
    return persons + [{**common, "person_id": None, "group_id": one.id} for one in task.assigned.groups]


def write_completed(
    session: Session,
    task: Any,
    *,
    outcome: str | None,
    now: datetime,
    actor_id: int | None,
    on_behalf_of_id: int | None,
) -> dict[str, Any]:
    """Close a task that somebody decided; a candidate becomes its holder by that.

    Returns:
        The columns that have changed.
    """
    taken = task.assignee_id is None
    new = {
        "outcome": outcome,
        "ended_at": now,
        "completed_by_id": actor_id,
        "on_behalf_of_id": on_behalf_of_id,
        "assignee_id": actor_id if taken else task.assignee_id,
        "claimed_at": now if taken else task.claimed_at,
    }
    parameters = {f"new_{name}": value for name, value in new.items()}
    connection_of(session).execute(_COMPLETE, {"of_id": task.id, **parameters})
    if taken:
        close_candidates(session, [task.id])
    return {**new, "status": COMPLETED, "revision": task.revision + 1}


def as_object(session: Session, task: Any, new: Mapping[str, Any], case: InstanceRow) -> UserTask:
    """Return a task as it is now, with its case, made from what is known: no row is read again.

    Args:
        task: what ``read`` returned.
        new: the columns that have changed since then.
    """
    held = session.identity_map.get((UserTask, (task.id,), None))
    if isinstance(held, UserTask):
        session.expire(held)
        return held
    found = _known(session, UserTask, {name: getattr(task, name) for name in _COLUMNS} | dict(new))
    columns = {name: getattr(case, name) for name in _COLUMNS_OF_CASE}
    instance = _known(session, Instance, columns)
    set_committed_value(found, "instance", instance)
    process = _known(session, Process, {"id": case.process_id, "key": case.process_key})
    set_committed_value(instance, "process", process)
    return found


def _known(session: Session, kind: type[Row], columns: dict[str, Any]) -> Row:
    """Return the object of a row; what ``columns`` leave out is read when somebody asks for it."""
    held = session.identity_map.get((kind, (columns["id"],), None))
    if isinstance(held, kind):
        return held
    found = kind()
    found.__dict__.update(columns)
    make_transient_to_detached(found)
    session.add(found)
    return found


def withdraw(
    session: Session,
    instance_id: int,
    tokens: Collection[str],
    *,
    at: datetime,
    why: str,
    actor_id: int | None,
) -> list[Any]:
    """Close the open tasks among ``tokens``; return id, public_id, element, assignee_id of each."""
    gone: list[Any] = []
    wanted = sorted(tokens)
    for start in range(0, len(wanted), 500):
        parameters = {
            "of_instance": instance_id, "tokens": wanted[start : start + 500],
            "at": at, "why": why, "actor": actor_id,
        }  # fmt: skip
        gone += connection_of(session).execute(_WITHDRAW, parameters).all()
    if gone:
        close_candidates(session, [row.id for row in gone])
        for row in gone:
            forget_object(session, row.id)
    return gone


def close_candidates(session: Session, task_ids: list[int]) -> None:
    """Take tasks out of the lists of those who might take them."""
    for start in range(0, len(task_ids), 500):
        connection_of(session).execute(_CLOSE_CANDIDATES, {"tasks": task_ids[start : start + 500]})


def set_holder(
    session: Session,
    task: Any,
    *,
    assignee_id: int | None,
    original_id: int | None,
    claimed_at: datetime | None,
    offered: bool,
) -> None:
    """Give a task to somebody, or back to its candidates (``offered``)."""
    connection_of(session).execute(
        update(TASK)
        .where(TASK.c.id == task.id)
        .values(
            assignee_id=assignee_id,
            original_assignee_id=original_id,
            claimed_at=claimed_at,
            revision=TASK.c.revision + 1,
        )
    )
    if offered:
        connection_of(session).execute(_OPEN_CANDIDATES, {"task": task.id})
    else:
        close_candidates(session, [task.id])
    forget_object(session, task.id)


def forget_object(session: Session, task_id: int) -> None:
    """Let an object of this row that the session holds be read anew."""
    held = session.identity_map.get((UserTask, (task_id,), None))
    if held is not None:
        session.expire(held)


def _titles(details: Mapping[str, Any]) -> dict[str, str]:
    titles = details.get("titles") or {}
    names = details.get("names") or {}
    fallback = titles.get("en") or next(iter(titles.values()), None) or names.get("en")
    fallback = fallback or next(iter(names.values()), None) or _("Task")
    return {
        language: (titles.get(language) or names.get(language) or fallback)[:_TITLE_LIMIT]
        for language in LANGUAGES
    }


def _moment(world: World, deadline: Mapping[str, Any], name: str, since: datetime) -> datetime | None:
    """Return the moment a deadline means: a term from ``since``, or a moment or day of its own."""
    value = deadline.get(name)
    if value is None or value == "":
        return None
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime.combine(value, _END_OF_DAY)
    if isinstance(value, datetime):
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=world.zone).astimezone(UTC)
    return world.due(since, str(value), deadline.get("calendar") == "working")


def _follow_up(world: World, details: Mapping[str, Any], since: datetime) -> datetime | None:
    deadline = details.get("deadline") or {}
    return _moment(world, deadline, "follow_up", since) or _moment(world, details, "follow_up", since)
