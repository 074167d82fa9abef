"""Activities: user, script, service, business rule, receive and plain tasks, calls, sub-processes.

Each waits for the outside, or does its work at once; none of them ever runs code of a diagram
(BPMN 2.0, 10.3 and 13.3).
"""

from __future__ import annotations

from collections.abc import Mapping as Readable
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from bpm.engine.diagram.expressions import Formula, Template, written
from bpm.engine.problems import StepFailed
from bpm.engine.runtime.specs.base import Container, FlowSpec, Node, still_active, write_mapped
from bpm.engine.runtime.specs.compensation import entry_of, undoing_guard
from bpm.engine.runtime.tokens import STARTED, WAITING, Token
from bpm.engine.services.attempts import Attempts

if TYPE_CHECKING:
    from bpm.engine.runtime.specs.user_work import UserWork


# the connector whose work is done by programs outside, and what they give to the step alone
EXTERNAL = "external"
LOCAL = "local variables"


class Activity(Node):
    """An activity with boundary events, perhaps the inner one of a loop."""

    # it runs only when compensation asks for it
    for_compensation = False
    start_quantity = 1
    completion_quantity = 1

    def arrive(self, parent: Token, flow: FlowSpec | None = None) -> Token:
        """Begin, or wait until enough tokens have come (BPMN 2.0, 13.3.2, startQuantity)."""
        if self.start_quantity == 1 or flow is None:
            return super().arrive(parent, flow)
        kernel = parent.workflow
        waiting_id = kernel.joins.get((parent.id, self.name))
        token = kernel.tasks[waiting_id] if waiting_id is not None else kernel.create(self, parent)
        token._state = WAITING
        notes = token.internal_data
        notes["arrived"] = {"": notes.get("arrived", {}).get("", 0) + 1}
        kernel.joins[(parent.id, self.name)] = token.id
        if notes["arrived"][""] >= self.start_quantity:
            del kernel.joins[(parent.id, self.name)], notes["arrived"]
            kernel.make_ready(token)
        return token

    def enter(self, token: Token) -> None:
        """Enter, and arm the boundary events when the activity takes time."""
        super().enter(token)
        if self.waits:
            self.arm_guards(token)

    def arm_guards(self, token: Token) -> None:
        """Let each boundary event that listens begin to listen, once."""
        if "guards" in token.internal_data:
            return
        listeners = [guard for guard in self.wiring.guards if guard.listens]
        prepared = [(guard, guard.prepare(token.container.scope, token)) for guard in listeners]
        if prepared:
            token.internal_data["guards"] = [guard.guard(token, entries).id for guard, entries in prepared]

    def leave(self, token: Token) -> None:
        """Leave; the inner activity of a loop reports to the loop instead."""
        if self.loop is None:
            super().leave(token)
            return
        self.hand_over(token)
        self.loop.child_done(token.container, token)

    def send(self, token: Token, flows: Sequence[FlowSpec]) -> None:
        """Remember what may have to be compensated, then go on."""
        if self.can_be_undone(token):
            done = token.container.internal_data.setdefault("done", [])
            done.append(entry_of(token, self.done_inside(token)))
        for _time in range(self.completion_quantity):
            super().send(token, flows)

    def can_be_undone(self, token: Token) -> bool:
        """Whether compensation would have something to do for this activity."""
        return undoing_guard(self) is not None

    def done_inside(self, token: Token) -> list[Any]:
        """Return what was done inside this activity and could be undone."""
        found: list[Any] = token.internal_data.get("done", [])
        return found

    def received(self, token: Token, values: Readable[str, Any]) -> None:
        """The outside has answered with ``values``; the element leaves at the next turn."""
        token.workflow.finish(token)


class PlainTask(Activity):
    """An untyped task: passes through (BPMN 2.0, 13.3.3, Abstract Task)."""


class UserTask(Activity):
    """A user or manual task: waits for a person."""

    waits = True
    work: UserWork

    def perform(self, token: Token) -> bool | None:
        """Find out who and until when; a failing expression is a failure of this step."""
        token.fresh["details"] = self.work.details(token)
        return None

    def details(self, token: Token) -> Readable[str, Any]:
        """Return what the inbox needs."""
        if "details" not in token.fresh:
            token.fresh["details"] = self.work.details(token)
        found: Readable[str, Any] = token.fresh["details"]
        return found

    def received(self, token: Token, values: Readable[str, Any]) -> None:
        """Write what the person filled in."""
        for name, value in values.items():
            token.scope.assign(name, value)
        token.workflow.finish(token)


