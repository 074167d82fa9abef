"""How the API says no: problem documents (RFC 9457), made in one place from every refusal."""

from __future__ import annotations

from typing import Any

import orjson
from flask import Response, current_app
from sqlalchemy.exc import DataError
from werkzeug.exceptions import HTTPException

from bpm.errors import Refusal
from bpm.language import _
from bpm.web.errors import not_kept


def problem(status: int, title: str, detail: str = "", **members: Any) -> Response:
    """Return an ``application/problem+json`` answer; ``members`` are extension members."""
    document = {"type": "about:blank", "title": title, "status": status, "detail": detail, **members}
    answer = Response(orjson.dumps(document, default=str), status, mimetype="application/problem+json")
    if status == 401:
        answer.headers["WWW-Authenticate"] = 'Bearer realm="bpm"'
    return answer


def from_refusal(refusal: Refusal) -> Response:
    """A refusal of a command: its text, its code, and what it says to programs."""
    titles = {
        401: _("Log in"),
        403: _("Not allowed"),
        404: _("Not found"),
        409: _("Somebody was faster") if "by" in refusal.details else _("This cannot be done"),
        412: _("Changed meanwhile"),
        413: _("Too large"),
        422: _("Cannot be used"),
    }
    title = titles.get(refusal.status, _("Refused"))
    return problem(refusal.status, title, refusal.text, code=refusal.code, **_members(refusal))


def _members(refusal: Refusal) -> dict[str, Any]:
    """What the refusal tells programs, but for names that the answer itself uses (RFC 9457 3.1)."""
    own = ("type", "title", "status", "detail", "code")
    return {name: value for name, value in refusal.details.items() if name not in own}


def from_http(error: HTTPException) -> Response:
    """An unknown address, a wrong method, a body that is too large …"""
    title, text = error.name, error.description or ""
    if error.code == 413:
        title, text = _("Too large"), _("What you sent is too large. Send a smaller file.")
    answer = problem(error.code or 500, title, text)
    # a new answer loses the Allow that 405 must carry (RFC 9110 15.5.6)
    if allowed := dict(error.get_headers()).get("Allow"):
        answer.headers["Allow"] = allowed
    return answer


def from_data(error: DataError) -> Response:
    """A value that the database refuses: a text that is too long, a number that is too large."""
    current_app.logger.warning("The database refused a value of the API: %s", error.orig)
    return problem(422, _("Cannot be used"), not_kept(), code="cannot_hold")


def from_failure(error: Exception) -> Response:
    """A fault of ours: logged whole, told without inner details."""
    current_app.logger.exception("The API failed", exc_info=error)
    return problem(
        500, _("Our fault"), _("Something went wrong here. Nothing was changed; please try again.")
    )
