"""Syntax tree to Python closures, which is how expressions are evaluated.

Owns names, paths, operators, contexts and ranges; loops are in ``loops``, calls in ``calls``.
Nothing here touches an attribute of a value that is not the language's own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from bpm.feel import calls, loops, operators, tree, types
from bpm.feel.functions import find_builtin
from bpm.feel.limits import Run
from bpm.feel.membership import matches, matches_any
from bpm.feel.operators import compare, kind_of
from bpm.feel.scope import MISSING, Closure, Scope
from bpm.feel.temporal import is_date, is_moment, is_time, property_of
from bpm.feel.temporal_text import parse_any
from bpm.feel.values import DaysDuration, Range, YearsDuration, from_python, list_from_python

Watch = Callable[[tree.Node, Any], None]


class Compiler:
    """Turns nodes into closures.

    Args:
        types: types that have names of their own, from item definitions.
        watch: told each node and what it gave.
    """

    def __init__(self, types: Mapping[str, types.Type] | None = None, watch: Watch | None = None) -> None:
        self.types = types or {}
        self.watch = watch

    def __call__(self, node: tree.Node) -> Closure:
        closure = _BUILDERS[type(node)](self, node)
        if self.watch is None or isinstance(node, tree.Literal):
            return closure
        return _watched(closure, node, self.watch)


def _watched(closure: Closure, node: tree.Node, watch: Watch) -> Closure:
    def run(scope: Scope) -> Any:
        value = closure(scope)
        watch(node, value)
        return value

    return run


def _constant(value: Any) -> Closure:
    return lambda scope: value


# ------------------------------------------------------------------ values and names


def _literal(build: Compiler, node: tree.Literal) -> Closure:
    return _constant(node.value)


def _at_literal(build: Compiler, node: tree.AtLiteral) -> Closure:
    value = parse_any(node.text)
    if value is not None:
        return _constant(value)

    def run(scope: Scope) -> Any:
        scope.run.warn(f'@"{node.text}"')

    return run


def _name(build: Compiler, node: tree.Name) -> Closure:
    name = node.name
    function = find_builtin(name)

    def read(scope: Scope) -> Any:
        layer: Scope | None = scope
        while layer is not None:
            value = layer.names.get(name, MISSING)
            if value is not MISSING:
                if type(value) is Decimal:
                    return value
                if type(value) is list:
                    return scope.run.known_list(value, list_from_python)
                return from_python(value)
            layer = layer.parent
        given = scope.run.functions.get(name)
        if given is not None:
            return calls.foreign(name, given)
        if function is None:
            scope.run.warn(f"{name}?")
        return function

    return read


def _path(build: Compiler, node: tree.Path) -> Closure:
    source = build(node.source)
    name = node.name

    def read(scope: Scope) -> Any:
        value = source(scope)
        if type(value) is dict:
            entry = value.get(name)
            kind = type(entry)
            if kind is Decimal or kind is str or kind is bool:
                return entry
        return member(scope.run, value, name)

    return read


def member(run: Run, value: Any, name: str) -> Any:
    """Return the entry of a context, the property of a moment or range, or those of a list's items."""
    if isinstance(value, Mapping):
        entry = value.get(name, MISSING)
        if entry is not MISSING:
            return run.value(entry)
    elif type(value) is list:
        run.pay(len(value))
        return [member(run, run.value(item), name) for item in value]
    elif type(value) is Range:
        return _range_property(value, name)
    elif (
        isinstance(value, DaysDuration | YearsDuration)
        or is_date(value)
        or is_time(value)
        or is_moment(value)
    ):
        found = property_of(value, name)
        if found is not None:
            return found
    run.warn(f".{name}?")
    return None


def _range_property(value: Range, name: str) -> Any:
    return {
        "start": value.low,
        "end": value.high,
        "start included": value.low_included,
        "end included": value.high_included,
    }.get(name)


def _list(build: Compiler, node: tree.ListNode) -> Closure:
    items = [build(item) for item in node.items]
    return lambda scope: [item(scope) for item in items]


def _context(build: Compiler, node: tree.ContextNode) -> Closure:
    entries = [(entry.key, build(entry.value)) for entry in node.entries]
    distinct = len({key for key, _value in entries}) == len(entries)

    def run(scope: Scope) -> Any:
        if not distinct:
            scope.run.warn("{}")
            return None
        result: dict[str, Any] = {}
        inner = Scope(result, scope, scope.run)
        for key, value in entries:
            result[key] = value(inner)
        return result

    return run


def _range(build: Compiler, node: tree.RangeNode) -> Closure:
    low, high = build(node.low), build(node.high)

    def run(scope: Scope) -> Any:
        first, last = low(scope), high(scope)
        if first is not None and last is not None and compare(scope.run, first, last) is None:
            return None
        return Range(
            first,
            last,
            node.low_included and first is not None,
            node.high_included and last is not None,
        )

    return run


def _comparing(build: Compiler, node: tree.Comparing) -> Closure:
    operand, sign = build(node.operand), node.operator

    def run(scope: Scope) -> Any:
        end = operand(scope)
        if sign in ("<", "<="):
            return Range(None, end, False, sign == "<=", sign)
        if sign in (">", ">="):
            return Range(end, None, sign == ">=", False, sign)
        return Range(end, end, True, True, sign)

    return run


