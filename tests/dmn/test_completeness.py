"""Gaps and clashes are found and shown by an example."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from bpm.dmn import read
from bpm.dmn.completeness import OTHER_TEXT, check
from tests.dmn.models import decision, definitions, table


def found(rules: list[tuple[list[str], list[str]]], policy: str = "UNIQUE", inputs: int = 1) -> list[Any]:
    logic = table(["amount", "stage"][:inputs], ["who"], rules, policy)
    compiled = read(definitions(decision("route", logic))).decisions[0].table
    assert compiled is not None
    return [(one.kind, one.example, one.rules) for one in check(compiled)]


def test_a_complete_table_has_no_findings() -> None:
    assert found([(["< 10"], ["1"]), (["[10..20]"], ["2"]), (["> 20"], ["3"])]) == []


def test_a_gap_is_shown() -> None:
    assert found([(["< 10"], ["1"]), (["> 10"], ["2"])]) == [("gap", {"amount": Decimal(10)}, ())]


def test_a_clash_is_shown() -> None:
    assert found([(["<= 10"], ["1"]), ([">= 10"], ["2"])]) == [("clash", {"amount": Decimal(10)}, (1, 2))]


def test_two_columns_together() -> None:
    rules = [(["< 5", '"new"'], ["1"]), ([">= 5", "-"], ["2"]), (["< 5", 'not("new", "won")'], ["3"])]
    assert found(rules, inputs=2) == [("gap", {"amount": Decimal(4), "stage": "won"}, ())]
    assert found(rules[:2], inputs=2)[0] == ("gap", {"amount": Decimal(4), "stage": OTHER_TEXT}, ())


@pytest.mark.parametrize(("policy", "number"), [("FIRST", 0), ("ANY", 1), ("COLLECT", 0)])
def test_other_hit_policies(policy: str, number: int) -> None:
    assert len(found([(["-"], ["1"]), (["> 10"], ["2"]), (["<= 10"], ["1"])], policy)) == number


def test_cells_that_read_variables_are_left_alone() -> None:
    assert found([(["< limit"], ["1"])]) == []
