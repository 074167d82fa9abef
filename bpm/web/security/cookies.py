"""The session cookie, and how much a request may carry."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask

from bpm.config import Settings

# form text, not files; 100,000 characters in one field must fit
_FORM_MEMORY = 2 * 1024 * 1024


def bind(app: Flask, settings: Settings) -> None:
    """Set what Flask reads: the key, the cookie's attributes, the limits."""
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_NAME="bpm_session",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.address.startswith("https:"),
        PERMANENT_SESSION_LIFETIME=timedelta(days=14),
        MAX_CONTENT_LENGTH=settings.upload_limit + _FORM_MEMORY,
        MAX_FORM_MEMORY_SIZE=_FORM_MEMORY,
        MAX_FORM_PARTS=2000,
    )
