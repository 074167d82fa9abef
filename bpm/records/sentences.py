"""Tells what a record holds and what happened to it in words people read.

Owns how values of fields are written. Reads only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bpm.engine.models import Instance
from bpm.engine.values import FileReference, RecordReference, decode
from bpm.language import _, chosen, format_date, format_moment, format_number
from bpm.people.models import Person
from bpm.records.models import Record, RecordChange
from bpm.records.schema import Field, RecordSchema

_LONGEST = 120


@dataclass(frozen=True)
class Shown:
    """A value as a page shows it; ``record`` or ``file`` is set where it leads somewhere."""

    text: str
    record: RecordReference | None = None
    file: FileReference | None = None


@dataclass(frozen=True)
class Happening:
    """One entry of a record's history. ``details``: (field, old, new), each as text."""

    change: RecordChange
    text: str
    details: Sequence[tuple[str, str, str]]
    case: Instance | None


class Words:
    """Writes values; people and records are looked up once."""

    def __init__(self, session: Session, schema: RecordSchema) -> None:
        self._session = session
        self._schema = schema
        self._names: dict[str, str] = {}
        self._titles: dict[str, str] = {}

    def person(self, login: str) -> str:
        """Return the name of a person."""
        if login not in self._names:
            name = self._session.scalar(select(Person.name).where(Person.login == login))
            self._names[login] = name or login
        return self._names[login]

    def title(self, public_id: str) -> str:
        """Return the title of a record."""
        if public_id not in self._titles:
            title = self._session.scalar(select(Record.title).where(Record.public_id == public_id))
            self._titles[public_id] = title or _("a deleted record")
        return self._titles[public_id]

    def shown(self, field: Field, value: Any) -> list[Shown]:
        """Return the parts of a field's value; none if it is empty."""
        if value is None or value == "":
            return []
        if isinstance(value, list):
            return [part for item in value for part in self.shown(field, item)]
        if isinstance(value, RecordReference):
            return [Shown(self.title(value.id), record=value)]
        if isinstance(value, FileReference):
            return [Shown(value.name, file=value)]
        return [Shown(self._plain(field, value))]

    def text(self, key: str, stored: Any) -> str:
        """Return a stored value of any field, ``stage`` and ``responsible`` included, as one text."""
        if stored is None:
            return ""
        if key == "stage":
            stage = self._schema.stage(stored)
            return stage.name if stage else str(stored)
        if key == "responsible":
            return self.person(str(stored))
        field = self._schema.by_key.get(key)
        value = decode(stored)
        if field is None:
            return str(value)
        text = ", ".join(part.text for part in self.shown(field, value))
        return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"

    def _plain(self, field: Field, value: Any) -> str:
        kind = field.item if field.type == "list" else field.type
        if kind == "person":
            return self.person(str(value))
        if kind == "choice":
            return field.choice_name(str(value))
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        if isinstance(value, Decimal):
            return format_number(value)
        if isinstance(value, datetime):
            return format_moment(value, "short")
        if isinstance(value, date):
            return format_date(value)
        return str(value)


def happenings(session: Session, schema: RecordSchema, changes: Sequence[RecordChange]) -> list[Happening]:
    """Tell each change as a sentence, with the values before and after."""
    words = Words(session, schema)
    numbers = {change.instance_id for change in changes if change.instance_id}
    cases = {case.id: case for case in session.scalars(select(Instance).where(Instance.id.in_(numbers)))}
    return [
        Happening(
            change,
            _sentence(schema, words, change),
            _details(schema, words, change),
            cases.get(change.instance_id or 0),
        )
        for change in changes
    ]


def _sentence(schema: RecordSchema, words: Words, change: RecordChange) -> str:
    who = change.actor.name if change.actor else _("The case")
    if change.kind == "created":
        return _("%(who)s created it", who=who)
    if change.kind == "deleted":
        return _("%(who)s deleted it", who=who)
    if "stage" in change.changes:
        _old, new = change.changes["stage"]
        return _("%(who)s moved it to “%(stage)s”", who=who, stage=words.text("stage", new))
    fields = ", ".join(schema.field_name(key) for key in list(change.changes)[:4])
    return _("%(who)s changed: %(fields)s", who=who, fields=fields)


def _details(schema: RecordSchema, words: Words, change: RecordChange) -> list[tuple[str, str, str]]:
    entries: Mapping[str, Any] = change.changes
    return [
        (schema.field_name(key), words.text(key, old), words.text(key, new))
        for key, (old, new) in entries.items()
        if not (change.kind == "moved" and key == "stage")
    ]


def full_title(schema: RecordSchema, record: Record) -> str:
    """Return the title for the top of a page: a title that begins with a number says of what it is one."""
    return f"{schema.name} {record.title}" if record.title[:1].isdigit() else record.title


def case_title(case: Instance) -> str:
    """Return the title of a case in the reader's language."""
    return chosen(case.titles, chosen(case.process.names, case.process.key))
