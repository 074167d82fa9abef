"""One evaluation of a requirement graph (DMN 1.5, 6.2 and 10.4): what an element sees, and its value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from bpm.dmn.elements import (
    DecisionElement,
    Element,
    Home,
    Key,
    KnowledgeModel,
    Service,
)
from bpm.dmn.errors import DmnError
from bpm.dmn.run import DecisionRun
from bpm.feel.calls import invoke
from bpm.feel.limits import Run
from bpm.feel.scope import MISSING, Scope
from bpm.feel.types import coerce
from bpm.feel.values import Function, from_python
from bpm.language import _

Path = tuple[str, ...]


class _Undeclared(dict[str, Any]):
    """The context without the model's own elements: what a decision may read without requiring it."""

    def __init__(self, context: Mapping[str, Any], home: Home) -> None:
        super().__init__()
        self.context = context
        self.hidden = home.declared

    def get(self, name: str, default: Any = None) -> Any:
        return default if name in self.hidden else self.context.get(name, default)


class Evaluation:
    """One evaluation: every decision is computed once at most."""

    def __init__(
        self, elements: Mapping[Key, Element], home: Home, run: DecisionRun, context: Mapping[str, Any]
    ) -> None:
        self.elements = elements
        self.home = home
        self.run = run
        self.context = context
        self._values: dict[tuple[Path, Key], Any] = {}
        self._open: set[Key] = set()

    def value(self, key: Key, path: Path = ()) -> Any:
        """Return the value of an element: an input, a decision, or a function.

        Args:
            path: the names of imports by which it was reached. If the context holds entries below
                them, an element has a value for each path that leads to it.
        """
        if path and not isinstance(self.context.get(path[0]), Mapping):
            path = ()
        if (path, key) not in self._values:
            self._values[path, key] = self._compute(self.elements[key], path)
        return self._values[path, key]

    def _compute(self, element: Element, path: Path) -> Any:
        if isinstance(element, KnowledgeModel):
            return self._function(element)
        if isinstance(element, Service):
            return self._service_function(element)
        found = self.given(element, path)
        if found is not MISSING:
            with self._at(element):
                return coerce(self.run, found, element.type)
        return self.decide(element, path) if isinstance(element, DecisionElement) else None

    def decide(self, element: DecisionElement, path: Path = ()) -> Any:
        """Compute a decision, whatever the context holds under its name.

        Raises:
            DmnError: the decision requires itself.
        """
        if element.key in self._open:
            raise DmnError(_("The decision %(name)s requires itself.", name=element.name))
        self._open.add(element.key)
        names = self._names(element, path)
        self._open.discard(element.key)
        with self._at(element):
            if element.closure is None:
                self.run.warn("no logic")
                return None
            undeclared = Scope(_Undeclared(self.context, element.home), None, self.run)
            return coerce(self.run, element.closure(Scope(names, undeclared, self.run)), element.type)

    @contextmanager
    def _at(self, element: Element) -> Iterator[None]:
        """Let warnings name ``element``."""
        outside, self.run.place = self.run.place, element.name
        try:
            yield
        finally:
            self.run.place = outside

    def given(self, element: Element, path: Path) -> Any:
        """Return what the context holds for an element, or MISSING.

        An element of an imported model is looked for under the names that lead to it, then under its
        own name, unless that means an element of the model itself.
        """
        inner: Any = self.context
        for name in path:
            inner = inner.get(name) if isinstance(inner, Mapping) else None
        if path and isinstance(inner, Mapping) and element.name in inner:
            return from_python(inner[element.name])
        names = [f"{element.key[0]}#{element.name}"]
        if element.key[0] == self.home.namespace or element.name not in self.home.own:
            names += [element.name, element.variable]
        for name in filter(None, names):
            value = self.context.get(name, MISSING)
            if value is not MISSING:
                return from_python(value)
        return MISSING

    def _names(self, element: DecisionElement | KnowledgeModel, path: Path = ()) -> dict[str, Any]:
        """Return the values of required elements by name; those of imported models below its name."""
        names: dict[str, Any] = {}
        imported: dict[str, Any] = {}
        for key in element.requirements:
            if key not in self.elements:
                self.run.warn(f"{element.name}: #{key[1]}?")
                continue
            within = element.home.path(key)
            target = imported if within else names
            for name in within:
                target = target.setdefault(name, {})
            required = self.elements[key]
            target[required.variable or required.name] = self.value(key, path + within)
        return {**imported, **names}

    def _function(self, element: KnowledgeModel) -> Function:
        def call(run: Run, *values: Any) -> Any:
            if element.body is None:
                run.warn(f"{element.name}: no logic")
                return None
            names = self._names(element)
            names.setdefault(element.variable or element.name, function)
            names.update(zip(element.parameters, values, strict=True))
            with self._at(element):
                return element.body(Scope(names, None, run))

        # the type of the knowledge model's variable is a function's, or that of its result
        result = element.type.result if element.type.name == "function" else element.type
        function = Function(element.parameters, call, element.name, element.types, result)
        return function

    def _service_function(self, service: Service) -> Function:
        inputs = [self.elements[key] for key in service.inputs if key in self.elements]
        return Function(
            tuple(element.name for element in inputs),
            lambda run, *values: self.serve(service, list(values)),
            service.name,
            tuple(element.type for element in inputs),
        )

    def call(self, element: Element) -> Any:
        """Call a service or a knowledge model with what the context holds under its parameters' names."""
        if isinstance(element, Service):
            inputs = [self.elements[key] for key in element.inputs if key in self.elements]
            found = [self.given(one, self.home.path(one.key)) for one in inputs]
            return self.serve(element, [None if value is MISSING else value for value in found])
        inner = Evaluation(self.elements, self.home, self.run, {})
        function = inner.value(element.key)
        return invoke(
            self.run, function, [from_python(self.context.get(name)) for name in function.parameters]
        )

    def serve(self, service: Service, values: list[Any]) -> Any:
        """Evaluate a decision service with ``values`` for its inputs, in their order."""
        inner = Evaluation(self.elements, self.home, self.run, {})
        inputs = [key for key in service.inputs if key in self.elements]
        for key, value in zip(inputs, values, strict=True):
            inner._values[(), key] = coerce(self.run, value, self.elements[key].type)
        outputs = [self.elements[key] for key in service.outputs if key in self.elements]
        if len(outputs) == 1:
            result = inner.value(outputs[0].key)
        else:
            result = {element.variable or element.name: inner.value(element.key) for element in outputs}
        kind = service.type.result if service.type.name == "function" else service.type
        return result if kind is None else coerce(self.run, result, kind)
