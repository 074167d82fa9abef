"""A call repeated with the same ``Idempotency-Key`` gets the first answer and does nothing again."""

from __future__ import annotations

import hashlib

from flask import Response, g, request
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bpm.api.models import IdempotentAnswer
from bpm.language import _
from bpm.web.request import clock


class Repetition(Exception):
    """The key was used for another call."""


def repeated(session: Session) -> Response | None:
    """Return the answer that a call with this key got before, or None.

    Raises:
        Repetition: the key was used for another address or body.
    """
    key = request.headers.get("Idempotency-Key", "")[:200]
    if not key:
        return None
    g.fingerprint = _fingerprint()  # a form can be read only once, by the view
    _one_after_the_other(session, key)
    earlier = session.scalar(
        select(IdempotentAnswer).where(IdempotentAnswer.person_id == g.person.id, IdempotentAnswer.key == key)
    )
    if earlier is None:
        return None
    if earlier.fingerprint != g.fingerprint:
        raise Repetition(_("This Idempotency-Key was used for another call; take a new one."))
    answer = Response(earlier.body, earlier.status, mimetype="application/json")
    answer.headers["Idempotent-Replayed"] = "true"
    return answer


def remember(session: Session, answer: Response) -> None:
    """Keep the answer in the transaction of the call itself."""
    key = request.headers.get("Idempotency-Key", "")[:200]
    if key:
        session.add(
            IdempotentAnswer(
                person_id=g.person.id,
                key=key,
                fingerprint=g.fingerprint,
                status=answer.status_code,
                body=answer.get_data(as_text=True),
                created_at=clock().now(),
            )
        )


def _one_after_the_other(session: Session, key: str) -> None:
    """Two calls with one key at once: the second waits for the end of the first, then finds its answer.

    SQLite has one writer at a time anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        number = func.hashtextextended(f"idempotency\n{g.person.id}\n{key}", 0)
        session.execute(select(func.pg_advisory_xact_lock(number)))


def _fingerprint() -> str:
    facts = hashlib.sha256(f"{request.method} {request.full_path}\n".encode())
    body = request.get_data()  # kept, so that the form can still be read from it
    if request.mimetype == "multipart/form-data":
        # the boundary is another one each time (RFC 2046, 5.1.1)
        boundary = request.mimetype_params.get("boundary", "").encode()
        body = body.replace(boundary, b"") if boundary else body
    facts.update(body)
    return facts.hexdigest()
