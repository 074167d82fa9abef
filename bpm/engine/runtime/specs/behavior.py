"""Events that a multi-instance activity throws when its instances complete (BPMN 2.0, 10.3.8).

``behavior`` None throws one for each instance, One for the first, Complex as its conditions say;
a Complex condition that holds also ends the activity. The boundary events of the activity itself
take such an event without interrupting it: completing is no interruption.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from bpm.engine.diagram.expressions import Formula
from bpm.engine.runtime.outside import Thrown
from bpm.engine.runtime.specs.propagation import broadcast, catcher, raise_error, raise_escalation
from bpm.engine.runtime.specs.triggers import Trigger, key_text
from bpm.engine.runtime.tokens import Token
from bpm.engine.values import hold

if TYPE_CHECKING:
    from bpm.engine.runtime.specs.events import Listener

# what can be thrown here; others are no events that a boundary event could take
KINDS = ("signal", "message", "escalation", "error")


@dataclass(frozen=True)
class Rule:
    """One thing to throw: when ``condition`` holds (None: always)."""

    triggers: Sequence[Trigger]
    condition: Formula | None = None


@dataclass(frozen=True)
class Behavior:
    """What is thrown on completion of an instance. ``only_first``: of the first one only."""

    rules: Sequence[Rule] = ()
    only_first: bool = False

    def consult(self, child: Token, counters: Mapping[str, Any]) -> tuple[list[Trigger], bool]:
        """Return what has to be thrown now, and whether the activity ends with it.

        Raises:
            StepFailed: a condition fails.
        """
        if self.only_first and counters["numberOfCompletedInstances"] != 1:
            return [], False
        thrown: list[Trigger] = []
        ends = False
        for rule in self.rules:
            if rule.condition is None:
                thrown += rule.triggers
            elif child.workflow.evaluate(rule.condition, child.scope, counters) is True:
                thrown += rule.triggers
                ends = True
        return thrown, ends


def throw(body: Token, trigger: Trigger, attributes: Mapping[str, Any]) -> None:
    """Throw one event at a multi-instance activity; ``attributes`` is what it carries."""
    kernel = body.workflow
    element = body.task_spec.element.id
    payload = hold(dict(attributes), "payload")
    if trigger.kind == "error":
        raise_error(body, trigger.code or "", "")
        return
    if trigger.kind == "escalation":
        _escalate(body, trigger.code or "")
        return
    name = kernel.evaluate(trigger.name, body.scope) if trigger.name is not None else ""
    kernel.record(f"{trigger.kind}_thrown", element, token=body.id, name=name)
    taken = _beside(body, trigger.kind, name, payload)
    if trigger.kind == "signal":
        kernel.thrown.append(Thrown("signal", name, element, None, payload))
        broadcast(kernel, name, payload, spared=taken)
    elif not taken:
        key = key_text(kernel.evaluate(trigger.correlation, body.scope)) if trigger.correlation else None
        kernel.thrown.append(Thrown("message", name, element, key, payload))


def _beside(body: Token, kind: str, name: str, payload: dict[str, Any]) -> frozenset[str]:
    """Let the activity's own boundary events take an event; return their tokens."""
    taken = []
    for guard in [one for one in body.internal_data.get("guards", ()) if one in body.workflow.tasks]:
        token = body.workflow.tasks[guard]
        for index, entry in enumerate(token.internal_data.get("on", ())):
            if entry is not None and entry["kind"] == kind and entry.get("name") == name:
                listener = cast("Listener", token.task_spec)
                listener.happen_beside(token, index, f"{kind}_received", {"name": name, "payload": payload})
                taken.append(guard)
                break
    return frozenset(taken)


def _escalate(body: Token, code: str) -> None:
    guard = catcher(list(body.task_spec.wiring.guards), "escalation", code)
    if guard is None:
        raise_escalation(body, code, "")
        return
    body.workflow.record(
        "escalation_thrown", body.task_spec.element.id, token=body.id, code=code, message="",
        caught_by=guard.element.id,
    )  # fmt: skip
    path = guard.path_from(body)
    path.held["event"] = {"kind": "escalation", "code": code, "message": ""}
    body.workflow.finish(path)
