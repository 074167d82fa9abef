"""Changes of records: create, change, move to a stage, delete; each leaves a row of history.

Owns the tables of records. Never commits. Everybody with an account may see and change records;
fields marked ``set_by_process`` are written by running cases only.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bpm.engine.commands import record_changed
from bpm.engine.values import FileReference, encode
from bpm.errors import Conflict, Invalid, NotAllowed
from bpm.files.commands import attach
from bpm.files.queries import stored_file
from bpm.language import _
from bpm.people.models import Person
from bpm.records.checks import check
from bpm.records.models import Record, RecordChange, RecordType
from bpm.records.queries import lock_cases
from bpm.records.schema import RecordSchema, read
from bpm.records.view import schema_of, title_of, values_of, words_of


@dataclass(frozen=True)
class Cause:
    """The running case, and its step, on whose behalf a record is changed."""

    instance_id: int
    element: str | None = None


Closing = Callable[[Session, datetime, Record], None]
_closing: list[Closing] = []


def on_closing(listener: Closing) -> None:
    """Call ``listener`` whenever a person deletes a record or moves it to a stage that closes it."""
    if listener not in _closing:
        _closing.append(listener)


def define(session: Session, definition: Mapping[str, Any]) -> RecordType:
    """Add or replace a type of record.

    Raises:
        Invalid: the definition has faults, each named.
    """
    schema = read(definition)
    kind = session.scalar(select(RecordType).where(RecordType.key == schema.key))
    if kind is None:
        kind = RecordType(
            key=schema.key, position=schema.position, definition=dict(definition), last_number=0
        )
        session.add(kind)
    elif kind.definition != definition:
        kind.definition = dict(definition)
        kind.position = schema.position
    session.flush()
    return kind


def create(
    session: Session,
    now: datetime,
    actor: Person | None,
    type_key: str,
    values: Mapping[str, Any],
    *,
    cause: Cause | None = None,
) -> Record:
    """Make a new record. ``values`` may hold ``stage`` and ``responsible`` (a log-in name) too.

    Without a stage it begins at the first one of its funnel.

    Raises:
        Invalid: values that cannot be used; ``details["errors"]`` has a text for each field.
        NotAllowed: nobody is logged in and no case is the cause.
    """
    _may_write(actor, cause)
    kind = session.scalar(select(RecordType).where(RecordType.key == type_key))
    if kind is None:
        raise Invalid(_("There is no record type “%(key)s”.", key=type_key))
    schema = read(kind.definition)
    wanted, stage, responsible = _split(session, schema, values, cause, whole=True)
    record = Record(
        type_id=kind.id,
        type=kind,
        number=_next_number(session, kind),
        title="",
        values={},
        created_at=now,
        created_by_id=actor.id if actor else None,
        changed_at=now,
    )
    if "number" in schema.by_key and not wanted.get("number"):
        wanted["number"] = str(record.number)
    record.values = {key: encode(value) for key, value in wanted.items() if value is not None}
    first = schema.stages_for(wanted)
    record.stage = stage or (first[0].key if first else None)
    record.responsible = responsible
    record.responsible_id = responsible.id if responsible else None
    session.add(record)
    session.flush()
    _describe(session, record)
    changes = {key: [None, value] for key, value in record.values.items()}
    changes["stage"] = [None, record.stage]
    if responsible:
        changes["responsible"] = [None, responsible.login]
    _remember(session, now, actor, cause, record, "created", changes)
    return record


def change(
    session: Session,
    now: datetime,
    actor: Person | None,
    record: Record,
    values: Mapping[str, Any],
    *,
    revision: int | None = None,
    cause: Cause | None = None,
) -> RecordChange | None:
    """Change fields, ``stage`` or ``responsible`` of a record; None if everything was so already.

    Args:
        revision: the state that the person saw; a newer one is refused.

    Raises:
        Conflict: somebody changed the record meanwhile, or it is deleted.
        Invalid, NotAllowed: as ``create``.
    """
    _may_write(actor, cause)
    if cause is None and "stage" in values:
        lock_cases(session, record)  # closing it may end them; cases are locked before records
    _lock(session, record, revision)
    schema = schema_of(record)
    wanted, stage, responsible = _split(
        session, schema, values, cause, whole=False, present=values_of(record)
    )
    changes: dict[str, Any] = {}
    stored = dict(record.values or {})
    for key, value in wanted.items():
        new = None if value is None else encode(value)
        if stored.get(key) != new:
            changes[key] = [stored.get(key), new]
            stored[key] = new
    if stage is not None and stage != record.stage:
        changes["stage"] = [record.stage, stage]
        record.stage = stage
    if "responsible" in values and responsible is not record.responsible:
        old = record.responsible.login if record.responsible else None
        changes["responsible"] = [old, responsible.login if responsible else None]
        record.responsible = responsible
        record.responsible_id = responsible.id if responsible else None
    if not changes:
        return None
    record.values = {key: value for key, value in stored.items() if value is not None}
    record.changed_at = now
    _describe(session, record)
    kind = "moved" if set(changes) == {"stage"} else "changed"
    row = _remember(session, now, actor, cause, record, kind, changes)
    record_changed(session, now, record.public_id)
    reached = schema.stage(record.stage)
    if cause is None and "stage" in changes and reached is not None and reached.closes:
        _close(session, now, record)
    return row


def move_stage(
    session: Session,
    now: datetime,
    actor: Person | None,
    record: Record,
    stage: str,
    *,
    revision: int | None = None,
    cause: Cause | None = None,
) -> RecordChange | None:
    """Move a record to another stage; None if it stands there already.

    Raises:
        Invalid: the type, or this record's funnel, has no such stage.
        Conflict, NotAllowed: as ``change``.
    """
    return change(session, now, actor, record, {"stage": stage}, revision=revision, cause=cause)


def delete(
    session: Session, now: datetime, actor: Person | None, record: Record, *, revision: int | None = None
) -> None:
    """Take a record out of every list. Its history stays.

    Raises:
        Conflict: it was changed or deleted meanwhile.
        NotAllowed: nobody is logged in.
    """
    _may_write(actor, None)
    lock_cases(session, record)
    _lock(session, record, revision)
    record.deleted_at = now
    record.changed_at = now
    _remember(session, now, actor, None, record, "deleted", {})
    _close(session, now, record)


def _close(session: Session, now: datetime, record: Record) -> None:
    for listener in _closing:
        listener(session, now, record)


def _may_write(actor: Person | None, cause: Cause | None) -> None:
    if cause is None and (actor is None or not actor.active):
        raise NotAllowed(_("Log in to change records."))


def _lock(session: Session, record: Record, revision: int | None) -> None:
    session.refresh(record, with_for_update=True)
    if record.deleted_at is not None:
        raise Conflict(_("“%(title)s” was deleted.", title=record.title))
    if revision is not None and revision != record.revision:
        who = session.scalar(
            select(Person.name)
            .join(RecordChange, RecordChange.actor_id == Person.id)
            .where(RecordChange.record_id == record.id)
            .order_by(RecordChange.id.desc())
        )
        text = _(
            "“%(title)s” was changed by %(who)s while you were writing. Look at it and save again.",
            title=record.title,
            who=who or _("a running case"),
        )
        raise Conflict(text, revision=record.revision)


def _split(
    session: Session,
    schema: RecordSchema,
    values: Mapping[str, Any],
    cause: Cause | None,
    *,
    whole: bool,
    present: Mapping[str, Any] | None = None,
) -> tuple[dict[str, Any], str | None, Person | None]:
    """Check the values and take the two apart that every record has."""
    fields = {key: value for key, value in values.items() if key not in ("stage", "responsible")}
    checked = check(session, schema, fields, by_process=cause is not None, whole=whole)
    errors = dict(checked.errors)
    stage = str(values["stage"]) if values.get("stage") else None
    allowed = {s.key for s in schema.stages_for({**(present or {}), **checked.values})}
    if stage is not None and stage not in allowed:
        errors["stage"] = _("%(type)s has no stage “%(stage)s”.", type=schema.name, stage=stage)
    responsible = None
    if values.get("responsible"):
        login = str(values["responsible"])
        responsible = session.scalar(select(Person).where(Person.login == login))
        if responsible is None:
            errors["responsible"] = _("There is nobody with the log-in name “%(login)s”.", login=login)
    if errors:
        text = _("%(type)s: %(faults)s", type=schema.name, faults=" ".join(errors.values()))
        raise Invalid(text, errors=errors)
    return checked.values, stage, responsible


def _next_number(session: Session, kind: RecordType) -> int:
    session.execute(
        update(RecordType).where(RecordType.id == kind.id).values(last_number=RecordType.last_number + 1)
    )
    return session.scalars(select(RecordType.last_number).where(RecordType.id == kind.id)).one()


def _describe(session: Session, record: Record) -> None:
    """Write what lists and the search read, and let those who see the record open its files."""
    for value in values_of(record).values():
        for part in value if isinstance(value, list) else [value]:
            if isinstance(part, FileReference):
                stored = stored_file(session, str(part.id))
                if stored is not None:
                    attach(stored, record_id=record.id)
    record.title = title_of(session, record)
    record.search_text = words_of(record)
    session.flush()


def _remember(
    session: Session,
    now: datetime,
    actor: Person | None,
    cause: Cause | None,
    record: Record,
    kind: str,
    changes: Mapping[str, Any],
) -> RecordChange:
    row = RecordChange(
        record_id=record.id,
        at=now,
        actor_id=actor.id if actor else None,
        instance_id=cause.instance_id if cause else None,
        element=cause.element if cause else None,
        kind=kind,
        changes=dict(changes),
    )
    session.add(row)
    session.flush()
    return row


__all__ = ["Cause", "change", "create", "define", "delete", "move_stage"]
