"""Types and faults that are found while an expression is written."""

from __future__ import annotations

import pytest

from bpm.feel.static import sample_type, types
from bpm.feel.types import Type

KNOWN = {
    "amount": Type("number"),
    "name": Type("string"),
    "day": Type("date"),
    "deal": sample_type({"amount": 1, "items": [{"price": 2}]}),
}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("amount * 2", "number"),
        ("amount > 5 and name = null", "boolean"),
        ("day + @\"P1D\"", "date"),
        ("day - day", "days and time duration"),
        ("deal.items.price", "list"),
        ("deal.items[price > 1]", "list"),
        ("deal.items[1].price", "number"),
        ("if amount > 1 then \"a\" else \"b\"", "string"),
        ("unknown", "Any"),
        ("string(amount)", "string"),
    ],
)  # fmt: skip
def test_type(text: str, kind: str) -> None:
    found, faults = types(text, KNOWN)
    assert found.name == kind
    assert faults == []


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("1 + amount > name", "1 + amount > name"),
        ("amount + name", "+ name"),
        ("deal.missing > 1", "deal.missing"),
        ("amount and true", "amount"),
        ('@"tomorrow" > day', '@"tomorrow"'),
        ("some i in deal.items satisfies i.prize > 1", "i.prize"),
    ],
)
def test_fault(text: str, part: str) -> None:
    _type, faults = types(text, KNOWN)
    assert [text[fault.start : fault.end] for fault in faults] == [part]
    assert faults[0].text
