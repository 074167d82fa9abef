"""Leads, deals, contracts, contacts and companies."""

from __future__ import annotations

from typing import Any

from flask import g
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from bpm.api import present, schemas
from bpm.api.blueprint import api
from bpm.api.reading import match, page, show_revision, typed
from bpm.engine import search
from bpm.records import commands, queries
from bpm.records.models import Record, RecordType
from bpm.records.view import values_of
from bpm.web.extensions import current_session
from bpm.web.request import clock


def _one(row: Record) -> schemas.RecordOut:
    show_revision(row.revision)
    return _shown(row)


def _shown(row: Record) -> schemas.RecordOut:
    return schemas.RecordOut(
        id=row.public_id,
        type=row.type.key,
        number=row.number,
        title=row.title,
        stage=row.stage,
        responsible=present.person(row.responsible),
        values=present.plain(values_of(row)),
        revision=row.revision,
        created_at=row.created_at,
        changed_at=row.changed_at,
    )


@api.operation("GET", "/records/<kind>", result=schemas.RecordList, query=schemas.RecordQuery)
def list_records(kind: str, query: schemas.RecordQuery) -> schemas.RecordList:
    """List records of one type, the newest first."""
    session = current_session()
    queries.schema(session, kind)
    wanted = (
        select(Record)
        .where(Record.type.has(RecordType.key == kind), Record.deleted_at.is_(None))
        .options(joinedload(Record.responsible), joinedload(Record.type))
    )
    if query.stage:
        wanted = wanted.where(Record.stage == query.stage)
    if query.text:
        wanted = wanted.where(search.matches(Record.search_text, query.text))
    rows, following = page(session, wanted, Record.id, query.cursor, query.limit)
    return schemas.RecordList(items=[_shown(row) for row in rows], next=following)


@api.operation("POST", "/records/<kind>", result=schemas.RecordOut, status=201, body=schemas.RecordIn)
def create_record(kind: str, body: schemas.RecordIn) -> schemas.RecordOut:
    """Make a record."""
    session = current_session()
    queries.schema(session, kind)
    return _one(commands.create(session, clock().now(), g.person, kind, _given(body)))


@api.operation("GET", "/records/<kind>/<public_id>", result=schemas.RecordOut)
def get_record(kind: str, public_id: str) -> schemas.RecordOut:
    """Return one record."""
    row = queries.record(current_session(), g.person, public_id, kind)
    match(row.revision)
    return _one(row)


@api.operation("PATCH", "/records/<kind>/<public_id>", result=schemas.RecordOut, body=schemas.RecordIn)
def change_record(kind: str, public_id: str, body: schemas.RecordIn) -> schemas.RecordOut:
    """Change the named fields, the stage or the responsible person of a record."""
    session = current_session()
    row = queries.record(session, g.person, public_id, kind)
    session.refresh(row, with_for_update=True)
    match(row.revision)
    commands.change(session, clock().now(), g.person, row, _given(body))
    session.flush()
    return _one(row)


def _given(body: schemas.RecordIn) -> dict[str, Any]:
    values = typed(current_session(), g.person, body.values)
    if body.stage is not None:
        values["stage"] = body.stage
    if body.responsible is not None:
        values["responsible"] = body.responsible
    return values
