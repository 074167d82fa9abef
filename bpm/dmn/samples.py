"""Values to try in a column of a decision table: one for every case that its cells tell apart.

Cells are understood if they compare the column's value with constants; others raise ``Unjudged``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cmp_to_key
from itertools import pairwise
from typing import Any

from bpm.feel import tree
from bpm.feel.compiler import Compiler
from bpm.feel.limits import Run
from bpm.feel.operators import compare, kind_of, subtract
from bpm.feel.scope import Scope
from bpm.feel.temporal import add_nanoseconds
from bpm.feel.values import DAY, SECOND, DaysDuration, YearsDuration
from bpm.language import _

OTHER_TEXT = "…"
"""Stands for any text that no cell mentions."""
ANY_VALUE = None
"""Stands for any value of a column whose cells are all dashes."""
_CONSTRUCTORS = ("date", "time", "date and time", "duration", "years and months duration")
_ORDERS = ("<", "<=", ">", ">=")


class Unjudged(Exception):
    """The column cannot be judged; the text says why, as the end of a sentence."""


@dataclass(slots=True)
class _Facts:
    """What the cells of a column mention."""

    constants: list[Any]
    ordered: bool = False


def samples(cells: Iterable[tree.Node], kind: str) -> list[Any]:
    """Return one value below, at, between and above the constants that ``cells`` mention.

    Args:
        kind: the name of the column's type, which helps if the cells mention no constant.

    Raises:
        Unjudged: a cell does more than to compare with constants, or they are of different kinds.
    """
    facts = _Facts([])
    for cell in cells:
        _read(cell, facts)
    constants = [value for value in facts.constants if value is not None]
    kinds = sorted({kind_of(value) for value in constants}) or [kind]
    if len(kinds) > 1:
        raise Unjudged(_("its cells mix values of different kinds: %(kinds)s", kinds=", ".join(kinds)))
    found = _spread(constants, kinds[0], facts)
    return [*found, None] if len(constants) < len(facts.constants) and None not in found else found


def _read(node: tree.Node, facts: _Facts) -> None:
    match node:
        case tree.Tests() | tree.Logic() | tree.In() | tree.ListNode():
            pass
        case tree.RangeNode() | tree.Between():
            facts.ordered = True
        case tree.Comparing(operator, _operand):
            facts.ordered |= operator in _ORDERS
        case tree.Comparison(operator, left, right):
            if tree.Name("?") not in (left, right):
                raise Unjudged(_("a cell compares other values than its own"))
            facts.ordered |= operator in _ORDERS
        case tree.Call(tree.Name("not"), (tree.Argument("", inner),)) if tree.reads_subject(inner):
            _read(inner, facts)
            return
        case _:
            if node != tree.Name("?"):
                facts.constants.append(_constant(node))
            return
    for child in tree.children(node):
        _read(child, facts)


def _constant(node: tree.Node) -> Any:
    match node:
        case tree.Literal(value):
            return value
        case tree.AtLiteral() | tree.Negate(tree.Literal()):
            pass
        case tree.Call(tree.Name(name), arguments) if name in _CONSTRUCTORS:
            for argument in arguments:
                _constant(argument.value)
        case tree.Name():
            raise Unjudged(_("a cell reads other values"))
        case _:
            raise Unjudged(_("a cell computes"))
    value = Compiler()(node)(Scope({}, None, Run()))
    if value is None:
        raise Unjudged(_("a cell holds a value that cannot be read"))
    return value


def _spread(constants: list[Any], kind: str, facts: _Facts) -> list[Any]:
    match kind:
        case "boolean":
            return [True, False]
        case "string":
            if facts.ordered:
                raise Unjudged(_("its cells compare texts by order"))
            return [*dict.fromkeys(constants), OTHER_TEXT]
        case "number":
            return list(_between(constants, lambda value, step: value + step, _middle_number, Decimal(0)))
        case "date":
            return list(_between(constants, lambda day, step: add_nanoseconds(day, step * DAY), _middle_day))
        case "date and time" | "time":
            return list(_between(constants, _moved(kind), _middle_moment))
        case "days and time duration" | "years and months duration":
            return list(_between(constants, _longer, _middle_duration))
    if not constants:  # only dashes and nulls: any value is as good as another
        return [OTHER_TEXT if facts.constants else ANY_VALUE]
    raise Unjudged(_("its values are of the kind “%(kind)s”", kind=kind or "Any"))


def _between(
    constants: list[Any],
    move: Callable[[Any, int], Any],
    middle: Callable[[Any, Any], Any],
    default: Any = ANY_VALUE,
) -> Iterator[Any]:
    """Yield a value before the constants, each of them, one between neighbours, and one behind them."""
    if not constants:
        yield default
        return
    run = Run()
    if any(compare(run, value, constants[0]) is None for value in constants):
        raise Unjudged(_("its cells mix times with and without a time zone"))
    ordered = sorted(constants, key=cmp_to_key(lambda one, other: compare(run, one, other) or 0))
    distinct = [ordered[0], *(one for last, one in pairwise(ordered) if compare(run, last, one))]
    candidates = [move(distinct[0], -1)]
    for index, value in enumerate(distinct):
        candidates.append(value)
        if index + 1 < len(distinct):
            candidates.append(middle(value, distinct[index + 1]))
    candidates.append(move(distinct[-1], 1))
    yield from (value for value in candidates if value is not None)


def _middle_number(low: Decimal, high: Decimal) -> Decimal:
    return (low + high) / 2


def _middle_day(low: date, high: date) -> Any:
    following = add_nanoseconds(low, DAY)
    return None if compare(Run(), following, high) == 0 else following


def _middle_moment(low: Any, high: Any) -> Any:
    distance = subtract(Run(), high, low)
    return add_nanoseconds(low, distance.nanoseconds // 2) if isinstance(distance, DaysDuration) else None


def _middle_duration(low: Any, high: Any) -> Any:
    if isinstance(low, YearsDuration):
        return YearsDuration(low.months + 1) if high.months - low.months > 1 else None
    return DaysDuration((low.nanoseconds + high.nanoseconds) // 2)


def _longer(value: Any, step: int) -> Any:
    if isinstance(value, YearsDuration):
        return YearsDuration(value.months + step)
    return DaysDuration(value.nanoseconds + step * DAY)


def _moved(kind: str) -> Callable[[Any, int], Any]:
    def move(value: Any, step: int) -> Any:
        moved = add_nanoseconds(value, step * SECOND)
        # the clock goes round: there is no time before midnight
        beyond = kind == "time" and compare(Run(), moved, value) != step
        return None if beyond else moved

    return move
