"""Item-aware elements: data inputs and outputs, their associations, properties and data objects.

A data object or property is a variable of the scope it is declared in; the inputs and outputs of
an activity or event are variables of its own (BPMN 2.0, 10.4 and 13.3.2).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bpm.engine.diagram.expressions import Formula
from bpm.engine.runtime.scopes import Scope
from bpm.engine.runtime.tokens import Token

if TYPE_CHECKING:
    from bpm.engine.runtime.specs.base import Node


@dataclass(frozen=True)
class Association:
    """Moves one value to the variable ``target``: that of a variable, or what an expression gives."""

    value: Formula | str
    target: str

    def read(self, token: Token) -> Any:
        """Return the value as it is at a token; null if there is none.

        Raises:
            StepFailed: the expression fails.
        """
        if not isinstance(self.value, str):
            return token.workflow.evaluate(self.value, token.scope)
        holder = token.scope.holder(self.value)
        return None if holder is None else holder.values[self.value]


@dataclass(frozen=True)
class ItemAware:
    """The data of one node.

    ``inputs`` and ``outputs`` are names of local variables; ``reads`` and ``writes`` the associations
    evaluated on entering and leaving; ``owned`` further local variables: properties, data objects.
    """

    inputs: Sequence[str] = ()
    outputs: Sequence[str] = ()
    reads: Sequence[Association] = ()
    writes: Sequence[Association] = ()
    owned: Sequence[str] = ()

    def open(self, token: Token) -> None:
        """Give the token its local variables, all null, and read the inputs; once.

        Raises:
            StepFailed: an expression fails.
        """
        if token.internal_data.get("data"):
            return
        values = {one.target: one.read(token) for one in self.reads}
        scope = Scope(token.scope, token.workflow.journal)
        for name in (*self.owned, *self.outputs, *self.inputs):
            scope.declare(name, None)
        token.scope = scope
        token.internal_data["data"] = 1
        for name, value in values.items():
            scope.assign(name, value)

    def given(self, token: Token) -> dict[str, Any]:
        """Return the inputs by name: what a called process or a thrown event carries."""
        return {name: token.scope.values.get(name) for name in self.inputs}

    def fill(self, token: Token, received: Mapping[str, Any]) -> None:
        """Set the outputs from what came: each by its name; a single one takes all there is."""
        self.open(token)
        for name in self.outputs:
            if name in received:
                token.scope.declare(name, received[name])
            elif len(self.outputs) == 1 and received:
                token.scope.declare(name, _only(received))

    def close(self, token: Token) -> None:
        """Hand the outputs over to the scope around the token; one without a value is not copied.

        Raises:
            StepFailed: an expression fails.
        """
        values = {one.target: one.read(token) for one in self.writes}
        found = {name: value for name, value in values.items() if value is not None}
        token.container.scope.assign_all(found)


def _only(received: Mapping[str, Any]) -> Any:
    return next(iter(received.values())) if len(received) == 1 else dict(received)


def scope_to_write(node: Node, token: Token, name: str) -> Scope:
    """Return where an output mapping writes ``name``: the node's own output, else around it."""
    if node.data is not None and name in node.data.outputs:
        return token.scope
    return token.container.scope
