"""A decision model: its elements, and the evaluation of its requirement graph (DMN 1.5, chapter 6).

Reading XML is ``reader``'s. A model is immutable once read and may be shared by threads.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bpm.dmn.errors import DmnError
from bpm.dmn.run import DecisionRun, Match, Result
from bpm.dmn.tables import Table
from bpm.feel.errors import FeelError
from bpm.feel.limits import Run, check_result
from bpm.feel.scope import MISSING, Closure, Scope
from bpm.feel.types import ANY, Type, coerce
from bpm.feel.values import Function, from_python
from bpm.language import _

Key = tuple[str, str]
"""Namespace and id of an element."""


@dataclass(slots=True)
class Element:
    """What inputs, decisions, knowledge models and services have in common."""

    key: Key
    name: str
    type: Type = ANY
    variable: str = ""
    # the names under which the element's own model imports others, by namespace
    prefixes: Mapping[str, str] = field(default_factory=dict)

    @property
    def id(self) -> str:
        return self.key[1]


@dataclass(slots=True)
class InputData(Element):
    """A value that comes from outside."""


@dataclass(slots=True)
class DecisionElement(Element):
    """A decision. ``table`` is set if its logic is a decision table; ``names`` are translations."""

    requirements: tuple[Key, ...] = ()
    closure: Closure | None = None
    table: Table | None = None
    names: dict[str, str] = field(default_factory=dict)
    question: str = ""


@dataclass(slots=True)
class KnowledgeModel(Element):
    """A function that decisions share."""

    requirements: tuple[Key, ...] = ()
    parameters: tuple[str, ...] = ()
    types: tuple[Type, ...] = ()
    body: Closure | None = None


@dataclass(slots=True)
class Service(Element):
    """Decisions with a fixed set of inputs, callable as a function."""

    outputs: tuple[Key, ...] = ()
    inputs: tuple[Key, ...] = ()


@dataclass(slots=True)
class Model:
    """A decision model. ``problems`` are (element id, translated text); faulty expressions give null."""

    id: str
    name: str
    namespace: str
    elements: dict[Key, Element] = field(default_factory=dict)
    prefixes: dict[str, str] = field(default_factory=dict)
    problems: list[tuple[str, str]] = field(default_factory=list)
    names: frozenset[str] = frozenset()
    types: Mapping[str, Type] = field(default_factory=dict)
    element_names: frozenset[str] = frozenset()

    @property
    def decisions(self) -> list[DecisionElement]:
        """The model's own decisions, in the order of the file."""
        return [element for element in self._own() if isinstance(element, DecisionElement)]

    @property
    def inputs(self) -> list[InputData]:
        """The model's own inputs, in the order of the file."""
        return [element for element in self._own() if isinstance(element, InputData)]

    @property
    def services(self) -> list[Service]:
        """The model's own decision services, in the order of the file."""
        return [element for element in self._own() if isinstance(element, Service)]

    def _own(self) -> list[Element]:
        return [element for key, element in self.elements.items() if key[0] == self.namespace]

    def find(self, kind: type[Element], name: str) -> Element:
        """Return the element of this id or name.

        Raises:
            DmnError: there is none.
        """
        for element in self._own():
            if isinstance(element, kind) and name in (element.id, element.name):
                return element
        raise DmnError(
            _("The decision model %(model)s has nothing called %(name)s.", model=self.name, name=name)
        )

    def evaluate(
        self,
        decision: str,
        context: Mapping[str, Any],
        *,
        now: datetime | None = None,
        functions: Mapping[str, Callable[..., Any]] | None = None,
    ) -> Result:
        """Evaluate a decision with everything it requires.

        Args:
            decision: its id or name.
            context: the inputs by name (those of an imported model also as entries of its prefix, or
                as ``namespace#name``); names that the model does not declare can be read too;
                an entry named like a required decision takes the place of that decision's value.
            now: what ``now()`` and ``today()`` tell; None is the machine's time.
            functions: functions that expressions may call besides the built-in ones.

        Raises:
            DmnError: there is no such decision.
            FeelError: the evaluation costs too much.
        """
        element = self.find(DecisionElement, decision)
        return self._answer(
            DecisionRun(now, functions), lambda run: Evaluation(self, run, context).value(element.key)
        )

    def evaluate_service(
        self,
        service: str,
        context: Mapping[str, Any],
        *,
        now: datetime | None = None,
        functions: Mapping[str, Callable[..., Any]] | None = None,
    ) -> Result:
        """Evaluate a decision service; inputs not given are null. Arguments and errors as in ``evaluate``."""
        element = self.find(Service, service)
        assert isinstance(element, Service)

        def answer(run: DecisionRun) -> Any:
            evaluation = Evaluation(self, run, {})
            values = [from_python(context.get(self.elements[key].name)) for key in element.inputs]
            return evaluation.serve(element, values)

        return self._answer(DecisionRun(now, functions), answer)

    def _answer(self, run: DecisionRun, answer: Callable[[DecisionRun], Any]) -> Result:
        try:
            value = check_result(answer(run))
        except RecursionError:
            raise FeelError(_("The decision model is nested too deep.")) from None
        return Result(value, run.matched, run.warnings)


