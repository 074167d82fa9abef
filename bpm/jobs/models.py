"""The job table: everything that has to happen later or outside a transaction."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, Integer, String, Text, false
from sqlalchemy.orm import Mapped, mapped_column

from bpm.db import Base, Public, Reference


class Job(Public, Base):
    """A piece of work that is due at a time; claimed by a lease, deleted when it is done."""

    __tablename__ = "job"

    kind: Mapped[str] = mapped_column(String(60))
    payload: Mapped[dict[str, Any]]
    due_at: Mapped[datetime]
    priority: Mapped[int] = mapped_column(Integer, default=0)
    instance_id: Mapped[int | None] = mapped_column(Reference, index=True)
    unique_key: Mapped[str | None] = mapped_column(String(200), unique=True)
    lease_token: Mapped[str | None] = mapped_column(String(40))
    starts: Mapped[int] = mapped_column(Integer, default=0)
    failures: Mapped[int] = mapped_column(Integer, default=0)
    dead: Mapped[bool] = mapped_column(default=False, server_default=false())
    last_error: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime]

    __table_args__ = (
        Index("ix_job_due_at", "due_at", postgresql_where=dead.column == false(), sqlite_where=dead.column == false()),
    )
