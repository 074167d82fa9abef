"""The background of a process: what is committed runs at once, and stopping loses nothing."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta

import psycopg
import pytest
from sqlalchemy import text

from bpm.clock import SystemClock
from bpm.db import Database
from bpm.jobs import commands
from bpm.jobs.handlers import Handlers, InTransaction
from bpm.jobs.ticker import Ticker
from bpm.jobs.wakeup import Bell, Listener
from bpm.jobs.worker import Worker

CLOCK = SystemClock()
PATIENCE = 10.0  # seconds; reached only by a failing test


@pytest.fixture
def ran() -> threading.Event:
    return threading.Event()


@pytest.fixture
def worker(database: Database, ran: threading.Event) -> Worker:
    handlers = Handlers()
    handlers.register("ring", InTransaction(lambda session, now, job: ran.set()))
    return Worker(database, CLOCK, handlers)


@pytest.fixture
def ticker(worker: Worker, database: Database) -> Iterator[Ticker]:
    # so rare a heartbeat that only the wake-up can have run a job within the test's patience
    ticker = Ticker(worker, database, interval=3600)
    ticker.start()
    yield ticker
    ticker.stop()


def enqueue(database: Database) -> None:
    with database.writing() as session:
        commands.enqueue(session, "ring", {}, CLOCK.now(), now=CLOCK.now())


def test_committed_job_runs_at_once(ticker: Ticker, database: Database, ran: threading.Event) -> None:
    enqueue(database)

    assert ran.wait(PATIENCE)


def test_heartbeat_finds_jobs_that_nobody_announced(
    worker: Worker, database: Database, ran: threading.Event
) -> None:
    ticker = Ticker(worker, threads=1, interval=0.05)
    enqueue(database)
    ticker.start()

    assert ran.wait(PATIENCE)
    ticker.stop()


def test_bell_rings_after_the_commit_and_not_after_a_rollback(database: Database) -> None:
    bell = Bell()
    with pytest.raises(ZeroDivisionError), database.writing() as session:
        commands.enqueue(session, "ring", {}, CLOCK.now(), now=CLOCK.now())
        raise ZeroDivisionError
    assert not bell.sleep(0)

    with database.writing() as session:
        with session.begin_nested():
            commands.enqueue(session, "ring", {}, CLOCK.now(), now=CLOCK.now())
        assert not bell.sleep(0)
    assert bell.sleep(0)


def test_other_processes_are_woken_and_a_broken_connection_is_replaced(database: Database) -> None:
    if database.engine.dialect.name != "postgresql":
        pytest.skip("SQLite is used by one process")
    bell = Bell()
    listener = Listener(database.engine, bell, pause=0.05)
    listener.start()
    assert listener.listening.wait(PATIENCE)
    bell.sleep(0)

    notify(database)
    assert bell.sleep(PATIENCE)

    listener.listening.clear()
    with database.writing() as session:
        session.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE query LIKE 'LISTEN%' AND datname = current_database()"
            )
        )
    assert listener.listening.wait(PATIENCE)
    bell.sleep(0)
    notify(database)
    assert bell.sleep(PATIENCE)
    listener.stop()


def notify(database: Database) -> None:
    """What another process does."""
    url = database.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("NOTIFY bpm_job")


def test_the_heart_beats_when_the_next_job_is_due(
    ticker: Ticker, worker: Worker, database: Database, ran: threading.Event
) -> None:
    # given a job that is due soon, and a process that looks at the table only then
    ticker.stop()
    with database.writing() as session:
        commands.enqueue(session, "ring", {}, CLOCK.now() + timedelta(seconds=0.5), now=CLOCK.now())
    fresh = Ticker(Worker(database, CLOCK, worker._handlers), database, interval=3600)
    fresh.start()

    assert ran.wait(PATIENCE)
    fresh.stop()


def test_what_every_beat_begins_with_is_done(worker: Worker) -> None:
    beaten = threading.Event()
    ticker = Ticker(worker, threads=0, interval=0.05, before=beaten.set)
    ticker.start()

    assert beaten.wait(PATIENCE)
    ticker.stop()


def test_a_ring_wakes_one_sleeper() -> None:
    bell, woken = Bell(), []
    sleepers = [threading.Thread(target=lambda: woken.append(bell.sleep(0.5))) for _number in range(3)]
    for sleeper in sleepers:
        sleeper.start()
    bell.ring()
    for sleeper in sleepers:
        sleeper.join()

    assert sorted(woken) == [False, False, True]
