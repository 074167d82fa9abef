"""The library of decisions."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ForeignKey, String, Text, false
from sqlalchemy.orm import Mapped, mapped_column

from bpm.db import Base, Published


class Decision(Published, Base):
    """One publication of a DMN decision, or of a model for others to import.

    ``key`` is the decision's id in the file.
    """

    __tablename__ = "decision"

    xml: Mapped[str] = mapped_column(Text)
    note: Mapped[str] = mapped_column(Text, default="", server_default="")
    # the namespace of the file, by which other models import it
    namespace: Mapped[str] = mapped_column(String(300), default="", server_default="", index=True)
    names: Mapped[dict[str, Any]]
    # a model without decisions, published for others to import; its key is its namespace
    library: Mapped[bool] = mapped_column(default=False, server_default=false())
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
