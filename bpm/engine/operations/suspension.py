"""Suspending and resuming a version or a whole process: no new cases begin, running ones if wished.

The cases themselves are suspended one by one, by a bulk operation. What would have started a case
waits: messages are kept, the clock sets its start events anew at the end. Commits nothing.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bpm.engine import definitions, deployment, permissions, values
from bpm.engine.messages.correlation import Address
from bpm.engine.models import Message, Process, ProcessVersion
from bpm.engine.operations import bulk
from bpm.engine.operations.models import BulkOperation
from bpm.engine.timers import jobs as timers
from bpm.errors import Conflict, NotAllowed, NotFound
from bpm.language import _
from bpm.people.models import Person


def suspend_version(
    session: Session,
    now: datetime,
    actor: Person | None,
    process_key: str,
    number: int,
    *,
    cases: bool = False,
) -> BulkOperation | None:
    """Let no case begin with a version any more; if it is the newest, the process cannot be started.

    Args:
        cases: suspend its running cases too; returns the operation that does it.

    Raises:
        NotFound, NotAllowed: the version is not the actor's to administer.
        Conflict: it is suspended already.
    """
    return _switch_version(session, now, actor, process_key, number, False, cases)


def resume_version(
    session: Session,
    now: datetime,
    actor: Person | None,
    process_key: str,
    number: int,
    *,
    cases: bool = False,
) -> BulkOperation | None:
    """Let cases begin with a suspended version again; messages that were kept for it start theirs.

    Args:
        cases: let its suspended cases go on too; returns the operation that does it.

    Raises:
        NotFound, NotAllowed: the version is not the actor's to administer.
        Conflict: it is not suspended.
    """
    return _switch_version(session, now, actor, process_key, number, True, cases)


def suspend_process(
    session: Session, now: datetime, actor: Person | None, process_key: str, *, cases: bool = False
) -> BulkOperation | None:
    """Let no case of a process begin, whatever its version; with ``cases`` suspend the running ones.

    Raises:
        NotFound, NotAllowed: the process is not the actor's to administer.
        Conflict: it is switched off already.
    """
    return _switch_process(session, now, actor, process_key, False, cases)


def resume_process(
    session: Session, now: datetime, actor: Person | None, process_key: str, *, cases: bool = False
) -> BulkOperation | None:
    """Let cases of a process begin again; with ``cases`` the suspended ones go on.

    Raises:
        NotFound, NotAllowed: the process is not the actor's to administer.
        Conflict: it is not switched off.
    """
    return _switch_process(session, now, actor, process_key, True, cases)


def _switch_version(
    session: Session, now: datetime, actor: Person | None, key: str, number: int, active: bool, cases: bool
) -> BulkOperation | None:
    version = _version(session, actor, key, number)
    if version.suspended is not active:
        raise Conflict(
            _("Version %(number)s is not suspended.", number=number)
            if active
            else _("Version %(number)s is suspended already.", number=number)
        )
    version.suspended = not active
    _start_events(session, now, version.process)
    return _switch_cases(session, now, actor, active, {"process": key, "version": number}) if cases else None


def _switch_process(
    session: Session, now: datetime, actor: Person | None, key: str, active: bool, cases: bool
) -> BulkOperation | None:
    process = _version(session, actor, key, None).process
    if process.active is active:
        raise Conflict(
            _("The process is not switched off.") if active else _("The process is switched off already.")
        )
    deployment.set_active(session, now, actor, key, active)
    if active:
        _send_kept(session, now, definitions.version_of(session, key))
    return _switch_cases(session, now, actor, active, {"process": key}) if cases else None


def _switch_cases(
    session: Session, now: datetime, actor: Person | None, active: bool, of: dict[str, Any]
) -> BulkOperation:
    kind, status = ("resume", "suspended") if active else ("suspend", "active")
    return bulk.create(session, now, actor, kind, {}, selection={**of, "status": status})


def _version(session: Session, actor: Person | None, key: str, number: int | None) -> ProcessVersion:
    found = definitions.version_of(session, key, number)
    if actor is None or permissions.can_administer_process(actor, found.process):
        return found
    if permissions.can_read_version(session, actor, found):
        raise NotAllowed(_("Only the owner of the process or an administrator can do this."))
    raise NotFound(_("There is no process “%(key)s”, or you may not see it.", key=key))


def _start_events(session: Session, now: datetime, process: Process) -> None:
    """Listen to the start events of the newest version, unless it is suspended."""
    session.flush()
    newest = definitions.version_of(session, process.key)
    definition = definitions.of_version(session, newest)
    deployment.replace_starts(session, now, process, newest, definition)
    if process.active and not newest.suspended:
        _send_kept(session, now, newest)


def _send_kept(session: Session, now: datetime, version: ProcessVersion) -> None:
    """Send once more the messages that were kept while nobody took them."""
    names = list(definitions.of_version(session, version).messages_starting)
    kept = session.scalars(
        select(Message).where(Message.name.in_(names), Message.expires_at > now).order_by(Message.id)
    ).all()
    rows = [
        timers.message_job(
            now, one.name, Address(one.correlation, one.conversation), values.decode(one.payload),
            kept_for=one.expires_at - now,
        )
        for one in kept
    ]  # fmt: skip
    session.execute(delete(Message).where(Message.id.in_([one.id for one in kept])))
    timers.add_jobs(session, now, rows)
