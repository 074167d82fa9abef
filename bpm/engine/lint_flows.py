"""Rules about sequence flows and gateways (BPMN 2.0, 8.4.13, 10.6, 13.2)."""

from __future__ import annotations

from collections.abc import Iterator

from bpm.engine.lint_walk import (
    ACTIVITIES,
    FLOW_NODES,
    GATEWAYS,
    containers,
    error,
    flow_counts,
    flow_nodes,
    flows,
    is_event_sub_process,
    is_for_compensation,
    warning,
)
from bpm.engine.problems import Problem
from bpm.engine.xml import Node, children, first, reference, tag_of, text_of

_CONDITIONAL_SOURCES = (*ACTIVITIES, "exclusiveGateway", "inclusiveGateway", "complexGateway")


def sequence_flows(root: Node) -> Iterator[Problem]:
    """Each flow connects two elements of its own process or sub-process, at places that allow it."""
    for container in containers(root):
        here = {node.get("id", ""): node for node in children(container, *FLOW_NODES)}
        for flow in flows(container):
            source = here.get(reference(flow.get("sourceRef")))
            target = here.get(reference(flow.get("targetRef")))
            if not flow.get("id"):
                yield error(flow, "no_id", "A sequence flow has no id.")
            if source is None or target is None:
                yield error(
                    flow,
                    "flow_crosses",
                    "The flow “%(element)s” does not connect two steps of the same process or sub-process.",
                )
                continue
            yield from _ends(flow, source, target)
            yield from _condition(flow, source)
        yield from _defaults(container)


def _ends(flow: Node, source: Node, target: Node) -> Iterator[Problem]:
    if tag_of(target) == "startEvent":
        yield error(target, "start_incoming", "A flow leads into the start event “%(element)s”.")
    if tag_of(source) == "endEvent":
        yield error(source, "end_outgoing", "A flow leads out of the end event “%(element)s”.")
    if tag_of(target) == "boundaryEvent":
        yield error(target, "boundary_incoming", "A flow leads into the boundary event “%(element)s”.")
    for node in (source, target):
        if is_event_sub_process(node):
            yield error(
                node,
                "event_sub_process_flow",
                "The event sub-process “%(element)s” must not have flows in or out.",
            )
        elif is_for_compensation(node):
            yield error(
                node,
                "compensation_flow",
                "“%(element)s” is for compensation and must not have flows in or out.",
            )


def _condition(flow: Node, source: Node) -> Iterator[Problem]:
    condition = first(flow, "conditionExpression")
    if condition is None:
        return
    if not text_of(condition):
        yield error(flow, "empty_condition", "The condition of the flow “%(element)s” is empty.")
    elif tag_of(source) == "parallelGateway":
        yield warning(
            flow,
            "condition_ignored",
            "The condition on “%(element)s” does not count: a parallel gateway takes all flows.",
        )
    elif tag_of(source) not in _CONDITIONAL_SOURCES:
        yield error(
            flow,
            "condition_place",
            "A flow out of this kind of step cannot have a condition (“%(element)s”).",
        )


def _defaults(container: Node) -> Iterator[Problem]:
    sources = {flow.get("id"): reference(flow.get("sourceRef")) for flow in flows(container)}
    for node in flow_nodes(container):
        default = reference(node.get("default"))
        if default and sources.get(default) != node.get("id"):
            yield error(node, "default_flow", "The default flow of “%(element)s” does not begin there.")


def starts_and_ends(root: Node) -> Iterator[Problem]:
    """A container has something in it, at most one plain start, and ends where it should."""
    for container in containers(root):
        nodes = flow_nodes(container)
        starts = [node for node in nodes if tag_of(node) == "startEvent"]
        if not nodes:
            if tag_of(container) != "process" or not _is_black_box(root, container):
                yield error(container, "empty", "There are no steps in “%(element)s”.")
            continue
        if tag_of(container) == "adHocSubProcess":
            yield from _ad_hoc(container, nodes)
        if tag_of(container) != "process" and not is_event_sub_process(container) and len(starts) > 1:
            yield error(
                container, "several_starts", "The sub-process “%(element)s” has more than one start event."
            )
        if tag_of(container) == "process" and sum(not _has_event(node) for node in starts) > 1:
            yield warning(
                container,
                "several_starts",
                "“%(element)s” has several plain start events: it begins at the first one "
                "unless told otherwise.",
            )
        if is_event_sub_process(container) and len(starts) != 1:
            yield error(
                container,
                "event_sub_process_start",
                "The event sub-process “%(element)s” needs exactly one start event, with an event in it.",
            )
        if starts and not any(tag_of(node) == "endEvent" for node in nodes):
            yield error(
                container,
                "no_end",
                "“%(element)s” has a start event but no end event: nobody would know how it ended.",
            )


def _has_event(node: Node) -> bool:
    return any(tag_of(child).endswith(("EventDefinition", "eventDefinitionRef")) for child in node)


def _is_black_box(root: Node, container: Node) -> bool:
    others = [node for node in children(root, "process") if len(list(children(node, *FLOW_NODES)))]
    return bool(others)


def _ad_hoc(container: Node, nodes: list[Node]) -> Iterator[Problem]:
    if not any(tag_of(node) in ACTIVITIES for node in nodes):
        yield error(container, "ad_hoc_empty", "The ad-hoc sub-process “%(element)s” has no activity.")
    for node in nodes:
        if tag_of(node) in ("startEvent", "endEvent"):
            yield error(node, "ad_hoc_event", "Start and end events cannot stand in an ad-hoc sub-process.")


