"""Boxed expressions to closures (DMN 1.5, 10.2): texts, contexts, lists, relations, functions,
invocations, tables, and the boxed ``if``, ``for``, ``some``, ``every`` and filter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from lxml import etree

from bpm.dmn import document
from bpm.dmn.item_types import ItemTypes
from bpm.dmn.run import nothing
from bpm.dmn.table_reader import build_table
from bpm.feel import tree
from bpm.feel.calls import invoke
from bpm.feel.errors import FeelError
from bpm.feel.expression import Expression, UnaryTests, special_names
from bpm.feel.loops import build_filter, build_for, build_quantified
from bpm.feel.parser import Parser
from bpm.feel.scope import Closure, Scope
from bpm.feel.types import ANY, Type, coerce
from bpm.feel.values import Function
from bpm.language import _

Report = Callable[[etree._Element, str], None]
"""Takes an element and what is wrong with it."""


class _Box(tree.Node):
    """Stands for an XML element where the loops of the language expect a node."""

    __slots__ = ("closure",)

    def __init__(self, closure: Closure) -> None:
        super().__init__()
        self.closure = closure


class _Boxes:
    """Gives the closure of a ``_Box``."""

    types: Mapping[str, Type] = {}

    def __call__(self, node: tree.Node) -> Closure:
        assert isinstance(node, _Box)
        return node.closure


class Builder:
    """Builds closures for the elements of one model; faults go to ``report`` and evaluate to null."""

    def __init__(self, types: ItemTypes, names: Iterable[str], report: Report) -> None:
        self.types = types
        self.names = frozenset(names)
        self.report = report

    # ------------------------------------------------------------ texts

    def text(self, source: str, element: etree._Element) -> Closure:
        """Compile an expression in FEEL."""
        try:
            expression = Expression(source, Parser(source, self.names).whole(), self.types)
        except (FeelError, RecursionError) as error:
            self.report(element, fault_of(error))
            return nothing
        return expression.closure

    def tests(self, source: str, element: etree._Element) -> UnaryTests | None:
        """Compile the unary tests of a cell; None if they are faulty."""
        try:
            return UnaryTests(source, Parser(source, self.names).cell(), self.types)
        except (FeelError, RecursionError) as error:
            self.report(element, fault_of(error))
            return None

    def type(self, element: etree._Element | None) -> Type:
        """Return the type that ``element`` refers to; an unknown one is reported and counts as Any."""
        return ANY if element is None else self.types.of(element)

    # ------------------------------------------------------------ elements

    def child(self, element: etree._Element) -> Closure:
        """Compile the expression inside ``element``."""
        found = document.boxed(element)
        return nothing if found is None else self(found)

    def __call__(self, element: etree._Element) -> Closure:
        """Compile a boxed expression, with its ``typeRef``."""
        name = document.local(element)
        closure: Closure = getattr(self, f"_{name}")(element)
        kind = ANY if name == "decisionTable" else self.type(element)
        return closure if kind is ANY else typed(closure, kind)

    def _literalExpression(self, element: etree._Element) -> Closure:
        return self.literal(element)

    def literal(self, element: etree._Element) -> Closure:
        """Compile the text inside ``element``, whatever its name."""
        language = element.get("expressionLanguage", "")
        if language and "FEEL" not in language.upper():
            self.report(element, _("Expressions in %(language)s are not understood.", language=language))
            return nothing
        source = document.text(element, "text")
        return self.text(source, element) if source else nothing

    def _context(self, element: etree._Element) -> Closure:
        entries: list[tuple[str, Closure, Type]] = []
        for entry in document.children(element, "contextEntry"):
            variable = document.child(entry, "variable")
            name = "" if variable is None else document.name_of(variable)
            if name and any(name == known for known, _value, _kind in entries):
                self.report(entry, _("The name %(name)s is used twice.", name=name))
                return nothing
            entries.append((name, self.child(entry), self.type(variable)))

        def run(scope: Scope) -> Any:
            result: dict[str, Any] = {}
            inner = Scope(result, scope, scope.run)
            for name, value, kind in entries:
                found = coerce(scope.run, value(inner), kind)
                if not name:
                    return found
                result[name] = found
            return result

        return run

    def _list(self, element: etree._Element) -> Closure:
        items = [self(item) for item in document.children(element, *document.BOXED)]
        return lambda scope: [item(scope) for item in items]

    def _relation(self, element: etree._Element) -> Closure:
        columns = [
            (document.name_of(column), self.type(column)) for column in document.children(element, "column")
        ]
        rows = [
            [self(cell) for cell in document.children(row, *document.BOXED)]
            for row in document.children(element, "row")
        ]

        def run(scope: Scope) -> Any:
            return [
                {
                    name: coerce(scope.run, cell(scope), kind)
                    for (name, kind), cell in zip(columns, row, strict=False)
                }
                for row in rows
            ]

        return run

    def parameters(self, element: etree._Element) -> tuple[tuple[str, ...], tuple[Type, ...]]:
        """Return names and types of the formal parameters."""
        found = list(document.children(element, "formalParameter"))
        return (
            tuple(document.name_of(one) for one in found),
            tuple(self.type(one) for one in found),
        )

    def _functionDefinition(self, element: etree._Element) -> Closure:
        names, kinds = self.parameters(element)
        body = self.function_body(element, names)
        return lambda scope: Function(names, body_call(body, names, scope), types=kinds)

    def function_body(self, element: etree._Element, parameters: Iterable[str]) -> Closure:
        """Compile the body of a function; Java and PMML are out of reach.

        A parameter's name such as ``Person.Name`` is a name inside the body only.
        """
        if element.get("kind", "FEEL") != "FEEL":
            self.report(
                element,
                _("Functions of kind %(kind)s cannot be called.", kind=element.get("kind")),
            )
            return nothing
        outside = self.names
        self.names = outside | special_names(parameters)
        body = self.child(element)
        self.names = outside
        return body

    def _invocation(self, element: etree._Element) -> Closure:
        function = self.child(element)
        names: list[str] = []
        values: list[Closure] = []
        for binding in document.children(element, "binding"):
            parameter = document.child(binding, "parameter")
            names.append("" if parameter is None else document.name_of(parameter))
            values.append(self.child(binding))

        def run(scope: Scope) -> Any:
            callee = function(scope)
            if type(callee) is not Function:
                scope.run.warn("invocation")
                return None
            return invoke(scope.run, callee, [value(scope) for value in values], tuple(names))

        return run

    def _conditional(self, element: etree._Element) -> Closure:
        parts = [document.child(element, name) for name in ("if", "then", "else")]
        condition, then, otherwise = (nothing if part is None else self.child(part) for part in parts)

        def run(scope: Scope) -> Any:
            answer = condition(scope)
            if type(answer) is not bool:
                scope.run.warn("if")
                return None if answer is not None else otherwise(scope)
            return then(scope) if answer else otherwise(scope)

        return run

    def _part(self, element: etree._Element, name: str) -> _Box:
        part = document.child(element, name)
        return _Box(nothing if part is None else self.child(part))

    def _iterator(self, element: etree._Element) -> tuple[tree.Iterator, ...]:
        return (tree.Iterator(element.get("iteratorVariable", ""), self._part(element, "in")),)

    def _for(self, element: etree._Element) -> Closure:
        return build_for(_Boxes(), tree.For(self._iterator(element), self._part(element, "return")), True)

    def _every(self, element: etree._Element) -> Closure:
        return self._quantified("every", element)

    def _some(self, element: etree._Element) -> Closure:
        return self._quantified("some", element)

    def _quantified(self, kind: str, element: etree._Element) -> Closure:
        node = tree.Quantified(kind, self._iterator(element), self._part(element, "satisfies"))
        return build_quantified(_Boxes(), node)

    def _filter(self, element: etree._Element) -> Closure:
        return build_filter(_Boxes(), tree.Filter(self._part(element, "in"), self._part(element, "match")))

    def _decisionTable(self, element: etree._Element) -> Closure:
        return build_table(self, element).evaluate


def fault_of(error: FeelError | RecursionError) -> str:
    """Return in words what is wrong with an expression, and where in it."""
    if not isinstance(error, FeelError):
        return _("The expression is nested too deep.")
    if error.position is None:
        return error.message
    return _("%(fault)s (character %(number)s)", fault=error.message, number=error.position + 1)


def typed(closure: Closure, kind: Type) -> Closure:
    """Return the closure whose value is made to fit ``kind``."""
    return lambda scope: coerce(scope.run, closure(scope), kind)


def body_call(body: Closure, names: tuple[str, ...], scope: Scope | None) -> Callable[..., Any]:
    """Return what a Function calls: ``body`` with the parameters over the names of ``scope``."""
    return lambda run, *values: body(Scope(dict(zip(names, values, strict=True)), scope, run))
