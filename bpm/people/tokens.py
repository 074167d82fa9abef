"""Tokens of the API: made, recognised, used. Only their SHA-256 is kept."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bpm.people.models import ApiToken

PREFIX = "bpm_"
_NOTED_EVERY = timedelta(hours=1)


def new_token() -> str:
    """Return a fresh token with 256 random bits."""
    return PREFIX + secrets.token_urlsafe(32)


def token_hash(plain: str) -> str:
    """Return what is stored of a token; it is random, so a plain SHA-256 is enough."""
    return hashlib.sha256(plain.encode()).hexdigest()


def token_for(session: Session, plain: str, now: datetime) -> ApiToken | None:
    """Return the token, unless it is unknown, revoked, or its person is not active."""
    if not plain.startswith(PREFIX):
        return None
    token = session.scalar(select(ApiToken).where(ApiToken.token_hash == token_hash(plain)))
    if token is None or token.revoked_at is not None or not token.person.active:
        return None
    return token


def is_to_be_noted(token: ApiToken, now: datetime) -> bool:
    """Whether the last noted use lies so far back that this one is to be noted."""
    return token.last_used_at is None or now - token.last_used_at > _NOTED_EVERY


def note_use(session: Session, plain: str, now: datetime) -> None:
    """Remember that a token was used, at most once an hour, in a transaction that writes."""
    token = token_for(session, plain, now)
    if token and is_to_be_noted(token, now):
        token.last_used_at = now
