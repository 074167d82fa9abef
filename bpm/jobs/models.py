"""The job table: everything that has to happen later or outside a transaction."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, Integer, String, Text, false, text
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, mapped_column

from bpm.db import Base, Public, Reference


def _same_as_due(context: DefaultExecutionContext) -> Any:
    return context.get_current_parameters()["due_at"]  # type: ignore[no-untyped-call]


class Job(Public, Base):
    """A piece of work that is due at a time; claimed by a lease, deleted when it is done.

    ``due_at`` moves with every lease and retry; ``planned_at`` stays what was asked for.
    """

    __tablename__ = "job"

    kind: Mapped[str] = mapped_column(String(60))
    payload: Mapped[dict[str, Any]]
    due_at: Mapped[datetime]
    planned_at: Mapped[datetime] = mapped_column(default=_same_as_due)
    priority: Mapped[int] = mapped_column(Integer, default=0)
    instance_id: Mapped[int | None] = mapped_column(Reference, index=True)
    # compared byte by byte on every database, so that a search by prefix uses the index
    unique_key: Mapped[str | None] = mapped_column(
        String(200).with_variant(String(200, collation="C"), "postgresql"), unique=True
    )
    lease_token: Mapped[str | None] = mapped_column(String(40))
    starts: Mapped[int] = mapped_column(Integer, default=0)
    failures: Mapped[int] = mapped_column(Integer, default=0)
    dead: Mapped[bool] = mapped_column(default=False, server_default=false())
    # the process whose work it is: jobs of different lanes are taken in turns; 0: the house's own
    lane: Mapped[int] = mapped_column(Reference, default=0, server_default="0")
    # its handler is at work; of the jobs of one instance one at most
    running: Mapped[bool] = mapped_column(default=False, server_default=false())
    last_error: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime]

    __table_args__ = (
        # the two that a claim needs: is anything due, and what is due in each lane; a million
        # future jobs do not slow them
        Index("ix_job_due_at", "due_at", postgresql_where=text("NOT dead"), sqlite_where=text("dead = 0")),
        Index(
            "ix_job_lane",
            "priority",
            "lane",
            "due_at",
            postgresql_where=text("NOT dead"),
            sqlite_where=text("dead = 0"),
        ),
        Index(
            "ix_job_running",
            "instance_id",
            unique=True,
            postgresql_where=text("running"),
            sqlite_where=text("running = 1"),
        ),
    )
