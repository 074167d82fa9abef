"""A small application that has nothing but what all pages share, and a few pages to try it on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask, render_template_string
from flask.testing import FlaskClient

from bpm import web
from bpm.clock import MovableClock
from bpm.config import Settings
from bpm.db import Database, make_engine
from bpm.errors import Conflict, Invalid, NotAllowed, NotFound
from bpm.people.demo import load_demo
from bpm.people.models import Person
from bpm.people.queries import PROCESS_OWNER, required_person
from bpm.web.extensions import db
from bpm.web.request import needs_role, open_to_all

REFUSALS = {
    403: NotAllowed("Only Ann Nowak can do this."),
    404: NotFound("There is no contract 118."),
    409: Conflict("Boris accepted this request at 9:40."),
    422: Invalid("The sum must be a number.", errors={"sum": "not a number"}),
}


@pytest.fixture
def settings(sqlite_url: str, tmp_path: Path) -> Settings:
    return Settings(instance=tmp_path, database_url=sqlite_url, secret_key="of-a-test", test_clock=True)


@pytest.fixture
def make_site(clock: MovableClock) -> Iterator[Callable[[Settings], Flask]]:
    """Build the application for some settings, without the demo company."""
    made: list[Flask] = []

    def make(settings: Settings) -> Flask:
        site = Flask("bpm", static_folder="static", template_folder="templates")
        site.config["WTF_CSRF_ENABLED"] = False
        web.register(site, settings, clock)
        _add_pages(site)
        made.append(site)
        return site

    yield make
    for site in made:
        with site.app_context():
            db.engine.dispose()


@pytest.fixture
def site(make_site: Callable[[Settings], Flask], settings: Settings, clock: MovableClock) -> Flask:
    """The application with the demo company."""
    engine = make_engine(settings.database_url)
    with Database(engine).writing() as session:
        load_demo(session, clock.now())
    engine.dispose()
    return make_site(settings)


@pytest.fixture
def client(site: Flask) -> FlaskClient:
    """A browser in which nobody is logged in."""
    return site.test_client()


@pytest.fixture
def browser_of(site: Flask) -> Callable[[str], FlaskClient]:
    """A browser in which a demo person is logged in."""

    def enter(login: str) -> FlaskClient:
        client = site.test_client()
        answer = client.post("/login/demo", data={"person": public_id(site, login)})
        assert answer.status_code == 302
        return client

    return enter


def public_id(site: Flask, login: str) -> str:
    """Return the public id of a person."""
    with site.app_context():
        return required_person(db.session(), login).public_id


def change(site: Flask, login: str, act: Callable[[Person], None]) -> None:
    """Change a person behind the pages."""
    with site.app_context():
        act(required_person(db.session(), login))
        db.session.commit()


def _add_pages(site: Flask) -> None:
    @site.get("/inbox")
    def inbox() -> str:
        return render_template_string(
            '{% extends "layout.html" %}{% block content %}<h1>Mine</h1>{% endblock %}'
        )

    @site.get("/processes")
    @needs_role(PROCESS_OWNER)
    def processes() -> str:
        return "drawn here"

    @site.get("/refuse/<int:status>")
    @open_to_all
    def refuse(status: int) -> str:
        raise REFUSALS[status]

    @site.get("/fail")
    @open_to_all
    def fail() -> str:
        raise RuntimeError("the secret inside")
