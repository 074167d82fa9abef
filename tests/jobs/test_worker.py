"""The worker: effects happen, once, whatever is late, slow or broken."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from bpm.clock import MovableClock
from bpm.db import Database, Setting
from bpm.jobs import commands, queries
from bpm.jobs.handlers import Handlers, Hopeless, InTransaction, Outside, Retry
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


def test_two_workers_never_share_a_job(
    database: Database, clock: MovableClock, handlers: Handlers, enqueue: Any
) -> None:
    for number in range(60):
        enqueue("mark", {"key": str(number)})
    workers = [Worker(database, clock, handlers, batch=5) for _ in range(4)]
    threads = [threading.Thread(target=worker.run_until_idle) for worker in workers]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)

    # a second run of a job would break the primary key of its effect
    assert len(effects(database)) == 60
    assert jobs_in(database) == []


def test_job_of_a_dead_worker_becomes_due_when_its_lease_ends(
    database: Database, clock: MovableClock, worker: Worker, handlers: Handlers, enqueue: Any
) -> None:
    enqueue("mark", {"key": "once"})
    Worker(database, clock, handlers)._claim()  # and here the process dies

    assert worker.run_due() == 0
    clock.advance(2 * MINUTE)
    assert worker.run_due() == 1
    assert "once" in effects(database)


def test_lease_lost_while_the_handler_runs_undoes_its_effect(
    database: Database, clock: MovableClock, enqueue: Any
) -> None:
    def slow(session: Session, now: datetime, job: Job) -> None:
        mark(session, "half done")
        session.flush()
        session.execute(update(Job).values(lease_token="another worker"))

    handlers = Handlers()
    handlers.register("slow", InTransaction(slow))
    enqueue("slow")

    Worker(database, clock, handlers).run_due()

    assert effects(database) == {}
    assert len(jobs_in(database)) == 1


def test_failure_is_counted_and_told_and_tried_again_with_growing_pauses(
    database: Database, clock: MovableClock, enqueue: Any
) -> None:
    def fail(session: Session, now: datetime, job: Job) -> None:
        mark(session, "half done")
        raise RuntimeError("no luck")

    handlers = Handlers()
    handlers.register("fail", InTransaction(fail, retries=Retry((MINUTE, 5 * MINUTE))))
    worker = Worker(database, clock, handlers)
    enqueue("fail")
    expected = [(1, False, MINUTE), (2, False, 5 * MINUTE), (3, True, timedelta())]

    for failures, dead, pause in expected:
        assert worker.run_until_idle() == 1
        (job,) = jobs_in(database)
        assert (job.failures, job.dead, job.last_error) == (failures, dead, "RuntimeError: no luck")
        assert job.due_at == clock.now() + pause
        clock.advance(pause)

    assert worker.run_until_idle() == 0
    assert effects(database) == {}


def test_default_of_service_steps_is_three_more_tries() -> None:
    pauses = [Retry().pause(failures) for failures in (1, 2, 3, 4)]

    assert pauses == [MINUTE, 5 * MINUTE, 30 * MINUTE, None]


def test_dead_job_lets_its_kind_say_what_follows(
    database: Database, clock: MovableClock, enqueue: Any
) -> None:
    def fail(session: Session, now: datetime, job: Job) -> None:
        raise Hopeless("the address does not exist")

    handlers = Handlers()
    handlers.register(
        "fail",
        InTransaction(
            fail, give_up=lambda session, now, job, error: mark(session, "incident", text=str(error))
        ),
    )
    enqueue("fail")

    Worker(database, clock, handlers).run_until_idle()

    assert effects(database) == {"incident": {"text": "the address does not exist"}}
    assert [job.dead for job in jobs_in(database)] == [True]


def test_job_stays_dead_when_its_giving_up_fails(
    database: Database, clock: MovableClock, enqueue: Any
) -> None:
    def fail(session: Session, now: datetime, job: Job) -> None:
        raise Hopeless("first")

    def give_up(session: Session, now: datetime, job: Job, error: Exception) -> None:
        raise RuntimeError("second")

    handlers = Handlers()
    handlers.register("fail", InTransaction(fail, give_up=give_up))
    enqueue("fail")

    Worker(database, clock, handlers).run_until_idle()

    (job,) = jobs_in(database)
    assert job.dead
    assert "first" in (job.last_error or "")
    assert "second" in (job.last_error or "")


def test_job_that_kills_its_workers_is_given_up(
    database: Database, clock: MovableClock, enqueue: Any
) -> None:
    class Killed(BaseException):
        """Ends a worker as a signal would: nothing of the program runs afterwards."""

    def kill(session: Session, now: datetime, job: Job) -> None:
        raise Killed

    handlers = Handlers()
    handlers.register("kill", InTransaction(kill, give_up=lambda s, now, job, error: mark(s, "incident")))
    worker = Worker(database, clock, handlers, most_starts=3)
    enqueue("kill")

    for _ in range(3):
        with pytest.raises(Killed):
            worker.run_due()
        clock.advance(2 * MINUTE)
    worker.run_due()

    assert [job.dead for job in jobs_in(database)] == [True]
    assert "incident" in effects(database)


def test_kind_without_a_handler_is_kept_and_told(database: Database, worker: Worker, enqueue: Any) -> None:
    enqueue("unknown")

    worker.run_due()

    (job,) = jobs_in(database)
    assert "unknown" in (job.last_error or "")


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


def test_stopped_worker_gives_back_what_it_did_not_start(
    database: Database, clock: MovableClock, enqueue: Any
) -> None:
    handlers = Handlers()
    worker = Worker(database, clock, handlers)
    handlers.register("stop", InTransaction(lambda session, now, job: worker.stop()))
    for _ in range(3):
        enqueue("stop")

    worker.run_until_idle()

    assert [(job.lease_token, job.due_at <= clock.now()) for job in jobs_in(database)] == [(None, True)] * 2


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
