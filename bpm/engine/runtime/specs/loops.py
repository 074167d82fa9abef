"""Multi-instance activities and standard loops (BPMN 2.0, 13.3.6 and 13.3.7).

The activity has a body token with a scope of its own; every child stands in the body with a
scope of its own. Results are gathered in the order of the items and reach the surrounding scope
when the activity ends, so an interrupted one leaves nothing behind.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from bpm.engine.diagram.expressions import Formula, Template
from bpm.engine.problems import StepFailed
from bpm.engine.runtime.scopes import Scope
from bpm.engine.runtime.specs.activities import Activity
from bpm.engine.runtime.specs.behavior import Behavior, throw
from bpm.engine.runtime.specs.compensation import entry_of, undoing_guard
from bpm.engine.runtime.specs.data import scope_to_write
from bpm.engine.runtime.specs.voting import Voting
from bpm.engine.runtime.tokens import Token
from bpm.engine.values import hold, hold_linked

INSTANCE_LIMIT = 10_000
ROUND_LIMIT = 100_000


class Loop(Activity):
    """The outer node of a repeated activity; ``inner`` is the activity itself."""

    waits = True
    inner: Activity
    # variables each instance has for itself besides the item
    local: frozenset[str] = frozenset()

    def told(self, token: Token) -> dict[str, Any]:
        """Mark the body, so that it is not counted as one more run of the activity."""
        return {"token": token.id, "multi_instance": True}

    def open_body(self, token: Token) -> None:
        """Give the body its scope, once."""
        if "created" not in token.internal_data:
            token.scope = Scope(token.scope, token.workflow.journal)
        token.internal_data.update(created=0, done=0)

    def whole_number(self, value: Any) -> int:
        """Return how often the activity runs.

        Raises:
            StepFailed: ``value`` is no whole number of at least zero.
        """
        try:
            number = Decimal(str(value))
        except ArithmeticError:
            number = Decimal(-1)
        if not number.is_finite() or number < 0 or number != number.to_integral_value():
            raise StepFailed(
                "How often “%(element)s” runs must be a whole number, not “%(value)s”.",
                code="no_cardinality",
                element=self.element.id,
                value=value,
            )
        return int(number)

    def add_child(self, body: Token, local: dict[str, Any]) -> None:
        """Start one more instance of the activity with its local variables."""
        body.internal_data["created"] += 1
        counter = body.internal_data["created"]
        child = body.workflow.create(self.inner, body, Scope(body.scope, body.workflow.journal))
        child.internal_data["counter"] = counter
        child.scope.own = self.local
        for name, value in {"loopCounter": Decimal(counter), **local}.items():
            held, linked = hold_linked(value, name)
            child.scope.values[name] = held
            if linked:
                child.scope.linked.add(name)
        body.workflow.make_ready(child)

    def child_done(self, body: Token, child: Token) -> None:
        """One instance has ended."""
        raise NotImplementedError

    def child_gone(self, body: Token, child: Token) -> None:
        """Take a finished child away; each instance may have to be undone by itself."""
        if undoing_guard(self) is not None or self.inner.can_be_undone(child):
            undo = body.internal_data.setdefault("undo", [])
            undo.append(entry_of(child, self.inner.done_inside(child)))
        self.inner._drop_guards(child)
        self.inner.took_leave(child)
        body.internal_data["done"] += 1
        body.workflow.remove(child)

    def can_be_undone(self, token: Token) -> bool:
        """A repeated activity is undone through its instances."""
        return bool(token.internal_data.get("undo"))

    def done_inside(self, token: Token) -> list[Any]:
        """Return the instances; ``done`` counts them."""
        found: list[Any] = token.internal_data.get("undo", [])
        return found

    def close(self, body: Token) -> None:
        """Withdraw what is open and leave."""
        for child in body.inside:
            body.workflow.withdraw(child)
        body.workflow.finish(body)


class MultiInstance(Loop):
    """One instance per item, all at once or one after the other."""

    sequential = False
    collection: Formula | None = None
    cardinality: Formula | Template | None = None
    item: str | None = None
    output_collection: str | None = None
    output_element: Formula | None = None
    completion: Formula | None = None
    voting: Voting | None = None
    behavior: Behavior | None = None

    def perform(self, token: Token) -> bool | None:
        """Find the items and start the first instances."""
        items, size = self._items(token)
        self.open_body(token)
        token.internal_data["size"] = size
        token.held["results"] = [None] * size
        if self.voting is not None:
            token.held["rule"] = self.voting.settle(token, size)
        if self.sequential and items is not None:
            token.held["items"] = items
        if size == 0:
            return True
        for index in range(1 if self.sequential else size):
            self._start(token, index, items)
        return None

    def _items(self, token: Token) -> tuple[list[Any] | None, int]:
        kernel = token.workflow
        if self.collection is not None:
            found = kernel.evaluate(self.collection, token.scope)
            if found is None:
                raise StepFailed(
                    "The list “%(list)s” of “%(element)s” is empty of meaning (null): nobody would be asked.",
                    code="no_list",
                    list=self.collection.text,
                    element=self.element.id,
                )
            items = hold(found if isinstance(found, list) else [found], self.collection.text)
            size = len(items)
        else:
            items, size = None, self._cardinality(token)
        if size > INSTANCE_LIMIT:
            raise StepFailed(
                "“%(element)s” would run %(size)s times; at most %(limit)s are allowed.",
                code="too_many",
                element=self.element.id,
                size=size,
                limit=INSTANCE_LIMIT,
            )
        return items, size

    def _cardinality(self, token: Token) -> int:
        if self.cardinality is None:
            return 1
        return self.whole_number(token.workflow.evaluate(self.cardinality, token.scope))

    def _start(self, body: Token, index: int, items: list[Any] | None) -> None:
        local: dict[str, Any] = {}
        if self.item is not None:
            local[self.item] = items[index] if items is not None else index + 1
        self.add_child(body, local)

    def child_done(self, body: Token, child: Token) -> None:
        """Keep the result; go on, start the next one, or end.

        Raises:
            StepFailed: the result or the completion condition fails; the child can be tried again.
        """
        index = child.internal_data["counter"] - 1
        results = list(body.held["results"])
        if self.output_element is not None:
            results[index] = hold(body.workflow.evaluate(self.output_element, child.scope))
        counters = self._counters(body) if self.completion is not None or self.behavior is not None else {}
        ends = self._ends(body, child, results, counters)
        thrown, cut = self.behavior.consult(child, counters) if self.behavior else ([], False)
        body.held["results"] = results
        self.child_gone(body, child)
        for trigger in thrown:
            if body.id in body.workflow.tasks:
                throw(body, trigger, counters)
        if body.id not in body.workflow.tasks:
            return  # what was thrown has ended the activity
        if ends or cut or body.internal_data["done"] == body.internal_data["size"]:
            self.close(body)
        elif self.sequential:
            self._start(body, body.internal_data["created"], body.held.get("items"))

    def _counters(self, body: Token) -> dict[str, Any]:
        """Return the attributes of the activity at the moment at which one more instance is done."""
        size, done = body.internal_data["size"], body.internal_data["done"] + 1
        counters = {
            "OfInstances": size,
            "OfActiveInstances": body.internal_data["created"] - done,
            "OfCompletedInstances": done,
            "OfTerminatedInstances": 0,
        }
        return {
            f"{word}{name}": Decimal(number) for name, number in counters.items() for word in ("nr", "number")
        }

    def _ends(self, body: Token, child: Token, results: list[Any], counters: dict[str, Any]) -> bool:
        if self.voting is not None:
            return self.voting.ended(body, results, body.internal_data["done"] + 1)
        if self.completion is None:
            return False
        extra = {**counters, self.output_collection: results} if self.output_collection else counters
        return body.workflow.evaluate(self.completion, child.scope, extra) is True

    def write_outputs(self, token: Token) -> None:
        """Hand the results over to the surrounding scope."""
        if self.output_collection is None:
            return
        results = token.held.get("results", [])
        if self.voting is not None:
            results = [vote for vote in results if vote is not None]
        scope_to_write(self, token, self.output_collection).assign(self.output_collection, results)


class StandardLoop(Loop):
    """Repeats while a condition holds; at most ``maximum`` times."""

    condition: Formula | None = None
    before = False
    maximum: Formula | Template | None = None

    def perform(self, token: Token) -> bool | None:
        """Start the first round unless the condition, tested before, says no."""
        self.open_body(token)
        limit = token.workflow.evaluate(self.maximum, token.scope) if self.maximum is not None else None
        if limit is not None:
            token.internal_data["size"] = self.whole_number(limit)
        if self.before and not self._again(token):
            return True
        self.add_child(token, {})
        return None

    def _again(self, body: Token) -> bool:
        created = body.internal_data["created"]
        if created >= body.internal_data.get("size", created + 1):
            return False
        if self.condition is None:
            return True
        again = body.workflow.evaluate(self.condition, body.scope, {"loopCounter": Decimal(created)}) is True
        if again and created >= ROUND_LIMIT:
            raise StepFailed(
                "“%(element)s” has run %(limit)s times and its condition still holds.",
                code="too_many",
                element=self.element.id,
                limit=ROUND_LIMIT,
            )
        return again

    def child_done(self, body: Token, child: Token) -> None:
        """Once more, or leave."""
        again = self._again(body)
        self.child_gone(body, child)
        if again:
            self.add_child(body, {})
        else:
            self.close(body)
