"""Events that throw: intermediate throw events, end events, send tasks (BPMN 2.0, 10.5, 13.5)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bpm.engine.messages.correlation import learn
from bpm.engine.runtime.outside import Thrown
from bpm.engine.runtime.specs.activities import Activity, ServiceTask
from bpm.engine.runtime.specs.base import FlowSpec, Node
from bpm.engine.runtime.specs.compensation import Undoing
from bpm.engine.runtime.specs.propagation import broadcast, raise_error, raise_escalation
from bpm.engine.runtime.specs.triggers import Trigger, key_text
from bpm.engine.runtime.tokens import Token
from bpm.engine.values import hold


class Thrower(Undoing):
    """An event that throws each of its triggers, in order."""

    triggers: Sequence[Trigger] = ()

    @property
    def late(self) -> bool:  # type: ignore[override]
        """Signals are not kept: whoever can listen should listen first."""
        return any(trigger.kind == "signal" for trigger in self.triggers)

    def perform(self, token: Token) -> bool | None:
        """Throw everything; compensation, the last of it, may have to be waited for."""
        for trigger in self.triggers:
            self.throw(token, trigger)
            if token.id not in token.workflow.tasks:
                return None  # who took it has ended the throwing token as well
        undone = [trigger for trigger in self.triggers if trigger.kind == "compensate"]
        apart = [trigger.activity for trigger in undone if not trigger.waits]
        if apart:
            self.undo_apart(token, apart)
        waited = self.undo(token, [trigger.activity for trigger in undone if trigger.waits])
        return None if waited else True

    def throw(self, token: Token, trigger: Trigger) -> None:
        """Throw one trigger."""
        if trigger.kind == "message":
            throw_message(self, token, trigger)
        elif trigger.kind == "signal":
            throw_signal(self, token, trigger)
        elif trigger.kind == "escalation":
            raise_escalation(token, trigger.code or "", "")

    def _map_inputs(self, token: Token) -> None:
        """The inputs are the payload, no local variables."""


class ThrowEvent(Thrower):
    """An intermediate event that throws."""


class EndEvent(Thrower):
    """An end event: throws what it has to and ends its token."""

    def perform(self, token: Token) -> bool | None:
        """Throw; an error, cancel or terminate end ends more than this token."""
        kinds = {trigger.kind for trigger in self.triggers}
        if token._parent is not None and token.container._parent is None:
            token.workflow.outcome = self.element.id
        done = super().perform(token)
        if not done or not kinds & {"error", "cancel", "terminate"}:
            return done
        if "error" in kinds:
            code = next(trigger.code for trigger in self.triggers if trigger.kind == "error")
            self.took_leave(token)
            raise_error(token, code or "", self.element.names.get("en", ""))
            return None
        if "cancel" in kinds:
            self.cancel_transaction(token)
            return None
        self._terminate(token)
        return True

    def _terminate(self, token: Token) -> None:
        for other in token.container.inside:
            if other is not token:
                token.workflow.withdraw(other)


class SendTask(Activity):
    """A send task without a connector: throws its message and goes on."""

    triggers: Sequence[Trigger] = ()

    def perform(self, token: Token) -> bool | None:
        """Throw the message."""
        for trigger in self.triggers:
            throw_message(self, token, trigger)
        return True

    def _map_inputs(self, token: Token) -> None:
        """The inputs are the payload, no local variables."""


class ConnectorEvent(ServiceTask):
    """A throw or end event whose message a connector sends."""

    def leave(self, token: Token) -> None:
        """Leave; as an end event it is the outcome."""
        if self.element.kind == "endEvent" and token.container._parent is None:
            token.workflow.outcome = self.element.id
        super().leave(token)


def throw_message(node: Node, token: Token, trigger: Trigger) -> None:
    """Hand a message over to the store, with the mapped payload and nothing else."""
    kernel = token.workflow
    name = kernel.evaluate(trigger.name, token.scope) if trigger.name is not None else ""
    correlation = None
    if trigger.correlation is not None:
        correlation = key_text(kernel.evaluate(trigger.correlation, token.scope))
    payload = payload_of(node, token)
    if learn(kernel, trigger.keys, payload):
        kernel.correlate_anew()
    keys = {
        rule.scheme: kernel.correlations[rule.key] for rule in trigger.keys if rule.key in kernel.correlations
    }
    kernel.thrown.append(Thrown("message", name, node.element.id, correlation, payload, keys))
    kernel.record("message_thrown", node.element.id, token=token.id, name=name, correlation=correlation)


def throw_signal(node: Node, token: Token, trigger: Trigger) -> None:
    """Reach everybody who listens in this instance, then the others through the store."""
    kernel = token.workflow
    name = kernel.evaluate(trigger.name, token.scope) if trigger.name is not None else ""
    payload = payload_of(node, token)
    kernel.thrown.append(Thrown("signal", name, node.element.id, None, payload))
    kernel.record("signal_thrown", node.element.id, token=token.id, name=name)
    broadcast(kernel, name, payload)


def payload_of(node: Node, token: Token) -> dict[str, Any]:
    """Return what the event carries: its data inputs, and what the input mapping says."""
    given = node.data.given(token) if node.data is not None else {}
    values = {name: token.workflow.evaluate(text, token.scope) for name, text in node.mapping.inputs}
    held: dict[str, Any] = hold({**given, **values}, "payload")
    return held


def link(source: Node, target: Node) -> FlowSpec:
    """Return the flow that a pair of link events stands for."""
    return FlowSpec(f"{source.element.id}->{target.element.id}", target, source, drawn=False)
