"""Reads published forms."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bpm.db import latest_published
from bpm.forms import schema
from bpm.forms.models import Form


def form(session: Session, key: str) -> schema.Form | None:
    """Return the newest publication of a form, read and ready to check; None if there is none."""
    row = published(session, key)
    return _read(row) if row is not None else None


def published(session: Session, key: str) -> Form | None:
    """Return the row of the newest publication."""
    return latest_published(session, Form, key)


def forms(session: Session) -> list[Form]:
    """Return the newest publication of every form, by key."""
    newest = select(func.max(Form.id)).group_by(Form.key)
    return list(session.scalars(select(Form).where(Form.id.in_(newest)).order_by(Form.key)))


# Reading a form costs more than fetching it; publications never change, so their hash is enough.
_READ: dict[tuple[str, str], schema.Form] = {}
_MOST_READ = 1_000


def _read(row: Form) -> schema.Form:
    name = (row.key, row.hash)
    if name not in _READ:
        if len(_READ) >= _MOST_READ:
            _READ.clear()
        _READ[name] = replace(schema.read(row.content), key=row.key)
    return _READ[name]