class ScriptTask(Activity):
    """FEEL assignments, all or none."""

    script: Sequence[tuple[str, Formula]] = ()

    def perform(self, token: Token) -> bool | None:
        """Compute in order, each line seeing those before; then write."""
        computed: dict[str, Any] = {}
        for name, text in self.script:
            computed[name] = token.workflow.evaluate(text, token.scope, computed)
        token.scope.assign_all(computed)
        return True


class BusinessRuleTask(Activity):
    """Asks a decision table and keeps which rules matched."""

    decision = ""
    result: str | None = None

    def perform(self, token: Token) -> bool | None:
        """Decide at once.

        Raises:
            StepFailed: no rule fits and the outputs are not gathered in one variable.
        """
        kernel = token.workflow
        value, matched = kernel.environment.decide(self.decision, kernel.context(token.scope))
        kernel.record(
            "decision_made",
            self.element.id,
            token=token.id,
            decision=self.decision,
            value=value,
            matched=matched,
        )
        if self.result:
            token.scope.assign(self.result, value)
        elif isinstance(value, Readable):
            token.scope.assign_all({str(name): item for name, item in value.items()})
        else:
            raise StepFailed(
                "No rule of the decision “%(decision)s” fits, so “%(element)s” has no result.",
                code="no_rule",
                decision=self.decision,
                element=self.element.id,
            )
        return True


class ServiceTask(Activity):
    """A connector does the work outside of the run; the store completes the token."""

    waits = True
    connector = ""
    inputs: Sequence[tuple[str, Formula | Template]] = ()
    outputs: Sequence[tuple[Formula | Template, str]] = ()
    # which answers are BPMN errors: when, code, message; the first one that fits counts
    errors: Sequence[tuple[Formula, Formula | Template, Formula | Template]] = ()
    attempts = Attempts()
    # of a step that programs outside fetch
    priority: Formula | Template | None = None

    def perform(self, token: Token) -> bool | None:
        """Evaluate the inputs, so that a failing one is found here."""
        token.fresh["details"] = self._details(token)
        return None

    def details(self, token: Token) -> Readable[str, Any]:
        """Return the connector's name and its inputs."""
        if "details" not in token.fresh:
            token.fresh["details"] = self._details(token)
        found: Readable[str, Any] = token.fresh["details"]
        return found

    def _details(self, token: Token) -> dict[str, Any]:
        values = {name: token.workflow.evaluate(text, token.scope) for name, text in self.inputs}
        priority = token.workflow.evaluate(self.priority, token.scope) if self.priority is not None else 0
        return {
            "connector": self.connector,
            "inputs": values,
            "names": self.element.names,
            "attempts": self.attempts,
            "priority": priority,
            "error_of": partial(self.error_of, token),
        }

    def error_of(self, token: Token, result: Readable[str, Any]) -> tuple[str, str] | None:
        """Return code and message of the BPMN error that an answer is; None if it is none.

        Raises:
            StepFailed: a condition cannot be evaluated.
        """
        extra = {"result": dict(result)}
        evaluate = token.workflow.evaluate
        for when, code, message in self.errors:
            if evaluate(when, token.scope, extra) is True:
                return written(evaluate(code, token.scope, extra)), written(
                    evaluate(message, token.scope, extra)
                )
        return None

    def received(self, token: Token, values: Readable[str, Any]) -> None:
        """Keep the result until the outputs are written on leaving."""
        token.held["result"] = dict(values)
        if self.connector == EXTERNAL:
            token.held["local"] = token.held["result"].pop(LOCAL, {})
        token.workflow.finish(token)

    def write_outputs(self, token: Token) -> None:
        """Write the outputs; they read the answer as ``result``."""
        result = token.held.get("result", {})
        extra = {"result": result}
        if self.data is not None:
            self.data.fill(token, result)
        if self.connector == EXTERNAL:
            extra = {**result, **token.held.get("local", {}), **extra}
            if not self.outputs and not self.mapping.outputs and self.data is None:
                token.container.scope.assign_all(result)
        write_mapped(token, self.outputs, extra)
        write_mapped(token, self.mapping.outputs, extra)


