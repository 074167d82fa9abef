"""What a diagram declares beside its processes: messages, signals, errors, escalations.

Also event definitions and tasks that are declared once and referred to (BPMN 2.0, 8.4).
"""

from __future__ import annotations

from bpm.engine.diagram.xml import Node, bpmn, children, reference, tag_of

EVENT_DEFINITIONS = {
    "messageEventDefinition": "message",
    "signalEventDefinition": "signal",
    "timerEventDefinition": "timer",
    "conditionalEventDefinition": "conditional",
    "errorEventDefinition": "error",
    "escalationEventDefinition": "escalation",
    "compensateEventDefinition": "compensate",
    "cancelEventDefinition": "cancel",
    "linkEventDefinition": "link",
    "terminateEventDefinition": "terminate",
}


class References:
    """The root elements of one file, by id."""

    def __init__(self, root: Node) -> None:
        self.messages: dict[str, Node] = {}
        self.signals: dict[str, Node] = {}
        self.errors: dict[str, Node] = {}
        self.escalations: dict[str, Node] = {}
        self.event_definitions: dict[str, Node] = {}
        self.global_tasks: dict[str, Node] = {}
        self.processes: dict[str, Node] = {}
        self.message_flows: list[Node] = list(root.iter(bpmn("messageFlow")))
        for node in root:
            self._sort(node, tag_of(node), node.get("id", ""))

    def _sort(self, node: Node, tag: str, key: str) -> None:
        kinds = {
            "message": self.messages,
            "signal": self.signals,
            "error": self.errors,
            "escalation": self.escalations,
            "process": self.processes,
        }
        if tag in kinds:
            kinds[tag][key] = node
        elif tag in EVENT_DEFINITIONS:
            self.event_definitions[key] = node
        elif tag.startswith("global") and tag.endswith("Task"):
            self.global_tasks[key] = node

    def definitions_of(self, event: Node) -> list[Node]:
        """Return the event definitions of an event, those it refers to included, in order."""
        found = []
        for child in event:
            if tag_of(child) in EVENT_DEFINITIONS:
                found.append(child)
            elif tag_of(child) == "eventDefinitionRef":
                shared = self.event_definitions.get(reference(child.text))
                if shared is not None:
                    found.append(shared)
        return found

    def message_of_flow(self, element: str) -> Node | None:
        """Return the message of a message flow that begins or ends at an element, else the flow itself."""
        for flow in self.message_flows:
            if element in (reference(flow.get("sourceRef")), reference(flow.get("targetRef"))):
                return self.messages.get(reference(flow.get("messageRef")), flow)
        return None

    def named(self, definition: Node, kind: str) -> Node | None:
        """Return the message, signal, error or escalation that an event definition refers to."""
        table = {
            "message": self.messages,
            "signal": self.signals,
            "error": self.errors,
            "escalation": self.escalations,
        }
        return table[kind].get(reference(definition.get(f"{kind}Ref"))) if kind in table else None


def kind_of(definition: Node) -> str:
    """Return the short kind of an event definition."""
    return EVENT_DEFINITIONS[tag_of(definition)]


def lanes_of(container: Node) -> dict[str, dict[str, str]]:
    """Return the innermost lane of each element of a container."""
    found: dict[str, dict[str, str]] = {}
    for lane_set in container.iter(bpmn("laneSet")):
        if lane_set.getparent() is not container and tag_of(_owner(lane_set)) != "lane":
            continue
        for lane in children(lane_set, "lane"):
            told = {"id": lane.get("id", ""), "name": lane.get("name", "")}
            for one in children(lane, "flowNodeRef"):
                found[reference(one.text)] = told
    return found


def _owner(lane_set: Node) -> Node:
    parent = lane_set.getparent()
    assert parent is not None
    return parent
