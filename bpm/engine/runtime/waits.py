"""What the tokens of a run show to the store: waits, failures, and how many stand where."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Any, cast

from bpm.engine.problems import Failure
from bpm.engine.runtime.outside import Wait
from bpm.engine.runtime.specs.activities import CallActivity, ServiceTask, UserTask
from bpm.engine.runtime.specs.events import Listener
from bpm.engine.runtime.specs.process import ROOT
from bpm.engine.runtime.specs.triggers import due_of
from bpm.engine.runtime.tokens import ERROR, STARTED, WAITING, Token

_KINDS = ((UserTask, "user_task"), (ServiceTask, "service"), (CallActivity, "call"))


def is_waiting(token: Token) -> bool:
    """Whether the outside has to do something for this token."""
    if token._state == WAITING:
        return any(entry is not None for entry in token.internal_data.get("on", ()))
    return token._state == STARTED and isinstance(token.task_spec, (UserTask, ServiceTask, CallActivity))


def waits_of(token: Token) -> Iterator[Wait]:
    """Yield the waits of one token; an event with several triggers has one for each."""
    node = token.task_spec
    if token._state == STARTED:
        for kind, name in _KINDS:
            if isinstance(node, kind):
                yield Wait(name, token.id, node.element.id, _scope(token), read=partial(node.details, token))
        return
    if token._state != WAITING:
        return
    for index, entry in enumerate(token.internal_data.get("on", ())):
        if entry is not None and entry["kind"] in ("timer", "message", "signal", "conditional"):
            yield _wait(token, index, entry)


def _wait(token: Token, index: int, entry: Mapping[str, Any]) -> Wait:
    return Wait(
        entry["kind"],
        token.id if index == 0 else f"{token.id}:{index}",
        token.task_spec.element.id,
        _scope(token),
        due_at=due_of(entry) if "due" in entry else None,
        name=entry.get("name"),
        correlation=entry.get("correlation"),
        keys=[(scheme, text) for scheme, text in entry.get("keys", ())],
        records=entry.get("records", ()),
        read=partial(_details, token, index),
    )


def _scope(token: Token) -> Mapping[str, Any]:
    return token.workflow.context(token.scope)


def _details(token: Token, index: int) -> Mapping[str, Any]:
    node = cast(Listener, token.task_spec)
    trigger = node.triggers[index]
    return {
        "names": node.element.names,
        "boundary": token.internal_data.get("for") == "guard",
        "interrupting": node.interrupting,
        "attached_to": node.element.attached_to,
        "definition": trigger.timer,
        "correlated": trigger.correlation is not None,
    }


def failures_of(tokens: Iterable[Token]) -> list[Failure]:
    """Return the failures of the tokens that stand in error."""
    found = []
    for token in tokens:
        if token._state == ERROR:
            cause = token.internal_data.get("failure", {})
            found.append(
                Failure(
                    token.id,
                    token.task_spec.element.id,
                    cause.get("code", "step_failed"),
                    cause.get("message", ""),
                    cause.get("values", {}),
                )
            )
    return found


def positions_of(tokens: Iterable[Token]) -> dict[str, int]:
    """Return how many tokens stand at each element; a repeated activity counts its open instances."""
    found: dict[str, int] = {}
    for token in tokens:
        if token.passive or token.task_spec.name == ROOT or "counter" in token.internal_data:
            continue
        count = sum("counter" in child.internal_data for child in token.inside) or 1
        element = token.task_spec.element.id
        found[element] = found.get(element, 0) + count
    return found