def loose_ends(root: Node) -> Iterator[Problem]:
    """Where there are start events every step is reached; where there are end events every step leads on."""
    for container in containers(root):
        if tag_of(container) == "adHocSubProcess":
            continue
        nodes = flow_nodes(container)
        tags = {tag_of(node) for node in nodes}
        incoming, outgoing = flow_counts(container)
        for node in nodes:
            if is_event_sub_process(node) or is_for_compensation(node):
                continue
            yield from _loose(node, tags, incoming, outgoing)


def _loose(
    node: Node, tags: set[str], incoming: dict[str, int], outgoing: dict[str, int]
) -> Iterator[Problem]:
    key, tag = node.get("id", ""), tag_of(node)
    link = node.find("{*}linkEventDefinition") is not None
    reached = incoming.get(key) or tag in ("startEvent", "boundaryEvent")
    needed = "startEvent" in tags or tag in ("intermediateCatchEvent", "intermediateThrowEvent", "endEvent")
    if not reached and needed and not (link and tag == "intermediateCatchEvent"):
        yield error(node, "unreachable", "No flow leads to “%(element)s”, so it would never happen.")
    undoing = node.find("{*}compensateEventDefinition") is not None and tag == "boundaryEvent"
    leads_on = outgoing.get(key) or tag == "endEvent" or undoing
    if (
        not leads_on
        and not (link and tag == "intermediateThrowEvent")
        and ("endEvent" in tags or tag in ("startEvent", "intermediateCatchEvent", "boundaryEvent"))
    ):
        yield error(node, "dead_end", "No flow leads on from “%(element)s”.")


def gateways(root: Node) -> Iterator[Problem]:
    """A gateway joins or splits, and a conditional choice can always be made."""
    for container in containers(root):
        incoming, outgoing = flow_counts(container)
        for node in flow_nodes(container):
            key = node.get("id", "")
            if tag_of(node) in GATEWAYS:
                yield from _gateway(node, incoming.get(key, 0), outgoing.get(key, 0))
            yield from _choice(container, node)


def _gateway(node: Node, incoming: int, outgoing: int) -> Iterator[Problem]:
    direction = node.get("gatewayDirection", "Unspecified")
    if incoming < 2 and outgoing < 2:
        yield error(node, "useless_gateway", "The gateway “%(element)s” neither splits nor joins anything.")
    if (
        (direction == "Diverging" and incoming > 1)
        or (direction == "Converging" and outgoing > 1)
        or (direction == "Mixed" and (incoming < 2 or outgoing < 2))
    ):
        yield error(
            node,
            "gateway_direction",
            "The flows of the gateway “%(element)s” do not fit its direction (%(direction)s).",
            direction=direction,
        )


def _choice(container: Node, node: Node) -> Iterator[Problem]:
    own = [flow for flow in flows(container) if reference(flow.get("sourceRef")) == node.get("id")]
    conditional = [flow for flow in own if first(flow, "conditionExpression") is not None]
    default = reference(node.get("default"))
    if tag_of(node) in ACTIVITIES and len(own) == 1 and conditional:
        yield error(
            own[0],
            "single_condition",
            "The only flow out of a step has a condition; what happens if it does not hold? Use a gateway.",
        )
    if tag_of(node) not in ("exclusiveGateway", "inclusiveGateway") or len(own) < 2:
        return
    for flow in own:
        if flow not in conditional and flow.get("id") != default:
            yield error(
                flow,
                "no_condition",
                "A flow out of the gateway “%(gateway)s” has neither a condition nor is it the default flow.",
                gateway=node.get("name") or node.get("id"),
            )
    if not default:
        yield warning(
            node,
            "no_default",
            "“%(element)s” has no default flow: if no condition holds, the case stops there.",
        )


def event_gateways(root: Node) -> Iterator[Problem]:
    """Behind an event gateway stand events that can be waited for, each with one flow in."""
    for container in containers(root):
        here = {node.get("id", ""): node for node in flow_nodes(container)}
        incoming, _outgoing = flow_counts(container)
        for flow in flows(container):
            source = here.get(reference(flow.get("sourceRef")))
            target = here.get(reference(flow.get("targetRef")))
            if source is None or target is None or tag_of(source) != "eventBasedGateway":
                continue
            yield from _behind(target, incoming)
        for node in here.values():
            if tag_of(node) == "eventBasedGateway" and node.get("instantiate") in ("true", "1"):
                yield error(
                    node,
                    "not_supported",
                    "%(what)s is not supported (“%(element)s”).",
                    what="An event gateway that starts the process",
                )


def _behind(target: Node, incoming: dict[str, int]) -> Iterator[Problem]:
    kinds = {tag_of(child) for child in target if tag_of(child).endswith("EventDefinition")}
    allowed = {
        "messageEventDefinition",
        "signalEventDefinition",
        "timerEventDefinition",
        "conditionalEventDefinition",
    }
    waits = tag_of(target) == "receiveTask" or (
        tag_of(target) == "intermediateCatchEvent" and (kinds <= allowed)
    )
    if not waits:
        yield error(
            target,
            "event_gateway_target",
            "Behind an event gateway only events that are waited for may stand, not “%(element)s”.",
        )
    elif incoming.get(target.get("id", ""), 0) > 1:
        yield error(
            target,
            "event_gateway_incoming",
            "“%(element)s” behind an event gateway must have no other flow into it.",
        )
