"""Whether the arguments of a call can fit, and which type its result has, found without calling.

What the built-in functions take and give is read from their declarations in ``functions.registry``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bpm.feel import tree
from bpm.feel.functions.registry import Overload, Parameter
from bpm.feel.texts import _
from bpm.feel.types import ANY, Type, named, wider

_KINDS: dict[str, tuple[str, ...]] = {
    "moment": ("date and time",),
    "day": ("date", "date and time"),
    "days": ("days and time duration",),
    "number or duration": ("number", "days and time duration", "years and months duration"),
    "point": (
        "number", "string", "boolean", "date", "time", "date and time",
        "days and time duration", "years and months duration",
    ),
}  # fmt: skip
"""The types behind the kinds of parameters that are no types themselves."""


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of a call: its name or "", its type and where it stands."""

    name: str
    type: Type
    node: tree.Node


@dataclass(frozen=True, slots=True)
class Misfit:
    """Why a call always gives null; ``node`` is the argument at fault, None for the whole call."""

    node: tree.Node | None
    text: str


def accepted(kind: str) -> tuple[str, ...]:
    """Return the names of the types that a parameter of ``kind`` takes."""
    return _KINDS.get(kind, (kind,))


def _fits(found: Type, kind: str, element: str = "") -> bool:
    """Tell whether a value of type ``found`` may be taken, conversions of 10.3.2.9.4 included."""
    if kind == "any" or found.name in ("Any", "Null"):
        return True
    if kind == "list":
        inner = (found.element or ANY) if found.name == "list" else found
        return not element or _fits(inner, element)
    if found.name in accepted(kind):
        return True
    return found.name == "list" and _fits(found.element or ANY, kind)


def check_builtin(name: str, overloads: tuple[Overload, ...], arguments: list[Argument]) -> Type | Misfit:
    """Return the type of a call's result, or why the call can only give null (10.3.2.13)."""
    arranged = [(overload, _arranged(overload, arguments)) for overload in overloads]
    shaped = [(overload, pairs) for overload, pairs in arranged if pairs is not None]
    if not shaped:
        return Misfit(None, _wrong_shape(name, overloads, arguments))
    faults = []
    for overload, pairs in shaped:
        wrong = next((pair for pair in pairs if not _pair_fits(*pair)), None)
        if wrong is None:
            return _result(overload, arguments)
        faults.append(wrong)
    argument, _parameter = faults[0]
    kinds = dict.fromkeys(kind for one, parameter in faults if one is argument for kind in _wanted(parameter))
    return Misfit(
        argument.node,
        _(
            "This is %(found)s, but %(parameter)s of %(function)s must be %(expected)s.",
            found=_written(argument.type),
            parameter=faults[0][1].name,
            function=f"{name}()",
            expected=" / ".join(kinds),
        ),
    )


def _pair_fits(argument: Argument, parameter: Parameter) -> bool:
    if parameter.collects:
        return True
    return _fits(argument.type, parameter.kind, parameter.element)


def _wanted(parameter: Parameter) -> Iterator[str]:
    if parameter.kind == "list" and parameter.element:
        yield from (f"list<{name}>" for name in accepted(parameter.element))
    else:
        yield from accepted(parameter.kind)


def _written(kind: Type) -> str:
    return f"list<{_written(kind.element)}>" if kind.name == "list" and kind.element else kind.name


def _arranged(overload: Overload, arguments: list[Argument]) -> list[tuple[Argument, Parameter]] | None:
    """Return each argument with its parameter, or None if number or names do not fit."""
    parameters = overload.parameters
    needed = [parameter for parameter in parameters if not parameter.optional]
    if arguments and arguments[0].name:
        by_name = {parameter.name: parameter for parameter in parameters}
        names = [argument.name for argument in arguments]
        if len(set(names)) < len(names) or not set(names) <= set(by_name):
            return None
        if not {parameter.name for parameter in needed} <= set(names):
            return None
        return [(argument, by_name[argument.name]) for argument in arguments]
    open_ended = bool(parameters) and (parameters[-1].spread or parameters[-1].collects)
    if len(arguments) < len(needed) or (len(arguments) > len(parameters) and not open_ended):
        return None
    return [
        (argument, parameters[min(index, len(parameters) - 1)]) for index, argument in enumerate(arguments)
    ]


