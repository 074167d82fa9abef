"""Rules about sequence flows: where they may begin and end, and that every step is reached and leads on.

BPMN 2.0, 8.4.13, 10.4 and 10.5. Gateways stand in ``gateways.py``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bpm.engine.diagram.elements import ACTIVITIES, ARTIFACTS, FLOW_NODES
from bpm.engine.diagram.xml import Node, first, flag, reference, tag_of, text_of
from bpm.engine.lint.walk import Diagram, Scope, error, is_event_sub_process, is_for_compensation, warning
from bpm.engine.problems import Problem

_CONDITIONAL_SOURCES = (*ACTIVITIES, "exclusiveGateway", "inclusiveGateway", "complexGateway")
_INTERMEDIATE = ("intermediateCatchEvent", "intermediateThrowEvent")


def sequence_flows(diagram: Diagram) -> Iterator[Problem]:
    """Each flow connects two steps of its own process or sub-process, at places that allow it."""
    for scope in diagram.scopes:
        for flow in scope.flows:
            source, target = scope.named(flow.get("sourceRef")), scope.named(flow.get("targetRef"))
            if not flow.get("id"):
                yield error(flow, "no_id", "A sequence flow has no id.")
            if source is None or target is None:
                yield from _astray(diagram, scope, flow)
                continue
            yield from _ends(flow, source, target)
            yield from _condition(scope, flow, source)
        yield from _defaults(diagram, scope)


def _astray(diagram: Diagram, scope: Scope, flow: Node) -> Iterator[Problem]:
    """Say why a flow does not connect two steps of this scope."""
    fix = {"action": "remove_element", "element": flow.get("id")}
    for name in ("sourceRef", "targetRef"):
        end = diagram.found(flow.get(name))
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
                "artifact_flow",
                "The flow “%(element)s” begins or ends at “%(id)s”, which is a note, group or association: "
                "flows connect steps only.",
                fix,
                id=flow.get(name),
            )
        elif tag_of(end) not in FLOW_NODES:
            yield error(
                flow,
                "flow_no_step",
                "The flow “%(element)s” begins or ends at “%(id)s”, which is no step but a %(kind)s.",
                fix,
                id=flow.get(name),
                kind=tag_of(end),
            )
        elif end.get("id", "") not in scope.here:
            yield _over_a_border(scope, flow, end, fix)


def _over_a_border(scope: Scope, flow: Node, end: Node, fix: dict[str, Any]) -> Problem:
    if _process_of(end) is not _process_of(scope.node):
        return error(
            flow,
            "flow_crosses_pool",
            "The flow “%(element)s” crosses the border of a pool (to or from “%(id)s”); "
            "between pools messages flow.",
            fix,
            id=end.get("name") or end.get("id"),
        )
    return error(
        flow,
        "flow_crosses",
        "The flow “%(element)s” does not connect two steps of the same process or sub-process: "
        "“%(id)s” stands in another one.",
        fix,
        id=end.get("name") or end.get("id"),
    )


def _process_of(node: Node) -> Node | None:
    current: Node | None = node
    while current is not None and tag_of(current) != "process":
        current = current.getparent()
    return current


def _ends(flow: Node, source: Node, target: Node) -> Iterator[Problem]:
    fix = {"action": "remove_element", "element": flow.get("id")}
    if tag_of(target) == "startEvent":
        yield error(target, "start_incoming", "A flow leads into the start event “%(element)s”.", fix)
    if tag_of(source) == "endEvent":
        yield error(source, "end_outgoing", "A flow leads out of the end event “%(element)s”.", fix)
    if tag_of(target) == "boundaryEvent":
        yield error(target, "boundary_incoming", "A flow leads into the boundary event “%(element)s”.", fix)
    for node in (source, target):
        if is_event_sub_process(node):
            yield error(
                node,
                "event_sub_process_flow",
                "The event sub-process “%(element)s” must not have flows in or out.",
                fix,
            )
        elif is_for_compensation(node):
            yield error(
                node,
                "compensation_flow",
                "“%(element)s” is for compensation and must not have flows in or out.",
                fix,
            )


def _condition(scope: Scope, flow: Node, source: Node) -> Iterator[Problem]:
    condition = first(flow, "conditionExpression")
    if condition is None:
        return
    fix = {"action": "remove_condition", "element": flow.get("id")}
    if not text_of(condition):
        yield error(flow, "empty_condition", "The condition of the flow “%(element)s” is empty.", fix)
    elif tag_of(source) == "parallelGateway":
        yield warning(
            flow,
            "condition_ignored",
            "The condition on “%(element)s” does not count: a parallel gateway takes all flows.",
            fix,
        )
    elif tag_of(source) not in _CONDITIONAL_SOURCES:
        yield error(
            flow,
            "condition_place",
            "A flow out of this kind of step cannot have a condition (“%(element)s”).",
            fix,
        )
    elif reference(source.get("default")) == flow.get("id"):
        yield warning(
            flow,
            "default_condition",
            "“%(element)s” is the default flow, so its condition does not count.",
            fix,
        )
    elif tag_of(source) in ACTIVITIES and len(scope.flows_from(source)) == 1:
        yield error(
            flow,
            "single_condition",
            "The only flow out of a step has a condition; what happens if it does not hold? Use a gateway.",
            fix,
        )


def _defaults(diagram: Diagram, scope: Scope) -> Iterator[Problem]:
    for node in scope.nodes:
        default = node.get("default")
        target = diagram.found(default)
        if not default or target is None or tag_of(target) != "sequenceFlow":
            continue
        if reference(target.get("sourceRef")) != node.get("id"):
            yield error(
                node,
                "default_flow",
                "The default flow of “%(element)s” does not begin there.",
                {"action": "remove_attribute", "element": node.get("id"), "name": "default"},
            )


def starts_and_ends(diagram: Diagram) -> Iterator[Problem]:
    """A container has something in it, begins where it should and ends where it should."""
    for scope in diagram.scopes:
        container, starts = scope.node, [one for one in scope.nodes if tag_of(one) == "startEvent"]
        if not scope.nodes:
            if tag_of(container) != "process" or not _is_black_box(diagram, container):
                yield error(container, "empty", "There are no steps in “%(element)s”.")
            if tag_of(container) == "adHocSubProcess":
                yield from _ad_hoc(scope)
            continue
        if tag_of(container) == "adHocSubProcess":
            yield from _ad_hoc(scope)
        yield from _starts(container, starts)
        ends = any(tag_of(node) == "endEvent" for node in scope.nodes)
        if starts and not ends:
            yield error(
                container,
                "no_end",
                "“%(element)s” has a start event but no end event: nobody would know how it ended.",
                {"action": "add_end_event", "element": container.get("id")},
            )
        if ends and not starts and not _begins_otherwise(diagram, scope):
            yield error(
                container,
                "no_start",
                "“%(element)s” has an end event but no start event: nothing says where it begins.",
                {"action": "add_start_event", "element": container.get("id")},
            )


def _starts(container: Node, starts: list[Node]) -> Iterator[Problem]:
    if tag_of(container) == "process":
        if sum(not _has_event(node) for node in starts) > 1:
            yield warning(
                container,
                "several_plain_starts",
                "“%(element)s” has several plain start events: it begins at the first one "
                "unless told otherwise.",
            )
    elif is_event_sub_process(container):
        if len(starts) != 1:
            yield error(
                container,
                "event_sub_process_start",
                "The event sub-process “%(element)s” needs exactly one start event, with an event in it.",
            )
    elif len(starts) > 1:
        yield error(
            container, "several_starts", "The sub-process “%(element)s” has more than one start event."
        )


def _has_event(node: Node) -> bool:
    return any(tag_of(child).endswith(("EventDefinition", "eventDefinitionRef")) for child in node)


def _begins_otherwise(diagram: Diagram, scope: Scope) -> bool:
    """Whether a step without a flow into it is begun from outside: by a message, or as instantiating."""
    if tag_of(scope.node) == "adHocSubProcess":
        return True
    called = {
        reference(one.get("targetRef"))
        for one in diagram.every("messageFlow", "association")
        if tag_of(one) == "messageFlow" or _is_message(diagram.found(one.get("sourceRef")))
    }
    return any(
        flag(node, "instantiate") or node.get("id", "") in called
        for node in scope.nodes
        if not scope.flows_into(node)
    )


def _is_message(node: Node | None) -> bool:
    return node is not None and tag_of(node) == "message"


def _is_black_box(diagram: Diagram, container: Node) -> bool:
    """An empty process beside others that have steps is a pool whose inside is not told."""
    io = first(container, "ioSpecification")
    return io is None and any(scope.nodes for scope in diagram.scopes if scope.node is not container)


def _ad_hoc(scope: Scope) -> Iterator[Problem]:
    if not any(tag_of(node) in ACTIVITIES for node in scope.nodes):
        yield error(scope.node, "ad_hoc_empty", "The ad-hoc sub-process “%(element)s” has no activity.")
    for node in scope.nodes:
        if tag_of(node) in ("startEvent", "endEvent"):
            yield error(
                node,
                "ad_hoc_event",
                "“%(element)s” cannot stand in an ad-hoc sub-process: it has neither start nor end events.",
                {"action": "remove_element", "element": node.get("id")},
            )


def loose_ends(diagram: Diagram) -> Iterator[Problem]:
    """Where there are start events every step is reached; where there are end events every step leads on."""
    for scope in diagram.scopes:
        if tag_of(scope.node) == "adHocSubProcess":
            continue
        tags = {tag_of(node) for node in scope.nodes}
        alone = [node for node in scope.nodes if _is_unreached(scope, node, tags)]
        for node in alone:
            yield error(
                node, "no_way_in", "No flow leads to “%(element)s”, so it would never happen.", _removal(node)
            )
        for node in scope.nodes:
            yield from _dead_end(scope, node, tags, bool(alone))


def _stands_alone(node: Node) -> bool:
    return is_event_sub_process(node) or is_for_compensation(node)


def _is_link(node: Node) -> bool:
    return first(node, "linkEventDefinition") is not None


def _is_unreached(scope: Scope, node: Node, tags: set[str]) -> bool:
    tag = tag_of(node)
    if _stands_alone(node) or scope.flows_into(node) or tag in ("startEvent", "boundaryEvent"):
        return False
    begins = flag(node, "instantiate") and tag_of(scope.node) == "process"
    if begins or (_is_link(node) and tag == "intermediateCatchEvent"):
        return False
    return "startEvent" in tags or tag in (*_INTERMEDIATE, "endEvent")


def _dead_end(scope: Scope, node: Node, tags: set[str], something_is_unreached: bool) -> Iterator[Problem]:
    tag = tag_of(node)
    if _stands_alone(node) or scope.flows_from(node) or tag == "endEvent":
        return
    if tag == "boundaryEvent" and first(node, "compensateEventDefinition") is not None:
        return
    if _is_link(node) and tag == "intermediateThrowEvent":
        return
    fix = {"action": "add_end_event", "element": node.get("id")}
    if tag in ("startEvent", *_INTERMEDIATE, "boundaryEvent") or (
        "endEvent" in tags and (something_is_unreached or _uses_ends(scope, node))
    ):
        yield error(node, "dead_end", "No flow leads on from “%(element)s”.", fix)
    elif "endEvent" in tags:
        yield warning(
            node,
            "ends_without_event",
            "The way ends at “%(element)s” without an end event.",
            fix,
        )


def _uses_ends(scope: Scope, node: Node) -> bool:
    """Whether an end event hangs together with this step, over flows in any direction."""
    seen: set[str] = set()
    stack = [node.get("id", "")]
    while stack:
        key = stack.pop()
        if key in seen or key not in scope.here:
            continue
        seen.add(key)
        if tag_of(scope.here[key]) == "endEvent":
            return True
        stack += [reference(flow.get("targetRef")) for flow in scope.outgoing.get(key, ())]
        stack += [reference(flow.get("sourceRef")) for flow in scope.incoming.get(key, ())]
        host = reference(scope.here[key].get("attachedToRef"))
        stack += [host] if host else []
        stack += [
            one.get("id", "")
            for one in scope.nodes
            if reference(one.get("attachedToRef")) == key and tag_of(one) == "boundaryEvent"
        ]
    return False


def _removal(node: Node) -> dict[str, Any]:
    return {"action": "remove_element", "element": node.get("id")}
