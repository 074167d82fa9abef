"""Decision tables: every hit policy, and what is told of the rules that matched."""

from __future__ import annotations

from typing import Any

import pytest

from bpm.dmn import read
from tests.dmn.models import decision, definitions, item, table

ROUTE = [
    (["< 1000"], ['"nobody"']),
    (["[1000..50000]"], ['"head"']),
    (["> 10000"], ['"director"']),
]


def evaluate(logic: str, context: dict[str, Any], type: str = "") -> Any:
    return read(definitions(decision("route", logic, type=type))).evaluate("route", context)


@pytest.mark.parametrize(
    ("policy", "aggregation", "amount", "expected", "rules"),
    [
        ("UNIQUE", "", 500, "nobody", ["r1"]),
        ("UNIQUE", "", 20_000, None, []),
        ("FIRST", "", 20_000, "head", ["r2"]),
        ("ANY", "", 20_000, None, []),
        ("PRIORITY", "", 20_000, "director", ["r3"]),
        ("RULE ORDER", "", 20_000, ["head", "director"], ["r2", "r3"]),
        ("OUTPUT ORDER", "", 20_000, ["director", "head"], ["r3", "r2"]),
        ("COLLECT", "", 20_000, ["head", "director"], ["r2", "r3"]),
        ("COLLECT", "COUNT", 20_000, 2, ["r2", "r3"]),
        ("COLLECT", "MIN", 20_000, "director", ["r2", "r3"]),
        ("UNIQUE", "", None, None, []),
        ("COLLECT", "", None, [], []),
    ],
)
def test_hit_policy(policy: str, aggregation: str, amount: Any, expected: Any, rules: list[str]) -> None:
    logic = table(
        ["amount"], ["who"], ROUTE, policy, aggregation=aggregation,
        orders={"who": '"director", "head", "nobody"'},
    )  # fmt: skip
    result = evaluate(logic, {"amount": amount})
    assert result.value == expected
    assert [match["rule"] for match in result.matched] == rules


def test_sum_of_numbers() -> None:
    logic = table(["-1"], ["fee"], [(["< 0"], ["10"]), (["-"], ["2.5"])], "COLLECT", aggregation="SUM")
    assert evaluate(logic, {}).value == 12.5


def test_a_match_carries_its_number_and_remarks() -> None:
    result = evaluate(table(["amount"], ["who"], ROUTE), {"amount": 1})
    assert result.matched == [
        {"table": "route", "rule": "r1", "number": 1, "annotations": {"why": "reason 1"}}
    ]


def test_several_outputs_make_a_context() -> None:
    logic = table(["a", "b"], ["x", "y"], [(["1", "-"], ["a + 1", '"one"']), (["2", "true"], ["0", '"two"'])])
    assert evaluate(logic, {"a": 1}).value == {"x": 2, "y": "one"}
    assert evaluate(logic, {"a": 2, "b": True}).value == {"x": 0, "y": "two"}


def test_defaults_answer_when_no_rule_matches() -> None:
    logic = table(["amount"], ["who"], ROUTE[:1], defaults={"who": '"council"'})
    assert evaluate(logic, {"amount": 10**9}).value == "council"


def test_a_value_of_another_type_becomes_null() -> None:
    logic = table(["amount"], ["who"], ROUTE)
    result = evaluate(logic, {"amount": 1}, type="number")
    assert result.value is None
    assert result.warnings


def test_a_clash_is_told() -> None:
    result = evaluate(table(["amount"], ["who"], ROUTE), {"amount": 20_000})
    assert result.value is None
    assert "2, 3" in result.warnings[0]


TWO = [
    (["> 0"], ['"low"', "1"]),
    (["> 0"], ['"high"', "2"]),
    (["> 0"], ['"high"', "3"]),
    (["> 100"], ['"other"', "4"]),
]
ORDERS = {"level": '"high", "low"', "points": "3, 2, 1"}
LOW, HIGH, HIGHER = (
    {"level": level, "points": points} for level, points in (("low", 1), ("high", 2), ("high", 3))
)


