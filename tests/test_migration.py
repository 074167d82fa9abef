"""An empty database gets every table, one with data keeps them, and the models need nothing more."""

from __future__ import annotations

from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, text

from bpm import migration
from bpm.db import Base, Database, Setting, make_engine


def test_an_empty_database_gets_every_table(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'empty.sqlite3'}")
    assert migration.upgrade(engine)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        assert compare_metadata(context, Base.metadata) == []
    engine.dispose()


def test_an_upgrade_keeps_the_data_and_is_done_once(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'kept.sqlite3'}")
    migration.upgrade(engine)
    with Database(engine).writing() as session:
        session.add(Setting(key="kept", value={"a": 1}))
    assert not migration.upgrade(engine)
    with Database(engine).reading() as session:
        assert session.get_one(Setting, "kept").value == {"a": 1}
    engine.dispose()


def test_postgresql_gets_the_same_tables(engine: Engine) -> None:
    if engine.dialect.name != "postgresql":
        return
    Base.metadata.drop_all(engine)
    assert migration.upgrade(engine)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        assert compare_metadata(context, Base.metadata) == []
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == migration.newest()


def test_the_newest_migration_is_the_one_alembic_means() -> None:
    assert ScriptDirectory.from_config(migration._config(None)).get_current_head() == migration.newest()
