"""One difference between two versions, and all of them together. Plain data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

Kind = Literal["added", "removed", "changed", "moved"]
Side = Literal["old", "new"]
# what is said of an element of which several things can be said
_STRENGTH: dict[str, int] = {"moved": 0, "changed": 1, "added": 2, "removed": 2}


@dataclass(frozen=True)
class Change:
    """One sentence. ``elements``: ids in the diagrams that it is about, the most telling first."""

    kind: Kind
    text: str
    elements: Sequence[str] = ()


@dataclass
class Difference:
    """Everything that differs, in the order of the diagram."""

    changes: list[Change] = field(default_factory=list)
    marks: dict[str, Kind] = field(default_factory=dict)

    def say(self, kind: Kind, text: str, *elements: str) -> None:
        """Add a sentence and mark what it is about."""
        self.changes.append(Change(kind, text, tuple(elements)))
        for element in elements[:1] if kind != "moved" else elements:
            self.mark(kind, element)

    def mark(self, kind: Kind, element: str) -> None:
        """Mark an element without a sentence of its own."""
        known = self.marks.get(element)
        if known is None or _STRENGTH[kind] > _STRENGTH[known]:
            self.marks[element] = kind

    def marks_of(self, side: Side) -> dict[str, Kind]:
        """Return the marks for one of the two drawings: what was added is not in the old one."""
        absent = "added" if side == "old" else "removed"
        return {element: kind for element, kind in self.marks.items() if kind != absent}

    def as_json(self) -> dict[str, Any]:
        """Return what the two drawings show."""
        return {"old": self.marks_of("old"), "new": self.marks_of("new")}
