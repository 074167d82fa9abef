"""Cron: at which moments an expression is due, in the time zone of the company.

Reads the three ways in which cron is written: Unix (5 fields), Zeebe and Spring (6 fields, seconds
first, and ``@daily``), Quartz and Camunda 7 (``?`` in a field, or 7 fields with a year: there Sunday
is 1). Finding the moments is the work of ``cronsim``; what it does not know (``15W``, ``L-3``, years)
and what the clock change does are added here.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, tzinfo
from functools import lru_cache

from cronsim import CronSim, CronSimError

_MACROS = {
    "@yearly": "0 0 0 1 1 *",
    "@annually": "0 0 0 1 1 *",
    "@monthly": "0 0 0 1 * *",
    "@weekly": "0 0 0 * * 0",
    "@daily": "0 0 0 * * *",
    "@midnight": "0 0 0 * * *",
    "@hourly": "0 0 * * * *",
}
_FIELD = re.compile(r"[0-9A-Za-z*?/,#\-]+\Z")
_LOOKS_LIKE = re.compile(r"[0-9*?][0-9*?/,\-]*\Z")
_DAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
_NEAREST = re.compile(r"(\d{1,2})W\Z")
_BEFORE_LAST = re.compile(r"L-(\d{1,2})\Z")
_YEARS = re.compile(r"(\d{4})(?:-(\d{4}))?(?:/(\d{1,3}))?\Z|\*(?:/(\d{1,3}))?\Z")
_FIRST_YEAR, _LAST_YEAR = 1970, 2199
# how many days an expression is followed that asks for a day which may never come (the 30th of February)
_FURTHEST = 30 * 366
_SOME_DAY = datetime.fromisoformat("2000-01-01")

DayRule = Callable[[date], bool]


class NotCron(ValueError):
    """A text is not cron, or a part of it has no meaning here; ``why`` names the part."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def is_cron(text: str) -> bool:
    """Whether a text is meant as cron: a macro, or 5 to 7 fields that begin as cron's do."""
    parts = text.split()
    if len(parts) == 1:
        return parts[0].lower() in _MACROS
    if not 5 <= len(parts) <= 7 or not all(_FIELD.match(part) for part in parts):
        return False
    return bool(_LOOKS_LIKE.match(parts[0]) and _LOOKS_LIKE.match(parts[1]))


@dataclass(frozen=True)
class Cron:
    """One expression, read."""

    # six fields as cronsim knows them, Sunday is 0
    fields: tuple[str, ...]
    rules: tuple[DayRule, ...]
    # it says at which hour: then it fires once in a night when the clock changes
    at_fixed_hours: bool

    def after(self, moment: datetime, zone: tzinfo) -> datetime | None:
        """Return the first moment after ``moment`` at which it is due, in UTC; None if there is none.

        An expression with fixed hours goes by the local clock: an hour that does not exist is
        made up for right after it, one that exists twice counts the first time. One that runs every
        hour or oftener goes by the time that passes.
        """
        local = moment.astimezone(zone)
        start = local.replace(tzinfo=None, fold=0) if self.at_fixed_hours else local
        for _day in range(_FURTHEST):
            try:
                found = next(CronSim(" ".join(self.fields), start))
            except (StopIteration, RuntimeError, OverflowError, ValueError):
                return None
            if not all(rule(found.date()) for rule in self.rules):
                start = datetime.combine(found.date(), time(23, 59, 59), found.tzinfo)
                continue
            instant = (found.replace(tzinfo=zone) if self.at_fixed_hours else found).astimezone(UTC)
            if instant > moment:
                return instant
            start = found
        return None


@lru_cache(maxsize=1024)
def parse(text: str) -> Cron:
    """Read a cron expression.

    Raises:
        NotCron: it is none, or says what cannot be done; the part is named.
    """
    parts = _MACROS.get(text.strip().lower(), text).upper().split()
    if not 5 <= len(parts) <= 7:
        raise NotCron(text)
    quartz = len(parts) == 7 or "?" in parts
    rules: list[DayRule] = []
    if len(parts) == 7:
        rules += _year_rules(parts.pop())
    fields = ["0", *parts] if len(parts) == 5 else parts
    unix = len(parts) == 5
    fields = ["*" if field == "?" else field for field in fields]
    if quartz:
        fields[5] = _from_quartz(fields[5])
    fields[5] = _digits_before_last(fields[5])
    fields[3], special = _special_days(fields[3])
    rules += special
    if not unix and not fields[3].startswith("*") and not fields[5].startswith("*"):
        # Spring and Zeebe ask for both; Unix is content with one of them
        rules.append(_weekday_rule(fields[5]))
        fields[5] = "*"
    try:
        CronSim(" ".join(fields), _SOME_DAY)
    except (CronSimError, ValueError) as error:
        raise NotCron(str(error) or text) from error
    return Cron(tuple(fields), tuple(rules), not fields[2].startswith("*"))


def _year_rules(field: str) -> list[DayRule]:
    if field in ("*", "?"):
        return []
    years: set[int] = set()
    for part in field.split(","):
        match = _YEARS.match(part)
        if match is None:
            raise NotCron(field)
        first = int(match[1] or _FIRST_YEAR)
        step = match[3] or match[4]
        last = int(match[2]) if match[2] else (_LAST_YEAR if step else first)
        if int(step or 1) == 0 or last < first:
            raise NotCron(field)
        years.update(range(first, min(last, _LAST_YEAR) + 1, int(step or 1)))
    return [lambda day: day.year in years]


def _from_quartz(field: str) -> str:
    """Write Quartz's days of the week, where Sunday is 1, as everybody else does."""
    if field == "L":
        return "6"

    def shifted(match: re.Match[str]) -> str:
        number = int(match[0])
        if not 1 <= number <= 7:
            raise NotCron(field)
        return str(number - 1)

    return re.sub(r"(?<![#/\d])\d+", shifted, field)


def _digits_before_last(field: str) -> str:
    for number, name in enumerate(_DAYS):
        field = field.replace(f"{name}L", f"{number}L")
    return field


def _special_days(field: str) -> tuple[str, list[DayRule]]:
    """Return the day field as cronsim knows it, and rules for what it does not."""
    nearest, before = _NEAREST.match(field), _BEFORE_LAST.match(field)
    if nearest is not None and 1 <= int(nearest[1]) <= 31:
        wanted = int(nearest[1])
        return "*", [lambda day: day.day == _nearest_weekday(day.year, day.month, wanted)]
    if before is not None:
        back = int(before[1])
        return "*", [lambda day: day.day == monthrange(day.year, day.month)[1] - back]
    return field, []


def _nearest_weekday(year: int, month: int, wanted: int) -> int:
    """Return the weekday nearest to a day, within its month; 0 if the month has no such day."""
    length = monthrange(year, month)[1]
    if wanted > length:
        return 0
    weekday = date(year, month, wanted).weekday()
    if weekday == 5:
        return wanted - 1 if wanted > 1 else wanted + 2
    if weekday == 6:
        return wanted + 1 if wanted < length else wanted - 2
    return wanted


def _weekday_rule(field: str) -> DayRule:
    try:
        week = CronSim(f"0 0 0 * * {field}", _SOME_DAY)
    except (CronSimError, ValueError) as error:
        raise NotCron(str(error) or field) from error
    return week.match_dow
