"""Rules about pools and messages between them, and what of collaborations is not run (BPMN 2.0, 9)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bpm.engine.diagram.elements import ARTIFACTS
from bpm.engine.diagram.references import kind_of
from bpm.engine.diagram.xml import Node, children, first, reference, tag_of
from bpm.engine.lint.walk import Diagram, error, warning
from bpm.engine.problems import Problem

_ONLY_THROW = ("intermediateThrowEvent", "endEvent")
_RECEIVES = ("startEvent", "intermediateCatchEvent", "boundaryEvent")


def message_flows(diagram: Diagram) -> Iterator[Problem]:
    """Messages flow between pools, from what sends to what receives."""
    owners = _owners(diagram)
    for flow in diagram.every("messageFlow"):
        source, target = diagram.found(flow.get("sourceRef")), diagram.found(flow.get("targetRef"))
        fix = {"action": "remove_element", "element": flow.get("id")}
        for name, end in (("sourceRef", source), ("targetRef", target)):
            if end is None:
                yield error(
                    flow,
                    "flow_end_missing",
                    "The flow “%(element)s” begins or ends at “%(id)s”, which does not exist.",
                    fix,
                    id=flow.get(name) or "",
                )
            elif tag_of(end) in ARTIFACTS:
                yield error(
                    flow,
                    "artifact_message_flow",
                    "The message flow “%(element)s” begins or ends at “%(id)s”, which is a note, group "
                    "or association.",
                    fix,
                    id=end.get("id"),
                )
        if source is None or target is None:
            continue
        if _pool(owners, source) is not None and _pool(owners, source) == _pool(owners, target):
            yield error(
                flow,
                "message_flow_inside",
                "The message flow “%(element)s” stays inside one pool; use a sequence flow.",
                fix,
            )
        yield from _directions(source, target, fix)
        yield from _without_message(diagram, source, target)


def _directions(source: Node, target: Node, fix: dict[str, Any]) -> Iterator[Problem]:
    if tag_of(source) in _RECEIVES or tag_of(source) == "receiveTask":
        yield error(
            source,
            "message_flow_source",
            "A message flow cannot begin at “%(element)s”, which only receives.",
            fix,
        )
    if tag_of(target) in _ONLY_THROW or tag_of(target) == "sendTask":
        yield error(
            target,
            "message_flow_target",
            "A message flow cannot end at “%(element)s”, which only throws.",
            fix,
        )
    for end in (source, target):
        if tag_of(end).endswith("Gateway"):
            yield error(
                end,
                "message_flow_gateway",
                "A message flow cannot be connected to the gateway “%(element)s”.",
                fix,
            )


def _without_message(diagram: Diagram, source: Node, target: Node) -> Iterator[Problem]:
    for end, tags in ((source, _ONLY_THROW), (target, _RECEIVES)):
        if tag_of(end) not in tags:
            continue
        kinds = [kind_of(one) for one in diagram.references.definitions_of(end)]
        if "message" not in kinds:
            yield error(
                end,
                "message_flow_none",
                "A message flow is connected to “%(element)s”, which neither sends nor awaits a message.",
            )


def _owners(diagram: Diagram) -> dict[str, str]:
    """Return the process of each pool, and of each process itself."""
    found = {node.get("id", ""): node.get("id", "") for node in diagram.every("process")}
    for node in diagram.every("participant"):
        found[node.get("id", "")] = reference(node.get("processRef")) or node.get("id", "")
    return found


def _pool(owners: dict[str, str], node: Node) -> str | None:
    current: Node | None = node
    while current is not None:
        if tag_of(current) in ("participant", "process"):
            return owners.get(current.get("id", ""))
        current = current.getparent()
    return None


def participants(diagram: Diagram) -> Iterator[Problem]:
    """How many of a participant there may be: whole numbers, not negative, not turned round."""
    for node in diagram.every("participantMultiplicity"):
        least, most = _whole(node, "minimum", 0), _whole(node, "maximum", 1)
        if least is None or most is None or least < 0:
            yield error(
                node,
                "multiplicity",
                "The least number of participants “%(element)s” must be a whole number from 0.",
            )
        elif most < 1 or most < least:
            yield error(
                node,
                "multiplicity",
                "The largest number of participants “%(element)s” must be at least 1 and not less "
                "than the least.",
            )


def _whole(node: Node, name: str, default: int) -> int | None:
    text = node.get(name)
    if text is None:
        return default
    try:
        return int(text)
    except ValueError:
        return None


def conversations(diagram: Diagram) -> Iterator[Problem]:
    """Choreographies and conversations describe; they are never run, so a file is refused by their name."""
    for node in diagram.root:
        if tag_of(node) in ("choreography", "globalChoreographyTask", "globalConversation", "conversation"):
            yield error(
                node,
                "not_supported",
                "%(what)s is not supported (“%(element)s”).",
                {"action": "remove_element", "element": node.get("id")},
                what=tag_of(node),
            )


def correlations(diagram: Diagram) -> Iterator[Problem]:
    """A correlation key has properties, and a subscription binds every one of them (BPMN 2.0, 8.4.2)."""
    keys = {node.get("id", ""): node for node in diagram.every("correlationKey")}
    for key in keys.values():
        if first(key, "correlationPropertyRef") is None:
            yield warning(key, "correlation_key", "The correlation key “%(element)s” has no properties.")
    for node in diagram.every("correlationSubscription"):
        key_node = keys.get(reference(node.get("correlationKeyRef")))
        if key_node is None:
            yield error(
                node, "correlation_subscription", "“%(element)s” correlates by a key that does not exist."
            )
            continue
        bound = {reference(one.get("correlationPropertyRef")) for one in node}
        needed = {reference(one.text) for one in children(key_node, "correlationPropertyRef")}
        if needed - bound:
            yield error(
                node,
                "correlation_subscription",
                "“%(element)s” does not say the value of the correlation property “%(id)s”.",
                id=sorted(needed - bound)[0],
            )


__all__ = ["conversations", "correlations", "message_flows", "participants"]
