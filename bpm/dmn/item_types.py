"""Item definitions as types of the language (DMN 1.5, 7.3.3)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from lxml import etree

from bpm.dmn.document import child, children, name_of, text, type_reference
from bpm.feel import types
from bpm.feel.errors import FeelError
from bpm.feel.expression import UnaryTests
from bpm.feel.limits import Run
from bpm.feel.parser import Parser
from bpm.feel.scope import Scope
from bpm.feel.types import ANY, UNKNOWN, Type
from bpm.language import _

CompileTests = Callable[[str, etree._Element], UnaryTests | None]
Report = Callable[[etree._Element, str], None]


class ItemTypes(Mapping[str, Type]):
    """The types of one model by name, those of imported models as ``prefix.name``.

    Definitions are read when they are first asked for, since they may refer to later ones.
    """

    def __init__(
        self,
        definitions: Mapping[str, etree._Element],
        namespace: str,
        compile_tests: CompileTests,
        report: Report,
    ) -> None:
        self._definitions = definitions
        self._compile_tests = compile_tests
        self._report = report
        self._types: dict[str, Type] = {}
        self._imported: dict[str, Type] = {}
        self._prefixes = {namespace: ""}
        self._open: set[str] = set()

    def add(self, prefix: str, namespace: str, imported: Mapping[str, Type]) -> None:
        """Make the types of an imported model known; without a prefix, own types go first (6.3.3)."""
        self._prefixes[namespace] = prefix
        for name in imported:
            self._imported.setdefault(f"{prefix}.{name}" if prefix else name, imported[name])

    def __getitem__(self, name: str) -> Type:
        if name not in self._types:
            if name not in self._definitions or name in self._open:
                return self._imported[name]
            self._open.add(name)
            self._types[name] = self._read(self._definitions[name])
            self._open.discard(name)
        return self._types[name]

    def __iter__(self) -> Iterator[str]:
        return iter({**self._definitions, **self._imported})

    def __len__(self) -> int:
        return len({**self._definitions, **self._imported})

    def of(self, element: etree._Element, attribute: str = "typeRef") -> Type:
        """Return the type that ``element`` refers to; an unknown one is reported and counts as Any."""
        kind = self.find(reference := type_reference(element, attribute))
        if kind.known:
            return kind
        self._report(element, _("There is no type %(name)s.", name=reference.rpartition("}")[2]))
        return ANY

    def find(self, reference: str) -> Type:
        """Return the type of a ``typeRef``; "" is Any, ``UNKNOWN`` if there is none of that name.

        Args:
            reference: ``name``, ``import.name``, ``prefix:name``, ``{namespace}name`` or a type of the
                language with parts, such as ``list<name>``.
        """
        if not reference:
            return ANY
        namespace, _brace, name = reference.removeprefix("{").rpartition("}")
        if namespace:
            return self._within(self._prefixes.get(namespace, ""), name)
        if "<" in reference:
            return types.simple(reference) or self._composed(reference)
        prefix, _colon, short = reference.rpartition(":")
        return self._within(prefix, short)

    def _within(self, prefix: str, name: str) -> Type:
        """Return the type of a name of this model, of the import called ``prefix``, or of the language."""
        for known in (f"{prefix}.{name}" if prefix else name, name):
            if known in self:
                return self[known]
            if known in self._open and types.simple(known) is None:
                return ANY  # a type that holds itself
        return types.simple(name.removeprefix("feel.")) or UNKNOWN

    def _composed(self, reference: str) -> Type:
        try:
            parser = Parser(reference, self)
            node = parser.type()
            parser.end()
        except (FeelError, RecursionError):
            return UNKNOWN
        return types.resolve(node, self)

    def _read(self, element: etree._Element) -> Type:
        components = list(children(element, "itemComponent"))
        function = child(element, "functionItem")
        if function is not None:
            kind = Type(
                "function",
                parameters=tuple(self.of(part) for part in children(function, "parameters")),
                result=self.of(function, "outputTypeRef"),
            )
        elif components:
            kind = Type("context", fields=tuple((name_of(part), self._read(part)) for part in components))
        else:
            kind = self.of(element)
        allowed = child(element, "allowedValues")
        if allowed is not None:
            kind = self._restricted(kind, allowed)
        if element.get("isCollection") in ("true", "1"):
            kind = Type("list", element=kind)
        constraint = child(element, "typeConstraint")
        return kind if constraint is None else self._restricted(kind, constraint)

    def _restricted(self, kind: Type, element: etree._Element) -> Type:
        tests = self._compile_tests(text(element, "text"), element)
        if tests is None:
            return kind
        before = kind.allowed

        def allowed(run: Run, value: object) -> bool:
            return (before is None or before(run, value)) and tests.run(value, Scope({}, None, run))

        return replace(kind, allowed=allowed, tests=tests)
