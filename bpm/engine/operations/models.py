"""What operators do to cases: changes of version that can be undone, and deeds on many cases."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Integer, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bpm.db import Base, Public
from bpm.engine.models import Instance, ProcessVersion
from bpm.people.models import Person


class InstanceMigration(Public, Base):
    """One change of an instance to another version, with what is needed to undo it.

    ``revision``: of the instance right after it; while it stays the same, the change can be undone.
    ``state`` and ``tasks`` (columns of its open tasks by their numbers): as they were before.
    """

    __tablename__ = "instance_migration"

    instance_id: Mapped[int] = mapped_column(ForeignKey("instance.id"), index=True)
    from_version_id: Mapped[int] = mapped_column(ForeignKey("process_version.id"))
    to_version_id: Mapped[int] = mapped_column(ForeignKey("process_version.id"))
    mapping: Mapped[dict[str, Any]]
    revision: Mapped[int] = mapped_column(Integer)
    state: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    tasks: Mapped[list[Any]]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    undone_at: Mapped[datetime | None]

    from_version: Mapped[ProcessVersion] = relationship(foreign_keys=[from_version_id])
    to_version: Mapped[ProcessVersion] = relationship(foreign_keys=[to_version_id])


class BulkOperation(Public, Base):
    """One deed on many cases, done by jobs one case after the other.

    ``kind``: cancel, suspend, resume, retry, move, migrate, migrate_back, set_variables. ``status``:
    running, done, stopped. ``parameters``: of the deed, values encoded; ``selection``: what was asked for.
    """

    __tablename__ = "bulk_operation"

    kind: Mapped[str] = mapped_column(String(20))
    parameters: Mapped[dict[str, Any]]
    selection: Mapped[dict[str, Any]]
    status: Mapped[str] = mapped_column(String(20))
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    total: Mapped[int] = mapped_column(Integer, default=0)
    done: Mapped[int] = mapped_column(Integer, default=0)
    failed: Mapped[int] = mapped_column(Integer, default=0)

    created_by: Mapped[Person | None] = relationship()


class BulkItem(Base):
    """One case of a bulk operation. ``status``: waiting, done, failed; ``reason``: why it failed."""

    __tablename__ = "bulk_item"

    operation_id: Mapped[int] = mapped_column(ForeignKey("bulk_operation.id"), primary_key=True)
    instance_id: Mapped[int] = mapped_column(ForeignKey("instance.id"), primary_key=True, index=True)
    status: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str | None] = mapped_column(Text)

    instance: Mapped[Instance] = relationship()

    __table_args__ = (Index("ix_bulk_item_next", "operation_id", "status", "instance_id"),)