class CallActivity(Activity):
    """Another process does the work, as an instance of its own."""

    waits = True
    process: Formula | Template
    binding = "latest"
    version: str | None = None

    def enter(self, token: Token) -> None:
        """Enter; inputs are the variables of the called process, not local ones."""
        if not token.internal_data.get("entered"):
            if self.data is not None:
                self.data.open(token)
            token.internal_data["entered"] = 1
            token.workflow.record("element_entered", self.element.id, **self.told(token))
        self.arm_guards(token)

    def perform(self, token: Token) -> bool | None:
        """Evaluate what is handed over, so that a failure is found here."""
        token.fresh["details"] = self._details(token)
        return None

    def details(self, token: Token) -> Readable[str, Any]:
        """Return what to call, and with what."""
        if "details" not in token.fresh:
            token.fresh["details"] = self._details(token)
        found: Readable[str, Any] = token.fresh["details"]
        return found

    def _details(self, token: Token) -> dict[str, Any]:
        evaluate = token.workflow.evaluate
        inputs = self.data.given(token) if self.data is not None else {}
        process = evaluate(self.process, token.scope)
        if not isinstance(process, str) or not process:
            raise StepFailed("“%(element)s” does not say which process to call.", element=self.element.id)
        variables = {name: evaluate(text, token.scope) for name, text in self.mapping.inputs} | inputs
        if not self.mapping.inputs and not inputs:
            variables = token.scope.visible()
        return {
            "process": process,
            "binding": self.binding,
            "version": self.version,
            "variables": variables,
            "propagate_all": not self._says_what_returns,
        }

    @property
    def _says_what_returns(self) -> bool:
        return bool(self.mapping.outputs) or (self.data is not None and bool(self.data.outputs))

    def received(self, token: Token, values: Readable[str, Any]) -> None:
        """Keep the variables of the called process until the outputs are written."""
        token.held["result"] = dict(values)
        token.workflow.finish(token)

    def write_outputs(self, token: Token) -> None:
        """With a mapping only what it says comes back; without one, every variable."""
        result = token.held.get("result", {})
        if self._says_what_returns:
            if self.data is not None:
                self.data.fill(token, {name: result[name] for name in self.data.outputs if name in result})
            write_mapped(token, self.mapping.outputs, result)
            return
        for name, value in result.items():
            token.scope.assign(name, value)


class SubProcess(Activity, Container):
    """An embedded sub-process or an event sub-process that was triggered."""

    waits = True

    def can_be_undone(self, token: Token) -> bool:
        """A sub-process is also undone through what was done inside it."""
        inside = token.internal_data.get("done") or self.undone_by is not None
        return bool(inside) or super().can_be_undone(token)


class AdHocSubProcess(SubProcess):
    """Its activities run in no given order, one by one or at once (BPMN 2.0, 13.3.5)."""

    sequential = False
    condition: Formula | None = None
    cancel_remaining = True

    def open(self, token: Token) -> None:
        """Begin with the first activity, or with all of them."""
        token.internal_data.update(open=1, next=1 if self.sequential else len(self.starts))
        self.arm_handlers(token)
        for start in self.starts[: token.internal_data["next"]]:
            start.arrive(token)

    def emptied(self, token: Token) -> None:
        """After each activity: enough, the next one, or wait for the others."""
        if token._state != STARTED or token.leaving:
            return
        try:
            enough = self._enough(token)
        except StepFailed as failure:
            token.workflow.fail(token, failure)
            return
        if enough:
            self._end(token)
        elif self.sequential and not still_active(token) and token.internal_data["next"] < len(self.starts):
            token.internal_data["next"] += 1
            self.starts[token.internal_data["next"] - 1].arrive(token)
        else:
            super().emptied(token)

    def _enough(self, token: Token) -> bool:
        if self.condition is None:
            return False
        return token.workflow.evaluate(self.condition, token.scope) is True

    def _end(self, token: Token) -> None:
        """No more begins; what runs is cancelled, or waited for (cancelRemainingInstances)."""
        if still_active(token) and not self.cancel_remaining:
            return
        for child in token.inside:
            token.workflow.withdraw(child)
        token.workflow.finish(token)
