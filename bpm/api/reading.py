"""What the API reads from requests: values, cursors, versions, files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from flask import g, request
from sqlalchemy import Select
from sqlalchemy.orm import Session

from bpm.engine.form_check import file_for
from bpm.engine.values import DEPTH_LIMIT, RecordReference, hold
from bpm.errors import Invalid, Refusal
from bpm.language import _
from bpm.people.models import Person
from bpm.records import queries as records

Row = TypeVar("Row")


class Changed(Refusal):
    """RFC 9110 13.1.1: If-Match names another version than the present one."""

    status = 412
    code = "changed"


def typed(session: Session, actor: Person, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return JSON values with the references in them as such.

    ``{"record": "deal", "id": …}`` is a record, ``{"file": …}`` a stored file that the caller may use.

    Raises:
        Invalid: there is no such record or file.
    """
    return {name: _typed(session, actor, value, name) for name, value in given.items()}


def _typed(session: Session, actor: Person, value: Any, name: str, depth: int = 0) -> Any:
    if depth > DEPTH_LIMIT:
        why = _("it is nested too deeply")
        raise Invalid(_("The value of “%(path)s” cannot be kept: %(why)s", path=name, why=why))
    if isinstance(value, list):
        return [_typed(session, actor, item, name, depth + 1) for item in value]
    if not isinstance(value, dict):
        return value
    if set(value) == {"record", "id"}:
        return record_reference(session, actor, _identifier(value["id"]), _identifier(value["record"]))
    if "file" in value and set(value) <= {"file", "name", "size", "media_type"}:
        file = file_for(session, actor, None, _identifier(value["file"]))
        if file is None:
            raise Invalid(_("There is no file “%(id)s” of yours. Send it to /files first.", id=value["file"]))
        return file
    return {key: _typed(session, actor, item, name, depth + 1) for key, item in value.items()}


def _identifier(value: Any) -> str:
    """Return what can be looked for; a text that no database holds is refused."""
    return str(hold(value, "id"))


def record_reference(
    session: Session, actor: Person, public_id: str, kind: str | None = None
) -> RecordReference:
    """Return the reference to a record.

    Raises:
        NotFound: there is none, or the caller may not know of it.
        Invalid: it is of another type.
    """
    record = records.record(session, actor, public_id)
    if kind is not None and record.type.key != kind:
        raise Invalid(_("The record “%(id)s” is not of the type “%(kind)s”.", id=public_id, kind=kind))
    return RecordReference(record.type.key, record.public_id)


def page(
    session: Session, query: Select[Any], column: Any, cursor: str | None, limit: int
) -> tuple[Sequence[Any], str | None]:
    """Return one page of rows, the newest first, and the cursor of the next.

    Args:
        column: the number by which pages are cut, for instance ``Instance.id``.

    Raises:
        Invalid: the cursor is not one of ours.
    """
    if cursor is not None:
        query = query.where(column < number_of(cursor))
    rows = session.scalars(query.order_by(column.desc()).limit(limit + 1)).unique().all()
    if len(rows) <= limit:
        return rows, None
    return rows[:limit], str(getattr(rows[limit - 1], column.key))


def number_of(cursor: str) -> int:
    """Return the number in a cursor.

    Raises:
        Invalid: the cursor is not one of ours.
    """
    if not cursor.isascii() or not cursor.isdigit() or len(cursor) > 18:
        raise Invalid(_("This cursor is not one that was given out; begin with the first page."))
    return int(cursor)


def show_revision(revision: int) -> None:
    """Make the revision of what is answered the ``ETag`` of the answer (RFC 9110, 8.8.3)."""
    g.etag = str(revision)


def match(revision: int) -> None:
    """Compare ``If-Match`` with the present revision; a change compares before it is made.

    Raises:
        Changed: the caller looked at an older version.
    """
    if request.if_match and not request.if_match.contains(str(revision)):
        raise Changed(_("This has changed since you read it. Read it again, then decide."))
