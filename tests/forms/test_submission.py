"""Reading HTML forms, and drawing them again with what was typed."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from bpm.forms import render, submission
from bpm.forms.check import check
from bpm.forms.schema import read
from bpm.forms.submission import RowChange

FORM = read(
    {
        "components": [
            {"type": "textfield", "key": "name", "label": "Name", "validate": {"required": True}},
            {"type": "checkbox", "key": "urgent", "label": "Urgent"},
            {
                "type": "checklist",
                "key": "days",
                "values": [{"value": "mon", "label": "Monday"}, {"value": "tue", "label": "Tuesday"}],
            },
            {"type": "group", "path": "address", "components": [{"type": "textfield", "key": "town"}]},
            {
                "type": "dynamiclist",
                "path": "items",
                "components": [
                    {"type": "textfield", "key": "what"},
                    {"type": "money", "key": "price", "currency": "PLN"},
                    {"type": "filepicker", "key": "photo"},
                ],
            },
        ]
    }
)


def test_names_of_controls_become_nested_entries() -> None:
    sent = MultiDict(
        [
            ("name", "Ann"),
            ("days", "mon"),
            ("days", "tue"),
            ("address-town", "Łódź"),
            ("items-0-what", "Bolts"),
            ("items-3-what", "Nuts"),
            ("items-3-price", "2"),
            ("role", "admin"),
        ]
    )

    assert submission.read(FORM, sent) == {
        "name": "Ann",
        "urgent": False,
        "days": ["mon", "tue"],
        "address": {"town": "Łódź"},
        "items": [{"what": "Bolts", "photo": []}, {"what": "Nuts", "price": "2", "photo": []}],
    }


def test_an_empty_row_is_a_row() -> None:
    assert submission.read(FORM, MultiDict([("items.0", "")]))["items"] == [{"photo": []}]


def test_rows_are_added_and_removed_by_buttons() -> None:
    values = submission.read(FORM, MultiDict([("items-0-what", "Bolts")]))

    assert submission.row_change(MultiDict([("form.add_row", "items")])) == RowChange("items")
    assert len(submission.with_change(values, RowChange("items"))["items"]) == 2
    assert submission.row_change(MultiDict([("form.remove_row", "items.0")])) == RowChange("items", 0)
    assert [row.get("what") for row in submission.with_change(values, RowChange("items", 0))["items"]] == [
        None
    ]


def test_files_are_taken_only_where_the_form_asks_for_them() -> None:
    assert submission.file_names(FORM, ["items-2-photo", "name", "evil"]) == ["items-2-photo"]


def test_an_error_keeps_what_was_typed() -> None:
    sent = submission.read(FORM, MultiDict([("name", ""), ("items-0-price", "two zloty")]))
    checked = check(FORM, sent)

    shown = {field.name: field for field in render.fields(FORM, sent, checked.errors)}

    assert shown["name"].error == "Fill this in."
    assert shown["items"].rows[0][1].value == "two zloty"
    assert shown["items"].rows[0][1].error
    assert shown["items"].rows[0][1].described_by == "field-items-0-price-error"


def test_typed_values_are_shown_in_the_notation_of_the_reader() -> None:
    shown = render.fields(FORM, {}, current={"items": [{"price": Decimal("1200.5")}], "name": "Ann"})

    assert shown[0].value == "Ann"
    assert shown[-1].rows[0][1].value == "1,200.5"


@given(
    st.lists(
        st.tuples(
            st.text(max_size=12)
            | st.sampled_from(
                [
                    "items-0-what",
                    "items-00-what",
                    "items-٣-what",
                    "items.1",
                    "items-0",
                    "form.add_row",
                    "form.remove_row",
                    "days",
                ]
            ),
            st.text(max_size=12),
        )
    )
)
def test_any_multi_dictionary_can_be_read_checked_and_drawn(pairs: list[tuple[str, str]]) -> None:
    sent: Any = MultiDict(pairs)
    values = submission.read(FORM, sent)
    change = submission.row_change(sent)
    if change is not None:
        values = submission.with_change(values, change)

    assert render.fields(FORM, values, check(FORM, values).errors)
