"""Events that listen: start, intermediate, boundary, and receive tasks (BPMN 2.0, 10.5, 13.5).

A listening token stands in one of four places: at the event itself, beside an activity
(``for`` = guard), behind an event gateway (branch), or at the start of an event sub-process
(trigger). The last three are passive: they keep nothing open.
"""

from __future__ import annotations

from collections.abc import Mapping as Readable
from collections.abc import Sequence
from typing import Any, cast

from bpm.engine.problems import StepFailed
from bpm.engine.runtime.scopes import Scope
from bpm.engine.runtime.specs.activities import Activity, SubProcess
from bpm.engine.runtime.specs.base import FlowSpec, Node, write_mapped
from bpm.engine.runtime.specs.gateways import EventGateway
from bpm.engine.runtime.specs.triggers import LISTENING, Trigger
from bpm.engine.runtime.tokens import WAITING, Token

Entries = list[dict[str, Any] | None]


class Listener(Node):
    """An event with triggers."""

    waits = True
    triggers: Sequence[Trigger] = ()
    # every trigger has to happen, not only one
    all_of_them = False
    # the activity of a boundary event
    host: Node | None = None
    interrupting = True
    # the activity that undoes, of a compensation boundary event
    handler: Node | None = None

    @property
    def listens(self) -> bool:
        """Whether it waits for something that comes from outside of the token's own way."""
        return any(trigger.kind in LISTENING for trigger in self.triggers)

    def prepare(self, scope: Scope, around: Token) -> Entries:
        """Evaluate what every trigger needs, before anything is changed.

        Raises:
            StepFailed: an expression fails.
        """
        return [
            trigger.prepare(around.workflow, scope) if trigger.kind in LISTENING else None
            for trigger in self.triggers
        ]

    def listen(self, token: Token, entries: Entries) -> None:
        """Begin to wait."""
        kernel = token.workflow
        token._state = WAITING
        token.internal_data["on"] = entries
        for entry in entries:
            if entry is not None and entry["kind"] == "timer":
                kernel.record("timer_set", self.element.id, token=token.id, due_at=entry["due"])
            if entry is not None and entry["kind"] == "conditional":
                kernel.watching.add(token.id)
                kernel.writes_seen = -1

    def perform(self, token: Token) -> bool | None:
        """Wait here; an event without a trigger passes through.

        What has begun the instance has happened already (``trigger`` in the notes).
        """
        begun = token.internal_data.get("trigger")
        if not self.listens or (begun is not None and not self.all_of_them):
            return True
        entries = self.prepare(token.scope, token)
        if begun is not None:
            entries[begun] = None
            if not any(entries):
                return True
        self.listen(token, entries)
        return None

    # ------------------------------------------------------------------ the other three places

    def guard(self, host: Token, entries: Entries) -> Token:
        """Listen beside an activity."""
        return self._beside(host.container, {"for": "guard", "host": host.id}, entries)

    def branch(self, gateway: Token, flow: FlowSpec, entries: Entries) -> Token:
        """Listen behind an event gateway."""
        return self._beside(gateway, {"for": "branch", "flow": flow.id}, entries)

    def trigger(self, container: Token, entries: Entries) -> Token:
        """Listen at the start of an event sub-process."""
        return self._beside(container, {"for": "trigger"}, entries)

    def _beside(self, parent: Token, notes: dict[str, Any], entries: Entries) -> Token:
        token = parent.workflow.create(self, parent)
        token.internal_data.update(notes)
        self.listen(token, entries)
        return token

    # ---------------------------------------------------------------------------- it happens

    def set_again(self, token: Token, index: int) -> bool:
        """Set a timer anew if the date it waits for has moved; true if it has.

        Raises:
            StepFailed: the date cannot be read any more.
        """
        kernel = token.workflow
        entry = token.internal_data["on"][index]
        moved = self.triggers[index].moved(entry, kernel, token.scope)
        if moved is None:
            return False
        token.internal_data["on"][index] = moved
        kernel.touched[token.id] = None
        kernel.record("timer_set", self.element.id, token=token.id, due_at=moved["due"])
        return True

    def correlate(self, token: Token) -> None:
        """Wait with the keys that are known now.

        Raises:
            StepFailed: a binding cannot be evaluated.
        """
        for index, entry in enumerate(token.internal_data["on"]):
            if entry is not None and entry["kind"] == "message":
                keys = self.triggers[index].correlated_anew(entry, token.workflow, token.scope)
                if keys is not None:
                    entry["keys"] = keys
                    token.workflow.wait_anew(token)

    def look(self, token: Token) -> None:
        """A variable has changed: has a condition become true?"""
        kernel = token.workflow
        for index, entry in enumerate(token.internal_data.get("on", ())):
            if entry is None or entry["kind"] != "conditional" or token.id not in kernel.tasks:
                continue
            condition = self.triggers[index].condition
            try:
                true = condition is not None and kernel.evaluate(condition, token.scope) is True
            except StepFailed as failure:
                kernel.fail(token, failure)
                return
            was_true, entry["was"] = entry.get("was", False), true
            if true and not was_true:
                self.happen(token, index, "condition_met", {})

    def again(self, token: Token) -> None:
        """Listen on, looking at every condition once more."""
        if "on" not in token.internal_data or token.leaving:
            super().again(token)
            return
        token._state = WAITING
        if any(entry is not None and entry["kind"] == "conditional" for entry in token.internal_data["on"]):
            token.workflow.watching.add(token.id)
            token.workflow.writes_seen = -1

    def happen(self, token: Token, index: int, kind: str, told: Readable[str, Any]) -> None:
        """One trigger has happened; go on as its place asks.

        ``told`` carries ``payload`` for messages and signals, code and message for errors.
        """
        if not self._complete(token, index, kind, told):
            return
        place = token.internal_data.get("for")
        if place is None:
            self._passed(token, index, told)
        elif place == "guard":
            self._interrupt(token, index, told, interrupts=self.interrupting)
        elif place == "branch":
            self._branch_taken(token, index, told)
        else:
            self._start_handler(token, index, told)

    def happen_beside(self, token: Token, index: int, kind: str, told: Readable[str, Any]) -> None:
        """The activity itself has thrown the event: a token leaves here, the activity goes on."""
        if self._complete(token, index, kind, told):
            self._interrupt(token, index, told, interrupts=False)

    def _complete(self, token: Token, index: int, kind: str, told: Readable[str, Any]) -> bool:
        """Tell the history; false while other triggers are needed as well."""
        entries = token.internal_data["on"]
        token.workflow.record(kind, self.element.id, token=token.id, **told)
        if not self.all_of_them:
            return True
        entries[index] = None
        if not any(entries):
            return True
        token.workflow.wait_anew(token)
        return False

    def _passed(self, token: Token, index: int, told: Readable[str, Any]) -> None:
        """Leave; a cycle sends one token each time and leaves with the last."""
        kernel = token.workflow
        entry = token.internal_data["on"][index]
        again = self._again(token, index) if entry is not None and entry.get("step") else None
        going = token
        if again is not None:
            token.internal_data["on"][index] = again
            kernel.touched[token.id] = None
            going = kernel.create(self, token.container)
            going.internal_data["entered"] = 1
        self._take(going, index, told)
        kernel.finish(going)

    def _again(self, token: Token, index: int) -> dict[str, Any] | None:
        entry = token.internal_data["on"][index]
        again = self.triggers[index].again(entry, token.workflow)
        if again is not None:
            token.workflow.record("timer_set", self.element.id, token=token.id, due_at=again["due"])
        return again

    def _take(self, token: Token, index: int, told: Readable[str, Any]) -> None:
        token.held["event"] = {"kind": self.triggers[index].kind, **told}
        token.workflow.watching.discard(token.id)

    def _interrupt(self, token: Token, index: int, told: Readable[str, Any], *, interrupts: bool) -> None:
        kernel = token.workflow
        host = kernel.tasks[token.internal_data["host"]]
        path = self.path_from(host)
        self._take(path, index, told)
        kernel.finish(path)
        if interrupts:
            kernel.withdraw(host)
        else:
            self._listen_on(token, index)

    def path_from(self, host: Token) -> Token:
        """Set a token down at this boundary event."""
        path = host.workflow.create(self, host.container)
        path.internal_data["entered"] = 1
        host.workflow.record("element_entered", self.element.id, token=path.id)
        return path

    def _listen_on(self, token: Token, index: int) -> None:
        """A non-interrupting event may happen again; a timer only if it is a cycle."""
        if self.all_of_them:
            self._listen_anew(token)
            return
        entry = token.internal_data["on"][index]
        if entry is None or entry["kind"] != "timer":
            return
        try:
            again = self._again(token, index)
        except StepFailed as failure:
            token.workflow.fail(token, failure)
            return
        token.internal_data["on"][index] = again
        if again is not None:
            token.workflow.touched[token.id] = None
        elif not any(token.internal_data["on"]):
            token.workflow.withdraw(token)

    def _listen_anew(self, token: Token) -> None:
        """All triggers have happened: each of them is waited for once more."""
        try:
            entries = self.prepare(token.scope, token)
        except StepFailed as failure:
            token.workflow.fail(token, failure)
            return
        for entry in entries:
            if entry is not None and entry["kind"] == "conditional":
                entry["was"] = True  # it has to become false before it can become true again
        self.listen(token, entries)
        token.workflow.wait_anew(token)

    def _branch_taken(self, token: Token, index: int, told: Readable[str, Any]) -> None:
        gateway = token.container
        flow = next(
            one for one in gateway.task_spec.wiring.flows_out if one.id == token.internal_data["flow"]
        )
        arrived = cast(EventGateway, gateway.task_spec).happened(gateway, flow)
        arrived.internal_data["entered"] = 1
        token.workflow.record("element_entered", self.element.id, token=arrived.id)
        self._take(arrived, index, told)
        token.workflow.finish(arrived)

    def _start_handler(self, token: Token, index: int, told: Readable[str, Any]) -> None:
        handler = self.parent_node
        if isinstance(handler, EventSubProcess):
            scope_owner = token.container
            if not self.interrupting:
                self._listen_on(token, index)
            handler.begin(scope_owner, self, {"kind": self.triggers[index].kind, **told})

    # ------------------------------------------------------------------------------- leaving

    def write_outputs(self, token: Token) -> None:
        """Hand over what came with the event, by the mapping or under one name."""
        event = token.held.get("event")
        if event is None:
            return
        name, value = received_value(event)
        if self.data is not None and self.data.outputs:
            self.data.fill(token, value if isinstance(value, dict) else {})
        if self.mapping.outputs:
            write_mapped(token, self.mapping.outputs, {name: value} if name else {})
        elif name and value is not None and not (self.data is not None and self.data.outputs):
            token.scope.assign(name, value)


