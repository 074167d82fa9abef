"""Publishes forms. A publication is never changed; the newest one counts."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bpm.db import latest_published, next_publication_number
from bpm.errors import Invalid, NotAllowed
from bpm.forms import schema
from bpm.forms.models import Form
from bpm.language import _
from bpm.people import queries as people
from bpm.people.models import Person


def publish(
    session: Session,
    now: datetime,
    actor: Person | None,
    key: str,
    content: Mapping[str, Any] | str | bytes,
    *,
    note: str = "",
) -> Form:
    """Publish a form under a key; the same content again changes nothing.

    Args:
        actor: who publishes; None is the program itself, loading its library.
        note: what has changed, in the words of who publishes.

    Raises:
        NotAllowed: the person is neither process owner nor administrator.
        Invalid: the key or the content cannot be used.
    """
    if actor is not None and not (people.is_administrator(actor) or people.has_role(actor, "process_owner")):
        raise NotAllowed(_("Only process owners publish forms."))
    if not key or len(key) > 120 or not key.isprintable():
        raise Invalid(_("A form needs a key of at most 120 characters."), problems=[])
    stored = dict(schema.read(content).content)
    _check_texts(stored)
    fingerprint = hashlib.sha256(json.dumps(stored, sort_keys=True).encode()).hexdigest()
    newest = latest_published(session, Form, key)
    if newest is not None and newest.hash == fingerprint:
        return newest
    row = Form(
        key=key,
        number=next_publication_number(session, Form, key),
        hash=fingerprint,
        content=stored,
        note=note.strip()[:2_000],
        published_at=now,
        published_by_id=actor.id if actor else None,
    )
    session.add(row)
    session.flush()
    return row


def _check_texts(content: Mapping[str, Any]) -> None:
    """No database holds half a character, and PostgreSQL no zero character."""
    text = json.dumps(content, ensure_ascii=False)
    problem = ""
    if "\\u0000" in text:
        problem = _("the text contains a zero character")
    try:
        text.encode()
    except UnicodeEncodeError:
        problem = _("the text contains half a character")
    if problem:
        raise Invalid(_("The form is not readable JSON: %(reason)s", reason=problem), problems=[])
