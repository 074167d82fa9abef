"""What FEEL expressions can ask about records: ``owner(record)``, and how a reference is read.

``register`` hands both to the engine; ``create_app`` calls it once. Changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bpm.engine import functions
from bpm.engine.values import RecordReference
from bpm.people.models import Person
from bpm.records.checks import reference_of
from bpm.records.models import Record
from bpm.records.view import resolved


def owner(session: Session, record: Any) -> str | None:
    """Return the log-in name of a record's responsible person (``processes.md`` §0.2), else null.

    Args:
        record: a reference, or a record as expressions see it.
    """
    if record is None:
        return None
    if isinstance(record, Mapping) and "responsible" in record:
        login = record["responsible"]
        return None if login is None else str(login)
    _type, public_id = reference_of(record)
    return session.scalar(
        select(Person.login)
        .join(Record, Record.responsible_id == Person.id)
        .where(Record.public_id == public_id, Record.deleted_at.is_(None))
    )


def row_number(session: Session, reference: RecordReference) -> int | None:
    """Return the internal number of a record's row, for the lists of cases; None if there is none."""
    return session.scalar(
        select(Record.id).where(Record.public_id == reference.id, Record.deleted_at.is_(None))
    )


def money(number: Any) -> str | None:
    """Write a sum as titles show it in every language: ``1 200 000``, two decimals only where needed."""
    if not isinstance(number, Decimal):
        return None
    form = ",.0f" if number == number.to_integral_value() else ",.2f"
    return format(number, form).replace(",", "\N{NO-BREAK SPACE}")


def register() -> None:
    """Let the engine read records in expressions."""
    functions.register("money", lambda _session, _now: money)
    functions.register("owner", lambda session, _now: lambda record: owner(session, record))
    functions.read_records_with(resolved, row_number)
