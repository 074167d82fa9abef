"""The unit of work of the engine: one transaction on one tree of instances.

Locks the root's row, lets units act, advances them until everything waits, has ``writing.py`` write
what changed, and tells the listeners. Never commits.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bpm.engine import calls, events
from bpm.engine.events import LISTENERS, Event
from bpm.engine.functions import World
from bpm.engine.messages import subscriptions
from bpm.engine.messages.correlation import rules_of, watches_variables
from bpm.engine.operations import incidents
from bpm.engine.operations.incidents import Cause, NewIncident
from bpm.engine.problems import Failure, StepFailed
from bpm.engine.runtime.outside import Thrown, Wait
from bpm.engine.services import steps as service_steps
from bpm.engine.tasks import rows as user_tasks
from bpm.engine.tasks.assignment import logins_in
from bpm.engine.tasks.directory import Directory
from bpm.engine.timers import jobs as timers
from bpm.engine.unit import (
    ACTIVE,
    CANCELLED,
    COMPLETED,
    FAILED,
    SUSPENDED,
    Unit,
    add_row,
    read_row,
)
from bpm.engine.writing import Pending, write, write_jobs
from bpm.errors import Refusal
from bpm.people.models import Person

_AT_WORK = "bpm.engine.work"
_MOST_CONTINUATIONS = 40


def at_work(session: Session) -> Work | None:
    """Return the work going on in this session, for commands called from inside of it."""
    found = session.info.get(_AT_WORK)
    return found if isinstance(found, Work) else None


@contextmanager
def working(
    session: Session, now: datetime, actor: Person | None, root_id: int | None = None
) -> Iterator[Work]:
    """Work on the tree of ``root_id``, or on a new one; everything is written at the end of the block.

    Raises:
        NotFound: there is no such instance.
    """
    session.flush()  # what the caller has changed must be seen by the statements below
    outer = at_work(session)
    if outer is not None and root_id is not None and outer.root_id == root_id:
        yield outer  # called by a connector or listener of the same tree: the outer one writes
        return
    work = Work(session, now, actor, root_id)
    session.info[_AT_WORK] = work
    try:
        if root_id is not None:
            work.lock()
        yield work
        work.finish()
    finally:
        session.info[_AT_WORK] = outer


class Work:
    """What one transaction does to one tree of instances."""

    def __init__(self, session: Session, now: datetime, actor: Person | None, root_id: int | None) -> None:
        self.session = session
        self.now = now
        self.actor_id = actor.id if actor is not None else None
        self.root_id = root_id
        self.world = World(session, now)
        self.directory = Directory(session, self.world)
        self.units: dict[int, Unit] = {}
        self.why_withdrawn = "event"
        self._agenda: deque[Unit] = deque()
        self._thrown: deque[tuple[Unit, Thrown]] = deque()
        self.pending = Pending()
        # rows of jobs, inserted all at once when nothing else is left to write
        self.jobs: list[dict[str, Any]] = []
        self._events: list[Event] = []
        self._continued: dict[int, int] = {}

    @property
    def process_id(self) -> int:
        """The process of the outermost instance: the lane of the jobs that belong to no instance."""
        root = self.units.get(self.root_id or 0)
        return root.row.process_id if root is not None else 0

    # --- units ----------------------------------------------------------------------------------

    def lock(self) -> Unit:
        """Take the lock of the tree: the root's row."""
        assert self.root_id is not None
        row = read_row(self.session, self.root_id, lock=True)
        return self._take(Unit(self.world, row))

    def unit(self, instance_id: int) -> Unit:
        """Return an instance of the tree."""
        known = self.units.get(instance_id)
        return known or self._take(Unit(self.world, read_row(self.session, instance_id, lock=False)))

    def add(self, unit: Unit) -> Unit:
        """Insert a new instance."""
        add_row(self.session, unit.row)
        if self.root_id is None:
            self.root_id = unit.id
        return self._take(unit)

    def _take(self, unit: Unit) -> Unit:
        self.units[unit.id] = unit
        return unit

    def go_on(self, unit: Unit, continued: int = 0) -> None:
        """Put a unit on the agenda: it is advanced before the work is written."""
        if continued:
            self._continued[unit.id] = continued
        if unit not in self._agenda:
            self._agenda.append(unit)

    # --- acting ---------------------------------------------------------------------------------

    def tell(self, kind: str, unit: Unit, **more: Any) -> None:
        """Have an event told to the listeners once everything is written."""
        self._events.append(Event(kind, self.now, unit.id, actor_id=self.actor_id, **more))

    def open_incident(self, unit: Unit, incident: NewIncident) -> None:
        """Open an incident, unless the same one is open already."""
        self.pending.incidents.setdefault(unit.id, []).append(incident)
        unit.record(
            "incident_opened", incident.element, incident=incident.kind, cause=incident.cause.as_json()
        )

    def resolve_incidents(self, unit: Unit, how: str, **which: Any) -> int:
        """Close open incidents of a unit; return how many were open."""
        if unit.row.open_incidents <= 0:
            return 0
        closed = incidents.resolve(self.session, self.now, unit.id, how=how, actor_id=self.actor_id, **which)
        unit.row.open_incidents -= closed
        return closed

    def add_job(self, row: dict[str, Any]) -> None:
        """Enqueue a job when the work is written."""
        self.pending.jobs.append(row)

    def throw(self, unit: Unit, thrown: Thrown) -> None:
        """Deliver an event within the tree, or by a job to others."""
        self._thrown.append((unit, thrown))

    # --- settling -------------------------------------------------------------------------------

    def finish(self) -> None:
        """Advance until everything waits, write it, and tell the listeners."""
        self.settle()
        write(self)
        while self._events:
            self.jobs += LISTENERS.tell(self.session, self.now, self._events.pop(0))
        acted = any(unit.entries for unit in self.units.values())
        if acted or self._agenda or self._thrown:  # a listener did something in this tree
            self.finish()
        write_jobs(self)

    def settle(self) -> None:
        """Advance every unit on the agenda, and whatever that concerns, until everything waits."""
        while self._agenda or self._thrown:
            if self._agenda:
                self._advance(self._agenda.popleft())
            else:
                calls.deliver_thrown(self, *self._thrown.popleft())

    def _advance(self, unit: Unit) -> None:
        if unit.ended or unit.row.status == SUSPENDED:
            return
        unit.actor_id = unit.on_behalf_of_id = None
        progress = True
        while progress:
            done = unit.run.advance(self.now)
            if unit.changed_variables and watches_variables(unit.definition):
                unit.run.refresh_correlations(self.now)
            self._collect_thrown(unit)
            progress = self._take_changes(unit)
            if not done:
                self._continue_later(unit)
                break
        self._take_failures(unit)
        if unit.run.completed and not unit.ended:
            self.end(unit, FAILED if unit.run.error else COMPLETED)
        elif not unit.ended and unit.id not in self._continued:
            self._check_it_waits(unit)

    def _collect_thrown(self, unit: Unit) -> None:
        for thrown in unit.run.thrown():
            if thrown.kind in ("message", "signal"):
                self._thrown.append((unit, thrown))
            elif thrown.kind == "escalation":
                calls.escalate(self, unit, thrown)

    def _take_changes(self, unit: Unit) -> bool:
        """Take note of what appeared and vanished; True if a unit can go on at once."""
        changes = unit.run.changes()
        closed = set(changes.closed)
        if closed:
            calls.cancel_called(self, unit, closed)
        for token in unit.spellings(closed):
            if unit.opened.pop(token, None) is not None:
                self.pending.tasks.pop((unit.id, token), None)
            if token not in unit.settled and unit.is_stored(token):
                unit.closed.add(token)
        tasks = [wait for wait in changes.opened if wait.kind == "user_task"]
        if len(tasks) > 1:
            self._learn_people(tasks)
        progress = False
        for wait in changes.opened:
            progress |= self.take_wait(unit, wait)
        return progress

    def _learn_people(self, tasks: list[Wait]) -> None:
        logins: list[str] = []
        for wait in tasks:
            try:
                logins += logins_in(wait.details)
            except (StepFailed, Refusal):
                continue  # told when the wait is taken
        self.directory.learn(logins)

    def take_wait(self, unit: Unit, wait: Wait) -> bool:
        """Handle one new wait; True if its token was answered or failed at once."""
        try:
            if wait.kind == "user_task":
                element = unit.definition.elements[wait.element]
                task = user_tasks.make(self.world, self.directory, unit.id, element, wait)
                self.pending.tasks[unit.id, wait.token] = task
            elif wait.kind == "call":
                calls.open_child(self, unit, wait)
                return False
            elif wait.kind == "service":
                return service_steps.begin(self, unit, wait)
            elif wait.kind == "message":
                return self.await_message(unit, wait)
        except StepFailed as failed:
            unit.run.fail(wait.token, failed.message, self.now, code=failed.code, **failed.values)
            return True
        except Refusal as refusal:
            unit.run.fail(wait.token, "%(why)s", self.now, why=refusal.text)
            return True
        self.opened(unit, wait)
        return False

    @staticmethod
    def opened(unit: Unit, wait: Wait) -> None:
        """Take note of a wait whose rows are to be written."""
        unit.opened[wait.token] = wait
        if unit.is_stored(wait.token):
            unit.reopened.add(wait.token)

    def await_message(self, unit: Unit, wait: Wait) -> bool:
        """Begin to wait for a message, unless one is kept for it already."""
        subscriptions.guard(self.session, wait.name or "")
        payload = self.kept_message(unit, wait)
        if payload is None:
            self.opened(unit, wait)
            return False
        unit.settled.add(wait.token)
        unit.run.deliver(wait.token, payload, self.now)
        return True

    def kept_message(self, unit: Unit, wait: Wait) -> dict[str, Any] | None:
        """Take the oldest message that is kept for a wait."""
        correlation = self.correlation(unit, wait.correlation)
        rules = rules_of(unit.definition) if wait.keys else {}
        return subscriptions.take_kept(self.session, self.now, wait, correlation, unit.row.public_id, rules)

    @staticmethod
    def correlation(unit: Unit, given: str | None) -> str | None:
        """Return the correlation of an event: its own, else that of the case."""
        return given if given is not None else unit.row.business_key

    def _continue_later(self, unit: Unit) -> None:
        """The budget of steps is spent: go on in another transaction, but not without end."""
        number = self._continued.get(unit.id, 0) + 1
        self._continued[unit.id] = number
        if number > _MOST_CONTINUATIONS:
            cause = Cause("The case takes step after step and never waits. Look for a loop without an exit.")
            self.open_incident(unit, NewIncident(incidents.ENDLESS, None, None, cause))
            return
        self.add_job(
            timers.job_row(
                timers.CONTINUE, {"instance": unit.id, "continued": number}, self.now,
                now=self.now, instance_id=unit.id, unique_key=None,
            )
        )  # fmt: skip

    def _take_failures(self, unit: Unit) -> None:
        present = {failure.token: failure for failure in unit.run.failures()}
        for token, failure in present.items():
            if token not in unit.known_failures:
                self.open_incident(unit, _incident_of(failure))
        gone = unit.known_failures - set(present)
        if gone:
            self.resolve_incidents(unit, "gone", tokens=gone)
        unit.known_failures = set(present)

    def _check_it_waits(self, unit: Unit) -> None:
        if unit.opened or unit.known_failures or self.pending.incidents.get(unit.id):
            return
        if unit.run.stalled():
            cause = Cause("The case neither waits for anything nor has ended.")
            self.open_incident(unit, NewIncident(incidents.STUCK, None, None, cause))

    # --- ending ---------------------------------------------------------------------------------

    def end(self, unit: Unit, status: str, *, reason: str | None = None) -> None:
        """Let a unit end: everything it waited for vanishes, and its caller goes on."""
        row = unit.row
        row.status, row.ended_at = status, self.now
        row.outcome = unit.run.outcome if status == COMPLETED else None
        data: dict[str, Any] = {"status": status, "outcome": row.outcome}
        if reason:
            data["reason"] = reason
        if unit.run.error:
            data["error"] = {"code": unit.run.error[0], "message": unit.run.error[1]}
        unit.record("instance_ended", None, **data)
        self.resolve_incidents(unit, "ended")
        self.tell(events.INSTANCE_ENDED, unit, data=data)
        calls.after_end(self, unit)

    def cancel(self, unit: Unit, reason: str | None = None) -> None:
        """Stop a unit and everything it has called."""
        unit.run.cancel()
        self._take_changes(unit)
        self.end(unit, CANCELLED, reason=reason)

    def forget_terms(self, task: Any) -> None:
        """Drop the reminder and escalation of a task that was completed."""
        if task.due_at is not None:
            kinds = (timers.REMINDER, timers.ESCALATION)
            self.pending.dead_keys += timers.keys_of_tokens(task.instance_id, [task.token], kinds)


def _incident_of(failure: Failure) -> NewIncident:
    return NewIncident(
        incidents.STEP, failure.element, failure.token, Cause(failure.message, **failure.values)
    )


__all__ = ["ACTIVE", "CANCELLED", "COMPLETED", "FAILED", "SUSPENDED", "Work", "at_work", "working"]
