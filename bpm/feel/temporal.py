"""Dates, times and points in time: making, counting and arithmetic. Texts are ``temporal_text``'s.

Values are Python's own classes where these can hold them; years outside 1–9999 and fractions
finer than microseconds take the ``Wide`` classes here. Nothing else needs to know which.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from decimal import Decimal
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from bpm.feel.values import DAY, NUMBERS, SECOND, DaysDuration, YearsDuration

MAX_YEAR = 999_999_999
MAX_MONTHS = 12 * 2 * MAX_YEAR
MAX_NANOSECONDS = 366 * 2 * MAX_YEAR * DAY


@dataclass(frozen=True, slots=True)
class WideDate:
    """A date whose year Python cannot hold."""

    year: int
    month: int
    day: int


@dataclass(frozen=True, slots=True)
class WideTime:
    """A time of day finer than microseconds."""

    hour: int
    minute: int
    second: int
    nanosecond: int
    tzinfo: tzinfo | None


@dataclass(frozen=True, slots=True)
class WideMoment:
    """A date and time that Python cannot hold."""

    year: int
    month: int
    day: int
    hour: int
    minute: int
    second: int
    nanosecond: int
    tzinfo: tzinfo | None


def is_date(value: Any) -> bool:
    return type(value) is date or type(value) is WideDate


def is_time(value: Any) -> bool:
    return type(value) is time or type(value) is WideTime


def is_moment(value: Any) -> bool:
    return isinstance(value, datetime) or type(value) is WideMoment


# ------------------------------------------------------------------ making


def days_of_month(year: int, month: int) -> int:
    """Return the number of days of a month of the proleptic Gregorian calendar."""
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 if month in (4, 6, 9, 11) else 31


def make_date(year: int, month: int, day: int) -> Any:
    """Return the date, or None if there is no such day."""
    if not (1 <= month <= 12 and -MAX_YEAR <= year <= MAX_YEAR and 1 <= day <= days_of_month(year, month)):
        return None
    return date(year, month, day) if 1 <= year <= 9999 else WideDate(year, month, day)


def make_time(hour: int, minute: int, second: int, nanosecond: int = 0, zone: tzinfo | None = None) -> Any:
    """Return the time of day, or None if there is none such."""
    if not (0 <= hour < 24 and 0 <= minute < 60 and 0 <= second < 60):
        return None
    if nanosecond % 1000:
        return WideTime(hour, minute, second, nanosecond, zone)
    return time(hour, minute, second, nanosecond // 1000, zone)


def make_moment(day: Any, clock: Any) -> Any:
    """Join a date and a time of day, keeping the latter's zone."""
    nanosecond = nanosecond_of(clock)
    if type(day) is WideDate or nanosecond % 1000:
        return WideMoment(
            day.year, day.month, day.day, clock.hour, clock.minute, clock.second, nanosecond, clock.tzinfo
        )
    return datetime(
        day.year, day.month, day.day, clock.hour, clock.minute, clock.second, nanosecond // 1000, clock.tzinfo
    )


def date_of(moment: Any) -> Any:
    return make_date(moment.year, moment.month, moment.day)


def time_of(moment: Any) -> Any:
    return make_time(moment.hour, moment.minute, moment.second, nanosecond_of(moment), moment.tzinfo)


def nanosecond_of(value: Any) -> int:
    """Return the fraction of the second in nanoseconds."""
    return value.nanosecond if isinstance(value, WideTime | WideMoment) else value.microsecond * 1000


@lru_cache(maxsize=1000)
def zone_named(name: str) -> tzinfo | None:
    """Return the zone of an IANA name, or None."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None


def fixed_zone(offset: timedelta) -> tzinfo:
    """Return the zone at a fixed distance from UTC."""
    return UTC if not offset else timezone(offset)


# ------------------------------------------------------------------ counting


def days_from_date(day: Any) -> int:
    """Return the number of days since 0000-03-01."""
    year = day.year - (day.month <= 2)
    era, year_of_era = divmod(year, 400)
    day_of_year = (153 * ((day.month + 9) % 12) + 2) // 5 + day.day - 1
    return int(era * 146_097 + year_of_era * 365 + year_of_era // 4 - year_of_era // 100 + day_of_year)


def date_from_days(days: int) -> Any:
    """The inverse of ``days_from_date``; None beyond the years the language knows."""
    era, day_of_era = divmod(days, 146_097)
    year_of_era = (day_of_era - day_of_era // 1460 + day_of_era // 36_524 - day_of_era // 146_096) // 365
    day_of_year = day_of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    month_index = (5 * day_of_year + 2) // 153
    day = day_of_year - (153 * month_index + 2) // 5 + 1
    month = month_index + 3 if month_index < 10 else month_index - 9
    return make_date(era * 400 + year_of_era + (month <= 2), month, day)


def clock_nanoseconds(value: Any) -> int:
    """Return the nanoseconds since midnight, as the clock on the wall shows."""
    return int(((value.hour * 60 + value.minute) * 60 + value.second) * SECOND + nanosecond_of(value))


def offset_of(value: Any) -> timedelta | None:
    """Return the distance from UTC of a time or point in time; None if it is local."""
    zone: tzinfo | None = value.tzinfo
    if zone is None:
        return None
    if not isinstance(zone, ZoneInfo):
        return zone.utcoffset(None) if not isinstance(value, datetime) else value.utcoffset()
    if isinstance(value, datetime):
        return value.utcoffset()
    if isinstance(value, WideMoment) and 1 < value.year < 9999:
        return datetime(
            value.year, value.month, value.day, value.hour, value.minute, value.second, tzinfo=zone
        ).utcoffset()
    return datetime(2000, 1, 1, tzinfo=zone).utcoffset()


def instant(value: Any) -> tuple[int, bool]:
    """Return (nanoseconds, zoned): of UTC if ``value`` has a zone, else of the local clock."""
    nanoseconds = clock_nanoseconds(value) if not is_date(value) else 0
    if not is_time(value):
        nanoseconds += days_from_date(value) * DAY
    offset = None if is_date(value) else offset_of(value)
    if offset is None:
        return nanoseconds, False
    return nanoseconds - DaysDuration.of(offset).nanoseconds, True


def _moment_at(nanoseconds: int, zone: tzinfo | None) -> Any:
    days, rest = divmod(nanoseconds, DAY)
    day = date_from_days(days)
    seconds, nanosecond = divmod(rest, SECOND)
    clock = make_time(seconds // 3600, seconds // 60 % 60, seconds % 60, nanosecond, zone)
    return None if day is None else make_moment(day, clock)


# ------------------------------------------------------------------ arithmetic


def add_months(value: Any, months: int) -> Any:
    """Move a date or point in time by whole months; a day too many becomes the month's last."""
    year, month = divmod(value.year * 12 + value.month - 1 + months, 12)
    day = make_date(year, month + 1, min(value.day, days_of_month(year, month + 1)))
    if day is None or is_date(value):
        return day
    return make_moment(day, time_of(value))


