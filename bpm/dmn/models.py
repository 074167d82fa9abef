"""The library of decisions."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bpm.db import Base, Published


class Decision(Published, Base):
    """One publication of a DMN decision; ``key`` is the decision's id in the file."""

    __tablename__ = "decision"

    xml: Mapped[str] = mapped_column(Text)
    # the namespace of the file, by which other models import it
    namespace: Mapped[str] = mapped_column(String(300), default="", server_default="", index=True)
    names: Mapped[dict[str, Any]]
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
