"""Rules about ids and references: everything that is named exists, once, and is of the right kind."""

from __future__ import annotations

from collections.abc import Iterator

from bpm.engine.diagram.elements import ACTIVITIES, FLOW_NODES
from bpm.engine.diagram.xml import Node, children, flag, reference, tag_of
from bpm.engine.lint.walk import Diagram, error, warning
from bpm.engine.problems import Problem

# attribute, and the kinds of element it may point at
_EVENT_DEFINITIONS = ("signalEventDefinition", "messageEventDefinition", "errorEventDefinition",
                      "escalationEventDefinition", "timerEventDefinition", "conditionalEventDefinition",
                      "compensateEventDefinition", "cancelEventDefinition", "linkEventDefinition",
                      "terminateEventDefinition")  # fmt: skip
_ATTRIBUTES: dict[str, tuple[str, ...]] = {
    "messageRef": ("message",),
    "signalRef": ("signal",),
    "errorRef": ("error",),
    "escalationRef": ("escalation",),
    "default": ("sequenceFlow",),
    "activityRef": (*ACTIVITIES, "subChoreography"),
    "attachedToRef": ACTIVITIES,
    "dataObjectRef": ("dataObject",),
    "noneBehaviorEventRef": _EVENT_DEFINITIONS,
    "oneBehaviorEventRef": _EVENT_DEFINITIONS,
}
# what a run does without: a dangling one is told, and nothing else
_DESCRIPTIVE: dict[str, tuple[str, ...]] = {
    "processRef": ("process",),
    "operationRef": ("operation",),
    "itemSubjectRef": ("itemDefinition",),
    "itemRef": ("itemDefinition",),
    "dataStoreRef": ("dataStore",),
    "correlationKeyRef": ("correlationKey",),
    "definitionalCollaborationRef": ("collaboration", "choreography", "globalConversation"),
}
_NO_REFERENCE = ("association", "conversationLink", "messageFlow", "sequenceFlow")


def executable(diagram: Diagram) -> Iterator[Problem]:
    """There is a process that may run."""
    processes = list(children(diagram.root, "process"))
    if not processes:
        yield error(diagram.root, "no_process", "The file has no process.")
    elif all(node.get("isExecutable") is not None and not flag(node, "isExecutable") for node in processes):
        yield error(
            processes[0],
            "not_executable",
            "This drawing cannot run yet: the process “%(element)s” is marked as not executable.",
            {
                "action": "set_attribute",
                "element": processes[0].get("id"),
                "name": "isExecutable",
                "value": "true",
            },
        )
    for node in processes:
        if not node.get("id"):
            yield error(node, "no_id", "A process has no id.")


def ids(diagram: Diagram) -> Iterator[Problem]:
    """Every id stands for one element and is written as XML allows."""
    seen: set[str] = set()
    for node in diagram.root.iter():
        key = node.get("id") if tag_of(node) else None
        if key is None:
            continue
        if key in seen:
            yield error(node, "duplicate_id", "The id “%(id)s” is used more than once.", id=key)
        elif not key.strip() or any(character.isspace() or character == ":" for character in key):
            yield error(node, "bad_id", "“%(id)s” cannot be an id: it has spaces or a colon.", id=key)
        seen.add(key)


def steps_without_id(diagram: Diagram) -> Iterator[Problem]:
    """Every step has an id, by which flows and the history name it."""
    for scope in diagram.scopes:
        for node in scope.nodes:
            if not node.get("id"):
                yield error(
                    node,
                    "no_id",
                    "A step without an id stands in “%(where)s”.",
                    where=scope.node.get("name") or scope.node.get("id") or "",
                )


def references(diagram: Diagram) -> Iterator[Problem]:
    """What is referred to exists and is of the right kind."""
    for tag, nodes in diagram.nodes.items():
        if tag in _NO_REFERENCE:
            continue
        for node in nodes:
            for name in node.attrib:
                yield from _one(diagram, node, str(name))


def _one(diagram: Diagram, node: Node, name: str) -> Iterator[Problem]:
    kinds = _ATTRIBUTES.get(name) or _DESCRIPTIVE.get(name)
    text = (node.get(name) or "").strip()
    if kinds is None or not text:
        return
    target = diagram.found(text)
    fix = {"action": "remove_attribute", "element": node.get("id"), "name": name}
    values = {"id": text, "name": name}
    if target is None and name in _DESCRIPTIVE:
        yield warning(
            node,
            "unknown_description",
            "“%(element)s” refers to “%(id)s” (%(name)s), which does not exist; it runs without it.",
            fix,
            **values,
        )
    elif target is None:
        yield error(
            node,
            "dangling_reference",
            "“%(element)s” refers to “%(id)s” (%(name)s), which does not exist.",
            fix,
            **values,
        )
    elif tag_of(target) not in kinds:
        yield warning(
            node,
            "wrong_reference",
            "“%(element)s” refers to “%(id)s” (%(name)s), which is no %(kind)s, so the reference "
            "does not count.",
            fix,
            kind="step" if kinds[0] == ACTIVITIES[0] else kinds[0],
            **values,
        )


def shared_definitions(diagram: Diagram) -> Iterator[Problem]:
    """An event that refers to a shared event definition refers to one that exists."""
    for node in diagram.every("eventDefinitionRef"):
        owner, text = node.getparent(), (node.text or "").strip()
        if owner is not None and reference(text) not in diagram.references.event_definitions:
            yield error(
                owner,
                "dangling_reference",
                "“%(element)s” refers to “%(id)s” (%(name)s), which does not exist.",
                id=text,
                name="eventDefinitionRef",
            )


def lanes(diagram: Diagram) -> Iterator[Problem]:
    """A lane holds steps of its process, each step in one lane of a set (BPMN 2.0, 10.8)."""
    for lane_set in diagram.every("laneSet"):
        seen: dict[str, Node] = {}
        for lane in children(lane_set, "lane"):
            for one in children(lane, "flowNodeRef"):
                target = diagram.found(one.text)
                key = reference(one.text)
                if target is None or tag_of(target) not in FLOW_NODES:
                    yield warning(
                        lane,
                        "lane_reference",
                        "The lane “%(element)s” names “%(id)s”, which is no step.",
                        id=(one.text or "").strip(),
                    )
                elif seen.setdefault(key, lane) is not lane:
                    yield warning(
                        target, "two_lanes", "“%(element)s” stands in two lanes; the last one counts."
                    )


__all__ = ["executable", "ids", "lanes", "references", "shared_definitions", "steps_without_id"]
