"""Messages and signals from outside of a case: delivered, starting a case, or kept for later.

Several cases that wait for the same message all get it, one catcher in each. Their trees are
locked in the order of their numbers; called from inside of a case nothing is locked: it becomes a job.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bpm.engine import definitions, lifecycle, subscriptions, timers, values
from bpm.engine.subscriptions import MESSAGE, SIGNAL
from bpm.engine.unit import SUSPENDED
from bpm.engine.work import at_work, working
from bpm.engine.workflow import NoSuchToken
from bpm.errors import Invalid
from bpm.language import _
from bpm.people.models import Person

_LONGEST_NAME = 200
# beyond that many cases, each further one gets a signal by a job of its own
_MOST_AT_ONCE = 25


def deliver(
    session: Session,
    now: datetime,
    actor: Person | None,
    name: str,
    correlation: str | None,
    payload: Mapping[str, Any] | None = None,
) -> int:
    """Deliver a message to every case that waits for it.

    If none waits, it starts each active process with a message start event of that name (with the
    correlation as business key); if there is none either, it is kept for 30 days until somebody
    waits for it.

    Returns:
        How many cases got it or were started; 0: it is kept, or will be delivered by a job
        because this was called from inside of a case.

    Raises:
        Invalid: name, correlation or payload cannot be used.
    """
    _check_name(name, correlation)
    content = values.hold(dict(payload or {}), "payload")
    if at_work(session) is not None:
        _by_job(session, now, MESSAGE, name, correlation, content)
        return 0
    delivered = _deliver(
        session,
        now,
        actor,
        MESSAGE,
        name,
        subscriptions.waiting(session, MESSAGE, name, correlation),
        content,
    )
    if delivered:
        return delivered
    started = _start(session, now, actor, MESSAGE, name, correlation, content)
    if started:
        return started
    subscriptions.guard(session, name, correlation)
    if subscriptions.waiting(session, MESSAGE, name, correlation):
        # somebody began to wait meanwhile; his lock must not be awaited while holding the guard
        _by_job(session, now, MESSAGE, name, correlation, content)
        return 0
    subscriptions.keep(session, now, name, correlation, content)
    return 0


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

    Returns:
        How many waits and starts it reached, those reached by jobs included.

    Raises:
        Invalid: name or payload cannot be used.
    """
    _check_name(name, None)
    content = values.hold(dict(payload or {}), "payload")
    if at_work(session) is not None:
        _by_job(session, now, SIGNAL, name, None, content)
        return 0
    found = [row for row in subscriptions.waiting(session, SIGNAL, name, None) if row.root_id != except_root]
    roots = sorted({row.root_id for row in found})
    later = set(roots[_MOST_AT_ONCE:])
    for root in sorted(later):
        _by_job(session, now, SIGNAL, name, None, content, only_root=root)
    reached = _deliver(
        session, now, actor, SIGNAL, name, [row for row in found if row.root_id not in later], content
    )
    reached += sum(row.root_id in later for row in found)
    return reached + _start(session, now, actor, SIGNAL, name, None, content)


def signal_one(session: Session, now: datetime, name: str, payload: Mapping[str, Any], root_id: int) -> int:
    """Deliver a signal to one tree only."""
    found = [row for row in subscriptions.waiting(session, SIGNAL, name, None) if row.root_id == root_id]
    return _deliver(session, now, None, SIGNAL, name, found, payload)


def _deliver(
    session: Session,
    now: datetime,
    actor: Person | None,
    kind: str,
    name: str,
    found: Iterable[Any],
    payload: Mapping[str, Any],
) -> int:
    by_root: dict[int, list[Any]] = {}
    for row in found:
        by_root.setdefault(row.root_id, []).append(row)
    reached = 0
    for root in sorted(by_root):
        with working(session, now, actor, root) as work:
            for row in by_root[root]:
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


def _start(
    session: Session,
    now: datetime,
    actor: Person | None,
    kind: str,
    name: str,
    correlation: str | None,
    payload: Mapping[str, Any],
) -> int:
    started = 0
    for key in subscriptions.starting(session, kind, name):
        definition = definitions.of_version(session, definitions.version_of(session, key))
        elements = definition.messages_starting if kind == MESSAGE else definition.signals_starting
        if name not in elements:
            continue
        lifecycle.start(
            session, now, None, key, {},
            business_key=correlation, start_event=elements[name], payload=payload,
            initiator=actor.login if actor is not None else None,
        )  # fmt: skip
        started += 1
    return started


def _by_job(
    session: Session,
    now: datetime,
    kind: str,
    name: str,
    correlation: str | None,
    payload: Mapping[str, Any],
    only_root: int | None = None,
) -> None:
    content = {
        "kind": kind, "name": name, "correlation": correlation,
        "payload": values.encode(dict(payload), "payload"), "only_root": only_root,
    }  # fmt: skip
    row = timers.job_row(timers.DELIVER, content, now, now=now, instance_id=None, unique_key=None)
    timers.add_jobs(session, now, [row])


def _check_name(name: str, correlation: str | None) -> None:
    if not name or len(name) > _LONGEST_NAME or "\x00" in name:
        raise Invalid(
            _("A message or signal needs a name of at most %(limit)s characters.", limit=_LONGEST_NAME)
        )
    if correlation is not None and (len(correlation) > _LONGEST_NAME or "\x00" in correlation):
        raise Invalid(_("The correlation is longer than %(limit)s characters.", limit=_LONGEST_NAME))
