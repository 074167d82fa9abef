"""Refusals: what the program says when it will not do something.

Each names the thing, says what is wrong and what to do, in the reader's language. Pages and
the API turn them into answers in one place, so that no command knows about HTTP.
"""

from __future__ import annotations

from typing import Any


class Refusal(Exception):
    """Base of every refusal. ``text`` is meant for people; ``details`` for programs."""

    status = 400
    code = "refused"

    def __init__(self, text: str, **details: Any) -> None:
        super().__init__(text)
        self.text = text
        self.details = details


class NotFound(Refusal):
    """There is no such thing, or the person may not know of it."""

    status = 404
    code = "not_found"


class NotAllowed(Refusal):
    """The person may not do this."""

    status = 403
    code = "not_allowed"


class Conflict(Refusal):
    """Somebody or something was faster."""

    status = 409
    code = "conflict"


class Invalid(Refusal):
    """What was given cannot be used; ``details`` names each fault."""

    status = 422
    code = "invalid"
