"""Fills in a form by itself, in several ways, so that its check accepts it.

Each field has a list of values to try; one that the check refuses gives way to the next.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from bpm.forms.check import check
from bpm.forms.choices import Choices, offered
from bpm.forms.expressions import Surroundings
from bpm.forms.parts import NUMBER_TYPES, OPTION_TYPES, PICKER_TYPES, TEXT_TYPES, Component, Form
from bpm.language import _

USUAL, SMALL, LARGE = "usual", "small", "large"
_NUMBERS = {
    USUAL: (1000, 100, 10, 1, 0),
    SMALL: (1, 0, 10, 100),
    LARGE: (10_000_000, 1_000_000, 100_000, 10_000, 1000, 100, 10, 1),
}
_DAYS = {USUAL: (7, 1, 0, 30, -1, 60), SMALL: (0, 1, -1, 7), LARGE: (90, 59, 30, 7, 1, 0, -1)}
_TIMES = ("10:00", "00:00", "23:59")
# a field that is not sent keeps its present value, or its default
_AS_IT_STANDS = object()
# how often a refused field is changed
_MOST_TRIES = 8


@dataclass(frozen=True)
class Filling:
    """What is known when a form is filled in. ``wanted``: values for some fields, by key."""

    choices: Choices
    around: Surroundings
    now: datetime
    file: Callable[[], Any]
    variant: str = USUAL
    wanted: Mapping[str, Any] | None = None


def variants(form: Form | None, samples: Mapping[str, list[Any]]) -> list[tuple[str, Mapping[str, Any]]]:
    """Return the ways in which filling in a form may matter: a variant, and values of single fields."""
    found: list[tuple[str, Mapping[str, Any]]] = [(USUAL, {})]
    if form is None:
        return found
    parts = [one for one in form.fields() if one.readonly is not True]
    if any(part.type in NUMBER_TYPES or not part.required.always for part in parts):
        found.append((SMALL, {}))
    if any(part.type in NUMBER_TYPES or part.type == "datetime" for part in parts):
        found.append((LARGE, {}))
    for part in parts:
        known = list(samples.get(part.key or "", ()))
        if part.key in samples or part.type == "checkbox":
            known += [one.value for one in part.options if one.value not in known]
            known += [True, False] if part.type == "checkbox" else []
        found += [(USUAL, {part.key or "": one}) for one in dict.fromkeys(known)]
    return found


def fill(form: Form, filling: Filling, outcome: str | None) -> dict[str, Any]:
    """Return entries that the check of the form takes, if any were found; else the last that were tried."""
    shifts: dict[str, int] = {}
    entries: dict[str, Any] = {}
    for _number in range(_MOST_TRIES):
        entries = _level(form.components, filling, shifts, "", {})
        found = check(
            form,
            entries,
            current=filling.around.values,
            choices=filling.choices,
            outcome=outcome,
            functions=filling.around.functions,
            now=filling.around.now,
        )
        if not found.errors:
            break
        for name in found.errors:
            key = re.sub(r"-\d+-", "-#-", name)
            shifts[key] = shifts.get(key, 0) + 1
    return entries


def _level(
    components: Iterable[Component],
    filling: Filling,
    shifts: Mapping[str, int],
    prefix: str,
    found: dict[str, Any],
) -> dict[str, Any]:
    for component in components:
        key = component.key or ""
        if component.type == "group":
            inner: dict[str, Any] = {} if key else found
            _level(component.components, filling, shifts, f"{prefix}{key}-" if key else prefix, inner)
            if key:
                found[key] = inner
        elif component.type == "dynamiclist":
            few = filling.variant == SMALL and not component.required.always and not shifts.get(prefix + key)
            rows = [_level(component.components, filling, shifts, f"{prefix}{key}-#-", {})]
            found[key] = [] if few else rows
        elif component.holds_data:
            tried = _candidates(component, filling)
            place = shifts.get(prefix + key, 0)
            value = tried[min(place, len(tried) - 1)] if tried else None
            if value is not _AS_IT_STANDS:
                found[key] = value
    return found


def _candidates(component: Component, filling: Filling) -> list[Any]:
    wanted = filling.wanted or {}
    found = list(_usual(component, filling))
    if component.many:
        found = [[one] for one in found]
    if component.key in wanted:
        mine = wanted[component.key or ""]
        return [[mine] if component.many else mine, *found]
    if filling.variant == USUAL and (component.default is not None or component.readonly):
        found.insert(0, _AS_IT_STANDS)
    spared = filling.variant == SMALL and not component.required.always
    return [[] if component.many else None, *found] if spared else found


def _usual(component: Component, filling: Filling) -> Iterable[Any]:
    kind = component.type
    if kind in NUMBER_TYPES:
        limits = [_number(one, filling.around) for one in (component.minimum, component.maximum)]
        return [
            *(Decimal(one) for one in _NUMBERS[filling.variant]),
            *(one for one in limits if one is not None),
        ]
    if kind in TEXT_TYPES:
        words = (_("Example"), "example@example.com", "+48225550000", "5250001009", "1234567890" * 30)
        # an address of the post can stand wherever a text can, but not the other way round
        return words if filling.variant == USUAL else (words[1], words[0], *words[2:])
    if kind == "checkbox":
        return (filling.variant != SMALL, True)
    if kind == "datetime":
        return _moments(component, filling)
    if kind == "filepicker":
        return ([filling.file()],) if not component.many else (filling.file(),)
    if kind in OPTION_TYPES | PICKER_TYPES:
        keys = [one.key for one in offered(component, filling.choices, filling.around)]
        return list(reversed(keys)) if filling.variant == LARGE else keys
    return ()


def _moments(component: Component, filling: Filling) -> list[Any]:
    if component.subtype == "time":
        return list(_TIMES)
    days = [filling.now + timedelta(days=one) for one in _DAYS[filling.variant]]
    if component.subtype == "date":
        return [one.date().isoformat() for one in days]
    return [one.strftime("%Y-%m-%dT%H:%M") for one in days]


def _number(limit: Any, around: Surroundings) -> Decimal | None:
    value = around.evaluate(limit) if isinstance(limit, str) else limit
    return value if isinstance(value, Decimal) else None
