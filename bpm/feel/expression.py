"""The doors of the language: read a text once, evaluate it often."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import cached_property, lru_cache
from typing import Any

from bpm.feel import tree
from bpm.feel.compiler import Compiler
from bpm.feel.errors import FeelError
from bpm.feel.explain import Trace
from bpm.feel.limits import Run, check_result
from bpm.feel.membership import matches
from bpm.feel.names import is_simple
from bpm.feel.parser import Parser
from bpm.feel.scope import Closure, Scope
from bpm.feel.texts import _
from bpm.feel.types import Type
from bpm.feel.values import from_python
from bpm.feel.variables import names_of

Functions = Mapping[str, Callable[..., Any]]
Types = Mapping[str, Type]
_ANSWERING = (
    tree.Comparison, tree.Logic, tree.In, tree.Between, tree.Quantified, tree.InstanceOf, tree.Call,
)  # fmt: skip
_SAFE_RESULTS = (tree.Name, tree.Path, tree.Comparison, tree.Logic, tree.Literal, tree.Between, tree.In)


class Expression:
    """A compiled expression. Holds no state between evaluations and may be shared by threads."""

    def __init__(self, text: str, node: tree.Node, types: Types | None = None) -> None:
        self.text = text
        self.tree = node
        self.closure: Closure = Compiler(types)(node)
        self._plain = isinstance(node, _SAFE_RESULTS)

    @cached_property
    def _names(self) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
        return names_of(self.tree)

    @property
    def variables(self) -> frozenset[str]:
        """The variables that are read."""
        return self._names[0]

    @property
    def possible_variables(self) -> frozenset[str]:
        """Names in filters that are variables unless the list's items have fields of that name."""
        return self._names[1]

    @property
    def called(self) -> frozenset[str]:
        """The names that are called as functions, built-in ones included."""
        return self._names[2]

    def evaluate(
        self, context: Mapping[str, Any], now: datetime | None = None, functions: Functions | None = None
    ) -> Any:
        """Return the value; mistakes in the data give null.

        Args:
            context: the variables; asked for single keys only, so it may be lazy.
            now: what ``now()`` and ``today()`` tell; None is the machine's time.
            functions: more functions by name; arguments come as values of the language.

        Raises:
            FeelError: the evaluation costs too much.
        """
        value = self.run(context, Run(now, functions))
        return value if self._plain else check_result(value)

    def run(self, context: Mapping[str, Any], run: Run) -> Any:
        """As ``evaluate``, within a ``Run`` of one's own, whose budget and warnings can be read."""
        try:
            return self.closure(Scope(context, None, run))
        except RecursionError:
            raise too_deep(self.text) from None
        except FeelError as error:
            error.text = error.text or self.text
            raise


class UnaryTests:
    """The compiled content of a decision table's input cell."""

    def __init__(self, text: str, node: tree.Tests, types: Types | None = None) -> None:
        self.text = text
        self.tree = node
        build = Compiler(types)
        self._tests = [(build(test), _kind_of_test(test)) for test in node.tests]

    @cached_property
    def variables(self) -> frozenset[str]:
        """The variables that are read, apart from the value itself."""
        return names_of(self.tree)[0] - {"?"}

    def matches(
        self,
        value: Any,
        context: Mapping[str, Any] | None = None,
        now: datetime | None = None,
        functions: Functions | None = None,
    ) -> bool:
        """Tell whether ``value`` passes (DMN 1.5, 7.3.3 and 8.3.3); what cannot be told does not pass."""
        return self.run(value, Scope(context or {}, None, Run(now, functions)))

    def run(self, value: Any, scope: Scope) -> bool:
        """As ``matches``, with the names of ``scope``."""
        if not self._tests:
            return True
        value = from_python(value)
        inner = Scope({"?": value}, scope, scope.run)
        try:
            passed = any(_passes(inner, value, test, kind) for test, kind in self._tests)
        except RecursionError:
            raise too_deep(self.text) from None
        return passed is not self.tree.negated

    def position(self, value: Any, scope: Scope) -> int | None:
        """Return the number, from 0, of the first test that ``value`` passes, or None."""
        inner = Scope({"?": value}, scope, scope.run)
        for number, (test, kind) in enumerate(self._tests):
            if _passes(inner, value, test, kind):
                return number
        return None


