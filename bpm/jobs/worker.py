"""Claims due jobs by lease and runs them; any number of workers may share one database.

The job of a killed worker becomes due by itself when its lease ends. Effect and deletion commit
together, and only under the token of the lease.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from bpm.clock import Clock
from bpm.db import Database
from bpm.jobs import claiming
from bpm.jobs.claiming import Claim
from bpm.jobs.commands import LANE, RUNNING, change
from bpm.jobs.figures import JOBS
from bpm.jobs.handlers import Handler, Handlers, Hopeless, InTransaction, Outside, WorkersDied, retries_of
from bpm.jobs.models import Job

_log = logging.getLogger(__name__)
_LONGEST_ERROR = 2000
# seconds after which the rest of a batch is given back, so that others need not wait for it
_LONGEST_BATCH = 1.0


class _LeaseLost(Exception):
    """Another worker holds the job now, or it was cancelled: the effect must not be committed."""


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

    def now(self) -> datetime:
        """Return the present moment of this worker's clock."""
        return self._clock.now()

    def run_due(self, more: Callable[[], None] | None = None) -> int:
        """Run one batch of due jobs; return how many were claimed, 0 if nothing is due.

        Args:
            more: called before they are run if the batch is full, for there may be more.
        """
        with self._resting:
            self._at_work += 1
        try:
            claims = self._claim()
            if len(claims) >= self._batch and more is not None:
                more()
            self._run_batch(claims)
            return len(claims)
        finally:
            with self._resting:
                self._at_work -= 1
                self._resting.notify_all()

    def _run_batch(self, claims: list[Claim]) -> None:
        begun = time.monotonic()
        for number, claim in enumerate(claims):
            too_long = number > 0 and time.monotonic() - begun > _LONGEST_BATCH
            if self._stopping.is_set() or too_long:
                self._give_back(claims[number:])
                return
            self._run(claim)

    def run_until_idle(self, more: Callable[[], None] | None = None) -> int:
        """Run batches until nothing is due or the worker is stopped; return how many jobs were claimed."""
        total = 0
        while not self._stopping.is_set():
            claimed = self.run_due(more)
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

    def _claim(self) -> list[Claim]:
        claims = claiming.claim(self._database, self._clock.now(), most=self._batch, lease=self._lease)
        # what waits for the world outside must not hold up the rest of the batch
        return sorted(claims, key=lambda one: (-one.priority, self._is_outside(one)))

    def _is_outside(self, claim: Claim) -> bool:
        return isinstance(self._handlers.get(claim.kind), Outside)

    def _give_back(self, claims: list[Claim]) -> None:
        claiming.give_back(self._database, self._clock.now(), claims)

    def _run(self, claim: Claim) -> None:
        handler = self._handlers.get(claim.kind)
        job: Job | None = None
        begun, result = time.perf_counter(), "done"
        try:
            job = self._start(claim, handler)
            if job is None:  # cancelled, taken over, or another job of its instance is running
                result = "left"
                self._give_back([claim])
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
            result = "lost"
        except Exception as error:
            result = "failed"
            _log.warning("Job %s (%s) failed: %s", claim.id, claim.kind, error, exc_info=error)
            self._fail_or_leave(claim, job, handler, error)
        finally:
            JOBS.add(time.perf_counter() - begun, claim.kind, result)

    def _start(self, claim: Claim, handler: Handler | None) -> Job | None:
        """Renew the lease and count the start, so that a job that kills its workers is given up."""
        lease = self._lease
        if isinstance(handler, Outside):
            lease = max(lease, handler.patience)
        return claiming.start(self._database, claim, self._clock.now() + lease)

    def _run_inside(self, claim: Claim, job: Job, handler: InTransaction) -> None:
        with self._database.writing() as session:
            session.info.update({RUNNING: claim.id, LANE: claim.lane})
            handler.run(session, self._clock.now(), job)
            self._finish(session, claim)

    def _run_outside(self, claim: Claim, job: Job, handler: Outside[object, object]) -> None:
        with self._database.writing() as session:
            session.info.update({RUNNING: claim.id, LANE: claim.lane})
            data = handler.prepare(session, self._clock.now(), job)
            if data is None:
                self._finish(session, claim)
                return
        result = handler.perform(data)
        with self._database.writing() as session:
            session.info.update({RUNNING: claim.id, LANE: claim.lane})
            handler.finish(session, self._clock.now(), job, result)
            self._finish(session, claim)

    def _finish(self, session: Session, claim: Claim) -> None:
        """The fence: only the holder of the lease commits the effect."""
        session.flush()
        if change(session, delete(Job).where(*claim.held())).rowcount != 1:
            raise _LeaseLost

    def _fail_or_leave(
        self, claim: Claim, job: Job | None, handler: Handler | None, error: Exception
    ) -> None:
        try:
            self._fail(claim, job, handler, error)
        except _LeaseLost:
            _log.info("Job %s (%s) failed after it was taken over or cancelled.", claim.id, claim.kind)

    def _fail(self, claim: Claim, job: Job | None, handler: Handler | None, error: Exception) -> None:
        """Count the failure; try again later, or mark the job dead and let its kind say what follows."""
        if job is None:
            return  # not even the start was written: the lease will run out
        retries = retries_of(handler, job)
        failures = job.failures + 1
        pause = None if isinstance(error, Hopeless | WorkersDied) else retries.pause(failures)
        text = _describe(error)
        if pause is not None:
            with self._database.writing() as session:
                self._write_failure(session, claim, failures, text, again_at=self._clock.now() + pause)
            return
        try:
            with self._database.writing() as session:
                session.info.update({RUNNING: claim.id, LANE: claim.lane})
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
        self, session: Session, claim: Claim, failures: int, text: str, again_at: datetime | None
    ) -> None:
        session.flush()
        failed = {"failures": failures, "last_error": text[:_LONGEST_ERROR], "dead": again_at is None}
        if not claiming.release(session, claim, due_at=again_at or self._clock.now(), **failed):
            raise _LeaseLost


def _describe(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
