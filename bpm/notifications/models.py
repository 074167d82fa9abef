"""Letters, their templates, and the notices shown in the program."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bpm.db import Base, Public, Published, Reference
from bpm.people.models import Person


class LetterTemplate(Published, Base):
    """One publication of a letter: ``{"en": {"subject": …, "text": …}, "ru": …, "pl": …}``."""

    __tablename__ = "letter"

    content: Mapped[dict[str, Any]]
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class OutgoingLetter(Public, Base):
    """A letter that was written. ``state``: queued, sent, kept (no mail server), failed."""

    __tablename__ = "outgoing_letter"

    message_id: Mapped[str] = mapped_column(String(200), unique=True)
    # the same effect never writes a second letter
    unique_key: Mapped[str | None] = mapped_column(String(200), unique=True)
    kind: Mapped[str] = mapped_column(String(60))
    recipient: Mapped[str] = mapped_column(String(254))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    subject: Mapped[str] = mapped_column(String(400))
    text: Mapped[str] = mapped_column(Text)
    html: Mapped[str | None] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(5))
    # [public ids of stored files]
    attachments: Mapped[list[Any]] = mapped_column(default=list)
    instance_id: Mapped[int | None] = mapped_column(Reference, index=True)
    state: Mapped[str] = mapped_column(String(20))
    error: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(index=True)
    sent_at: Mapped[datetime | None]


class Notice(Public, Base):
    """A line under the bell of one person."""

    __tablename__ = "notice"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    unique_key: Mapped[str | None] = mapped_column(String(200), unique=True)
    # {"en": …, "ru": …, "pl": …}
    texts: Mapped[dict[str, Any]]
    link: Mapped[str] = mapped_column(String(400), default="")
    instance_id: Mapped[int | None] = mapped_column(Reference, index=True)
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship()

    __table_args__ = (Index("ix_notice_person", "person_id", "created_at"),)
