"""What is known in a case: the last value of each variable, with the name people call it by.

Told from the history, so that finished cases show the same as running ones.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from bpm.engine import values
from bpm.engine.models import HistoryEvent
from bpm.engine.values import FileReference, RecordReference
from bpm.history.names import Names


@dataclass(frozen=True)
class Known:
    """One variable. ``asked``: people filled it in or were shown it; others are the program's own."""

    name: str
    label: str
    text: str
    asked: bool
    file: FileReference | None = None
    record: RecordReference | None = None


def known_values(events: Iterable[HistoryEvent], names: Names) -> list[Known]:
    """Return the variables of a case: first those people know, in the order in which they appeared."""
    last: dict[str, Any] = {}
    for event in events:
        if event.kind == "variable_changed":
            try:
                last[str(event.data.get("name"))] = values.decode(event.data.get("new"))
            except (ValueError, KeyError):
                continue
    known = [_known(name, value, names) for name, value in last.items() if value not in (None, "", [])]
    return sorted(known, key=lambda one: not one.asked)


def _known(name: str, value: Any, names: Names) -> Known:
    return Known(
        name,
        names.variable(name),
        names.value(value, name),
        names.is_known(name) or isinstance(value, FileReference | RecordReference),
        value if isinstance(value, FileReference) else None,
        value if isinstance(value, RecordReference) else None,
    )
