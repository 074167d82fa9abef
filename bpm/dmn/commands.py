"""Publishes decision models. A publication is never changed; the newest one counts."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Protocol

from lxml import etree
from sqlalchemy.orm import Session

from bpm.db import latest_published, next_publication_number
from bpm.dmn import document, queries
from bpm.dmn.errors import DmnError
from bpm.dmn.model import Model
from bpm.dmn.models import Decision
from bpm.errors import Invalid, NotAllowed
from bpm.language import _


class Actor(Protocol):
    """What must be known of who publishes; a Person is one."""

    @property
    def id(self) -> int: ...

    @property
    def active(self) -> bool: ...

    @property
    def roles(self) -> Iterable[Any]: ...


def publish(
    session: Session, now: datetime, actor: Actor | None, xml: str | bytes, *, note: str = ""
) -> list[Decision]:
    """Publish a decision model: one row for each decision in it; the same content again changes nothing.

    A model of types, inputs and functions without decisions is one row, found by its namespace.

    Args:
        actor: who publishes; None is the program itself, loading its library.
        xml: the file; what it imports must have been published before.
        note: what has changed, in the words of who publishes.

    Raises:
        NotAllowed: the person is neither process owner nor administrator.
        Invalid: the file is no decision model, holds nothing or has faults; ``problems`` names
            each as {"element", "text"}.
    """
    if actor is not None and not _may_publish(actor):
        raise NotAllowed(_("Only process owners publish decisions."))
    content = xml.encode() if isinstance(xml, str) else xml
    model = _checked(session, content)
    fingerprint = hashlib.sha256(content).hexdigest()
    text = _as_text(content)
    rows = []
    items = {decision.id: decision.names for decision in model.decisions}
    for key, names in (items or {model.namespace: {"en": model.name}}).items():
        newest = latest_published(session, Decision, key)
        if newest is not None and newest.hash == fingerprint:
            rows.append(newest)
            continue
        row = Decision(
            key=key,
            number=next_publication_number(session, Decision, key),
            hash=fingerprint,
            xml=text,
            namespace=model.namespace[:300],
            names=names,
            library=not items,
            note=note.strip()[:2_000],
            published_at=now,
            published_by_id=actor.id if actor else None,
        )
        session.add(row)
        rows.append(row)
    session.flush()
    return rows


def _may_publish(actor: Actor) -> bool:
    return actor.active and any(role.key in ("administrator", "process_owner") for role in actor.roles)


def _as_text(content: bytes) -> str:
    """Return the file as text without its XML declaration, which would claim an encoding."""
    return etree.tostring(document.parse(content), encoding="unicode")


def _checked(session: Session, content: bytes) -> Model:
    try:
        model = queries.read_files(queries.files_of(session, content))
    except DmnError as error:
        raise Invalid(error.message, problems=[]) from None
    if model.is_empty:
        raise Invalid(_("The file holds no decision."), problems=[])
    problems = [{"element": place, "text": text} for place, text in model.problems]
    problems += [
        {"element": decision.id, "text": _("A decision needs an id of at most 120 characters.")}
        for decision in model.decisions
        if len(decision.id) > 120
    ]
    if not model.decisions and not 0 < len(model.namespace) <= 120:
        text = _("A model without decisions needs a namespace of at most 120 characters.")
        problems.append({"element": model.id or model.name, "text": text})
    if problems:
        raise Invalid(
            _("The decision model cannot be used: %(reason)s", reason=problems[0]["text"]), problems=problems
        )
    return model
