"""The heartbeat of a process that works: threads that run what is due, woken by a bell.

APScheduler is the heart: it beats when the next job is due, and once a second in any case; a
committed job that is due at once rings the bell at once. It stores nothing: the job table knows
everything.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from apscheduler.schedulers.background import BackgroundScheduler

from bpm.db import Database
from bpm.jobs import queries
from bpm.jobs.wakeup import Bell, Listener
from bpm.jobs.worker import Worker

_log = logging.getLogger(__name__)
# a beat that comes while the one before it still looks is left out: that is no news
logging.getLogger("apscheduler").setLevel(logging.ERROR)
_SHORTEST = 0.02
# a beat that was missed is made up once, however late
_CALMLY = {"max_instances": 1, "coalesce": True, "misfire_grace_time": None}


def _soon(seconds: float) -> datetime:
    return datetime.now(UTC) + timedelta(seconds=seconds)


class Ticker:
    """Runs a worker in the background of this process until it is stopped."""

    def __init__(
        self,
        worker: Worker,
        database: Database | None = None,
        *,
        threads: int = 2,
        interval: float = 1.0,
        before: Callable[[], None] | None = None,
        chore: Callable[[], object] | None = None,
        chore_every: float = 15.0,
    ) -> None:
        """
        Args:
            database: given, the heart also beats when the next job is due; and if it is a
                PostgreSQL, jobs committed by other processes wake this one at once.
            threads: how many jobs run at the same time; more than one, so that a slow call
                outside does not hold up a timer.
            interval: the most seconds between two looks at the table.
            before: done at each beat before looking, for instance reading a clock anew.
            chore: done now and then beside the jobs, every ``chore_every`` seconds.
        """
        self._worker = worker
        self._database = database
        self._interval = interval
        self._before = before
        self._stopping = threading.Event()
        # one bell for all: each ring wakes one thread that has nothing to do
        self._bell = Bell()
        self._threads = [
            threading.Thread(target=self._work, name=f"bpm-worker-{number}", daemon=True)
            for number in range(threads)
        ]
        self._chore = chore if threads else None
        self._chore_every = chore_every
        self._scheduler: Any = BackgroundScheduler(daemon=True, timezone="UTC", job_defaults=_CALMLY)
        self._listener: Listener | None = None
        if threads and database is not None and database.engine.dialect.name == "postgresql":
            self._listener = Listener(database.engine, self._bell)

    def start(self) -> None:
        """Start the threads and the heartbeat."""
        for thread in self._threads:
            thread.start()
        if self._listener is not None:
            self._listener.start()
        self._scheduler.add_job(self._beat, "interval", seconds=self._interval, next_run_time=_soon(0))
        if self._chore is not None:
            self._scheduler.add_job(self._tidy, "interval", seconds=self._chore_every, next_run_time=_soon(0))
        self._scheduler.start()

    def stop(self, patience: float = 30.0) -> None:
        """Stop gracefully: jobs at hand are finished, claimed ones given back.

        Args:
            patience: seconds to wait for the jobs at hand, all together. One that takes longer is
                run again by another worker when its lease is over.
        """
        end = time.monotonic() + patience
        self._stopping.set()
        self._worker.stop()
        self._bell.ring()
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
        if self._listener is not None:
            self._listener.stop()
        for thread in self._threads:
            if thread.is_alive():
                thread.join(timeout=max(0.0, end - time.monotonic()))

    def _beat(self) -> None:
        try:
            if self._before is not None:
                self._before()
            pause = self._pause()
        except Exception:
            # the database may be away; the next beat tries again
            _log.exception("The worker could not look for what is due.")
            return
        self._bell.ring()
        if pause < self._interval and not self._stopping.is_set():
            self._scheduler.add_job(
                self._beat, "date", run_date=_soon(pause), id="due", replace_existing=True
            )

    def _pause(self) -> float:
        """Return the seconds until the next job is due, at most the interval."""
        if self._database is None or not self._threads:
            return self._interval
        with self._database.reading() as session:
            due = queries.next_due(session, after=self._worker.now())
        if due is None:
            return self._interval
        return min(self._interval, max(_SHORTEST, (due - self._worker.now()).total_seconds()))

    def _tidy(self) -> None:
        try:
            if self._chore is not None and not self._stopping.is_set():
                self._chore()
        except Exception:
            _log.exception("The worker could not look after the cases.")

    def _work(self) -> None:
        while True:
            self._bell.sleep()
            if self._stopping.is_set():
                self._bell.ring()  # the next thread
                return
            try:
                self._worker.run_until_idle(more=self._bell.ring)
            except Exception:
                _log.exception("The worker could not run what is due.")
