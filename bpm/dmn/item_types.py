"""Item definitions as types of the language (DMN 1.5, 7.3.3)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from lxml import etree

from bpm.dmn.document import child, children, name_of, text, type_reference
from bpm.feel import types
from bpm.feel.expression import UnaryTests
from bpm.feel.limits import Run
from bpm.feel.scope import Scope
from bpm.feel.types import ANY, UNKNOWN, Type

CompileTests = Callable[[str, str], UnaryTests | None]


class ItemTypes(Mapping[str, Type]):
    """The types of one model by name, those of imported models as ``prefix.name``.

    Definitions are read when they are first asked for, since they may refer to later ones.
    """

    def __init__(self, definitions: Mapping[str, etree._Element], compile_tests: CompileTests) -> None:
        self._definitions = definitions
        self._compile_tests = compile_tests
        self._types: dict[str, Type] = {}
        self._open: set[str] = set()

    def add(self, prefix: str, imported: Mapping[str, Type]) -> None:
        """Make the types of an imported model known."""
        for name in imported:
            self._types[f"{prefix}.{name}" if prefix else name] = imported[name]

    def __getitem__(self, name: str) -> Type:
        if name not in self._types:
            if name not in self._definitions or name in self._open:
                raise KeyError(name)
            self._open.add(name)
            self._types[name] = self._read(self._definitions[name])
            self._open.discard(name)
        return self._types[name]

    def __iter__(self) -> Any:
        return iter({**self._definitions, **self._types})

    def __len__(self) -> int:
        return len({**self._definitions, **self._types})

    def find(self, reference: str) -> Type:
        """Return the type of a ``typeRef``; "" is Any, ``UNKNOWN`` if there is none of that name."""
        if not reference:
            return ANY
        name = reference.strip()
        if name in self:
            return self[name]
        if name in self._open:
            return ANY  # a type that holds itself
        prefix, _colon, short = name.rpartition(":")
        if prefix and (dotted := f"{prefix}.{short}") in self:
            return self[dotted]
        if short in self:
            return self[short]
        if "<" in short:
            return types.named(short)
        return types.simple(short) or UNKNOWN

    def _read(self, element: etree._Element) -> Type:
        components = list(children(element, "itemComponent"))
        function = child(element, "functionItem")
        if function is not None:
            parameters = tuple(self.find(type_reference(part)) for part in children(function, "parameters"))
            kind = Type(
                "function", parameters=parameters, result=self.find(function.get("outputTypeRef", ""))
            )
        elif components:
            kind = Type("context", fields=tuple((name_of(part), self._read(part)) for part in components))
        else:
            kind = self.find(type_reference(element))
        allowed = child(element, "allowedValues")
        if allowed is not None:
            kind = self._restricted(kind, allowed, name_of(element))
        if element.get("isCollection") == "true":
            kind = Type("list", element=kind)
        constraint = child(element, "typeConstraint")
        return kind if constraint is None else self._restricted(kind, constraint, name_of(element))

    def _restricted(self, kind: Type, element: etree._Element, place: str) -> Type:
        tests = self._compile_tests(text(element, "text"), place)
        if tests is None or not kind.known:
            return kind
        before = kind.allowed

        def allowed(run: Run, value: Any) -> bool:
            return (before is None or before(run, value)) and tests.run(value, Scope({}, None, run))

        return replace(kind, allowed=allowed, tests=tests)
