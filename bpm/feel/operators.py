"""What the operators do to values: three-valued logic, equality, order, arithmetic.

Unsuitable operands give null and a warning, never an exception (DMN 1.5, 10.3.2).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import ROUND_DOWN, Decimal, DecimalException
from typing import Any

from bpm.feel.limits import Run, check_string
from bpm.feel.temporal import (
    MAX_MONTHS,
    MAX_NANOSECONDS,
    WideDate,
    WideMoment,
    WideTime,
    add_months,
    add_nanoseconds,
    difference,
    instant,
    is_date,
    is_moment,
    is_time,
)
from bpm.feel.values import NUMBERS, ONE, DaysDuration, Function, Range, YearsDuration, plain

_PRICE_OF_POWER = 30
"""Steps for a power whose exponent is no small whole number."""

Binary = Callable[[Run, Any, Any], Any]

_KINDS: dict[type, str] = {
    Decimal: "number",
    str: "string",
    bool: "boolean",
    date: "date",
    WideDate: "date",
    time: "time",
    WideTime: "time",
    datetime: "date and time",
    WideMoment: "date and time",
    DaysDuration: "days and time duration",
    YearsDuration: "years and months duration",
    list: "list",
    dict: "context",
    Range: "range",
    Function: "function",
    type(None): "null",
}


def kind_of(value: Any) -> str:
    """Return the name of the value's type; "" for an object the language does not know."""
    kind = _KINDS.get(type(value))
    if kind is None:
        if isinstance(value, Mapping):
            return "context"
        if isinstance(value, datetime):
            return "date and time"
        return ""
    return kind


def _mismatch(run: Run, sign: str, left: Any, right: Any) -> None:
    run.warn(f"{kind_of(left) or '?'} {sign} {kind_of(right) or '?'}")


# ------------------------------------------------------------------ equality and order


def equal(run: Run, left: Any, right: Any) -> bool | None:
    """``=`` (table 53): values of two kinds are not comparable, null; null equals only null."""
    kind = type(left)
    if kind is type(right) and (kind is Decimal or kind is str or kind is bool):
        return bool(left == right)
    if left is None or right is None:
        return left is right
    left_kind = kind_of(left)
    if left_kind != kind_of(right):
        _mismatch(run, "=", left, right)
        return None
    match left_kind:
        case "list":
            return _equal_lists(run, left, right)
        case "context":
            return _equal_contexts(run, left, right)
        case "range":
            return bool(
                (left.unary == "!=") == (right.unary == "!=")
                and left.low_included == right.low_included
                and left.high_included == right.high_included
                and equal(run, left.low, right.low) is True
                and equal(run, left.high, right.high) is True
            )
        case "date and time" | "time":
            return instant(left) == instant(right)
        case "function":
            return left is right
    return bool(type(left) is type(right) and left == right)


def _equal_lists(run: Run, left: list[Any], right: list[Any]) -> bool | None:
    if len(left) != len(right):
        return False
    run.pay(len(left))
    return all(
        equal(run, run.value(one), run.value(other)) is True for one, other in zip(left, right, strict=True)
    )


def _equal_contexts(run: Run, left: Mapping[str, Any], right: Mapping[str, Any]) -> bool | None:
    if left is right:
        return True
    if len(left) != len(right):
        return False
    run.pay(len(left))
    missing = object()
    for key in left:
        other = right.get(key, missing)
        if other is missing or equal(run, run.value(left[key]), run.value(other)) is not True:
            return False
    return True


def same(run: Run, left: Any, right: Any) -> bool:
    """Tell whether two values are equal; what cannot be compared is different."""
    return equal(run, left, right) is True


