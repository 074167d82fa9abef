"""Claims due jobs by lease and runs them; any number of workers may share one database.

A claim moves ``due_at`` to the end of the lease and writes a token, so the job of a killed
worker becomes due by itself. Effect and deletion commit together, and only under the token.
"""

from __future__ import annotations

import logging
import threading
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, false, select, update
from sqlalchemy.orm import Session

from bpm.clock import Clock
from bpm.db import Database
from bpm.jobs.commands import PAST_THE_SESSION, RUNNING, change
from bpm.jobs.handlers import Handler, Handlers, Hopeless, InTransaction, Outside, Retry, WorkersDied
from bpm.jobs.models import Job

_log = logging.getLogger(__name__)
_LONGEST_ERROR = 2000


class _LeaseLost(Exception):
    """Another worker holds the job now, or it was cancelled: the effect must not be committed."""


@dataclass(frozen=True)
class _Claim:
    id: int
    kind: str
    priority: int
    token: str

    def held(self) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
        return Job.id == self.id, Job.lease_token == self.token


class Worker:
    """Runs what is due. One object may be used by several threads."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        handlers: Handlers,
        *,
        batch: int = 20,
        lease: timedelta = timedelta(seconds=60),
        most_starts: int = 10,
    ) -> None:
        """
        Args:
            batch: how many jobs are claimed at once.
            lease: how long a claimed job belongs to this worker; renewed when the job starts.
            most_starts: a job started that often without an end is given up.
        """
        self._database = database
        self._clock = clock
        self._handlers = handlers
        self._batch = batch
        self._lease = lease
        self._most_starts = most_starts
        self._stopping = threading.Event()
        self._at_work = 0
        self._resting = threading.Condition()

    def run_due(self) -> int:
        """Run one batch of due jobs; return how many were claimed, 0 if nothing is due."""
        with self._resting:
            self._at_work += 1
        try:
            claims = self._claim()
            for number, claim in enumerate(claims):
                if self._stopping.is_set():
                    self._release(claims[number:])
                    break
                self._run(claim)
            return len(claims)
        finally:
            with self._resting:
                self._at_work -= 1
                self._resting.notify_all()

    def run_until_idle(self) -> int:
        """Run batches until nothing is due or the worker is stopped; return how many jobs were claimed."""
        total = 0
        while not self._stopping.is_set():
            claimed = self.run_due()
            if claimed == 0:
                break
            total += claimed
        return total

    def run_until_quiet(self, patience: float = 60.0) -> int:
        """Like ``run_until_idle``, and wait for what other threads of this worker are running.

        For whoever must see all effects, for instance after moving a test clock.

        Args:
            patience: seconds to wait for the other threads each time.
        """
        total = 0
        while True:
            claimed = self.run_until_idle()
            total += claimed
            with self._resting:
                alone = self._at_work == 0
                self._resting.wait_for(lambda: self._at_work == 0, patience)
            if self._stopping.is_set() or (alone and claimed == 0):
                return total

    def stop(self) -> None:
        """Finish the job at hand, give the other claimed ones back, and claim nothing more."""
        self._stopping.set()

    def _claim(self) -> list[_Claim]:
        now, token = self._clock.now(), uuid.uuid4().hex
        is_due = (Job.due_at <= now, Job.dead == false())
        # most ticks find nothing: look without taking SQLite's write lock
        with self._database.reading() as session:
            if session.scalar(select(Job.id).where(*is_due).limit(1)) is None:
                return []
        # a CTE: PostgreSQL may run a bare IN (SELECT … LIMIT) more than once and claim too many
        due = (
            select(Job.id)
            .where(*is_due)
            .order_by(Job.due_at)
            .limit(self._batch)
            .with_for_update(skip_locked=True)
            .cte("due")
        )
        lease = (
            update(Job)
            .where(Job.id.in_(select(due.c.id)))
            .values(due_at=now + self._lease, lease_token=token)
            .returning(Job.id, Job.kind, Job.priority, Job.planned_at)
        )
        with self._database.writing() as session:
            rows = session.execute(lease, execution_options=PAST_THE_SESSION).all()
        rows = sorted(rows, key=lambda row: (-row.priority, row.planned_at, row.id))
        return [_Claim(row.id, row.kind, row.priority, token) for row in rows]

    def _release(self, claims: list[_Claim]) -> None:
        with self._database.writing() as session:
            for claim in claims:
                change(
                    session,
                    update(Job).where(*claim.held()).values(due_at=self._clock.now(), lease_token=None),
                )

    def _run(self, claim: _Claim) -> None:
        handler = self._handlers.get(claim.kind)
        job: Job | None = None
        try:
            job = self._start(claim, handler)
            if job is None:
                return
            if job.starts > self._most_starts:
                raise WorkersDied(f"The job was started {self._most_starts} times and never came to an end.")
            if handler is None:
                raise LookupError(f"No handler for jobs of the kind {claim.kind!r}.")
            if isinstance(handler, InTransaction):
                self._run_inside(claim, job, handler)
            else:
                self._run_outside(claim, job, handler)
        except _LeaseLost:
            _log.info("Job %s (%s) was taken over or cancelled.", claim.id, claim.kind)
        except Exception as error:
            _log.warning("Job %s (%s) failed: %s", claim.id, claim.kind, error, exc_info=error)
            self._fail_or_leave(claim, job, handler, error)

    def _start(self, claim: _Claim, handler: Handler | None) -> Job | None:
        """Renew the lease and count the start, so that a job that kills its workers is given up."""
        lease = self._lease
        if isinstance(handler, Outside):
            lease = max(lease, handler.patience)
        start = (
            update(Job)
            .where(*claim.held())
            .values(due_at=self._clock.now() + lease, starts=Job.starts + 1)
            .returning(Job)
        )
        with self._database.writing() as session:
            return session.scalar(start, execution_options=PAST_THE_SESSION)

    def _run_inside(self, claim: _Claim, job: Job, handler: InTransaction) -> None:
        with self._database.writing() as session:
            session.info[RUNNING] = claim.id
            handler.run(session, self._clock.now(), job)
            self._finish(session, claim)

    def _run_outside(self, claim: _Claim, job: Job, handler: Outside[object, object]) -> None:
        with self._database.writing() as session:
            session.info[RUNNING] = claim.id
            data = handler.prepare(session, self._clock.now(), job)
            if data is None:
                self._finish(session, claim)
                return
        result = handler.perform(data)
        with self._database.writing() as session:
            session.info[RUNNING] = claim.id
            handler.finish(session, self._clock.now(), job, result)
            self._finish(session, claim)

    def _finish(self, session: Session, claim: _Claim) -> None:
        """The fence: only the holder of the lease commits the effect."""
        session.flush()
        if change(session, delete(Job).where(*claim.held())).rowcount != 1:
            raise _LeaseLost

    def _fail_or_leave(
        self, claim: _Claim, job: Job | None, handler: Handler | None, error: Exception
    ) -> None:
        try:
            self._fail(claim, job, handler, error)
        except _LeaseLost:
            _log.info("Job %s (%s) failed after it was taken over or cancelled.", claim.id, claim.kind)

    def _fail(self, claim: _Claim, job: Job | None, handler: Handler | None, error: Exception) -> None:
        """Count the failure; try again later, or mark the job dead and let its kind say what follows."""
        if job is None:
            return  # not even the start was written: the lease will run out
        retries = handler.retries if handler is not None else Retry()
        failures = job.failures + 1
        pause = None if isinstance(error, Hopeless | WorkersDied) else retries.pause(failures)
        text = _describe(error)
        if pause is not None:
            with self._database.writing() as session:
                self._write_failure(session, claim, failures, text, again_at=self._clock.now() + pause)
            return
        try:
            with self._database.writing() as session:
                session.info[RUNNING] = claim.id
                if handler is not None and handler.give_up is not None:
                    handler.give_up(session, self._clock.now(), job, error)
                # last, so that locks are taken in the order of commands: instance, then job
                self._write_failure(session, claim, failures, text, again_at=None)
        except _LeaseLost:
            raise
        except Exception as second:
            _log.exception("Job %s (%s) is dead and its giving up failed.", claim.id, claim.kind)
            text = f"{text}\nGiving up failed too: {_describe(second)}"
            with self._database.writing() as session:
                self._write_failure(session, claim, failures, text, again_at=None)

    def _write_failure(
        self, session: Session, claim: _Claim, failures: int, text: str, again_at: datetime | None
    ) -> None:
        session.flush()
        failure = update(Job).where(*claim.held())
        failure = failure.values(
            failures=failures,
            last_error=text[:_LONGEST_ERROR],
            lease_token=None,
            dead=again_at is None,
            due_at=again_at or self._clock.now(),
        )
        if change(session, failure).rowcount != 1:
            raise _LeaseLost


def _describe(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
