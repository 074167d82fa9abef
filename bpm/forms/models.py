"""The library of forms."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from bpm.db import Base, Published


class Form(Published, Base):
    """One publication of a form; ``content`` is its schema (form-js JSON, our subset)."""

    __tablename__ = "form"

    content: Mapped[dict[str, Any]]
    note: Mapped[str] = mapped_column(Text, default="", server_default="")
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
