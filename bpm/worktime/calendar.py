"""When the company works: a pure calendar of weekly hours, public holidays and single days.

Instants go in and out as aware UTC datetimes; the calendar thinks in the local time of its
zone, so a night in which the clock changes is an hour longer or shorter.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import holidays

# opening and closing time; closing at 00:00 is the midnight that ends the day
Span = tuple[time, time]

DAY = timedelta(days=1)
MONDAY = 0
# how far a search for working time goes
FURTHEST_DAYS = 20 * 366


class TooLittleWork(Exception):
    """The calendar has not enough working time within twenty years."""


@dataclass(frozen=True)
class WorkCalendar:
    """Weekly hours in a time zone, a country's public holidays, and days that differ.

    ``week``: spans of each weekday, Monday is 0. ``days``: spans of single dates, empty for a
    free day; they win over holidays and the week.
    """

    zone: ZoneInfo
    week: Mapping[int, tuple[Span, ...]]
    country: str | None = None
    days: Mapping[date, tuple[Span, ...]] = field(default_factory=dict)

    def spans(self, day: date) -> tuple[Span, ...]:
        """Return the working spans of a local date, in order."""
        if day in self.days:
            return self.days[day]
        if self.country is not None:
            public = _public_holidays(self.country)
            if day in public:
                return ()
            # some countries move a working day to a weekend
            if day in public.weekend_workdays:
                return self.week.get(MONDAY, ())
        return self.week.get(day.weekday(), ())

    def is_working_day(self, day: date) -> bool:
        """Return whether any work is done on a local date."""
        return bool(self.spans(day))

    def is_working(self, moment: datetime) -> bool:
        """Return whether ``moment`` lies in working hours (the closing moment does not)."""
        day = moment.astimezone(self.zone).date()
        return any(opens <= moment < closes for opens, closes in self._open_between(day, day))

    def next_working(self, moment: datetime) -> datetime:
        """Return ``moment`` itself if it lies in working hours, else the next opening.

        Raises:
            TooLittleWork: there is none within twenty years.
        """
        for opens, closes in self._open_from(moment):
            if moment < closes:
                return max(opens, moment).astimezone(UTC)
        raise TooLittleWork

    def after_work(self, start: datetime, work: timedelta) -> datetime:
        """Return the moment at which that much working time has passed since ``start``.

        Raises:
            TooLittleWork: there is not so much within twenty years.
        """
        if work == timedelta():
            return self.next_working(start)
        for opens, closes in self._open_from(start):
            begins = max(opens, start)
            if closes - begins >= work:
                return (begins + work).astimezone(UTC)
            work -= max(closes - begins, timedelta())
        raise TooLittleWork

    def after_days(self, start: datetime, number: int) -> datetime:
        """Return the same local time ``number`` working days later.

        A start outside working hours counts from the next opening. Where that time is not
        worked on the day reached, it is the next opening of that day, or its closing.

        Raises:
            TooLittleWork: there are not so many working days within twenty years.
        """
        begins = self.next_working(start)
        if number == 0:
            return begins
        local = begins.astimezone(self.zone)
        day = local.date()
        for _step in range(FURTHEST_DAYS):
            day += DAY
            if self.is_working_day(day):
                number -= 1
                if number == 0:
                    return self._within(day, local)
        raise TooLittleWork

    def worked_between(self, start: datetime, end: datetime) -> timedelta:
        """Return the working time from ``start`` to ``end``; nothing if the end comes first."""
        total = timedelta()
        days = start.astimezone(self.zone).date(), end.astimezone(self.zone).date()
        for opens, closes in self._open_between(*days):
            total += max(min(closes, end) - max(opens, start), timedelta())
        return total

    def _within(self, day: date, local: datetime) -> datetime:
        """The wall time of ``local`` on ``day``, moved into that day's hours."""
        moment = _instant(day, local.time(), self.zone, local.fold)
        closing = moment
        for opens, closes in self._open_between(day, day):
            if moment <= closes:
                return max(opens, moment)
            closing = closes
        return closing

    def _open_from(self, moment: datetime) -> Iterator[tuple[datetime, datetime]]:
        first = moment.astimezone(self.zone).date()
        return self._open_between(first, first + timedelta(days=FURTHEST_DAYS))

    def _open_between(self, first: date, last: date) -> Iterator[tuple[datetime, datetime]]:
        day = first
        while day <= last:
            for opens, closes in self.spans(day):
                end = day + DAY if closes == time() else day
                yield _instant(day, opens, self.zone), _instant(end, closes, self.zone)
            day += DAY


def _instant(day: date, wall_time: time, zone: ZoneInfo, fold: int = 0) -> datetime:
    return datetime.combine(day, wall_time, zone).replace(fold=fold).astimezone(UTC)


@lru_cache(maxsize=32)
def _public_holidays(country: str) -> Any:
    return holidays.country_holidays(country)


def countries() -> list[str]:
    """Return the codes (ISO 3166-1) of the countries whose holidays are known."""
    return sorted(holidays.list_supported_countries(include_aliases=False))