@pytest.mark.parametrize(
    ("policy", "aggregation", "expected"),
    [
        ("UNIQUE", "", None),
        ("ANY", "", None),
        ("FIRST", "", LOW),
        ("PRIORITY", "", HIGHER),
        ("RULE ORDER", "", [LOW, HIGH, HIGHER]),
        ("OUTPUT ORDER", "", [HIGHER, HIGH, LOW]),
        ("COLLECT", "", [LOW, HIGH, HIGHER]),
    ],
)
def test_several_outputs_under_each_policy(policy: str, aggregation: str, expected: Any) -> None:
    logic = table(["n"], ["level", "points"], TWO, policy, aggregation=aggregation, orders=ORDERS)
    assert evaluate(logic, {"n": 5}).value == expected


@pytest.mark.parametrize(
    ("aggregation", "expected"), [("", [1, 2, 2]), ("SUM", 5), ("MIN", 1), ("MAX", 2), ("COUNT", 3)]
)
def test_collecting(aggregation: str, expected: Any) -> None:
    rules = [(["-"], ["1"]), (["-"], ["2"]), (["-"], ["2"]), (["> 100"], ["1000"])]
    logic = table(["n"], ["fee"], rules, "COLLECT", aggregation=aggregation)
    assert evaluate(logic, {"n": 5}).value == expected


def test_any_allows_rules_that_agree() -> None:
    rules = [(["> 0"], ['"low"', "1"]), (["> 1"], ['"low"', "1.0"])]
    result = evaluate(table(["n"], ["level", "points"], rules, "ANY"), {"n": 5})
    assert result.value == LOW
    assert [match["number"] for match in result.matched] == [1, 2]


@pytest.mark.parametrize(
    ("policy", "aggregation", "expected"),
    [
        ("UNIQUE", "", None),
        ("FIRST", "", None),
        ("ANY", "", None),
        ("PRIORITY", "", None),
        ("COLLECT", "", []),
        ("COLLECT", "COUNT", 0),
        ("COLLECT", "SUM", None),
        ("RULE ORDER", "", []),
        ("OUTPUT ORDER", "", []),
    ],
)
def test_no_rule_matches(policy: str, aggregation: str, expected: Any) -> None:
    logic = table(["n"], ["fee"], [(["> 0"], ["1"])], policy, aggregation=aggregation)
    result = evaluate(logic, {"n": -1})
    assert result.value == expected
    assert result.matched == []


@pytest.mark.parametrize("policy", ["UNIQUE", "FIRST", "ANY", "PRIORITY"])
def test_defaults_of_several_outputs(policy: str) -> None:
    defaults = {"level": '"none"', "points": "0"}
    logic = table(["n"], ["level", "points"], TWO, policy, orders=ORDERS, defaults=defaults)
    assert evaluate(logic, {"n": -5}).value == {"level": "none", "points": 0}


def test_a_default_of_a_list() -> None:
    logic = table(["n"], ["fee"], [(["> 0"], ["1"])], "COLLECT", defaults={"fee": "0"})
    assert evaluate(logic, {"n": -5}).value == [0]


@pytest.mark.parametrize(
    ("cell", "value", "fits"),
    [
        ("", 5, True),
        ("-", None, True),
        ("5", 5, True),
        ("5", None, False),
        ("null", None, True),
        ("not(null)", None, False),
        ("not(null)", 5, True),
        ("1, 5", 5, True),
        ("not(1, 5)", 5, False),
        ("not(1, 5)", 6, True),
        ("< 10, > 20", 15, False),
        ("[1..5)", 5, False),
        ("]1..5]", 5, True),
        ("? > 3 and ? < 6", 5, True),
        ("? > limit", 5, False),
        ("limit", 9, True),
        ("< limit", 5, True),
        ("[1, 5]", 5, True),
        ("others", 5, True),
        ('contains(?, "b")', "abc", True),
        ('"a", "b"', "b", True),
        ("true", True, True),
        ("false", None, False),
        ('date("2026-03-03")', "2026-03-03", False),
        ("< 10", "text", False),
        ("every x in ? satisfies x > 1", [2, 3], True),
        ("2", [2, 3], False),
        ("list contains(?, 2)", [2, 3], True),
    ],
)
def test_an_input_cell(cell: str, value: Any, fits: bool) -> None:
    result = evaluate(table(["n"], ["fee"], [([cell], ["true"])]), {"n": value, "limit": 9, "others": [4, 5]})
    assert result.value is (True if fits else None)