# ------------------------------------------------------------------ operators


def _chain(build: Compiler, node: tree.Chain) -> Closure:
    first = build(node.first)
    terms = [(operators.ARITHMETIC[term.operator], build(term.operand)) for term in node.terms]
    if len(terms) == 1:
        operation, operand = terms[0]
        return lambda scope: operators.calculate(operation, scope.run, first(scope), operand(scope))

    def run(scope: Scope) -> Any:
        value = first(scope)
        for operation, operand in terms:
            value = operators.calculate(operation, scope.run, value, operand(scope))
        return value

    return run


def _negate(build: Compiler, node: tree.Negate) -> Closure:
    if isinstance(node.operand, tree.Literal) and isinstance(node.operand.value, Decimal):
        return _constant(-node.operand.value)
    operand = build(node.operand)
    return lambda scope: operators.negate(scope.run, operand(scope))


def _logic(build: Compiler, node: tree.Logic) -> Closure:
    operands = [build(operand) for operand in node.operands]
    decisive = node.operator == "or"

    def run(scope: Scope) -> Any:
        answer: bool | None = not decisive
        for operand in operands:
            value = operand(scope)
            if value is decisive:
                return decisive
            if type(value) is not bool:
                answer = None
        return answer

    return run


def _comparison(build: Compiler, node: tree.Comparison) -> Closure:
    left, right = build(node.left), build(node.right)
    compare = operators.COMPARISONS[node.operator]
    return lambda scope: compare(scope.run, left(scope), right(scope))


def _between(build: Compiler, node: tree.Between) -> Closure:
    value, low, high = build(node.value), build(node.low), build(node.high)

    def run(scope: Scope) -> Any:
        subject = value(scope)
        if subject is None:
            scope.run.warn("null between")
        above = operators.greater_or_equal(scope.run, subject, low(scope))
        return operators.both(above, operators.less_or_equal(scope.run, subject, high(scope)))

    return run


def _in(build: Compiler, node: tree.In) -> Closure:
    value = build(node.value)
    tests = [build(test) for test in node.tests]
    if any(map(tree.reads_subject, node.tests)):
        return _in_with_subject(value, [*zip(tests, map(tree.reads_subject, node.tests), strict=True)])
    texts = _texts(node.tests)
    if texts is not None:
        usual = tuple(texts)

        def among(scope: Scope) -> bool | None:
            subject = value(scope)
            return subject in texts if type(subject) is str else matches_any(scope.run, subject, usual)

        return among
    if all(isinstance(test, tree.RangeNode) and tree.is_constant(test) for test in node.tests):
        known = [test(Scope({}, None, Run())) for test in tests]
        return lambda scope: matches_any(scope.run, value(scope), known)
    return lambda scope: matches_any(scope.run, value(scope), (test(scope) for test in tests))


def _texts(tests: Sequence[tree.Node]) -> frozenset[str] | None:
    """Return the texts that ``in`` compares with, if it compares with nothing else."""
    found = [test.value for test in tests if isinstance(test, tree.Literal) and type(test.value) is str]
    return frozenset(found) if len(found) == len(tests) else None


def _in_with_subject(value: Closure, tests: list[tuple[Closure, bool]]) -> Closure:
    """``in`` with tests of which some read ``?``: their own truth is the answer (10.3.2.8)."""

    def run(scope: Scope) -> Any:
        subject = value(scope)
        inner = Scope({"?": subject}, scope, scope.run)
        answer: bool | None = False
        for test, reads in tests:
            found = test(inner)
            found = found if reads else matches(scope.run, subject, found)
            if found is True:
                return True
            if found is None:
                answer = None
        return answer

    return run


def _instance_of(build: Compiler, node: tree.InstanceOf) -> Closure:
    value = build(node.value)
    kind = types.resolve(node.type, build.types)

    def run(scope: Scope) -> Any:
        subject = value(scope)
        if not kind.known:
            scope.run.warn(node.type.name)
            return None
        return types.is_instance(scope.run, subject, kind)

    return run


def _if(build: Compiler, node: tree.If) -> Closure:
    condition, then, otherwise = build(node.condition), build(node.then), build(node.otherwise)

    def run(scope: Scope) -> Any:
        answer = condition(scope)
        if answer is True:
            return then(scope)
        if type(answer) is not bool:
            scope.run.warn(f"if {kind_of(answer)}")
            return None if answer is not None else otherwise(scope)
        return otherwise(scope)

    return run


_BUILDERS: dict[type, Callable[[Any, Any], Closure]] = {
    tree.Literal: _literal,
    tree.AtLiteral: _at_literal,
    tree.Name: _name,
    tree.Path: _path,
    tree.ListNode: _list,
    tree.ContextNode: _context,
    tree.RangeNode: _range,
    tree.Comparing: _comparing,
    tree.Chain: _chain,
    tree.Negate: _negate,
    tree.Logic: _logic,
    tree.Comparison: _comparison,
    tree.Between: _between,
    tree.In: _in,
    tree.InstanceOf: _instance_of,
    tree.If: _if,
    tree.For: loops.build_for,
    tree.Quantified: loops.build_quantified,
    tree.Filter: loops.build_filter,
    tree.FunctionNode: calls.build_function,
    tree.Call: calls.build_call,
}
