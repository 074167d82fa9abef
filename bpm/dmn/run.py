"""The state of one evaluation of a model: the budget of the language plus the rules that matched."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypedDict

from bpm.feel.limits import Run
from bpm.feel.scope import Scope

MAX_STEPS = 200_000
"""Steps of one evaluation of a model, all its decisions together."""


class Match(TypedDict):
    """A rule that contributed to the result: its table's name, its id, its number from 1, its remarks.

    Plain data, as it is kept in the history.
    """

    table: str
    rule: str
    number: int
    annotations: dict[str, str]


@dataclass(slots=True)
class Result:
    """What a decision gave: its value and, for the whole graph behind it, the rules that matched.

    ``warnings`` say, for developers, where and why a value became null: ``fee: string is no number``.
    """

    value: Any
    matched: list[Match]
    warnings: list[str]


class DecisionRun(Run):
    """A run that remembers the rules that matched, in the order in which their tables were evaluated.

    ``place`` is the name of the element that is being evaluated.
    """

    __slots__ = ("matched", "place")

    def __init__(
        self, now: datetime | None = None, functions: Mapping[str, Callable[..., Any]] | None = None
    ) -> None:
        super().__init__(now, functions, MAX_STEPS)
        self.matched: list[Match] = []
        self.place = ""

    def warn(self, text: str) -> None:
        """Remember why a null came out, and in which element."""
        super().warn(f"{self.place}: {text}" if self.place else text)


def nothing(scope: Scope) -> Any:
    """The closure of a faulty or missing expression."""
    scope.run.warn("no expression")
