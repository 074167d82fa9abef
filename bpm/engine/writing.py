"""Writes what a piece of work has changed: each kind of row in as few statements as possible.

Owns the order in which tables are written. Decides nothing: ``work.py`` has settled everything.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert

from bpm.engine import definitions, events
from bpm.engine.history import add_entries, rows_of
from bpm.engine.messages import subscriptions
from bpm.engine.operations import incidents
from bpm.engine.operations.incidents import NewIncident
from bpm.engine.services import external_rows
from bpm.engine.tables import VARIABLE_INDEX, connection_of
from bpm.engine.tasks import rows as user_tasks
from bpm.engine.tasks.rows import NewTask
from bpm.engine.timers import jobs as timers
from bpm.engine.timers import records as timer_records
from bpm.engine.unit import CANCELLED, Unit, write_rows

if TYPE_CHECKING:
    from bpm.engine.work import Work


@dataclass
class Pending:
    """What is to be written: new tasks by instance and token, new incidents by instance, new jobs,
    and the unique keys of jobs that are over."""

    tasks: dict[tuple[int, str], NewTask] = field(default_factory=dict)
    incidents: dict[int, list[NewIncident]] = field(default_factory=dict)
    jobs: list[dict[str, Any]] = field(default_factory=list)
    dead_keys: list[str] = field(default_factory=list)
    timer_records: list[dict[str, Any]] = field(default_factory=list)


def write(work: Work) -> None:
    """Write everything that changed since the last call."""
    touched = [unit for unit in work.units.values() if unit.touched or unit.entries]
    for unit in touched:
        _replace_reopened(work, unit)
        _close(work, unit)
    _write_tasks(work)
    rows: list[dict[str, Any]] = []
    for unit in touched:
        rows += _waiting_rows(work, unit)
    subscriptions.add(work.session, rows)
    timer_records.add(work.session, work.pending.timer_records)
    timers.remove_jobs(work.session, work.pending.dead_keys)
    dead = set(work.pending.dead_keys)
    work.jobs = [row for row in work.jobs if row["unique_key"] not in dead] + work.pending.jobs
    for unit in touched:
        _write_incidents(work, unit)
    _write_units(work, touched)
    work.pending = Pending()


def write_jobs(work: Work) -> None:
    """Insert the jobs that the work and its listeners leave, in one statement."""
    rows, work.jobs = work.jobs, []
    for row in rows:
        unit = work.units.get(row["instance_id"])
        row.setdefault("lane", unit.row.process_id if unit is not None else work.process_id)
    timers.add_jobs(work.session, work.now, rows)


def _replace_reopened(work: Work, unit: Unit) -> None:
    """Drop the former rows of tokens that wait anew."""
    if unit.reopened:
        subscriptions.remove(work.session, unit.id, unit.reopened)
        if "record" in definitions.kinds_of_waits(unit.definition):
            timer_records.remove(work.session, unit.id, unit.reopened)
        keys = timers.keys_of_tokens(unit.id, unit.reopened, (timers.TIMER, timers.SERVICE))
        timers.remove_jobs(work.session, keys)
        unit.reopened = set()


def _close(work: Work, unit: Unit) -> None:
    """Withdraw what belonged to tokens that wait no more."""
    tokens, unit.closed = unit.closed, set()
    if not tokens:
        return
    kinds = definitions.kinds_of_waits(unit.definition)
    gone = user_tasks.withdraw(
        work.session, unit.id, tokens, at=work.now, why=work.why_withdrawn, actor_id=work.actor_id
    )
    for row in gone:
        unit.record("task_withdrawn", row.element, task=row.public_id, why=work.why_withdrawn)
        work.tell(events.TASK_WITHDRAWN, unit, task_id=row.id, task_public_id=row.public_id)
    if kinds & {"message", "signal", "conditional"}:
        subscriptions.remove(work.session, unit.id, tokens)
    if "record" in kinds:
        timer_records.remove(work.session, unit.id, tokens)
    if "external" in kinds:
        external_rows.remove(work.session, unit.id, tokens)
    wanted = [timers.REMINDER, timers.ESCALATION] if gone else []
    wanted += [timers.TIMER] if "timer" in kinds else []
    wanted += [timers.SERVICE] if "service" in kinds else []
    work.pending.dead_keys += timers.keys_of_tokens(unit.id, tokens, wanted)
    work.resolve_incidents(unit, "gone", tokens=tokens)


def _write_tasks(work: Work) -> None:
    tasks = list(work.pending.tasks.items())
    user_tasks.write_new(work.session, [task for _key, task in tasks])
    for (instance_id, token), task in tasks:
        unit, element = work.units[instance_id], task.row["element"]
        unit.opened.pop(token, None)
        unit.settled.discard(token)
        unit.record("task_created", element, **user_tasks.entry_data(task))
        work.pending.jobs += task.jobs
        work.tell(events.TASK_CREATED, unit, task_id=task.id, task_public_id=task.row["public_id"])
        if task.assigned.problem is not None:
            cause = task.assigned.problem
            work.open_incident(unit, NewIncident(incidents.ASSIGNMENT, element, token, cause))


def _waiting_rows(work: Work, unit: Unit) -> list[dict[str, Any]]:
    """Enqueue the timers a unit waits for; return its new subscriptions."""
    rows = []
    for wait in unit.opened.values():
        if wait.kind == "timer" and wait.due_at is not None:
            job = timers.token_job(
                timers.TIMER, unit.id, wait.token, wait.due_at, now=work.now, element=wait.element
            )
            work.pending.jobs.append(job)
            work.pending.timer_records += timer_records.rows_of(unit.id, wait)
        elif wait.kind == subscriptions.MESSAGE:
            rows += subscriptions.rows_of(unit.id, wait, work.correlation(unit, wait.correlation))
        elif wait.kind in (subscriptions.SIGNAL, subscriptions.CONDITIONAL):
            rows += subscriptions.rows_of(unit.id, wait, None)
    unit.opened = {}
    return rows


def _write_incidents(work: Work, unit: Unit) -> None:
    new = work.pending.incidents.get(unit.id)
    if new:
        unit.row.open_incidents += len(new)
        for number in incidents.add(work.session, work.now, unit.id, new):
            work.tell(events.INCIDENT_OPENED, unit, incident_id=number)


def _write_units(work: Work, touched: list[Unit]) -> None:
    history: list[dict[str, Any]] = []
    for unit in touched:
        row = unit.row
        if unit.touched:
            if row.status != CANCELLED:
                unit.refresh_title()
            _write_index(work, unit)
            row.state = unit.run.dump()
        entries, unit.entries = unit.entries, []
        rows, row.history_hash = rows_of(
            entries,
            instance_id=unit.id,
            at=work.now,
            length=row.history_length,
            last_hash=row.history_hash,
        )
        row.history_length += len(rows)
        history += rows
        unit.new = False
        unit.changed_variables = set()
    add_entries(connection_of(work.session), history)
    write_rows(work.session, [unit.row for unit in touched])


def _write_index(work: Work, unit: Unit) -> None:
    found = unit.searchable_values()
    if not found:
        return
    connection = connection_of(work.session)
    if not unit.new:
        of_unit = VARIABLE_INDEX.c.instance_id == unit.id
        connection.execute(delete(VARIABLE_INDEX).where(of_unit, VARIABLE_INDEX.c.name.in_(list(found))))
    rows = [{"instance_id": unit.id, "name": name, "value": value} for name, value in found.items()]
    connection.execute(insert(VARIABLE_INDEX), rows)
