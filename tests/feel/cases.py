"""Cases of the language written as lines ``expression => value``, the value itself an expression."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from _pytest.mark.structures import ParameterSet

from bpm.feel import evaluate
from bpm.feel.functions.conversion import string
from bpm.feel.limits import Run
from bpm.feel.operators import kind_of

NOW = datetime(2026, 3, 3, 8, 0, tzinfo=UTC)


def lines(text: str) -> list[ParameterSet]:
    """Return one parameter set (expression, value) for each line; empty lines and ``//`` lines are left out."""
    found = []
    for line in text.splitlines():
        if line.strip() and not line.startswith("//"):
            expression, arrow, value = line.rpartition(" => ")
            assert arrow, line
            found.append(pytest.param(expression.strip(), value.strip(), id=expression.strip()[:60]))
    return found


def check(expression: str, value: str, context: Mapping[str, Any] | None = None) -> None:
    """Assert that ``expression`` gives ``value``: of the same kind, every part the same, zones included."""
    found = evaluate(expression, context, now=NOW)
    wanted = evaluate(value, context, now=NOW)
    assert identical(found, wanted), f"{found!r} instead of {wanted!r}"


def identical(one: Any, other: Any) -> bool:
    """Tell whether two values are alike in kind and in every part."""
    if kind_of(one) != kind_of(other):
        return False
    if isinstance(one, Decimal | str | bool):
        return bool(one == other)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(identical, one, other))
    if isinstance(one, Mapping):
        return list(one) == list(other) and all(identical(one[key], other[key]) for key in one)
    return string(Run(), one) == string(Run(), other)
