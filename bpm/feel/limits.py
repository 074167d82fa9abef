"""What one evaluation may cost, and the state it carries.

Every loop, call and list operation pays steps from one budget, so that the same text gives
the same answer or the same refusal on every machine.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from bpm.feel.errors import FeelError
from bpm.feel.texts import _
from bpm.feel.values import from_python, list_from_python

MAX_TEXT = 50_000
"""Characters of one expression."""
MAX_NESTING = 60
"""Levels of brackets, ``if``s and the like in a text."""
MAX_TOKENS = 10_000
"""Words, numbers and signs of one expression: about 50 ms of reading."""
MAX_STEPS = 10_000
"""Iterations, calls and list items touched in one evaluation: at most 50 ms."""
MAX_CALLS = 60
"""Depth of functions that call functions."""
MAX_STRING = 200_000
"""Characters of a text value."""
MAX_LIST = 50_000
"""Items of a list."""
MAX_RESULT = 100_000
"""Values in a result, counting those inside lists and contexts."""
MAX_RESULT_DEPTH = 60
"""Levels of lists and contexts in a result."""
MAX_PATTERN_STEPS = 50_000
"""Attempts of one regular expression."""

NO_FUNCTIONS: Mapping[str, Callable[..., Any]] = {}


class Run:
    """One evaluation: its budget, its present moment, its extra functions and its warnings."""

    __slots__ = ("_now", "depth", "functions", "lists", "steps", "warnings")

    def __init__(
        self,
        now: datetime | None = None,
        functions: Mapping[str, Callable[..., Any]] | None = None,
        steps: int = MAX_STEPS,
    ) -> None:
        self.steps = steps
        self.depth = 0
        self.functions = functions or NO_FUNCTIONS
        self.warnings: list[str] = []
        self.lists: dict[int, tuple[list[Any], list[Any]]] = {}
        self._now = now

    @property
    def now(self) -> datetime:
        """The moment that ``now()`` and ``today()`` tell: the same during the whole evaluation."""
        if self._now is None:
            self._now = datetime.now(UTC)
        return self._now

    def pay(self, steps: int = 1) -> None:
        """Take ``steps`` from the budget.

        Raises:
            FeelError: the budget is spent.
        """
        self.steps -= steps
        if self.steps < 0:
            raise FeelError(_("The expression is too expensive: it takes more steps than allowed."))

    def known_list(self, given: list[Any], convert: Callable[[list[Any]], list[Any]]) -> list[Any]:
        """Return the list as the language knows it, converted once only while it is used often."""
        known = self.lists.get(id(given))
        if known is not None:
            return known[1]
        self.pay(len(given) >> 4)
        if len(self.lists) > 50:
            self.lists.clear()  # else many long lists would be kept alive
        converted = convert(given)
        self.lists[id(given)] = (given, converted)
        return converted

    def value(self, given: Any) -> Any:
        """Return what stands in a list or context as the language knows it."""
        return self.known_list(given, list_from_python) if type(given) is list else from_python(given)

    def enter(self) -> None:
        """Begin a function call, which costs two steps; ``leave`` ends it."""
        self.steps -= 2
        self.depth += 1
        if self.depth > MAX_CALLS or self.steps < 0:
            raise FeelError(_("The expression is too expensive: its functions call each other too often."))

    def leave(self) -> None:
        self.depth -= 1

    def warn(self, text: str) -> None:
        """Remember why a null came out; only the first fifty are kept."""
        if len(self.warnings) < 50:
            self.warnings.append(text)


def check_string(text: str) -> str:
    """Return ``text``; refuse one that is longer than a value may be."""
    if len(text) > MAX_STRING:
        raise FeelError(_("The expression makes a text that is too long."))
    return text


def check_list(items: list[Any]) -> list[Any]:
    """Return ``items``; refuse a list that is longer than a value may be."""
    if len(items) > MAX_LIST:
        raise FeelError(_("The expression makes a list that is too long."))
    return items


def check_result(value: Any) -> Any:
    """Return ``value``; refuse one whose lists and contexts are too big or too deep to be stored.

    Shared parts count as often as they appear, as they would when written down.
    """
    kind = type(value)
    if kind is not list and kind is not dict:
        return value
    left = MAX_RESULT
    stack = [(value, 0)]
    while stack:
        part, depth = stack.pop()
        children = part.values() if type(part) is dict else part
        left -= 1 + len(part)
        if left < 0 or depth > MAX_RESULT_DEPTH:
            raise FeelError(_("The result of the expression is too big."))
        stack.extend((child, depth + 1) for child in children if type(child) in (list, dict))
    return value