class _Undeclared(dict[str, Any]):
    """The context without the model's own elements: what a table may read without requiring it."""

    def __init__(self, context: Mapping[str, Any], model: Model) -> None:
        super().__init__()
        self.context = context
        self.hidden = model.element_names

    def get(self, name: str, default: Any = None) -> Any:
        return default if name in self.hidden else self.context.get(name, default)


class Evaluation:
    """One evaluation: every decision is computed once at most."""

    def __init__(self, model: Model, run: Run, context: Mapping[str, Any]) -> None:
        self.model = model
        self.run = run
        self.context = context
        self._values: dict[Key, Any] = {}
        self._open: set[Key] = set()

    def value(self, key: Key) -> Any:
        """Return the value of an element: an input, a decision, or a function."""
        if key in self._values:
            return self._values[key]
        if key in self._open:
            raise DmnError(_("The decision %(name)s requires itself.", name=self.model.elements[key].name))
        self._open.add(key)
        element = self.model.elements[key]
        self._values[key] = value = self._compute(element)
        self._open.discard(key)
        return value

    def _compute(self, element: Element) -> Any:
        if isinstance(element, InputData):
            found = self._given(element)
            return None if found is MISSING else coerce(self.run, found, element.type)
        if isinstance(element, KnowledgeModel):
            return self._function(element)
        if isinstance(element, Service):
            return self._service_function(element)
        assert isinstance(element, DecisionElement)
        found = self._given(element)
        if found is not MISSING:
            return coerce(self.run, found, element.type)
        if element.closure is None:
            self.run.warn(f"{element.name}: no logic")
            return None
        undeclared = Scope(_Undeclared(self.context, self.model), None, self.run)
        scope = Scope(self._names(element.requirements, element.prefixes), undeclared, self.run)
        return coerce(self.run, element.closure(scope), element.type)

    def _given(self, element: Element) -> Any:
        """Return what the context holds for an element, or MISSING."""
        prefix = self.model.prefixes.get(element.key[0])
        if prefix:
            inner = self.context.get(prefix)
            if isinstance(inner, Mapping) and element.name in inner:
                return from_python(inner[element.name])
        for name in (f"{element.key[0]}#{element.name}", element.name, element.variable):
            value = self.context.get(name, MISSING) if name else MISSING
            if value is not MISSING:
                return from_python(value)
        return MISSING

    def _names(self, requirements: tuple[Key, ...], prefixes: Mapping[str, str]) -> dict[str, Any]:
        """Return the values of required elements by name; those of imported models below their prefix."""
        names: dict[str, Any] = {}
        for key in requirements:
            if key not in self.model.elements:
                self.run.warn(f"#{key[1]}?")
                continue
            element = self.model.elements[key]
            prefix = prefixes.get(key[0], "")
            target = names.setdefault(prefix, {}) if prefix else names
            target[element.variable or element.name] = self.value(key)
        return names

    def _function(self, element: KnowledgeModel) -> Function:
        def call(run: Run, *values: Any) -> Any:
            if element.body is None:
                run.warn(f"{element.name}: no logic")
                return None
            names = self._names(element.requirements, element.prefixes)
            names.setdefault(element.variable or element.name, function)
            names.update(zip(element.parameters, values, strict=True))
            return element.body(Scope(names, None, run))

        # the type of the knowledge model's variable is a function's, or that of its result
        result = element.type.result if element.type.name == "function" else element.type
        function = Function(element.parameters, call, element.name, element.types, result)
        return function

    def _service_function(self, service: Service) -> Function:
        inputs = [self.model.elements[key] for key in service.inputs if key in self.model.elements]
        return Function(
            tuple(element.name for element in inputs),
            lambda run, *values: self.serve(service, list(values)),
            service.name,
            tuple(element.type for element in inputs),
        )

    def serve(self, service: Service, values: list[Any]) -> Any:
        """Evaluate a decision service with ``values`` for its inputs, in their order."""
        inner = Evaluation(self.model, self.run, {})
        for key, value in zip(service.inputs, values, strict=True):
            element = self.model.elements.get(key)
            inner._values[key] = None if element is None else coerce(self.run, value, element.type)
        outputs = [self.model.elements[key] for key in service.outputs if key in self.model.elements]
        if len(outputs) == 1:
            result = inner.value(outputs[0].key)
        else:
            result = {element.variable or element.name: inner.value(element.key) for element in outputs}
        kind = service.type.result if service.type.name == "function" else service.type
        return result if kind is None else coerce(self.run, result, kind)


__all__ = [
    "DecisionElement", "Element", "Evaluation", "InputData", "KnowledgeModel", "Match", "Model",
    "Result", "Service",
]  # fmt: skip
