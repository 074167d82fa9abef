"""Where names are looked up: layers of mappings, the innermost first.

A mapping is only ever asked for single keys, so that records may be read lazily.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bpm.feel.limits import Run

MISSING: Any = object()


class Scope:
    """One layer of names over ``parent``; all layers of an evaluation share its ``run``."""

    __slots__ = ("names", "parent", "run")

    def __init__(self, names: Mapping[str, Any], parent: Scope | None, run: Run) -> None:
        self.names = names
        self.parent = parent
        self.run = run

    def find(self, name: str) -> Any:
        """Return the value of the innermost layer that has ``name``, or MISSING."""
        scope: Scope | None = self
        while scope is not None:
            value = scope.names.get(name, MISSING)
            if value is not MISSING:
                return value
            scope = scope.parent
        return MISSING


Closure = Callable[[Scope], Any]
