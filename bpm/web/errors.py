"""Refusals and faults as answers: a page that says what to do, or a problem document (RFC 9457).

One place for all pages. The API registers its own, made from the same texts.
"""

from __future__ import annotations

from flask import Flask, Response, current_app, jsonify, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from bpm.errors import Refusal
from bpm.language import _
from bpm.web.extensions import db
from bpm.web.request import current_person


def bind(app: Flask) -> None:
    """Let ``app`` answer every refusal and fault here."""
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(CSRFError, _forged)
    app.register_error_handler(StaleDataError, _overtaken)
    app.register_error_handler(DataError, _not_kept)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _failed)


def answer(status: int, title: str, text: str, *, code: str = "", **details: object) -> Response:
    """Return a refusal as what was asked for: JSON for programs and scripts, else a page."""
    if _wants_json():
        document = {"type": "about:blank", "title": title, "status": status, "detail": text}
        result = jsonify({**details, **document, **({"code": code} if code else {})})
        result.mimetype = "application/problem+json"
    else:
        result = Response(_page(status, title, text))
    result.status_code = status
    return result


def _page(status: int, title: str, text: str) -> str:
    person = None if status >= 500 else current_person()
    template = "web/error.html" if person else "web/error_outside.html"
    return render_template(template, status=status, title=title, text=text)


def _refused(refusal: Refusal) -> Response:
    _roll_back()
    title = _titles().get(refusal.status)
    if refusal.status == 409 and "by" not in refusal.details:
        title = None  # nobody was faster: the thing itself stands in the way
    return answer(refusal.status, title or _("This cannot be done"), refusal.text,
                  code=refusal.code, **refusal.details)  # fmt: skip


def _forged(error: CSRFError) -> Response:
    _roll_back()
    text = _("This page was open since before you logged in. Go back, load it again and send it once more.")
    return answer(400, _("The page is out of date"), text, code="csrf")


def _overtaken(error: StaleDataError) -> Response:
    _roll_back()
    text = _("Somebody changed this at the same moment. Load the page again to see what it is now.")
    return answer(409, _("Somebody was faster"), text, code="conflict")


def _not_kept(error: DataError) -> Response:
    _roll_back()
    current_app.logger.warning(
        "%s %s: the database refused a value: %s", request.method, request.path, error.orig
    )
    return answer(422, _("This cannot be used"), not_kept(), code="cannot_hold")


def not_kept() -> str:
    """Return what to say of a value that the database refuses: too long, or with a zero character."""
    return _("Something you sent is too long or holds a character that cannot be kept. Nothing was changed.")


def _http(error: HTTPException) -> Response:
    _roll_back()
    status = error.code or 500
    if error.response is not None and status < 400:
        return error.response  # type: ignore[return-value]
    texts = {
        400: _("The browser sent something this page cannot read. Go back and try again."),
        403: _("You may not see this page. Ask an administrator if you need it."),
        404: _(
            "There is nothing at this address. It may have been withdrawn, or the link is incomplete. "
            "Check the link, ask whoever sent it, or begin at the start page."
        ),
        405: _("This address answers another kind of request. Open the page from the menu."),
        413: _("What you sent is too large. Send a smaller file."),
    }
    text = texts.get(status, error.description or "")
    result = answer(status, _titles().get(status, _("This cannot be done")), text)
    # a new answer loses the Allow that 405 must carry (RFC 9110, 15.5.6)
    if allowed := dict(error.get_headers()).get("Allow"):
        result.headers["Allow"] = allowed
    return result


def _failed(error: Exception) -> Response:
    _roll_back()
    current_app.logger.exception("A page failed: %s %s", request.method, request.path, exc_info=error)
    if current_app.config.get("PROPAGATE_EXCEPTIONS"):
        raise error
    text = _("Something went wrong here. Nothing was changed. Go back and try again; if it happens again, "
             "tell an administrator what you did.")  # fmt: skip
    return answer(500, _("Our fault"), text)


def _titles() -> dict[int, str]:
    return {
        400: _("This cannot be read"),
        403: _("Not for you"),
        404: _("Not here"),
        409: _("Somebody was faster"),
        413: _("Too large"),
        422: _("This cannot be used"),
        429: _("Too many attempts"),
        500: _("Our fault"),
    }


def _wants_json() -> bool:
    if request.path.startswith("/api/"):
        return True
    best = request.accept_mimetypes.best_match(["text/html", "application/json"], "text/html")
    return bool(best == "application/json")


def _roll_back() -> None:
    db.session.rollback()
