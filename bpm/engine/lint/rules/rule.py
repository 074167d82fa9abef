"""What is told of one rule for diagrams."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

Severity = Literal["error", "warning", "advice"]


@dataclass(frozen=True)
class Rule:
    """One rule.

    ``id`` is stable; ``sentence`` says what is demanded, ``advice`` what to do; both are shown in the
    reader's language. ``clause`` is that of BPMN 2.0 ("" for rules of our own).
    """

    id: str
    severity: Severity
    clause: str
    sentence: Any
    advice: Any
