"""Variables belong to scopes: the instance, a sub-process with inputs, one multi-instance child.

Owns reading, writing and the lazy view that expressions get. Does not evaluate anything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from bpm.engine.runtime.environment import Environment
from bpm.engine.values import FileReference, RecordReference, hold, hold_linked

OnChange = Callable[[str, Any, Any], None]


class Journal:
    """Counts and reports the writes of one run; shared by all its scopes."""

    __slots__ = ("on_change", "writes")

    def __init__(self) -> None:
        self.writes = 0
        self.on_change: OnChange | None = None

    def changed(self, name: str, old: Any, new: Any) -> None:
        """Count one write and tell it to the history if the value is another one."""
        self.writes += 1
        if self.on_change is not None and (type(old) is not type(new) or old != new):
            self.on_change(name, old, new)


class Scope:
    """One level of variables.

    Reading looks outwards. ``assign`` changes the nearest scope that has the variable, else
    creates it in the outermost one; ``declare`` creates it right here. Values are copies that
    are replaced, never changed in place.
    """

    __slots__ = ("journal", "linked", "own", "parent", "values")

    def __init__(self, parent: Scope | None, journal: Journal) -> None:
        self.parent = parent
        self.journal = journal
        self.values: dict[str, Any] = {}
        # names whose value refers to a record or file somewhere inside
        self.linked: set[str] = set()
        # names that are written here even before they have a value; known from the definition
        self.own: frozenset[str] = frozenset()

    def holder(self, name: str) -> Scope | None:
        """Return the nearest scope that has ``name``."""
        scope: Scope | None = self
        while scope is not None and name not in scope.values:
            scope = scope.parent
        return scope

    def assign(self, name: str, value: Any) -> None:
        """Write a variable where it lives.

        Raises:
            CannotHold: the value cannot be a variable.
        """
        scope = self
        while name not in scope.values and name not in scope.own and scope.parent is not None:
            scope = scope.parent
        scope.declare(name, value)

    def assign_all(self, values: Mapping[str, Any]) -> None:
        """Write several variables: all of them, or none if one cannot be kept.

        Raises:
            CannotHold: a value cannot be a variable.
        """
        held = {name: hold(value, name) for name, value in values.items()}
        for name, value in held.items():
            self.assign(name, value)

    def declare(self, name: str, value: Any) -> None:
        """Create or change a variable in this very scope.

        Raises:
            CannotHold: the value cannot be a variable.
        """
        held, linked = hold_linked(value, name)
        old = self.values.get(name)
        self.values[name] = held
        if linked:
            self.linked.add(name)
        else:
            self.linked.discard(name)
        self.journal.changed(name, old, held)

    def visible(self) -> dict[str, Any]:
        """Return everything readable from here in one dictionary."""
        chain = []
        scope: Scope | None = self
        while scope is not None:
            chain.append(scope)
            scope = scope.parent
        seen: dict[str, Any] = {}
        for one in reversed(chain):
            seen.update(one.values)
        return seen


class RecordView(Mapping[str, Any]):
    """A record as expressions see it: its fields are read when they are asked for, afresh."""

    __slots__ = ("_environment", "_fields", "reference")

    def __init__(self, reference: RecordReference, environment: Environment) -> None:
        self.reference = reference
        self._environment = environment
        self._fields: Mapping[str, Any] | None = None

    def _read(self) -> Mapping[str, Any]:
        if self._fields is None:
            self._fields = self._environment.resolve(self.reference)
        return self._fields

    def __getitem__(self, name: str) -> Any:
        fields = self._read()
        if name in fields:
            return readable(fields[name], self._environment)
        if name == "id":
            return self.reference.id
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return iter(self._read())

    def __len__(self) -> int:
        return len(self._read())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RecordView) and other.reference == self.reference

    def __hash__(self) -> int:
        return hash(self.reference)

    def __repr__(self) -> str:
        return f"RecordView({self.reference})"


class FileView(dict[str, Any]):
    """A file as expressions see it."""

    def __init__(self, reference: FileReference) -> None:
        super().__init__(reference.as_mapping())
        self.reference = reference


def readable(value: Any, environment: Environment) -> Any:
    """Return ``value`` with its references to records and files made readable."""
    if isinstance(value, RecordReference):
        return RecordView(value, environment)
    if isinstance(value, FileReference):
        return FileView(value)
    if type(value) is list:
        return [readable(item, environment) for item in value]
    if type(value) is dict:
        return {name: readable(item, environment) for name, item in value.items()}
    return value


class Context(Mapping[str, Any]):
    """What an expression reads: extra names first, then the scope and its parents."""

    __slots__ = ("_environment", "_extra", "_scope", "_views")

    def __init__(
        self, scope: Scope, environment: Environment, extra: Mapping[str, Any] | None = None
    ) -> None:
        self._scope = scope
        self._environment = environment
        self._extra = extra or {}
        self._views: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name in self._extra:
            return readable(self._extra[name], self._environment)
        holder = self._scope.holder(name)
        if holder is None:
            raise KeyError(name)
        if name not in holder.linked:
            return holder.values[name]
        if name not in self._views:
            self._views[name] = readable(holder.values[name], self._environment)
        return self._views[name]

    def __contains__(self, name: object) -> bool:
        return name in self._extra or (isinstance(name, str) and self._scope.holder(name) is not None)

    def __iter__(self) -> Iterator[str]:
        return iter({**self._scope.visible(), **self._extra})

    def __len__(self) -> int:
        return len({**self._scope.visible(), **self._extra})
