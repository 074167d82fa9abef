"""Which processes can be started from the card of a record.

Reads what published processes say in ``bpm:start``: the types of record, and at which stages.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bpm.engine import permissions
from bpm.engine.models import Process, ProcessVersion
from bpm.language import chosen
from bpm.people.models import Person
from bpm.records.models import Record


@dataclass(frozen=True)
class Start:
    """One start button."""

    key: str
    text: str
    help: str


def offered(session: Session, actor: Person, record: Record) -> list[Start]:
    """Return the processes that ``actor`` may start from this record, by name.

    ``recordType`` of a process may list several types, ``recordStages`` the stages at which it can
    be started; without stages it can be started at any.
    """
    newest = (
        select(ProcessVersion.process_id, func.max(ProcessVersion.number).label("number"))
        .group_by(ProcessVersion.process_id)
        .subquery()
    )
    rows = session.execute(
        select(Process, ProcessVersion.properties)
        .join(newest, newest.c.process_id == Process.id)
        .join(
            ProcessVersion,
            (ProcessVersion.process_id == Process.id) & (ProcessVersion.number == newest.c.number),
        )
        .where(Process.active)
    )
    found = []
    for process, properties in rows:
        start = properties.get("start") or {}
        stages = _listed(start.get("record_stages"))
        if record.type.key not in _listed(start.get("record_types") or start.get("record_type")):
            continue
        if stages and record.stage not in stages:
            continue
        if permissions.can_start(session, actor, process, properties):
            text = chosen(start.get("button")) or chosen(process.names, process.key)
            found.append(Start(process.key, text, chosen(properties.get("help"))))
    return sorted(found, key=lambda one: one.text)


def _listed(value: object) -> list[str]:
    if isinstance(value, str):
        return value.replace(",", " ").split()
    return [str(item) for item in value] if isinstance(value, list) else []
