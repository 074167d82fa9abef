"""Rules about gateways: direction, choices, and what may stand behind an event gateway (BPMN 2.0, 10.6)."""

from __future__ import annotations

from collections.abc import Iterator

from bpm.engine.diagram.elements import GATEWAYS
from bpm.engine.diagram.references import kind_of
from bpm.engine.diagram.xml import Node, first, flag, reference, tag_of
from bpm.engine.lint.walk import Diagram, Scope, error, warning
from bpm.engine.problems import Problem

_WAITED_FOR = {"message", "signal", "timer", "conditional"}


def gateways(diagram: Diagram) -> Iterator[Problem]:
    """A gateway joins or splits as its direction says, and a choice can always be made."""
    for scope in diagram.scopes:
        for node in scope.nodes:
            if tag_of(node) in GATEWAYS:
                yield from _shape(scope, node)
            if tag_of(node) in ("exclusiveGateway", "inclusiveGateway"):
                yield from _choice(scope, node)


def _shape(scope: Scope, node: Node) -> Iterator[Problem]:
    into, out = len(scope.flows_into(node)), len(scope.flows_from(node))
    direction = node.get("gatewayDirection", "Unspecified")
    if into < 2 and out < 2:
        yield error(
            node,
            "useless_gateway",
            "The gateway “%(element)s” neither splits nor joins anything.",
            {"action": "bypass", "element": node.get("id")},
        )
    if (
        (direction == "Diverging" and (into > 1 or out < 2))
        or (direction == "Converging" and (out > 1 or into < 2))
        or (direction == "Mixed" and (into < 2 or out < 2))
    ):
        yield error(
            node,
            "gateway_direction",
            "The gateway “%(element)s” is marked as %(direction)s, but has %(into)s flows in and "
            "%(out)s out.",
            {"action": "remove_attribute", "element": node.get("id"), "name": "gatewayDirection"},
            direction=direction,
            into=into,
            out=out,
        )
    elif direction not in ("Unspecified", "Diverging", "Converging", "Mixed"):
        yield error(
            node,
            "unknown_value",
            "“%(value)s” is no value of %(name)s (“%(element)s”).",
            {"action": "remove_attribute", "element": node.get("id"), "name": "gatewayDirection"},
            value=direction,
            name="gatewayDirection",
        )


def _choice(scope: Scope, node: Node) -> Iterator[Problem]:
    own = scope.flows_from(node)
    if len(own) < 2:
        return
    default = reference(node.get("default"))
    default = default if any(flow.get("id") == default for flow in own) else ""
    bare = [flow for flow in own if first(flow, "conditionExpression") is None and flow.get("id") != default]
    if len(bare) == len(own):
        yield warning(
            node,
            "open_choice",
            "No flow out of “%(element)s” has a condition: the first one is always taken by an exclusive "
            "gateway, all of them by an inclusive one.",
        )
        return
    for flow in bare:
        yield error(
            flow,
            "no_condition",
            "The flow “%(element)s” out of the gateway “%(gateway)s” has no condition and is not the default "
            "flow.",
            None
            if default
            else {"action": "set_default_flow", "element": node.get("id"), "flow": flow.get("id")},
            gateway=node.get("name") or node.get("id"),
        )
    if not default:
        yield warning(
            node,
            "no_default",
            "“%(element)s” has no default flow: if no condition holds, the case stops there.",
            {"action": "set_default_flow", "element": node.get("id"), "flow": own[-1].get("id")},
        )


def event_gateways(diagram: Diagram) -> Iterator[Problem]:
    """Behind an event gateway stand events that can be waited for, each with one flow in."""
    for scope in diagram.scopes:
        for node in scope.nodes:
            if tag_of(node) == "eventBasedGateway":
                yield from _event_gateway(diagram, scope, node)


def _event_gateway(diagram: Diagram, scope: Scope, node: Node) -> Iterator[Problem]:
    starts = flag(node, "instantiate")
    if starts and scope.flows_into(node):
        yield error(
            node,
            "instantiate_incoming",
            "The event gateway “%(element)s” starts the process, so no flow may lead to it.",
        )
    if node.get("eventGatewayType") == "Parallel" and not starts:
        yield error(
            node,
            "parallel_event_gateway",
            "Only an event gateway that starts the process can wait for all its events (“%(element)s”).",
        )
    targets = [scope.named(flow.get("targetRef")) for flow in scope.flows_from(node)]
    known = [target for target in targets if target is not None]
    for target in known:
        yield from _behind(diagram, scope, target)
    if any(tag_of(one) == "receiveTask" for one in known) and any(
        "message" in _kinds(diagram, one) for one in known
    ):
        yield error(
            node,
            "event_gateway_mixture",
            "Behind the event gateway “%(element)s” messages are awaited by receive tasks and by message "
            "events; use one of them.",
        )


def _kinds(diagram: Diagram, node: Node) -> list[str]:
    return [kind_of(one) for one in diagram.references.definitions_of(node)]


def _behind(diagram: Diagram, scope: Scope, target: Node) -> Iterator[Problem]:
    kinds = set(_kinds(diagram, target))
    waits = tag_of(target) == "receiveTask" or (
        tag_of(target) == "intermediateCatchEvent" and kinds <= _WAITED_FOR
    )
    if not waits:
        yield error(
            target,
            "event_gateway_target",
            "Behind an event gateway only events that are waited for may stand, not “%(element)s”.",
        )
    elif len(scope.flows_into(target)) > 1:
        yield error(
            target,
            "event_gateway_incoming",
            "“%(element)s” behind an event gateway must have no other flow into it.",
        )
    if tag_of(target) == "receiveTask" and any(
        reference(one.get("attachedToRef")) == target.get("id") for one in scope.nodes
    ):
        yield error(
            target,
            "event_gateway_boundary",
            "“%(element)s” behind an event gateway must have no events at its border.",
        )


__all__ = ["event_gateways", "gateways"]
