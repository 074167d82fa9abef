"""XML of DMN 1.1 to 1.5 to a ``Model``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypedDict

from lxml import etree

from bpm.dmn import document
from bpm.dmn.boxed import Builder
from bpm.dmn.item_types import ItemTypes
from bpm.dmn.model import DecisionElement, Element, InputData, Key, KnowledgeModel, Model, Service
from bpm.dmn.tables import Table
from bpm.feel.expression import UnaryTests, special_names
from bpm.feel.scope import Closure
from bpm.feel.types import ANY, Type
from bpm.language import _

_NAMED = frozenset({
    "inputData", "decision", "businessKnowledgeModel", "decisionService", "itemComponent", "variable",
    "output", "column", "itemDefinition", "parameters",
})  # fmt: skip
_REQUIRED = ("requiredInput", "requiredDecision", "requiredKnowledge")


def read(xml: bytes, imported: Iterable[Model] = ()) -> Model:
    """Read a decision model.

    Args:
        xml: the file.
        imported: the models that it may import, found by their namespace.

    Raises:
        DmnError: the file is no decision model. Faults inside it are in ``Model.problems``.
    """
    return _Reader(document.parse(xml), {model.namespace: model for model in imported}).read()


class _Common(TypedDict):
    """What every element has."""

    key: Key
    name: str
    type: Type
    variable: str
    prefixes: dict[str, str]


class _Reader:
    def __init__(self, root: etree._Element, imported: dict[str, Model]) -> None:
        self.root = root
        self.imported = imported
        self.model = Model(document.identity(root), document.name_of(root), root.get("namespace", ""))

    def report(self, place: str, text: str) -> None:
        self.model.problems.append((place, text))

    def read(self) -> Model:
        names = {one for one in self._names(self.root) if one}
        definitions = {document.name_of(one): one for one in document.children(self.root, "itemDefinition")}
        self.build = Builder(types := ItemTypes(definitions, self._tests), (), self.report)
        for element in document.children(self.root, "import"):
            self._import(element, types, names)
        self.build.names = special_names(names)
        self.model.names = frozenset(names)
        self.model.types = types
        for name in definitions:
            types.find(name)
        for element in self.root:
            self._element(element)
        self.model.element_names = frozenset(one.name for one in self.model.elements.values())
        return self.model

    def _tests(self, source: str, place: str) -> UnaryTests | None:
        return self.build.tests(source, place)

    def _names(self, element: etree._Element) -> Iterator[str]:
        for one in element.iter():
            if document.local(one) in _NAMED:
                yield document.name_of(one)
            if variable := one.get("iteratorVariable"):
                yield variable

    def _import(self, element: etree._Element, types: ItemTypes, names: set[str]) -> None:
        namespace, prefix = element.get("namespace", ""), document.name_of(element)
        model = self.imported.get(namespace)
        if "DMN" not in element.get("importType", "DMN").upper():
            return
        if model is None:
            self.report(
                document.identity(element),
                _("The model %(name)s, which this one imports, is missing.", name=prefix or namespace),
            )
            return
        types.add(prefix, model.types)
        names.update(model.names)
        names.add(prefix)
        for key, imported in model.elements.items():
            self.model.elements.setdefault(key, imported)
        self.model.prefixes[namespace] = prefix
        for inner, name in model.prefixes.items():
            self.model.prefixes.setdefault(inner, f"{prefix}.{name}" if prefix and name else prefix or name)

    # ------------------------------------------------------------ elements

    def _element(self, element: etree._Element) -> None:
        match document.local(element):
            case "inputData":
                self._add(InputData(**self._common(element)))
            case "decision":
                self._add(self._decision(element))
            case "businessKnowledgeModel":
                self._add(self._knowledge(element))
            case "decisionService":
                self._add(self._service(element))

    def _add(self, element: Element) -> None:
        if element.key in self.model.elements:
            self.report(element.id, _("The id %(id)s is used twice.", id=element.id))
        self.model.elements[element.key] = element

    def _common(self, element: etree._Element) -> _Common:
        variable = document.child(element, "variable")
        reference = "" if variable is None else document.type_reference(variable)
        place = document.identity(element)
        return _Common(
            key=(self.model.namespace, place or document.name_of(element)),
            name=document.name_of(element),
            type=self.build.type(reference, place),
            variable="" if variable is None else document.name_of(variable),
            prefixes=self.model.prefixes,
        )

    def _references(self, element: etree._Element, *names: str) -> tuple[Key, ...]:
        found = []
        for one in element.iter():
            if document.local(one) in names:
                namespace, identifier = document.href(one)
                found.append((namespace or self.model.namespace, identifier))
        return tuple(found)

    def _decision(self, element: etree._Element) -> DecisionElement:
        logic = document.boxed(element)
        table: Table | None = None
        closure: Closure | None = None
        if logic is not None and document.local(logic) == "decisionTable":
            variable = document.child(element, "variable")
            table = self.build.table(logic, "" if variable is None else document.type_reference(variable))
            closure = table.evaluate
        elif logic is not None:
            closure = self.build(logic)
        return DecisionElement(
            **self._common(element),
            requirements=self._references(element, *_REQUIRED),
            closure=closure,
            table=table,
            names=_translations(element),
            question=document.text(element, "question"),
        )

    def _knowledge(self, element: etree._Element) -> KnowledgeModel:
        logic = document.child(element, "encapsulatedLogic")
        names: tuple[str, ...] = ()
        types: tuple[Type, ...] = ()
        body: Closure | None = None
        common = self._common(element)
        if logic is not None:
            names, types = self.build.parameters(logic)
            body = self.build.function_body(logic, names)
            reference = document.type_reference(logic)
            if common["type"] is ANY and reference:
                common["type"] = self.build.type(reference, document.identity(logic))
        return KnowledgeModel(
            **common,
            requirements=self._references(element, "requiredKnowledge"),
            parameters=names,
            types=types,
            body=body,
        )

    def _service(self, element: etree._Element) -> Service:
        return Service(
            **self._common(element),
            outputs=self._references(element, "outputDecision"),
            inputs=(*self._references(element, "inputData"), *self._references(element, "inputDecision")),
        )


def _translations(element: etree._Element) -> dict[str, str]:
    """Return the decision's names by language: its own as English, others from our extension elements."""
    names = {"en": document.name_of(element)}
    extensions = document.child(element, "extensionElements")
    if extensions is not None:
        for one in document.children(extensions, "translation"):
            if one.get("language") and one.get("name"):
                names[str(one.get("language"))] = str(one.get("name"))
    return names
