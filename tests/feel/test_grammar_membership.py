"""``in``, ranges as values and the tests of cells (DMN 1.5, 10.3.2.7, 10.3.2.8 and table 55)."""

from __future__ import annotations

from typing import Any

import pytest

from bpm.feel import unary
from tests.feel.cases import check, lines

IN = r"""
5 in 5 => true
5 in 6 => false
5 in (5) => true
5 in (4, 5) => true
5 in (4, 6) => false
5 in < 6 => true
5 in (< 6) => true
5 in (> 6, < 3) => false
5 in (>= 5) => true
5 in <= 4 => false
5 in (= 5) => true
5 in (!= 5) => false
5 in [1..5] => true
5 in [1..5) => false
5 in (5..6] => false
5 in ]5..6] => false
5 in [1..5[ => false
5 in ([1..3], [4..6]) => true
5 in ((1..3], (4..6)) => true
5 in [1, 5] => true
5 in [[1..6]] => true
5 in [< 6] => true
5 in [1, [1..6]] => true
5 in [] => false
5 in null => false
null in null => true
null in 5 => false
null in [1, null] => true
null in (1, null) => true
null in < 5 => null
null in [1..5] => null
5 in [null..6] => null
5 in (? > 3) => true
5 in (? > 3 and ? < 5) => false
5 in (? > 8, 5) => true
5 in (odd(?)) => true
"b" in ["a".."c"] => true
"b" in [1..5] => null
"b" in ("a", "b") => true
5 in "5" => null
[1, 2] in [1, 2] => true
[1, 2] in [[1, 2], [3]] => true
[1, 2] in ([1, 2], [3]) => true
{a: 1} in [{a: 1}] => true
@"2020-01-02" in [@"2020-01-01"..@"2020-01-03"] => true
@"2020-01-02" in (> @"2020-01-01") => true
@"10:00:00" in [@"09:00:00"..@"11:00:00"] => true
@"P2D" in [@"P1D"..@"P3D"] => true
5 in [1..5] and 6 in [6..6] => true
1 + 4 in [5..5] => true
[1..5] in [[1..5]] => true
{r: [1..5], x: 3 in r}.x => true
{r: (> 1), x: 3 in r}.x => true
{r: [[1..2], [3..4]], x: 3 in r}.x => true
[1..5].start + [1..5].end => 6
[< 5, > 7][1] => (< 5)
< 5 => (< 5)
{a: > 5}.a => (> 5)
[1..(2 + 3)] => [1..5]
"""


@pytest.mark.parametrize(("expression", "value"), lines(IN))
def test_in(expression: str, value: str) -> None:
    check(expression, value)


def test_a_long_choice_of_ranges_is_read() -> None:
    steps = "".join(f"if x in ({low}..{low + 1}] then {low} else " for low in range(50))
    check(steps + "null", "39", {"x": 40})


@pytest.mark.parametrize(
    ("text", "value", "passes"),
    [
        ("-", None, True),
        ("", 5, True),
        ("5", 5, True),
        ("5", "5", False),
        ("5, 6", 6, True),
        ("< 5", 4, True),
        ("< 5, > 10", 11, True),
        ("not(5)", 5, False),
        ("not(5)", 6, True),
        ("not(5, 6)", 6, False),
        ("not(< 5)", 6, True),
        ("not([1..5], 9)", 9, False),
        ("not(null)", None, False),
        ("not(null)", 5, True),
        ("[1..5]", 5, True),
        ("(1..5)", 5, False),
        ("? > 3", 4, True),
        ("? > 3 and ? < 5", 5, False),
        ("not(? > 3)", 4, False),
        ("odd(?)", 4, False),
        ("limit", 10, True),
        ("< limit", 10, False),
        ("limits", 20, True),
        ("range", 15, True),
        ("limit = 10", 5, True),
        ("is open(limit)", 5, True),
        ("true", True, True),
        ("true", False, False),
        ("true", None, False),
        ("limit = 10", True, True),
        ("limit = 10", False, False),
        ("null", None, True),
        ("null", 5, False),
        ('"a", "b"', "b", True),
        ("not(true)", False, True),
        ("count(?) > 1", [1, 2], True),
        ("list contains(?, 2)", [1, 2], True),
        ("[1, 2]", [1, 2], True),
        ("?.a = 1", {"a": 1}, True),
        ('= "a"', "a", True),
        ("!= 5", 4, True),
        ("!= null", 4, True),
        ("!= null", None, False),
        ("in [1..5]", 3, None),
        ('not(contains(?, "x"))', "abc", True),
        ("not(true) and ? > 3", 5, False),
    ],
)
def test_cells(text: str, value: Any, passes: bool | None) -> None:
    context = {"limit": 10, "limits": [10, 20], "range": [1, 15]}
    functions = {"is open": lambda number: number == 10}
    if passes is None:
        with pytest.raises(Exception, match="expected"):
            unary(text, context)
        return
    assert unary(text, context).matches(value, context, functions=functions) is passes
