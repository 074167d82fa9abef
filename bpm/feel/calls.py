"""Function values and calls: our own functions, the built-in ones, and those a program adds."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from decimal import DecimalException
from typing import Any, Protocol

from bpm.feel import tree, types
from bpm.feel.functions import find_builtin
from bpm.feel.functions.registry import call_builtin
from bpm.feel.limits import Run
from bpm.feel.operators import kind_of
from bpm.feel.scope import Closure, Scope
from bpm.feel.values import Function, from_python


class Build(Protocol):
    """What makes closures of nodes, and the types it knows by name."""

    types: Mapping[str, types.Type]

    def __call__(self, node: tree.Node) -> Closure: ...


def build_function(build: Build, node: tree.FunctionNode) -> Closure:
    """A function definition (10.3.2.13.3): its body sees the names of the place where it stands."""
    names = tuple(parameter.name for parameter in node.parameters)
    body = build(node.body)
    price = tree.price(node.body)
    kinds = tuple(
        types.resolve(parameter.type, build.types) if parameter.type else types.ANY
        for parameter in node.parameters
    )

    def make(scope: Scope) -> Any:
        if node.external:
            scope.run.warn("external")
            return Function(names, lambda run, *values: None)

        def call(run: Run, *values: Any) -> Any:
            run.pay(price)
            return body(Scope(dict(zip(names, values, strict=True)), scope, run))

        return Function(names, call, types=kinds)

    return make


def build_call(build: Build, node: tree.Call) -> Closure:
    """A call with positional or named arguments (10.3.2.13)."""
    named = bool(node.arguments and node.arguments[0].name)
    names = tuple(argument.name for argument in node.arguments) if named else None
    values = [build(argument.value) for argument in node.arguments]
    function = _callee(build, node.function)

    def run(scope: Scope) -> Any:
        callee = function(scope)
        if type(callee) is not Function:
            scope.run.warn("()")
            return None
        return invoke(scope.run, callee, [value(scope) for value in values], names)

    if tree.is_constant(node):
        return _made_once(node, run)
    direct = _direct(node, names, values, run)
    return run if direct is None else direct


def _made_once(node: tree.Call, usual: Closure) -> Closure:
    """A date, time or duration of a literal is made at its first use, unless the name means another
    function there."""
    name = node.function.name if isinstance(node.function, tree.Name) else ""
    made: list[Any] = []

    def run(scope: Scope) -> Any:
        if name in scope.run.functions or type(scope.find(name)) is Function:
            return usual(scope)
        if not made:
            value = usual(scope)
            if value is None:
                return None  # with its warning, each time
            made.append(value)
        return made[0]

    return run


def _direct(
    node: tree.Call, names: tuple[str, ...] | None, values: list[Closure], usual: Closure
) -> Closure | None:
    """A call of a built-in function whose arguments have one reading only: decided when compiling.

    Anything unusual at run time (another function of that name, an argument of another kind) takes
    the usual way.
    """
    called = node.function
    built_in = find_builtin(called.name) if isinstance(called, tree.Name) and names is None else None
    if built_in is None or built_in.overloads is None or len(built_in.overloads) != 1:
        return None
    name, overload = built_in.name, built_in.overloads[0]
    checks = overload.plain_checks(len(values))
    if checks is None:
        return None
    call, quiet, pairs = overload.call, overload.quiet, tuple(zip(values, checks, strict=True))

    def run(scope: Scope) -> Any:
        state = scope.run
        if name in state.functions or type(scope.find(name)) is Function:
            return usual(scope)
        arguments: list[Any] = []
        for value, check in pairs:
            argument = value(scope)
            if argument is None or not check(argument):
                return invoke(state, built_in, [*arguments, *_rest(scope, pairs, len(arguments), argument)])
            if type(argument) is str or type(argument) is list:
                state.pay(len(argument) >> (6 if type(argument) is str else 4))
            arguments.append(argument)
        state.pay(2)
        try:
            result = call(state, *arguments)
        except DecimalException:
            result = None
        if result is None and not quiet:
            state.warn(f"{name}({', '.join(map(kind_of, arguments))})")
        return result

    return run


def _rest(scope: Scope, pairs: Sequence[tuple[Closure, Any]], done: int, argument: Any) -> list[Any]:
    """Return the argument that does not fit and those after it."""
    return [argument, *(value(scope) for value, _check in pairs[done + 1 :])]


def _callee(build: Build, node: tree.Node) -> Closure:
    """Return what finds the function; a variable that is no function does not hide a function."""
    if not isinstance(node, tree.Name):
        return build(node)
    name = node.name
    built_in = find_builtin(name)

    def find(scope: Scope) -> Any:
        value = scope.find(name)
        if type(value) is Function:
            return value
        given = scope.run.functions.get(name)
        if given is not None:
            return foreign(name, given)
        if built_in is None:
            scope.run.warn(f"{name}()?")
        return built_in

    return find


def invoke(run: Run, function: Function, values: list[Any], names: tuple[str, ...] | None = None) -> Any:
    """Call ``function``; arguments that do not fit give null.

    Args:
        names: the names of all ``values``, or None if they are positional.
    """
    run.enter()
    try:
        if function.overloads is not None:
            return call_builtin(run, function, values, names)
        if names is not None:
            if set(names) != set(function.parameters) or len(names) != len(function.parameters):
                run.warn(f"{function.name}()")
                return None
            given = dict(zip(names, values, strict=True))
            values = [given[name] for name in function.parameters]
        elif len(values) != len(function.parameters):
            run.warn(f"{function.name}()")
            return None
        return _call(run, function, values)
    finally:
        run.leave()


def _call(run: Run, function: Function, values: list[Any]) -> Any:
    if function.types:
        converted = []
        for value, kind in zip(values, function.types, strict=True):
            new = types.coerce(run, value, kind)
            if new is None and value is not None:
                return None
            converted.append(new)
        values = converted
    result = function.call(run, *values)
    return result if function.result is None else types.coerce(run, result, function.result)


def foreign(name: str, given: Any) -> Function:
    """Return a program's own function as a value of the language.

    Its positional parameters count; those with a default may be left out, ``*args`` takes any number.
    """
    if type(given) is Function:
        return given
    plain, least, spread = _shape_of(given)

    def call(run: Run, values: list[Any], names: tuple[str, ...] | None) -> Any:
        arguments: dict[str, Any] = {}
        if names is not None:
            if not set(names) <= set(plain):
                run.warn(f"{name}()")
                return None
            arguments, values = dict(zip(names, values, strict=True)), []
        count = len(values) + len(arguments)
        if count < least or (count > len(plain) and not spread):
            run.warn(f"{name}()")
            return None
        return from_python(given(*values, **arguments))

    return Function(plain, call, name, overloads=())


def _shape_of(given: Callable[..., Any]) -> tuple[tuple[str, ...], int, bool]:
    """Return the parameters' names, how many are needed, and whether more are taken."""
    code = getattr(given, "__code__", None)
    if code is None:
        parameters = inspect.signature(given).parameters.values()
        plain = [one for one in parameters if one.kind in (one.POSITIONAL_ONLY, one.POSITIONAL_OR_KEYWORD)]
        spread = any(one.kind is one.VAR_POSITIONAL for one in parameters)
        return tuple(one.name for one in plain), sum(one.default is one.empty for one in plain), spread
    names = code.co_varnames[: code.co_argcount]
    if inspect.ismethod(given):
        names = names[1:]
    return names, len(names) - len(given.__defaults__ or ()), bool(code.co_flags & inspect.CO_VARARGS)
