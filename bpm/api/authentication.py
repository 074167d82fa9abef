"""Who calls the API: a bearer token, or the session of somebody who is logged in (reading only)."""

from __future__ import annotations

from flask import g, request

from bpm.errors import NotAllowed, Refusal
from bpm.language import _
from bpm.people import tokens
from bpm.people.models import Person
from bpm.web.extensions import current_session
from bpm.web.request import clock, current_person


class Unknown(Refusal):
    """No token, or one that does not count."""

    status = 401
    code = "unknown"


def authenticate(scope: str) -> Person:
    """Find out who calls and keep it as ``g.person``.

    Raises:
        Unknown: there is no valid token.
        NotAllowed: the token does not allow ``scope``.
    """
    header = request.headers.get("Authorization", "")
    kind, _space, plain = header.partition(" ")
    if kind.lower() == "bearer" and plain:
        g.person = _by_token(plain.strip(), scope)
    elif request.method in ("GET", "HEAD") and (logged_in := current_person()) is not None:
        g.person = logged_in
    else:
        raise Unknown(_("Send a token: Authorization: Bearer bpm_… (bpm token create LOGIN makes one)."))
    return g.person  # type: ignore[no-any-return]


def _by_token(plain: str, scope: str) -> Person:
    token = tokens.token_for(current_session(), plain, clock().now())
    if token is None:
        raise Unknown(_("This token is not valid, was revoked, or its owner has left."))
    if token.scopes and scope not in token.scopes:
        raise NotAllowed(_("This token does not allow that. It needs the scope %(scope)s.", scope=scope))
    if tokens.is_to_be_noted(token, clock().now()):
        g.token_to_note = plain
    return token.person


def note_use() -> None:
    """Keep when the token of this call was used; in a transaction of its own, for reading calls have none."""
    plain = g.pop("token_to_note", None)
    if plain is not None:
        tokens.note_use(current_session(), plain, clock().now())
        current_session().commit()
