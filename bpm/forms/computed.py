"""Computed values of a form: worked out by the server from the entries, never taken from a submission."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, time
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import Any

from bpm.forms.entries import MOST_DIGITS
from bpm.forms.expressions import Surroundings
from bpm.forms.parts import COMPUTED, Component
from bpm.forms.words import plain

_MONEY_DIGITS = 2


def computed(component: Component, around: Surroundings) -> Any:
    """Return the value of a computed field; None where it cannot be computed or is of another kind.

    Args:
        around: what its expression sees: the variables of the case and the entries of the form.
    """
    value = around.evaluate(component.expression or "")
    match component.result:
        case "number" | "money":
            return _number(component, value)
        case "text":
            return None if value is None else plain(value)
        case "date":
            return value if isinstance(value, date) else None
        case "boolean":
            return value if isinstance(value, bool) else None
        case "list":
            return value if isinstance(value, list) else None
    return value if isinstance(value, str | bool | Decimal | date | time | list | Mapping) else None


def fill(components: Iterable[Component], seen: dict[str, Any], around: Surroundings) -> None:
    """Put the computed values of one level among those that conditions see, in the order of the form."""
    for component in components:
        if component.type == COMPUTED:
            seen[component.key or ""] = computed(component, around)
        elif component.type == "group" and not component.key:
            fill(component.components, seen, around)


def _number(component: Component, value: Any) -> Decimal | None:
    if not isinstance(value, Decimal) or not value.is_finite() or value.adjusted() >= MOST_DIGITS:
        return None
    digits = component.decimal_digits
    if digits is None and component.result == "money":
        digits = _MONEY_DIGITS
    if digits is None:
        return value
    with localcontext(prec=2 * MOST_DIGITS + digits):
        return value.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
