"""What the lint rules share: walking a diagram and telling a problem at an element."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bpm.engine.problems import Problem
from bpm.engine.xml import Node, bpmn, children, flag, id_of, reference, tag_of

CONTAINERS = ("process", "subProcess", "transaction", "adHocSubProcess")
SUB_PROCESSES = ("subProcess", "transaction", "adHocSubProcess")
TASKS = (
    "task",
    "userTask",
    "manualTask",
    "scriptTask",
    "serviceTask",
    "sendTask",
    "receiveTask",
    "businessRuleTask",
    "callActivity",
)
ACTIVITIES = (*TASKS, *SUB_PROCESSES)
GATEWAYS = (
    "exclusiveGateway",
    "parallelGateway",
    "inclusiveGateway",
    "complexGateway",
    "eventBasedGateway",
)
EVENTS = ("startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent")
FLOW_NODES = (*ACTIVITIES, *GATEWAYS, *EVENTS)


def error(node: Node | None, code: str, message: str, /, **values: Any) -> Problem:
    """Return an error at an element; ``%(element)s`` in the message becomes its name."""
    return Problem(None if node is None else id_of(node), code, message, _named(node, values))


def warning(node: Node, code: str, message: str, /, **values: Any) -> Problem:
    """Return a warning at an element."""
    return Problem(id_of(node), code, message, _named(node, values), "warning")


def _named(node: Node | None, values: dict[str, Any]) -> dict[str, Any]:
    name = "" if node is None else " ".join((node.get("name") or id_of(node) or tag_of(node)).split())
    return {"element": name, **values}


def containers(root: Node) -> Iterator[Node]:
    """Yield every process and sub-process."""
    yield from root.iter(*(bpmn(tag) for tag in CONTAINERS))


def flow_nodes(container: Node) -> list[Node]:
    """Return the activities, gateways and events that stand directly in a container."""
    return list(children(container, *FLOW_NODES))


def flows(container: Node) -> list[Node]:
    """Return the sequence flows of a container."""
    return list(children(container, "sequenceFlow"))


def flow_counts(container: Node) -> tuple[dict[str, int], dict[str, int]]:
    """Return how many flows come into and go out of each element of a container."""
    incoming: dict[str, int] = {}
    outgoing: dict[str, int] = {}
    for flow in flows(container):
        source, target = reference(flow.get("sourceRef")), reference(flow.get("targetRef"))
        outgoing[source] = outgoing.get(source, 0) + 1
        incoming[target] = incoming.get(target, 0) + 1
    return incoming, outgoing


def is_event_sub_process(node: Node) -> bool:
    """Whether a sub-process is begun by an event."""
    return tag_of(node) == "subProcess" and flag(node, "triggeredByEvent")


def is_for_compensation(node: Node) -> bool:
    """Whether an activity only runs to undo another."""
    return flag(node, "isForCompensation")
