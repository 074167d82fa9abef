"""Messages and signals: who waits for them, and which messages are kept for later.

Owns ``event_subscription`` and ``message``. Finds whom an event concerns; does not move
instances, that is ``work.py`` and ``messages.py``.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, delete, func, insert, select
from sqlalchemy.orm import Session

from bpm.engine import values
from bpm.engine.models import EventSubscription, Instance, Message, Process
from bpm.engine.outside import Wait
from bpm.engine.tables import MESSAGE as MESSAGES
from bpm.engine.tables import SUBSCRIPTION, connection_of

MESSAGE, SIGNAL = "message", "signal"
KEPT_FOR = timedelta(days=30)
_LONGEST = 200

_ADD = insert(SUBSCRIPTION)
_REMOVE = delete(SUBSCRIPTION).where(
    SUBSCRIPTION.c.instance_id == bindparam("of_instance"),
    SUBSCRIPTION.c.token.in_(bindparam("tokens", expanding=True)),
)


def row_of(instance_id: int, wait: Wait, correlation: str | None) -> dict[str, Any]:
    """Return the columns of the subscription of one wait."""
    return {
        "instance_id": instance_id,
        "process_id": None,
        "element": wait.element,
        "token": wait.token,
        "kind": wait.kind,
        "name": (wait.name or "")[:_LONGEST],
        "correlation": correlation[:_LONGEST] if correlation is not None else None,
    }


def add(session: Session, rows: list[dict[str, Any]]) -> None:
    """Insert subscriptions."""
    if rows:
        connection_of(session).execute(_ADD, rows)


def remove(session: Session, instance_id: int, tokens: Collection[str]) -> None:
    """Delete the subscriptions of tokens that wait no more."""
    wanted = sorted(tokens)
    for start in range(0, len(wanted), 500):
        parameters = {"of_instance": instance_id, "tokens": wanted[start : start + 500]}
        connection_of(session).execute(_REMOVE, parameters)


def remove_all(session: Session, instance_ids: Collection[int]) -> None:
    """Delete every subscription of these instances."""
    connection_of(session).execute(
        delete(SUBSCRIPTION).where(SUBSCRIPTION.c.instance_id.in_(list(instance_ids)))
    )


def waiting(session: Session, kind: str, name: str, correlation: str | None) -> list[Any]:
    """Return who waits for an event: instance_id, root_id, token; one token of each instance.

    A message reaches subscriptions with exactly its correlation; a signal reaches all of its name.
    """
    question = (
        select(SUBSCRIPTION.c.id, SUBSCRIPTION.c.instance_id, SUBSCRIPTION.c.token, Instance.root_id)
        .join(Instance, Instance.id == SUBSCRIPTION.c.instance_id)
        .where(SUBSCRIPTION.c.kind == kind, SUBSCRIPTION.c.name == name)
        .order_by(Instance.root_id, SUBSCRIPTION.c.id)
    )
    if kind == SIGNAL:
        return list(session.execute(question))
    question = question.where(_same(SUBSCRIPTION.c.correlation, correlation))
    first: dict[int, Any] = {}
    for row in session.execute(question):
        first.setdefault(row.instance_id, row)
    return list(first.values())


def starting(session: Session, kind: str, name: str) -> list[str]:
    """Return the keys of the active processes that an event of this name starts."""
    return list(
        session.scalars(
            select(Process.key)
            .join(EventSubscription, EventSubscription.process_id == Process.id)
            .where(EventSubscription.kind == kind, EventSubscription.name == name, Process.active)
            .order_by(Process.key)
            .distinct()
        )
    )


def replace_starts(session: Session, process_id: int, starts: list[tuple[str, str, str]]) -> None:
    """Let a process be started by ``(element, kind, name)`` and by nothing else."""
    session.execute(delete(EventSubscription).where(EventSubscription.process_id == process_id))
    rows = [
        {"process_id": process_id, "instance_id": None, "element": element, "token": None, "kind": kind,
         "name": name[:_LONGEST], "correlation": None}
        for element, kind, name in starts
    ]  # fmt: skip
    add(session, rows)


def keep(
    session: Session,
    now: datetime,
    name: str,
    correlation: str | None,
    payload: Mapping[str, Any],
    kept_for: timedelta = KEPT_FOR,
) -> Message:
    """Keep a message until somebody waits for it.

    Raises:
        CannotHold: the payload cannot be kept.
    """
    message = Message(
        name=name[:_LONGEST],
        correlation=correlation,
        payload=values.encode(dict(payload), "message"),
        received_at=now,
        expires_at=now + kept_for,
    )
    session.add(message)
    session.flush()
    return message


def take_kept(session: Session, now: datetime, name: str, correlation: str | None) -> dict[str, Any] | None:
    """Take the oldest kept message of this name and correlation; return its payload.

    Two takers at once never get the same one: whoever deletes the row has it.
    """
    question = (
        select(Message.id, Message.payload)
        .where(
            Message.name == name[:_LONGEST], _same(Message.correlation, correlation), Message.expires_at > now
        )
        .order_by(Message.id)
    )
    for number, payload in session.execute(question).all():
        taken = connection_of(session).execute(delete(MESSAGES).where(MESSAGES.c.id == number))
        if taken.rowcount == 1:
            return dict(values.decode(payload))
    return None


def guard(session: Session, name: str, correlation: str | None) -> None:
    """Let keeping a message and beginning to wait for it happen one after the other.

    Without it, on PostgreSQL, both could miss each other. SQLite has one writer at a time anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(
            select(func.pg_advisory_xact_lock(func.hashtextextended(f"{name}\n{correlation}", 0)))
        )


def forget_expired(session: Session, now: datetime) -> int:
    """Delete the messages whose time is over; return how many."""
    done = connection_of(session).execute(delete(MESSAGES).where(MESSAGES.c.expires_at <= now))
    return int(done.rowcount)


def _same(column: Any, value: str | None) -> Any:
    return column.is_(None) if value is None else column == value[:_LONGEST]
