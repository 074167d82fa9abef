"""The values of the language that Python lacks: durations of two kinds, ranges, functions.

Also the one door through which Python's values come in: ``from_python``. Everything else is
None, bool, Decimal, str, the classes of ``datetime``, list and any Mapping (a context).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_EVEN, Context, Decimal, DivisionByZero, InvalidOperation, Overflow
from functools import total_ordering
from typing import Any

NUMBERS = Context(
    prec=34,
    rounding=ROUND_HALF_EVEN,
    Emin=-6143,
    Emax=6144,
    traps=[InvalidOperation, DivisionByZero, Overflow],
)
"""Arithmetic of IEEE 754-2008 decimal128 (DMN 1.5, 10.3.2.3.1)."""

ONE = Decimal(1)


def plain(number: Decimal) -> Decimal:
    """Return the number as it is written: 1000 instead of 1E+3, zero without a sign."""
    if not number:
        return abs(number)
    exponent = number.as_tuple().exponent
    if isinstance(exponent, int) and exponent > 0 and number.adjusted() < NUMBERS.prec:
        return number.quantize(ONE, context=NUMBERS)
    return number


def whole(number: Decimal) -> int:
    """Return the number cut to a whole one; beyond 10**18, more than anything here can count, that."""
    if number.adjusted() >= 18:
        return -(10**18) if number < 0 else 10**18
    return int(number)


SECOND = 1_000_000_000
DAY = 86_400 * SECOND


@total_ordering
@dataclass(frozen=True, slots=True)
class DaysDuration:
    """A days and time duration (DMN 1.5, 10.3.2.3.7), held in whole nanoseconds."""

    nanoseconds: int

    @classmethod
    def of(cls, value: timedelta) -> DaysDuration:
        """Make one of Python's ``timedelta``."""
        return cls(((value.days * 86_400 + value.seconds) * 1_000_000 + value.microseconds) * 1000)

    def timedelta(self) -> timedelta:
        """Return Python's form, cut to microseconds."""
        return timedelta(
            microseconds=int(self.nanoseconds / 1000) if self.nanoseconds < 0 else self.nanoseconds // 1000
        )

    @property
    def seconds(self) -> Decimal:
        """The whole length in seconds."""
        return NUMBERS.divide(Decimal(self.nanoseconds), Decimal(SECOND))

    def __lt__(self, other: DaysDuration) -> bool:
        return self.nanoseconds < other.nanoseconds

    def __str__(self) -> str:
        """The ISO 8601 form, normalised: ``P1DT2H3M4.5S``."""
        days, rest = divmod(abs(self.nanoseconds), DAY)
        seconds, fraction = divmod(rest, SECOND)
        hours, seconds = divmod(seconds, 3600)
        minutes, seconds = divmod(seconds, 60)
        clock = (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "")
        if seconds or fraction:
            digits = f".{fraction:09d}".rstrip("0") if fraction else ""
            clock += f"{seconds}{digits}S"
        text = (f"{days}D" if days else "") + (f"T{clock}" if clock else "")
        return ("-" if self.nanoseconds < 0 else "") + "P" + (text or "T0S")


@total_ordering
@dataclass(frozen=True, slots=True)
class YearsDuration:
    """A years and months duration (DMN 1.5, 10.3.2.3.8), held in whole months."""

    months: int

    def __lt__(self, other: YearsDuration) -> bool:
        return self.months < other.months

    def __str__(self) -> str:
        """The ISO 8601 form, normalised: ``P1Y2M``."""
        years, months = divmod(abs(self.months), 12)
        text = (f"{years}Y" if years else "") + (f"{months}M" if months else "")
        return ("-" if self.months < 0 else "") + "P" + (text or "0M")


@dataclass(frozen=True, slots=True)
class Range:
    """An interval (DMN 1.5, 10.3.2.7); an end that is None with ``unary`` set is open to infinity.

    ``unary`` is the operator of a range written as a comparison, such as ``(< 5)``, else "".
    """

    low: Any
    high: Any
    low_included: bool = True
    high_included: bool = True
    unary: str = ""


@dataclass(slots=True, eq=False)
class Function:
    """A function value. ``call`` takes the run and one value for each parameter."""

    parameters: tuple[str, ...]
    call: Callable[..., Any]
    name: str = ""
    types: tuple[Any, ...] = ()
    result: Any = None
    overloads: Any = field(default=None, repr=False)


_PLAIN = frozenset(
    {Decimal, str, bool, type(None), date, datetime, time, DaysDuration, YearsDuration, Range, Function}
)


def from_python(value: Any) -> Any:
    """Return ``value`` as the language knows it.

    int and float become Decimal, timedelta a duration, tuples and sets lists. Mappings stay as
    they are: their entries pass through here when they are read. Any other object is carried
    along unread: no expression can look inside.
    """
    kind = type(value)
    if kind in _PLAIN:
        return value
    if kind is int:
        return Decimal(value)
    if kind is list:
        return list_from_python(value)
    return _unusual(value)


def list_from_python(items: list[Any]) -> list[Any]:
    """Return the list with its items converted; lists inside it are converted when they are read."""
    for item in items:
        if type(item) not in _PLAIN and type(item) is not list and not isinstance(item, Mapping):
            return [one if type(one) is list else from_python(one) for one in items]
    return items


def _unusual(value: Any) -> Any:
    if isinstance(value, Mapping):
        return value
    if isinstance(value, bool | str):
        return str(value) if isinstance(value, str) else bool(value)
    if isinstance(value, int):
        return Decimal(int(value))
    if isinstance(value, float):
        number = Decimal(repr(float(value)))
        return NUMBERS.plus(number) if number.is_finite() else None
    if isinstance(value, timedelta):
        return DaysDuration.of(value)
    if isinstance(value, Sequence | frozenset | set) and not isinstance(
        value, bytes | bytearray | memoryview
    ):
        return [from_python(item) for item in value]
    return value
