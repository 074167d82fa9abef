"""What a user task tells the inbox: who, what, until when, with which buttons.

Evaluates the expressions of our dialect; finding the person is the store's business.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from bpm.engine.definition import Element
from bpm.engine.diagram.expressions import Formula, Template
from bpm.engine.runtime.tokens import Token
from bpm.language import using

Text = Formula | Template


@dataclass
class UserWork:
    """The compiled extensions of one user task."""

    element: Element
    titles: Mapping[str, Text] = field(default_factory=dict)
    assigned_to: str | None = None
    assigned_value: Text | None = None
    candidate_groups: Text | None = None
    candidate_users: Text | None = None
    form: Text | None = None
    priority: Text | None = None
    due: Text | None = None
    follow_up: Text | None = None
    deadline: Mapping[str, str | None] = field(default_factory=dict)
    outcomes: Sequence[Mapping[str, Any]] = ()
    outcome_variable: str = "outcome"
    vote_variable: str | None = None

    def details(self, token: Token) -> dict[str, Any]:
        """Evaluate everything for one token.

        Raises:
            StepFailed: an expression fails.
        """
        return {
            "names": self.element.names,
            "titles": {
                language: self._title(language, text, token) for language, text in self.titles.items()
            },
            "assignment": self._assignment(token),
            "lane": self.element.lane,
            "form": self._value(self.form, token),
            "outcomes": list(self.outcomes),
            "outcome_variable": self.outcome_variable,
            "vote_variable": self.vote_variable,
            "deadline": self._deadline(token),
            "follow_up": self._value(self.follow_up, token),
            "priority": self._priority(token),
            "help": self.element.extensions.get("help", ""),
            "manual": self.element.kind == "manualTask",
        }

    def _value(self, text: Text | None, token: Token) -> Any:
        return None if text is None else token.workflow.evaluate(text, token.scope)

    def _title(self, language: str, text: Text, token: Token) -> str:
        """A title in one language: what its values are called is said in that language too."""
        with using(language):
            return self._text(text, token)

    def _text(self, text: Text, token: Token) -> str:
        found = token.workflow.evaluate(text, token.scope)
        return found if isinstance(found, str) else ("" if found is None else str(found))

    def _assignment(self, token: Token) -> dict[str, Any] | None:
        if self.assigned_to is None and self.candidate_groups is None and self.candidate_users is None:
            return None
        return {
            "to": self.assigned_to,
            "value": self._value(self.assigned_value, token),
            "candidate_groups": _listed(self._value(self.candidate_groups, token)),
            "candidate_users": _listed(self._value(self.candidate_users, token)),
        }

    def _deadline(self, token: Token) -> dict[str, Any] | None:
        if self.due is None:
            return None
        due = self._value(self.due, token)
        return {**self.deadline, "due": due if hasattr(due, "year") or due is None else str(due)}

    def _priority(self, token: Token) -> int:
        found = self._value(self.priority, token)
        try:
            return int(Decimal(str(found))) if found not in (None, "") else 0
        except ArithmeticError:
            return 0


def _listed(value: Any) -> list[str]:
    if isinstance(value, str):
        return [part.strip() for part in value.split(",") if part.strip()]
    if isinstance(value, list):
        return [part for part in value if isinstance(part, str)]
    return []
