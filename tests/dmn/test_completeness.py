"""Gaps and clashes are found and shown by an example."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from bpm.dmn import read
from bpm.dmn.completeness import OTHER_TEXT, Judgement, check
from bpm.feel import evaluate
from tests.dmn.models import decision, definitions, item, table


def judged(logic: str, types: str = "") -> Judgement:
    compiled = read(definitions(types + decision("route", logic))).decisions[0].table
    assert compiled is not None
    return check(compiled)


def found(rules: list[tuple[list[str], list[str]]], policy: str = "UNIQUE", inputs: int = 1) -> list[Any]:
    judgement = judged(table(["amount", "stage"][:inputs], ["who"], rules, policy))
    assert judgement.doubts == ()
    return [(one.kind, one.example, one.rules) for one in judgement.findings]


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


def gaps(*cells: str, policy: str = "UNIQUE") -> list[Any]:
    """Return the values that no cell of a column fits."""
    rules = [([cell], [str(number)]) for number, cell in enumerate(cells)]
    findings = found(rules, policy)
    assert all(kind == "gap" for kind, _example, _rules in findings)
    return [example["amount"] for _kind, example, _rules in findings]


def value(text: str) -> Any:
    return evaluate(text, {})


@pytest.mark.parametrize(
    ("cells", "missing"),
    [
        (["true", "false"], []),
        (["true"], [False]),
        (["not(true)"], [True]),
        (['"a"', 'not("a")'], []),
        (['"a"', 'not("a", "b")'], ["b"]),
        (['"a", "b"'], [OTHER_TEXT]),
        (["< 5", "[5..10]", "> 10"], []),
        (["< 5", "(5..10]", "> 10"], [Decimal(5)]),
        (["not([5..10])"], [Decimal(5), Decimal("7.5"), Decimal(10)]),
        (["? < 5 or ? > 5", "5"], []),
        (["? < 5", "? in (5, 6)", "> 6"], [Decimal("5.5")]),
        (["< -1", "? between -1 and 1", "> 1"], []),
        (['< date("2026-03-01")', '> date("2026-03-01")'], [value('date("2026-03-01")')]),
        (['<= @"2026-03-01"', '>= @"2026-03-02"'], []),
        (['<= @"2026-03-01"', '>= @"2026-03-03"'], [value('@"2026-03-02"')]),
        (['< @"2026-03-01T10:00:00"', '> @"2026-03-01T10:00:00"'], [value('@"2026-03-01T10:00:00"')]),
        (['<= @"08:00:00"', '> @"17:00:00"'], [value('@"12:30:00"'), value('@"17:00:00"')]),
        (['>= @"00:00:00"'], []),
        (['< @"P1D"', '[@"P1D"..@"P3D"]'], [value('@"P4D"')]),
        (['<= duration("P1Y")', '>= duration("P13M")'], []),
        (['< @"P1Y"', '> @"P1Y"'], [value('@"P1Y"')]),
        (["null", "not(null)"], []),
        (["> 5", "<= 5", "null"], []),
        (["-"], []),
    ],
)
def test_gaps_of_every_kind_of_column(cells: list[str], missing: list[Any]) -> None:
    assert gaps(*cells) == missing


def test_only_allowed_values_count() -> None:
    rules = [(['"new"'], ["1"])]
    logic = table(["stage"], ["who"], rules)
    limited = logic.replace(
        "</inputExpression>", '</inputExpression><inputValues><text>"new", "won"</text></inputValues>'
    )
    assert [one.example for one in judged(limited).findings] == [{"stage": "won"}]
    typed = logic.replace("<inputExpression>", '<inputExpression typeRef="tStage">')
    stages = item("tStage", "string", '"new", "lost"')
    assert [one.example for one in judged(typed, stages).findings] == [{"stage": "lost"}]


def test_two_columns_that_ask_the_same_are_one() -> None:
    rules = [(["> 5", "< 10"], ["1"]), (["<= 5", "-"], ["2"]), (["-", ">= 10"], ["3"])]
    judgement = judged(table(["amount", "amount"], ["who"], rules))
    assert judgement == Judgement(())


def test_a_default_leaves_no_gap() -> None:
    logic = table(["amount"], ["who"], [(["> 5"], ["1"])], defaults={"who": "0"})
    assert judged(logic) == Judgement(())


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("< limit", "reads other values"),
        ('contains(?, "a")', "computes"),
        ("? * 2 > 10", "compares other values than its own"),
        ("> 5 + 5", "computes"),
        ('1, "a"', "mix values of different kinds: number, string"),
        ('> "m"', "compare texts by order"),
        ('< @"2026-03-01T10:00:00", > @"2026-03-01T10:00:00Z"', "with and without a time zone"),
        ('date("no date")', "cannot be read"),
    ],
)
def test_what_cannot_be_judged_is_said(cell: str, reason: str) -> None:
    judgement = judged(table(["amount"], ["who"], [([cell], ["1"])]))
    assert judgement.findings == ()
    assert len(judgement.doubts) == 1
    assert judgement.doubts[0].startswith("The column “amount” cannot be judged, because ")
    assert reason in judgement.doubts[0]


def test_too_much_to_try_is_said() -> None:
    names = [f"n{number}" for number in range(12)]
    rules = [([f"< {number}" for _name in names], ["1"]) for number in (1, 2)]
    judgement = judged(table(names, ["who"], rules))
    assert len(judgement.findings) == 20
    assert "only 100000 were tried" in judgement.doubts[0]
    assert "more gaps and clashes" in judgement.doubts[1]
