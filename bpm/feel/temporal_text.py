"""Dates, times, points in time and durations as text: reading and writing (ISO 8601, XML Schema).

A fraction finer than nanoseconds is cut. What is no such text gives None, never an exception.
"""

from __future__ import annotations

import re
from datetime import UTC, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from bpm.feel.temporal import (
    MAX_MONTHS,
    MAX_NANOSECONDS,
    date_from_days,
    days_from_date,
    fixed_zone,
    is_date,
    is_moment,
    is_time,
    make_date,
    make_moment,
    make_time,
    nanosecond_of,
    zone_named,
)
from bpm.feel.values import SECOND, DaysDuration, YearsDuration

_DATE = r"(-?(?:[1-9]\d{4,8}|\d{4}))-(\d\d)-(\d\d)"
_TIME = r"(\d\d):(\d\d):(\d\d)(?:\.(\d+))?(Z|[+-]\d\d:\d\d(?::\d\d)?|@[A-Za-z][\w+\-/]*)?"
_DATE_TEXT = re.compile(_DATE, re.ASCII)
_TIME_TEXT = re.compile(_TIME, re.ASCII)
_MOMENT_TEXT = re.compile(f"{_DATE}T{_TIME}", re.ASCII)
_DAYS_TEXT = re.compile(
    r"(-)?P(?=\d|T)(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.(\d*))?S)?)?", re.ASCII
)
_YEARS_TEXT = re.compile(r"(-)?P(?=\d)(?:(\d+)Y)?(?:(\d+)M)?", re.ASCII)


# ------------------------------------------------------------------ reading


def _zone(text: str | None) -> tuple[bool, tzinfo | None]:
    if not text:
        return True, None
    if text == "Z":
        return True, UTC
    if text[0] == "@":
        zone = zone_named(text[1:])
        return zone is not None, zone
    hours, minutes, *seconds = (int(part) for part in text[1:].split(":"))
    offset = timedelta(hours=hours, minutes=minutes, seconds=seconds[0] if seconds else 0)
    if minutes > 59 or (seconds and seconds[0] > 59) or offset > timedelta(hours=14):
        return False, None
    return True, fixed_zone(-offset if text[0] == "-" else offset)


def _clock(groups: tuple[str | None, ...]) -> tuple[Any, bool]:
    """Return the time of day and whether it was written 24:00:00, which is the next day's midnight."""
    hour, minute, second = (int(part or 0) for part in groups[:3])
    nanosecond = int(((groups[3] or "") + "000000000")[:9])
    known, zone = _zone(groups[4])
    midnight = (hour, minute, second, nanosecond) == (24, 0, 0, 0)
    return (make_time(0 if midnight else hour, minute, second, nanosecond, zone) if known else None), midnight


def parse_date(text: str) -> Any:
    """Read ``YYYY-MM-DD`` (XML Schema date without a zone); None if it is none."""
    match = _DATE_TEXT.fullmatch(text)
    return make_date(*(int(part) for part in match.groups())) if match else None


def parse_time(text: str) -> Any:
    """Read ``hh:mm:ss[.f][Z|±hh:mm|@Zone]``; None if it is none."""
    match = _TIME_TEXT.fullmatch(text)
    return _clock(match.groups())[0] if match else None


def parse_moment(text: str) -> Any:
    """Read ``YYYY-MM-DDThh:mm:ss[.f][Z|±hh:mm|@Zone]``; None if it is none."""
    match = _MOMENT_TEXT.fullmatch(text)
    if match is None:
        return None
    groups = match.groups()
    day = make_date(int(groups[0]), int(groups[1]), int(groups[2]))
    clock, midnight = _clock(groups[3:])
    if day is None or clock is None:
        return None
    return make_moment(date_from_days(days_from_date(day) + 1) if midnight else day, clock)


def parse_duration(text: str) -> DaysDuration | YearsDuration | None:
    """Read an ISO 8601 duration of one of the two kinds; None if it is none."""
    if match := _YEARS_TEXT.fullmatch(text):
        sign, years, months = match.groups()
        count = int(years or 0) * 12 + int(months or 0)
        return YearsDuration(-count if sign else count) if count <= MAX_MONTHS else None
    if match := _DAYS_TEXT.fullmatch(text):
        sign = match.group(1)
        days, hours, minutes, seconds = (int((part or "0")[:20]) for part in match.groups()[1:5])
        fraction = int(((match.group(6) or "") + "000000000")[:9])
        nanoseconds = ((days * 24 + hours) * 60 + minutes) * 60 + seconds
        nanoseconds = nanoseconds * SECOND + fraction
        return DaysDuration(-nanoseconds if sign else nanoseconds) if nanoseconds <= MAX_NANOSECONDS else None
    return None


def parse_any(text: str) -> Any:
    """Read the text of an ``@"…"`` literal (DMN 1.5, 10.3.1.3 rule 65); None if it is nothing."""
    for reader in (parse_date, parse_time, parse_moment, parse_duration):
        value = reader(text)
        if value is not None:
            return value
    return None


# ------------------------------------------------------------------ writing


def write(value: Any) -> str:
    """Return the text that the constructors read again."""
    if is_date(value):
        return _write_date(value)
    if is_time(value):
        return _write_time(value)
    if is_moment(value):
        return f"{_write_date(value)}T{_write_time(value)}"
    return str(value)


def _write_date(value: Any) -> str:
    sign = "-" if value.year < 0 else ""
    return f"{sign}{abs(value.year):04d}-{value.month:02d}-{value.day:02d}"


def _write_time(value: Any) -> str:
    nanosecond = nanosecond_of(value)
    fraction = f".{nanosecond:09d}".rstrip("0") if nanosecond else ""
    return f"{value.hour:02d}:{value.minute:02d}:{value.second:02d}{fraction}{write_zone(value.tzinfo)}"


def write_zone(zone: tzinfo | None) -> str:
    """Return ``""``, ``Z``, ``+01:00`` or ``@Europe/Warsaw``."""
    if zone is None:
        return ""
    if isinstance(zone, ZoneInfo):
        return f"@{zone.key}"
    seconds = int((zone.utcoffset(None) or timedelta()).total_seconds())
    if seconds == 0:
        return "Z"
    hours, rest = divmod(abs(seconds), 3600)
    minutes, seconds_left = divmod(rest, 60)
    return f"{'-' if seconds < 0 else '+'}{hours:02d}:{minutes:02d}" + (
        f":{seconds_left:02d}" if seconds_left else ""
    )
