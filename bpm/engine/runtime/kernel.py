"""Kernel: SpiffWorkflow's workflow with flat look-ups, a queue of ready tokens and no past.

Owns the life of tokens. What an element does with a token stands in ``specs``; what the store
sees stands in ``workflow.Run``.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.bpmn.workflow import BpmnWorkflow

from bpm.engine.diagram.expressions import Formula, Surroundings, Template
from bpm.engine.problems import StepFailed
from bpm.engine.runtime.environment import Environment
from bpm.engine.runtime.outside import Thrown
from bpm.engine.runtime.scopes import Context, Journal, Scope
from bpm.engine.runtime.tokens import CANCELLED, COMPLETED, ERROR, READY, STARTED, WAITING, Token
from bpm.errors import Refusal

if TYPE_CHECKING:
    from bpm.engine.runtime.specs.base import Node
    from bpm.engine.runtime.specs.process import ProcessSpec


class NoPython:
    """Stands where SpiffWorkflow keeps its Python evaluator; whatever asks it is a mistake."""

    def __getattr__(self, name: str) -> Any:
        raise TypeError("no part of a diagram is ever evaluated as Python")


class Kernel(BpmnWorkflow):
    """The tokens of one instance and the rules by which they move."""

    tasks: dict[str | None, Token]
    spec: ProcessSpec

    def __init__(self, spec: ProcessSpec, environment: Environment) -> None:
        super().__init__(spec, {}, script_engine=NoPython(), deserializing=True)  # type: ignore[no-untyped-call]
        self.environment = environment
        self.journal = Journal()
        self.journal.on_change = self._variable_changed
        self.scope = Scope(None, self.journal)
        self.now = datetime.min.replace(tzinfo=UTC)
        self.queue: deque[str] = deque()
        # those that throw signals run last, so that everybody listens who can
        self.later: deque[str] = deque()
        self.last_id = 0
        self.outcome: str | None = None
        self.error: tuple[str, str] | None = None
        self.cancelled = False
        # BPMN correlation keys that the first message has filled, by their id
        self.correlations: dict[str, str] = {}
        self.thrown: list[Thrown] = []
        # waiting joins by container and gateway, and tokens that wait for a condition
        self.joins: dict[tuple[str, str], str] = {}
        self.watching: set[str] = set()
        self.writes_seen = -1
        # what changed since the store last asked
        self.touched: dict[str, None] = {}
        self.gone: list[str] = []

    # ------------------------------------------------------------------ history and variables

    def record(self, kind: str, element: str | None, **data: Any) -> None:
        """Tell the history."""
        self.environment.record(kind, element, **data)

    def _variable_changed(self, name: str, old: Any, new: Any) -> None:
        self.environment.record("variable_changed", None, name=name, old=old, new=new)

    def around(self) -> Surroundings:
        """Return what expressions need besides variables."""
        return Surroundings(self.now, self.environment.functions)

    def context(self, scope: Scope, extra: Mapping[str, Any] | None = None) -> Context:
        """Return what an expression in ``scope`` reads."""
        return Context(scope, self.environment, extra)

    def evaluate(self, text: Formula | Template, scope: Scope, extra: Mapping[str, Any] | None = None) -> Any:
        """Evaluate an expression in ``scope``.

        Raises:
            StepFailed: it cannot be evaluated.
        """
        return text.evaluate(self.context(scope, extra), self.around())

    # ------------------------------------------------------------------------- life of tokens

    def create(self, spec: Node, parent: Token | None, scope: Scope | None = None) -> Token:
        """Make a token without setting it going."""
        self.last_id += 1
        if scope is None:
            scope = parent.scope if parent is not None else self.scope
        token = Token(self, spec, parent, scope, str(self.last_id))
        self.touched[token.id] = None
        return token

    def make_ready(self, token: Token) -> None:
        """Put a token into the queue."""
        token._state = READY
        (self.later if token.task_spec.late and not token.leaving else self.queue).append(token.id)

    def finish(self, token: Token) -> None:
        """The element's work is done: leave it at the next turn."""
        token.internal_data["leaving"] = 1
        self.make_ready(token)
        self._close(token)

    def wait_anew(self, token: Token) -> None:
        """What a token waits for has changed: the store forgets the old waits and takes the new."""
        self.gone.append(token.id)
        self.touched[token.id] = None

    def correlate_anew(self) -> None:
        """The keys by which messages are found have changed: who waits for one waits with the new."""
        for token in list(self.tasks.values()):
            if token._state == WAITING and "on" in token.internal_data:
                try:
                    token.task_spec.correlate(token)
                except StepFailed as failure:
                    self.fail(token, failure)

    def _close(self, token: Token) -> None:
        self.touched.pop(token.id, None)
        self.gone.append(token.id)

    def remove(self, token: Token) -> None:
        """Take a token away; the container that is empty now ends."""
        token._state = COMPLETED
        parent = self._detach(token)
        if parent is not None and parent._state == STARTED:
            parent.task_spec.emptied(parent)

    def _detach(self, token: Token) -> Token | None:
        del self.tasks[token.id]
        self._close(token)
        self.watching.discard(token.id)
        key = (token._parent or "", token.task_spec.name)
        if self.joins.get(key) == token.id:
            del self.joins[key]
        parent = self.tasks.get(token._parent)
        if parent is not None:
            parent._children.remove(token.id)
        return parent

    def withdraw(self, token: Token, *, told: bool = True) -> None:
        """Cancel a token, everything inside and everything that listens for it."""
        if token.id not in self.tasks:
            return
        stack, found = [token], []
        while stack:
            one = stack.pop()
            found.append(one)
            stack.extend(one.inside)
        for one in reversed(found):
            for guard in one.internal_data.pop("guards", ()):
                if guard in self.tasks:
                    self._drop(self.tasks[guard])
            if told and not one.passive and one._parent and one.internal_data.get("entered"):
                self.record("element_cancelled", one.task_spec.element.id, token=one.id)
            self._drop(one)

    def _drop(self, token: Token) -> None:
        if token.id in self.tasks:
            token._state = CANCELLED
            self._detach(token)

    # ---------------------------------------------------------------------------- going on

    def run_ready(self, steps: int) -> bool:
        """Run ready tokens until all wait; False when ``steps`` ran out before."""
        while True:
            while self.queue or self.later:
                ready = self.queue or self.later
                token = self.tasks.get(ready[0])
                if token is None or token._state != READY:
                    ready.popleft()
                    continue
                if steps <= 0:
                    return False
                steps -= 1
                ready.popleft()
                self._step(token)
                self._watch()
            if not self._settle():
                return True

    def _step(self, token: Token) -> None:
        try:
            token.run()
        except StepFailed as failure:
            self.fail(token, failure)
        except Refusal as refusal:
            self.fail(token, StepFailed("%(why)s", code=refusal.code, why=refusal.text))

    def fail(self, token: Token, failure: StepFailed) -> None:
        """Leave a token in error, with the cause; others go on."""
        token._state = ERROR
        notes = {"code": failure.code, "message": failure.message, "values": failure.values}
        token.internal_data["failure"] = notes
        self.touched.pop(token.id, None)
        self.record(
            "step_failed", token.task_spec.element.id, token=token.id, text=str(failure), code=failure.code
        )

    def _watch(self) -> None:
        """A write anywhere may fulfil a condition that is waited for anywhere."""
        if self.journal.writes == self.writes_seen or not self.watching:
            return
        self.writes_seen = self.journal.writes
        for token_id in sorted(self.watching, key=int):
            token = self.tasks.get(token_id)
            if token is not None:
                token.task_spec.look(token)

    def _settle(self) -> bool:
        """Nothing is ready: let joins go on to which no other token can come any more."""
        self._watch()
        for token_id in sorted(self.joins.values(), key=int):
            token = self.tasks.get(token_id)
            if token is not None and token._state == WAITING and token.task_spec.nobody_else(token):
                return True
        return bool(self.queue or self.later)

    # -------------------------------------------------------------------------- the process

    def close(self) -> None:
        """End the run: withdraw what is left."""
        for token in list(self.tasks.values()):
            if token.id in self.tasks:
                self.withdraw(token)
        self.queue.clear()
        self.later.clear()
        self.completed = True
