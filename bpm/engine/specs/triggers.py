"""Triggers: what an event listens for, and the waits they become.

One event may have several triggers; each waiting token keeps one entry per trigger in its notes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from bpm.engine.due_times import first_due, next_due
from bpm.engine.expressions import Formula, Template, written
from bpm.engine.scopes import Scope

if TYPE_CHECKING:
    from bpm.engine.kernel import Kernel

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
    # timer: duration, date or cycle; its text or expression
    timer: str | None = None
    term: Formula | Template | None = None
    working: bool = False
    condition: Formula | None = None
    # compensation of one activity only
    activity: str | None = None

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
            return entry
        return {"kind": self.kind}

    def _prepare_timer(self, kernel: Kernel, scope: Scope) -> dict[str, Any] | None:
        if self.term is None:
            return None
        value = kernel.evaluate(self.term, scope)
        due = first_due(value, kernel.now, kernel.environment, working=self.working, what=self.term.text)
        return None if due is None else {"kind": "timer", **due.as_json()}

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


def key_text(value: Any) -> str | None:
    """Return a correlation key as text: a record counts by its id."""
    reference = getattr(value, "reference", None)
    if reference is not None:
        value = reference.id
    return None if value is None else written(value)


def due_of(entry: Mapping[str, Any]) -> datetime:
    """Return when a timer entry is due."""
    return datetime.fromisoformat(entry["due"])
