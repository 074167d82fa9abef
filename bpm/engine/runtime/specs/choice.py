"""Which flows a token leaves by, and the record of why (BPMN 2.0, 10.6 and 13.4).

A condition holds only if it is true; null counts as not true, anything else is a failure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from bpm.engine.diagram.expressions import values_seen
from bpm.engine.problems import StepFailed
from bpm.engine.values import hold

if TYPE_CHECKING:
    from bpm.engine.runtime.specs.base import FlowSpec, Node
    from bpm.engine.runtime.tokens import Token


def chosen_flows(
    node: Node, token: Token, *, only_one: bool = False, extra: Mapping[str, Any] | None = None
) -> Sequence[FlowSpec]:
    """Return the flows to take; ``extra`` are names that the conditions may read besides variables.

    Without conditions all of them. With conditions: those without one and those whose condition
    holds (``only_one``: the first whose condition holds); if there is none, the default.

    Raises:
        StepFailed: no condition holds and there is no default, or a condition fails.
    """
    flows = node.wiring.flows_out
    if len(flows) < 2 and not any(flow.condition for flow in flows):
        return flows
    if not any(flow.condition or flow.default for flow in flows):
        return flows[:1] if only_one else flows
    return _by_conditions(node, token, only_one, extra)


def _by_conditions(
    node: Node, token: Token, only_one: bool, extra: Mapping[str, Any] | None
) -> Sequence[FlowSpec]:
    taken: list[FlowSpec] = []
    fulfilled = False
    told: list[dict[str, Any]] = []
    for flow in node.wiring.flows_out:
        if flow.default:
            continue
        if flow.condition is None:
            taken.append(flow)
        elif holds(node, token, flow, told, extra):
            taken.append(flow)
            fulfilled = True
        if taken and only_one:
            break
    if not fulfilled and not (taken and only_one):
        # the default counts when no condition holds, besides flows without one (BPMN 2.0, 13.3.1)
        taken += [flow for flow in node.wiring.flows_out if flow.default]
    token.workflow.record(
        "gateway_decided", node.element.id, token=token.id, conditions=told, taken=[flow.id for flow in taken]
    )
    if not taken:
        raise StepFailed(
            "No flow out of “%(element)s” can be taken: no condition is true and there is no default flow.",
            code="no_flow",
            element=node.element.names.get("en") or node.element.id,
        )
    return taken


def holds(
    node: Node,
    token: Token,
    flow: FlowSpec,
    told: list[dict[str, Any]],
    extra: Mapping[str, Any] | None = None,
) -> bool:
    """Whether the condition of a flow is true; ``told`` is given the reason.

    Raises:
        StepFailed: it cannot be evaluated, or is neither true nor false.
    """
    condition = flow.condition
    if condition is None:
        return True
    kernel = token.workflow
    context = kernel.context(token.scope, extra)
    result = condition.evaluate(context, kernel.around())
    seen = {name: _told(value) for name, value in values_seen(condition, context).items()}
    told.append({"flow": flow.id, "text": condition.text, "values": seen, "result": result})
    if result is not None and not isinstance(result, bool):
        raise StepFailed(
            "The condition “%(condition)s” is neither true nor false.",
            code="no_boolean",
            condition=condition.text,
        )
    return result is True


def _told(value: Any) -> Any:
    """Return a value that the history can store; what it cannot is told by its kind."""
    try:
        return hold(value)
    except Exception:
        return type(value).__name__
