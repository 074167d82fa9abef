"""Checking submissions: typed values or errors, never an exception."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bpm.forms import entries
from bpm.forms.check import Checked, check
from bpm.forms.choices import Choice, NoChoices
from bpm.forms.schema import Form, read
from bpm.language import using


@dataclass(frozen=True)
class File:
    id: str
    name: str
    size: int = 1


class Colleagues(NoChoices):
    def people(self, groups: Any) -> list[Choice]:
        return [Choice("ann", "ann", "Ann Nowak"), Choice("boris", "boris", "Boris Orlov")]

    def record(self, record_type: str, key: str) -> Choice | None:
        return Choice(key, (record_type, key), "Deal 77") if key == "d77" else None


def form_of(*components: dict[str, Any]) -> Form:
    return read({"components": list(components)})


def one(component: dict[str, Any], sent: Any, **more: Any) -> Checked:
    return check(form_of({"key": "x", **component}), {"x": sent}, **more)


@pytest.mark.parametrize("key", ["typename", "__class__", "договор", "constructor"])
@pytest.mark.parametrize(
    "value", ["plain", "😀 zażółć", " spaces stay ", "<b>&amp;</b>", "{{ 7 * 7 }}", "a\nb"]
)
def test_texts_stay_as_they_were_typed(key: str, value: str) -> None:
    checked = check(form_of({"type": "textarea", "key": key}), {key: value})

    assert checked == Checked({key: value}, {})


def test_a_text_beyond_the_limit_is_refused_with_the_limit() -> None:
    checked = one({"type": "textarea"}, "ż" * 100_000)

    assert checked.values == {}
    assert "20,000" in checked.errors["x"]
    assert "100,000" in checked.errors["x"]


@pytest.mark.parametrize("value", ["\x00", "half \ud83d"])
def test_a_text_that_cannot_be_stored_is_refused(value: str) -> None:
    assert "cannot be stored" in one({"type": "textfield"}, value).errors["x"]


@pytest.mark.parametrize(
    ("language", "sent", "value"),
    [
        ("en", "1,200,000.50", "1200000.50"),
        ("en", "1 200", "1200"),
        ("en", "12,5", "12.5"),
        ("ru", "1 200 000,50", "1200000.50"),
        ("pl", "1\u00a0200,5", "1200.5"),
        ("pl", "1.234,5", "1234.5"),
        ("en", 0.1, "0.1"),
        ("en", 7, "7"),
        ("en", "-3", "-3"),
        ("en", Decimal("1.10"), "1.10"),
    ],
)
def test_numbers_are_read_as_people_write_them(language: str, sent: Any, value: str) -> None:
    with using(language):
        assert one({"type": "number"}, sent).values == {"x": Decimal(value)}


@pytest.mark.parametrize(
    "sent", ["NaN", "Infinity", "-inf", float("nan"), "1e5000", "1_000", True, [], {}, "ten", 10**200]
)
def test_what_is_no_number_of_ours_is_refused(sent: Any) -> None:
    checked = one({"type": "number", "validate": {"required": True}}, sent)

    assert "x" in checked.errors


def test_limits_of_numbers_are_told() -> None:
    rules = {"type": "number", "decimalDigits": 0, "validate": {"min": 1, "max": 30}}

    assert "not above 30" in one(rules, "31").errors["x"]
    assert "not below 1" in one(rules, "0").errors["x"]
    assert "whole number" in one(rules, "1.5").errors["x"]


def test_dates_become_dates_and_moments_become_utc() -> None:
    with using("en", "Europe/Warsaw"):
        assert one({"type": "datetime"}, "2026-03-31").values["x"] == date(2026, 3, 31)
        assert one({"type": "datetime"}, "31.03.2026").values["x"] == date(2026, 3, 31)
        moment = one({"type": "datetime", "subtype": "datetime"}, "2026-03-31T14:30").values["x"]
    assert moment == datetime(2026, 3, 31, 12, 30, tzinfo=UTC)


def test_the_limit_of_a_date_is_told() -> None:
    rules = {"type": "datetime", "validate": {"min": "2026-03-01"}}

    assert "not before" in one(rules, "2026-02-28").errors["x"]


def test_unknown_hidden_and_read_only_entries_are_dropped() -> None:
    form = form_of(
        {"type": "textfield", "key": "name"}, {"type": "textfield", "key": "locked", "readonly": True}
    )

    assert check(form, {"name": "Ann", "locked": "changed", "role": "admin"}).values == {"name": "Ann"}


def test_a_field_is_required_with_some_outcomes_only() -> None:
    form = form_of(
        {"type": "number", "key": "allowed_limit", "validate": {"required": {"outcomes": ["allow_limit"]}}}
    )

    assert check(form, {"allowed_limit": ""}, outcome="allow").errors == {}
    assert check(form, {"allowed_limit": ""}, outcome="allow_limit").errors == {
        "allowed_limit": "Fill this in."
    }


def test_a_condition_hides_a_field_from_values_and_checks() -> None:
    form = form_of(
        {"type": "number", "key": "days"},
        {
            "type": "textarea",
            "key": "why",
            "validate": {"required": True},
            "conditional": {"hide": "=days < 10"},
        },
    )

    assert check(form, {"days": "3", "why": "unseen"}) == Checked({"days": Decimal(3)}, {})
    assert check(form, {"days": "12", "why": ""}).errors == {"why": "Fill this in."}


def test_a_condition_sees_the_case_under_the_entries() -> None:
    form = form_of({"type": "textfield", "key": "why", "validate": {"required": "=amount > 1000"}})

    assert check(form, {"why": ""}, current={"amount": Decimal(2000)}).errors
    assert not check(form, {"why": ""}, current={"amount": Decimal(10)}).errors


def test_what_was_not_asked_keeps_its_value_or_gets_its_default() -> None:
    form = form_of(
        {"type": "number", "key": "a", "default": 5, "validate": {"required": True}},
        {"type": "textfield", "key": "b", "validate": {"required": True}},
    )

    assert check(form, {}, current={"b": "there"}).values == {"a": Decimal(5), "b": "there"}


def test_people_are_chosen_among_those_shown() -> None:
    choices = Colleagues()

    assert one({"type": "person"}, "ann", choices=choices).values == {"x": "ann"}
    assert "x" in one({"type": "person"}, "mallory", choices=choices).errors
    assert one({"type": "person", "multiple": True}, ["ann", "boris", "ann"], choices=choices).values == {
        "x": ["ann", "boris"]
    }


def test_a_record_becomes_the_reference_its_source_gives() -> None:
    field = {"type": "record", "recordType": "deal"}

    assert one(field, "d77", choices=Colleagues()).values == {"x": ("deal", "d77")}
    assert "x" in one(field, "d78", choices=Colleagues()).errors


def test_options_keep_their_type() -> None:
    field = {"type": "radio", "values": [{"value": 1, "label": "One"}, {"value": True, "label": "Yes"}]}

    assert one(field, "true").values == {"x": True}
    assert "x" in one(field, "2").errors


def test_files_are_taken_from_those_at_hand() -> None:
    contract = File("f1", "contract.docx")
    field = {"type": "filepicker", "validate": {"required": True}}

    assert one(field, "f1", files={"f1": contract}).values == {"x": contract}
    assert one(field, [contract]).values == {"x": contract}
    assert "no longer here" in one(field, "f2", files={"f1": contract}).errors["x"]
    assert one(field, "", current={"x": contract}).values == {"x": contract}
    assert one({**field, "newVersion": True}, "", current={"x": contract}).errors == {"x": "Add a file."}


def test_rows_are_checked_one_by_one() -> None:
    form = form_of(
        {
            "type": "dynamiclist",
            "path": "items",
            "components": [
                {"type": "textfield", "key": "what", "validate": {"required": True}},
                {"type": "money", "key": "price", "currency": "PLN"},
            ],
        }
    )

    checked = check(form, {"items": [{"what": "Bolts", "price": "3.50", "evil": 1}, {"price": "x"}]})

    assert checked.values["items"][0] == {"what": "Bolts", "price": Decimal("3.50")}
    assert set(checked.errors) == {"items-1-what", "items-1-price"}
    assert "At most 200 rows" in check(form, {"items": [{}] * 201}).errors["items"]


EVERYTHING = form_of(
    {"type": "textfield", "key": "text", "validate": {"minLength": 2, "validationType": "email"}},
    {"type": "textarea", "key": "long", "validate": {"required": {"outcomes": ["no"]}}},
    {"type": "number", "key": "number", "increment": 0.5, "decimalDigits": 3, "validate": {"min": 1}},
    {"type": "money", "key": "money", "currency": "PLN"},
    {"type": "datetime", "key": "day", "validate": {"max": "2030-01-01"}},
    {"type": "datetime", "key": "moment", "subtype": "datetime", "disallowPassedDates": True},
    {"type": "datetime", "key": "hour", "subtype": "time"},
    {"type": "checkbox", "key": "box"},
    {"type": "select", "key": "one", "values": [{"value": "a", "label": "A"}]},
    {"type": "checklist", "key": "many", "values": [{"value": 1, "label": "A"}]},
    {"type": "person", "key": "person"},
    {"type": "record", "key": "record", "recordType": "deal"},
    {"type": "filepicker", "key": "file"},
    {"type": "filepicker", "key": "files", "multiple": True},
    {"type": "group", "path": "frame", "components": [{"type": "textfield", "key": "text"}]},
    {"type": "dynamiclist", "path": "rows", "components": [{"type": "number", "key": "number"}]},
)
anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.decimals()
    | st.datetimes()
    | st.dates()
    | st.binary(max_size=4)
    | st.sampled_from(["9" * 5000, "2026-13-45", "9999-12-31T23:59", "-", "1e999"]),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=10,
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.dictionaries(st.sampled_from([component.key or "" for component in EVERYTHING.components]), anything)
)
def test_any_submission_gives_values_or_errors(sent: dict[str, Any]) -> None:
    checked = check(
        EVERYTHING, sent, choices=Colleagues(), outcome="no", now=datetime(2026, 3, 3, tzinfo=UTC)
    )

    assert isinstance(checked, Checked)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(anything)
def test_any_thing_instead_of_a_submission_is_no_disaster(sent: Any) -> None:
    assert isinstance(check(EVERYTHING, sent), Checked)


@given(
    st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**15), max_value=10**15),
    st.sampled_from(["en", "ru", "pl"]),
)
def test_a_number_survives_being_shown_and_sent_again(value: Decimal, language: str) -> None:
    with using(language):
        assert entries.parse_number(entries.written(value)) == value


@given(st.dates(min_value=date(1000, 1, 1), max_value=date(9998, 12, 30)))
def test_a_date_survives_being_shown_and_sent_again(value: date) -> None:
    assert one({"type": "datetime"}, entries.written(value)).values == {"x": value}


@given(st.text(max_size=300))
def test_a_text_survives_or_is_refused_with_a_reason(value: str) -> None:
    checked = one({"type": "textfield"}, value)

    assert checked.errors.get("x") or checked.values["x"] in (value.replace("\r\n", "\n"), None)
