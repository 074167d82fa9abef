"""Half-filled forms: what somebody typed and has not sent yet."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from bpm.db import Base


class TaskDraft(Base):
    """The unsent entries of one person in one task."""

    __tablename__ = "task_draft"

    task_id: Mapped[int] = mapped_column(ForeignKey("user_task.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    values: Mapped[dict[str, Any]]
    saved_at: Mapped[datetime]
