"""Messages and signals from outside of a case: delivered, starting a case, or kept for later.

A message goes to exactly one: the oldest wait that it fits, else a process that it starts, else it
is kept. A signal goes to everybody. Called from inside of a case nothing is locked: it becomes a job.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from bpm.engine import definitions, lifecycle, values
from bpm.engine.messages import subscriptions
from bpm.engine.messages.correlation import Address
from bpm.engine.messages.subscriptions import KEPT_FOR, MESSAGE, SIGNAL
from bpm.engine.runtime.workflow import NoSuchToken
from bpm.engine.timers import jobs as timers
from bpm.engine.unit import SUSPENDED
from bpm.engine.work import at_work, working
from bpm.errors import Invalid
from bpm.language import _
from bpm.people.models import Person

_LONGEST_NAME = 200
LONGEST_LIFE = timedelta(days=3660)
# beyond that many cases, each further one gets a signal by a job of its own
_MOST_AT_ONCE = 25


class _Gone(Exception):
    """Who waited for the message got something else before his lock was ours."""


def deliver(
    session: Session,
    now: datetime,
    actor: Person | None,
    name: str,
    correlation: str | None,
    payload: Mapping[str, Any] | None = None,
    *,
    message_id: str | None = None,
    kept_for: timedelta = KEPT_FOR,
    address: Address | None = None,
) -> int:
    """Deliver a message to the one who waits for it: of several, to whoever began to wait first.

    If nobody waits, it starts the active process with a message start event of that name (with the
    correlation as business key); if there is none either, it is kept until somebody waits for it.

    Args:
        correlation: business key of the case, or whatever the diagram correlates by; cases with BPMN
            correlation keys look into the payload instead.
        message_id: given by the sender; a second message of the same name and id has no effect.
        kept_for: how long it is kept; nothing: it is dropped if nobody waits now.
        address: of a message that a case has thrown, instead of ``correlation``.

    Returns:
        How many cases got it or were started, 0 or 1; 0: it is kept, or will be delivered by a job
        because this was called from inside of a case. Of a repetition, what the first one reached.

    Raises:
        Invalid: name, correlation, id, time or payload cannot be used.
    """
    _check(name, correlation, message_id)
    if not timedelta() <= kept_for <= LONGEST_LIFE:
        raise Invalid(_("A message can be kept for ten years at most."))
    content = values.hold(dict(payload or {}), "payload")
    address = address or Address(correlation)
    if message_id is not None:
        earlier = subscriptions.first_receipt(session, now, name, message_id, kept_for)
        if earlier is not None:
            return earlier
    if at_work(session) is not None:
        deliver_later(session, now, name, address, content, kept_for)
        return 0
    delivered = _to_one(session, now, actor, name, address, content)
    if not delivered:
        delivered = _start_one(session, now, actor, name, address, content)
    if not delivered and kept_for > timedelta():
        _keep(session, now, name, address, content, kept_for)
    if delivered and message_id is not None:
        subscriptions.note_delivered(session, name, message_id, delivered)
    return delivered


def _to_one(
    session: Session,
    now: datetime,
    actor: Person | None,
    name: str,
    address: Address,
    payload: Mapping[str, Any],
) -> int:
    """Deliver to the oldest wait; to the next one if somebody else was faster there."""
    while True:
        found = subscriptions.waiting(session, now, name, address, payload)
        for row in found:
            try:
                # given up, the attempt gives its lock back too: nobody holds one and asks for another
                with session.begin_nested():
                    if _deliver(session, now, actor, row.root_id, [row], payload) == 0:
                        raise _Gone
            except _Gone:
                continue
            return 1
        still = {row.id for row in subscriptions.waiting(session, now, name, address, payload)}
        if not still - {row.id for row in found}:
            return 0


def _keep(
    session: Session,
    now: datetime,
    name: str,
    address: Address,
    content: Mapping[str, Any],
    kept_for: timedelta,
) -> None:
    subscriptions.guard(session, name, alone=True)
    if subscriptions.waiting(session, now, name, address, content, most=1):
        # somebody began to wait meanwhile; his lock must not be awaited while holding the guard
        deliver_later(session, now, name, address, content, kept_for)
    else:
        subscriptions.keep(session, now, name, address, content, kept_for)


def deliver_later(
    session: Session,
    now: datetime,
    name: str,
    address: Address,
    payload: Mapping[str, Any],
    kept_for: timedelta = KEPT_FOR,
) -> None:
    """Let a job deliver a message once this transaction is committed."""
    timers.add_jobs(session, now, [timers.message_job(now, name, address, payload, kept_for=kept_for)])


def run_job(session: Session, now: datetime, content: Mapping[str, Any]) -> None:
    """Deliver what a job was made for."""
    payload = dict(values.decode(content["payload"]))
    if content["kind"] == MESSAGE:
        address = Address(content.get("correlation"), content.get("conversation"), content.get("keys") or {})
        seconds = content.get("kept_for")
        kept_for = KEPT_FOR if seconds is None else timedelta(seconds=seconds)
        deliver(
            session, now, None, content["name"], address.correlation, payload,
            kept_for=kept_for, address=address,
        )  # fmt: skip
    elif content.get("only_root") is not None:
        found = subscriptions.hearing(session, content["name"])
        root = content["only_root"]
        _deliver(session, now, None, root, [row for row in found if row.root_id == root], payload)
    else:
        signal(session, now, None, content["name"], payload, except_root=content.get("except_root"))


def signal(
    session: Session,
    now: datetime,
    actor: Person | None,
    name: str,
    payload: Mapping[str, Any] | None = None,
    *,
    except_root: int | None = None,
) -> int:
    """Broadcast a signal to every case that waits for it now, and start the processes it starts.

    Who does not wait now never gets it (BPMN 2.0, 10.5.7).

    Returns:
        How many waits and starts it reached, those reached by jobs included.

    Raises:
        Invalid: name or payload cannot be used.
    """
    _check(name, None, None)
    content = values.hold(dict(payload or {}), "payload")
    if at_work(session) is not None:
        timers.add_jobs(session, now, [timers.signal_job(now, name, content)])
        return 0
    by_root: dict[int, list[Any]] = {}
    for row in subscriptions.hearing(session, name):
        if row.root_id != except_root:
            by_root.setdefault(row.root_id, []).append(row)
    roots = sorted(by_root)
    later = [timers.signal_job(now, name, content, only_root=root) for root in roots[_MOST_AT_ONCE:]]
    timers.add_jobs(session, now, later)
    reached = sum(len(by_root[root]) for root in roots[_MOST_AT_ONCE:])
    for root in roots[:_MOST_AT_ONCE]:
        reached += _deliver(session, now, actor, root, by_root[root], content)
    return reached + sum(
        _start(session, now, actor, SIGNAL, key, name, None, content)
        for key in sorted(subscriptions.starting(session, SIGNAL, name))
    )


def _deliver(
    session: Session,
    now: datetime,
    actor: Person | None,
    root: int,
    rows: Iterable[Any],
    payload: Mapping[str, Any],
) -> int:
    """Deliver to waits of one tree; return how many took it."""
    reached = 0
    with working(session, now, actor, root) as work:
        for row in rows:
            unit = work.unit(row.instance_id)
            if unit.ended or unit.row.status == SUSPENDED:
                continue
            unit.actor_id = work.actor_id
            try:
                unit.run.deliver(row.token, payload, now)
            except NoSuchToken:
                continue  # it stopped waiting before its lock was ours
            work.why_withdrawn = "event"
            work.go_on(unit)
            reached += 1
    return reached


def _start_one(
    session: Session,
    now: datetime,
    actor: Person | None,
    name: str,
    address: Address,
    payload: Mapping[str, Any],
) -> int:
    """Start the process that began to listen last, if there are several."""
    key = address.correlation if address.correlation is not None else address.conversation
    for process_key in reversed(subscriptions.starting(session, MESSAGE, name)):
        if _start(session, now, actor, MESSAGE, process_key, name, key, payload):
            return 1
    return 0


def _start(
    session: Session,
    now: datetime,
    actor: Person | None,
    kind: str,
    process_key: str,
    name: str,
    business_key: str | None,
    payload: Mapping[str, Any],
) -> int:
    version = definitions.version_of(session, process_key)
    definition = definitions.of_version(session, version)
    elements = definition.messages_starting if kind == MESSAGE else definition.signals_starting
    if name not in elements or version.suspended:
        return 0
    lifecycle.start(
        session, now, None, process_key, {},
        business_key=business_key, start_event=elements[name], payload=payload,
        initiator=actor.login if actor is not None else None,
    )  # fmt: skip
    return 1


def _check(name: str, correlation: str | None, message_id: str | None) -> None:
    if not name or len(name) > _LONGEST_NAME or "\x00" in name:
        raise Invalid(
            _("A message or signal needs a name of at most %(limit)s characters.", limit=_LONGEST_NAME)
        )
    if correlation is not None and (len(correlation) > _LONGEST_NAME or "\x00" in correlation):
        raise Invalid(_("The correlation is longer than %(limit)s characters.", limit=_LONGEST_NAME))
    if message_id is not None and (not 0 < len(message_id) <= _LONGEST_NAME or "\x00" in message_id):
        raise Invalid(_("The id of a message has 1 to %(limit)s characters.", limit=_LONGEST_NAME))
