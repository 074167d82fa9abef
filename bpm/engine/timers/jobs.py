"""Jobs of the engine: timers, service calls, reminders, escalations, and timers that start cases.

Owns the unique keys by which a job is found again from its token, and when a reminder is due.
The rows live in the job table; workers run them through ``job_handlers.py``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, delete, insert, update
from sqlalchemy.orm import Session

from bpm.db import new_public_id
from bpm.engine import values
from bpm.engine.messages.correlation import Address
from bpm.engine.tables import JOB, connection_of
from bpm.jobs import wakeup
from bpm.jobs.commands import RUNNING
from bpm.worktime import WorkCalendar, parse_term

TIMER = "engine.timer"
TIMER_START = "engine.timer_start"
CONTINUE = "engine.continue"
DELIVER = "engine.deliver"
CANCEL = "engine.cancel"
REFRESH = "engine.refresh_timers"
RESULT = "engine.service_result"
SERVICE = "service"
REMINDER = "task.reminder"
ESCALATION = "task.escalation"
_SUFFIXES = {
    TIMER: "timer",
    SERVICE: "service",
    REMINDER: "reminder",
    ESCALATION: "escalation",
    RESULT: "result",
}

_ADD = insert(JOB)
_REMOVE = delete(JOB).where(
    JOB.c.unique_key.in_(bindparam("keys", expanding=True)), JOB.c.id != bindparam("this_job")
)
_FREE_KEY = update(JOB).where(JOB.c.id == bindparam("this_job")).values(unique_key=None)
# a reminder comes one working day before the term, of a short term when three quarters are over
_SHORT_TERM = timedelta(days=2)
_LATE = 0.75


def key_of(kind: str, instance_id: int, token: str) -> str:
    """Return the unique key of the job that belongs to a token."""
    return f"{instance_id}:{token}:{_SUFFIXES[kind]}"


def job_row(
    kind: str,
    payload: Mapping[str, Any],
    due_at: datetime,
    *,
    now: datetime,
    instance_id: int | None,
    unique_key: str | None,
    priority: int = 0,
) -> dict[str, Any]:
    """Return the columns of one new job."""
    return {
        "public_id": new_public_id(),
        "kind": kind,
        "payload": dict(payload),
        "due_at": due_at,
        "planned_at": due_at,
        "priority": priority,
        "instance_id": instance_id,
        "unique_key": unique_key,
        "starts": 0,
        "failures": 0,
        "dead": False,
        "created_at": now,
    }


def token_job(
    kind: str, instance_id: int, token: str, due_at: datetime, *, now: datetime, **payload: Any
) -> dict[str, Any]:
    """Return the columns of the job of one token."""
    content = {"instance": instance_id, "token": token, **payload}
    key = key_of(kind, instance_id, token)
    return job_row(kind, content, due_at, now=now, instance_id=instance_id, unique_key=key)


def message_job(
    now: datetime,
    name: str,
    address: Address,
    payload: Mapping[str, Any],
    *,
    kept_for: timedelta | None = None,
    thrower: int | None = None,
    element: str | None = None,
) -> dict[str, Any]:
    """Return the job that delivers a message.

    Args:
        thrower, element: the case that threw it and where; if it cannot be delivered, the incident
            stands there.
    """
    content = {
        "kind": "message", "name": name, "payload": values.encode(dict(payload), "payload"),
        "correlation": address.correlation, "conversation": address.conversation,
        "keys": dict(address.keys), "kept_for": kept_for.total_seconds() if kept_for is not None else None,
        "thrower": thrower, "element": element,
    }  # fmt: skip
    return job_row(DELIVER, content, now, now=now, instance_id=None, unique_key=None)


def signal_job(now: datetime, name: str, payload: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    """Return the job that broadcasts a signal; ``only_root``, ``except_root``, ``thrower``, ``element``."""
    content = {"kind": "signal", "name": name, "payload": values.encode(dict(payload), "payload"), **more}
    return job_row(DELIVER, content, now, now=now, instance_id=None, unique_key=None)


def add_jobs(session: Session, now: datetime, rows: list[dict[str, Any]]) -> None:
    """Insert jobs, all in one statement.

    The job that is running now gives its key up, so that a repeating timer may set itself again.
    """
    if not rows:
        return
    running = session.info.get(RUNNING)
    connection = connection_of(session)
    if running is not None:
        connection.execute(_FREE_KEY, {"this_job": running})
    connection.execute(_ADD, rows if len(rows) > 1 else rows[0])
    if any(row["due_at"] <= now for row in rows):
        wakeup.announce(session)


def remove_jobs(session: Session, keys: Iterable[str]) -> None:
    """Delete the jobs with these keys, except the one that is running now (its worker does)."""
    wanted = list(keys)
    for start in range(0, len(wanted), 500):
        part = wanted[start : start + 500]
        connection_of(session).execute(_REMOVE, {"keys": part, "this_job": session.info.get(RUNNING) or 0})


def keys_of_tokens(instance_id: int, tokens: Iterable[str], kinds: Iterable[str]) -> list[str]:
    """Return the keys of all jobs that tokens may have."""
    suffixes = [_SUFFIXES[kind] for kind in kinds]
    return [f"{instance_id}:{token}:{suffix}" for token in tokens for suffix in suffixes]


def reminder_moment(
    now: datetime, due_at: datetime, before: str | None, calendar: WorkCalendar
) -> datetime | None:
    """Return when the holder of a task is reminded of its term; None if that lies in the past.

    Args:
        before: a term such as ``4wh``; without it one working day, or when three quarters of a
            term shorter than two days are over.

    Raises:
        bpm.worktime.TermError: ``before`` is no term.
    """
    if before:
        moment = before_moment(due_at, before, calendar)
    elif due_at - now < _SHORT_TERM:
        moment = now + (due_at - now) * _LATE
    else:
        moment = before_moment(due_at, "1wd", calendar)
    return moment if moment > now else None


def before_moment(moment: datetime, text: str, calendar: WorkCalendar) -> datetime:
    """Return the moment that lies the term ``text`` before ``moment``.

    Raises:
        bpm.worktime.TermError: the text is no term.
    """
    term = parse_term(text)
    if not term.working:
        days = term.months * 30 + term.weeks * 7 + term.days
        return moment - timedelta(days=days) - term.time
    days = term.days
    while days > 0:
        moment -= timedelta(days=1)
        days -= calendar.is_working_day(moment.astimezone(calendar.zone).date())
    return _before_work(moment, term.time, calendar) if term.time else moment


def _before_work(moment: datetime, work: timedelta, calendar: WorkCalendar) -> datetime:
    for days in range(1, 400):
        start = moment - timedelta(days=days)
        worked = calendar.worked_between(start, moment)
        if worked >= work:
            return calendar.after_work(start, worked - work) if worked > work else start
    return moment
