"""Listens to the engine and leaves a job for whatever people must be told.

Only a job row is left to the engine's transaction: writing letters for fifty people, or a
letter that cannot be filled in, never slows down or breaks a command. What becomes of the job
stands in ``announcements.py``.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from bpm.engine import events
from bpm.engine.events import Event, Left, Listeners
from bpm.engine.timers.jobs import job_row
from bpm.jobs.commands import LOW
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


def announce_task(_session: Session, now: datetime, event: Event) -> Left:
    """Somebody has something to do."""
    return _announcement(now, event)


def forget_task(session: Session, now: datetime, event: Event) -> None:
    """Nobody has to do it any more: nobody's bell shows it any more."""
    settle(session, now, event.instance_id, TASK_PAGE.format(event.task_public_id))


def announce_withdrawal(session: Session, now: datetime, event: Event) -> Left:
    """A task vanished before it was done; its holder wants to know why."""
    forget_task(session, now, event)
    return _announcement(now, event)


def announce_end(_session: Session, now: datetime, event: Event) -> Left:
    """A case is over; whoever asked for it wants to know how."""
    return _announcement(now, event)


def announce_incident(_session: Session, now: datetime, event: Event) -> Left:
    """Something failed and waits for an administrator."""
    return _announcement(now, event)


def _announcement(now: datetime, event: Event) -> Left:
    payload = {
        "what": event.kind,
        "instance": event.instance_id,
        "task": event.task_id,
        "incident": event.incident_id,
        "actor": event.actor_id,
        "reason": event.data.get("reason"),
    }
    # not a job of the instance: a case that is suspended or ends drops its own jobs
    return [job_row(ANNOUNCE, payload, now, now=now, instance_id=None, unique_key=None, priority=LOW)]
