"""Typed checks of a record's values: what was submitted becomes what may be stored, or a reason.

Owns the meaning of each field type. Reads people and records that values name; changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from bpm.engine.values import FileReference, RecordReference
from bpm.files.models import StoredFile
from bpm.language import _, time_zone
from bpm.people.models import Person
from bpm.records.models import Record
from bpm.records.schema import Field, RecordSchema

TEXT_LIMIT = 500
LONG_TEXT_LIMIT = 20_000
LIST_LIMIT = 200
_LARGEST = Decimal(10) ** 18
_WORDS = {
    "true": True,
    "yes": True,
    "on": True,
    "1": True,
    "false": False,
    "no": False,
    "off": False,
    "0": False,
}


@dataclass(frozen=True)
class Checked:
    """``values``: typed, ready to be stored. ``errors``: one text for each field that was refused."""

    values: dict[str, Any]
    errors: dict[str, str]


class _Refused(Exception):
    """The value cannot be used; the text says why."""


def check(
    session: Session, schema: RecordSchema, submitted: Mapping[str, Any], *, by_process: bool, whole: bool
) -> Checked:
    """Check values against the fields of a type.

    Args:
        by_process: a running case writes; else fields that only cases may set are refused.
        whole: the record is new, so required fields must be there.
    """
    values: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for key, raw in submitted.items():
        field = schema.by_key.get(key)
        if field is None:
            errors[key] = _("%(type)s has no field “%(key)s”.", type=schema.name, key=key)
        elif field.set_by_process and not by_process:
            errors[key] = _(
                "“%(field)s” is set by the running case and cannot be typed in.", field=field.name
            )
        else:
            try:
                values[key] = read_value(session, field, raw)
            except _Refused as refused:
                errors[key] = str(refused)
    for field in schema.fields:
        if not field.required or field.key in errors:
            continue
        if (whole or field.key in values) and values.get(field.key) in (None, ""):
            errors[field.key] = _("Fill in “%(field)s”.", field=field.name)
    return Checked(values, errors)


def read_value(session: Session, field: Field, raw: Any) -> Any:
    """Turn one submitted value (typed, or as text of a form or of JSON) into the field's type."""
    if raw is None or raw == "" or raw == []:
        return None
    if field.type == "list":
        return _list(session, field, raw)
    return _READERS[field.type](session, field, raw)


def _list(session: Session, field: Field, raw: Any) -> list[Any]:
    items = raw if isinstance(raw, (list, tuple)) else [raw]
    if len(items) > LIST_LIMIT:
        raise _Refused(_("“%(field)s” holds at most %(limit)s entries.", field=field.name, limit=LIST_LIMIT))
    reader = _READERS[field.item or "text"]
    return [reader(session, field, item) for item in items if item not in (None, "")]


def _text(limit: int) -> Callable[[Session, Field, Any], str]:
    def read(session: Session, field: Field, raw: Any) -> str:
        if isinstance(raw, bool) or not isinstance(raw, (str, int, Decimal)):
            raise _Refused(_("“%(field)s” takes a text.", field=field.name))
        text = str(raw).strip()
        if len(text) > limit:
            reason = _("“%(field)s” holds at most %(limit)s characters, this text has %(length)s.",
                       field=field.name, limit=limit, length=len(text))  # fmt: skip
            raise _Refused(reason)
        if "\x00" in text:
            raise _Refused(_("“%(field)s” holds a character that cannot be stored.", field=field.name))
        return text

    return read


def _number(session: Session, field: Field, raw: Any) -> Decimal:
    text = str(raw).replace("\u00a0", "").replace("\u202f", "").replace(" ", "")
    if isinstance(raw, str) and "." not in text:
        text = text.replace(",", ".")
    try:
        number = Decimal(text) if not isinstance(raw, bool) else Decimal("NaN")
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or abs(number) > _LARGEST:
        raise _Refused(_("“%(field)s” takes a number, for instance 1200.50.", field=field.name))
    return number


def _money(session: Session, field: Field, raw: Any) -> Decimal:
    number = _number(session, field, raw)
    if number != round(number, 2):
        raise _Refused(_("“%(field)s” is a sum of money with at most two decimals.", field=field.name))
    return number


def _date(session: Session, field: Field, raw: Any) -> date:
    if isinstance(raw, datetime):
        return raw.astimezone(ZoneInfo(time_zone())).date()
    if isinstance(raw, date):
        return raw
    try:
        return date.fromisoformat(str(raw))
    except ValueError:
        raise _Refused(_("“%(field)s” takes a date, for instance 2026-03-31.", field=field.name)) from None


def _moment(session: Session, field: Field, raw: Any) -> datetime:
    try:
        moment = raw if isinstance(raw, datetime) else datetime.fromisoformat(str(raw))
    except ValueError:
        text = _("“%(field)s” takes a date and a time, for instance 2026-03-31T10:00.", field=field.name)
        raise _Refused(text) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(time_zone()))


def _yes_no(session: Session, field: Field, raw: Any) -> bool:
    if isinstance(raw, bool):
        return raw
    answer = _WORDS.get(str(raw).lower())
    if answer is None:
        raise _Refused(_("“%(field)s” takes yes or no.", field=field.name))
    return answer


def _choice(session: Session, field: Field, raw: Any) -> str:
    if raw not in {choice.key for choice in field.choices}:
        allowed = ", ".join(choice.key for choice in field.choices)
        raise _Refused(_("“%(field)s” takes one of: %(allowed)s.", field=field.name, allowed=allowed))
    return str(raw)


def _person(session: Session, field: Field, raw: Any) -> str:
    login = session.scalar(select(Person.login).where(Person.login == str(raw)))
    if login is None:
        raise _Refused(_("“%(field)s”: there is nobody with the log-in name “%(login)s”.",
                         field=field.name, login=raw))  # fmt: skip
    return login


def reference_of(raw: Any) -> tuple[str | None, str]:
    """Return (type, public id) of anything that names a record; the type is None where it is not told."""
    reference = getattr(raw, "reference", raw)
    if isinstance(reference, RecordReference):
        return reference.type, reference.id
    if isinstance(raw, Mapping) and "id" in raw:
        return raw.get("record") or raw.get("type"), str(raw["id"])
    return None, str(raw)


def _record(session: Session, field: Field, raw: Any) -> RecordReference:
    _told, public_id = reference_of(raw)
    record = session.scalar(select(Record).where(Record.public_id == public_id, Record.deleted_at.is_(None)))
    if record is None or (field.record_type and record.type.key != field.record_type):
        raise _Refused(_("“%(field)s”: there is no such record. Choose one from the list.", field=field.name))
    return RecordReference(record.type.key, record.public_id)


def _file(session: Session, field: Field, raw: Any) -> FileReference:
    if isinstance(raw, FileReference):
        return raw
    public_id = str(raw.get("file") or raw.get("id") if isinstance(raw, Mapping) else raw)
    stored = session.scalar(select(StoredFile).where(StoredFile.public_id == public_id))
    if stored is None:
        raise _Refused(_("“%(field)s”: the file is not here. Upload it again.", field=field.name))
    return FileReference(stored.public_id, stored.name, stored.size, stored.media_type)


_READERS: Mapping[str, Callable[[Session, Field, Any], Any]] = {
    "text": _text(TEXT_LIMIT),
    "long_text": _text(LONG_TEXT_LIMIT),
    "number": _number,
    "money": _money,
    "date": _date,
    "datetime": _moment,
    "yes_no": _yes_no,
    "choice": _choice,
    "person": _person,
    "record": _record,
    "file": _file,
}