def compare(run: Run, left: Any, right: Any) -> int | None:
    """Return -1, 0 or 1 for two values of one ordered kind (table 54), else None."""
    kind = type(left)
    if kind is type(right) and (
        kind is Decimal or kind is str or kind is DaysDuration or kind is YearsDuration
    ):
        return -1 if left < right else int(left > right)
    left_kind = kind_of(left)
    if left_kind == kind_of(right):
        if left_kind == "date":
            one, other = (left.year, left.month, left.day), (right.year, right.month, right.day)
            return -1 if one < other else int(one > other)
        if left_kind in ("date and time", "time"):
            first, first_zoned = instant(left)
            second, second_zoned = instant(right)
            if first_zoned == second_zoned:
                return -1 if first < second else int(first > second)
    _mismatch(run, "<", left, right)
    return None


def less(run: Run, left: Any, right: Any) -> bool | None:
    if type(left) is Decimal and type(right) is Decimal:
        return left < right
    order = compare(run, left, right)
    return None if order is None else order < 0


def less_or_equal(run: Run, left: Any, right: Any) -> bool | None:
    if type(left) is Decimal and type(right) is Decimal:
        return left <= right
    order = compare(run, left, right)
    return None if order is None else order <= 0


def greater(run: Run, left: Any, right: Any) -> bool | None:
    if type(left) is Decimal and type(right) is Decimal:
        return left > right
    order = compare(run, left, right)
    return None if order is None else order > 0


def greater_or_equal(run: Run, left: Any, right: Any) -> bool | None:
    if type(left) is Decimal and type(right) is Decimal:
        return left >= right
    order = compare(run, left, right)
    return None if order is None else order >= 0


def different(run: Run, left: Any, right: Any) -> bool | None:
    answer = equal(run, left, right)
    return None if answer is None else not answer


COMPARISONS: dict[str, Binary] = {
    "=": equal,
    "!=": different,
    "<": less,
    "<=": less_or_equal,
    ">": greater,
    ">=": greater_or_equal,
}


def both(left: bool | None, right: bool | None) -> bool | None:
    """``and`` of three-valued logic (table 50); any non-boolean counts as null."""
    if left is False or right is False:
        return False
    return True if left is True and right is True else None


def within(run: Run, value: Any, interval: Range) -> bool | None:
    """Tell whether ``value`` lies in ``interval`` (table 55)."""
    if interval.unary in ("=", "!="):
        answer = equal(run, value, interval.low)
        return answer if interval.unary == "=" or answer is None else not answer
    above: bool | None = True
    below: bool | None = True
    if interval.unary not in ("<", "<="):
        above = (greater_or_equal if interval.low_included else greater)(run, value, interval.low)
    if interval.unary not in (">", ">="):
        below = (less_or_equal if interval.high_included else less)(run, value, interval.high)
    return both(above, below)


# ------------------------------------------------------------------ arithmetic


def add(run: Run, left: Any, right: Any) -> Any:
    """``+`` (table 56): numbers, texts, durations, and moments with durations."""
    kind = type(left)
    other = type(right)
    if kind is Decimal and other is Decimal:
        return NUMBERS.add(left, right)
    if kind is str and other is str:
        run.pay((len(left) + len(right)) >> 10)
        return check_string(left + right)
    if kind is DaysDuration and other is DaysDuration:
        return days(left.nanoseconds + right.nanoseconds)
    if kind is YearsDuration and other is YearsDuration:
        return years(left.months + right.months)
    if kind in (DaysDuration, YearsDuration):
        left, right = right, left
        other = kind
    if other is DaysDuration and (is_date(left) or is_time(left) or is_moment(left)):
        return add_nanoseconds(left, right.nanoseconds)
    if other is YearsDuration and (is_date(left) or is_moment(left)):
        return add_months(left, right.months)
    _mismatch(run, "+", left, right)
    return None


