"""Conversions between kinds of values (DMN 1.5, 10.3.4.1)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from bpm.feel.functions.registry import builtin
from bpm.feel.limits import MAX_STRING, Run, check_string
from bpm.feel.operators import kind_of, same
from bpm.feel.temporal import (
    WideTime,
    date_of,
    is_date,
    is_moment,
    make_date,
    make_moment,
    make_time,
    months_between,
    nanosecond_of,
    time_of,
)
from bpm.feel.temporal_text import parse_date, parse_duration, parse_moment, parse_time, write
from bpm.feel.values import (
    NUMBERS,
    SECOND,
    DaysDuration,
    Function,
    Range,
    YearsDuration,
    plain,
)

_NUMBER = re.compile(r"-?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,5})?", re.ASCII)


@builtin("number", "from: string, grouping separator: string??, decimal separator: string?? -> number")
def number(run: Run, text: str, grouping: str | None = None, point: str | None = None) -> Decimal | None:
    """Read a number written with separators (10.3.4.1)."""
    point = "." if point is None else point
    if grouping not in (None, " ", ",", ".") or point not in (".", ",") or grouping == point:
        return None
    if grouping:
        text = text.replace(grouping, "")
    if point != ".":
        text = "" if "." in text else text.replace(point, ".")
    return plain(NUMBERS.create_decimal(text)) if _NUMBER.fullmatch(text) else None


@builtin("number", "from: number -> number")
def number_itself(run: Run, value: Decimal) -> Decimal:
    """A number stays as it is (an addition of other tools, not of the standard)."""
    return value


@builtin("string", "from: any -> string", quiet=True)
def string(run: Run, value: Any) -> str | None:
    """Write a value as text; null stays null (10.3.4.1)."""
    if value is None:
        return None
    if type(value) is str:
        return value
    parts: list[str] = []
    _write_value(run, value, parts, False)
    return check_string("".join(parts))


def _write_value(run: Run, value: Any, parts: list[str], quoted: bool) -> None:
    run.pay()
    kind = type(value)
    if kind is Decimal:
        digits = format(value, "f")
        run.pay(len(digits) >> 7)
        parts.append(digits)
    elif kind is str:
        if len(value) > MAX_STRING:
            check_string(value)
        parts.append('"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"' if quoted else value)
    elif kind is bool:
        parts.append("true" if value else "false")
    elif value is None:
        parts.append("null")
    elif kind is list:
        _write_all(run, "[", [("", item) for item in value], "]", parts)
    elif isinstance(value, Mapping):
        _write_all(run, "{", [(f"{_key(key)}: ", value[key]) for key in value], "}", parts)
    elif kind is Range:
        _write_range(run, value, parts)
    elif kind is Function:
        parts.append(f"function({', '.join(value.parameters)})")
    elif kind_of(value):
        parts.append(write(value))


def _key(key: str) -> str:
    return key if all(word.isidentifier() for word in key.split()) and key else f'"{key}"'


def _write_all(run: Run, opening: str, items: list[tuple[str, Any]], closing: str, parts: list[str]) -> None:
    parts.append(opening)
    for index, (label, item) in enumerate(items):
        parts.append(f", {label}" if index else label)
        _write_value(run, run.value(item), parts, True)
    parts.append(closing)


def _write_range(run: Run, value: Range, parts: list[str]) -> None:
    if value.unary:
        parts.append(f"({value.unary} ")
        _write_value(run, value.high if value.low is None else value.low, parts, True)
        parts.append(")")
        return
    parts.append("[" if value.low_included else "(")
    _write_value(run, value.low, parts, True)
    parts.append("..")
    _write_value(run, value.high, parts, True)
    parts.append("]" if value.high_included else ")")


@builtin("date", "from: string -> date")
def date_from_text(run: Run, text: str) -> Any:
    """Read ``YYYY-MM-DD`` (10.3.4.1)."""
    return parse_date(text)


@builtin("date", "from: day -> date")
def date_from_moment(run: Run, value: Any) -> Any:
    """The date of a date and time (10.3.4.1)."""
    return value if is_date(value) else date_of(value)


def _whole(*numbers: Decimal) -> bool:
    return all(abs(number) < 10**10 and number == number.to_integral_value() for number in numbers)


@builtin("date", "year: number, month: number, day: number -> date")
def date_from_parts(run: Run, year: Decimal, month: Decimal, day: Decimal) -> Any:
    """The date of three whole numbers (10.3.4.1)."""
    return make_date(int(year), int(month), int(day)) if _whole(year, month, day) else None


@builtin("time", "from: string -> time")
def time_from_text(run: Run, text: str) -> Any:
    """Read ``hh:mm:ss`` with fraction and zone (10.3.4.1)."""
    return parse_time(text)


@builtin("time", "from: time -> time")
def time_itself(run: Run, value: Any) -> Any:
    """A time stays as it is (10.3.4.1)."""
    return value


@builtin("time", "from: day -> time")
def time_from_moment(run: Run, value: Any) -> Any:
    """The time of a date and time; of a date it is midnight in UTC (10.3.4.1)."""
    return parse_time("00:00:00Z") if is_date(value) else time_of(value)


@builtin("time", "hour: number, minute: number, second: number, offset: days?? -> time")
def time_from_parts(
    run: Run, hour: Decimal, minute: Decimal, second: Decimal, offset: DaysDuration | None = None
) -> Any:
    """The time of three numbers and a distance from UTC (10.3.4.1)."""
    if not _whole(hour, minute) or not 0 <= second < 60:
        return None
    zone = None
    if offset is not None:
        clock = parse_time(f"00:00:00{_offset_text(offset)}")
        if clock is None:
            return None
        zone = clock.tzinfo
    whole, nanosecond = divmod(int(second * SECOND), SECOND)
    return make_time(int(hour), int(minute), whole, nanosecond, zone)


def _offset_text(offset: DaysDuration) -> str:
    minutes, rest = divmod(abs(offset.nanoseconds), 60 * SECOND)
    seconds = rest // SECOND
    sign = "-" if offset.nanoseconds < 0 else "+"
    return f"{sign}{minutes // 60:02d}:{minutes % 60:02d}" + (f":{seconds:02d}" if seconds else "")


@builtin("date and time", "from: string -> date and time")
def moment_from_text(run: Run, text: str) -> Any:
    """Read a date and time; a date alone is its midnight (10.3.4.1)."""
    moment = parse_moment(text)
    if moment is not None:
        return moment
    day = parse_date(text)
    return None if day is None else make_moment(day, make_time(0, 0, 0))


@builtin("date and time", "from: moment -> date and time")
def moment_itself(run: Run, value: Any) -> Any:
    """A date and time stays as it is (an addition of other tools, not of the standard)."""
    return value


@builtin("date and time", "date: day, time: time -> date and time")
def moment_from_parts(run: Run, day: Any, clock: Any) -> Any:
    """Join a date and a time (10.3.4.1)."""
    return make_moment(date_of(day) if is_moment(day) else day, clock)


@builtin("date and time", "date: moment, timezone: string -> date and time")
def moment_in_zone(run: Run, moment: Any, zone: str) -> Any:
    """The same instant in another zone (an addition of other tools, not of the standard)."""
    clock = parse_time(f"00:00:00@{zone}")
    if (
        clock is None
        or isinstance(moment, WideTime)
        or not hasattr(moment, "astimezone")
        or not moment.tzinfo
    ):
        return None
    return moment.astimezone(clock.tzinfo)


@builtin("duration", "from: string -> Any")
def duration(run: Run, text: str) -> DaysDuration | YearsDuration | None:
    """Read an ISO 8601 duration of either kind (10.3.4.1)."""
    return parse_duration(text)


@builtin("duration", "from: number or duration -> Any")
def duration_itself(run: Run, value: Any) -> Any:
    """A duration stays as it is (an addition of other tools, not of the standard)."""
    return None if type(value) is Decimal else value


@builtin("years and months duration", "from: day, to: day -> years and months duration")
def years_and_months_duration(run: Run, start: Any, end: Any) -> YearsDuration:
    """The whole months between two days (10.3.4.1)."""
    return months_between(start, end)


@builtin("range", "from: string -> range")
def range_from_text(run: Run, text: str) -> Range | None:
    """Read a range whose ends are literals (10.3.4.1)."""
    from bpm.feel.ranges import parse_range

    return parse_range(run, text)


@builtin("is", "value1: any, value2: any -> boolean")
def is_identical(run: Run, left: Any, right: Any) -> bool:
    """Whether two values are the same in kind and every part, zones included (10.3.4.6)."""
    if kind_of(left) != kind_of(right):
        return False
    if kind_of(left) in ("time", "date and time"):
        return write(left) == write(right) and nanosecond_of(left) == nanosecond_of(right)
    return same(run, left, right)
