"""Enqueue, cancel and revive jobs, in the caller's transaction.

A job exists if and only if the change that asked for it was committed. Who may do this is
decided by the callers: this floor does not know people.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, CursorResult, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bpm.jobs import wakeup
from bpm.jobs.models import Job

# in session.info while a handler runs: the number of the job whose effect this transaction is
RUNNING = "bpm.jobs.running"
# and the lane of that job, which those that it enqueues inherit
LANE = "bpm.jobs.lane"
# of jobs that tell people: they yield to those that move cases
LOW = -10
# of statements whose rows are not held as objects by the session
PAST_THE_SESSION = {"synchronize_session": False}
_HIGHEST = "\U0010ffff"


def enqueue(
    session: Session,
    kind: str,
    payload: Mapping[str, Any],
    due_at: datetime,
    *,
    now: datetime,
    instance_id: int | None = None,
    unique_key: str | None = None,
    priority: int = 0,
    lane: int | None = None,
) -> Job:
    """Add a job that runs at ``due_at`` or as soon as possible after it.

    Args:
        kind: names the handler.
        payload: JSON-able values for the handler.
        unique_key: while a job with this key waits, a second one is not added and the waiting
            one is returned; one that had given up starts anew with this payload and time.
            The job that is running now does not count: a handler may enqueue its successor.
        priority: a job of a higher one is always taken before those of lower ones.
        lane: number of the process whose work it is; that of the running job if left out, else 0.
    """
    values: dict[str, Any] = {
        "kind": kind,
        "payload": dict(payload),
        "due_at": due_at,
        "planned_at": due_at,
        "instance_id": instance_id,
        "unique_key": unique_key,
        "priority": priority,
        "lane": session.info.get(LANE, 0) if lane is None else lane,
        "created_at": now,
    }
    if unique_key is None:
        job = Job(**values)
        session.add(job)
    else:
        job = _enqueue_once(session, unique_key, values)
    if due_at <= now:
        wakeup.announce(session)
    return job


def _enqueue_once(session: Session, unique_key: str, values: dict[str, Any]) -> Job:
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = insert(Job).values(values).on_conflict_do_nothing(index_elements=["unique_key"])
    added: Job | None = session.scalar(statement.returning(Job))
    if added is not None:
        return added
    question = select(Job).where(Job.unique_key == unique_key).with_for_update()
    waiting = session.scalar(question.execution_options(populate_existing=True))
    if waiting is None:  # deleted between the two statements
        return _enqueue_once(session, unique_key, values)
    if waiting.id == session.info.get(RUNNING):
        waiting.unique_key = None
        session.flush()
        return _enqueue_once(session, unique_key, values)
    if waiting.dead:
        for name in ("kind", "payload", "due_at", "planned_at", "instance_id", "priority", "lane"):
            setattr(waiting, name, values[name])
        _start_anew(waiting)
    return waiting


def cancel(
    session: Session,
    *,
    instance_id: int | None = None,
    kind: str | None = None,
    unique_key: str | None = None,
    unique_key_prefix: str | None = None,
) -> int:
    """Delete the jobs that meet all conditions given; return how many.

    A job that is being run elsewhere is deleted too, and its effect is rolled back when it
    wants to commit. The job whose handler calls this is left to its worker.

    Raises:
        ValueError: no condition was given.
    """
    conditions: list[ColumnElement[bool]] = []
    if instance_id is not None:
        conditions.append(Job.instance_id == instance_id)
    if kind is not None:
        conditions.append(Job.kind == kind)
    if unique_key is not None:
        conditions.append(Job.unique_key == unique_key)
    if unique_key_prefix is not None:
        conditions.append(Job.unique_key >= unique_key_prefix)
        conditions.append(Job.unique_key < unique_key_prefix + _HIGHEST)
    if not conditions:
        raise ValueError("Say which jobs to cancel.")
    running = session.info.get(RUNNING)
    if running is not None:
        conditions.append(Job.id != running)
    return change(session, delete(Job).where(*conditions)).rowcount


def revive(session: Session, now: datetime, job_id: int) -> bool:
    """Give a job that had given up all its attempts again, at once; False if it is gone."""
    job = session.get(Job, job_id, with_for_update=True)
    if job is None:
        return False
    job.due_at = now
    _start_anew(job)
    wakeup.announce(session)
    return True


def discard(session: Session, job_id: int) -> bool:
    """Delete one job; False if it is gone."""
    return change(session, delete(Job).where(Job.id == job_id)).rowcount == 1


def change(session: Session, statement: Any) -> CursorResult[Any]:
    """Run a statement past the objects in the session, which must not hold the rows it changes."""
    return cast("CursorResult[Any]", session.execute(statement, execution_options=PAST_THE_SESSION))


def _start_anew(job: Job) -> None:
    job.dead = False
    job.failures = 0
    job.starts = 0
    job.lease_token = None
    job.running = False
