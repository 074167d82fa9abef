"""Incidents: what failed, why in plain words, and that it waits for a person.

Owns the ``incident`` rows. What is done about one is ``retry`` in ``operations/repair.py``.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from bpm.db import new_public_id
from bpm.engine.models import Incident
from bpm.engine.tables import INCIDENT, connection_of
from bpm.language import gettext

STEP = "step"
SERVICE = "service"
ASSIGNMENT = "assignment"
STUCK = "stuck"
ENDLESS = "endless"
JOB = "job"


class Cause:
    """Why something went wrong: a message id (extracted for translation) and its values."""

    def __init__(self, text: str, /, **values: object) -> None:
        self.text = text
        self.values = {name: str(value) for name, value in values.items()}

    def as_json(self) -> dict[str, Any]:
        """Return the shape of ``Incident.cause``, shown in each reader's language."""
        return {"text": self.text, "values": self.values}


@dataclass(frozen=True, slots=True)
class NewIncident:
    """An incident that is going to be written."""

    kind: str
    element: str | None
    token: str | None
    cause: Cause
    job_id: int | None = None


def add(session: Session, now: datetime, instance_id: int, incidents: list[NewIncident]) -> list[int]:
    """Insert incidents; return their numbers."""
    rows = [
        {
            "public_id": new_public_id(),
            "instance_id": instance_id,
            "element": one.element,
            "token": one.token,
            "kind": one.kind,
            "cause": one.cause.as_json(),
            "job_id": one.job_id,
            "created_at": now,
        }
        for one in incidents
    ]
    statement = insert(INCIDENT).returning(INCIDENT.c.id, sort_by_parameter_order=True)
    return list(connection_of(session).execute(statement, rows).scalars())


def resolve(
    session: Session,
    now: datetime,
    instance_id: int,
    *,
    how: str,
    actor_id: int | None = None,
    tokens: Collection[str] | None = None,
    kind: str | None = None,
) -> int:
    """Close open incidents of an instance, all or those of ``tokens`` or of a kind; return how many."""
    statement = (
        update(INCIDENT)
        .where(INCIDENT.c.instance_id == instance_id, INCIDENT.c.resolved_at.is_(None))
        .values(resolved_at=now, resolved_by_id=actor_id, resolution=how)
    )
    if tokens is not None:
        statement = statement.where(INCIDENT.c.token.in_(sorted(tokens)))
    if kind is not None:
        statement = statement.where(INCIDENT.c.kind == kind)
    closed = int(connection_of(session).execute(statement).rowcount)
    if closed:
        for held in session.identity_map.values():
            if isinstance(held, Incident):
                session.expire(held)
    return closed


def cause_text(cause: Mapping[str, Any]) -> str:
    """Return the cause of an incident in the reader's language."""
    values = cause.get("values") or {}
    text = str(cause.get("text", ""))
    shown = gettext(text)
    return shown % values if values else shown
