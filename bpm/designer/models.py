"""Drafts: diagrams that are being drawn and run nothing yet."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bpm.db import Base, Public
from bpm.people.models import Person


class Draft(Public, Base):
    """The one draft of a process; ``revision`` guards it against two people drawing at once."""

    __tablename__ = "draft"

    process_key: Mapped[str] = mapped_column(String(120), unique=True)
    name: Mapped[str] = mapped_column(String(300))
    xml: Mapped[str] = mapped_column(Text)
    svg: Mapped[str | None] = mapped_column(Text)
    base_version: Mapped[int | None] = mapped_column(Integer)
    revision: Mapped[int] = mapped_column(Integer, default=1)
    # the open page that saved last: it may repeat a save whose answer was lost on the way
    editor: Mapped[str] = mapped_column(String(40), default="", server_default="")
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    saved_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    saved_at: Mapped[datetime]

    saved_by: Mapped[Person | None] = relationship(foreign_keys=[saved_by_id])
