"""Jobs that fail, workers that die: tried again, given back, given up — and told."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from bpm.clock import MovableClock
from bpm.db import Database
from bpm.jobs.handlers import Handlers, Hopeless, InTransaction, Retry
from bpm.jobs.models import Job
from bpm.jobs.worker import Worker
from tests.jobs.conftest import MINUTE, effects, jobs_in, mark


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
