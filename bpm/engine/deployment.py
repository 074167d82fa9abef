"""Publishing processes: the next version, and what starts it by itself.

Owns ``process`` and ``process_version``. A version is never changed once it is published.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bpm.engine import definitions, permissions
from bpm.engine.build.compile import compile_process
from bpm.engine.definition import Definition
from bpm.engine.messages import subscriptions
from bpm.engine.models import Process, ProcessVersion
from bpm.engine.timers.starts import enqueue_first
from bpm.errors import Invalid, NotAllowed
from bpm.jobs.commands import cancel as cancel_jobs
from bpm.language import _, chosen
from bpm.people import queries as people
from bpm.people.models import Person

_LARGEST = 5_000_000
# of the columns that name a process and an element
_LONGEST_ID = 120
_LONGEST_OUTCOME = 60


def deploy(
    session: Session,
    now: datetime,
    actor: Person | None,
    xml: bytes | str,
    *,
    svg: str | None = None,
    note: str = "",
    process_id: str | None = None,
    reviewed_by: Person | None = None,
) -> ProcessVersion:
    """Publish a diagram as the next version of its process.

    The newest version is returned unchanged if it has the very same content. Cases that run go on
    with their version; messages, signals and timers start the new one from now on.

    Args:
        actor: who publishes; None for the command line and the library that ships.
        xml: BPMN 2.0 XML in UTF-8.
        svg: the drawing, for lists and pages without a viewer.
        process_id: which process of a file with several.
        reviewed_by: who has looked at this very diagram and approved it.

    Raises:
        CannotRun: the diagram cannot be run; ``problems`` names each fault and its element.
        NotAllowed: the actor may not publish this process, or somebody must look at it first.
        Invalid: the diagram is too large.
    """
    content = xml.encode("utf-8") if isinstance(xml, str) else xml
    if len(content) > _LARGEST:
        raise Invalid(_("The diagram is larger than %(size)s MB.", size=_LARGEST // 1_000_000))
    definition = compile_process(content, process_id)
    _check_names(definition)
    process = session.scalar(select(Process).where(Process.key == definition.process_id).with_for_update())
    if actor is not None and not permissions.can_deploy(actor, process):
        raise NotAllowed(
            _("You may not publish the process “%(name)s”. Its owner or an administrator can.",
              name=chosen(dict(definition.names), definition.process_id))
        )  # fmt: skip
    if process is None:
        process = Process(key=definition.process_id, names=_names(definition))
        session.add(process)
        session.flush()
    newest = session.scalar(
        select(ProcessVersion)
        .where(ProcessVersion.process_id == process.id)
        .order_by(ProcessVersion.number.desc())
        .limit(1)
    )
    if newest is not None and newest.hash == definition.hash:
        return newest
    _must_be_reviewed(session, process, actor, reviewed_by)
    process.names = _names(definition)
    _set_owner(session, process, definition.extensions, actor)
    version = ProcessVersion(
        process_id=process.id,
        number=(newest.number if newest is not None else 0) + 1,
        process_key=process.key,
        xml=content.decode("utf-8"),
        svg=svg,
        hash=definition.hash,
        properties=definition.properties(),
        note=note,
        published_by_id=actor.id if actor is not None else None,
        published_at=now,
        reviewed_by_id=reviewed_by.id if reviewed_by is not None else None,
    )
    session.add(version)
    session.flush()
    replace_starts(session, now, process, version, definition)
    return version


def _must_be_reviewed(
    session: Session, process: Process, actor: Person | None, reviewed_by: Person | None
) -> None:
    """Refuse whoever is not one of the process's reviewers and has no approval of one of them."""
    if actor is None or not permissions.needs_review(process):
        return
    if permissions.may_review(session, actor, process):
        return
    if reviewed_by is not None and permissions.may_review(session, reviewed_by, process):
        return
    who = process.reviewer.name if process.reviewer is not None else None
    if who is None and process.review_group is not None:
        who = chosen(process.review_group.names, process.review_group.key)
    raise NotAllowed(
        _("“%(name)s” must be looked at by %(who)s before it is published. Ask for a look first.",
          name=chosen(process.names, process.key), who=who or "")
    )  # fmt: skip


def _check_names(definition: Definition) -> None:
    """Refuse what no table could hold while a case runs."""
    for name in (definition.process_id, *definition.elements):
        if len(name) > _LONGEST_ID:
            raise Invalid(
                _("The id “%(id)s…” is longer than %(limit)s characters.", id=name[:60], limit=_LONGEST_ID)
            )
    for element in definition.elements.values():
        for outcome in element.extensions.get("outcomes") or ():
            if len(key := str(outcome.get("key", ""))) > _LONGEST_OUTCOME:
                raise Invalid(
                    _(
                        "The id “%(id)s…” is longer than %(limit)s characters.",
                        id=key[:40],
                        limit=_LONGEST_OUTCOME,
                    )
                )


def set_active(
    session: Session, now: datetime, actor: Person | None, process_key: str, active: bool
) -> Process:
    """Let a process be started, or not any more; running cases are not touched.

    Raises:
        NotFound: there is no such process.
        NotAllowed: only its owner and administrators may do this.
    """
    version = definitions.version_of(session, process_key)
    process = version.process
    if actor is not None and not permissions.can_administer_process(actor, process):
        raise NotAllowed(_("Only the owner of the process or an administrator can do this."))
    process.active = active
    session.flush()
    replace_starts(session, now, process, version, definitions.of_version(session, version))
    return process


def _names(definition: Definition) -> dict[str, Any]:
    return dict(definition.names) or {"en": definition.process_id}


def _set_owner(
    session: Session, process: Process, extensions: Mapping[str, Any], actor: Person | None
) -> None:
    login = extensions.get("owner")
    owner = people.person(session, login) if isinstance(login, str) and login else None
    if owner is not None:
        process.owner_id = owner.id
    elif process.owner_id is None and actor is not None:
        process.owner_id = actor.id


def replace_starts(
    session: Session, now: datetime, process: Process, version: ProcessVersion, definition: Definition
) -> None:
    """Listen to the start events of this version, and to those of no other."""
    session.flush()
    events = definition.start_events if process.active and not version.suspended else ()
    starts = [
        (one.id, one.kind, one.name) for one in events if one.kind in ("message", "signal") and one.name
    ]
    subscriptions.replace_starts(session, process.id, starts)
    cancel_jobs(session, unique_key_prefix=f"start:{process.id}:")
    for one in events:
        if one.kind == "timer":
            enqueue_first(session, now, version, one)
