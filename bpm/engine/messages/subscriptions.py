"""Messages and signals: who waits for them, and which messages are kept for later.

Owns ``event_subscription``, ``message`` and ``message_receipt``. Finds whom an event concerns; does
not move instances, that is ``work.py`` and ``messages/delivery.py``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, delete, func, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bpm.db import Setting
from bpm.engine import definitions, values
from bpm.engine.diagram.expressions import Surroundings
from bpm.engine.functions import World
from bpm.engine.messages.correlation import Address, KeyRule, rules_of, stored
from bpm.engine.models import EventSubscription, Instance, Message, Process, ProcessVersion
from bpm.engine.runtime.outside import Wait
from bpm.engine.tables import MESSAGE as MESSAGES
from bpm.engine.tables import RECEIPT, SUBSCRIPTION, connection_of

MESSAGE, SIGNAL, CONDITIONAL = "message", "signal", "conditional"
KEPT_FOR = timedelta(days=30)
_LONGEST = 200
_EXPIRED = "messages_expired"

_ADD = insert(SUBSCRIPTION)
_REMOVE = delete(SUBSCRIPTION).where(
    SUBSCRIPTION.c.instance_id == bindparam("of_instance"),
    SUBSCRIPTION.c.token.in_(bindparam("tokens", expanding=True)),
)
_WAITING = select(SUBSCRIPTION.c.id, SUBSCRIPTION.c.instance_id, SUBSCRIPTION.c.token, Instance.root_id).join(
    Instance, Instance.id == SUBSCRIPTION.c.instance_id
)


# --- rows of waits --------------------------------------------------------------------------------


def rows_of(instance_id: int, wait: Wait, correlation: str | None) -> list[dict[str, Any]]:
    """Return the subscriptions of one wait: one, or one for each of its BPMN correlation keys."""
    row = {
        "instance_id": instance_id,
        "process_id": None,
        "element": wait.element,
        "token": wait.token,
        "kind": wait.kind,
        "name": (wait.name or "")[:_LONGEST],
        "correlation": stored(correlation) if correlation is not None else None,
        "scheme": None,
    }
    if wait.keys:
        return [{**row, "scheme": scheme, "correlation": key} for scheme, key in wait.keys]
    return [row]


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


# --- who waits ------------------------------------------------------------------------------------


def hearing(session: Session, name: str) -> list[Any]:
    """Return who waits for a signal: instance_id, root_id, token, in the order of their trees."""
    question = _WAITING.where(SUBSCRIPTION.c.kind == SIGNAL, SUBSCRIPTION.c.name == name[:_LONGEST])
    return list(session.execute(question.order_by(Instance.root_id, SUBSCRIPTION.c.id)))


def waiting(
    session: Session,
    now: datetime,
    name: str,
    address: Address,
    payload: Mapping[str, Any],
    most: int = 50,
) -> list[Any]:
    """Return who waits for a message: instance_id, root_id, token; the oldest wait first.

    A wait with a correlation of its own comes before one that takes the first message of a
    conversation (BPMN 2.0, 8.4.2).

    Args:
        most: how many at most; the message goes to one of them.
    """
    name = name[:_LONGEST]
    exact, openly = _conditions(session, now, name, address, payload)
    found: list[Any] = []
    for conditions in (exact, _own_conversation(session, address), openly):
        if conditions and not found:
            question = _WAITING.where(
                SUBSCRIPTION.c.kind == MESSAGE, SUBSCRIPTION.c.name == name, or_(*conditions)
            )
            found = list(session.execute(question.order_by(SUBSCRIPTION.c.id).limit(most)))
    return found


def _conditions(
    session: Session, now: datetime, name: str, address: Address, payload: Mapping[str, Any]
) -> tuple[list[Any], list[Any]]:
    """Return the conditions of waits for exactly this message, and of those for a first message."""
    plain = SUBSCRIPTION.c.scheme.is_(None)
    said = address.correlation if address.correlation is not None else address.conversation
    exact = [plain & _same(SUBSCRIPTION.c.correlation, said)]
    openly = [] if address.conversation is None else [plain & SUBSCRIPTION.c.correlation.is_(None)]
    around = Surroundings(now, World(session, now).functions)
    for rule in _schemes(session, name):
        key = address.key(rule, payload, around)
        if key is not None:
            of_scheme = SUBSCRIPTION.c.scheme == rule.scheme
            exact.append(of_scheme & (SUBSCRIPTION.c.correlation == key))
            openly.append(of_scheme & SUBSCRIPTION.c.correlation.is_(None))
    return exact, openly


def _own_conversation(session: Session, address: Address) -> list[Any]:
    """Return the condition of the case that began the conversation which this message answers."""
    if address.correlation is None:
        return []
    number = session.scalar(select(Instance.id).where(Instance.public_id == address.correlation[:24]))
    if number is None or len(address.correlation) > 24:
        return []
    without = SUBSCRIPTION.c.scheme.is_(None) & SUBSCRIPTION.c.correlation.is_(None)
    return [without & (SUBSCRIPTION.c.instance_id == number)]


def _schemes(session: Session, name: str) -> Iterator[KeyRule]:
    """Yield one rule for each way in which waits for a message find their key in it.

    Steps from one to the next through the index, however many wait.
    """
    last = ""
    while True:
        following = session.execute(
            select(SUBSCRIPTION.c.scheme, SUBSCRIPTION.c.instance_id)
            .where(SUBSCRIPTION.c.name == name, SUBSCRIPTION.c.scheme > last)
            .order_by(SUBSCRIPTION.c.scheme)
            .limit(1)
        ).first()
        if following is None:
            return
        last = following.scheme
        rule = _rule(session, following.instance_id, last)
        if rule is not None:
            yield rule


def _rule(session: Session, instance_id: int, scheme: str) -> KeyRule | None:
    version = session.scalar(
        select(ProcessVersion)
        .join(Instance, Instance.version_id == ProcessVersion.id)
        .where(Instance.id == instance_id)
    )
    return rules_of(definitions.of_version(session, version)).get(scheme) if version is not None else None


def fits(
    wait: Wait,
    correlation: str | None,
    address: Address,
    rules: Mapping[str, KeyRule],
    around: Surroundings,
    payload: Mapping[str, Any],
) -> bool:
    """Tell whether a message is meant for a wait that has no row yet."""
    if not wait.keys:
        return correlation == address.correlation
    for scheme, key in wait.keys:
        rule = rules.get(scheme)
        found = address.key(rule, payload, around) if rule is not None else None
        if found is not None and key in (None, found):
            return True
    return False


def starting(session: Session, kind: str, name: str) -> list[str]:
    """Return the keys of the active processes that an event of this name starts, the newest last."""
    question = (
        select(Process.key)
        .join(EventSubscription, EventSubscription.process_id == Process.id)
        .where(EventSubscription.kind == kind, EventSubscription.name == name[:_LONGEST], Process.active)
        .group_by(Process.key)
        .order_by(func.max(EventSubscription.id))
    )
    return list(session.scalars(question))


def replace_starts(session: Session, process_id: int, starts: list[tuple[str, str, str]]) -> None:
    """Let a process be started by ``(element, kind, name)`` and by nothing else."""
    session.execute(delete(EventSubscription).where(EventSubscription.process_id == process_id))
    rows = [
        {"process_id": process_id, "instance_id": None, "element": element, "token": None, "kind": kind,
         "name": name[:_LONGEST], "correlation": None, "scheme": None}
        for element, kind, name in starts
    ]  # fmt: skip
    add(session, rows)


# --- messages that are kept -----------------------------------------------------------------------


def keep(
    session: Session,
    now: datetime,
    name: str,
    address: Address,
    payload: Mapping[str, Any],
    kept_for: timedelta = KEPT_FOR,
) -> Message:
    """Keep a message until somebody waits for it.

    Raises:
        CannotHold: the payload cannot be kept.
    """
    message = Message(
        name=name[:_LONGEST],
        correlation=stored(address.correlation) if address.correlation is not None else None,
        conversation=address.conversation,
        payload=values.encode(dict(payload), "message"),
        received_at=now,
        expires_at=now + kept_for,
    )
    session.add(message)
    session.flush()
    return message


def take_kept(
    session: Session,
    now: datetime,
    wait: Wait,
    correlation: str | None,
    public_id: str,
    rules: Mapping[str, KeyRule],
) -> dict[str, Any] | None:
    """Take the oldest kept message that is meant for a wait; return its payload.

    Two takers at once never get the same one: whoever deletes the row has it.

    Args:
        correlation: of the wait, unless it has BPMN correlation keys.
        public_id: of its case; an answer may name it instead.
    """
    name = (wait.name or "")[:_LONGEST]
    question = select(Message.id, Message.payload, Message.correlation).where(
        Message.name == name, Message.expires_at > now
    )
    if not wait.keys:
        question = question.where(or_(*_meant_for(correlation, public_id)))
    around = Surroundings(now, World(session, now).functions) if wait.keys else None
    for row in session.execute(question.order_by(Message.id)).all():
        payload = dict(values.decode(row.payload))
        if around is not None and not fits(wait, None, Address(row.correlation), rules, around, payload):
            continue
        taken = connection_of(session).execute(delete(MESSAGES).where(MESSAGES.c.id == row.id))
        if taken.rowcount == 1:
            return payload
    return None


def _meant_for(correlation: str | None, public_id: str) -> list[Any]:
    if correlation is None:
        return [Message.correlation.is_(None), Message.correlation == public_id]
    answer = Message.correlation.is_(None) & (Message.conversation == correlation)
    return [Message.correlation == stored(correlation), answer]


def guard(session: Session, name: str, *, alone: bool = False) -> None:
    """Let keeping a message (``alone``) and beginning to wait for it happen one after the other.

    Without it, on PostgreSQL, both could miss each other. Those who wait do not hinder one
    another. SQLite has one writer at a time anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        lock = func.pg_advisory_xact_lock if alone else func.pg_advisory_xact_lock_shared
        session.execute(select(lock(func.hashtextextended(name, 0))))


