"""FEEL as forms use it: conditions, defaults and texts with {values} in them.

A form must stay usable when an expression of its author fails: each function says what it
answers then. Nothing here knows of processes; the caller gives values and functions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bpm import feel


@dataclass(frozen=True)
class Surroundings:
    """What expressions of a form can see: values by name, functions by name, the moment."""

    values: Mapping[str, Any] = field(default_factory=dict)
    functions: Mapping[str, Callable[..., Any]] = field(default_factory=dict)
    now: datetime | None = None

    def evaluate(self, text: str) -> Any:
        """Return the value of a FEEL text, with or without its leading ``=``; None if it fails."""
        try:
            return feel.compile(bare(text)).evaluate(self.values, now=self.now, functions=self.functions)
        except feel.FeelError:
            return None

    def holds(self, text: str | None) -> bool:
        """Whether a condition is true; a missing, failing or null one is not."""
        return bool(text) and self.evaluate(text or "") is True

    def over(self, values: Mapping[str, Any]) -> Surroundings:
        """The same surroundings, with ``values`` in front."""
        return Surroundings(Layers(values, self.values), self.functions, self.now)


class Layers(Mapping[str, Any]):
    """Two mappings as one. Unlike ChainMap it never writes and never walks the lower one to read."""

    def __init__(self, upper: Mapping[str, Any], lower: Mapping[str, Any]) -> None:
        self._upper, self._lower = upper, lower

    def __getitem__(self, name: str) -> Any:
        return self._upper[name] if name in self._upper else self._lower[name]

    def __contains__(self, name: object) -> bool:
        return name in self._upper or name in self._lower

    def __iter__(self) -> Any:
        yield from self._upper
        yield from (name for name in self._lower if name not in self._upper)

    def __len__(self) -> int:
        return sum(1 for _name in self)


def bare(text: str) -> str:
    """Return a FEEL text without the ``=`` that marks it."""
    return text[1:].strip() if text.startswith("=") else text.strip()


def fault(text: str) -> str:
    """Return in plain words why a FEEL text cannot be read; empty if it can."""
    try:
        feel.compile(bare(text))
    except feel.FeelError as error:
        return str(error)
    return ""


def filled(text: str, surroundings: Surroundings, show: Callable[[Any], str]) -> str:
    """Replace each ``{FEEL}`` part of a text by its value.

    Args:
        text: for instance ``The limit is {company.credit_limit}``; a brace without its partner stays.
        surroundings: what the parts can see.
        show: how a value is written; null is an empty text.
    """
    parts: list[str] = []
    rest = text
    while "{" in rest:
        before, rest = rest.split("{", 1)
        parts.append(before)
        end = _closing_brace(rest)
        if end is None:
            parts.append("{")
            break
        parts.append(show(surroundings.evaluate(rest[:end])))
        rest = rest[end + 1 :]
    return "".join([*parts, rest])


def _closing_brace(text: str) -> int | None:
    """Where the brace ends that was opened before ``text``; braces inside it and in texts count not."""
    depth, quoted = 0, False
    for place, sign in enumerate(text):
        if sign == '"' and text[place - 1 : place] != "\\":
            quoted = not quoted
        elif quoted:
            continue
        elif sign == "{":
            depth += 1
        elif sign == "}":
            if depth == 0:
                return place
            depth -= 1
    return None
