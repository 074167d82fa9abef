"""kill -9 of workers at random moments: no job is lost, no effect in the database happens twice."""

from __future__ import annotations

import contextlib
import multiprocessing
import random
import time
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import func, select, update

from bpm.clock import SystemClock
from bpm.db import Database, Setting
from bpm.jobs import commands
from bpm.jobs.models import Job
from bpm.jobs.worker import Worker
from tests.faults.worker_process import handlers_for, work

JOBS = 240
WORKERS = 2
KILLS = 10
LONGEST = 12.0  # seconds of killing, if the workers are slow to start


# a process that has imported everything and forks the workers, so that each begins at once
_nursery = multiprocessing.get_context("forkserver")
_nursery.set_forkserver_preload(["tests.faults.worker_process"])


class RunningWorker:
    """A process that works until it is killed."""

    def __init__(self, url: str, folder: Path) -> None:
        self._began, begins = _nursery.Pipe(duplex=False)
        self._process = _nursery.Process(target=work, args=(url, str(folder), begins), daemon=True)
        self._process.start()
        begins.close()

    def wait_until_it_works(self) -> None:
        assert self._began.poll(30)

    def kill(self) -> None:
        self._process.kill()
        self._process.join()
        self._process.close()
        self._began.close()


@contextlib.contextmanager
def workers(url: str, folder: Path) -> Iterator[list[RunningWorker]]:
    running = [RunningWorker(url, folder) for _number in range(WORKERS)]
    try:
        yield running
    finally:
        for worker in running:
            worker.kill()


def waiting(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(Job)) or 0


def test_killed_workers_lose_nothing(database: Database, database_url: str, tmp_path: Path) -> None:
    clock = SystemClock()
    with database.writing() as session:
        for number in range(JOBS):
            kind = "inside" if number % 2 else "outside"
            payload = {"key": f"{kind}-{number}"}
            commands.enqueue(session, kind, payload, clock.now(), now=clock.now())
    chance = random.Random(1)
    kills = 0

    with workers(database_url, tmp_path) as running:
        started = time.monotonic()
        while kills < KILLS and waiting(database) > 0 and time.monotonic() - started < LONGEST:
            number = chance.randrange(WORKERS)
            running[number].wait_until_it_works()
            time.sleep(chance.uniform(0.0, 0.1))
            running[number].kill()
            kills += 1
            running[number] = RunningWorker(database_url, tmp_path)

    # the leases of the dead run out, and a last worker does what is left
    with database.writing() as session:
        session.execute(update(Job).values(due_at=clock.now()))
    Worker(database, clock, handlers_for(tmp_path), most_starts=100).run_until_idle()

    assert kills >= 3
    assert waiting(database) == 0
    with database.reading() as session:
        effects = set(session.scalars(select(Setting.key)))
    expected = {f"{'inside' if number % 2 else 'outside'}-{number}" for number in range(JOBS)}
    assert effects == expected
    # what leaves the house may leave again after a kill, but always under its own key
    sent = (tmp_path / "sent").read_text().split()
    assert set(sent) == {key for key in expected if key.startswith("outside")}
    assert len(sent) - len(set(sent)) <= kills
