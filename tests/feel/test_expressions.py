"""What expressions give, by subject."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest

from bpm.feel import (
    DaysDuration,
    FeelError,
    Range,
    YearsDuration,
    compile,
    evaluate,
    explain,
    parse,
    unary,
    variables,
)

NOW = datetime(2026, 3, 3, 8, 0, tzinfo=UTC)
DEAL: dict[str, Any] = {
    "amount": 1_200_000,
    "rate": 0.1,
    "approved": True,
    "nothing": None,
    "stage": "negotiation",
    "company": {"name": "ACME", "credit limit": 50_000, "address": {"city": "Brno"}},
    "items": [{"name": "pump", "price": 10, "count": 2}, {"name": "valve", "price": 25, "count": 4}],
    "numbers": [1, 5, 9],
    "monthly payment": 300,
    "profit-loss": -7,
    "term in days": 14,
    "signed": date(2026, 3, 3),
    "term": timedelta(days=2),
}

CASES: list[tuple[str, Any]] = [
    # numbers
    ("1 + 2 * 3", 7),
    ("10 - 2 - 3", 5),
    ("2 ** 3 ** 2", 64),
    ("-3 ** 2", 9),
    ("0.1 + 0.2 = 0.3", True),
    ("rate + 0.2 = 0.3", True),
    ("1 / 3", Decimal("0.3333333333333333333333333333333333")),
    ("1 / 0", None),
    ("100 / 0.1", 1000),
    ("1e3", 1000),
    (".5 + .5", 1),
    ("decimal(2.5, 0)", 2),
    ("round half up(2.5, 0)", 3),
    ("floor(-1.56, 1)", Decimal("-1.6")),
    ("ceiling(1.2)", 2),
    ("modulo(-12, 5)", 3),
    ("abs(@\"-P1D\") = @\"P1D\"", True),
    ("number(\"1 000,50\", \" \", \",\")", Decimal("1000.50")),
    # logic
    ("true and nothing", None),
    ("false and nothing", False),
    ("true or nothing", True),
    ("not(nothing)", None),
    ("approved and amount > 500000", True),
    ("amount > nothing", None),
    ("nothing = null", True),
    ("1 = \"1\"", None),
    ("1 == 1", True),
    ("1 != 2", True),
    ("if nothing then 1 else 2", 2),
    ("if \"text\" then 1 else 2", None),
    # names
    ("monthly payment * 2", 600),
    ("profit-loss", -7),
    ("profit-loss-1", -8),
    ("term in days + 1", 15),
    ("company.credit limit", 50_000),
    ("company.address.city", "Brno"),
    ("company.missing.deeper", None),
    ("missing", None),
    ("missing + 1", None),
    # text
    ("\"a\" + \"b\"", "ab"),
    ("\"a\" + 1", None),
    ("\"\\u0041\\n\\\"\"", "A\n\""),
    ("string length(\"🐎\")", 1),
    ("substring(\"foobar\", -3, 2)", "ba"),
    ("substring before(\"a=b\", \"=\")", "a"),
    ("upper case(stage)", "NEGOTIATION"),
    ("split(\"a; b;c\", \";\\s*\")", ["a", "b", "c"]),
    ("string join([\"a\", null, \"b\"], \", \")", "a, b"),
    ("string(1.10)", "1.10"),
    ("string([1, \"a\", {b: @\"P1D\"}])", "[1, \"a\", {b: P1D}]"),
    # lists and contexts
    ("items.price", [10, 25]),
    ("items[price > 20].name", ["valve"]),
    ("items[1].name", "pump"),
    ("items[-1].name", "valve"),
    ("items[3]", None),
    ("numbers[item > 4]", [5, 9]),
    ("sum(for i in items return i.price * i.count)", 120),
    ("for i in 1..3 return i * i", [1, 4, 9]),
    ("for i in 3..1 return i", [3, 2, 1]),
    ("for i in 0..4 return if i = 0 then 1 else i * partial[-1]", [1, 1, 2, 6, 24]),
    ("for x in [1, 2], y in [x, x * 2] return y", [1, 2, 2, 4]),
    ("some i in items satisfies i.price > 20", True),
    ("every i in items satisfies i.price > 20", False),
    ("{a: 1, b: a + 1}.b", 2),
    ("{a: 1, a: 2}", None),
    ("{\"a b\": 1}.a b", 1),
    ("count(null)", None),
    ("count(5)", 1),
    ("max(1, 5, 3)", 5),
    ("min([\"b\", \"a\"])", "a"),
    ("sum([])", None),
    ("append([1], [2])", [1, [2]]),
    ("concatenate([1], [2, 3])", [1, 2, 3]),
    ("flatten([[1, [2]], 3])", [1, 2, 3]),
    ("distinct values([1, 2, 1, \"1\"])", [1, 2, "1"]),
    ("sort(numbers, function(a, b) a > b)", [9, 5, 1]),
    ("list replace(numbers, 2, 0)", [1, 0, 9]),
    ("median([8, 2, 5, 3, 4])", 4),
    ("get value(company, \"name\")", "ACME"),
    ("context put({a: {b: 1}}, [\"a\", \"c\"], 2)", {"a": {"b": 1, "c": 2}}),
    ("[1, 2] = [1, 2.0]", True),
    # ranges and membership
    ("amount in [1000000..2000000)", True),
    ("5 in ]1..5[", False),
    ("5 in (> 3)", True),
    ("stage in (\"new\", \"negotiation\")", True),
    ("3 in [1, 2]", False),
    ("(< 5) = (null..5)", True),
    ("[1..3].start included", True),
    ("5 between 1 and 10", True),
    ("meets([1..5], [5..10])", True),
    ("includes([1..10], 5)", True),
    # functions
    ("(function(a, b) a - b)(b: 1, a: 5)", 4),
    ("(function(a: string) a)(5)", None),
    ("{f: function(n) if n < 2 then 1 else n * f(n - 1), r: f(10)}.r", 3628800),
    ("unknown(1)", None),
    ("abs(1, 2)", None),
    ("substring(string: \"foobar\", start position: 4)", "bar"),
    # types
    ("1 instance of number", True),
    ("nothing instance of Any", False),
    ("[1] instance of list<number>", True),
    ("@\"P1D\" instance of days and time duration", True),
    ("{a: 1} instance of context<a: number>", True),
    # comments
    ("1 + /* two */ 2 // three", 3),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), CASES, ids=[text for text, _value in CASES])
def test_expression(text: str, expected: Any) -> None:
    value = evaluate(text, DEAL, now=NOW)
    assert value == expected
    assert isinstance(value, bool) == isinstance(expected, bool)


TIMES: list[tuple[str, Any]] = [
    ('date("2026-03-03")', date(2026, 3, 3)),
    ('date("2026-02-30")', None),
    ("signed + @\"P1M\"", date(2026, 4, 3)),
    ("@\"2026-01-31\" + @\"P1M\"", date(2026, 2, 28)),
    ("signed - @\"2026-03-01\"", DaysDuration.of(timedelta(days=2))),
    ("signed + term", date(2026, 3, 5)),
    ("@\"23:30:00\" + @\"PT1H\"", time(0, 30)),
    ("today()", date(2026, 3, 3)),
    ("now() - @\"2026-03-03T07:00:00Z\"", DaysDuration.of(timedelta(hours=1))),
    ("@\"P1Y\" + @\"P2M\"", YearsDuration(14)),
    ("@\"PT90M\" / @\"PT1H\"", Decimal("1.5")),
    ("@\"2026-03-29T01:30:00@Europe/Warsaw\" + @\"PT1H\" = @\"2026-03-29T03:30:00@Europe/Warsaw\"", True),
    ("string(@\"2026-01-01T10:00:00.120@Europe/Paris\")", "2026-01-01T10:00:00.12@Europe/Paris"),
    ("string(@\"-12345-01-01\" + @\"P1D\")", "-12345-01-02"),
    ("string(@\"10:00:00.123456789Z\")", "10:00:00.123456789Z"),
    ("@\"2026-01-01T10:00:00+01:00\" = @\"2026-01-01T09:00:00Z\"", True),
    ("@\"2026-01-01T10:00:00\" < @\"2026-01-01T09:00:00Z\"", None),
    ("day of week(signed)", "Tuesday"),
    ("week of year(@\"2026-01-01\")", 1),
    ("years and months duration(@\"2025-12-24\", @\"2026-03-03\")", YearsDuration(2)),
    ("@\"P1DT2H\".hours", 2),
    ("range(\"[1..5)\")", Range(Decimal(1), Decimal(5), True, False)),
    ("for d in @\"2026-02-28\"..@\"2026-03-01\" return d", [date(2026, 2, 28), date(2026, 3, 1)]),
    ("is(@\"10:00:00Z\", @\"11:00:00+01:00\")", False),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), TIMES, ids=[text for text, _value in TIMES])
def test_times(text: str, expected: Any) -> None:
    assert evaluate(text, DEAL, now=NOW) == expected


@pytest.mark.parametrize(
    ("cell", "value", "expected"),
    [
        ("-", None, True),
        ("", 1, True),
        ("5", 5, True),
        ("< 5", 4, True),
        ("[1..3], > 7", 8, True),
        ("[1..3], > 7", 5, False),
        ('"a", "b"', "b", True),
        ('not("a", "b")', "c", True),
        ("not(< 5)", None, True),
        ("? > 3 and ? < limit", 5, True),
        ("limit", 6, True),
        ("true", False, False),
        ("null", None, True),
        ('starts with(?, "x")', "xy", True),
        ("limit > 5", "anything", True),
        ("= 5", 5, True),
        ("!= 5", 5, False),
    ],
)
def test_cell(cell: str, value: Any, expected: bool) -> None:
    assert unary(cell).matches(value, {"limit": 6}) is expected


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("1 +", 3),
        ("if a then b", 11),
        ('"open', 0),
        ("(1", 2),
        ("a ~ b", 2),
        ("[1, 2", 5),
        ("", 0),
        ("a b: 1", 3),
    ],
)
def test_a_fault_names_its_place(text: str, position: int) -> None:
    with pytest.raises(FeelError) as caught:
        parse(text)
    assert caught.value.position == position
    assert caught.value.text == text


def test_variables_are_found_without_evaluating() -> None:
    text = "amount > limit and (some x in items satisfies x.price > 3) and owner(deal) = initiator"
    assert variables(text) == {"amount", "limit", "items", "deal", "initiator"}
    expression = compile("items[price > limit]")
    assert expression.variables == {"items"}
    assert expression.possible_variables == {"price", "limit"}


def test_explain_tells_the_value_of_each_part() -> None:
    assert explain("amount > 500000 and not(approved)", DEAL) == [
        ("amount", 1_200_000),
        ("amount > 500000", True),
        ("approved", True),
        ("not(approved)", False),
        ("amount > 500000 and not(approved)", False),
    ]


def test_a_branch_not_taken_is_not_explained() -> None:
    found = dict(explain("if approved then amount else rate", DEAL))
    assert "amount" in found
    assert "rate" not in found


def test_functions_may_be_added() -> None:
    def manager_of(login: str, level: Decimal = Decimal(1)) -> str:
        return f"boss{level} of {login}"

    functions = {"manager_of": manager_of, "today": lambda: date(2000, 1, 1)}
    assert evaluate('manager_of("eva")', functions=functions) == "boss1 of eva"
    assert evaluate('manager_of(login: "eva", level: 2)', functions=functions) == "boss2 of eva"
    assert evaluate("manager_of()", functions=functions) is None
    assert evaluate("today()", functions=functions) == date(2000, 1, 1)


class LazyRecord(Mapping[str, Any]):
    """A record that counts what is read of it."""

    def __init__(self) -> None:
        self.read: list[str] = []

    def __getitem__(self, key: str) -> Any:
        self.read.append(key)
        return {"amount": 5, "owner": {"login": "eva"}}[key]

    def __iter__(self) -> Iterator[str]:
        raise AssertionError("nobody asked for all fields")

    def __len__(self) -> int:
        raise AssertionError("nobody asked for all fields")


def test_a_lazy_record_is_read_field_by_field() -> None:
    record = LazyRecord()
    assert compile("deal.owner.login").evaluate({"deal": record}) == "eva"
    assert record.read == ["owner"]


def test_the_same_text_is_compiled_once() -> None:
    assert compile("amount > 500000") is compile("amount > 500000")


def test_a_variable_does_not_hide_a_function() -> None:
    assert evaluate("count(items) + count", {"items": [1, 2], "count": 10}) == 12
