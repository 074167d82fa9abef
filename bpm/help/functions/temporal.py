"""Functions on dates and times (DMN 1.5, 10.3.4.8 and 10.3.4.2)."""

from __future__ import annotations

from bpm.help.lesson import Function, Group
from bpm.language import lazy

TIME = Group(
    "time",
    lazy("Dates and times"),
    (
        Function("today", lazy("the present day"), "today()", '@"2026-03-03"'),
        Function("now", lazy("the present moment"), "now().hour", "9"),
        Function("day of week", lazy("the day of the week, in English"), "day of week(signed)", '"Tuesday"'),
        Function("day of year", lazy("which day of the year"), "day of year(signed)", "62"),
        Function("week of year", lazy("which week of the year"), "week of year(signed)", "10"),
        Function(
            "month of year", lazy("the name of the month, in English"), "month of year(signed)", '"March"'
        ),
        Function(
            "last day of month",
            lazy("the last day of a date's month"),
            "last day of month(signed)",
            '@"2026-03-31"',
        ),
        Function(
            "years and months duration",
            lazy("whole months between two dates"),
            'years and months duration(@"2025-01-15", signed)',
            '@"P1Y1M"',
        ),
    ),
)