def received_value(event: Readable[str, Any]) -> tuple[str | None, Any]:
    """Return the variable and value of what came with an event."""
    if event["kind"] in ("message", "signal"):
        payload = event.get("payload")
        return event["kind"], payload if payload else None
    if event["kind"] in ("error", "escalation"):
        return event["kind"], {"code": event.get("code"), "message": event.get("message")}
    return None, None


class StartEvent(Listener):
    """A start event; the instance exists because it happened, so it passes through.

    Of a parallel multiple event one trigger has happened; a condition has still to be looked at.
    """

    def perform(self, token: Token) -> bool | None:
        """Begin, or wait for what is missing (BPMN 2.0, 10.5.2)."""
        if isinstance(self.parent_node, EventSubProcess):
            return True
        begun = token.internal_data.get("trigger")
        asked = self.triggers if begun is None else self.triggers[begun : begun + 1]
        if asked and all(trigger.kind == "conditional" for trigger in asked):
            token.internal_data.pop("trigger", None)
        elif begun is None and not self.all_of_them:
            return True
        return super().perform(token)


class CatchEvent(Listener):
    """An intermediate event that is waited for."""


class BoundaryEvent(Listener):
    """An event at the edge of an activity."""


class ReceiveTask(Activity, Listener):
    """Waits for a message."""

    def perform(self, token: Token) -> bool | None:
        """Wait."""
        return Listener.perform(self, token)

    def write_outputs(self, token: Token) -> None:
        """Hand over the message."""
        Listener.write_outputs(self, token)


class EventSubProcess(SubProcess):
    """A sub-process that begins when its start event happens (BPMN 2.0, 13.5.4)."""

    start: Listener

    def arm(self, container: Token) -> None:
        """Listen while ``container`` is open."""
        if self.start.listens:
            self.start.trigger(container, self.start.prepare(container.scope, container))

    def begin(self, container: Token, start: Listener, event: dict[str, Any]) -> Token:
        """Run the handler; an interrupting one ends everything else in the container."""
        kernel = container.workflow
        token = kernel.create(self, container)
        token.held["event"] = event
        if start.interrupting:
            container.internal_data["interrupted"] = 1
            for other in container.inside:
                if other is not token:
                    kernel.withdraw(other)
        kernel.make_ready(token)
        return token

    def open(self, token: Token) -> None:
        """Set a token down at the start event, with what came."""
        self.arm_handlers(token)
        if not self.starts:
            raise StepFailed("Nothing starts inside “%(element)s”.", element=self.element.id)
        start = self.start.arrive(token)
        start.held["event"] = token.held.get("event", {"kind": "none"})
        start.held["event"].setdefault("kind", "none")
