"""Drafts: diagrams that are being drawn and run nothing yet; what people say of them before they run."""

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


class DraftCopy(Public, Base):
    """A drawing that lost a race: somebody else saved the draft in between. Nothing is thrown away.

    ``editor``: the open page it comes from, which may go on saving into it.
    """

    __tablename__ = "draft_copy"

    process_key: Mapped[str] = mapped_column(String(120), index=True)
    name: Mapped[str] = mapped_column(String(300))
    xml: Mapped[str] = mapped_column(Text)
    svg: Mapped[str | None] = mapped_column(Text)
    base_version: Mapped[int | None] = mapped_column(Integer)
    editor: Mapped[str] = mapped_column(String(40), default="", server_default="")
    saved_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    saved_at: Mapped[datetime]

    saved_by: Mapped[Person | None] = relationship()


class Review(Public, Base):
    """A look at a draft by a second person. ``state``: asked, approved, sent_back, withdrawn, published.

    ``content``: SHA-256 of the diagram that was asked about, then of the one that was approved: an approval
    is of what was seen, not of what is drawn later. ``version``: the number it was published under.
    """

    __tablename__ = "review"

    process_key: Mapped[str] = mapped_column(String(120), index=True)
    content: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(12))
    words: Mapped[str] = mapped_column(Text, default="")
    answer: Mapped[str] = mapped_column(Text, default="")
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime]
    reviewer_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    answered_at: Mapped[datetime | None]
    version: Mapped[int | None] = mapped_column(Integer)

    asked_by: Mapped[Person] = relationship(foreign_keys=[asked_by_id])
    reviewer: Mapped[Person] = relationship(foreign_keys=[reviewer_id])


class Thread(Public, Base):
    """A conversation about one element. ``version``: what was looked at; None is the draft."""

    __tablename__ = "element_thread"

    process_key: Mapped[str] = mapped_column(String(120), index=True)
    element: Mapped[str] = mapped_column(String(200))
    version: Mapped[int | None] = mapped_column(Integer)
    began_at: Mapped[datetime]
    resolved_at: Mapped[datetime | None]
    resolved_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    resolved_by: Mapped[Person | None] = relationship()
    comments: Mapped[list[ElementComment]] = relationship(
        back_populates="thread", order_by="ElementComment.id"
    )


class ElementComment(Public, Base):
    """What somebody said in a thread: plain text, in which ``@login`` names people."""

    __tablename__ = "element_comment"

    thread_id: Mapped[int] = mapped_column(ForeignKey("element_thread.id"), index=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]

    author: Mapped[Person] = relationship()
    thread: Mapped[Thread] = relationship(back_populates="comments")


class Mention(Base):
    """Somebody who was named in a comment, and so may look at the process and answer."""

    __tablename__ = "element_mention"

    comment_id: Mapped[int] = mapped_column(ForeignKey("element_comment.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
