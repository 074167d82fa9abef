"""The heartbeat of a process that works: threads that run what is due, woken by a bell.

APScheduler rings the bell every second, for jobs whose time has come; a committed job that is
due at once rings it at once. APScheduler stores nothing: the job table does.
"""

from __future__ import annotations

import logging
import threading
from typing import Any

from apscheduler.schedulers.background import BackgroundScheduler

from bpm.db import Database
from bpm.jobs.wakeup import Bell, Listener
from bpm.jobs.worker import Worker

_log = logging.getLogger(__name__)


class Ticker:
    """Runs a worker in the background of this process until it is stopped."""

    def __init__(
        self,
        worker: Worker,
        database: Database | None = None,
        *,
        threads: int = 2,
        interval: float = 1.0,
    ) -> None:
        """
        Args:
            database: given, and a PostgreSQL: jobs committed by other processes wake this one at once.
            threads: how many jobs run at the same time; more than one, so that a slow call
                outside does not hold up a timer.
            interval: seconds between two looks at the table.
        """
        self._worker = worker
        self._interval = interval
        self._stopping = threading.Event()
        self._bells = [Bell() for _ in range(threads)]
        self._threads = [
            threading.Thread(target=self._work, args=(bell,), name=f"bpm-worker-{number}", daemon=True)
            for number, bell in enumerate(self._bells)
        ]
        self._scheduler: Any = BackgroundScheduler(daemon=True, timezone="UTC")
        self._listener: Listener | None = None
        if database is not None and database.engine.dialect.name == "postgresql":
            self._listener = Listener(database.engine, self._bells[0])

    def start(self) -> None:
        """Start the threads and the heartbeat."""
        for thread in self._threads:
            thread.start()
        if self._listener is not None:
            self._listener.start()
        self._scheduler.add_job(
            self._ring,
            "interval",
            seconds=self._interval,
            max_instances=1,
            coalesce=True,
            misfire_grace_time=None,
        )
        self._scheduler.start()

    def stop(self, patience: float = 30.0) -> None:
        """Stop gracefully: jobs at hand are finished, claimed ones given back.

        Args:
            patience: seconds to wait for the jobs at hand. One that takes longer is run again
                by another worker when its lease is over.
        """
        self._stopping.set()
        self._worker.stop()
        if self._scheduler.running:
            self._scheduler.shutdown(wait=True)
        if self._listener is not None:
            self._listener.stop()
        self._ring()
        for thread in self._threads:
            if thread.is_alive():
                thread.join(timeout=patience)

    def _ring(self) -> None:
        for bell in self._bells:
            bell.ring()

    def _work(self, bell: Bell) -> None:
        while not self._stopping.is_set():
            bell.sleep()
            try:
                self._worker.run_until_idle()
            except Exception:
                # the database may be away; the next tick tries again
                _log.exception("The worker could not run what is due.")
