"""Set the company calendar.

This floor does not know people: the pages that call these commands let only administrators in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bpm.errors import Invalid
from bpm.language import _
from bpm.worktime.calendar import countries
from bpm.worktime.models import Calendar, CalendarDay
from bpm.worktime.queries import COMPANY, OFFICE_WEEK, stored_calendar, wall_time

SpanTexts = Sequence[Sequence[str]]


def set_company_calendar(
    session: Session,
    *,
    time_zone: str,
    country: str | None = None,
    hours: Mapping[int, SpanTexts] | None = None,
) -> Calendar:
    """Set zone, holidays and weekly hours; days that differ stay as they are.

    Args:
        time_zone: an IANA name, ``Europe/Warsaw``.
        country: ISO 3166-1 code of the country whose public holidays are free; None: no holidays.
        hours: spans of each weekday, Monday is 0, ``{0: [["09:00", "17:00"]]}``; None: Monday to
            Friday, 09:00 to 17:00.

    Raises:
        Invalid: the zone or the country is unknown, or a span is not one.
    """
    if time_zone not in available_timezones():
        raise Invalid(
            _("There is no time zone “%(name)s”; write for instance Europe/Warsaw.", name=time_zone)
        )
    if country is not None and country not in countries():
        raise Invalid(_("The public holidays of “%(code)s” are not known.", code=country))
    texts: dict[str, Any] = dict(OFFICE_WEEK)
    if hours is not None:
        texts = {str(weekday): _checked(spans) for weekday, spans in hours.items() if 0 <= weekday <= 6}
    if not any(texts.values()):
        raise Invalid(_("The week has no working hours. Give at least one day its hours."))
    calendar = stored_calendar(session)
    if calendar is None:
        calendar = Calendar(key=COMPANY, time_zone=time_zone, country=country, hours=texts)
        session.add(calendar)
    else:
        calendar.time_zone, calendar.country, calendar.hours = time_zone, country, texts
    session.flush()
    return calendar


def set_up(session: Session, time_zone: str) -> None:
    """Store the calendar of a new installation, unless there is one."""
    if stored_calendar(session) is None:
        set_company_calendar(session, time_zone=str(ZoneInfo(time_zone)))


def set_day(session: Session, day: date, spans: SpanTexts) -> None:
    """Let one date differ from the week and the holidays; no spans: it is free.

    Raises:
        Invalid: a span is not one, or there is no company calendar yet.
    """
    calendar = stored_calendar(session)
    if calendar is None:
        raise Invalid(_("Set the company calendar first, then its single days."))
    checked = _checked(spans)
    row = session.scalar(
        select(CalendarDay).where(CalendarDay.calendar_id == calendar.id, CalendarDay.day == day)
    )
    if row is None:
        session.add(CalendarDay(calendar_id=calendar.id, day=day, spans=checked))
    else:
        row.spans = checked
    session.flush()


def clear_day(session: Session, day: date) -> None:
    """Let one date be like its weekday again."""
    calendar = stored_calendar(session)
    if calendar is not None:
        session.execute(
            delete(CalendarDay).where(CalendarDay.calendar_id == calendar.id, CalendarDay.day == day)
        )


def _checked(spans: SpanTexts) -> list[Any]:
    """Sort the spans; refuse what is not a time and what overlaps."""
    try:
        ordered = sorted([str(opens), str(closes)] for opens, closes in spans)
        times = [(wall_time(opens), wall_time(closes)) for opens, closes in ordered]
    except ValueError as error:
        raise Invalid(_("Write working hours as from and to, for instance 09:00 and 17:00.")) from error
    # as minutes of the day, so that 00:00 as an end is 24:00
    minutes = [
        (opens.hour * 60 + opens.minute, closes.hour * 60 + closes.minute or 24 * 60)
        for opens, closes in times
    ]
    previous = -1
    for opens, closes in minutes:
        if closes <= opens or opens < previous:
            raise Invalid(_("Working hours must end after they begin and must not overlap."))
        previous = closes
    return ordered
