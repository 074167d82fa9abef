"""What every request begins with: time, language, the person, and a transaction that fits.

Pages ask here for the clock, the settings and the person. A page needs somebody who is logged
in unless its view is marked ``@open_to_all``.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit

from flask import Flask, Response, abort, current_app, jsonify, redirect, request, session, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from bpm.clock import Clock
from bpm.config import LANGUAGES, Settings
from bpm.errors import NotAllowed
from bpm.language import _, speak
from bpm.people.models import Person
from bpm.people.queries import has_role
from bpm.web.extensions import db

View = TypeVar("View", bound=Callable[..., Any])
_SETTINGS, _CLOCK = "bpm_settings", "bpm_clock"
# answers that need neither a person nor the database
_WITHOUT = {"static", "web.style", "health.alive"}
# the largest number that every database can look for
_LARGEST = 2**31 - 1


def bind(app: Flask, settings: Settings, clock: Clock) -> None:
    """Let every request of ``app`` begin here."""
    app.extensions[_SETTINGS] = settings
    app.extensions[_CLOCK] = clock
    app.before_request(_begin)


def clock() -> Clock:
    """Return the clock of the application."""
    return cast(Clock, current_app.extensions[_CLOCK])


def now() -> datetime:
    """Return the present moment, aware, in UTC."""
    return clock().now()


def settings() -> Settings:
    """Return the settings of the installation."""
    return cast(Settings, current_app.extensions[_SETTINGS])


def current_person() -> Person | None:
    """Return who is logged in, or None."""
    if request.endpoint in _WITHOUT or not cast(Any, current_user).is_authenticated:
        return None
    return cast(Person, cast(Any, current_user)._get_current_object())


def acting_person() -> Person:
    """Return who is logged in.

    Raises:
        NotAllowed: nobody is.
    """
    person = current_person()
    if person is None:
        raise NotAllowed(_("Log in first."))
    return person


def open_to_all(view: View) -> View:
    """Mark a view that people may see without logging in."""
    view.open_to_all = True  # type: ignore[attr-defined]
    return view


def needs_role(key: str) -> Callable[[View], View]:
    """Mark a view that only people with a role may see (administrators have every role)."""

    def mark(view: View) -> View:
        view.needed_role = key  # type: ignore[attr-defined]
        return view

    return mark


def safe_address(address: str | None, default: str = "/") -> str:
    """Return ``address`` if it leads to a page of ours, else ``default``."""
    if not address or not address.startswith("/") or address.startswith(("//", "/\\")) or "\\" in address:
        return default
    parts = urlsplit(address)
    return address if not parts.scheme and not parts.netloc and address.isprintable() else default


def client_address() -> str:
    """Return where the request comes from, for limits."""
    return request.remote_addr or "unknown"


def _begin() -> AnyResponse | None:
    if request.endpoint in _WITHOUT:
        speak(_browsers_language(), settings().time_zone)
        return None
    if request.method in ("GET", "HEAD") and db.engine.dialect.name == "sqlite":
        # readers never wait for SQLite's one writer
        db.session.connection(execution_options={"sqlite_begin": "DEFERRED"})
    person = current_person()
    speak(_language(person), (person.time_zone if person else None) or settings().time_zone)
    _check_address()
    view = current_app.view_functions.get(request.endpoint or "")
    # unknown addresses answer 404; the API asks for tokens by itself
    if view is None or request.path.startswith("/api/") or getattr(view, "open_to_all", False):
        return None
    if person is None:
        return _ask_to_log_in()
    role = getattr(view, "needed_role", None)
    if role and not has_role(person, role):
        raise NotAllowed(_("This page is for people with another role. Ask an administrator if you need it."))
    return None


def _check_address() -> None:
    """Refuse what no database can look for: PostgreSQL knows no zero character, and numbers have an end."""
    numbers = [value for value in (request.view_args or {}).values() if isinstance(value, int)]
    if "\x00" in request.path or any(number > _LARGEST for number in numbers):
        abort(404)
    if any("\x00" in name or "\x00" in value for name, value in request.args.items(multi=True)):
        abort(400)


def _ask_to_log_in() -> AnyResponse:
    if request.headers.get("HX-Request") or request.accept_mimetypes.best == "application/json":
        text = _("You were logged out. Log in again; what you typed stays on this page.")
        answer: Response = jsonify(status=401, title=_("Log in"), detail=text)
        answer.status_code = 401
        return answer
    here = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("login.page", next=here if here and here != "/" else None))


def _language(person: Person | None) -> str:
    if person and person.language:
        return person.language
    return chosen if (chosen := session.get("language")) in LANGUAGES else _browsers_language()


def _browsers_language() -> str:
    return request.accept_languages.best_match(LANGUAGES) or settings().language


def begin_reading() -> None:
    """End the present transaction and begin one that never takes SQLite's write lock."""
    db.session.rollback()
    if db.engine.dialect.name == "sqlite":
        db.session.connection(execution_options={"sqlite_begin": "DEFERRED"})