def subtract(run: Run, left: Any, right: Any) -> Any:
    """``-`` (table 56)."""
    kind = type(left)
    other = type(right)
    if kind is Decimal and other is Decimal:
        return NUMBERS.subtract(left, right)
    if other is DaysDuration and kind is not YearsDuration:
        return add(run, left, DaysDuration(-right.nanoseconds))
    if other is YearsDuration and kind is not DaysDuration:
        return add(run, left, YearsDuration(-right.months))
    if (is_time(left) and is_time(right)) or (
        (is_date(left) or is_moment(left)) and (is_date(right) or is_moment(right))
    ):
        gap = difference(left, right)
        if gap is None:
            _mismatch(run, "-", left, right)
        return gap
    _mismatch(run, "-", left, right)
    return None


def multiply(run: Run, left: Any, right: Any) -> Any:
    """``*`` (table 57)."""
    if type(left) is Decimal and type(right) is Decimal:
        product = NUMBERS.multiply(left, right)
        return product if product else abs(product)
    if type(left) is Decimal:
        left, right = right, left
    if type(right) is Decimal:
        if type(left) is DaysDuration:
            return days(NUMBERS.multiply(Decimal(left.nanoseconds), right))
        if type(left) is YearsDuration:
            return years(NUMBERS.multiply(Decimal(left.months), right))
    _mismatch(run, "*", left, right)
    return None


def divide(run: Run, left: Any, right: Any) -> Any:
    """``/`` (table 57); division by zero is null."""
    if type(left) is Decimal and type(right) is Decimal:
        return plain(NUMBERS.divide(left, right))
    if type(left) is DaysDuration:
        if type(right) is Decimal:
            return days(NUMBERS.divide(Decimal(left.nanoseconds), right))
        if type(right) is DaysDuration:
            return NUMBERS.divide(Decimal(left.nanoseconds), Decimal(right.nanoseconds))
    if type(left) is YearsDuration:
        if type(right) is Decimal:
            return years(NUMBERS.divide(Decimal(left.months), right))
        if type(right) is YearsDuration:
            return NUMBERS.divide(Decimal(left.months), Decimal(right.months))
    _mismatch(run, "/", left, right)
    return None


def power(run: Run, left: Any, right: Any) -> Any:
    """``**`` (table 58)."""
    if type(left) is Decimal and type(right) is Decimal:
        run.pay(1 if abs(right) < 100 and right == int(right) else _PRICE_OF_POWER)
        if not right:
            return ONE  # IEEE 754-2008, 9.2.1: even of zero
        result = NUMBERS.power(left, right)
        if not result.is_finite():
            return None
        return plain(result if result.as_tuple().exponent > -30 else result.normalize(NUMBERS))  # type: ignore[operator]
    _mismatch(run, "**", left, right)
    return None


def days(nanoseconds: Decimal | int) -> DaysDuration | None:
    """Make a days and time duration; null beyond what a date can be moved by."""
    if not -MAX_NANOSECONDS <= nanoseconds <= MAX_NANOSECONDS:
        return None
    return DaysDuration(int(nanoseconds))


def years(months: Decimal | int) -> YearsDuration | None:
    """Make a years and months duration of whole months, cut towards zero."""
    if not -MAX_MONTHS <= months <= MAX_MONTHS:
        return None
    return YearsDuration(int(Decimal(months).to_integral_value(ROUND_DOWN)))


ARITHMETIC: dict[str, Binary] = {"+": add, "-": subtract, "*": multiply, "/": divide, "**": power}


def calculate(operation: Binary, run: Run, left: Any, right: Any) -> Any:
    """Apply an arithmetic operation; what has no result as a number is null."""
    try:
        return operation(run, left, right)
    except DecimalException as error:
        run.warn(type(error).__name__)
        return None


def negate(run: Run, value: Any) -> Any:
    """Arithmetic negation (10.3.2.12)."""
    if type(value) is Decimal:
        return NUMBERS.minus(value)
    if type(value) is DaysDuration:
        return DaysDuration(-value.nanoseconds)
    if type(value) is YearsDuration:
        return YearsDuration(-value.months)
    run.warn(f"- {kind_of(value)}")
    return None
