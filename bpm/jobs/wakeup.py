"""Wake the workers when a job that is due at once has been committed.

In this process a bell rings right after the commit. On PostgreSQL a NOTIFY inside the same
transaction also reaches the workers of other processes; rolled back, it is not delivered.
A lost wake-up costs at most one tick, never a job.
"""

from __future__ import annotations

import logging
import threading
from typing import Any
from weakref import WeakSet

import psycopg
from sqlalchemy import Engine, event, text
from sqlalchemy.orm import Session

CHANNEL = "bpm_job"
_NOTIFY = text(f"SELECT pg_notify('{CHANNEL}', '')")
_ANNOUNCED = "bpm.jobs.announced"
_log = logging.getLogger(__name__)


class Bell:
    """Something threads sleep on; each ring wakes one of them, or the next one that wants to sleep.

    Every bell of the process rings when a due job was committed.
    """

    _hung: WeakSet[Bell] = WeakSet()
    _lock = threading.Lock()

    def __init__(self) -> None:
        self._rung = False
        self._sleepers = threading.Condition()
        with Bell._lock:
            Bell._hung.add(self)

    def ring(self) -> None:
        """Wake whoever sleeps on this bell, or the next one who does."""
        with self._sleepers:
            self._rung = True
            self._sleepers.notify()

    def sleep(self, seconds: float | None = None) -> bool:
        """Sleep until the bell rings, at most ``seconds``; True if it rang."""
        with self._sleepers:
            rang = self._sleepers.wait_for(lambda: self._rung, seconds)
            self._rung = False
            return rang

    @classmethod
    def ring_all(cls) -> None:
        """Ring every bell of this process."""
        with cls._lock:
            bells = list(cls._hung)
        for bell in bells:
            bell.ring()


def announce(session: Session) -> None:
    """Let workers know, once this transaction is committed, that something is due."""
    transaction = session.get_transaction()
    if transaction is not None and session.info.get(_ANNOUNCED) is transaction:
        return  # once for each transaction
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        connection.execute(_NOTIFY)
    # the statement above may have begun the transaction
    session.info[_ANNOUNCED] = session.get_transaction() or True


@event.listens_for(Session, "after_commit")
def _ring_after_commit(session: Session) -> None:
    if session.in_nested_transaction():
        return  # only a savepoint was released: nobody else sees the job yet
    if session.info.pop(_ANNOUNCED, None) is not None:
        Bell.ring_all()


@event.listens_for(Session, "after_rollback")
def _forget_after_rollback(session: Session) -> None:
    session.info.pop(_ANNOUNCED, None)


class Listener:
    """A thread with a PostgreSQL connection of its own that rings a bell at every NOTIFY.

    It connects again whenever the connection breaks.
    """

    def __init__(self, engine: Engine, bell: Bell, *, pause: float = 2.0) -> None:
        """``pause``: seconds between two attempts to connect."""
        self._engine = engine
        self._bell = bell
        self._pause = pause
        self._stopping = threading.Event()
        self.listening = threading.Event()
        self._thread = threading.Thread(target=self._listen_forever, name="bpm-listener", daemon=True)

    def start(self) -> None:
        """Start listening."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread; it is gone within about a second."""
        self._stopping.set()
        self._thread.join(timeout=5)

    def _listen_forever(self) -> None:
        while not self._stopping.is_set():
            try:
                self._listen()
            except psycopg.Error as error:
                _log.warning("The wake-up connection broke, connecting again: %s", error)
            self.listening.clear()
            self._stopping.wait(self._pause)

    def _listen(self) -> None:
        positional, named = self._engine.dialect.create_connect_args(self._engine.url)
        settings: dict[str, Any] = dict(named)
        settings.pop("context", None)
        with psycopg.connect(*positional, **settings, autocommit=True) as connection:
            connection.execute(f"LISTEN {CHANNEL}")
            self.listening.set()
            self._bell.ring()  # something may have come while nobody listened
            while not self._stopping.is_set():
                for _notice in connection.notifies(timeout=1.0, stop_after=1):
                    self._bell.ring()
