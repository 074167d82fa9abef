"""XML of DMN 1.1 to 1.5 to a ``Model``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypedDict

from lxml import etree

from bpm.dmn import document
from bpm.dmn.boxed import Builder
from bpm.dmn.elements import DecisionElement, Element, Home, InputData, Key, KnowledgeModel, Service
from bpm.dmn.item_types import ItemTypes
from bpm.dmn.model import Model
from bpm.dmn.table_reader import build_table
from bpm.dmn.tables import Table
from bpm.feel.expression import UnaryTests, special_names
from bpm.feel.scope import Closure
from bpm.feel.types import ANY, Type
from bpm.language import _

_NAMED = frozenset({
    "inputData", "decision", "businessKnowledgeModel", "decisionService", "itemComponent", "variable",
    "output", "column", "itemDefinition", "parameters",
})  # fmt: skip
_REQUIREMENTS = ("informationRequirement", "knowledgeRequirement")
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
    home: Home


class _Reader:
    def __init__(self, root: etree._Element, imported: dict[str, Model]) -> None:
        self.root = root
        self.imported = imported
        self.model = Model(document.identity(root), document.name_of(root), root.get("namespace", ""))
        self.sources: dict[Key, etree._Element] = {}
        definitions = {document.name_of(one): one for one in document.children(root, "itemDefinition")}
        self.types = ItemTypes(definitions, self.model.namespace, self._tests, self.report)
        self.build = Builder(self.types, (), self.report)

    def report(self, element: etree._Element, text: str) -> None:
        path = document.path_of(element)
        self.model.problems.append((document.place_of(element), f"{path}: {text}" if path else text))

    def read(self) -> Model:
        names = {one for one in self._names(self.root) if one}
        for element in document.children(self.root, "import"):
            self._import(element, names)
        self.build.names = special_names(names)
        self.model.names = frozenset(names)
        self.model.types = self.types
        for name in self.types:
            self.types.find(name)
        for element in self.root:
            self._element(element)
        home = self.model.home
        for one in self.model.elements.values():
            if not home.path(one.key):
                home.declared.update((one.name, one.variable))
            if one.key[0] == home.namespace:
                home.own.update((one.name, one.variable))
        self._check_requirements()
        return self.model

    def _tests(self, source: str, element: etree._Element) -> UnaryTests | None:
        return self.build.tests(source, element)

    def _names(self, element: etree._Element) -> Iterator[str]:
        for one in element.iter():
            if document.local(one) in _NAMED:
                yield document.name_of(one)
            if variable := one.get("iteratorVariable"):
                yield document.plain_name(variable)

    def _import(self, element: etree._Element, names: set[str]) -> None:
        namespace, prefix = element.get("namespace", ""), document.name_of(element)
        model = self.imported.get(namespace)
        if "DMN" not in element.get("importType", "DMN").upper():
            return
        if model is None:
            self.report(
                element,
                _("The model %(name)s, which this one imports, is missing.", name=prefix or namespace),
            )
            return
        self.types.add(prefix, namespace, model.types)
        names.update(model.names)
        names.add(prefix)
        for key, imported in model.elements.items():
            self.model.elements.setdefault(key, imported)
        paths = self.model.home.paths
        path = (prefix,) if prefix else ()
        paths[namespace] = path
        for inner, names_of_inner in model.home.paths.items():
            paths.setdefault(inner, path + names_of_inner)

    def _check_requirements(self) -> None:
        """Report references to nothing, and decisions that require themselves (DMN 1.5, 6.2.2.1)."""
        for key, element in self.sources.items():
            for missing in self.model.elements[key].references():
                if missing not in self.model.elements:
                    self.report(element, _("It refers to %(id)s, which does not exist.", id=missing[1]))
            if self._requires_itself(key):
                self.report(
                    element, _("The decision %(name)s requires itself.", name=document.name_of(element))
                )

    def _requires_itself(self, key: Key) -> bool:
        """Follow the decisions behind a decision; functions may call themselves."""
        waiting, seen = [key], set[Key]()
        while waiting:
            element = self.model.elements.get(waiting.pop())
            if isinstance(element, DecisionElement):
                if key in element.requirements:
                    return True
                waiting += [one for one in element.requirements if one not in seen]
                seen.update(element.requirements)
        return False

    # ------------------------------------------------------------ elements

    def _element(self, element: etree._Element) -> None:
        match document.local(element):
            case "inputData":
                self._add(element, InputData(**self._common(element)))
            case "decision":
                self._add(element, self._decision(element))
            case "businessKnowledgeModel":
                self._add(element, self._knowledge(element))
            case "decisionService":
                self._add(element, self._service(element))

    def _add(self, source: etree._Element, element: Element) -> None:
        if element.key in self.sources:
            self.report(source, _("The id %(id)s is used twice.", id=element.id))
        self.sources[element.key] = source
        self.model.elements[element.key] = element

    def _common(self, element: etree._Element) -> _Common:
        variable = document.child(element, "variable")
        return _Common(
            key=(self.model.namespace, document.identity(element) or document.name_of(element)),
            name=document.name_of(element),
            type=self.build.type(variable),
            variable="" if variable is None else document.name_of(variable),
            home=self.model.home,
        )

    def _references(self, element: etree._Element, *names: str) -> tuple[Key, ...]:
        found = []
        for one in document.children(element, *names):
            namespace, identifier = document.href(one)
            found.append((namespace or self.model.namespace, identifier))
        return tuple(found)

    def _requirements(self, element: etree._Element) -> tuple[Key, ...]:
        """Return what an element requires; sources of authority are for people only (6.2.3)."""
        return tuple(
            key
            for requirement in document.children(element, *_REQUIREMENTS)
            for key in self._references(requirement, *_REQUIRED)
        )

    def _decision(self, element: etree._Element) -> DecisionElement:
        logic = document.boxed(element)
        common = self._common(element)
        table: Table | None = None
        closure: Closure | None = None
        if logic is not None and document.local(logic) == "decisionTable":
            table = build_table(self.build, logic, common["type"])
            closure = table.evaluate
        elif logic is not None:
            closure = self.build(logic)
        return DecisionElement(
            **common,
            requirements=self._requirements(element),
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
            if common["type"] is ANY:
                common["type"] = self.build.type(logic)
        return KnowledgeModel(
            **common,
            requirements=self._requirements(element),
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
