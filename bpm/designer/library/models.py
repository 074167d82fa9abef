"""Drafts of forms and decisions: what somebody makes and nobody uses yet; copies that lost a race."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bpm.db import Base, Public
from bpm.people.models import Person

FORM, DECISION = "form", "decision"


class LibraryDraft(Public, Base):
    """The one draft of a form or of a decision model; ``revision`` guards it against two people at once.

    ``content``: the JSON of a form or the XML of a decision model. ``base_number``: the publication
    it was made from.
    """

    __tablename__ = "library_draft"

    kind: Mapped[str] = mapped_column(String(20))
    key: Mapped[str] = mapped_column(String(120))
    name: Mapped[str] = mapped_column(String(300))
    content: Mapped[str] = mapped_column(Text)
    base_number: Mapped[int | None] = mapped_column(Integer)
    revision: Mapped[int] = mapped_column(Integer, default=1)
    # the open page that saved last: it may repeat a save whose answer was lost on the way
    editor: Mapped[str] = mapped_column(String(40), default="", server_default="")
    saved_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    saved_at: Mapped[datetime]

    saved_by: Mapped[Person | None] = relationship(foreign_keys=[saved_by_id])

    __table_args__ = (UniqueConstraint("kind", "key"),)


class LibraryCopy(Public, Base):
    """What lost a race: somebody else saved the draft in between. Nothing is thrown away.

    ``editor``: the open page it comes from, which may go on saving into it.
    """

    __tablename__ = "library_copy"

    kind: Mapped[str] = mapped_column(String(20))
    key: Mapped[str] = mapped_column(String(120))
    name: Mapped[str] = mapped_column(String(300))
    content: Mapped[str] = mapped_column(Text)
    base_number: Mapped[int | None] = mapped_column(Integer)
    editor: Mapped[str] = mapped_column(String(40), default="", server_default="")
    saved_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    saved_at: Mapped[datetime]

    saved_by: Mapped[Person | None] = relationship()

    __table_args__ = (Index("ix_library_copy_kind_key", "kind", "key"),)
