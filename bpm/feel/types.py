"""Types of the language: which value conforms to which type, and the conversions a type allows.

Owns conformance (DMN 1.5, 10.3.2.9) and coercion (10.3.2.9.4). Reads no model: named types
are given by whoever has them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC
from functools import lru_cache
from typing import Any

from bpm.feel import tree
from bpm.feel.limits import Run
from bpm.feel.operators import kind_of
from bpm.feel.temporal import is_date, make_moment, make_time
from bpm.feel.values import Function, Range

SIMPLE = frozenset(
    {
        "Any",
        "Null",
        "number",
        "string",
        "boolean",
        "date",
        "time",
        "date and time",
        "days and time duration",
        "years and months duration",
        "list",
        "context",
        "range",
        "function",
    }
)
_OTHER_NAMES = {
    "any": "Any",
    "null": "Null",
    "dateTime": "date and time",
    "dayTimeDuration": "days and time duration",
    "yearMonthDuration": "years and months duration",
    "function<Any>": "function",
    # as other tools write them in decision tables
    "integer": "number",
    "long": "number",
    "double": "number",
    "decimal": "number",
}


@dataclass(frozen=True, slots=True)
class Type:
    """A type. ``element`` belongs to lists and ranges, ``fields`` to contexts, the last two to functions.

    ``allowed`` is a test for the value itself, given by an item definition; ``tests`` are its unary tests.
    """

    name: str
    element: Type | None = None
    fields: tuple[tuple[str, Type], ...] | None = None
    parameters: tuple[Type, ...] | None = None
    result: Type | None = None
    allowed: Callable[[Run, Any], bool] | None = None
    tests: Any = None
    known: bool = True


ANY = Type("Any")
UNKNOWN = Type("", known=False)


def simple(name: str) -> Type | None:
    """Return the built-in type of a name, in the spellings of the language and of models."""
    name = " ".join(name.split())
    name = _OTHER_NAMES.get(name, name)
    return _SIMPLE_TYPES.get(name)


_SIMPLE_TYPES = {name: Type(name) for name in SIMPLE}


def resolve(node: tree.TypeNode, types: Mapping[str, Any]) -> Type:
    """Return the type that ``node`` names; ``UNKNOWN`` if there is none of that name."""
    arguments = tuple(resolve(argument, types) for argument in node.arguments)
    if not all(argument.known for argument in arguments):
        return UNKNOWN
    if node.name in ("list", "range") and arguments:
        return Type(node.name, element=arguments[0])
    if node.name == "context" and (arguments or node.keys):
        return Type("context", fields=tuple(zip(node.keys, arguments, strict=True)))
    if node.name == "function" and node.result is not None:
        return Type("function", parameters=arguments, result=resolve(node.result, types))
    named = types.get(node.name)
    if isinstance(named, Type):
        return named
    return simple(node.name) or UNKNOWN


def is_instance(run: Run, value: Any, kind: Type) -> bool:
    """``instance of`` (10.3.2.9.3): null is only of type Null, and allowed values do not count."""
    if value is None:
        return kind.name == "Null"
    return conforms(run, value, kind, False)


def conforms(run: Run, value: Any, kind: Type, allowed: bool = True) -> bool:
    """Tell whether ``value`` is of type ``kind`` and, if asked, one of its allowed values."""
    if kind.name == "Any":
        return not allowed or _allowed(run, value, kind)
    if value is None:
        return kind.name == "Null"
    if kind.name != kind_of(value):
        return False
    if kind.element is not None and not _elements_conform(run, value, kind.element, allowed):
        return False
    if kind.fields is not None:
        run.pay(len(kind.fields))
        for key, field in kind.fields:
            if key not in value:
                return False
            entry = run.value(value[key])
            if entry is not None and not conforms(run, entry, field, allowed):
                return False
    if kind.parameters is not None and not _signature_conforms(value, kind):
        return False
    return not allowed or _allowed(run, value, kind)


def _allowed(run: Run, value: Any, kind: Type) -> bool:
    return kind.allowed is None or kind.allowed(run, value)


def _elements_conform(run: Run, value: Any, element: Type, allowed: bool) -> bool:
    items = [end for end in (value.low, value.high) if end is not None] if isinstance(value, Range) else value
    run.pay(len(items))
    return all(item is None or conforms(run, run.value(item), element, allowed) for item in items)


def _signature_conforms(value: Function, kind: Type) -> bool:
    parameters = kind.parameters or ()
    if len(value.parameters) != len(parameters):
        return False
    if any(not wider(given or ANY, wanted) for given, wanted in zip(value.types, parameters, strict=False)):
        return False
    # what a function of the language returns is only known when it is called
    unknown = value.result is None or value.result.name == "Any"
    return unknown or kind.result is None or wider(kind.result, value.result)


def wider(general: Type, special: Type) -> bool:
    """Tell whether every value of ``special`` is one of ``general``."""
    if general.name == "Any" or special.name == "Null":
        return True
    if general.name != special.name:
        return False
    if general.element is not None:
        return special.element is not None and wider(general.element, special.element)
    if general.fields is not None:
        fields = dict(special.fields or ())
        return all(key in fields and wider(field, fields[key]) for key, field in general.fields)
    return True


def coerce(run: Run, value: Any, kind: Type) -> Any:
    """Return ``value`` as ``kind`` wants it, or None with a warning if it cannot be.

    A list of one becomes its element, an element a list of one, a date the midnight in UTC
    that begins it (10.3.2.9.4).
    """
    if value is None:
        return None
    if conforms(run, value, kind):
        return value
    if kind.name == "date and time" and is_date(value):
        return make_moment(value, make_time(0, 0, 0, 0, UTC))
    if type(value) is list and len(value) == 1 and kind.name != "list":
        return coerce(run, run.value(value[0]), kind)
    if kind.name == "list" and type(value) is not list:
        wrapped = coerce(run, value, kind.element) if kind.element is not None else value
        if wrapped is not None and conforms(run, [wrapped], kind):
            return [wrapped]
    if kind.name == "list" and type(value) is list and kind.element is not None:
        items = [coerce(run, run.value(item), kind.element) for item in value]
        unspoilt = all((new is None) == (old is None) for new, old in zip(items, value, strict=True))
        if unspoilt and conforms(run, items, kind):
            return items
    if kind.name == "context" and kind.fields is not None and isinstance(value, Mapping):
        return _coerce_context(run, value, kind)
    run.warn(f"{kind_of(value)} is no {kind.name}")
    return None


def _coerce_context(run: Run, value: Mapping[str, Any], kind: Type) -> Any:
    entries = dict(value)
    for key, field in kind.fields or ():
        if key not in entries:
            run.warn(f"{key} is missing")
            return None
        entry = run.value(entries[key])
        entries[key] = coerce(run, entry, field)
        if entry is not None and entries[key] is None:
            return None
    return entries if _allowed(run, entries, kind) else None


@lru_cache(maxsize=1000)
def named(text: str) -> Type:
    """Return the type of a text such as ``list<number>`` that needs no model; ``UNKNOWN`` if it is none."""
    from bpm.feel.parser import Parser

    parser = Parser(text)
    node = parser.type()
    parser.end()
    return resolve(node, {})
