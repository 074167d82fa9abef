"""Brings the rows of a case into line when its run is exchanged for one of another version.

Compares what was waited for with what is waited for: rows of waits that are the same stay, with
their retries and leases; of others they are replaced. User tasks keep holder, comments and drafts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update

from bpm.engine.definition import Definition
from bpm.engine.diagram.expressions import written
from bpm.engine.functions import World
from bpm.engine.messages import subscriptions
from bpm.engine.messages.correlation import Address
from bpm.engine.migration.plan import Change
from bpm.engine.problems import StepFailed
from bpm.engine.runtime.outside import Wait
from bpm.engine.runtime.workflow import Run
from bpm.engine.services import external_rows
from bpm.engine.services import steps as service_steps
from bpm.engine.services.steps import is_external
from bpm.engine.tables import CANDIDATE, EXTERNAL_TASK, INCIDENT, JOB, TASK, VARIABLE_INDEX, connection_of
from bpm.engine.tasks import rows as user_tasks
from bpm.engine.timers import jobs as timers
from bpm.engine.timers import records as timer_records
from bpm.engine.unit import SUSPENDED, Unit
from bpm.engine.work import Work
from bpm.language import _, chosen, format_moment

_EVENTS = ("timer", "message", "signal", "conditional")
_SETTINGS = ("element", "titles", "search_text", "form_key", "outcomes", "priority", "approval",
             "due_at", "sort_at", "follow_up_at")  # fmt: skip
Facts = tuple[Any, ...]
_TOPIC = -1


def waits_by_token(run: Run) -> dict[str, Wait]:
    """Return what a run waits for, by token."""
    return {wait.token: wait for wait in run.waiting()}


def facts_of(waits: Mapping[str, Wait]) -> dict[str, Facts]:
    """Return of each wait what its rows are made from."""
    return {
        token: (
            wait.kind, wait.element, wait.name, wait.correlation, wait.due_at, tuple(wait.keys),
            tuple(wait.records), _topic_of(wait),
        )
        for token, wait in waits.items()
    }  # fmt: skip


def _topic_of(wait: Wait) -> str | None:
    """Return under which topic programs outside fetch a step; None if it is none of theirs."""
    if wait.kind != "service":
        return None
    try:
        return written((wait.details.get("inputs") or {}).get("topic")) if is_external(wait) else None
    except StepFailed:
        return None


# --- user tasks -----------------------------------------------------------------------------------


@dataclass
class TaskChange:
    """One open task: its row now, and the columns it gets. ``terms``: its reminders are set anew."""

    row: Mapping[str, Any]
    columns: dict[str, Any]
    deadline: Mapping[str, Any] = field(default_factory=dict)
    terms: bool = False


def task_changes(
    world: World, unit: Unit, run: Run, old: Definition, tell: list[Change] | None = None
) -> list[TaskChange]:
    """Work out what the open tasks of a case become under the definition of ``run``.

    A term counts from when the task appeared, and is left alone unless it is defined differently.

    Raises:
        StepFailed, Refusal: an expression of a step cannot be evaluated.
    """
    waits = waits_by_token(run)
    found = []
    for row in open_rows(world, unit):
        wait = waits.get(row["token"])
        if wait is None or wait.kind != "user_task":
            continue
        element = run.definition.elements[wait.element]
        before = old.elements.get(row["element"])
        columns = user_tasks.settings_of(world, element, wait, row["created_at"])
        if before is not None and _same(before.extensions, element.extensions, "deadline", "follow_up"):
            for name in ("due_at", "sort_at", "follow_up_at"):
                columns[name] = row[name]
        change = TaskChange(
            row, {name: columns[name] for name in _SETTINGS}, wait.details.get("deadline") or {}
        )
        change.terms = row["due_at"] != columns["due_at"]
        found.append(change)
        if tell is not None:
            tell += _told(change, before.extensions if before is not None else {}, element.extensions)
    return found


def _same(before: Mapping[str, Any], after: Mapping[str, Any], *names: str) -> bool:
    return all(before.get(name) == after.get(name) for name in names)


def open_rows(world: World, unit: Unit) -> list[Mapping[str, Any]]:
    """Return the columns of a case's open tasks."""
    question = select(TASK).where(TASK.c.instance_id == unit.id, TASK.c.status == user_tasks.OPEN)
    return [dict(row._mapping) for row in connection_of(world.session).execute(question.order_by(TASK.c.id))]


