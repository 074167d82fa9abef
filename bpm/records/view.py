"""A record as FEEL expressions see it: read anew at each use, links followed one field at a time.

Reads only. What it returns is never stored: a view is kept as the reference it carries.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bpm.engine.search import normal, search_text
from bpm.engine.values import RecordReference, decode
from bpm.errors import Refusal
from bpm.feel import FeelError, evaluate
from bpm.records.models import Record
from bpm.records.schema import RecordSchema, read

_PART = re.compile(r"\{([^{}]+)\}")
_OWN = ("id", "type", "title", "number", "stage", "responsible", "created_at", "changed_at")


class RecordView(Mapping[str, Any]):
    """One record's fields by name, with ``id``, ``type``, ``title``, ``stage``, ``responsible`` beside them.

    ``<choice field>_name`` is the choice's name in the present language.
    """

    def __init__(self, session: Session, record: Record) -> None:
        self._session = session
        self._record = record
        self._schema = schema_of(record)

    @property
    def reference(self) -> RecordReference:
        """What a variable keeps of this record."""
        return RecordReference(self._schema.key, self._record.public_id)

    def __getitem__(self, name: str) -> Any:
        if name in self._schema.by_key:
            return self._follow(decode((self._record.values or {}).get(name)))
        if name.endswith("_name") and name.removesuffix("_name") in self._schema.by_key:
            return self._shown(name.removesuffix("_name"))
        if name not in _OWN:
            raise KeyError(name)
        record = self._record
        if name == "id":
            return record.public_id
        if name == "type":
            return self._schema.key
        if name == "responsible":
            return record.responsible.login if record.responsible else None
        value = getattr(record, name)
        return Decimal(value) if name == "number" else value

    def __iter__(self) -> Iterator[str]:
        yield from dict.fromkeys((*_OWN, *self._schema.by_key))

    def __len__(self) -> int:
        return len(set(_OWN) | set(self._schema.by_key))

    def __repr__(self) -> str:
        return f"RecordView({self._schema.key}, {self._record.public_id})"

    def _shown(self, field: str) -> str:
        """``source_name``: what people call the value of the choice field ``source``."""
        value = decode((self._record.values or {}).get(field))
        return "" if value is None else self._schema.by_key[field].choice_name(str(value))

    def _follow(self, value: Any) -> Any:
        if isinstance(value, RecordReference):
            return resolve(self._session, value)
        if isinstance(value, list):
            return [self._follow(item) for item in value]
        return value


def resolve(session: Session, reference: RecordReference) -> RecordView | None:
    """Return the record that a reference names, or None if it is deleted or never was.

    This is what ``Environment.resolve`` of the engine calls each time an expression reads a record.
    """
    record = session.scalar(
        select(Record).where(Record.public_id == reference.id, Record.deleted_at.is_(None))
    )
    return None if record is None else RecordView(session, record)


def resolved(session: Session, reference: RecordReference) -> Mapping[str, Any]:
    """Like ``resolve``; an unknown record is an empty mapping, as the engine wants it."""
    return resolve(session, reference) or {}


def comparable(field: str, value: Any) -> str:
    """Return the sign by which two values of a field are taken for the same."""
    if value is None:
        return ""
    if field in ("phone", "tax_number"):
        return "".join(sign for sign in str(value) if sign.isalnum()).lower()
    return normal(str(value))


def words_of(record: Record) -> str:
    """Return the text in which lists search for a record."""
    values = values_of(record)
    parts = [record.title, record.number, *(value for value in values.values() if isinstance(value, str))]
    parts += [comparable(key, values.get(key)) for key in ("phone", "tax_number")]
    return search_text(parts)


def schema_of(record: Record) -> RecordSchema:
    """Return the schema of a record's type."""
    return read(record.type.definition)


def values_of(record: Record) -> dict[str, Any]:
    """Return a record's stored values, decoded; links stay references."""
    return {key: decode(value) for key, value in (record.values or {}).items()}


def title_of(session: Session, record: Record) -> str:
    """Write a record's title from its type's template; a part that cannot be computed stays empty."""
    view = RecordView(session, record)
    text = _PART.sub(lambda part: _plain(_part_value(part.group(1), view)), schema_of(record).title)
    text = text.strip(" ,·–-")
    return (text or f"{schema_of(record).names.get('en', record.type.key)} {record.number}")[:300]


def _part_value(expression: str, view: RecordView) -> Any:
    try:
        return evaluate(expression, view)
    except (FeelError, Refusal):
        return None


def _plain(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return format(value.normalize(), "f") if value else "0"
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return str(value)
