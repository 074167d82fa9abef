"""Numeric and boolean functions (DMN 1.5, 10.3.4.2 and 10.3.4.5)."""

from __future__ import annotations

from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Context,
    Decimal,
)

from bpm.feel.functions.registry import builtin
from bpm.feel.limits import Run
from bpm.feel.values import NUMBERS, DaysDuration, YearsDuration, plain, whole

_SCALES = range(-6111, 6177)
_PRICE_OF_SERIES = 20
"""Steps for a function that is calculated as a series."""
_EXACT = Context(prec=13_000, Emin=-20_000, Emax=20_000)
"""Enough digits for the whole quotient of any two numbers of the language."""


@builtin("not", "negand: any -> boolean", quiet=True)
def negation(run: Run, negand: object) -> bool | None:
    """Logical negation; null for anything that is no boolean (10.3.4.2)."""
    if type(negand) is list and len(negand) == 1:
        negand = negand[0]
    return not negand if isinstance(negand, bool) else None


def _rounded(number: Decimal, scale: Decimal, mode: str) -> Decimal | None:
    digits = whole(scale)
    if digits not in _SCALES:
        return None
    if -digits <= number.as_tuple().exponent:  # type: ignore[operator]
        return number  # it has no more digits than wanted
    if number.adjusted() + digits + 1 > NUMBERS.prec:
        return number
    unit = Decimal((0, (1,), -digits))
    return plain(NUMBERS.plus(number.quantize(unit, mode, NUMBERS)))


@builtin("decimal", "n: number, scale: number -> number")
def decimal(run: Run, number: Decimal, scale: Decimal) -> Decimal | None:
    """Round to ``scale`` digits behind the point, halves to the even digit (10.3.4.5)."""
    return _rounded(number, scale, ROUND_HALF_EVEN)


@builtin("floor", "n: number, scale: number? -> number")
def floor(run: Run, number: Decimal, scale: Decimal = Decimal(0)) -> Decimal | None:
    """Round towards minus infinity (10.3.4.5)."""
    return _rounded(number, scale, ROUND_FLOOR)


@builtin("ceiling", "n: number, scale: number? -> number")
def ceiling(run: Run, number: Decimal, scale: Decimal = Decimal(0)) -> Decimal | None:
    """Round towards plus infinity (10.3.4.5)."""
    return _rounded(number, scale, ROUND_CEILING)


@builtin("round up", "n: number, scale: number -> number")
def round_up(run: Run, number: Decimal, scale: Decimal) -> Decimal | None:
    """Round away from zero (10.3.4.5)."""
    return _rounded(number, scale, ROUND_UP)


@builtin("round down", "n: number, scale: number -> number")
def round_down(run: Run, number: Decimal, scale: Decimal) -> Decimal | None:
    """Round towards zero (10.3.4.5)."""
    return _rounded(number, scale, ROUND_DOWN)


@builtin("round half up", "n: number, scale: number -> number")
def round_half_up(run: Run, number: Decimal, scale: Decimal) -> Decimal | None:
    """Round to the nearest, halves away from zero (10.3.4.5)."""
    return _rounded(number, scale, ROUND_HALF_UP)


@builtin("round half down", "n: number, scale: number -> number")
def round_half_down(run: Run, number: Decimal, scale: Decimal) -> Decimal | None:
    """Round to the nearest, halves towards zero (10.3.4.5)."""
    return _rounded(number, scale, ROUND_HALF_DOWN)


@builtin("abs", "n: number or duration -> first")
def absolute(
    run: Run, number: Decimal | DaysDuration | YearsDuration
) -> Decimal | DaysDuration | YearsDuration:
    """The value without its sign, of a number or a duration (10.3.4.5)."""
    if isinstance(number, DaysDuration):
        return DaysDuration(abs(number.nanoseconds))
    if isinstance(number, YearsDuration):
        return YearsDuration(abs(number.months))
    return NUMBERS.abs(number)


@builtin("modulo", "dividend: number, divisor: number -> number")
def modulo(run: Run, dividend: Decimal, divisor: Decimal) -> Decimal | None:
    """dividend - divisor * floor(dividend / divisor): the sign is the divisor's (10.3.4.5)."""
    if not divisor:
        return None
    rest = _EXACT.remainder(dividend, divisor)
    return NUMBERS.plus(_EXACT.add(rest, divisor) if rest and (rest < 0) != (divisor < 0) else rest)


@builtin("sqrt", "number: number -> number")
def square_root(run: Run, number: Decimal) -> Decimal | None:
    """The square root; null of a negative number (10.3.4.5)."""
    run.pay(_PRICE_OF_SERIES)
    return NUMBERS.sqrt(number) if number >= 0 else None


@builtin("log", "number: number -> number")
def logarithm(run: Run, number: Decimal) -> Decimal | None:
    """The natural logarithm; null of what is not positive (10.3.4.5)."""
    run.pay(_PRICE_OF_SERIES)
    return NUMBERS.ln(number) if number > 0 else None


@builtin("exp", "number: number -> number")
def exponential(run: Run, number: Decimal) -> Decimal:
    """Euler's number to a power (10.3.4.5)."""
    run.pay(_PRICE_OF_SERIES)
    return NUMBERS.exp(number)


@builtin("odd", "number: number -> boolean")
def odd(run: Run, number: Decimal) -> bool:
    """Whether the number is odd (10.3.4.5)."""
    return abs(_EXACT.remainder(number, Decimal(2))) == 1


@builtin("even", "number: number -> boolean")
def even(run: Run, number: Decimal) -> bool:
    """Whether the number is even (10.3.4.5)."""
    return not _EXACT.remainder(number, Decimal(2))
