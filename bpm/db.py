"""The ground floor of storage: base classes, portable column types, engines and sessions.

Owns how a connection behaves on SQLite and PostgreSQL. Knows no table but ``setting``.
Commands take a ``Session`` and never commit; only the outermost caller does.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, TypeVar

from sqlalchemy import (
    JSON,
    BigInteger,
    Connection,
    DateTime,
    Dialect,
    Engine,
    Integer,
    MetaData,
    String,
    UniqueConstraint,
    create_engine,
    event,
    func,
    select,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, declared_attr, mapped_column, sessionmaker
from sqlalchemy.types import TypeDecorator

Json = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
PrimaryKey = BigInteger().with_variant(Integer(), "sqlite")
Reference = BigInteger().with_variant(Integer(), "sqlite")

_NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Moment(TypeDecorator[datetime]):
    """A point in time, stored as UTC and always timezone-aware in Python."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"A stored time needs a time zone: {value!r}")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Base of every table."""

    metadata = MetaData(naming_convention=_NAMING)
    type_annotation_map = {
        datetime: Moment(),
        dict[str, Any]: Json,
        list[Any]: Json,
    }


Row = TypeVar("Row", bound="Published")


def new_public_id() -> str:
    """Return an identifier that may be shown outside and cannot be guessed (96 random bits)."""
    return secrets.token_urlsafe(12)


class Numbered:
    """Mixin: an internal number as primary key."""

    id: Mapped[int] = mapped_column(PrimaryKey, primary_key=True)


class Public(Numbered):
    """Mixin: an internal number, and an identifier that is used in addresses and the API."""

    public_id: Mapped[str] = mapped_column(String(24), unique=True, default=new_public_id)


class Published(Numbered):
    """Mixin of the library tables: each publication is a new row with the next number."""

    key: Mapped[str] = mapped_column(String(120))
    number: Mapped[int] = mapped_column(Integer)
    hash: Mapped[str] = mapped_column(String(64))
    published_at: Mapped[datetime]

    @declared_attr.directive
    def __table_args__(cls) -> tuple[Any, ...]:
        return (UniqueConstraint("key", "number"),)


class Setting(Base):
    """One value that belongs to the installation, for instance the offset of a test clock."""

    __tablename__ = "setting"

    key: Mapped[str] = mapped_column(String(120), primary_key=True)
    value: Mapped[dict[str, Any]] = mapped_column(Json)


def latest_published(session: Session, table: type[Row], key: str) -> Row | None:
    """Return the newest publication of a library item, or None if there is none."""
    return session.scalar(select(table).where(table.key == key).order_by(table.number.desc()).limit(1))


def next_publication_number(session: Session, table: type[Published], key: str) -> int:
    """Return the number that the next publication of ``key`` gets."""
    newest = session.scalar(select(func.max(table.number)).where(table.key == key))
    return (newest or 0) + 1


def make_engine(url: str) -> Engine:
    """Create an engine for ``url`` and teach its connections our way of transactions."""
    return prepare_engine(create_engine(url, **engine_options(url)))


def engine_options(url: str) -> dict[str, Any]:
    """Return the options that ``create_engine`` needs for this kind of database."""
    if url.startswith("sqlite"):
        return {"connect_args": {"timeout": 30}, "pool_size": 20, "max_overflow": 80}
    return {"pool_pre_ping": True, "pool_size": 20, "max_overflow": 80}


def prepare_engine(engine: Engine) -> Engine:
    """SQLite: write-ahead log, foreign keys, and writers that queue instead of failing.

    A transaction begins IMMEDIATE unless its connection carries the execution option
    ``sqlite_begin="DEFERRED"``, which readers use so that they never wait.
    """
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # else the driver begins transactions by itself
    cursor = connection.cursor()
    for pragma in (
        "journal_mode = WAL",
        "synchronous = NORMAL",
        "busy_timeout = 30000",
        "foreign_keys = ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    mode = connection.get_execution_options().get("sqlite_begin", "IMMEDIATE")
    connection.exec_driver_sql(f"BEGIN {mode}")


class Database:
    """An engine with the two ways to use it: a transaction that writes, one that only reads."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._sessions = sessionmaker(engine, expire_on_commit=False)

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """One transaction: committed at the end, rolled back on any exception."""
        with self._sessions.begin() as session:
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that never takes SQLite's write lock; nothing is committed."""
        with self._sessions() as session:
            session.connection(execution_options={"sqlite_begin": "DEFERRED"})
            yield session