def test_a_value_outside_the_input_values_has_no_answer() -> None:
    logic = table(["stage"], ["fee"], [(["-"], ["1"])]).replace(
        "</inputExpression>", '</inputExpression><inputValues><text>"new", "won"</text></inputValues>'
    )
    assert evaluate(logic, {"stage": "won"}).value == 1
    result = evaluate(logic, {"stage": "lost"})
    assert result.value is None
    assert result.warnings == ["route: stage: value not allowed"]


def test_columns_have_types() -> None:
    logic = (
        table(["n"], ["fee"], [(["5"], ["[7]"]), (["null"], ['"x"'])])
        .replace("<inputExpression>", '<inputExpression typeRef="number">')
        .replace('<output name="fee">', '<output name="fee" typeRef="number">')
    )
    assert evaluate(logic, {"n": [5]}).value == 7
    assert evaluate(logic, {"n": "five"}).value is None


def test_the_allowed_values_of_the_result_order_the_results() -> None:
    rules = [(["-"], ['"low"']), (["-"], ['"high"'])]
    xml = definitions(
        item("tLevel", "string", '"high", "low"')
        + decision("a", table(["n"], ["a"], rules, "PRIORITY"), type="tLevel")
    )
    assert read(xml).evaluate("a", {}).value == "high"


@pytest.mark.parametrize("orientation", ["Rule-as-Row", "Rule-as-Column", "CrossTable"])
def test_the_drawing_of_a_table_does_not_matter(orientation: str) -> None:
    logic = table(["amount"], ["who"], ROUTE).replace(
        "<decisionTable", f'<decisionTable preferredOrientation="{orientation}"'
    )
    assert evaluate(logic, {"amount": 5}).value == "nobody"


def test_a_table_without_inputs_always_answers() -> None:
    assert evaluate(table([], ["fee"], [([], ["1"])]), {}).value == 1


@pytest.mark.parametrize(
    ("logic", "place", "text"),
    [
        (table(["amount"], ["who"], [([">"], ["1"])]), "r1", "route: rule 1: amount: "),
        (table(["amount"], ["who"], [(["-"], ["1 +"])]), "r1", "route: rule 1: who: "),
        (table(["1 +"], ["who"], [(["-"], ["1"])]), "route", "route: 1 +: "),
        (table([""], ["who"], [(["5"], ["1"])]), "route", "route: The column has no expression."),
        (table(["a"], ["who"], [(["-", "-"], ["1"])]), "r1", "route: rule 1: Rule 1 has not one cell"),
        (table(["a"], ["x", "x"], [(["-"], ["1", "2"])]), "route", "route: Each output column needs a name"),
        (table(["a"], ["x"], [(["-"], ["1"])], "BEST"), "route", "route: The hit policy BEST is unknown."),
        (table(["a"], ["x"], [], defaults={"x": "("}), "x", "route: x: "),
        (table(["a"], ["x"], [], orders={"x": "("}), "x", "route: x: "),
    ],
)
def test_a_faulty_cell_is_named_with_its_place(logic: str, place: str, text: str) -> None:
    problems = read(definitions(decision("route", logic))).problems
    assert len(problems) == 1
    assert problems[0][1].startswith(text)
    assert problems[0][0] == place