def _wrong_shape(name: str, overloads: tuple[Overload, ...], arguments: list[Argument]) -> str:
    known = {parameter.name for overload in overloads for parameter in overload.parameters}
    unknown = next((one.name for one in arguments if one.name and one.name not in known), "")
    forms = ", ".join(dict.fromkeys(signature(name, overload) for overload in overloads))
    if unknown:
        return _(
            "%(function)s has no parameter named %(name)s. It is called so: %(forms)s.",
            function=f"{name}()", name=unknown, forms=forms,
        )  # fmt: skip
    return _(
        "%(function)s cannot be called with these arguments. It is called so: %(forms)s.",
        function=f"{name}()",
        forms=forms,
    )


def signature(name: str, overload: Overload) -> str:
    """Return how a function is called, such as ``substring(string, start position, length?)``."""
    parts = []
    for parameter in overload.parameters:
        more = parameter.spread or parameter.collects
        parts.append(parameter.name + ("…" if more else "?" if parameter.optional else ""))
    return f"{name}({', '.join(parts)})"


def _result(overload: Overload, arguments: list[Argument]) -> Type:
    first = arguments[0].type if arguments else ANY
    match overload.result:
        case "first":
            return first
        case "same":
            return first if first.name in ("list", "Any") else Type("list", element=first)
        case "item":
            return _item(first) if len(arguments) == 1 else common([one.type for one in arguments])
        case "joined":
            return Type("list", element=common(_joined(overload, arguments)))
    return named(overload.result)


def _item(kind: Type) -> Type:
    return (kind.element or ANY) if kind.name == "list" else kind


def _joined(overload: Overload, arguments: list[Argument]) -> list[Type]:
    """Return the types of the items of a list made from all arguments but a position or a function."""
    found = []
    for argument, parameter in _arranged(overload, arguments) or []:
        if parameter.kind == "list":
            whole = parameter.collects and parameter.name == "item"
            found.append(argument.type if whole else _item(argument.type))
        elif parameter.kind == "any":
            found.append(argument.type)
    return found


def common(kinds: list[Type]) -> Type:
    """Return the type of all ``kinds``, null aside, or Any."""
    known = [kind for kind in kinds if kind.name != "Null"]
    return known[0] if known and all(kind == known[0] for kind in known) else ANY


def check_function(name: str, kind: Type, arguments: list[Argument]) -> Type | Misfit:
    """As ``check_builtin``, for a function whose type is known."""
    parameters = kind.parameters
    if parameters is None:
        return kind.result or ANY
    if len(arguments) != len(parameters):
        return Misfit(
            None,
            _(
                "%(function)s needs %(expected)s arguments, not %(found)s.",
                function=f"{name}()",
                expected=len(parameters),
                found=len(arguments),
            ),
        )
    for argument, wanted in zip(arguments, parameters, strict=True):
        if not argument.name and not _may_become(argument.type, wanted):
            return Misfit(
                argument.node,
                _(
                    "This is %(found)s, but %(expected)s is needed.",
                    found=_written(argument.type),
                    expected=_written(wanted),
                ),
            )
    return kind.result or ANY


def _may_become(found: Type, wanted: Type) -> bool:
    if "Any" in (found.name, wanted.name) or found.name == "Null" or wider(wanted, found):
        return True
    if found.name == wanted.name:
        return True  # what is inside is only known when it is called
    if found.name == "list":
        return _may_become(found.element or ANY, wanted)
    if wanted.name == "list":
        return _may_become(found, wanted.element or ANY)
    return (found.name, wanted.name) == ("date", "date and time")
