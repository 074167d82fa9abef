"""Fixtures that every test may use: both databases, a clock that stands still, the demo company."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bpm import tables
from bpm.clock import MovableClock
from bpm.db import Base, Database, make_engine
from tests.postgres import TemplateServer, postgres_server

WARSAW = ZoneInfo("Europe/Warsaw")
TUESDAY_MORNING = datetime(2026, 3, 3, 9, 0, tzinfo=WARSAW)

tables.load()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "empty.sqlite3"
    engine = make_engine(f"sqlite:///{path}")
    Base.metadata.create_all(engine)
    with engine.connect() as connection:
        connection.connection.driver_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TemplateServer]:
    with postgres_server(tmp_path_factory.mktemp("postgres")) as server:
        engine = make_engine(server.template_url())
        Base.metadata.create_all(engine)
        engine.dispose()
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database of our tables, once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        template = request.getfixturevalue("sqlite_template")
        shutil.copy(template, tmp_path / "bpm.sqlite3")
        yield f"sqlite:///{tmp_path / 'bpm.sqlite3'}"
    else:
        server: TemplateServer = request.getfixturevalue("postgres")
        with server.copy() as url:
            yield url


@pytest.fixture
def sqlite_url(tmp_path: Path, sqlite_template: Path) -> str:
    """An empty SQLite database, for tests whose subject does not depend on the database."""
    shutil.copy(sqlite_template, tmp_path / "bpm.sqlite3")
    return f"sqlite:///{tmp_path / 'bpm.sqlite3'}"


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

