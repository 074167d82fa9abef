"""Reads the multi-dictionary of an HTML form into nested values, in the shape ``check`` takes.

Knows how controls are named (``key``, ``group-key``, ``list-0-key``) and nothing of web
frameworks: any object with ``keys()`` and ``getlist(name)`` will do.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from bpm.forms.parts import MAX_ROWS, Component, Form

# Names of the buttons that change rows; a dot cannot stand in a key.
ADD_ROW = "form.add_row"
REMOVE_ROW = "form.remove_row"


class MultiValues(Protocol):
    """What is needed of a multi-dictionary."""

    def getlist(self, key: str) -> list[Any]: ...

    def keys(self) -> Iterable[str]: ...


@dataclass(frozen=True)
class RowChange:
    """A press on "Add a row" or "Remove": the list's control name, and the row to remove."""

    name: str
    remove: int | None = None


def read(form: Form, sent: MultiValues, files: Mapping[str, list[Any]] | None = None) -> dict[str, Any]:
    """Return the entries of a form by key, nested as the form is; unknown names are left out.

    Args:
        form: what was asked.
        sent: the texts.
        files: references of files kept from this request, by control name.
    """
    names = frozenset(sent.keys())
    return _level(form.components, _Sent(sent, names, files or {}), "")


def file_names(form: Form, names: Iterable[str]) -> list[str]:
    """Of the control names under which files came, those where the form asks for files."""
    pickers = set(_pickers(form.components, ""))
    return [name for name in names if re.sub(r"-\d+-", "-#-", name) in pickers]


def row_change(sent: MultiValues) -> RowChange | None:
    """Return the change of rows that a button asks for, if one was pressed."""
    for name in sent.getlist(ADD_ROW):
        return RowChange(str(name))
    for value in sent.getlist(REMOVE_ROW):
        name, _dot, number = str(value).rpartition(".")
        if name and number.isdecimal() and len(number) < 6:
            return RowChange(name, int(number))
    return None


def with_change(values: dict[str, Any], change: RowChange) -> dict[str, Any]:
    """Return the entries with a row added or removed; lists inside rows are reached too."""
    *path, last = change.name.split("-")
    place: Any = values
    for step in path:
        if isinstance(place, list):
            place = place[int(step)] if step.isdecimal() and int(step) < len(place) else None
        else:
            place = place.get(step) if isinstance(place, dict) else None
    if isinstance(place, dict):
        rows = place.get(last)
        rows = list(rows) if isinstance(rows, list) else []
        if change.remove is None and len(rows) < MAX_ROWS:
            rows.append({})
        elif change.remove is not None and change.remove < len(rows):
            del rows[change.remove]
        place[last] = rows
    return values


@dataclass(frozen=True)
class _Sent:
    values: MultiValues
    names: frozenset[str]
    files: Mapping[str, list[Any]]


def _level(components: tuple[Component, ...], sent: _Sent, prefix: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for component in components:
        name = prefix + (component.key or "")
        if component.type == "group":
            inner = _level(component.components, sent, f"{name}-" if component.key else prefix)
            found |= {component.key: inner} if component.key else inner
        elif component.type == "dynamiclist":
            found[component.key or ""] = [
                _level(component.components, sent, f"{name}-{number}-")
                for number in _row_numbers(name, sent.names)
            ]
        elif component.holds_data:
            _entry(component, name, sent, found)
    return found


def _entry(component: Component, name: str, sent: _Sent, found: dict[str, Any]) -> None:
    key = component.key or ""
    texts = sent.values.getlist(name)
    if component.type == "filepicker":
        kept = [text for text in texts if isinstance(text, str) and text]
        fresh = sent.files.get(name, [])
        found[key] = [*kept, *fresh] if component.many else (fresh or kept)[-1:]
    elif component.type == "checkbox":
        found[key] = bool(texts)
    elif component.many:
        found[key] = texts
    elif texts:
        found[key] = texts[-1]
    elif component.type == "radio":
        found[key] = None


def _row_numbers(name: str, names: frozenset[str]) -> list[int]:
    """Numbers of the rows that were sent, in order; one more than allowed shows the excess."""
    row = re.compile(re.escape(name) + r"(?:-(\d{1,6})-.*|\.(\d{1,6}))", re.DOTALL)
    numbers = {int(found[1] or found[2]) for found in map(row.fullmatch, names) if found}
    return sorted(numbers)[: MAX_ROWS + 1]


def _pickers(components: tuple[Component, ...], prefix: str) -> Iterable[str]:
    for component in components:
        name = prefix + (component.key or "")
        if component.type == "filepicker":
            yield name
        elif component.type == "group":
            yield from _pickers(component.components, f"{name}-" if component.key else prefix)
        elif component.type == "dynamiclist":
            yield from _pickers(component.components, f"{name}-#-")
