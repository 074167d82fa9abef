"""Puts fields that are narrower than the form side by side, as many on a line as fit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bpm.forms.parts import COLUMNS
from bpm.forms.shown import ShownField


def in_lines(shown: Sequence[ShownField]) -> list[ShownField]:
    """Return the parts with neighbours that are narrower than the form gathered in parts of kind ``line``.

    Hidden ones take no room. On a narrow screen each stands on its own line again.
    """
    found: list[ShownField] = []
    for part in shown:
        last = found[-1] if found else None
        if part.columns >= COLUMNS:
            found.append(part)
        elif last is not None and last.kind == "line" and _fits(last, part):
            found[-1] = replace(last, fields=(*last.fields, part), hidden=last.hidden and part.hidden)
        else:
            found.append(_line(part))
    return found


def _line(part: ShownField) -> ShownField:
    return replace(
        part,
        kind="line",
        name="",
        label="",
        hint="",
        error="",
        columns=COLUMNS,
        fields=(part,),
        rows=(),
        template=(),
    )


def _fits(line: ShownField, part: ShownField) -> bool:
    if part.hidden:
        return True
    return sum(one.columns for one in line.fields if not one.hidden) + part.columns <= COLUMNS
