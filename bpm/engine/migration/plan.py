"""What a change of version would do to one case, in words: each token, and what changes around it.

Plain data; made by ``state.py`` and ``rows.py``, shown by API and pages.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

Action = Literal["stays", "moves", "cannot"]


@dataclass(frozen=True)
class Step:
    """One token: at ``element`` now, at ``target`` then. ``reason``: why it cannot, and what to map."""

    token: str
    element: str
    name: str
    action: Action
    target: str | None = None
    reason: str = ""


@dataclass(frozen=True)
class Change:
    """Something that becomes different. ``kind``: title, form, outcomes, deadline, assignment, priority,
    timer, message, signal, watch_added, watch_removed, scope_added, forgotten."""

    element: str
    kind: str
    text: str
    before: Any = None
    after: Any = None


@dataclass
class InstancePlan:
    """What would happen to one case."""

    instance: str
    title: str
    from_version: int
    to_version: int
    steps: list[Step] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    # why nothing can be done with the case as a whole
    refusal: str = ""

    @property
    def possible(self) -> bool:
        """Whether the case can go over: all of it, or nothing."""
        return not self.refusal and all(step.action != "cannot" for step in self.steps)

    @property
    def reasons(self) -> Sequence[str]:
        """Why it cannot, each once."""
        found = [self.refusal] if self.refusal else []
        found += [step.reason for step in self.steps if step.action == "cannot"]
        return list(dict.fromkeys(found))

    def as_json(self) -> dict[str, Any]:
        """Return the plan as the API shows it."""
        return {
            "instance": self.instance,
            "title": self.title,
            "from_version": self.from_version,
            "to_version": self.to_version,
            "possible": self.possible,
            "reasons": list(self.reasons),
            "steps": [
                {"token": one.token, "element": one.element, "name": one.name, "action": one.action,
                 "target": one.target, "reason": one.reason}
                for one in self.steps
            ],
            "changes": [
                {"element": one.element, "kind": one.kind, "text": one.text, "before": _shown(one.before),
                 "after": _shown(one.after)}
                for one in self.changes
            ],
        }  # fmt: skip


def _shown(value: Any) -> Any:
    return value if value is None or isinstance(value, str | bool | int | list | dict) else str(value)
