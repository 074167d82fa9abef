"""What a worker does with jobs that are due: once, in order, together with their effect."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bpm.clock import MovableClock
from bpm.db import Database
from bpm.jobs import commands
from bpm.jobs.handlers import Handlers, InTransaction, Outside
from bpm.jobs.models import Job
from bpm.jobs.worker import Worker
from tests.jobs.conftest import MINUTE, effects, jobs_in, mark


def test_effect_and_deletion_commit_together(database: Database, worker: Worker, enqueue: Any) -> None:
    for number in range(3):
        enqueue("mark", {"key": str(number)})

    assert worker.run_due() == 3
    assert set(effects(database)) == {"0", "1", "2"}
    assert jobs_in(database) == []


def test_rolled_back_enqueue_leaves_no_job(database: Database, clock: MovableClock) -> None:
    with pytest.raises(ZeroDivisionError), database.writing() as session:
        commands.enqueue(session, "mark", {}, clock.now(), now=clock.now())
        session.flush()
        raise ZeroDivisionError

    assert jobs_in(database) == []


def test_future_job_waits_for_its_time(
    database: Database, worker: Worker, enqueue: Any, clock: MovableClock
) -> None:
    enqueue("mark", {"key": "later"}, after=timedelta(days=3))

    assert worker.run_until_idle() == 0
    clock.advance(timedelta(days=3))
    assert worker.run_until_idle() == 1
    assert "later" in effects(database)


def test_batches_follow_one_another_until_nothing_is_due(worker: Worker, enqueue: Any) -> None:
    for number in range(25):
        enqueue("mark", {"key": str(number)})

    assert worker.run_until_idle() == 25


def test_higher_priority_runs_first_among_jobs_due_together(
    database: Database, clock: MovableClock, enqueue: Any
) -> None:
    order: list[str] = []
    handlers = Handlers()
    handlers.register("note", InTransaction(lambda session, now, job: order.append(job.payload["key"])))
    enqueue("note", {"key": "low"})
    enqueue("note", {"key": "high"}, priority=5)

    Worker(database, clock, handlers).run_due()

    assert order == ["high", "low"]


def test_handler_knows_when_its_job_was_planned(
    database: Database, clock: MovableClock, enqueue: Any
) -> None:
    planned: list[datetime] = []
    handlers = Handlers()
    handlers.register("note", InTransaction(lambda session, now, job: planned.append(job.planned_at)))
    job = enqueue("note", after=MINUTE)
    clock.advance(timedelta(hours=1))

    Worker(database, clock, handlers).run_due()

    assert planned == [job.planned_at]


def test_outside_handler_acts_without_an_open_transaction(
    database: Database, clock: MovableClock, enqueue: Any
) -> None:
    def perform(data: str) -> str:
        # on SQLite this would wait forever if the worker still held the write lock
        with database.writing() as session:
            mark(session, "other work")
        return data.upper()

    handlers = Handlers()
    handlers.register(
        "call",
        Outside(
            prepare=lambda session, now, job: str(job.payload["text"]),
            perform=perform,
            finish=lambda session, now, job, result: mark(session, "answer", text=result),
        ),
    )
    enqueue("call", {"text": "hello"})

    Worker(database, clock, handlers).run_until_idle()

    assert effects(database)["answer"] == {"text": "HELLO"}
    assert jobs_in(database) == []


def test_outside_job_with_nothing_left_to_do_ends(
    database: Database, clock: MovableClock, enqueue: Any
) -> None:
    handlers = Handlers()
    handlers.register(
        "call",
        Outside(
            prepare=lambda session, now, job: None,
            perform=lambda data: mark_never(),
            finish=lambda session, now, job, result: mark_never(),
        ),
    )
    enqueue("call")

    Worker(database, clock, handlers).run_until_idle()

    assert jobs_in(database) == []


def mark_never() -> None:
    raise AssertionError("nothing was left to do")


def test_cancelled_while_it_runs_outside_leaves_no_result(
    database: Database, clock: MovableClock, enqueue: Any
) -> None:
    def cancel_meanwhile(data: int) -> None:
        with database.writing() as session:
            commands.cancel(session, instance_id=7)

    handlers = Handlers()
    handlers.register(
        "call",
        Outside(
            prepare=lambda session, now, job: 1,
            perform=cancel_meanwhile,
            finish=lambda session, now, job, result: mark(session, "answer"),
        ),
    )
    enqueue("call", instance_id=7)

    Worker(database, clock, handlers).run_until_idle()

    assert effects(database) == {}
    assert jobs_in(database) == []


def test_handler_may_cancel_all_jobs_of_its_instance(
    database: Database, clock: MovableClock, enqueue: Any
) -> None:
    """A timer that ends its instance: the effect stays, every job of the instance is gone."""

    def end(session: Session, now: datetime, job: Job) -> None:
        commands.cancel(session, instance_id=7)
        mark(session, "ended")

    handlers = Handlers()
    handlers.register("timer", InTransaction(end))
    enqueue("timer", instance_id=7)
    enqueue("timer", after=MINUTE, instance_id=7)

    Worker(database, clock, handlers).run_until_idle()

    assert "ended" in effects(database)
    assert jobs_in(database) == []


def test_handler_may_enqueue_its_successor_under_the_same_key(
    database: Database, clock: MovableClock, enqueue: Any
) -> None:
    def again(session: Session, now: datetime, job: Job) -> None:
        commands.enqueue(session, "cycle", {}, now + MINUTE, now=now, unique_key="cycle")

    handlers = Handlers()
    handlers.register("cycle", InTransaction(again))
    worker = Worker(database, clock, handlers)
    enqueue("cycle", unique_key="cycle")

    for _ in range(3):
        assert worker.run_until_idle() == 1
        assert [job.unique_key for job in jobs_in(database)] == ["cycle"]
        clock.advance(MINUTE)


def test_whoever_needs_all_effects_waits_for_the_other_threads(
    database: Database, clock: MovableClock, enqueue: Any
) -> None:
    begun, may_end = threading.Event(), threading.Event()

    def slow(data: int) -> int:
        begun.set()
        assert may_end.wait(10)
        return data

    handlers = Handlers()
    finish = lambda session, now, job, result: mark(session, "answer")  # noqa: E731
    handlers.register("call", Outside(lambda session, now, job: 1, slow, finish))
    worker = Worker(database, clock, handlers)
    enqueue("call")
    other = threading.Thread(target=worker.run_due)
    other.start()
    assert begun.wait(10)
    threading.Timer(0.05, may_end.set).start()

    assert worker.run_until_quiet() == 0

    assert "answer" in effects(database)
    other.join()


def test_a_second_handler_for_a_kind_is_refused(handlers: Handlers) -> None:
    with pytest.raises(ValueError, match="mark"):
        handlers.register("mark", InTransaction(lambda session, now, job: None))


def test_claim_uses_the_index_of_due_times(database: Database, clock: MovableClock) -> None:
    due = select(func.count()).select_from(Job).where(Job.due_at <= clock.now(), Job.dead.is_(False))
    if database.engine.dialect.name == "sqlite":
        due = select(Job.id).where(Job.due_at <= clock.now(), Job.dead == False).order_by(Job.due_at)  # noqa: E712
        with database.reading() as session:
            text = str(due.compile(database.engine, compile_kwargs={"literal_binds": True}))
            plan = session.connection().exec_driver_sql("EXPLAIN QUERY PLAN " + text).all()
        assert "ix_job_due_at" in str(plan)