def forget_expired(session: Session, now: datetime) -> int:
    """Delete the messages and receipts whose time is over; return how many messages, and count them."""
    connection = connection_of(session)
    connection.execute(delete(RECEIPT).where(RECEIPT.c.forget_at <= now))
    done = int(connection.execute(delete(MESSAGES).where(MESSAGES.c.expires_at <= now)).rowcount)
    if done:
        kept = session.get(Setting, _EXPIRED, with_for_update=True) or Setting(key=_EXPIRED, value={})
        kept.value = {"count": number_expired(session) + done}
        session.add(kept)
        session.flush()
    return done


def number_expired(session: Session) -> int:
    """Return how many messages have expired since the installation began."""
    kept = session.get(Setting, _EXPIRED)
    return int(kept.value.get("count", 0)) if kept is not None else 0


# --- messages that are sent twice -----------------------------------------------------------------


def first_receipt(
    session: Session, now: datetime, name: str, message_id: str, kept_for: timedelta
) -> int | None:
    """Note that a message with this id came; None the first time, else how many it reached then.

    Two at once: the second waits for the end of the first.
    """
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    row = {
        "name": name, "message_id": message_id, "delivered": 0, "received_at": now,
        "forget_at": now + max(kept_for, KEPT_FOR),
    }  # fmt: skip
    statement = dialect.insert(RECEIPT).values(row).on_conflict_do_nothing().returning(RECEIPT.c.id)
    if connection_of(session).execute(statement).first() is not None:
        return None
    this = (RECEIPT.c.name == name) & (RECEIPT.c.message_id == message_id)
    return int(connection_of(session).execute(select(RECEIPT.c.delivered).where(this)).scalar() or 0)


def note_delivered(session: Session, name: str, message_id: str, delivered: int) -> None:
    """Note how many a message reached, for whoever sends it again."""
    this = (RECEIPT.c.name == name) & (RECEIPT.c.message_id == message_id)
    connection_of(session).execute(update(RECEIPT).where(this).values(delivered=delivered))


def _same(column: Any, value: str | None) -> Any:
    return column.is_(None) if value is None else column == stored(value)
