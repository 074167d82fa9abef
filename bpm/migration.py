"""Brings a database to the tables that this program needs; never loses data."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from bpm.config import ROOT

# one number for everybody, so that two nodes starting at once do not both migrate
_LOCK = 7_302_026


def upgrade(engine: Engine) -> bool:
    """Migrate to the newest tables.

    Returns:
        True if anything had to be done.
    """
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _LOCK})
        if current(connection) == newest():
            return False
        command.upgrade(_config(connection), "head")
        return True


def revise(engine: Engine, message: str) -> None:
    """Write a new migration from the difference between tables and models (for developers)."""
    with engine.begin() as connection:
        command.revision(_config(connection), message, autogenerate=True)


def current(connection: Connection) -> str | None:
    """Return the revision a database stands at, or None for an empty one."""
    return MigrationContext.configure(connection).get_current_revision()


def newest() -> str | None:
    """Return the revision this program needs."""
    return ScriptDirectory.from_config(_config(None)).get_current_head()


def _config(connection: Connection | None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
