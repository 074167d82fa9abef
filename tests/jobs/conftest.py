"""A worker, jobs for it, and what they leave behind."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bpm.clock import MovableClock
from bpm.db import Database, Setting
from bpm.jobs import commands, queries
from bpm.jobs.handlers import Handlers, InTransaction
from bpm.jobs.models import Job
from bpm.jobs.worker import Worker

MINUTE = timedelta(minutes=1)


def mark(session: Session, key: str, **value: Any) -> None:
    """The effect of a test job: a row that may exist only once."""
    session.add(Setting(key=key, value=value))


def effects(database: Database) -> dict[str, Any]:
    with database.reading() as session:
        return {row.key: row.value for row in session.scalars(select(Setting))}


def jobs_in(database: Database) -> list[Job]:
    with database.reading() as session:
        return list(queries.jobs(session))


@pytest.fixture
def handlers() -> Handlers:
    handlers = Handlers()
    handlers.register("mark", InTransaction(lambda session, now, job: mark(session, job.payload["key"])))
    return handlers


@pytest.fixture
def worker(database: Database, clock: MovableClock, handlers: Handlers) -> Worker:
    return Worker(database, clock, handlers, batch=10)


@pytest.fixture
def enqueue(database: Database, clock: MovableClock) -> Callable[..., Job]:
    def add(
        kind: str, payload: dict[str, Any] | None = None, after: timedelta = timedelta(), **more: Any
    ) -> Job:
        with database.writing() as session:
            return commands.enqueue(
                session, kind, payload or {}, clock.now() + after, now=clock.now(), **more
            )

    return add
