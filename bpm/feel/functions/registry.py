"""How a built-in function is declared and called: its parameters and its result as one text.

``"string: string, start position: number, length: number? -> string"``: ``?`` marks a parameter that may
be left out, ``??`` one that may also be null, ``...`` one that
takes either one list or any number of items, ``*`` one that collects all further arguments.
``list<number>`` is a list that is of use only with such items. The result is a type or one of
``first`` (as the first argument), ``same`` (a list as the first argument), ``item`` (one of its items),
``joined`` (a list of the items of all arguments).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, DecimalException
from typing import Any

from bpm.feel.limits import Run
from bpm.feel.operators import kind_of
from bpm.feel.temporal import is_date, is_moment, is_time
from bpm.feel.values import DaysDuration, Function, Range, YearsDuration, from_python

MISFIT: Any = object()


@dataclass(frozen=True, slots=True)
class Parameter:
    name: str
    kind: str
    element: str
    optional: bool
    nullable: bool
    spread: bool
    collects: bool


@dataclass(frozen=True, slots=True)
class Overload:
    """One way to call a function."""

    parameters: tuple[Parameter, ...]
    call: Callable[..., Any]
    quiet: bool = False
    result: str = "Any"

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(parameter.name for parameter in self.parameters)

    def plain_checks(self, count: int) -> list[Callable[[Any], bool]] | None:
        """Return a check for each of ``count`` positional arguments, or None if they can be read in
        more than one way."""
        if count != len(self.parameters) or any(one.spread or one.collects for one in self.parameters):
            return None
        return [_CHECKS[one.kind] for one in self.parameters]

    def arrange(self, values: list[Any], names: tuple[str, ...] | None) -> list[Any] | None:
        """Return one value for each parameter, MISFIT for those left out, or None if they do not fit."""
        parameters = self.parameters
        if names is not None:
            given = dict(zip(names, values, strict=True))
            if len(given) != len(names) or not given.keys() <= {parameter.name for parameter in parameters}:
                return None
            arranged = [given.get(parameter.name, MISFIT) for parameter in parameters]
            if parameters[-1].collects and arranged[-1] is not MISFIT:
                arranged[-1] = [arranged[-1]]
        elif (
            parameters
            and len(values) >= len(parameters) + (not parameters[-1].collects)
            and (parameters[-1].spread or parameters[-1].collects)
        ):
            fixed = len(parameters) - 1
            arranged = [*values[:fixed], values[fixed:]]
        elif len(values) > len(parameters):
            return None
        else:
            arranged = [*values, *[MISFIT] * (len(parameters) - len(values))]
        return _fitted(parameters, arranged)


def _fitted(parameters: tuple[Parameter, ...], values: list[Any]) -> list[Any] | None:
    for index, parameter in enumerate(parameters):
        value = values[index]
        if value is MISFIT or (value is None and parameter.nullable):
            if not parameter.optional:
                return None
            values[index] = MISFIT
            continue
        values[index] = fit(value, parameter.kind)
        if values[index] is MISFIT:
            return None
    while values and values[-1] is MISFIT:
        values.pop()
    return [None if value is MISFIT else value for value in values]


def _is_day(value: Any) -> bool:
    return is_date(value) or is_moment(value)


_CHECKS: dict[str, Callable[[Any], bool]] = {
    "any": lambda value: True,
    "number": lambda value: type(value) is Decimal,
    "string": lambda value: type(value) is str,
    "boolean": lambda value: type(value) is bool,
    "list": lambda value: type(value) is list,
    "context": lambda value: isinstance(value, Mapping),
    "function": lambda value: type(value) is Function,
    "range": lambda value: type(value) is Range,
    "date": is_date,
    "time": is_time,
    "moment": is_moment,
    "day": _is_day,
    "days": lambda value: type(value) is DaysDuration,
    "number or duration": lambda value: type(value) in (Decimal, DaysDuration, YearsDuration),
    "point": lambda value: value is not None and not isinstance(value, list | Mapping | Range | Function),
}


def fit(value: Any, kind: str) -> Any:
    """Return ``value`` if it is of ``kind``, its only item if that is, or MISFIT (10.3.2.9.4)."""
    check = _CHECKS[kind]
    if check(value) and (value is not None or kind == "any"):
        return value
    if value is None:
        return MISFIT
    if kind == "list":
        return [value]
    if type(value) is list and len(value) == 1:
        only = from_python(value[0])
        if only is not None and check(only):
            return only
    return MISFIT


BUILTINS: dict[str, Function] = {}


def find_builtin(name: str) -> Function | None:
    """Return the built-in function of a name, or None."""
    return BUILTINS.get(name)


def builtin(
    name: str, signature: str, *, quiet: bool = False
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Declare a function; further declarations of one name are tried in their order.

    Args:
        quiet: null is an answer like any other, not the sign of a mistake.
    """

    def declare(call: Callable[..., Any]) -> Callable[..., Any]:
        shape, _arrow, result = signature.rpartition("->")
        parameters = tuple(_parameter(part) for part in shape.split(",") if part.strip())
        known = BUILTINS.get(name)
        overloads = (*(known.overloads if known else ()), Overload(parameters, call, quiet, result.strip()))
        names = tuple(parameter.name for parameter in overloads[0].parameters)
        BUILTINS[name] = Function(names, call_builtin, name, overloads=overloads)
        return call

    return declare


def _parameter(text: str) -> Parameter:
    name, _separator, kind = (part.strip() for part in text.partition(":"))
    plain, _bracket, element = kind.rstrip("?.*").partition("<")
    return Parameter(
        name,
        plain,
        element.removesuffix(">"),
        optional=kind.endswith("?"),
        nullable=kind.endswith("??"),
        spread=kind.endswith("..."),
        collects=kind.endswith("*"),
    )


def call_builtin(run: Run, function: Function, values: list[Any], names: tuple[str, ...] | None) -> Any:
    """Call the first overload that fits; null and a warning if none does or it has no result."""
    overloads: tuple[Overload, ...] = function.overloads
    if not overloads:
        return function.call(run, values, names)
    for value in values:
        if type(value) is list:
            run.pay(len(value) >> 4)
        elif type(value) is str:
            run.pay(len(value) >> 6)
    if names is not None and len(overloads) > 1:  # ``before`` knows both "point, range" and "range, point"
        overloads = tuple(sorted(overloads, key=lambda one: one.names != names))
    for overload in overloads:
        arranged = overload.arrange(values, names)
        if arranged is not None:
            try:
                result = overload.call(run, *arranged)
            except DecimalException:
                result = None
            if result is None and not overload.quiet:
                run.warn(f"{function.name}({', '.join(map(kind_of, values))})")
            return result
    run.warn(f"{function.name}({', '.join(map(kind_of, values))})?")
    return None
