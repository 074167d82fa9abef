"""Turns waiting tokens into ``Wait``s for the store, and the store's token texts back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, cast

from bpm.engine.outside import Wait
from bpm.engine.specs.activities import CallActivity, ServiceTask, UserTask
from bpm.engine.specs.events import Listener
from bpm.engine.specs.triggers import due_of
from bpm.engine.tokens import STARTED, WAITING, Token

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
        if entry is not None and entry["kind"] in ("timer", "message", "signal"):
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


def split_token(token: str) -> tuple[str, int]:
    """Return the token's id and the number of its trigger."""
    token_id, _colon, index = token.partition(":")
    return token_id, int(index) if index else 0
