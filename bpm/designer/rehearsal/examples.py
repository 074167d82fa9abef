"""Makes up an example: a record with something in every field, and entries for a form.

For processes that begin from a record, where none fits, and for trying every path.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bpm.engine.values import RecordReference
from bpm.errors import Refusal
from bpm.language import _
from bpm.people.models import Person
from bpm.records import commands, queries
from bpm.records.commands import Cause
from bpm.records.models import Record
from bpm.records.schema import Field

# by this right also fields are written that people only read
_NOBODYS_CASE = Cause(0)


def make_record(
    session: Session,
    now: datetime,
    type_key: str,
    *,
    stage: str | None = None,
    values: Mapping[str, Any] | None = None,
    amount: Decimal = Decimal(1000),
    made: dict[str, RecordReference | None] | None = None,
) -> Record | None:
    """Make a record up; None if its type does not allow it.

    Args:
        values: of fields, by key; also of records to which it is linked.
        amount: what stands in the first number; in each further one a tenth of that before.
        made: records made up already, by type; each is linked wherever one of its type is asked for.
    """
    schema = queries.schema(session, type_key)
    wanted = dict(values or {})
    made = {} if made is None else made
    made[type_key] = None  # being made: those it is linked to cannot link back
    filled: dict[str, Any] = {}
    for field in schema.fields:
        found = _value(session, now, field, wanted, _less(amount, filled), made)
        if found is not None:
            filled[field.key] = found
    person = session.scalar(select(Person.login).where(Person.active).order_by(Person.id).limit(1))
    filled |= {"responsible": person} | ({"stage": stage} if stage else {})
    try:
        with session.begin_nested():
            return commands.create(session, now, None, type_key, filled, cause=_NOBODYS_CASE)
    except Refusal:
        return None


def _less(amount: Decimal, filled: Mapping[str, Any]) -> Decimal:
    """The first number of a record is the whole amount, the next ones are parts of it."""
    numbers = sum(isinstance(value, Decimal) for value in filled.values())
    return amount / Decimal(10) ** numbers


def _value(
    session: Session,
    now: datetime,
    field: Field,
    wanted: Mapping[str, Any],
    amount: Decimal,
    made: dict[str, RecordReference | None],
) -> Any:
    if field.key in wanted and field.type != "record":
        return wanted[field.key]
    if field.set_by_process:
        return None
    match field.type:
        case "number" | "money":
            return amount
        case "text" | "long_text" if field.key != "number":  # that is given by itself
            return _text(field)
        case "date":
            return now.date() + timedelta(days=30)
        case "datetime":
            return now + timedelta(days=30)
        case "yes_no":
            return True
        case "choice":
            return field.choices[0].key if field.choices else None
        case "record" if field.record_type:
            return _linked(session, now, field.record_type, wanted, amount, made)
    return None


def _linked(
    session: Session,
    now: datetime,
    type_key: str,
    wanted: Mapping[str, Any],
    amount: Decimal,
    made: dict[str, RecordReference | None],
) -> RecordReference | None:
    if type_key not in made:
        linked = make_record(session, now, type_key, values=wanted, amount=amount, made=made)
        made[type_key] = RecordReference(type_key, linked.public_id) if linked is not None else None
    return made[type_key]


def _text(field: Field) -> str:
    if "mail" in field.key:
        return "example@example.com"
    if "phone" in field.key:
        return "+48 22 555 00 00"
    if field.key in ("name", "title"):
        return _("Example")
    return _("%(field)s: example", field=field.name)
