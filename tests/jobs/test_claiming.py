"""Who is taken next: priorities, turns between processes, and one job of an instance at a time."""

from __future__ import annotations

import multiprocessing
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from bpm.clock import MovableClock, SystemClock
from bpm.db import Database, make_engine
from bpm.jobs import claiming, commands
from bpm.jobs.handlers import Handlers, InTransaction, Outside
from bpm.jobs.models import Job
from bpm.jobs.worker import Worker

SECOND = timedelta(seconds=1)


class Diary:
    """What ran, in order."""

    def __init__(self) -> None:
        self.ran: list[str] = []
        self.handlers = Handlers()
        self.handlers.register(
            "note", InTransaction(lambda _s, _now, job: self.ran.append(job.payload["name"]))
        )


@pytest.fixture
def diary() -> Diary:
    return Diary()


@pytest.fixture
def enqueue(database: Database, clock: MovableClock) -> Callable[..., None]:
    def add(name: str, after: timedelta = timedelta(), **more: Any) -> None:
        with database.writing() as session:
            commands.enqueue(session, "note", {"name": name}, clock.now() + after, now=clock.now(), **more)

    return add


def test_one_job_of_a_process_does_not_wait_behind_a_thousand_of_another(
    database: Database, clock: MovableClock, diary: Diary, enqueue: Any
) -> None:
    # given a process with a thousand jobs, all older than the one of another process
    with database.writing() as session:
        for number in range(1000):
            due = clock.now() - timedelta(hours=1) + number * timedelta(milliseconds=1)
            commands.enqueue(session, "note", {"name": f"many {number}"}, due, now=clock.now(), lane=1)
    enqueue("the one", lane=2)

    # when one batch is run
    Worker(database, clock, diary.handlers, batch=20).run_due()

    # then both had their turn, each in the order in which its jobs were planned
    assert "the one" in diary.ran
    many = [name for name in diary.ran if name != "the one"]
    assert many == [f"many {number}" for number in range(len(many))]


def test_a_batch_is_full_though_only_one_process_has_work(
    database: Database, clock: MovableClock, diary: Diary, enqueue: Any
) -> None:
    for number in range(30):
        enqueue(str(number), lane=7)

    assert Worker(database, clock, diary.handlers, batch=20).run_due() == 20


def test_a_higher_priority_goes_before_older_jobs_but_not_before_its_time(
    database: Database, clock: MovableClock, diary: Diary, enqueue: Any
) -> None:
    for number in range(30):
        enqueue(f"low {number}", after=-SECOND, lane=1)
    enqueue("high", priority=5, lane=2)
    enqueue("later", after=SECOND, priority=9, lane=2)

    worker = Worker(database, clock, diary.handlers, batch=5)
    worker.run_due()

    assert diary.ran[0] == "high"
    worker.run_until_idle()
    assert "later" not in diary.ran and len(diary.ran) == 31


def test_a_job_enqueued_by_a_job_stays_in_its_lane(
    database: Database, clock: MovableClock, enqueue: Any
) -> None:
    handlers = Handlers()
    handlers.register(
        "note",
        InTransaction(lambda s, now, job: commands.enqueue(s, "letter", {}, now + SECOND, now=now) and None),
    )
    enqueue("first", lane=3)

    Worker(database, clock, handlers).run_due()

    with database.reading() as session:
        assert [job.lane for job in session.scalars(select(Job))] == [3]


def test_a_job_of_an_instance_that_has_one_running_is_not_claimed(
    database: Database, clock: MovableClock, diary: Diary, enqueue: Any
) -> None:
    enqueue("first", instance_id=5)
    (first,) = claiming.claim(database, clock.now(), most=20, lease=60 * SECOND)
    assert claiming.start(database, first, clock.now() + 60 * SECOND) is not None
    enqueue("second", instance_id=5)
    enqueue("other", instance_id=6)

    assert Worker(database, clock, diary.handlers).run_until_idle() == 1
    assert diary.ran == ["other"]

    # when the worker of the first one has died, its lease ends and everything is done
    clock.advance(61 * SECOND)
    Worker(database, clock, diary.handlers).run_until_idle()
    assert sorted(diary.ran) == ["first", "other", "second"]


def test_of_two_claimed_jobs_of_an_instance_the_second_is_not_started(
    database: Database, clock: MovableClock, enqueue: Any
) -> None:
    enqueue("first", instance_id=5)
    enqueue("second", instance_id=5)
    first, second = claiming.claim(database, clock.now(), most=2, lease=60 * SECOND)

    assert claiming.start(database, first, clock.now() + 60 * SECOND) is not None
    assert claiming.start(database, second, clock.now() + 60 * SECOND) is None


def test_what_stands_behind_a_slow_call_is_given_back(
    database: Database, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[str] = []
    handlers = Handlers()
    handlers.register("quick", InTransaction(lambda _s, _now, _job: ran.append("quick")))
    handlers.register(
        "call", Outside(lambda _s, _now, _job: 1, lambda _data: ran.append("call"), lambda *_: None)
    )
    with database.writing() as session:
        for kind in ("call", "call", "quick"):
            commands.enqueue(session, kind, {}, clock.now(), now=clock.now())
    # given that any call takes too long
    monkeypatch.setattr("bpm.jobs.worker._LONGEST_BATCH", 0.0)
    worker = Worker(database, clock, handlers)

    # then what is quick is done first, and the rest waits for whoever is free
    worker.run_due()
    assert ran == ["quick"]
    with database.reading() as session:
        left = session.scalars(select(Job)).all()
    assert [(job.lease_token, job.due_at <= clock.now()) for job in left] == [(None, True)] * 2
    worker.run_until_idle()
    assert ran == ["quick", "call", "call"]


def work_alone(url: str, folder: str) -> None:
    """A worker process with two threads, whose jobs write down when they begin and end."""
    database = Database(make_engine(url))

    def perform(name: str) -> None:
        with (Path(folder) / "diary").open("a") as diary:
            diary.write(f"{name} {time.monotonic_ns()} ")
            time.sleep(0.004)
            diary.write(f"{time.monotonic_ns()}\n")

    handlers = Handlers()
    handlers.register("alone", Outside(lambda _s, _now, job: job.payload["name"], perform, lambda *_: None))
    worker = Worker(database, SystemClock(), handlers, batch=3)

    def until_done() -> None:
        end = time.monotonic() + 60
        while time.monotonic() < end:
            if worker.run_until_idle() == 0:
                with database.reading() as session:
                    if session.scalar(select(func.count()).select_from(Job)) == 0:
                        return

    threads = [threading.Thread(target=until_done) for _number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_jobs_of_one_instance_never_overlap_on_several_processes(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    # given four instances with twelve jobs each
    now = SystemClock().now()
    with database.writing() as session:
        for number in range(48):
            name = str(number % 4)
            commands.enqueue(session, "alone", {"name": name}, now, now=now, instance_id=1 + number % 4)
    # when two processes with two threads each run them
    spawning = multiprocessing.get_context("forkserver")
    processes = [spawning.Process(target=work_alone, args=(database_url, str(tmp_path))) for _n in range(2)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(timeout=90)
    # then each ran once, and of one instance one after the other
    lines = [line.split() for line in (tmp_path / "diary").read_text().splitlines()]
    assert len(lines) == 48
    for name in "0123":
        stretches = sorted((int(begin), int(end)) for which, begin, end in lines if which == name)
        assert len(stretches) == 12
        assert all(before[1] <= after[0] for before, after in pairwise(stretches))