def _told(change: TaskChange, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    row, columns = change.row, change.columns
    key, title = columns["element"], chosen(row["titles"])
    found = []

    def tell(kind: str, text: str, old: Any, new: Any) -> None:
        found.append(Change(key, kind, text, old, new))

    if row["titles"] != columns["titles"]:
        new = chosen(columns["titles"])
        tell("title", _("The task “%(task)s” is called “%(title)s” then.", task=title, title=new), title, new)
    if row["form_key"] != columns["form_key"]:
        tell(
            "form",
            _("The task “%(task)s” gets another form.", task=title),
            row["form_key"],
            columns["form_key"],
        )
    if row["outcomes"] != columns["outcomes"]:
        words = [[chosen(one["labels"], one["key"]) for one in of["outcomes"]] for of in (row, columns)]
        text = _(
            "The task “%(task)s” gets other buttons: %(buttons)s.", task=title, buttons=", ".join(words[1])
        )
        tell("outcomes", text, words[0], words[1])
    if row["due_at"] != columns["due_at"]:
        due = format_moment(columns["due_at"], "d MMM y HH:mm") if columns["due_at"] else _("no term")
        text = _("The task “%(task)s” is due at another time: %(due)s.", task=title, due=due)
        tell("deadline", text, row["due_at"], columns["due_at"])
    if row["priority"] != columns["priority"]:
        text = _("The task “%(task)s” gets another priority.", task=title)
        tell("priority", text, row["priority"], columns["priority"])
    if not _same(before, after, "assignment", "candidate_groups", "candidate_users"):
        text = _(
            "The task “%(task)s” stays with whoever has it; the new version would give it to others.",
            task=title,
        )
        tell("assignment", text, before.get("assignment"), after.get("assignment"))
    return found


def write_tasks(work: Work, changes: list[TaskChange]) -> list[dict[str, Any]]:
    """Write the columns; return those that were there, for undoing."""
    connection, kept = connection_of(work.session), []
    for change in changes:
        row, columns = change.row, change.columns
        kept.append({"id": row["id"], **{name: _stored(row[name]) for name in _SETTINGS}})
        if all(row[name] == columns[name] for name in columns):
            continue
        of_task = TASK.c.id == row["id"]
        connection.execute(update(TASK).where(of_task).values(**columns, revision=TASK.c.revision + 1))
        of_candidates = CANDIDATE.c.task_id == row["id"]
        connection.execute(update(CANDIDATE).where(of_candidates).values(sort_at=columns["sort_at"]))
        user_tasks.forget_object(work.session, row["id"])
        if change.terms:
            kinds = (timers.REMINDER, timers.ESCALATION)
            timers.remove_jobs(work.session, timers.keys_of_tokens(row["instance_id"], [row["token"]], kinds))
            if columns["due_at"] is not None and change.deadline:
                jobs = user_tasks.term_jobs(work.world, change.deadline, {**row, **columns})
                timers.add_jobs(work.session, work.now, jobs)
    return kept


def _stored(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def restored(kept: Mapping[str, Any]) -> dict[str, Any]:
    """Return columns that were kept for undoing, as they are written."""
    moments = ("due_at", "sort_at", "follow_up_at")
    return {
        name: datetime.fromisoformat(kept[name]) if name in moments and kept[name] else kept[name]
        for name in _SETTINGS
    }


# --- everything else ------------------------------------------------------------------------------


def replace_waits(work: Work, unit: Unit, before: Mapping[str, Facts], run: Run) -> None:
    """Exchange the rows of timers, messages and signals that differ; a suspended case has none."""
    waits = waits_by_token(run)
    after = facts_of(waits)
    _fit_services(work, unit, before, waits)
    _name_incidents(work, unit, run)
    if unit.row.status == SUSPENDED:
        return
    gone = [token for token, facts in before.items() if facts[0] in _EVENTS and after.get(token) != facts]
    new = [
        wait for token, wait in waits.items() if wait.kind in _EVENTS and before.get(token) != after[token]
    ]
    subscriptions.remove(work.session, unit.id, gone)
    timers.remove_jobs(work.session, timers.keys_of_tokens(unit.id, gone, (timers.TIMER,)))
    timer_records.remove(work.session, unit.id, gone)
    for wait in new:
        _add(work, unit, wait)


def _add(work: Work, unit: Unit, wait: Wait) -> None:
    if wait.kind == "timer" and wait.due_at is not None:
        job = timers.token_job(
            timers.TIMER, unit.id, wait.token, wait.due_at, now=work.now, element=wait.element
        )
        timers.add_jobs(work.session, work.now, [job])
        timer_records.add(work.session, timer_records.rows_of(unit.id, wait))
        return
    correlation = work.correlation(unit, wait.correlation) if wait.kind == "message" else None
    if wait.kind == "message":
        subscriptions.guard(work.session, wait.name or "")
    subscriptions.add(work.session, subscriptions.rows_of(unit.id, wait, correlation))
    if wait.kind == "message":
        _send_kept(work, unit, wait, correlation)


def _send_kept(work: Work, unit: Unit, wait: Wait, correlation: str | None) -> None:
    """A message that was kept for lack of anybody waiting is sent once more, after this."""
    payload = work.kept_message(unit, wait)
    if payload is None:
        return
    keys = {scheme: key for scheme, key in wait.keys if key is not None}
    address = Address(None if wait.keys else correlation, None, keys)
    row = timers.message_job(work.now, wait.name or "", address, payload)
    timers.add_jobs(work.session, work.now, [row])


def _fit_services(work: Work, unit: Unit, before: Mapping[str, Facts], waits: Mapping[str, Wait]) -> None:
    """The job or task of a service step stays, with its lease and retries, unless others do it now."""
    after = facts_of(waits)
    for token, facts in after.items():
        if facts[0] != "service" or token not in before or before[token] == facts:
            continue
        if (before[token][_TOPIC] is None) is (facts[_TOPIC] is None):
            _rename_service(work, unit, waits[token], facts[_TOPIC])
            continue
        timers.remove_jobs(work.session, timers.keys_of_tokens(unit.id, [token], (timers.SERVICE,)))
        external_rows.remove(work.session, unit.id, [token])
        if unit.row.status != SUSPENDED or facts[_TOPIC] is not None:
            service_steps.begin_again(work, unit, waits[token])


def _rename_service(work: Work, unit: Unit, wait: Wait, topic: str | None) -> None:
    connection = connection_of(work.session)
    if topic is not None:
        of_task = (EXTERNAL_TASK.c.instance_id == unit.id, EXTERNAL_TASK.c.token == wait.token)
        new = external_rows.new_row(work.now, unit, wait)
        columns = {name: new[name] for name in ("element", "topic", "priority")}
        connection.execute(update(EXTERNAL_TASK).where(*of_task).values(**columns))
        return
    of_job = JOB.c.unique_key == timers.key_of(timers.SERVICE, unit.id, wait.token)
    payload = connection.execute(select(JOB.c.payload).where(of_job)).scalar()
    if payload is not None:
        connection.execute(update(JOB).where(of_job).values(payload={**payload, "element": wait.element}))


def _name_incidents(work: Work, unit: Unit, run: Run) -> None:
    if unit.row.open_incidents <= 0:
        return
    connection = connection_of(work.session)
    of_unit = (INCIDENT.c.instance_id == unit.id, INCIDENT.c.resolved_at.is_(None))
    for number, token in connection.execute(select(INCIDENT.c.id, INCIDENT.c.token).where(*of_unit)).all():
        element = run.element_of(token) if token else None
        if element is not None:
            connection.execute(update(INCIDENT).where(INCIDENT.c.id == number).values(element=element))


def drop_index(work: Work, unit: Unit, definition: Definition) -> None:
    """Forget searchable values of variables that are searched for no more, and keep the present ones."""
    names = set(definition.extensions.get("searchable") or ())
    connection = connection_of(work.session)
    connection.execute(
        delete(VARIABLE_INDEX).where(
            VARIABLE_INDEX.c.instance_id == unit.id, VARIABLE_INDEX.c.name.not_in(sorted(names))
        )
    )
