"""What a run shows to the outside: what it waits for and what it has thrown.

Plain data; the store writes it to its tables and finds a token again by its text.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any


class Wait:
    """One thing a run waits for.

    ``kind``:
      ``user_task`` – a person; answered by ``Run.complete(token, values, now)``.
      ``service`` – a connector; ``Run.complete(token, result, now)`` or ``Run.throw_error``.
      ``call`` – a called process; ``Run.complete(token, its variables, now)`` or ``throw_error``.
      ``timer`` – ``Run.fire_timer(token, now)`` once ``due_at`` is reached.
      ``message`` and ``signal`` – ``Run.deliver(token, payload, now)``; ``name``, ``correlation``
      (text, or None: the store's default correlation), ``keys`` (BPMN correlation, instead of it).
      ``conditional`` – nothing from outside: the run sees by itself when its variables fulfil it.

    ``element`` is the id in the diagram (for a boundary event its own id). ``scope`` reads the
    variables visible there. ``details`` (evaluated when first read):

      user_task: names {language: text}, titles {language: text}, form, priority (int),
        assignment {"to": person|group|initiator|manager_of_initiator|head_of_department|expression,
        "value": evaluated value or None, "candidate_groups": [...], "candidate_users": [...]},
        lane {"id", "name"} or None, outcomes [{"key", "labels", "comment", "tone"}], outcome_variable,
        vote_variable (or None), deadline {"due", "calendar", "remind_before", "escalate_after",
        "escalate_to"} or None — ``due`` is evaluated: a term as text, or an aware datetime,
        follow_up likewise, help text, manual (bool).
      service: connector, inputs {name: value}, element names.
      call: process, binding, version, variables {name: value}, propagate_all (bool).
      timer: definition "duration" | "date" | "cycle", boundary (bool), interrupting (bool), attached_to.
      message, signal: boundary, interrupting, attached_to.
    """

    __slots__ = (
        "__dict__", "_read", "correlation", "due_at", "element", "keys", "kind", "name", "records", "scope",
        "token",
    )  # fmt: skip

    def __init__(
        self,
        kind: str,
        token: str,
        element: str,
        scope: Mapping[str, Any],
        due_at: datetime | None = None,
        name: str | None = None,
        correlation: str | None = None,
        read: Callable[[], Mapping[str, Any]] | None = None,
        keys: Sequence[tuple[str, str | None]] = (),
        records: Sequence[str] = (),
    ) -> None:
        self.kind = kind
        self.token = token
        self.element = element
        self.scope = scope
        self.due_at = due_at
        self.name = name
        self.correlation = correlation
        self.keys = keys
        # of a timer: ids of the records that say when it is due
        self.records = records
        self._read = read

    @cached_property
    def details(self) -> Mapping[str, Any]:
        """More about the wait, by kind; see the class."""
        return self._read() if self._read is not None else {}

    def __repr__(self) -> str:
        return f"Wait({self.kind} {self.element} token={self.token} name={self.name} due={self.due_at})"


@dataclass(frozen=True)
class Thrown:
    """An event for others.

    ``kind``: ``message`` (to exactly one, by ``correlation``), ``signal`` (to every other instance;
    the thrower's own waits have been served), ``error`` and ``escalation`` (nobody inside caught
    it: the caller of this process may; an error has ended the run).
    """

    kind: str
    name: str
    element: str
    correlation: str | None = None
    payload: Mapping[str, Any] = field(default_factory=dict)
    # BPMN correlation keys that the thrower has, by scheme
    keys: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Changes:
    """Waits that appeared and tokens whose wait is over since the last call of ``Run.changes``."""

    opened: list[Wait]
    closed: list[str]
