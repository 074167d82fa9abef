"""Reading forms: what is accepted, what is refused, and that the refusal names the place."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpm.errors import Invalid
from bpm.forms import schema
from bpm.language import chosen, using


def form_of(*components: dict[str, Any]) -> schema.Form:
    return schema.read({"type": "default", "schemaVersion": 19, "components": list(components)})


def problems_of(*components: dict[str, Any]) -> list[str]:
    with pytest.raises(Invalid) as refusal:
        form_of(*components)
    return [problem["text"] for problem in refusal.value.details["problems"]]


def test_a_text_may_be_written_in_three_languages() -> None:
    form = form_of({"type": "textfield", "key": "name", "label": {"en": "Name", "ru": "Имя", "pl": "Imię"}})

    with using("ru"):
        assert chosen(form.components[0].label) == "Имя"


def test_a_form_of_form_js_is_read_from_its_text() -> None:
    content = {
        "type": "default",
        "id": "leave",
        "components": [
            {
                "type": "number",
                "key": "days",
                "label": "Days",
                "id": "Field_1",
                "layout": {"row": "R1"},
                "validate": {"min": 1, "max": 30, "required": True},
            }
        ],
    }

    form = schema.read(json.dumps(content))

    assert form.key == "leave"
    assert form.components[0].required.always


@pytest.mark.parametrize(
    ("component", "words"),
    [
        ({"type": "iframe", "key": "x"}, "no field type"),
        ({"type": "textfield"}, "A key consists of"),
        ({"type": "textfield", "key": "a-b"}, "A key consists of"),
        ({"type": "textfield", "key": "csrf_token"}, "A key consists of"),
        ({"type": "textfield", "key": "x", "validate": {"pattern": "(a+)+$"}}, "“pattern” is not known"),
        ({"type": "textfield", "key": "x", "requierd": True}, "“requierd” is not known"),
        ({"type": "textfield", "key": "x", "label": {"de": "Name"}}, "no language “de”"),
        ({"type": "number", "key": "x", "validate": {"min": "many"}}, "is not a number"),
        ({"type": "select", "key": "x"}, "nothing to choose from"),
        ({"type": "record", "key": "x"}, "recordType"),
        ({"type": "group", "key": "x"}, "persongroup"),
        ({"type": "textfield", "key": "x", "validate": {"required": {"sometimes": 1}}}, "“required” is"),
    ],
)
def test_it_refuses_what_it_does_not_know(component: dict[str, Any], words: str) -> None:
    assert any(words in text for text in problems_of(component))


def test_two_fields_with_one_key_are_refused_even_across_groups() -> None:
    field = {"type": "textfield", "key": "name"}

    assert problems_of(field, {"type": "group", "components": [field]}) == ["Two fields have the same key."]


def test_every_problem_is_told_at_once() -> None:
    assert len(problems_of({"type": "html"}, {"type": "textfield", "key": "1"})) == 2


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["type", "key", "components", "label", "validate", "values", "default", "path", "x"]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)


@given(
    st.lists(
        st.dictionaries(
            st.sampled_from(
                ["type", "key", "label", "validate", "values", "components", "path", "multiple", "groups"]
            ),
            json_values | st.sampled_from(["textfield", "number", "group", "dynamiclist", "select", "name"]),
            max_size=6,
        ),
        max_size=4,
    )
)
def test_any_json_is_read_or_refused(components: list[dict[str, Any]]) -> None:
    try:
        form_of(*components)
    except Invalid as refusal:
        assert refusal.details["problems"]
