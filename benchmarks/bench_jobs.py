"""The worker with a million jobs in the future, and with a hundred thousand due in one process.

    python -m benchmarks.bench_jobs [--future 1000000] [--due 100000]

A timer is due within a second with the table full; a claim costs a few milliseconds; the one job of
one process does not wait behind those of another.
"""

from __future__ import annotations

import argparse
import statistics
import threading
import time
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import delete, text
from sqlalchemy.orm import Session

from benchmarks.bench_engine import databases
from bpm import tables
from bpm.clock import SystemClock
from bpm.db import Database
from bpm.jobs import claiming, commands
from bpm.jobs.handlers import Handlers, InTransaction
from bpm.jobs.models import Job
from bpm.jobs.ticker import Ticker
from bpm.jobs.worker import Worker

PROCESSES = 50
CLOCK = SystemClock()
LEASE = timedelta(seconds=60)


_FILL = """
INSERT INTO job (public_id, kind, payload, due_at, planned_at, priority, lane, starts, failures, dead,
 running, created_at)
SELECT :name || n, 'note', '{}', %(moment)s, %(moment)s, 0, 1 + n %% :lanes, 0, 0, false, false, :begin
FROM %(numbers)s"""
_OF_POSTGRESQL = {
    "moment": "CAST(:begin AS timestamptz) + n * interval '1 second'",
    "numbers": "generate_series(1, :count) AS n",
}
_OF_SQLITE = {
    "moment": "strftime('%Y-%m-%d %H:%M:%f000', :begin, n || ' seconds')",
    "numbers": "(WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < :count)"
    " SELECT n FROM c)",
}


def fill(database: Database, count: int, begin: datetime, lanes: int) -> None:
    """Write jobs, one second after the other from ``begin``, of ``lanes`` processes."""
    on_sqlite = database.engine.dialect.name == "sqlite"
    statement = text(_FILL % (_OF_SQLITE if on_sqlite else _OF_POSTGRESQL))
    moment = begin.strftime("%Y-%m-%d %H:%M:%S.%f") if on_sqlite else begin
    values = {"name": f"{lanes}_", "count": count, "lanes": lanes, "begin": moment}
    with database.writing() as session:
        session.execute(statement, values)
    with database.writing() as session:
        session.execute(text("ANALYZE"))


class Noted:
    """When each job ran."""

    def __init__(self, database: Database) -> None:
        self.at: dict[int, datetime] = {}
        self.one = threading.Event()
        handlers = Handlers()
        handlers.register("note", InTransaction(self._note))
        self.worker = Worker(database, CLOCK, handlers)

    def _note(self, _session: Session, _now: datetime, job: Job) -> None:
        self.at[job.id] = CLOCK.now()
        if job.payload.get("one"):
            self.one.set()


def enqueue(database: Database, due_at: datetime, lane: int) -> int:
    with database.writing() as session:
        job = commands.enqueue(session, "note", {"one": True}, due_at, now=CLOCK.now(), lane=lane)
        session.flush()
        return job.id


def claims(database: Database, lane: int) -> tuple[float, float]:
    """Return the median milliseconds of looking in vain, and of claiming one job."""
    vain, one = [], []
    for _number in range(15):
        begun = time.perf_counter()
        assert claiming.claim(database, CLOCK.now(), most=20, lease=LEASE) == []
        vain.append(time.perf_counter() - begun)
        number = enqueue(database, CLOCK.now(), lane)
        begun = time.perf_counter()
        assert len(claiming.claim(database, CLOCK.now(), most=20, lease=LEASE)) == 1
        one.append(time.perf_counter() - begun)
        with database.writing() as session:
            session.execute(delete(Job).where(Job.id == number))
    return statistics.median(vain) * 1000, statistics.median(one) * 1000


def lateness(database: Database) -> float:
    """Return by how many seconds the latest of five timers fired late, found by the heartbeat."""
    noted = Noted(database)
    ticker = Ticker(noted.worker, database)
    ticker.start()
    late = []
    for number in range(5):
        due_at = CLOCK.now() + timedelta(seconds=0.3 + number / 10)
        noted.one.clear()
        job = enqueue(database, due_at, lane=1)
        assert noted.one.wait(30), "the timer did not fire"
        late.append((noted.at[job] - due_at).total_seconds())
    ticker.stop()
    return max(late)


def turn(database: Database) -> tuple[float, int]:
    """Return seconds until the one job of another process ran, and how many ran before it."""
    noted = Noted(database)
    begun = time.perf_counter()
    enqueue(database, CLOCK.now(), lane=9999)
    while not noted.one.is_set():
        assert noted.worker.run_due() > 0
    return time.perf_counter() - begun, len(noted.at) - 1


def measure(name: str, database: Database, future: int, due: int) -> None:
    """Print the figures of one kind of database."""
    fill(database, future, datetime.now(UTC) + timedelta(days=1), PROCESSES)
    vain, one = claims(database, lane=1)
    print(
        f"{name:12} {future:,} future jobs: look in vain {vain:.1f} ms, claim one {one:.1f} ms"
        f"   timers late by at most {lateness(database):.2f} s   (budget 1 s)"
    )
    fill(database, due, datetime.now(UTC) - timedelta(days=30), 1)
    waited, before = turn(database)
    print(
        f"{'':12} {due:,} due jobs of one process, one of another: it ran after {waited * 1000:.0f} ms,"
        f" {before} of the others before it   ({drain(database):.0f} jobs/s with one thread)"
    )


def drain(database: Database, enough: int = 1000) -> float:
    """Return how many jobs one thread runs in a second."""
    noted: Any = Noted(database)
    begun, ran = time.perf_counter(), 0
    while ran < enough:
        ran += noted.worker.run_due()
    return ran / (time.perf_counter() - begun)


def main(arguments: list[str] | None = None) -> None:
    """Print the figures of every kind of database."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--future", type=int, default=1_000_000)
    parser.add_argument("--due", type=int, default=100_000)
    options = parser.parse_args(arguments)
    tables.load()
    with databases() as found:
        for name, database in found:
            measure(name, database, options.future, options.due)


if __name__ == "__main__":
    main()