def _kind_of_test(node: tree.Node) -> str:
    """Tell how a test's result is read: as the answer, or as what the value is compared with."""
    if tree.reads_subject(node):
        return "answer"
    return "either" if isinstance(node, _ANSWERING) else "value"


def _passes(scope: Scope, value: Any, test: Closure, kind: str) -> bool:
    found = test(scope)
    if kind == "answer" or (kind == "either" and type(found) is bool and type(value) is not bool):
        return found is True
    return matches(scope.run, value, found) is True


def too_deep(text: str) -> FeelError:
    """Return the error for an expression that exhausts the stack."""
    return FeelError(_("The expression is nested too deep."), None, text)


def parse(text: str, names: Iterable[str] = ()) -> tree.Node:
    """Return the syntax tree.

    Args:
        names: names with operators or keywords inside that may occur, such as ``profit-loss``.

    Raises:
        FeelError: the text is no expression; ``position`` tells where.
    """
    try:
        return Parser(text, names).whole()
    except RecursionError:
        raise too_deep(text) from None


@lru_cache(maxsize=5000)
def _compiled(text: str, names: frozenset[str]) -> Expression:
    try:
        return Expression(text, parse(text, names))
    except RecursionError:
        raise too_deep(text) from None


@lru_cache(maxsize=5000)
def _compiled_tests(text: str, names: frozenset[str]) -> UnaryTests:
    try:
        return UnaryTests(text, Parser(text, names).cell())
    except RecursionError:
        raise too_deep(text) from None


_NO_NAMES: frozenset[str] = frozenset()


def special_names(names: Iterable[str]) -> frozenset[str]:
    """Return those names that the parser must be told of."""
    return frozenset(name for name in names if isinstance(name, str) and not is_simple(name))


def compile(text: str, names: Iterable[str] = ()) -> Expression:
    """Return the compiled expression, remembered by its text.

    Raises:
        FeelError: the text is no expression; ``position`` tells where.
    """
    return _compiled(text, special_names(names) if names else _NO_NAMES)


def unary(text: str, names: Iterable[str] = ()) -> UnaryTests:
    """Return the compiled content of an input cell, remembered by its text.

    Raises:
        FeelError: the text is no unary test; ``position`` tells where.
    """
    return _compiled_tests(text, special_names(names) if names else _NO_NAMES)


def evaluate(
    text: str,
    context: Mapping[str, Any] | None = None,
    *,
    now: datetime | None = None,
    functions: Functions | None = None,
) -> Any:
    """Evaluate ``text``; names of the context with operators or keywords inside are understood.

    Raises:
        FeelError: the text is no expression, or it costs too much.
    """
    context = {} if context is None else context
    return compile(text, context).evaluate(context, now, functions)


def variables(text: str) -> frozenset[str]:
    """Return the names of the variables that ``text`` reads.

    Raises:
        FeelError: the text is no expression.
    """
    return compile(text).variables


def explain(
    text: str, context: Mapping[str, Any], *, now: datetime | None = None, functions: Functions | None = None
) -> list[tuple[str, Any]]:
    """Return each part of the expression with its value, inner parts first, the whole last.

    Literals are left out; what was not evaluated, such as the other branch of an ``if``, too.

    Raises:
        FeelError: the text is no expression, or it costs too much.
    """
    trace = Trace(text)
    node = parse(text, special_names(context))
    try:
        Compiler(watch=trace.watch)(node)(Scope(context, None, Run(now, functions)))
    except RecursionError:
        raise too_deep(text) from None
    return trace.found
