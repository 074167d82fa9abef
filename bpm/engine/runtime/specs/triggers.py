"""Triggers: what an event listens for, and the waits they become.

One event may have several triggers; each waiting token keeps one entry per trigger in its notes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

from bpm.engine.diagram.expressions import Formula, Template, written
from bpm.engine.messages.correlation import KeyRule, keys_of_wait
from bpm.engine.runtime.environment import Environment
from bpm.engine.runtime.scopes import Context, Scope
from bpm.engine.timers.due_times import first_due, next_due
from bpm.engine.values import RecordReference

if TYPE_CHECKING:
    from bpm.engine.runtime.kernel import Kernel

LISTENING = ("message", "signal", "timer", "conditional")


@dataclass(frozen=True, eq=False)
class Trigger:
    """One event definition.

    ``kind``: message, signal, timer, conditional, error, escalation, compensate, cancel, link,
    terminate. ``name``: of the message or signal (may hold {FEEL}), or the code of the error or
    escalation (None: any).
    """

    kind: str
    name: Formula | Template | None = None
    code: str | None = None
    correlation: Formula | Template | None = None
    # of a message that says no correlation of its own: BPMN's correlation keys
    keys: tuple[KeyRule, ...] = ()
    # timer: duration, date or cycle; its text or expression
    timer: str | None = None
    term: Formula | Template | None = None
    working: bool = False
    condition: Formula | None = None
    # compensation of one activity only; whether the throwing event waits until it is over
    activity: str | None = None
    waits: bool = True

    def prepare(self, kernel: Kernel, scope: Scope) -> dict[str, Any] | None:
        """Return the entry of a token that begins to listen; None when it can never happen.

        Raises:
            StepFailed: an expression of the trigger fails.
        """
        if self.kind == "timer":
            return self._prepare_timer(kernel, scope)
        if self.kind in ("message", "signal"):
            name = kernel.evaluate(self.name, scope) if self.name is not None else ""
            entry: dict[str, Any] = {"kind": self.kind, "name": name}
            if self.correlation is not None:
                entry["correlation"] = key_text(kernel.evaluate(self.correlation, scope))
            elif self.keys:
                entry["keys"] = keys_of_wait(self.keys, kernel, scope)
            return entry
        return {"kind": self.kind}

    def correlated_anew(
        self, entry: Mapping[str, Any], kernel: Kernel, scope: Scope
    ) -> list[list[str | None]] | None:
        """Return the keys of a wait if they have changed since it began.

        Raises:
            StepFailed: a binding cannot be evaluated.
        """
        if not self.keys or "keys" not in entry:
            return None
        keys = keys_of_wait(self.keys, kernel, scope)
        return keys if keys != entry["keys"] else None

    def _prepare_timer(self, kernel: Kernel, scope: Scope) -> dict[str, Any] | None:
        if self.term is None:
            return None
        read = Reading(kernel.environment)
        value = self.term.evaluate(Context(scope, cast(Environment, read)), kernel.around())
        due = first_due(value, kernel.now, kernel.environment, working=self.working, what=self.term.text)
        if due is None:
            return None
        entry = {"kind": "timer", **due.as_json()}
        if self.timer == "date" and read.records:
            entry["records"] = sorted(read.records)
        return entry

    def moved(self, entry: Mapping[str, Any], kernel: Kernel, scope: Scope) -> dict[str, Any] | None:
        """Return the entry of a date that has changed since it was set (of a record, for instance).

        Raises:
            StepFailed: the expression fails or gives no date any more.
        """
        if self.timer != "date" or not isinstance(self.term, Formula):
            return None
        now_due = self._prepare_timer(kernel, scope)
        return now_due if now_due is not None and now_due["due"] != entry["due"] else None

    def again(self, entry: Mapping[str, Any], kernel: Kernel) -> dict[str, Any] | None:
        """Return the entry after a timer that repeats has fired; None when it is over."""
        due = next_due(entry, kernel.now, kernel.environment, working=self.working)
        return None if due is None else {"kind": "timer", **due.as_json()}


class Reading:
    """An environment that remembers which records an expression has read."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment
        self.records: set[str] = set()

    def resolve(self, reference: RecordReference) -> Mapping[str, Any]:
        """Return the record's fields, and remember it."""
        self.records.add(str(reference.id))
        return self._environment.resolve(reference)


def key_text(value: Any) -> str | None:
    """Return a correlation key as text: a record counts by its id."""
    reference = getattr(value, "reference", None)
    if reference is not None:
        value = reference.id
    return None if value is None else written(value)


def due_of(entry: Mapping[str, Any]) -> datetime:
    """Return when a timer entry is due."""
    return datetime.fromisoformat(entry["due"])
