"""A run as bytes and back: tokens and living scopes, no definition, no past.

Owns the layout of ``instance.state``. Values carry our own tags, so no key of a user can be
taken for a type.
"""

from __future__ import annotations

from typing import Any

import orjson

from bpm.engine.runtime.environment import Environment
from bpm.engine.runtime.kernel import Kernel
from bpm.engine.runtime.scopes import Scope
from bpm.engine.runtime.specs.process import ProcessSpec
from bpm.engine.runtime.tokens import READY, WAITING, Token
from bpm.engine.values import decode, encode_held

VERSION = 1


class _Scopes:
    """Numbers the living scopes, parents first; the instance's own is number 0."""

    def __init__(self, outermost: Scope) -> None:
        self.numbers: dict[int, int] = {}
        self.rows: list[list[Any]] = []
        self.number(outermost)

    def number(self, scope: Scope) -> int:
        """Return the number of a scope, listing it if it is new."""
        known = self.numbers.get(id(scope))
        if known is not None:
            return known
        parent = -1 if scope.parent is None else self.number(scope.parent)
        number = self.numbers[id(scope)] = len(self.rows)
        values = {name: encode_held(value) for name, value in scope.values.items()}
        self.rows.append([parent, values, sorted(scope.linked)] if scope.linked else [parent, values])
        return number


def dump(kernel: Kernel) -> bytes:
    """Return the state of a run."""
    scopes = _Scopes(kernel.scope)
    rows = [_row(token, scopes) for token in kernel.tasks.values()]
    state: dict[str, Any] = {"v": VERSION, "last": kernel.last_id, "tokens": rows, "scopes": scopes.rows}
    if kernel.completed:
        state["completed"] = True
    if kernel.cancelled:
        state["cancelled"] = True
    if kernel.outcome is not None:
        state["outcome"] = kernel.outcome
    if kernel.error is not None:
        state["error"] = kernel.error
    if kernel.correlations:
        state["keys"] = kernel.correlations
    return orjson.dumps(state)


def _row(token: Token, scopes: _Scopes) -> list[Any]:
    parent = token.workflow.tasks.get(token._parent)
    row: list[Any] = [
        int(token.id),
        int(token._parent) if token._parent else 0,
        token._state,
        token.task_spec.name,
        token.internal_data or 0,
    ]
    own_scope = token.scope is not (parent.scope if parent is not None else token.workflow.scope)
    if own_scope or token.held:
        row.append(scopes.number(token.scope) if own_scope else -1)
    if token.held:
        row.append({name: encode_held(value) for name, value in token.held.items()})
    return row


def load(state: bytes, spec: ProcessSpec, environment: Environment) -> Kernel:
    """Restore a run around a shared definition.

    Raises:
        ValueError: the state was written by another version of this program, or names an element
            that the definition does not have.
    """
    stored = orjson.loads(state)
    if stored.get("v") != VERSION:
        raise ValueError(f"state of layout {stored.get('v')!r} cannot be read")
    kernel = Kernel(spec, environment)
    kernel.last_id = stored["last"]
    kernel.completed = stored.get("completed", False)
    kernel.cancelled = stored.get("cancelled", False)
    kernel.outcome = stored.get("outcome")
    error = stored.get("error")
    kernel.error = (error[0], error[1]) if error else None
    kernel.correlations = stored.get("keys", {})
    scopes = _load_scopes(kernel, stored["scopes"])
    for row in stored["tokens"]:
        _load_token(kernel, row, scopes)
    kernel.touched.clear()
    return kernel


def _load_scopes(kernel: Kernel, rows: list[list[Any]]) -> list[Scope]:
    scopes: list[Scope] = []
    for row in rows:
        scope = kernel.scope if row[0] < 0 else Scope(scopes[row[0]], kernel.journal)
        scope.values = {name: decode(value) for name, value in row[1].items()}
        scope.linked = set(row[2]) if len(row) > 2 else set()
        scopes.append(scope)
    return scopes


def _load_token(kernel: Kernel, row: list[Any], scopes: list[Scope]) -> None:
    node = kernel.spec.task_specs.get(row[3])
    if node is None:
        raise ValueError(f"the definition has no element {row[3]!r}")
    parent = kernel.tasks[str(row[1])] if row[1] else None
    scope = parent.scope if parent is not None else kernel.scope
    if len(row) > 5 and row[5] >= 0:
        scope = scopes[row[5]]
    token = Token(kernel, node, parent, scope, str(row[0]), row[2])
    token.internal_data = row[4] or {}
    if "counter" in token.internal_data and node.loop is not None:
        token.scope.own = node.loop.local
    if len(row) > 6:
        token.held = {name: decode(value) for name, value in row[6].items()}
    if token._state == READY:
        kernel.make_ready(token)
    elif "arrived" in token.internal_data:
        kernel.joins[(token._parent or "", token.task_spec.name)] = token.id
    elif token._state == WAITING:
        _watch(kernel, token)


def _watch(kernel: Kernel, token: Token) -> None:
    for entry in token.internal_data.get("on", ()):
        if entry is not None and entry["kind"] == "conditional":
            kernel.watching.add(token.id)
