"""Operators: precedence, three-valued logic, equality, order, arithmetic (DMN 1.5, 10.3.2.10-10.3.2.13)."""

from __future__ import annotations

import pytest

from bpm.feel import FeelError, parse
from tests.feel.cases import check, lines

ARITHMETIC = r"""
1 + 2 * 3 => 7
(1 + 2) * 3 => 9
10 - 2 - 3 => 5
100 / 10 / 5 => 2
2 ** 3 ** 2 => 64
-2 ** 2 => 4
2 ** -1 => 0.5
-(2 ** 2) => -4
2 * 3 ** 2 => 18
--5 => 5
- - 5 => 5
3 - -2 => 5
3--2 => 5
0 ** 0 => 1
0 ** -1 => null
(-8) ** (1/3) => null
(-2) ** 3 => -8
4 ** 0.5 => 2
1 / 0 => null
0 / 0 => null
1/3 => 0.3333333333333333333333333333333333
2/3 => 0.6666666666666666666666666666666667
0.1 + 0.2 => 0.3
1e6144 * 10 => null
1e-6176 / 10 => 0
9999999999999999999999999999999999 + 1 => 1e34
10000000000000000000000000000000001.5 => 1e34
string(0 * -1) => "0"
string(0 / -5) => "0"
string(-0.0) => "0.0"
string(4 ** 0.5) => "2"
string(2 ** 10) => "1024"
1 + null => null
null + null => null
1 + "a" => null
"a" + 1 => null
"a" + "b" => "ab"
"a" - "a" => null
"a" * 2 => null
true + true => null
[1] + [2] => null
-null => null
-"a" => null
-true => null
1.000 => 1
.5 + .5 => 1
1e2 => 100
1.5E-1 => 0.15
1e+2 => 100
@"P1D" + @"PT12H" => @"P1DT12H"
@"P1D" - @"P2D" => -@"P1D"
@"P1Y" + @"P1M" => @"P13M"
@"P1Y" - @"P13M" => -@"P1M"
@"P1Y" + @"P1D" => null
@"P1D" * 2 => @"P2D"
2 * @"P1D" => @"P2D"
@"P1D" * 0.5 => @"PT12H"
@"P1D" * @"P1D" => null
@"P1D" / 2 => @"PT12H"
2 / @"P1D" => null
@"P1D" / @"PT6H" => 4
@"P1D" / 0 => null
@"P1D" / @"PT0S" => null
@"P1Y" * 2 => @"P2Y"
@"P1Y" / 5 => @"P2M"
@"P1Y" * 1.5 => @"P18M"
@"-P1Y" / 5 => @"-P2M"
@"P1Y" / @"P6M" => 2
@"P1Y" / @"P0M" => null
@"P1Y" / @"P1D" => null
@"P1D" ** 2 => null
-@"P1D" => @"-P1D"
@"2020-01-31" + @"P1M" => @"2020-02-29"
@"2020-03-31" - @"P1M" => @"2020-02-29"
@"2020-02-29" + @"P1Y" => @"2021-02-28"
@"2020-01-01" + @"P1D" => @"2020-01-02"
@"P1D" + @"2020-01-01" => @"2020-01-02"
@"P1M" + @"2020-01-01" => @"2020-02-01"
@"2020-01-01" + @"PT36H" => @"2020-01-02"
@"2020-01-01" - @"PT1H" => @"2019-12-31"
@"2020-01-02" - @"2020-01-01" => @"P1D"
@"2020-01-01" + @"2020-01-01" => null
@"2020-01-01" + 1 => null
1 - @"2020-01-01" => null
@"P1D" - @"2020-01-01" => null
@"2020-01-01" * 2 => null
@"2020-01-31T10:00:00Z" + @"P1M" => @"2020-02-29T10:00:00Z"
@"2020-01-01T23:00:00" + @"PT2H" => @"2020-01-02T01:00:00"
@"2020-01-01T10:00:00Z" - @"2020-01-01T10:00:00+01:00" => @"PT1H"
@"2020-01-01T10:00:00Z" - @"2020-01-01T10:00:00" => null
@"2020-01-02T00:00:00Z" - @"2020-01-01" => @"P1D"
@"2020-01-01" - @"2020-01-02T00:00:00Z" => @"-P1D"
@"23:00:00" + @"PT2H" => @"01:00:00"
@"PT2H" + @"23:00:00" => @"01:00:00"
@"01:00:00" - @"PT2H" => @"23:00:00"
@"10:00:00Z" + @"P1D" => @"10:00:00Z"
@"10:00:00" + @"P1Y" => null
@"10:00:00" - @"09:00:00" => @"PT1H"
@"10:00:00Z" - @"10:00:00+01:00" => @"PT1H"
@"10:00:00Z" - @"10:00:00" => null
@"10:00:00" - @"2020-01-01" => null
@"999999999-12-31" + @"P1D" => null
"""

