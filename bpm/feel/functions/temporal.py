"""Date and time functions (DMN 1.5, 10.3.4.8 and 10.3.4.11)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from bpm.feel.functions.registry import builtin
from bpm.feel.limits import Run
from bpm.feel.temporal import (
    add_months,
    date_of,
    day_of_year,
    days_of_month,
    is_date,
    make_date,
    week_of_year,
    weekday,
)

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


@builtin("now", "-> date and time")
def now(run: Run) -> Any:
    """The moment of the evaluation (10.3.4.11)."""
    return run.now


@builtin("today", "-> date")
def today(run: Run) -> Any:
    """The day of the evaluation, in the zone of its moment (10.3.4.11)."""
    return date_of(run.now)


@builtin("day of year", "date: day -> number")
def number_of_day(run: Run, day: Any) -> Decimal:
    """The number of the day within its year (10.3.4.8)."""
    return Decimal(day_of_year(day))


@builtin("day of week", "date: day -> string")
def day_of_week(run: Run, day: Any) -> str:
    """The English name of the day (10.3.4.8)."""
    return _DAYS[weekday(day) - 1]


@builtin("month of year", "date: day -> string")
def month_of_year(run: Run, day: Any) -> str:
    """The English name of the month (10.3.4.8)."""
    return _MONTHS[day.month - 1]


@builtin("week of year", "date: day -> number")
def number_of_week(run: Run, day: Any) -> Decimal:
    """The number of the week as in ISO 8601 (10.3.4.8)."""
    return Decimal(week_of_year(day))


@builtin("last day of month", "date: day -> date")
def last_day_of_month(run: Run, day: Any) -> Any:
    """The last day of the month (an addition of other tools, not of the standard)."""
    last = make_date(day.year, day.month, days_of_month(day.year, day.month))
    return last if is_date(day) else add_months(last, 0)
