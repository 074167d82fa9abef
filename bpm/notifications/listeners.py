"""Listens to the engine and leaves a job for whatever people must be told.

Only a job row is added to the engine's transaction: writing letters for fifty people, or a
letter that cannot be filled in, never slows down or breaks a command. What becomes of the job
stands in ``announcements.py``.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bpm.engine import events
from bpm.engine.events import Event, Listeners
from bpm.engine.models import UserTask
from bpm.jobs import commands as jobs
from bpm.notifications.audience import TASK_PAGE
from bpm.notifications.commands import settle

ANNOUNCE = "announce"


def register(listeners: Listeners = events.LISTENERS) -> None:
    """Hear of tasks, ended cases and incidents; registering twice changes nothing."""
    listeners.listen(events.TASK_CREATED, announce_task)
    listeners.listen(events.TASK_ASSIGNED, announce_task)
    listeners.listen(events.TASK_COMPLETED, forget_task)
    listeners.listen(events.TASK_WITHDRAWN, announce_withdrawal)
    listeners.listen(events.INSTANCE_ENDED, announce_end)
    listeners.listen(events.INCIDENT_OPENED, announce_incident)


def announce_task(session: Session, now: datetime, event: Event) -> None:
    """Somebody has something to do."""
    _leave(session, now, event)


def forget_task(session: Session, now: datetime, event: Event) -> None:
    """Nobody has to do it any more: nobody's bell shows it any more."""
    public_id = session.scalar(select(UserTask.public_id).where(UserTask.id == event.task_id))
    settle(session, now, event.instance_id, TASK_PAGE.format(public_id))


def announce_withdrawal(session: Session, now: datetime, event: Event) -> None:
    """A task vanished before it was done; its holder wants to know why."""
    forget_task(session, now, event)
    _leave(session, now, event)


def announce_end(session: Session, now: datetime, event: Event) -> None:
    """A case is over; whoever asked for it wants to know how."""
    _leave(session, now, event)


def announce_incident(session: Session, now: datetime, event: Event) -> None:
    """Something failed and waits for an administrator."""
    _leave(session, now, event)


def _leave(session: Session, now: datetime, event: Event) -> None:
    payload = {
        "what": event.kind,
        "instance": event.instance_id,
        "task": event.task_id,
        "incident": event.incident_id,
        "actor": event.actor_id,
        "reason": event.data.get("reason"),
    }
    # not a job of the instance: a case that is suspended or ends drops its own jobs
    jobs.enqueue(session, ANNOUNCE, payload, now, now=now)
