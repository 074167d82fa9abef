"""What ties records and cases together without being drawn: withdrawal, and records that close.

A cancelled case gives its record back the stage it had before (``processes.md`` §0.3, rule 6).
A record that somebody deletes or closes ends its cases (rule 7). Draws and answers nothing.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bpm.engine import commands as engine
from bpm.engine import events
from bpm.engine.events import Event, Listeners
from bpm.files import rights
from bpm.language import _
from bpm.people.models import Person
from bpm.records import commands, queries
from bpm.records.commands import Cause
from bpm.records.models import Record, RecordChange
from bpm.records.view import schema_of


def register(listeners: Listeners = events.LISTENERS) -> None:
    """Hear of cases that end, and answer who may read a record's files; twice changes nothing."""
    listeners.listen(events.INSTANCE_ENDED, give_back_stage)
    commands.on_closing(end_cases)
    rights.ask("record", _may_read)


def give_back_stage(session: Session, now: datetime, event: Event) -> None:
    """A cancelled case: each record whose stage it set returns to the stage before.

    A stage that somebody else set since then stays.
    """
    if event.instance(session).status != "cancelled":
        return
    changes = session.scalars(
        select(RecordChange).where(RecordChange.instance_id == event.instance_id).order_by(RecordChange.id)
    ).all()
    first: dict[int, str | None] = {}
    last: dict[int, str | None] = {}
    for change in changes:
        if change.kind != "created" and "stage" in change.changes:
            before, after = change.changes["stage"]
            first.setdefault(change.record_id, before)
            last[change.record_id] = after
    for record_id, stage in first.items():
        record = session.get_one(Record, record_id)
        if record.deleted_at is None and stage and record.stage == last[record_id] != stage:
            values = {"stage": stage}
            if "approval" in schema_of(record).by_key and record.type.key == "contract":
                values["approval"] = "none"
            commands.change(session, now, None, record, values, cause=Cause(event.instance_id))


def end_cases(session: Session, now: datetime, record: Record) -> None:
    """The record was closed or deleted by hand: the cases that began from it have no purpose any more."""
    reason = _("The record “%(title)s” was closed.", title=record.title)
    for case in queries.running_cases(session, record):
        if case.record_id == record.id and case.parent_id is None:
            engine.cancel(session, now, None, case.public_id, reason)


def _may_read(session: Session, reader: rights.Reader, record_id: int) -> bool:
    record = session.get(Record, record_id)
    return record is not None and record.deleted_at is None and isinstance(reader, Person)
