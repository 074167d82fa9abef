"""Sums and other figures about lists of numbers (DMN 1.5, 10.3.4.4)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from bpm.feel.functions.registry import builtin
from bpm.feel.limits import Run
from bpm.feel.operators import ARITHMETIC, calculate
from bpm.feel.values import NUMBERS, DaysDuration, YearsDuration


def _numbers(run: Run, items: list[Any]) -> bool:
    run.pay(len(items))
    return bool(items) and all(type(item) is Decimal for item in items)


@builtin("sum", "list: list<number or duration>... -> item")
def total(run: Run, items: list[Any]) -> Any:
    """Sum of numbers, or of durations of one kind; null of none (10.3.4.4)."""
    run.pay(len(items))
    kind = type(items[0]) if items else None
    if kind not in (Decimal, DaysDuration, YearsDuration) or any(type(item) is not kind for item in items):
        return None
    result = items[0]
    for item in items[1:]:
        result = calculate(ARITHMETIC["+"], run, result, item)
    return result


@builtin("mean", "list: list<number>... -> number")
def mean(run: Run, items: list[Any]) -> Decimal | None:
    """Arithmetic mean (10.3.4.4)."""
    return NUMBERS.divide(total(run, items), Decimal(len(items))) if _numbers(run, items) else None


@builtin("product", "list: list<number>... -> number")
def product(run: Run, items: list[Any]) -> Decimal | None:
    """Product of numbers (10.3.4.4)."""
    if not _numbers(run, items):
        return None
    result = Decimal(1)
    for item in items:
        result = NUMBERS.multiply(result, item)
    return result


@builtin("median", "list: list<number>... -> number", quiet=True)
def median(run: Run, items: list[Any]) -> Decimal | None:
    """The middle number, or the mean of the two middle ones; null of none (10.3.4.4)."""
    if not _numbers(run, items):
        if items:
            run.warn("median()")
        return None
    ordered = sorted(items)
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return Decimal(ordered[middle])
    return NUMBERS.divide(NUMBERS.add(ordered[middle - 1], ordered[middle]), Decimal(2))


@builtin("stddev", "list: list<number>... -> number")
def standard_deviation(run: Run, items: list[Any]) -> Decimal | None:
    """Standard deviation of a sample of two numbers or more (10.3.4.4)."""
    if not _numbers(run, items) or len(items) < 2:
        return None
    middle = NUMBERS.divide(total(run, items), Decimal(len(items)))
    squares = Decimal(0)
    for item in items:
        squares = NUMBERS.fma(NUMBERS.subtract(item, middle), NUMBERS.subtract(item, middle), squares)
    return NUMBERS.sqrt(NUMBERS.divide(squares, Decimal(len(items) - 1)))


@builtin("mode", "list: list<number>... -> list<number>")
def mode(run: Run, items: list[Any]) -> list[Decimal] | None:
    """The most frequent numbers, in ascending order (10.3.4.4)."""
    if not items:
        return []
    if not _numbers(run, items):
        return None
    counts: dict[Decimal, int] = {}
    for item in items:
        counts[item] = counts.get(item, 0) + 1
    most = max(counts.values())
    return sorted(number for number, count in counts.items() if count == most)
