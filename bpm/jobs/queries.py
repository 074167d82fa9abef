"""Questions about the job table: what waits, what gave up, how far behind the workers are.

Who may ask is decided by the callers: this floor does not know people.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import false, func, select, true
from sqlalchemy.orm import Session

from bpm.jobs.models import Job


def job(session: Session, public_id: str) -> Job | None:
    """Return one job by its public id."""
    return session.scalar(select(Job).where(Job.public_id == public_id))


def jobs(
    session: Session,
    *,
    kind: str | None = None,
    instance_id: int | None = None,
    dead: bool | None = None,
    after_id: int = 0,
    limit: int = 100,
) -> Sequence[Job]:
    """Return jobs in the order of their numbers, a page at a time."""
    question = select(Job).where(Job.id > after_id).order_by(Job.id).limit(limit)
    if kind is not None:
        question = question.where(Job.kind == kind)
    if instance_id is not None:
        question = question.where(Job.instance_id == instance_id)
    if dead is not None:
        question = question.where(Job.dead == (true() if dead else false()))
    return session.scalars(question).all()


def oldest_due(session: Session, now: datetime) -> datetime | None:
    """Return since when the longest-waiting due job waits; None if nothing is due.

    Measures the delay of the workers, for ``/readyz`` and monitoring.
    """
    return session.scalar(select(func.min(Job.due_at)).where(Job.due_at <= now, Job.dead == false()))


def number_dead(session: Session) -> int:
    """Return how many jobs gave up and wait for a person."""
    return session.scalar(select(func.count()).select_from(Job).where(Job.dead == true())) or 0


def number_due(session: Session, now: datetime, most: int = 100_000) -> int:
    """Return how many jobs could run now, counted up to ``most``."""
    due = select(Job.id).where(Job.due_at <= now, Job.dead == false()).limit(most).subquery()
    return session.scalar(select(func.count()).select_from(due)) or 0


def number_running(session: Session) -> int:
    """Return how many jobs of instances are at work, on any node."""
    running = select(func.count()).select_from(Job).where(Job.running == true())
    return session.scalar(running.where(Job.instance_id.is_not(None))) or 0


def next_due(session: Session, after: datetime | None = None) -> datetime | None:
    """Return when the next job is due, be it past or to come; None if there is none.

    Args:
        after: leave out what is due then already.
    """
    question = select(func.min(Job.due_at)).where(Job.dead == false())
    return session.scalar(question if after is None else question.where(Job.due_at > after))
