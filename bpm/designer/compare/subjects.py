"""A diagram taken apart into what people can point at: steps, ways, lanes, messages … and the process.

Knows BPMN 2.0 as far as it is written down (clauses 8 to 10); says nothing in words.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from lxml import etree

from bpm.engine import dialect
from bpm.engine.diagram.xml import Node, local_name, namespace_of, tag_of

DI = "http://www.omg.org/spec/BPMN/20100524/DI"
# what holds things that are told of one by one
_CONTAINERS = frozenset({
    "definitions", "process", "subProcess", "transaction", "adHocSubProcess", "collaboration", "laneSet",
    "childLaneSet", "choreography", "subChoreography", "globalConversation",
})  # fmt: skip
# hold such things but are not told of themselves
_THROUGH = frozenset({"laneSet", "childLaneSet"})
_PARTS = frozenset({
    "extensionElements", "documentation", "incoming", "outgoing", "ioSpecification", "property", "import",
    "loopCharacteristics", "standardLoopCharacteristics", "multiInstanceLoopCharacteristics",
    "dataInputAssociation", "dataOutputAssociation", "resourceRole", "performer", "humanPerformer",
    "potentialOwner", "auditing", "monitoring", "supports", "correlationSubscription", "completionCondition",
    "extension", "relationship",
})  # fmt: skip
FLOWS = ("sequenceFlow", "messageFlow", "association")

Canonical = tuple[Any, ...]


def canonical(node: Node) -> Canonical:
    """Return what a node says, whatever the order of its attributes and the spaces between elements."""
    inner = [one for one in node if isinstance(one.tag, str)]
    text = node.text or ""
    return (
        str(node.tag),
        tuple(sorted((str(name), str(value)) for name, value in node.attrib.items())),
        text.strip() if inner or not text.strip() else text,
        tuple(canonical(one) for one in inner),
    )


@dataclass
class Subject:
    """Something that can be pointed at, without what it contains."""

    id: str
    node: Node
    parent: str | None
    parts: dict[str, list[Node]] = field(default_factory=dict)

    @property
    def tag(self) -> str:
        """The BPMN tag, for instance ``userTask``."""
        return tag_of(self.node)

    @cached_property
    def event(self) -> str:
        """What an event waits for or throws: the tag of its first definition; empty if nothing."""
        found = (name for name in self.parts if name.endswith("EventDefinition"))
        return next(found, "")

    @cached_property
    def attributes(self) -> Mapping[str, str]:
        """Its own attributes but the id, by local name; foreign ones by their full name."""
        return {str(name): str(value) for name, value in self.node.attrib.items() if name != "id"}

    @cached_property
    def ours(self) -> dict[str, list[Node]]:
        """Elements of the dialect within it, by tag."""
        found: dict[str, list[Node]] = {}
        for one in self._extensions():
            if namespace_of(one) == dialect.URI:
                found.setdefault(local_name(one), []).append(one)
        return found

    @cached_property
    def foreign(self) -> list[Canonical]:
        """Elements of others within it."""
        return [canonical(one) for one in self._extensions() if namespace_of(one) != dialect.URI]

    def _extensions(self) -> Iterator[Node]:
        for holder in self.parts.get("extensionElements", ()):
            yield from (one for one in holder if isinstance(one.tag, str))

    @cached_property
    def content(self) -> Canonical:
        """Everything that is said of it."""
        parts = sorted(
            (name, tuple(canonical(one) for one in nodes))
            for name, nodes in self.parts.items()
            if name != "extensionElements"
        )
        given = sorted((name, tuple(map(canonical, nodes))) for name, nodes in self.ours.items())
        return (
            self.tag,
            tuple(sorted(self.attributes.items())),
            tuple(parts),
            tuple(given),
            tuple(self.foreign),
        )


class Diagram:
    """One version: its subjects by id, and where they are drawn."""

    def __init__(self, root: Node) -> None:
        self.root = root
        self.subjects: dict[str, Subject] = {}
        self.rest: list[Canonical] = []
        self._take(root, None)

    def _take(self, holder: Node, parent: str | None) -> None:
        owner = self.subjects.get(parent or "")
        for node in holder:
            if not isinstance(node.tag, str) or namespace_of(node) == DI:
                continue
            tag = tag_of(node)
            if tag in _THROUGH:
                self._take(node, parent)
            elif self._is_subject(node, tag, holder):
                subject = Subject(str(node.get("id")), node, parent)
                self.subjects[subject.id] = subject
                self._take(node, subject.id)
            elif owner is not None:
                owner.parts.setdefault(tag or str(node.tag), []).append(node)
            else:
                self.rest.append(canonical(node))

    @staticmethod
    def _is_subject(node: Node, tag: str, holder: Node) -> bool:
        return bool(tag and node.get("id") and tag_of(holder) in _CONTAINERS and tag not in _PARTS)

    @cached_property
    def flows(self) -> dict[str, Subject]:
        """The ways of steps, by id."""
        return {key: one for key, one in self.subjects.items() if one.tag == "sequenceFlow"}

    @cached_property
    def lists_ways(self) -> bool:
        """Whether the file lists at each step the ways into it and out of it."""
        return any(one.parts.get("outgoing") for one in self.subjects.values())

    def ways_from(self, step: str) -> Sequence[Subject]:
        """The ways out of a step in the order of the file, which is the order in which they are tried."""
        return [one for one in self.flows.values() if one.node.get("sourceRef") == step]

    def inside(self, key: str) -> list[str]:
        """Return the ids of everything within a subject."""
        found = [one.id for one in self.subjects.values() if one.parent == key]
        return found + [inner for one in found for inner in self.inside(one)]

    @cached_property
    def shapes(self) -> dict[str, Canonical]:
        """How each element is drawn, by the element's id."""
        found: dict[str, Canonical] = {}
        for node in self.root.iter(f"{{{DI}}}BPMNShape", f"{{{DI}}}BPMNEdge"):
            found[str(node.get("bpmnElement"))] = canonical(node)
        return found

    @cached_property
    def paper(self) -> Canonical:
        """What is said of the drawing as a whole."""

        def own(node: Node) -> Canonical:
            return (str(node.tag), tuple(sorted((str(k), str(v)) for k, v in node.attrib.items())))

        names = (f"{{{DI}}}BPMNDiagram", f"{{{DI}}}BPMNPlane", f"{{{DI}}}BPMNLabelStyle")
        return tuple(own(node) for node in self.root.iter(*names))


def own_attributes(root: etree._Element) -> dict[str, str]:
    """Return the attributes of the file's outermost element."""
    return {str(name): str(value) for name, value in root.attrib.items()}
