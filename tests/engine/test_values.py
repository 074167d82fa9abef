"""Values survive storage unchanged, or are refused with a reason."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpm.engine.values import CannotHold, FileReference, RecordReference, decode, encode, hold, to_json
from bpm.feel.values import DaysDuration, YearsDuration
from tests.engine.diagrams import diagram, end, start, user
from tests.engine.runtime.world import World

AWKWARD: dict[str, Any] = {
    "typename": {"typename": "Decimal", "__class__": "os.system", "$": "number", "v": "1"},
    "__class__": [{"$": {"$": "date"}}],
    "long": "x" * 100_000,
    "emoji": "🧾 – żółw – договор",
    "date": dt.date(2026, 2, 28),
    "time": dt.time(9, 30),
    "moment": dt.datetime(2026, 3, 29, 3, tzinfo=dt.UTC),
    "zoned": dt.datetime(2026, 10, 25, 2, 30, tzinfo=ZoneInfo("Europe/Warsaw"), fold=1),
    "naive": dt.datetime(2026, 3, 29, 3),
    "sum": Decimal("1234.50"),
    "big": Decimal("123456789012345678901234567890"),
    "tiny": Decimal("0.1"),
    "term": DaysDuration.of(dt.timedelta(days=2, hours=3)),
    "years": YearsDuration(14),
    "record": RecordReference("deal", 7),
    "file": FileReference("abc", "лист.pdf", 12, "application/pdf"),
    "nothing": None,
    "yes": True,
    "list": [None, [], {}, ""],
    "": {"": "empty names"},
}


def test_awkward_values_survive_a_run() -> None:
    """Given values of every kind, when a run is stored and restored, then they are the same."""
    case = World(diagram(start(), user("u"), end(), links="s-u u-e")).start(**{"given": AWKWARD, **AWKWARD})
    case.reload()
    assert case.variables["given"] == hold(AWKWARD)
    for name, value in AWKWARD.items():
        assert case.variables[name] == hold(value)
        assert type(case.variables[name]) is type(hold(value))
    assert str(case.variables["sum"]) == "1234.50"
    assert case.variables["zoned"].fold == 1


json_like = st.recursive(
    st.none()
    | st.booleans()
    | st.decimals(allow_nan=False, allow_infinity=False)
    | st.dates()
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["$", "v", "typename", "a", "__class__"]), inner, max_size=4)
    ),
    max_leaves=20,
)


@given(json_like)
def test_decode_gives_back_what_encode_took(value: Any) -> None:
    assert decode(encode(value)) == value


@pytest.mark.parametrize(
    "value",
    [
        object(),
        {1: "x"},
        "\ud800",
        "zero\x00",
        Decimal("NaN"),
        float("inf"),
        {"a", "b"},
        b"bytes",
        "x" * 1_000_001,
    ],
)
def test_what_cannot_be_kept_is_refused_by_name(value: Any) -> None:
    with pytest.raises(CannotHold) as refused:
        encode({"form": [value]}, "answer")
    assert refused.value.details["path"].startswith("answer.form")


def test_a_refused_answer_changes_nothing() -> None:
    case = World(diagram(start(), user("u"), end(), links="s-u u-e")).start()
    before = case.run.dump()
    with pytest.raises(CannotHold):
        case.run.complete(case.wait("u").token, {"good": 1, "bad": object()}, case.world.now)
    assert case.run.dump() == before


def test_nesting_without_end_is_refused() -> None:
    value: list[Any] = []
    for _depth in range(100):
        value = [value]
    with pytest.raises(CannotHold):
        hold(value)


def test_variables_are_copies() -> None:
    items = ["a"]
    case = World(diagram(start(), user("u"), end(), links="s-u u-e")).start(items=items)
    items.append("b")
    assert case.variables["items"] == ["a"]


def test_json_of_the_api_has_no_tags() -> None:
    held = hold({"n": 1, "d": Decimal("0.10"), "day": dt.date(2026, 1, 2), "r": RecordReference("deal", 1)})
    assert to_json(held) == {
        "n": 1, "d": 0.1, "day": "2026-01-02", "r": {"record": "deal", "id": 1},
    }  # fmt: skip
    assert to_json(Decimal("0.12345678901234567890")) == "0.12345678901234567890"
