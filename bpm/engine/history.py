"""The append-only history of instances: a chain of hashes, one chain for each instance.

Each row's hash covers the row and the hash before it, so that altering or removing any row shows;
the instance keeps the length and the last hash, so that cutting off the end shows too.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, insert, select, text
from sqlalchemy.orm import Session

from bpm.engine.models import Instance
from bpm.engine.tables import HISTORY
from bpm.language import _

_STRETCH = 1000
_ADD = insert(HISTORY)
_NAMES = ", ".join(column.name for column in HISTORY.columns)
_ADD_PACKED = text(
    f"INSERT INTO history_event ({_NAMES}) SELECT {_NAMES}"
    " FROM jsonb_populate_recordset(NULL::history_event, CAST(:rows AS jsonb))"
)


@dataclass(slots=True)
class Entry:
    """One thing to be written; ``data`` holds encoded values only."""

    kind: str
    element: str | None
    data: dict[str, Any]
    actor_id: int | None = None
    on_behalf_of_id: int | None = None


@dataclass(frozen=True, slots=True)
class Broken:
    """A place where the history is not what was written. ``seq``: the first wrong row."""

    instance: str
    seq: int
    text: str


def chain_hash(
    before: str,
    seq: int,
    at: datetime,
    actor_id: int | None,
    on_behalf_of_id: int | None,
    kind: str,
    element: str | None,
    data: Mapping[str, Any],
) -> str:
    """Return the hash of a row: SHA-256 over the hash before it and the row as canonical JSON."""
    moment = at.astimezone(UTC).isoformat(timespec="microseconds")
    row = [seq, moment, actor_id, on_behalf_of_id, kind, element, data]
    text = json.dumps(row, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256((before + text).encode("ascii")).hexdigest()


def rows_of(
    entries: list[Entry], *, instance_id: int, at: datetime, length: int, last_hash: str
) -> tuple[list[dict[str, Any]], str]:
    """Return the HISTORY rows of ``entries`` behind a chain of ``length`` rows, and the new last hash."""
    rows = []
    for seq, entry in enumerate(entries, start=length + 1):
        last_hash = chain_hash(
            last_hash, seq, at, entry.actor_id, entry.on_behalf_of_id, entry.kind, entry.element, entry.data
        )
        rows.append(
            {
                "instance_id": instance_id,
                "seq": seq,
                "at": at,
                "actor_id": entry.actor_id,
                "on_behalf_of_id": entry.on_behalf_of_id,
                "kind": entry.kind,
                "element": entry.element,
                "data": entry.data,
                "hash": last_hash,
            }
        )
    return rows, last_hash


def add_entries(connection: Connection, rows: list[dict[str, Any]]) -> None:
    """Insert HISTORY rows: on PostgreSQL with one statement, however many they are."""
    if len(rows) > 1 and connection.dialect.name == "postgresql":
        packed = json.dumps([row | {"at": row["at"].isoformat()} for row in rows])
        connection.execute(_ADD_PACKED, {"rows": packed})
    elif rows:
        connection.execute(_ADD, rows)


def verify_history(session: Session, instance_id: int | None = None) -> Iterator[Broken]:
    """Recompute every chain, or that of one instance; yield each place where it does not hold."""
    instances = select(
        Instance.id, Instance.public_id, Instance.history_length, Instance.history_hash
    ).order_by(Instance.id)
    if instance_id is not None:
        instances = instances.where(Instance.id == instance_id)
    for number, public_id, length, last_hash in session.execute(instances).all():
        yield from _verify(session, number, public_id, length, last_hash)


def _verify(session: Session, number: int, public_id: str, length: int, last_hash: str) -> Iterator[Broken]:
    before, seq = "", 0
    for row in _rows(session, number):
        seq += 1
        if row.seq != seq:
            yield Broken(public_id, seq, _("Entry %(number)s is missing.", number=seq))
            return
        expected = chain_hash(
            before, row.seq, row.at, row.actor_id, row.on_behalf_of_id, row.kind, row.element, row.data
        )
        if row.hash != expected:
            yield Broken(public_id, seq, _("Entry %(number)s was changed.", number=seq))
            return
        before = row.hash
    if seq != length or before != last_hash:
        yield Broken(public_id, seq + 1, _("The end of the history is missing."))


def _rows(session: Session, number: int) -> Iterator[Any]:
    """Yield the rows of one instance in order, a stretch at a time."""
    last = -1
    while True:
        question = select(HISTORY).where(HISTORY.c.instance_id == number, HISTORY.c.seq > last)
        rows = session.execute(question.order_by(HISTORY.c.seq).limit(_STRETCH)).all()
        yield from rows
        if len(rows) < _STRETCH:
            return
        last = rows[-1].seq
