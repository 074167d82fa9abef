"""What is known of each stored file; its bytes lie in the file store."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from bpm.db import Base, Public, Reference


class StoredFile(Public, Base):
    """An upload or a produced document. Never changed: a new version is a new file."""

    __tablename__ = "stored_file"

    name: Mapped[str] = mapped_column(String(255))
    media_type: Mapped[str] = mapped_column(String(120))
    size: Mapped[int] = mapped_column(Integer)
    sha256: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    # what the file belongs to decides who may read it
    instance_id: Mapped[int | None] = mapped_column(Reference, index=True)
    record_id: Mapped[int | None] = mapped_column(Reference, index=True)
