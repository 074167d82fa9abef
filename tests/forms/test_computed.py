"""Computed values: worked out from the entries, shown while they are filled in, never taken from outside."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from bpm.forms import render, schema
from bpm.forms.check import check

ORDER = schema.read(
    {
        "components": [
            {"type": "dynamiclist", "path": "lines", "label": "Lines", "components": [
                {"type": "number", "key": "pieces", "label": "Pieces"},
                {"type": "number", "key": "price", "label": "Price"},
                {"type": "expression", "key": "worth", "label": "Worth", "expression": "=pieces * price", "result": "number"},
            ]},
            {"type": "expression", "key": "total", "label": "Total", "expression": "=sum(lines.worth)", "result": "money", "currency": "PLN"},
            {"type": "textarea", "key": "reason", "label": "Reason", "conditional": {"hide": "=(total > 100) != true"}, "validate": {"required": True}},
        ]
    }
)  # fmt: skip


def sent(*lines: tuple[str, str], **others: Any) -> dict[str, Any]:
    return {"lines": [{"pieces": pieces, "price": price} for pieces, price in lines], **others}


def test_the_server_computes_and_takes_nothing_from_the_submission() -> None:
    checked = check(ORDER, sent(("3", "20.005"), ("1", "10"), total="1"))

    assert checked.errors == {}
    assert checked.values["total"] == Decimal("70.02")
    assert [line["worth"] for line in checked.values["lines"]] == [Decimal("60.015"), Decimal("10")]


def test_conditions_see_it() -> None:
    assert check(ORDER, sent(("3", "50"))).errors == {"reason": "Fill this in."}


def test_it_is_shown_while_people_fill_in() -> None:
    _lines, total, reason = render.fields(ORDER, sent(("2", "60")))

    assert (total.kind, total.shown, reason.hidden) == ("expression", "120 PLN", False)


def test_what_cannot_be_computed_is_empty() -> None:
    checked = check(ORDER, sent(("many", "1")))

    assert checked.values.get("total") is None and "lines-0-pieces" in checked.errors


def test_narrow_fields_share_a_line_as_far_as_they_fit() -> None:
    narrow = [
        {"type": "textfield", "key": key, "label": key, "layout": {"columns": width}}
        for key, width in (("a", 8), ("b", 8), ("c", 4), ("d", 16))
    ]

    first, second, whole = render.fields(schema.read({"components": narrow}))

    assert [one.name for one in first.fields] == ["a", "b"]
    assert [one.name for one in second.fields] == ["c"] and whole.name == "d"
