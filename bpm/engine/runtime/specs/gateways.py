"""Gateways: exclusive, parallel, inclusive, complex and event-based (BPMN 2.0, 13.4)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast

from bpm.engine.diagram.expressions import Formula
from bpm.engine.problems import StepFailed
from bpm.engine.runtime.specs.base import FlowSpec, Node
from bpm.engine.runtime.specs.choice import chosen_flows, holds
from bpm.engine.runtime.tokens import WAITING, Token

if TYPE_CHECKING:
    from bpm.engine.runtime.specs.events import Listener

# the instance attribute of a complex gateway that conditions of its outgoing flows may read
PHASE = "waitingForStart"


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
        if token._state == WAITING:  # one that has failed is considered when a person says so
            self.consider(token)
        return token

    def again(self, token: Token) -> None:
        """Wait again, or go on if it may by now."""
        if "arrived" not in token.internal_data:
            super().again(token)
            return
        token._state = WAITING
        self.consider(token)

    def consider(self, token: Token) -> None:
        """Let the token go on if every flow has brought one."""
        if all(flow.id in token.internal_data["arrived"] for flow in self.wiring.flows_in):
            self.release(token)

    def release(self, token: Token) -> None:
        """Go on; tokens too many at a flow keep waiting there."""
        kernel = token.workflow
        kernel.joins.pop((token._parent or "", self.name), None)
        left = _without_one(token.internal_data.pop("arrived"))
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

    def flows_with_tokens(self, token: Token) -> set[str]:
        """Incoming flows that have brought a token."""
        return set(token.internal_data["arrived"])

    def someone_comes(self, token: Token) -> bool:
        """Whether a token elsewhere can reach an empty flow, but none that has a token."""
        arrived = self.flows_with_tokens(token)
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
    """Fires when its activation condition holds, then takes what still comes, then begins anew.

    Two phases (BPMN 2.0, 13.4.5). Waiting for start: the condition is evaluated whenever a token
    arrives; once it holds one token of each flow is consumed and the outgoing flows are chosen.
    Waiting for reset: one token of each other flow is consumed, unless none can come any more;
    then only flows whose condition reads ``waitingForStart`` may be taken.

    The condition reads ``activationCount``, the tokens that wait here, and for each incoming flow
    ``<id>.activationCount``.
    """

    activation: Formula | None = None

    def consider(self, token: Token) -> None:
        """Fire if the condition holds; reset when a token of each flow has been consumed."""
        notes = token.internal_data
        if self.activation is None:
            super().consider(token)
        elif "consumed" in notes:
            if all(
                flow.id in notes["consumed"] or flow.id in notes["arrived"] for flow in self.wiring.flows_in
            ):
                self._reset(token)
        elif self._activated(token):
            self._start(token)

    def _activated(self, token: Token) -> bool:
        arrived = token.internal_data["arrived"]
        counts: dict[str, Any] = {
            flow.id: {"activationCount": Decimal(arrived.get(flow.id, 0))} for flow in self.wiring.flows_in
        }
        counts["activationCount"] = Decimal(sum(arrived.values()))
        try:
            found = token.workflow.evaluate(self.activation, token.scope, counts) if self.activation else None
        except StepFailed as failure:
            token.workflow.fail(token, failure)
            return False
        return found is True

    def _start(self, token: Token) -> None:
        """Consume one token of each flow, fire, and wait for reset in the same place."""
        notes = token.internal_data
        notes["consumed"] = sorted(notes["arrived"])
        notes["arrived"] = _without_one(notes["arrived"])
        self._fire(token, starts=True)
        # flows that have brought a second token already count for the next start, not for the reset
        self.consider(token)

    def _reset(self, token: Token) -> None:
        """Consume what came on the other flows and begin a new cycle with what is left."""
        notes = token.internal_data
        kernel = token.workflow
        consumed = notes.pop("consumed")
        left = {
            key: count if key in consumed else count - 1
            for key, count in notes["arrived"].items()
            if key in consumed or count > 1
        }
        if any(self._reads_phase(flow) for flow in self.wiring.flows_out):
            self._fire(token, starts=False)
        notes["arrived"] = left
        if not left:
            kernel.remove(token)
        else:
            self.consider(token)

    def _fire(self, token: Token, *, starts: bool) -> None:
        firing = token.workflow.create(self, token.container)
        firing.internal_data["starts"] = starts
        token.workflow.make_ready(firing)

    def _reads_phase(self, flow: FlowSpec) -> bool:
        return flow.condition is not None and PHASE in flow.condition.compiled.variables

    def leave(self, token: Token) -> None:
        """Choose the flows of this phase; at a reset there may be none."""
        starts = token.internal_data.get("starts", True)
        extra = {PHASE: starts}
        if starts:
            flows = chosen_flows(self, token, extra=extra)
        else:
            flows = [
                flow
                for flow in self.wiring.flows_out
                if self._reads_phase(flow) and holds(self, token, flow, [], extra)
            ]
        self.took_leave(token)
        self.send(token, flows)
        token.workflow.remove(token)

    def nobody_else(self, token: Token) -> bool:
        """Reset once nothing more can come on the flows that are waited for."""
        if self.activation is None:
            return super().nobody_else(token)
        notes = token.internal_data
        if "consumed" not in notes or self.someone_comes(token):
            return False
        self._reset(token)
        return True

    def flows_with_tokens(self, token: Token) -> set[str]:
        """Flows that need not bring a token any more in this phase."""
        return set(token.internal_data["arrived"]) | set(token.internal_data.get("consumed", ()))


def _without_one(counts: dict[str, int]) -> dict[str, int]:
    return {key: count - 1 for key, count in counts.items() if count > 1}


class EventGateway(Node):
    """Waits for the first of several events; the others are dropped.

    One that begins instances (``begins``) may be ``parallel``: then every event is awaited, each by
    a token of its own (BPMN 2.0, 10.6.6 and 13.4.4).
    """

    waits = True
    parallel = False

    def perform(self, token: Token) -> bool | None:
        """Listen for every event behind."""
        if self.parallel:
            return True
        if "branches" not in token.internal_data:
            listeners = [(flow, cast("Listener", flow.target)) for flow in self.wiring.flows_out]
            prepared = [(flow, event, event.prepare(token.scope, token)) for flow, event in listeners]
            for flow, event, entries in prepared:
                event.branch(token, flow, entries)
            token.internal_data["branches"] = 1
        return None

    def begin_behind(self, container: Token, event: Node) -> Token:
        """The event has begun the instance: return its token; a parallel gateway awaits the others."""
        kernel = container.workflow
        gate = kernel.create(self, container)
        kernel.record("element_entered", self.element.id, token=gate.id)
        self.took_leave(gate)
        begun: Token | None = None
        for flow in self.wiring.flows_out:
            if flow.target is event or self.parallel:
                kernel.record("flow_taken", flow.id, flow=flow.id, token=gate.id)
                arrived = flow.target.arrive(container, flow)
                begun = arrived if flow.target is event else begun
        kernel.remove(gate)
        assert begun is not None
        return begun

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
