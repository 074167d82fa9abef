"""The Flask extensions, bound to the application in ``bind``; each test builds its own application."""

from __future__ import annotations

from flask import Flask
from flask_login import LoginManager
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect
from sqlalchemy.orm import Session

from bpm.config import Settings
from bpm.db import Base, engine_options, prepare_engine
from bpm.people.models import Person
from bpm.people.queries import by_public_id

# our own Base keeps its map of column types, so only its tables are handed over
db = SQLAlchemy(metadata=Base.metadata, session_options={"expire_on_commit": False})
login_manager = LoginManager()
csrf = CSRFProtect()


def current_session() -> Session:
    """Return the database session of this request, for commands and queries."""
    return db.session()


def bind(app: Flask, settings: Settings) -> None:
    """Bind database, log-in and the protection against forged forms to ``app``."""
    app.config.setdefault("SQLALCHEMY_DATABASE_URI", settings.database_url)
    app.config.setdefault("SQLALCHEMY_ENGINE_OPTIONS", engine_options(settings.database_url))
    # the token lives as long as the session: a form left open over lunch is not lost
    app.config.setdefault("WTF_CSRF_TIME_LIMIT", None)
    app.config.setdefault("WTF_CSRF_SSL_STRICT", settings.address.startswith("https:"))
    db.init_app(app)
    with app.app_context():
        prepare_engine(db.engine)
    login_manager.init_app(app)
    csrf.init_app(app)


@login_manager.user_loader  # type: ignore[untyped-decorator]
def _logged_in(cookie: str) -> Person | None:
    public_id, _colon, session_key = cookie.partition(":")
    person = by_public_id(current_session(), public_id)
    if person is None or not person.active or person.session_key != session_key:
        return None
    return person
