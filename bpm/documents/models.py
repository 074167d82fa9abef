"""The library of document templates."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from bpm.db import Base, Published


class DocumentTemplate(Published, Base):
    """One publication of a ``.docx`` template."""

    __tablename__ = "document_template"

    content: Mapped[bytes] = mapped_column(LargeBinary)
    names: Mapped[dict[str, Any]]
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
