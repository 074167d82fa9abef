"""Values as operators type them: a number, a day, yes or no, a text, or a FEEL expression after ``=``."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any

from bpm.engine import values
from bpm.engine.diagram import expressions
from bpm.engine.diagram.expressions import Formula, NotAnExpression, Surroundings
from bpm.engine.problems import StepFailed
from bpm.errors import Invalid
from bpm.language import _

_NUMBER = re.compile(r"-?\d+(\.\d+)?\Z")
_DAY = re.compile(r"\d{4}-\d\d-\d\d\Z")
_WORDS = {"": None, "null": None, "true": True, "false": False}


def entered(text: str, around: Surroundings) -> Any:
    """Return the value that a typed text means; text between quotes is always text.

    Raises:
        Invalid: what follows ``=`` is no FEEL expression.
    """
    text = text.strip()
    if text in _WORDS:
        return _WORDS[text]
    if text.startswith("="):
        return _evaluated(text, around)
    if _NUMBER.match(text):
        return Decimal(text)
    if _DAY.match(text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            return text
    quoted = len(text) > 1 and text[0] == text[-1] == '"'
    return text[1:-1] if quoted else text


def _evaluated(text: str, around: Surroundings) -> Any:
    try:
        compiled = expressions.value(text)
        found = compiled.evaluate({}, around) if isinstance(compiled, Formula) else text
    except (NotAnExpression, StepFailed) as fault:
        raise Invalid(_("“%(text)s” is no value: %(why)s", text=text[:100], why=str(fault))) from fault
    return values.hold(found, text[:40])
