"""What is kept of a rehearsal between two requests: the whole sandbox after each deed, and a report.

One rehearsal of a process for each person. Nothing else of the program reads these tables.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Integer, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bpm.db import Base, Json, Public


class Rehearsal(Public, Base):
    """Somebody tries out a draft. ``drawing``: the hash of what he tries."""

    __tablename__ = "rehearsal"

    process_key: Mapped[str] = mapped_column(String(120))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    drawing: Mapped[str] = mapped_column(String(64))
    began_at: Mapped[datetime]
    changed_at: Mapped[datetime] = mapped_column(index=True)
    # what trying every path has found; see ``report.py``
    report: Mapped[dict[str, Any] | None] = mapped_column(Json)

    __table_args__ = (UniqueConstraint("process_key", "person_id"),)


class RehearsalStep(Base):
    """The sandbox after one deed, as a packed SQLite database; number 0 is before the first one.

    ``words``: the deed, for people. ``clock_at``: the moment at which the clock of the sandbox stands.
    """

    __tablename__ = "rehearsal_step"

    rehearsal_id: Mapped[int] = mapped_column(ForeignKey("rehearsal.id"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    words: Mapped[str] = mapped_column(Text, default="")
    clock_at: Mapped[datetime]
    image: Mapped[bytes] = mapped_column(LargeBinary)
