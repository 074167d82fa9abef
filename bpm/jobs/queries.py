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


def next_due(session: Session) -> datetime | None:
    """Return when the next job is due, be it past or to come; None if there is none."""
    return session.scalar(select(func.min(Job.due_at)).where(Job.dead == false()))
