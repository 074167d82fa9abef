"""The company calendar."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from bpm.db import Base, Numbered


class Calendar(Numbered, Base):
    """Weekly hours in a time zone, the country whose holidays are free, and days that differ."""

    __tablename__ = "calendar"

    key: Mapped[str] = mapped_column(String(60), unique=True)
    time_zone: Mapped[str] = mapped_column(String(60))
    country: Mapped[str | None] = mapped_column(String(8))
    # {"0": [["09:00", "17:00"]], …}: Monday is 0
    hours: Mapped[dict[str, Any]]


class CalendarDay(Numbered, Base):
    """A day that differs from the week: free (no spans) or worked."""

    __tablename__ = "calendar_day"

    calendar_id: Mapped[int] = mapped_column(index=True)
    day: Mapped[date]
    spans: Mapped[list[Any]]
