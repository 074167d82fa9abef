"""What a worker process does that a test is going to kill.

Jobs of the kind ``inside`` write a row; those of the kind ``outside`` append a line to a file, as
a letter would leave the house, and then write a row.
"""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path

from sqlalchemy.orm import Session

from bpm.clock import SystemClock
from bpm.db import Database, Setting, make_engine
from bpm.jobs.handlers import Handlers, InTransaction, Outside
from bpm.jobs.models import Job
from bpm.jobs.worker import Worker

LEASE = timedelta(milliseconds=700)


def handlers_for(folder: Path) -> Handlers:
    """The kinds of jobs of this test; effects that happen twice break the primary key."""

    def inside(session: Session, now: datetime, job: Job) -> None:
        session.add(Setting(key=job.payload["key"], value={}))
        session.flush()
        time.sleep(0.002)  # so that kills hit the middle

    def perform(key: str) -> str:
        with (folder / "sent").open("a") as sent:
            sent.write(f"{key}\n")
        time.sleep(0.002)
        return key

    def finish(session: Session, now: datetime, job: Job, key: str) -> None:
        session.add(Setting(key=key, value={}))

    handlers = Handlers()
    handlers.register("inside", InTransaction(inside))
    handlers.register(
        "outside", Outside(lambda s, now, job: str(job.payload["key"]), perform, finish, patience=LEASE)
    )
    return handlers


def work(url: str, folder: str, began: Connection) -> None:
    """Work until killed; say through ``began`` when that begins."""
    database = Database(make_engine(url))
    handlers = handlers_for(Path(folder))
    worker = Worker(database, SystemClock(), handlers, batch=5, lease=LEASE, most_starts=100)
    began.send(True)
    while True:
        if worker.run_until_idle() == 0:
            time.sleep(0.02)
