"""Fills the database of a rehearsal: copies of people, calendar, forms, decisions, letters, records.

Reads the real tables and changes none of them. What is secret (passwords, sessions) is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, Select, Table, func, insert, select
from sqlalchemy.orm import Session

from bpm.db import Base
from bpm.engine.values import RecordReference, decode

_WHOLE = (
    "department", "person", "person_group", "membership", "role", "absence",
    "calendar", "calendar_day", "record_type",
)  # fmt: skip
# of these the newest publication of each key
_NEWEST = ("form", "decision", "document_template", "letter")
# nobody logs in there, and what is switched off in life can be tried all the same
_INSTEAD: Mapping[str, Mapping[str, Any]] = {
    "person": {"password_hash": None, "session_key": ""},
    "process": {"active": True},
    "process_version": {"suspended": False},
}
# records of each type that can be chosen, the last changed first
_RECENT = 100
# how far links of records are followed, and how many of them
_LINKS, _MOST_LINKED = 4, 1000
_AT_ONCE = 500


def fill(session: Session, into: Connection, process_key: str, called: Iterable[str]) -> None:
    """Copy what a process may need.

    Args:
        session: reads the real database.
        into: writes the one of the rehearsal; its caller commits.
        process_key: the process that is rehearsed; its published versions are not needed.
        called: keys of the processes that it calls.
    """
    for name in _WHOLE:
        _copy(session, into, _table(name), select(_table(name)))
    for name in _NEWEST:
        table = _table(name)
        newest = select(table.c.key, func.max(table.c.number).label("number")).group_by(table.c.key)
        top = newest.subquery()
        fitting = (table.c.key == top.c.key) & (table.c.number == top.c.number)
        _copy(session, into, table, select(table).join(top, fitting))
    _copy_processes(session, into, process_key, called)
    _copy_records(session, into)


def called_by(session: Session, first: Iterable[str]) -> set[str]:
    """Return the keys of processes and of all that those call, directly or not."""
    versions = _table("process_version")
    found: set[str] = set()
    waiting = set(first)
    while waiting:
        found |= waiting
        rows = session.scalars(_newest_versions(waiting).with_only_columns(versions.c.properties))
        waiting = {key for row in rows for key in row.get("called_processes") or ()} - found
    return found


def _table(name: str) -> Table:
    return Base.metadata.tables[name]


def _copy(session: Session, into: Connection, table: Table, rows: Select[Any]) -> list[dict[str, Any]]:
    instead = _INSTEAD.get(table.name, {})
    found = [{**row, **instead} for row in session.execute(rows).mappings()]
    for begin in range(0, len(found), _AT_ONCE):
        into.execute(insert(table), found[begin : begin + _AT_ONCE])
    return found


def _newest_versions(keys: Iterable[str]) -> Select[Any]:
    versions = _table("process_version")
    top = (
        select(versions.c.process_key, func.max(versions.c.number).label("number"))
        .where(versions.c.process_key.in_(list(keys)))
        .group_by(versions.c.process_key)
        .subquery()
    )
    fitting = (versions.c.process_key == top.c.process_key) & (versions.c.number == top.c.number)
    return select(versions).join(top, fitting)


def _copy_processes(session: Session, into: Connection, process_key: str, called: Iterable[str]) -> None:
    processes = _table("process")
    keys = called_by(session, called) - {process_key}
    rows = select(processes).where(processes.c.key.in_([*keys, process_key]))
    _copy(session, into, processes, rows)
    if keys:
        _copy(session, into, _table("process_version"), _newest_versions(keys))


def _copy_records(session: Session, into: Connection) -> None:
    records, kinds = _table("record"), _table("record_type")
    known: dict[int, str] = {}
    linked: set[str] = set()
    for kind in session.scalars(select(kinds.c.id)).all():
        recent = select(records).where(records.c.type_id == kind, records.c.deleted_at.is_(None))
        recent = recent.order_by(records.c.changed_at.desc(), records.c.id.desc()).limit(_RECENT)
        linked |= _keep_records(session, into, recent, known)
    for _level in range(_LINKS):
        missing = sorted(linked - set(known.values()))[:_MOST_LINKED]
        if not missing:
            break
        linked = _keep_records(session, into, select(records).where(records.c.public_id.in_(missing)), known)
    files = _table("stored_file")
    if known:
        _copy(session, into, files, select(files).where(files.c.record_id.in_(list(known))))


def _keep_records(session: Session, into: Connection, rows: Select[Any], known: dict[int, str]) -> set[str]:
    """Copy records; return the public ids to which they are linked."""
    found = _copy(session, into, _table("record"), rows)
    known.update({row["id"]: row["public_id"] for row in found})
    return {
        str(one.id)
        for row in found
        for value in (row["values"] or {}).values()
        for one in _references(decode(value))
    }


def _references(value: Any) -> list[RecordReference]:
    if isinstance(value, RecordReference):
        return [value]
    return [one for item in value for one in _references(item)] if isinstance(value, list) else []
