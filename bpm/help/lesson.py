"""What the help is made of: chapters with examples, and functions by subject.

Also the case that all examples speak of. Texts are translated when they are shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Literal
from zoneinfo import ZoneInfo

from bpm import feel

Words = Any  # a text of bpm.language.lazy
Form = Literal["expression", "cell", "title", "term"]

NOW = datetime(2026, 3, 3, 9, 0, tzinfo=ZoneInfo("Europe/Warsaw"))
"""The moment at which the examples are read: a Tuesday."""

CASE: Mapping[str, str] = {
    "amount": "1200000",
    "prepayment": "30",
    "number": '"118"',
    "stage": '"negotiation"',
    "source": '"website"',
    "comment": "null",
    "initiator": '"anna.nowak"',
    "signed": '@"2026-03-03"',
    "due": '@"2026-02-20"',
    "company": '{name: "Delta", city: "Warsaw", regular: true}',
    "deal": '{title: "Pumps for Delta", amount: 450000, responsible: "anna.nowak"}',
    "items": '[{name: "Pump", price: 12000, quantity: 2}, {name: "Filter", price: 800, quantity: 10}]',
    "invoices": '[{number: "F-31", sum: 40000, due: @"2026-02-20", paid: false}, '
    '{number: "F-32", sum: 15000, due: @"2026-03-20", paid: false}]',
    "votes": '[{who: "emily.clark", decision: "approve"}, {who: "pavel.smirnov", decision: "approve"}, '
    '{who: "katarzyna.lis", decision: "reject"}]',
}
"""The case of the examples: names, and their values as one writes them."""


@dataclass(frozen=True)
class Example:
    """Something written and what comes of it.

    ``form``: an expression; a cell of a decision table, tried on ``value``; a text with {values};
    a term, which begins at ``NOW``. ``result`` is written as one would write the value.
    """

    text: str
    result: str
    note: Words = ""
    form: Form = "expression"
    value: str = ""


@dataclass(frozen=True)
class Chapter:
    """A part of the page. ``key`` is its anchor."""

    key: str
    title: Words
    words: tuple[Words, ...]
    examples: tuple[Example, ...]


@dataclass(frozen=True)
class Function:
    """A function with what it is for and one example."""

    name: str
    words: Words
    text: str
    result: str

    @property
    def example(self) -> Example:
        return Example(self.text, self.result)


@dataclass(frozen=True)
class Group:
    """Functions of one subject."""

    key: str
    title: Words
    functions: tuple[Function, ...]
    words: Words = ""


@cache
def case_values() -> Mapping[str, Any]:
    """Return the values of the examples' case."""
    return {name: feel.evaluate(text) for name, text in CASE.items()}