LOGIC = r"""
true and true => true
true and false => false
true and null => null
false and null => false
null and false => false
null and true => null
null and null => null
true or null => true
null or true => true
false or null => null
null or null => null
false or false => false
true and 1 => null
false and 1 => false
1 or true => true
1 or false => null
"a" and "b" => null
true or true and false => true
(true or true) and false => false
not(true) or true => true
true and not(null) => null
1 < 2 and 2 < 3 => true
1 < 2 = true => true
if true then 1 else 2 => 1
if false then 1 else 2 => 2
if null then 1 else 2 => 2
if 1 < null then 1 else 2 => 2
if true then if false then 1 else 2 else 3 => 2
(if true then 1 else 2) + 1 => 2
if true then 1 else 2 + 1 => 1
"""

COMPARISONS = r"""
1 = 1.0 => true
1 = "1" => null
1 != "1" => null
null = null => true
null != null => false
1 = null => false
1 != null => true
null = false => false
true = true => true
true = 1 => null
"a" = "A" => false
"\U01F40E" > "\uFFFD" => true
[1, 2] = [1, 2] => true
[1, 2] = [2, 1] => false
[1] = [1, 1] => false
[] = [] => true
[null] = [null] => true
[[1]] = [[1]] => true
[1] = 1 => null
{} = {} => true
{} = [] => null
{a: 1, b: 2} = {b: 2, a: 1} => true
{a: 1} = {a: 2} => false
{a: 1} = {b: 1} => false
{a: null} = {} => false
{a: {b: [1]}} = {a: {b: [1]}} => true
[1..5] = [1..5] => true
[1..5] = [1..5) => false
[1..5] = (1..5] => false
(< 5) = (< 5) => true
(< 5) = (<= 5) => false
(< 5) = (> 5) => false
(= 5) = [5..5] => true
(!= 5) = (= 5) => false
(!= 5) = (!= 5) => true
[1..5] = 1 => null
@"P1Y" = @"P12M" => true
@"P1D" = @"PT24H" => true
@"P1Y" = @"P365D" => null
@"P0Y" = @"P0D" => null
@"2020-01-01" = @"2020-01-01" => true
@"2020-01-01" = @"2020-01-01T00:00:00" => null
@"2020-01-01" = "2020-01-01" => null
@"10:00:00Z" = @"11:00:00+01:00" => true
@"10:00:00" = @"10:00:00Z" => false
@"2020-01-01T10:00:00Z" = @"2020-01-01T11:00:00+01:00" => true
@"2020-01-01T10:00:00@Etc/UTC" = @"2020-01-01T10:00:00Z" => true
@"2020-01-01T10:00:00" != @"2020-01-01T10:00:00Z" => true
1 < 2 => true
2 <= 2 => true
2 >= 3 => false
3 > 2 => true
1 < null => null
null < null => null
null <= null => null
1 < "2" => null
"a" < "b" => true
"a" < "B" => false
true < false => null
[1] < [2] => null
{a: 1} < {a: 2} => null
@"P1D" < @"P2D" => true
@"P1Y" < @"P13M" => true
@"P1D" < @"P1Y" => null
@"2020-01-01" < @"2020-01-02" => true
@"2020-01-01" < @"2020-01-02T00:00:00" => null
@"10:00:00+01:00" < @"10:00:00Z" => true
@"10:00:00" < @"10:00:00Z" => null
@"2020-01-01T10:00:00+01:00" < @"2020-01-01T10:00:00Z" => true
@"2020-01-01T10:00:00" < @"2020-01-01T10:00:00Z" => null
5 between 1 and 10 => true
1 between 1 and 1 => true
0 between 1 and 10 => false
null between 1 and 10 => null
5 between null and 10 => null
5 between 10 and null => false
5 between "a" and 10 => null
5 between 1 and 10 and true => true
5 between 1 + 1 and 2 * 5 => true
"b" between "a" and "c" => true
@"2020-01-02" between @"2020-01-01" and @"2020-01-03" => true
"""


@pytest.mark.parametrize(("expression", "value"), lines(ARITHMETIC))
def test_arithmetic(expression: str, value: str) -> None:
    check(expression, value)


@pytest.mark.parametrize(("expression", "value"), lines(LOGIC))
def test_logic(expression: str, value: str) -> None:
    check(expression, value)


@pytest.mark.parametrize(("expression", "value"), lines(COMPARISONS))
def test_comparisons(expression: str, value: str) -> None:
    check(expression, value)


@pytest.mark.parametrize("text", ["1e99999", "-1e7000", "[1e6145]"])
def test_a_number_too_big_is_refused(text: str) -> None:
    with pytest.raises(FeelError) as refused:
        parse(text)
    assert refused.value.position is not None


@pytest.mark.parametrize(
    "text",
    ["", "1 +", "* 2", "1 2", "(1", "1)", "[1,,2]", "{a 1}", "if 1 then 2", "for x in y", "some x in y",
     "a..b", "1 between 2", "a instance of", "f(1, b: 2)", "@5", "#", '"open', "/* open", "{a: 1,, b: 2}",
     "function x) 1", "x in", "and", "1 = = 2"],
)  # fmt: skip
def test_what_is_no_expression_is_refused_at_a_place(text: str) -> None:
    with pytest.raises(FeelError) as refused:
        parse(text)
    assert refused.value.message
    assert refused.value.position is not None and 0 <= refused.value.position <= len(text)
