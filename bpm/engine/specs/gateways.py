"""Gateways: exclusive, parallel, inclusive, complex and event-based (BPMN 2.0, 13.4)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

from bpm.engine.expressions import Formula
from bpm.engine.problems import StepFailed
from bpm.engine.specs.base import FlowSpec, Node
from bpm.engine.specs.choice import chosen_flows
from bpm.engine.tokens import WAITING, Token

if TYPE_CHECKING:
    from bpm.engine.specs.events import Listener


class ExclusiveGateway(Node):
    """Each token takes the first flow whose condition holds, else the default."""

    def leave(self, token: Token) -> None:
        """Choose one flow."""
        flows = chosen_flows(self, token, only_one=True)
        self.took_leave(token)
        self.send(token, flows)
        token.workflow.remove(token)


class Join(Node):
    """A gateway at which tokens of several flows wait for each other, in one waiting token."""

    def arrive(self, parent: Token, flow: FlowSpec | None = None) -> Token:
        """Count the token for its flow; the waiting one goes on when nothing is missing."""
        kernel = parent.workflow
        waiting_id = kernel.joins.get((parent.id, self.name))
        if waiting_id is None:
            token = kernel.create(self, parent)
            token._state = WAITING
            token.internal_data["arrived"] = {}
            kernel.joins[(parent.id, self.name)] = token.id
        else:
            token = kernel.tasks[waiting_id]
        arrived = token.internal_data["arrived"]
        key = flow.id if flow is not None else ""
        arrived[key] = arrived.get(key, 0) + 1
        self.consider(token)
        return token

    def consider(self, token: Token) -> None:
        """Let the token go on if every flow has brought one."""
        if all(flow.id in token.internal_data["arrived"] for flow in self.wiring.flows_in):
            self.release(token)

    def release(self, token: Token) -> None:
        """Go on; tokens too many at a flow keep waiting there."""
        kernel = token.workflow
        kernel.joins.pop((token._parent or "", self.name), None)
        left = {key: count - 1 for key, count in token.internal_data["arrived"].items() if count > 1}
        kernel.make_ready(token)
        if left:
            rest = kernel.create(self, token.container)
            rest._state = WAITING
            rest.internal_data["arrived"] = left
            kernel.joins[(token._parent or "", self.name)] = rest.id
            self.consider(rest)


class ParallelGateway(Join):
    """Waits for one token on each incoming flow, sends one over each outgoing."""

    def leave(self, token: Token) -> None:
        """Take every flow; conditions do not count here."""
        self.took_leave(token)
        self.send(token, self.wiring.flows_out)
        token.workflow.remove(token)


class InclusiveGateway(Join):
    """Waits while another token can still come; leaves by every flow whose condition holds.

    ``reach`` holds for each incoming flow the nodes from which it can be reached without
    passing this gateway.
    """

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.reach: dict[str, frozenset[str]] = {}

    def nobody_else(self, token: Token) -> bool:
        """Go on when no other token can reach an empty flow (BPMN 2.0, 13.4.3)."""
        if self.someone_comes(token):
            return False
        self.release(token)
        return True

    def someone_comes(self, token: Token) -> bool:
        """Whether a token elsewhere can reach an empty flow, but none that has a token."""
        arrived = token.internal_data["arrived"]
        full = [nodes for flow, nodes in self.reach.items() if flow in arrived]
        empty = [nodes for flow, nodes in self.reach.items() if flow not in arrived]
        if not empty:
            return False
        for other in token.container.inside:
            if other is token or other.passive:
                continue
            name = other.task_spec.name
            if any(name in nodes for nodes in empty) and not any(name in nodes for nodes in full):
                return True
        return False


class ComplexGateway(InclusiveGateway):
    """Fires when its activation condition holds, then swallows what still comes.

    ``activationCount`` is the number of tokens that have arrived (BPMN 2.0, 13.4.5).
    """

    activation: Formula | None = None

    def consider(self, token: Token) -> None:
        """Fire once per cycle; reset when everything that could come has come."""
        notes = token.internal_data
        if notes.get("fired"):
            return
        count = sum(notes["arrived"].values())
        if self.activation is None:
            super().consider(token)
        elif self._activated(token, count):
            notes["fired"] = 1
            firing = token.workflow.create(self, token.container)
            token.workflow.make_ready(firing)

    def _activated(self, token: Token, count: int) -> bool:
        if self.activation is None:
            return False
        try:
            found = token.workflow.evaluate(self.activation, token.scope, {"activationCount": count})
        except StepFailed as failure:
            token.workflow.fail(token, failure)
            return False
        return found is True

    def nobody_else(self, token: Token) -> bool:
        """Begin a new cycle once nothing more can come."""
        if self.someone_comes(token):
            return False
        if not token.internal_data.get("fired"):
            return False
        token.workflow.remove(token)
        return False


class EventGateway(Node):
    """Waits for the first of several events; the others are dropped."""

    waits = True

    def perform(self, token: Token) -> bool | None:
        """Listen for every event behind."""
        if "branches" not in token.internal_data:
            listeners = [(flow, cast("Listener", flow.target)) for flow in self.wiring.flows_out]
            prepared = [(flow, event, event.prepare(token.scope, token)) for flow, event in listeners]
            for flow, event, entries in prepared:
                event.branch(token, flow, entries)
            token.internal_data["branches"] = 1
        return None

    def happened(self, token: Token, flow: FlowSpec) -> Token:
        """One event has happened: leave by its flow and return the token at the event."""
        kernel = token.workflow
        kernel.record("gateway_decided", self.element.id, token=token.id, conditions=[], taken=[flow.id])
        self.took_leave(token)
        kernel.record("flow_taken", flow.id, flow=flow.id, token=token.id)
        arrived = kernel.create(flow.target, token.container)
        kernel.withdraw(token, told=False)
        return arrived


def reaching(gateway: Node, flow: FlowSpec) -> frozenset[str]:
    """Return the names of the nodes from which ``flow`` can be reached without passing ``gateway``."""
    found: set[str] = set()
    stack: list[Node] = [flow.source]
    while stack:
        node = stack.pop()
        if node is gateway or node.name in found:
            continue
        found.add(node.name)
        stack += before(node)
    return frozenset(found)


def before(node: Node) -> Sequence[Node]:
    """Return the nodes from which a token can come to ``node`` in one move."""
    nodes = [flow.source for flow in node.wiring.flows_in]
    host = getattr(node, "host", None)
    return [*nodes, host] if host is not None else nodes
