"""The company calendar as it is stored, as a pure calendar."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from bpm.config import Settings
from bpm.worktime.calendar import Span, WorkCalendar
from bpm.worktime.models import Calendar, CalendarDay

COMPANY = "company"
OFFICE_WEEK: dict[str, Any] = {str(weekday): [["09:00", "17:00"]] for weekday in range(5)}


def company_calendar(session: Session, time_zone: str | None = None) -> WorkCalendar:
    """Return the calendar of the company.

    Args:
        time_zone: the zone of the calendar while none is stored (Monday to Friday, 09:00 to
            17:00, no public holidays); None: the one a new installation has.
    """
    stored = stored_calendar(session)
    if stored is None:
        return _built(time_zone or Settings.time_zone, None, _frozen(OFFICE_WEEK), ())
    days = tuple((row.day, _frozen_spans(row.spans)) for row in differing_days(session))
    return _built(stored.time_zone, stored.country, _frozen(stored.hours), days)


def stored_calendar(session: Session) -> Calendar | None:
    """Return the row of the company calendar, None while nobody has set it."""
    return session.scalar(select(Calendar).where(Calendar.key == COMPANY))


def differing_days(session: Session) -> Sequence[CalendarDay]:
    """Return the days that an administrator set otherwise, in order."""
    question = select(CalendarDay).join(Calendar, Calendar.id == CalendarDay.calendar_id)
    return session.scalars(question.where(Calendar.key == COMPANY).order_by(CalendarDay.day)).all()


FrozenSpans = tuple[tuple[str, str], ...]


@lru_cache(maxsize=16)
def _built(
    zone: str,
    country: str | None,
    hours: tuple[tuple[str, FrozenSpans], ...],
    days: tuple[tuple[date, FrozenSpans], ...],
) -> WorkCalendar:
    return WorkCalendar(
        zone=ZoneInfo(zone),
        week={int(weekday): _spans(texts) for weekday, texts in hours},
        country=country,
        days={day: _spans(texts) for day, texts in days},
    )


def _frozen(hours: dict[str, Any]) -> tuple[tuple[str, FrozenSpans], ...]:
    return tuple((weekday, _frozen_spans(spans)) for weekday, spans in hours.items())


def _frozen_spans(spans: Sequence[Any]) -> FrozenSpans:
    return tuple((str(opens), str(closes)) for opens, closes in spans)


def _spans(texts: FrozenSpans) -> tuple[Span, ...]:
    return tuple((wall_time(opens), wall_time(closes)) for opens, closes in texts)


def wall_time(text: str) -> time:
    """Read ``09:00``; ``24:00`` is the midnight that ends the day.

    Raises:
        ValueError: the text is not a time of day.
    """
    return time() if text == "24:00" else time.fromisoformat(text)
