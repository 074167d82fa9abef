"""Enqueueing, cancelling, reviving."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from bpm.jobs import commands, queries
from bpm.jobs.models import Job

HOUR = timedelta(hours=1)


def keys(session: Session) -> list[str | None]:
    return [job.unique_key for job in queries.jobs(session)]


def test_key_admits_one_waiting_job(session: Session, now: datetime) -> None:
    first = commands.enqueue(session, "timer", {"n": 1}, now, now=now, unique_key="a")
    second = commands.enqueue(session, "timer", {"n": 2}, now + HOUR, now=now, unique_key="a")

    assert second.id == first.id
    assert (second.payload, second.due_at) == ({"n": 1}, now)


def test_key_of_a_dead_job_starts_it_anew(session: Session, now: datetime) -> None:
    dead = commands.enqueue(session, "timer", {"n": 1}, now, now=now, unique_key="a")
    dead.dead, dead.failures, dead.starts = True, 4, 4
    session.flush()

    job = commands.enqueue(session, "timer", {"n": 2}, now + HOUR, now=now, unique_key="a")

    assert job.id == dead.id
    assert (job.payload, job.due_at, job.dead, job.failures, job.starts) == (
        {"n": 2},
        now + HOUR,
        False,
        0,
        0,
    )


def test_cancel_takes_only_what_meets_every_condition(session: Session, now: datetime) -> None:
    for instance, key in [(1, "task:A:reminder"), (1, "task:A:escalation"), (1, "task:a:x"), (2, "task:A:z")]:
        commands.enqueue(session, "timer", {}, now, now=now, instance_id=instance, unique_key=key)

    assert commands.cancel(session, instance_id=1, unique_key_prefix="task:A:") == 2
    assert keys(session) == ["task:a:x", "task:A:z"]


@pytest.mark.parametrize("prefix", ["100%", "a_c", "é", "Ж:"])
def test_prefix_is_taken_literally(session: Session, now: datetime, prefix: str) -> None:
    for key in [prefix, prefix + "1", prefix + "\U0001f600", "100", "abc", "e", "Ж", "zzz"]:
        commands.enqueue(session, "timer", {}, now, now=now, unique_key=key)

    assert commands.cancel(session, unique_key_prefix=prefix) == 3


def test_cancel_without_a_condition_is_refused(session: Session) -> None:
    with pytest.raises(ValueError, match="which"):
        commands.cancel(session)


def test_revived_job_has_all_its_attempts_again(session: Session, now: datetime) -> None:
    job = commands.enqueue(session, "service", {}, now, now=now)
    job.dead, job.failures = True, 4
    session.flush()

    assert commands.revive(session, now + HOUR, job.id)
    assert (job.dead, job.failures, job.due_at) == (False, 0, now + HOUR)
    assert not commands.revive(session, now, 999)


def test_figures_for_monitoring(session: Session, now: datetime) -> None:
    commands.enqueue(session, "a", {}, now - HOUR, now=now)
    commands.enqueue(session, "b", {}, now + HOUR, now=now)
    dead = commands.enqueue(session, "c", {}, now - 2 * HOUR, now=now)
    dead.dead = True
    session.flush()

    assert queries.oldest_due(session, now) == now - HOUR
    assert queries.number_dead(session) == 1
    assert [job.kind for job in queries.jobs(session, dead=False)] == ["a", "b"]


def test_job_written_by_hand_plans_its_due_time(session: Session, now: datetime) -> None:
    job = Job(kind="a", payload={}, due_at=now, created_at=now)
    session.add(job)
    session.flush()

    assert job.planned_at == now
