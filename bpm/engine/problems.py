"""Problems of a diagram, found before it runs, and failures of a step, found while it runs.

Owns the words in which they are told; knows neither XML nor tables.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from bpm.engine.lint.rules.catalogue import Severity, rule_of
from bpm.errors import Invalid
from bpm.language import gettext


@dataclass(frozen=True)
class Problem:
    """Something wrong at one element of a diagram.

    ``code`` is the id of the rule (stable, for programs; ``lint/rules`` tells what it means);
    ``message`` is a message id with ``values``, translated whenever ``text`` is read. ``fix`` is an
    edit that would mend it, as ``lint/fixes.py`` applies it.
    """

    element: str | None
    code: str
    message: str
    values: dict[str, Any] = field(default_factory=dict, hash=False)
    severity: Severity = "error"
    fix: dict[str, Any] | None = field(default=None, hash=False)

    @property
    def text(self) -> str:
        """The problem in the reader's language."""
        return gettext(self.message, **self.values) if self.values else gettext(self.message)

    def as_json(self) -> dict[str, Any]:
        """Return the problem as the API and the designer show it."""
        rule = rule_of(self.code)
        return {
            "element": self.element,
            "severity": self.severity,
            "message": self.text,
            "code": self.code,
            "rule": self.code,
            "advice": str(rule.advice) if rule is not None else "",
            "clause": rule.clause if rule is not None else "",
            "fix": self.fix,
        }


class CannotRun(Invalid):
    """A diagram is refused; ``problems`` says why, element by element."""

    code = "cannot_run"

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = list(problems)
        first = next((one for one in self.problems if one.severity == "error"), None)
        text = first.text if first is not None else gettext("The diagram cannot be run.")
        super().__init__(text, problems=self.problems)


class StepFailed(Exception):
    """A step cannot go on; becomes an incident at the element, never an abort of the command.

    ``message`` is a message id with ``values``, so that each reader sees it in his language.
    """

    def __init__(self, message: str, /, *, code: str = "step_failed", **values: Any) -> None:
        super().__init__(message % values if values else message)
        self.message = message
        self.code = code
        self.values = {name: str(value) for name, value in values.items()}


@dataclass(frozen=True)
class Failure:
    """A token that stands in error; it is tried again by ``Run.retry``.

    ``message`` and ``values`` have the shape of ``Incident.cause``.
    """

    token: str
    element: str
    code: str
    message: str
    values: dict[str, str] = field(default_factory=dict, hash=False)

    @property
    def text(self) -> str:
        """The cause in the reader's language."""
        return gettext(self.message, **self.values) if self.values else gettext(self.message)
