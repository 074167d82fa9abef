"""Run: one instance of a process while a command works on it.

The only way in for the store: pure, nothing is stored, no clock is read. ``load``, act,
``advance``, ``dump``.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast

from bpm.engine.definition import Definition
from bpm.engine.messages.correlation import learn
from bpm.engine.problems import Failure, StepFailed
from bpm.engine.runtime import state as states
from bpm.engine.runtime.environment import Environment
from bpm.engine.runtime.kernel import Kernel
from bpm.engine.runtime.outside import Changes, Thrown, Wait
from bpm.engine.runtime.scopes import Context
from bpm.engine.runtime.specs.events import Listener
from bpm.engine.runtime.specs.process import ROOT
from bpm.engine.runtime.specs.propagation import broadcast, find_catcher, raise_error, raise_escalation
from bpm.engine.runtime.tokens import ERROR, READY, STARTED, WAITING, Token, split_token
from bpm.engine.runtime.waits import failures_of, is_waiting, positions_of, waits_of
from bpm.engine.values import hold

STEPS = 5000


class NoSuchToken(LookupError):
    """The token is gone, or does not wait for what it was given: somebody was faster."""


class Run:
    """One instance of a process."""

    def __init__(self, definition: Definition, kernel: Kernel) -> None:
        self.definition = definition
        self._kernel = kernel

    @classmethod
    def start(
        cls,
        definition: Definition,
        variables: Mapping[str, Any],
        environment: Environment,
        start_event: str | None = None,
        payload: Mapping[str, Any] | None = None,
    ) -> Run:
        """Make a run that stands before its start; ``advance`` sets it going.

        Args:
            variables: become variables of the instance.
            start_event: id of the start event; without it the process begins where it begins
                without an event, else at its first start event.
            payload: what came with the message or signal of ``start_event``; handed over by the
                start event's mapping, else as variable ``message`` or ``signal``.

        Raises:
            CannotHold: a variable cannot be kept.
            LookupError: the process has no such start event.
        """
        kernel = Kernel(definition.spec, environment)
        if start_event is not None and start_event not in {one.id for one in definition.start_events}:
            raise LookupError(start_event)
        for name, value in variables.items():
            kernel.scope.declare(name, value)
        root = kernel.create(definition.spec.task_specs[ROOT], None)
        if start_event is not None:
            root.internal_data["start"] = start_event
            if payload is not None:
                kind = next(one.kind for one in definition.start_events if one.id == start_event)
                held = hold(dict(payload), "payload")
                root.held["event"] = {"kind": kind, "payload": held}
                _learn_keys(kernel, start_event, held)
        kernel.make_ready(root)
        return cls(definition, kernel)

    @classmethod
    def load(cls, definition: Definition, state: bytes, environment: Environment) -> Run:
        """Restore what :meth:`dump` wrote.

        Raises:
            ValueError: the state does not fit the definition.
        """
        return cls(definition, states.load(state, definition.spec, environment))

    def dump(self) -> bytes:
        """Return tokens and living scopes; see ``runtime/state.py``."""
        return states.dump(self._kernel)

    # --------------------------------------------------------------------------- how it stands

    @property
    def completed(self) -> bool:
        """Whether it has ended: at an end event, by an error nobody took, or cancelled."""
        return bool(self._kernel.completed)

    @property
    def cancelled(self) -> bool:
        """Whether :meth:`cancel` ended it."""
        return self._kernel.cancelled

    @property
    def outcome(self) -> str | None:
        """Id of the last end event of the process itself that was reached."""
        return self._kernel.outcome

    @property
    def error(self) -> tuple[str, str] | None:
        """Code and message of the error that ended it, if nobody took that error."""
        return self._kernel.error

    def waiting(self) -> list[Wait]:
        """Return everything the run waits for, oldest first."""
        return [wait for token in self._kernel.tasks.values() for wait in waits_of(token)]

    def changes(self) -> Changes:
        """Return what began and ended to be waited for since the last call or load.

        ``closed`` may name tokens that never were waits. A wait that repeats (a cycle) is
        opened again under the same token with its new ``due_at``.
        """
        kernel = self._kernel
        opened = [
            wait
            for token_id in kernel.touched
            if token_id in kernel.tasks
            for wait in waits_of(kernel.tasks[token_id])
        ]
        closed, kernel.gone = kernel.gone, []
        kernel.touched = {}
        return Changes(opened, closed)

    def failures(self) -> list[Failure]:
        """Return the tokens that stand in error; each should be an incident."""
        return failures_of(self._kernel.tasks.values())

    def thrown(self) -> list[Thrown]:
        """Return what was thrown to the outside since the last call; emptied by the call."""
        events, self._kernel.thrown = self._kernel.thrown, []
        return events

    def stalled(self) -> bool:
        """Whether it neither ended nor waits for anything: joins that nothing can reach."""
        tokens = self._kernel.tasks.values()
        alive = any(token._state in (READY, ERROR) or is_waiting(token) for token in tokens)
        return not self.completed and not alive

    def variables(self) -> dict[str, Any]:
        """Return the variables of the instance itself; not to be changed in place."""
        return dict(self._kernel.scope.values)

    def element_of(self, token: str) -> str | None:
        """Return the element at which a token stands; None if it is gone."""
        found = self._kernel.tasks.get(split_token(token)[0])
        return found.task_spec.element.id if found is not None else None

    def scope_of(self, token: str) -> Context:
        """Return what an expression reads at a token; null for what does not exist."""
        return self._kernel.context(self._token(token).scope)

    def values_at(self, token: str) -> dict[str, Any]:
        """Return every variable that is visible at a token, as it is held; not to be changed in place."""
        return self._token(token).scope.visible()

    def positions(self) -> dict[str, int]:
        """Return how many tokens stand at each element, by its id in the diagram."""
        return positions_of(self._kernel.tasks.values())

    # --------------------------------------------------------------------------------- acting

    def advance(self, now: datetime, steps: int = STEPS) -> bool:
        """Go on until everything waits.

        Args:
            now: aware moment; the one that expressions and timers see.
            steps: how many elements may be entered or left; False when they ran out — the state
                is sound and ``advance`` goes on from it.
        """
        self._kernel.now = now
        if self.completed:
            return True
        return self._kernel.run_ready(steps)

    def complete(self, token: str, values: Mapping[str, Any], now: datetime) -> None:
        """Answer a user task, service step or call; ``values``: what was filled in, the
        connector's result, or the variables of the called process.

        Raises:
            NoSuchToken: it does not wait for an answer (any more).
            CannotHold: a value cannot be a variable; nothing is changed.
        """
        found = self._waiting_token(token, STARTED)
        if not hasattr(found.task_spec, "received") or found.inside:
            raise NoSuchToken(token)
        held = {name: hold(value, name) for name, value in values.items()}
        self._kernel.now = now
        found.task_spec.received(found, held)

    def fire_timer(self, token: str, now: datetime) -> bool:
        """Let a timer fire that is due. False: it is not due yet (its date has moved).

        Raises:
            NoSuchToken: nobody waits for it any more.
        """
        self._kernel.now = now
        found, index, entry = self._entry(token, ("timer",))
        try:
            cast(Listener, found.task_spec).set_again(found, index)
        except StepFailed as failure:
            self._kernel.fail(found, failure)
            return False
        entry = found.internal_data["on"][index]
        if datetime.fromisoformat(entry["due"]) > now:
            return False
        found.task_spec.happen(found, index, "timer_fired", {})
        return True

    def refresh_timers(self, now: datetime) -> int:
        """Read again the dates that timers wait for, after a record has changed.

        Returns how many moved; ``changes`` tells them as opened anew, with their new ``due_at``.
        """
        self._kernel.now = now
        moved = 0
        for token in list(self._kernel.tasks.values()):
            for index, entry in enumerate(token.internal_data.get("on", ())):
                if entry is None or entry["kind"] != "timer" or token._state != WAITING:
                    continue
                try:
                    moved += cast(Listener, token.task_spec).set_again(token, index)
                except StepFailed as failure:
                    self._kernel.fail(token, failure)
        return moved

    def deliver(self, token: str, payload: Mapping[str, Any], now: datetime) -> None:
        """Deliver a message or signal to a token that waits for it.

        Raises:
            NoSuchToken: it does not wait for one (any more).
            CannotHold: the payload holds what no variable can be.
        """
        found, index, entry = self._entry(token, ("message", "signal"))
        self._kernel.now = now
        told = {"name": entry["name"], "payload": hold(dict(payload), "payload")}
        rules = cast(Listener, found.task_spec).triggers[index].keys
        found.task_spec.happen(found, index, f"{entry['kind']}_received", told)
        if learn(self._kernel, rules, told["payload"]):
            self._kernel.correlate_anew()

    def refresh_correlations(self, now: datetime) -> None:
        """Work out again with which keys messages are waited for, after variables have changed.

        ``changes`` tells those that differ as opened anew.
        """
        self._kernel.now = now
        self._kernel.correlate_anew()

    def signal(self, name: str, payload: Mapping[str, Any], now: datetime) -> int:
        """Deliver a signal to every token that waits for it; returns how many did.

        Raises:
            CannotHold: the payload holds what no variable can be.
        """
        self._kernel.now = now
        return broadcast(self._kernel, name, hold(dict(payload), "payload"))

    def catches(self, token: str, code: str) -> bool:
        """Whether anybody here would take a BPMN error that is thrown at a token.

        Raises:
            NoSuchToken: the token is gone.
        """
        return find_catcher(self._token(token), "error", code) is not None

    def throw_error(self, token: str, code: str, message: str, now: datetime) -> bool:
        """Throw a BPMN error at a service step, call or user task. False: nobody took it, the run
        has ended with it.

        Raises:
            NoSuchToken: the token is gone.
        """
        self._kernel.now = now
        return raise_error(self._token(token), code, message)

    def throw_escalation(self, token: str, code: str, message: str, now: datetime) -> bool:
        """Throw an escalation at a token. False: nobody took it; the run goes on.

        Raises:
            NoSuchToken: the token is gone.
        """
        self._kernel.now = now
        return raise_escalation(self._token(token), code, message)

    def retry(self, token: str, now: datetime) -> None:
        """Try a failed step again.

        Raises:
            NoSuchToken: it does not stand in error (any more).
        """
        found = self._waiting_token(token, ERROR)
        self._kernel.now = now
        found.internal_data.pop("failure", None)
        self._kernel.touched[found.id] = None
        found.task_spec.again(found)

    def skip(self, token: str, values: Mapping[str, Any], now: datetime) -> None:
        """Go past a failed or waiting step, writing ``values``.

        Raises:
            NoSuchToken: the token is gone or cannot be passed.
        """
        found = self._token(token)
        if found._state not in (ERROR, STARTED, WAITING) or found.passive or found.inside:
            raise NoSuchToken(token)
        self._kernel.now = now
        for name, value in values.items():
            found.scope.assign(name, value)
        found.internal_data.pop("failure", None)
        found.internal_data["outputs"] = 1
        self._kernel.finish(found)

    def fail(
        self, token: str, message: str, now: datetime, *, code: str = "step_failed", **values: Any
    ) -> None:
        """Put a waiting token into error (a service step that spent its retries).

        ``message`` is a message id with ``%(name)s`` marks for ``values``.
        """
        self._kernel.now = now
        self._kernel.fail(self._token(token), StepFailed(message, code=code, **values))

    def set_variables(self, values: Mapping[str, Any], now: datetime) -> None:
        """Write variables of the instance.

        Raises:
            CannotHold: a value cannot be kept.
        """
        self._kernel.now = now
        for name, value in values.items():
            self._kernel.scope.declare(name, value)

    def write_at(self, place: str, values: Mapping[str, Any], now: datetime) -> None:
        """Write variables as a step at ``place`` (a token, or the id of an element) would.

        Raises:
            NoSuchToken: nothing stands there.
            LookupError: several tokens stand there.
            CannotHold: a value cannot be kept; nothing is written.
        """
        tokens = self._kernel.tasks
        found = [tokens[place]] if place in tokens else []
        found = found or [one for one in tokens.values() if one.task_spec.element.id == place]
        found = [one for one in found if "counter" not in one.internal_data or place in tokens]
        if not found:
            raise NoSuchToken(place)
        if len({id(one.scope) for one in found}) > 1:
            raise LookupError(place)
        self._kernel.now = now
        found[0].scope.assign_all(values)

    def cancel(self) -> None:
        """End the run at once; every wait is withdrawn."""
        self._kernel.cancelled = True
        self._kernel.close()

    # ------------------------------------------------------------------------------ look-ups

    def _token(self, token: str) -> Token:
        found = self._kernel.tasks.get(split_token(token)[0])
        if found is None:
            raise NoSuchToken(token)
        return found

    def _waiting_token(self, token: str, wanted: int) -> Token:
        found = self._token(token)
        if found._state != wanted:
            raise NoSuchToken(token)
        return found

    def _entry(self, token: str, kinds: tuple[str, ...]) -> tuple[Token, int, Mapping[str, Any]]:
        found = self._waiting_token(token, WAITING)
        index = split_token(token)[1]
        entries = found.internal_data.get("on", [])
        if index >= len(entries) or entries[index] is None or entries[index]["kind"] not in kinds:
            raise NoSuchToken(token)
        return found, index, entries[index]


def _learn_keys(kernel: Kernel, start_event: str, payload: Mapping[str, Any]) -> None:
    """The message that starts an instance fills its correlation keys."""
    element, index = split_token(start_event)
    triggers = getattr(kernel.spec.task_specs.get(element), "triggers", ())
    if index < len(triggers):
        learn(kernel, triggers[index].keys, payload)
