"""Decision tables: every hit policy, and what is told of the rules that matched."""

from __future__ import annotations

from typing import Any

import pytest

from bpm.dmn import read
from tests.dmn.models import decision, definitions, table

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
