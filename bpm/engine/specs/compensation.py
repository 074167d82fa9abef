"""Compensation and the cancelling of transactions (BPMN 2.0, 10.7 and 13.5.5).

An activity that ended well is noted in its container, with what was done inside it. Undoing runs
the handlers in reverse order, one after the other, as tokens inside the token that asked for it.
"""

from __future__ import annotations

from typing import Any

from bpm.engine.specs.base import Node
from bpm.engine.specs.propagation import catcher
from bpm.engine.tokens import STARTED, Token

Done = list[list[Any]]


class Undoing(Node):
    """A node that can ask for compensation and waits until it is over."""

    waits = True

    def undo(self, token: Token, activity: str | None) -> bool | None:
        """Begin to undo what is done in the container; one activity only if it is named."""
        plan = self._plan(token, activity)
        if not plan:
            return True
        token.internal_data["plan"] = plan
        self._next(token)
        return None

    def _plan(self, token: Token, activity: str | None) -> Done:
        container = token.container
        # a handler undoes what was done around it
        while hasattr(container.task_spec, "begin") and "done" not in container.internal_data:
            container = container.container
        done: Done = container.internal_data.get("done", [])
        if activity is not None:
            chosen = [entry for entry in done if entry[0] == activity]
            container.internal_data["done"] = [entry for entry in done if entry[0] != activity]
        else:
            chosen, container.internal_data["done"] = done, []
        return self._handlers(token, chosen)

    def _handlers(self, token: Token, done: Done) -> Done:
        """Return the handlers in the order in which they have to run."""
        plan: Done = []
        for name, inside in reversed(done):
            node = token.workflow.spec.task_specs[name]
            guard = next((one for one in node.wiring.guards if one.element.event == "compensate"), None)
            if guard is not None:
                if guard.handler is not None:
                    plan.append([guard.handler.name, []])
                continue
            own = getattr(node, "undone_by", None)
            if own is not None:
                plan.append([own.name, inside])
            else:
                plan += self._handlers(token, inside)
        return plan

    def _next(self, token: Token) -> None:
        name, inside = token.internal_data["plan"].pop(0)
        handler = token.workflow.spec.task_specs[name]
        if hasattr(handler, "start"):
            begun = handler.begin(token, handler.start, {"kind": "compensate"})
            begun.internal_data["done"] = inside
        else:
            handler.arrive(token)

    def emptied(self, token: Token) -> None:
        """One handler is done: the next one, or go on."""
        if token._state != STARTED or token.leaving or token.inside:
            return
        if token.internal_data.get("plan"):
            self._next(token)
        elif token.internal_data.get("cancels"):
            self._leave_transaction(token)
        else:
            token.workflow.finish(token)

    def cancel_transaction(self, token: Token) -> bool | None:
        """Stop everything else in the transaction, undo it, and leave by its cancel event."""
        for other in token.container.inside:
            if other is not token:
                token.workflow.withdraw(other)
        token.internal_data["cancels"] = 1
        if self.undo(token, None) is True:
            self._leave_transaction(token)
        return None

    def _leave_transaction(self, token: Token) -> None:
        transaction = token.container
        self.took_leave(token)
        event = catcher(list(transaction.task_spec.wiring.guards), "cancel", "")
        if event is None:
            token.workflow.remove(token)
            return
        path = event.path_from(transaction)
        token.workflow.withdraw(transaction)
        token.workflow.finish(path)
