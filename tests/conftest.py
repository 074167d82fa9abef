"""Fixtures that every test may use: both databases, a clock that stands still, the demo company."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from bpm import create_app, tables
from bpm.clock import MovableClock
from bpm.config import Settings
from bpm.db import Base, Database, make_engine
from bpm.installation import Installation
from bpm.people.commands import create_token
from bpm.people.models import Person
from tests.api_client import ApiClient
from tests.isolation import forgetting
from tests.postgres import TestServer, postgres_server

# one browser a worker, for the pages and for the files of other tools alike
pytest_plugins = ["tests.browser.tabs"]

WARSAW = ZoneInfo("Europe/Warsaw")
TUESDAY_MORNING = datetime(2026, 3, 3, 9, 0, tzinfo=WARSAW)

tables.load()


class CompiledTemplates(BytecodeCache):
    """Every test has an application of its own; templates are compiled once for all of them."""

    def __init__(self) -> None:
        self._compiled: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._compiled:
            bucket.bytecode_from_string(self._compiled[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._compiled[bucket.key] = bucket.bytecode_to_string()


Flask.jinja_options = {"bytecode_cache": CompiledTemplates()}


class Databases:
    """Copies of two databases that were made once: one with empty tables, one with the demo company
    and the library that ships. A copy is much faster than making them anew."""

    def __init__(self, folder: Path, postgres: Callable[[], TestServer], stack: ExitStack) -> None:
        self._folder = folder
        self._postgres = postgres
        self._stack = stack
        self._templates: dict[tuple[str, bool], str] = {}

    @contextmanager
    def copy(self, kind: str, folder: Path, *, filled: bool) -> Iterator[str]:
        template = self._template(kind, filled)
        if kind == "postgresql":
            with self._postgres().database(copy_of=template) as url:
                yield url
        else:
            target = folder / "bpm.sqlite3"
            shutil.copy(template.removeprefix("sqlite:///"), target)
            yield f"sqlite:///{target}"

    def _template(self, kind: str, filled: bool) -> str:
        if (kind, filled) not in self._templates:
            url = f"sqlite:///{self._folder / f'template-{filled}.sqlite3'}"
            if kind == "postgresql":
                url = self._stack.enter_context(self._postgres().database())
            self._make(url, filled)
            self._templates[kind, filled] = url
        return self._templates[kind, filled]

    def _make(self, url: str, filled: bool) -> None:
        engine = make_engine(url)
        Base.metadata.create_all(engine)
        if filled:
            _fill(engine, url, self._folder)
        if engine.dialect.name == "sqlite":
            with engine.connect() as connection:
                connection.rollback()
                connection.connection.driver_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        engine.dispose()


def _fill(engine: Engine, url: str, folder: Path) -> None:
    with forgetting():
        installation = Installation(settings_for(url, folder), MovableClock(TUESDAY_MORNING), engine)
        installation.load_demo_company()
        installation.load_library()


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    with ExitStack() as stack:
        started: list[TestServer] = []

        def postgres() -> TestServer:
            if not started:
                started.append(stack.enter_context(postgres_server()))
            return started[0]

        yield Databases(tmp_path_factory.mktemp("templates"), postgres, stack)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Each test runs on SQLite and on PostgreSQL; ``one_database`` is for what no database has a part in."""
    kinds = ["sqlite"] if any(metafunc.definition.iter_markers("one_database")) else ["sqlite", "postgresql"]
    for address in {"database_url", "filled_url"} & set(metafunc.fixturenames):
        metafunc.parametrize(address, kinds, indirect=True)


@pytest.fixture
def database_url(request: pytest.FixtureRequest, databases: Databases, tmp_path: Path) -> Iterator[str]:
    """An empty database of our tables, once on SQLite and once on PostgreSQL."""
    with databases.copy(request.param, tmp_path, filled=False) as url:
        yield url


@pytest.fixture
def filled_url(request: pytest.FixtureRequest, databases: Databases, tmp_path: Path) -> Iterator[str]:
    """A database with the demo company and the library that ships."""
    with databases.copy(request.param, tmp_path, filled=True) as url:
        yield url


@pytest.fixture
def sqlite_url(databases: Databases, tmp_path: Path) -> Iterator[str]:
    """An empty SQLite database, for tests whose subject does not depend on the database."""
    with databases.copy("sqlite", tmp_path, filled=False) as url:
        yield url


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = make_engine(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def database(engine: Engine) -> Database:
    return Database(engine)


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """One transaction that is committed when the test is over and nothing failed."""
    with database.writing() as session:
        yield session


@pytest.fixture
def clock() -> MovableClock:
    """A clock standing at Tuesday, 3 March 2026, 9:00 in Warsaw."""
    return MovableClock(TUESDAY_MORNING)


@pytest.fixture
def now(clock: MovableClock) -> datetime:
    return clock.now()


@pytest.fixture
def company(database: Database, clock: MovableClock) -> None:
    """The demo company, committed."""
    from bpm.people.demo import load_demo

    with database.writing() as session:
        load_demo(session, clock.now())


@pytest.fixture
def settings(filled_url: str, tmp_path: Path) -> Settings:
    return settings_for(filled_url, tmp_path)


def settings_for(database_url: str, folder: Path) -> Settings:
    """The settings of a sandbox installation in ``folder``."""
    return Settings(
        instance=folder,
        database_url=database_url,
        secret_key="of-a-test",
        base_url="http://localhost",
        test_clock=True,
    )


@pytest.fixture
def app(settings: Settings, clock: MovableClock) -> Iterator[Flask]:
    """The whole application with the demo company and the library that ships."""
    with forgetting():
        app = create_app(settings, clock)
        yield app
        app.extensions["bpm"].engine.dispose()


@pytest.fixture
def client_of(app: Flask) -> Callable[[str], FlaskClient]:
    """A browser in which somebody is logged in: ``client_of("anna.nowak").get("/inbox")``."""

    def log_in(login: str) -> FlaskClient:
        client = app.test_client()
        with app.app_context(), app.extensions["bpm"].database.reading() as session:
            person = session.scalars(select(Person).where(Person.login == login)).one()
            cookie = person.get_id()
        with client.session_transaction() as session_cookie:
            session_cookie["_user_id"] = cookie
            session_cookie["_fresh"] = True
        return client

    return log_in


@pytest.fixture
def api_of(app: Flask) -> Callable[[str], ApiClient]:
    """A program that calls the API as somebody: ``api_of("anna.nowak").get("/tasks")``."""
    made: dict[str, ApiClient] = {}

    def caller(login: str) -> ApiClient:
        if login not in made:
            installation = app.extensions["bpm"]
            with installation.database.writing() as session:
                person = session.scalars(select(Person).where(Person.login == login)).one()
                plain = create_token(session, installation.clock.now(), person, name="test")
            made[login] = ApiClient(app.test_client(), plain)
        return made[login]

    return caller


@pytest.fixture
def run_due(app: Flask) -> Callable[[], int]:
    """Run every job that is due now; returns how many ran."""
    return app.extensions["bpm"].worker.run_until_idle  # type: ignore[no-any-return]


@pytest.fixture
def pass_time(app: Flask) -> Callable[..., int]:
    """Move the clock, running each job when its time comes: ``pass_time(days=2)``."""

    def advance(**length: float) -> int:
        return app.extensions["bpm"].advance_clock(timedelta(**length))  # type: ignore[no-any-return]

    return advance
