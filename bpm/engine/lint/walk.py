"""What the lint rules share: walking a diagram and telling a problem at an element."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any

from bpm.engine.diagram.elements import CONTAINERS, FLOW_NODES
from bpm.engine.diagram.references import References
from bpm.engine.diagram.xml import Node, bpmn, children, flag, id_of, reference, tag_of
from bpm.engine.problems import Problem


class Scope:
    """One process or sub-process: what stands directly in it, and its flows by their ends."""

    def __init__(self, node: Node) -> None:
        self.node = node
        self.nodes = flow_nodes(node)
        self.flows = flows(node)
        self.here = {one.get("id", ""): one for one in self.nodes}
        self.incoming: dict[str, list[Node]] = {}
        self.outgoing: dict[str, list[Node]] = {}
        for flow in self.flows:
            self.outgoing.setdefault(reference(flow.get("sourceRef")), []).append(flow)
            self.incoming.setdefault(reference(flow.get("targetRef")), []).append(flow)

    def flows_into(self, node: Node) -> list[Node]:
        """Return the flows that lead to an element of this scope."""
        return self.incoming.get(node.get("id", ""), [])

    def flows_from(self, node: Node) -> list[Node]:
        """Return the flows that lead on from an element of this scope."""
        return self.outgoing.get(node.get("id", ""), [])

    def named(self, text: str | None) -> Node | None:
        """Return the element of this scope that a reference names."""
        return self.here.get(reference(text))


class Diagram:
    """A parsed file with what the rules look up again and again."""

    def __init__(self, root: Node) -> None:
        self.root = root
        self.scopes = [Scope(node) for node in containers(root)]
        self.references = References(root)
        self.by_id: dict[str, Node] = {}
        self.nodes: dict[str, list[Node]] = {}
        for node in root.iter():
            tag = tag_of(node)
            if not tag:
                continue
            self.nodes.setdefault(tag, []).append(node)
            key = node.get("id")
            if key:
                self.by_id.setdefault(key, node)

    def every(self, *tags: str) -> Iterator[Node]:
        """Yield all BPMN elements with one of these tags."""
        for tag in tags:
            yield from self.nodes.get(tag, ())

    def found(self, text: str | None) -> Node | None:
        """Return the element that a reference names."""
        return self.by_id.get(reference(text))

    @cached_property
    def executable(self) -> list[Node]:
        """The processes that say of themselves that they may run."""
        return [node for node in children(self.root, "process") if flag(node, "isExecutable")]

    def runs(self, node: Node) -> bool:
        """Whether an element stands in a process that says it may run, or in what all processes share."""
        current: Node | None = node
        while current is not None and tag_of(current) != "process":
            current = current.getparent()
        return bool(self.executable) if current is None else current in self.executable


def error(
    node: Node | None, code: str, message: str, /, fix: dict[str, Any] | None = None, **values: Any
) -> Problem:
    """Return an error at an element; ``%(element)s`` in the message becomes its name."""
    return Problem(None if node is None else id_of(node), code, message, _named(node, values), "error", fix)


def warning(
    node: Node, code: str, message: str, /, fix: dict[str, Any] | None = None, **values: Any
) -> Problem:
    """Return a warning at an element."""
    return Problem(id_of(node), code, message, _named(node, values), "warning", fix)


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


def is_event_sub_process(node: Node) -> bool:
    """Whether a sub-process is begun by an event."""
    return tag_of(node) == "subProcess" and flag(node, "triggeredByEvent")


def is_for_compensation(node: Node) -> bool:
    """Whether an activity only runs to undo another."""
    return flag(node, "isForCompensation")