def add_nanoseconds(value: Any, nanoseconds: int) -> Any:
    """Move a date, time or point in time; a date counts from its midnight and stays a date."""
    if is_date(value):
        return date_from_days((days_from_date(value) * DAY + nanoseconds) // DAY)
    if is_time(value):
        return time_of(_moment_at((clock_nanoseconds(value) + nanoseconds) % DAY, value.tzinfo))
    count, zoned = instant(value)
    if not zoned or not isinstance(value.tzinfo, ZoneInfo):
        local = days_from_date(value) * DAY + clock_nanoseconds(value)
        return _moment_at(local + nanoseconds, value.tzinfo)
    there = _moment_at(count + nanoseconds, UTC)
    if isinstance(there, datetime):
        return there.astimezone(value.tzinfo)
    offset = (
        None
        if there is None
        else offset_of(
            WideMoment(
                there.year, there.month, there.day, there.hour, there.minute, there.second, 0, value.tzinfo
            )
        )
    )
    if offset is None:
        return None
    return _moment_at(count + nanoseconds + DaysDuration.of(offset).nanoseconds, value.tzinfo)


def difference(left: Any, right: Any) -> DaysDuration | None:
    """Return left − right; None if only one of them has a zone. A date counts as midnight in UTC."""
    left_count, left_zoned = instant(left)
    right_count, right_zoned = instant(right)
    if (left_zoned or is_date(left)) != (right_zoned or is_date(right)):
        return None
    return DaysDuration(left_count - right_count)


def months_between(start: Any, end: Any) -> YearsDuration:
    """Return the whole months from one day to another; times of day do not count (DMN 1.5, 10.3.4.1)."""
    months = (end.year - start.year) * 12 + end.month - start.month
    if months > 0 and end.day < start.day:
        months -= 1
    elif months < 0 and end.day > start.day:
        months += 1
    return YearsDuration(months)


def weekday(day: Any) -> int:
    """Return 1 for Monday … 7 for Sunday (ISO 8601)."""
    return (days_from_date(day) + 2) % 7 + 1


def day_of_year(day: Any) -> int:
    """Return 1 for the first of January."""
    return days_from_date(day) - days_from_date(WideDate(day.year, 1, 1)) + 1


def week_of_year(day: Any) -> int:
    """Return the ISO 8601 week number."""
    thursday = date_from_days(days_from_date(day) - weekday(day) + 4)
    return (day_of_year(thursday) - 1) // 7 + 1


_FIELDS = {"year", "month", "day", "hour", "minute"}


def property_of(value: Any, name: str) -> Any:
    """Return a property of a date, time, point in time or duration (DMN 1.5, table 65)."""
    if isinstance(value, YearsDuration):
        years, months = divmod(abs(value.months), 12)
        sign = -1 if value.months < 0 else 1
        return {"years": Decimal(sign * years), "months": Decimal(sign * months)}.get(name)
    if isinstance(value, DaysDuration):
        return _duration_property(value, name)
    if name == "weekday" and not is_time(value):
        return Decimal(weekday(value))
    if name in _FIELDS:
        number = getattr(value, name, None)
        return None if number is None else Decimal(number)
    if is_date(value):
        return None
    if name == "second":
        return Decimal(value.second) + NUMBERS.divide(Decimal(nanosecond_of(value)), Decimal(SECOND))
    if name == "time offset":
        offset = offset_of(value)
        return None if offset is None else DaysDuration.of(offset)
    if name == "timezone" and isinstance(value.tzinfo, ZoneInfo):
        return value.tzinfo.key
    return None


def _duration_property(value: DaysDuration, name: str) -> Any:
    sign = -1 if value.nanoseconds < 0 else 1
    days, rest = divmod(abs(value.nanoseconds), DAY)
    seconds, fraction = divmod(rest, SECOND)
    parts = {"days": days, "hours": seconds // 3600, "minutes": seconds // 60 % 60}
    if name == "seconds":
        return sign * (Decimal(seconds % 60) + NUMBERS.divide(Decimal(fraction), Decimal(SECOND)))
    return Decimal(sign * parts[name]) if name in parts else None
