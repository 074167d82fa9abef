"""Brings a database to the tables that this program needs; never loses data."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, inspect, text

from bpm.config import ROOT

if TYPE_CHECKING:
    from alembic.config import Config

FOLDER = ROOT / "migrations"
# one number for everybody, so that two nodes starting at once do not both migrate
_LOCK = 7_302_026
_REVISION = re.compile(r"^(revision|down_revision) = (?:'(\w+)'|None)", re.MULTILINE)


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
        from alembic import command

        command.upgrade(_config(connection), "head")
        return True


def revise(engine: Engine, message: str) -> None:
    """Write a new migration from the difference between tables and models (for developers)."""
    from alembic import command

    with engine.begin() as connection:
        command.revision(_config(connection), message, autogenerate=True)


def current(connection: Connection) -> str | None:
    """Return the revision a database stands at, or None for an empty one."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    revision = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return None if revision is None else str(revision)


def newest() -> str | None:
    """Return the revision this program needs: the one that no other follows.

    Read from the files' own words, because a start that has nothing to migrate should not wait for
    Alembic to be imported.
    """
    revisions, followed = set(), set()
    for path in (FOLDER / "versions").glob("*.py"):
        found = dict(_REVISION.findall(path.read_text("utf-8")))
        revisions.add(found["revision"])
        followed.add(found.get("down_revision", ""))
    heads = revisions - followed
    if len(heads) > 1:
        raise RuntimeError(f"Several migrations are the newest: {', '.join(sorted(heads))}.")
    return heads.pop() if heads else None


def _config(connection: Connection | None) -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
