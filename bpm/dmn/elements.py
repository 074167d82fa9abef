"""The elements of a decision model (DMN 1.5, 6.3): inputs, decisions, knowledge models, services."""

from __future__ import annotations

from dataclasses import dataclass, field

from bpm.dmn.tables import Table
from bpm.feel.scope import Closure
from bpm.feel.types import ANY, Type

Key = tuple[str, str]
"""Namespace and id of an element."""


@dataclass(slots=True)
class Home:
    """What the expressions of one model see of others.

    ``paths`` are the names under which it imports, by namespace: none for an import without a name,
    several for what it imports through another. ``own`` are the names of its elements, ``declared``
    those and the names of what it imports without a name.
    """

    namespace: str
    paths: dict[str, tuple[str, ...]] = field(default_factory=dict)
    own: set[str] = field(default_factory=set)
    declared: set[str] = field(default_factory=set)

    def path(self, key: Key) -> tuple[str, ...]:
        """Return the names that lead to an element; none for one of the model itself."""
        return self.paths.get(key[0], ()) if key[0] != self.namespace else ()


@dataclass(slots=True)
class Element:
    """What inputs, decisions, knowledge models and services have in common."""

    key: Key
    name: str
    home: Home
    type: Type = ANY
    variable: str = ""

    @property
    def id(self) -> str:
        return self.key[1]

    def references(self) -> tuple[Key, ...]:
        """Return the elements that this one refers to."""
        return ()


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

    def references(self) -> tuple[Key, ...]:
        return self.requirements


@dataclass(slots=True)
class KnowledgeModel(Element):
    """A function that decisions share."""

    requirements: tuple[Key, ...] = ()
    parameters: tuple[str, ...] = ()
    types: tuple[Type, ...] = ()
    body: Closure | None = None

    def references(self) -> tuple[Key, ...]:
        return self.requirements


@dataclass(slots=True)
class Service(Element):
    """Decisions with a fixed set of inputs, callable as a function."""

    outputs: tuple[Key, ...] = ()
    inputs: tuple[Key, ...] = ()

    def references(self) -> tuple[Key, ...]:
        return self.outputs + self.inputs
