"""Times as people say them: "since Tuesday", "due tomorrow", "late by 2 hours".

Whole phrases are translated, because the name of a day changes its ending in Russian and Polish.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Literal
from zoneinfo import ZoneInfo

from babel import dates

from bpm.language import _, format_date, locale, time_zone

SHORT_WHILE = timedelta(minutes=1)
_WEEK = 6
Length = Literal["full", "medium"]


def local(moment: datetime) -> datetime:
    """Return the moment on the reader's clock."""
    return moment.astimezone(ZoneInfo(time_zone()))


def clock_time(moment: datetime) -> str:
    """Write the time of day: 09:40."""
    return dates.format_time(local(moment), "short", locale=locale())


def whole(moment: datetime, form: Length = "medium") -> str:
    """Write day and time of day: 3 Mar 2026, 09:40. ``form``: medium, or full with the weekday."""
    zone = ZoneInfo(time_zone())
    if form == "full":
        return dates.format_datetime(moment, "full", zone, locale=locale())
    return dates.format_datetime(moment, _pattern(form, locale()), zone, locale=locale())


def day(value: date | datetime, now: datetime) -> str:
    """Write a day near today by its name (today, Tuesday), another by its date."""
    distance, named = _distance(value, now), _day_of(value)
    if distance == 0:
        return _("today")
    if distance == -1:
        return _("yesterday")
    if distance == 1:
        return _("tomorrow")
    if abs(distance) <= _WEEK:
        return str(dates.get_day_names("wide", "stand-alone", locale())[named.weekday()])
    return _date_of(named, now)


def ago(value: datetime, now: datetime) -> str:
    """Write when something happened: 2 minutes ago, yesterday at 14:05, on Tuesday, 3 March."""
    distance = _distance(value, now)
    if timedelta() <= now - value < SHORT_WHILE:
        return _("just now")
    if timedelta() <= now - value < timedelta(hours=1):
        return dates.format_timedelta(value - now, "minute", add_direction=True, locale=locale())
    if distance == 0:
        return _("today at %(time)s", time=clock_time(value))
    if distance == -1:
        return _("yesterday at %(time)s", time=clock_time(value))
    if -_WEEK <= distance < 0:
        return _on(_day_of(value).weekday())
    return _date_of(_day_of(value), now)


def since(value: datetime, now: datetime) -> str:
    """Write since when something lasts: since 09:40, since yesterday, since Tuesday, since 3 March."""
    distance, named = _distance(value, now), _day_of(value)
    if timedelta() <= now - value < SHORT_WHILE:
        return _("since a moment ago")
    if distance == 0:
        return _("since %(time)s", time=clock_time(value))
    if distance == -1:
        return _("since yesterday")
    if -_WEEK <= distance < 0:
        return _since(named.weekday())
    return _("since %(day)s", day=_date_of(named, now))


def due(value: datetime | date, now: datetime, done: bool = False) -> str:
    """Write until when something must be done, or how late it is. A date lasts to its end.

    Args:
        done: it was done, so it cannot be late any more.
    """
    if not done and is_late(value, now):
        late = now - _end_of(value)
        return _("late by %(time)s", time=dates.format_timedelta(late, "minute", locale=locale()))
    distance, named = _distance(value, now), _day_of(value)
    if distance == 0:
        if isinstance(value, datetime):
            return _("due today, %(time)s", time=clock_time(value))
        return _("due today")
    if distance == 1:
        return _("due tomorrow")
    if 0 < distance <= _WEEK:
        return _due_on(named.weekday())
    return _("due %(day)s", day=_date_of(named, now))


def due_kind(value: datetime | date, now: datetime, done: bool = False) -> str:
    """Return the state whose colour a due date has: late, waiting (today) or idle."""
    if done:
        return "idle"
    if is_late(value, now):
        return "late"
    return "waiting" if _distance(value, now) == 0 else "idle"


def is_late(value: datetime | date, now: datetime) -> bool:
    """Say whether a due date has passed."""
    return now > _end_of(value)


def _end_of(value: datetime | date) -> datetime:
    if isinstance(value, datetime):
        return value
    return datetime.combine(value + timedelta(days=1), time(), ZoneInfo(time_zone()))


def _day_of(value: datetime | date) -> date:
    return local(value).date() if isinstance(value, datetime) else value


def _distance(value: datetime | date, now: datetime) -> int:
    return (_day_of(value) - local(now).date()).days


def _date_of(value: date, now: datetime) -> str:
    if value.year == local(now).year:
        return dates.format_skeleton("MMMMd", value, locale=locale())
    return format_date(value, "long")


@cache
def _pattern(form: Length, place: str) -> str:
    joined = str(dates.get_datetime_format(form, locale=place))
    day_part = str(dates.get_date_format(form, locale=place).pattern)
    return joined.replace("{1}", day_part).replace(
        "{0}", str(dates.get_time_format("short", locale=place).pattern)
    )


def _on(weekday: int) -> str:
    return (
        _("on Monday"),
        _("on Tuesday"),
        _("on Wednesday"),
        _("on Thursday"),
        _("on Friday"),
        _("on Saturday"),
        _("on Sunday"),
    )[weekday]


def _since(weekday: int) -> str:
    return (
        _("since Monday"),
        _("since Tuesday"),
        _("since Wednesday"),
        _("since Thursday"),
        _("since Friday"),
        _("since Saturday"),
        _("since Sunday"),
    )[weekday]


def _due_on(weekday: int) -> str:
    return (
        _("due Monday"),
        _("due Tuesday"),
        _("due Wednesday"),
        _("due Thursday"),
        _("due Friday"),
        _("due Saturday"),
        _("due Sunday"),
    )[weekday]
