"""A process as steps and arrows, and its XML. Knows BPMN and our dialect, nothing of questions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from lxml import etree

from bpm.designer import diagram
from bpm.designer.questions.words import Words, spoken, translations
from bpm.engine.diagram.xml import XSI, Node, bpmn
from bpm.engine.dialect import LANGUAGES, URI


@dataclass
class Extension:
    """One element of our dialect; ``labels``: its words in every language."""

    tag: str
    attributes: Mapping[str, str] = field(default_factory=dict)
    children: list[Extension] = field(default_factory=list)
    text: str = ""
    labels: Words = field(default_factory=dict)

    def write(self, parent: Node) -> None:
        attributes = {name: value for name, value in self.attributes.items() if value}
        node = etree.SubElement(parent, f"{{{URI}}}{self.tag}", attributes)
        node.text = self.text or None
        for child in self.children:
            child.write(node)
        for language, text in translations(self.labels).items():
            Extension("label", {"language": language, "text": text}).write(node)


@dataclass
class Step:
    """One shape. ``inner``: what stands in it besides extensions and arrows, by tag and text."""

    id: str
    tag: str
    names: Words = field(default_factory=dict)
    extensions: list[Extension] = field(default_factory=list)
    title: Words = field(default_factory=dict)
    attributes: dict[str, str] = field(default_factory=dict)
    script: str = ""
    timer: str = ""
    message: str = ""


class Rule(NamedTuple):
    """What a field must be: a text compared with ``=``, or a number with ``>``."""

    field: str
    op: str
    value: str

    @property
    def feel(self) -> str:
        return f"={self.field} {self.op} " + (f'"{self.value}"' if self.op == "=" else self.value)


@dataclass
class Arrow:
    """A sequence flow; with a condition it is followed if the field is like that."""

    source: str
    target: str
    names: Words = field(default_factory=dict)
    condition: Rule | None = None

    @property
    def id(self) -> str:
        return f"flow_{self.source}_{self.target}"


@dataclass
class Model:
    """The whole process."""

    key: str
    name: str
    extensions: list[Extension] = field(default_factory=list)
    title: Words = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)
    arrows: list[Arrow] = field(default_factory=list)

    def then(self, *steps: Step) -> Step:
        """Add steps one after the other; the first follows the last one added. Return the last."""
        for step in steps:
            if self.steps:
                self.arrows.append(Arrow(self.steps[-1].id, step.id))
            self.steps.append(step)
        return self.steps[-1]

    def branch(self, source: str, steps: list[Step], names: Words, condition: Rule | None) -> None:
        """Add a way out of a diamond with its steps; without a condition it is the way taken otherwise."""
        self.lead(source, steps[0].id, names, condition)
        for number, step in enumerate(steps):
            self.steps.append(step)
            if number:
                self.arrows.append(Arrow(steps[number - 1].id, step.id))

    def lead(self, source: str, target: str, names: Words, condition: Rule | None) -> None:
        """Add a way out of a diamond to a step that is there or will be."""
        arrow = Arrow(source, target, names, condition)
        self.arrows.append(arrow)
        if condition is None:
            next(step for step in self.steps if step.id == source).attributes["default"] = arrow.id

    def xml(self) -> str:
        """Return the diagram, without places."""
        spaces = {"bpmn": bpmn("")[1:-1], "bpmndi": diagram.DI, "bpm": URI, "xsi": XSI}
        root = etree.Element(bpmn("definitions"), nsmap=spaces)
        root.set("id", f"{self.key}_file")
        root.set("targetNamespace", "urn:bpm:processes")
        for step in self.steps:
            if step.message:
                etree.SubElement(root, bpmn("message"), id=f"message_{step.id}", name=step.message)
        process = etree.SubElement(root, bpmn("process"), id=self.key, name=self.name, isExecutable="true")
        _extend(process, self.extensions, {"en": self.name}, self.title)
        for step in self.steps:
            self._write_step(process, step)
        for arrow in self.arrows:
            _write_arrow(process, arrow)
        return diagram.text_of(root)

    def _write_step(self, process: Node, step: Step) -> None:
        node = etree.SubElement(process, bpmn(step.tag), id=step.id)
        for name, value in step.attributes.items():
            node.set(name, value)
        if step.names:
            node.set("name", spoken(step.names))
        _extend(node, step.extensions, step.names, step.title)
        for arrow in self.arrows:
            if arrow.target == step.id:
                etree.SubElement(node, bpmn("incoming")).text = arrow.id
        for arrow in self.arrows:
            if arrow.source == step.id:
                etree.SubElement(node, bpmn("outgoing")).text = arrow.id
        if step.script:
            etree.SubElement(node, bpmn("script")).text = step.script
        if step.timer:
            definition = etree.SubElement(node, bpmn("timerEventDefinition"), id=f"{step.id}_timer")
            _expression(definition, "timeCycle", step.timer)
        if step.message:
            messages = {"id": f"{step.id}_message", "messageRef": f"message_{step.id}"}
            etree.SubElement(node, bpmn("messageEventDefinition"), messages)


def _write_arrow(process: Node, arrow: Arrow) -> None:
    ends = {"id": arrow.id, "sourceRef": arrow.source, "targetRef": arrow.target}
    node = etree.SubElement(process, bpmn("sequenceFlow"), ends)
    if arrow.names:
        node.set("name", spoken(arrow.names))
    if arrow.condition is None:
        _extend(node, [], arrow.names, {})
        return
    rule = arrow.condition
    row = Extension("rule", {"field": rule.field, "op": rule.op, "value": rule.value})
    _extend(node, [Extension("condition", {"match": "all"}, [row])], arrow.names, {})
    _expression(node, "conditionExpression", rule.feel)


def _expression(parent: Node, tag: str, text: str) -> None:
    node = etree.SubElement(parent, bpmn(tag))
    node.set(f"{{{XSI}}}type", "bpmn:tFormalExpression")
    node.text = text


def _extend(node: Node, extensions: list[Extension], names: Words, title: Words) -> None:
    """Write the extension elements, with the words of the other languages."""
    all_of_them = [Extension("title", text=spoken(title))] if title else []
    other_names, other_titles = translations(names), translations(title)
    for language in LANGUAGES:
        words = {"name": other_names.get(language, ""), "title": other_titles.get(language, "")}
        if any(words.values()):
            all_of_them.append(Extension("translation", {"language": language, **words}))
    all_of_them += extensions
    if all_of_them:
        holder = etree.SubElement(node, bpmn("extensionElements"))
        for one in all_of_them:
            one.write(holder)
