"""Compensation and the cancelling of transactions (BPMN 2.0, 10.7 and 13.5.5).

An activity that ended well is noted in its container: its name, what was done inside it, and its
own variables as they were (the snapshot). Undoing runs the handlers in reverse order, one after
the other, as tokens inside the token that asked for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from bpm.engine.runtime.scopes import Scope
from bpm.engine.runtime.specs.base import Node
from bpm.engine.runtime.specs.propagation import catcher
from bpm.engine.runtime.tokens import STARTED, Token
from bpm.engine.values import decode, encode_held, hold_linked

Done = list[list[Any]]


def entry_of(token: Token, inside: Done) -> list[Any]:
    """Return what is noted of an activity that ended well."""
    return [token.task_spec.name, inside, _snapshot(token)]


def _snapshot(token: Token) -> dict[str, Any]:
    """Return the variables that belong to the activity itself and end with it."""
    found: dict[str, Any] = {}
    scope: Scope | None = token.scope
    while scope is not None and scope is not token.container.scope:
        for name, value in scope.values.items():
            found.setdefault(name, encode_held(value))
        scope = scope.parent
    return found


def undoing_guard(node: Node) -> Any:
    """Return the compensation event at the edge of an activity."""
    return next((one for one in node.wiring.guards if one.element.event == "compensate"), None)


class Undoing(Node):
    """A node that can ask for compensation and waits until it is over."""

    waits = True

    def undo(self, token: Token, activities: Iterable[str | None]) -> bool:
        """Begin to undo what is done around ``token``; only those activities if they are named.

        Returns False if there is nothing to undo.
        """
        plan: Done = []
        for activity in activities:
            plan += self._plan(token, activity)
        if not plan:
            return False
        token.internal_data["plan"] = plan
        self._next(token)
        return True

    def undo_apart(self, token: Token, activities: Iterable[str | None]) -> None:
        """Undo without waiting until it is over (waitForCompletion is false)."""
        kernel = token.workflow
        apart = kernel.create(self, token.container)
        apart._state = STARTED
        apart.internal_data.update(entered=1, apart=1)
        if not self.undo(apart, activities):
            kernel.remove(apart)

    def _plan(self, token: Token, activity: str | None) -> Done:
        container = token.container
        plan: Done = []
        while True:
            done = container.internal_data.get("done")
            if isinstance(done, list):
                chosen = [entry for entry in done if activity in (None, entry[0])]
                container.internal_data["done"] = [entry for entry in done if entry not in chosen]
                plan += self._handlers(token, chosen, {})
            # an event sub-process undoes what was done around it; a named activity may be further out
            looks_outwards = hasattr(container.task_spec, "start") or (activity is not None and not plan)
            if container._parent is None or not looks_outwards:
                return plan
            container = container.container

    def _handlers(self, token: Token, done: Done, seen: Mapping[str, Any]) -> Done:
        """Return the handlers in the order in which they have to run."""
        plan: Done = []
        for name, inside, *rest in reversed(done):
            node = token.workflow.spec.task_specs[name]
            local = {**seen, **(rest[0] if rest else {})}
            if hasattr(node, "inner"):
                # every instance of a repeated activity is undone, the last one first
                for inner, deeper, *more in reversed(inside):
                    own = {**local, **(more[0] if more else {})}
                    instance = token.workflow.spec.task_specs[inner]
                    plan += self._handler(token, instance, undoing_guard(node), deeper, own)
            else:
                plan += self._handler(token, node, undoing_guard(node), inside, local)
        return plan

    def _handler(self, token: Token, node: Node, guard: Any, inside: Done, local: dict[str, Any]) -> Done:
        if guard is not None:
            return [] if guard.handler is None else [[guard.handler.name, [], local]]
        own = getattr(node, "undone_by", None)
        if own is not None:
            return [[own.name, inside, local]]
        return self._handlers(token, inside, local)

    def _next(self, token: Token) -> None:
        name, inside, *rest = token.internal_data["plan"].pop(0)
        handler = token.workflow.spec.task_specs[name]
        if hasattr(handler, "start"):
            begun = handler.begin(token, handler.start, {"kind": "compensate"})
            begun.internal_data["done"] = inside
        else:
            begun = handler.arrive(token)
        if rest and rest[0]:
            _restore(begun, rest[0])

    def emptied(self, token: Token) -> None:
        """One handler is done: the next one, or go on."""
        if token._state != STARTED or token.leaving or token.inside:
            return
        if token.internal_data.get("plan"):
            self._next(token)
        elif token.internal_data.get("cancels"):
            self._leave_transaction(token)
        elif token.internal_data.get("apart"):
            token.workflow.remove(token)
        else:
            token.workflow.finish(token)

    def cancel_transaction(self, token: Token) -> None:
        """Stop everything else in the transaction, undo it, and leave by its cancel event."""
        for other in token.container.inside:
            if other is not token:
                token.workflow.withdraw(other)
        token.internal_data["cancels"] = 1
        if not self.undo(token, [None]):
            self._leave_transaction(token)

    def _leave_transaction(self, token: Token) -> None:
        """Go on at the cancel event; without one nothing goes on after the transaction."""
        transaction = token.container
        around = transaction.container
        self.took_leave(token)
        event = catcher(list(transaction.task_spec.wiring.guards), "cancel", "")
        path = event.path_from(transaction) if event is not None else None
        token.workflow.withdraw(transaction)
        if path is not None:
            token.workflow.finish(path)
        else:
            around.task_spec.emptied(around)


def _restore(token: Token, snapshot: Mapping[str, Any]) -> None:
    """Let a handler see the variables of the activity as they were when it ended."""
    scope = Scope(token.scope, token.workflow.journal)
    for name, value in snapshot.items():
        held, linked = hold_linked(decode(value), name)
        scope.values[name] = held
        if linked:
            scope.linked.add(name)
    token.scope = scope
