"""Names, literals, comments, contexts, functions and types (DMN 1.5, 10.3.1.2-10.3.1.5, 10.3.2.9)."""

from __future__ import annotations

import pytest

from tests.feel.cases import check, lines

CONTEXT = {
    "a": 1, "b": 2, "a b": 12, "a-b": 100, "a+b": 101, "a*b": 102, "a/b": 103, "a.b": 104, "it's": 7, "it’s": 8,
    "profit and loss": 9, "for each": 10, "and so": 11, "if any": 13, "time left": 14, "date of birth": 15,
    "x": {"y z": 3, "and": 4, "a-b": 5, "if": 6}, "ставка": 20, "_x1": 21, "π": 3, "day 1": 22, "\U0001f40e": 1,
    "not found": 31, "in stock": 32, "or else": 33, "null value": 34, "true north": 35, "list": [1, 2], "a  c": 40,
    "instance of": 41,
}  # fmt: skip

NAMES = r"""
(a) + b => 3
a b => 12
a  b => 12
a b + a => 13
a-b => 100
a - b => 100
(a) - b => -1
a-b-a => 99
b-a => 1
a+b => 101
a*b => 102
a/b => 103
a.b => 104
it's => 7
it’s => 8
it's + 1 => 8
profit and loss => 9
profit and loss + 1 => 10
for each => 10
for each * 2 => 20
and so => 11
if any => 13
time left => 14
date of birth => 15
day 1 => 22
day 1 + 1 => 23
not found => 31
in stock => 32
null value => 34
true north => 35
x.y z => 3
x.y z + 1 => 4
x.a-b => 5
ставка * 2 => 40
_x1 => 21
π => 3
🐎 + 1 => 2
list[1] => 1
for x in [1, 2] return x + a => [2, 3]
if a = 1 then a b else b => 12
a in (1, 2) and b = 2 => true
{my value: 5, twice: my value * 2}.twice => 10
{for each: 5, r: for each * 2}.r => 10
{x-y: 5, r: x-y + 1}.r => 6
{"quoted key": 5}.quoted key => 5
{"x-y": 5, r: x-y + 1}.r => 6
{"a": 1, b: a + 1}.b => 2
string(function(first value, second) 1) => "function(first value, second)"
(function(first value, second) first value + second)(1, 2) => 3
unknown => null
unknown name of all => null
"""

LITERALS = r"""
"a\"b" => "a" + "\"" + "b"
"\u0041" => "A"
"\u00e9" => "é"
"\U01F40E" => "🐎"
"\uD83D\uDC0E" => "🐎"
"\n" = "\u000A" => true
"\\n" => "\\" + "n"
string length("\t\r\n\\\"\'") => 6
"" => ""
1 // a comment => 1
1 /* a comment */ + /* another */ 2 => 3
/* first */ 1 => 1
"http://x" => "http:" + "//x"
"/* no */" => "/" + "* no */"
0.5 => .5
00.5 => 0.5
1.10 => 1.1
1234567890123456789012345678901234.5 => 1234567890123456789012345678901234
1234567890123456789012345678901235.5 => 1234567890123456789012345678901236
0.00000000000000000000000000000000001 => 1e-35
@"2020-01-01" => date("2020-01-01")
@"10:00:00" => time("10:00:00")
@"2020-01-01T10:00:00" => date and time("2020-01-01T10:00:00")
@"P1D" => duration("P1D")
@"P1Y" => duration("P1Y")
@"foo" => null
@"" => null
true => 1 = 1
"""

CONTEXTS = r"""
{} => {}
{a: 1}.a => 1
{a: 1}.b => null
{a: 1, b: a + 1, c: a + b}.c => 3
{a: b, b: 1}.b => 1
{a: 1, a: 2} => null
{a: {b: {c: 1}}}.a.b.c => 1
{a: 1, b: {a: 2, c: a}}.b.c => 2
{a: 1, b: {c: a}}.b.c => 1
{f: function(x) x * 2, r: f(4)}.r => 8
{f: function(n) if n <= 1 then 1 else n * f(n - 1), r: f(5)}.r => 120
{make: function(x) function(y) x + y, add: make(10), r: add(5)}.r => 15
{x: 1, f: function() x, g: {x: 2, r: f()}}.g.r => 1
{a: 1}["a"] => null
{a: function(x) x}.a(5) => 5
[function(x) x + 1][1](5) => 6
(function(a, b) a - b)(b: 1, a: 5) => 4
(function(a) a)() => null
(function(a) a)(1, 2) => null
(function(a) a)(b: 1) => null
(function(a, b) a)(a: 1) => null
(function() 1)() => 1
(function(a: number) a + 1)(1) => 2
(function(a: number) a + 1)("1") => null
(function(a: number) a)([1]) => 1
(function(a: list<number>) a)(1) => [1]
(function(a: date and time) a)(@"2020-01-01") => @"2020-01-01T00:00:00Z"
(function(a: string) a)(null) => null
5(1) => null
null() => null
nothing(1) => null
sort([3, 1, 2], function(x, y) x > y) => [3, 2, 1]
{count: 5, r: count}.r => 5
"""

TYPES = r"""
1 instance of number => true
1 instance of string => false
1 instance of Any => true
null instance of Any => false
null instance of number => false
null instance of Null => true
"a" instance of string => true
true instance of boolean => true
@"2020-01-01" instance of date => true
@"10:00:00" instance of time => true
@"2020-01-01T10:00:00" instance of date and time => true
@"2020-01-01T10:00:00" instance of date => false
@"2020-01-01" instance of date and time => false
@"P1Y" instance of years and months duration => true
@"P1D" instance of days and time duration => true
@"P1D" instance of years and months duration => false
[1, 2] instance of list<number> => true
[1, "a"] instance of list<number> => false
[1, "a"] instance of list<Any> => true
[] instance of list<string> => true
[[1]] instance of list<list<number>> => true
1 instance of list<number> => false
{a: 1} instance of context<a: number> => true
{a: 1, b: 2} instance of context<a: number> => true
{a: "x"} instance of context<a: number> => false
{b: 1} instance of context<a: number> => false
{a: {b: 1}} instance of context<a: context<b: number>> => true
[1..5] instance of range<number> => true
[1..5] instance of range<string> => false
(> 5) instance of range<number> => true
["a".."b"] instance of range<string> => true
1 instance of range<number> => false
(function(x: number) x) instance of function<number> -> number => true
(function(x: number) x) instance of function<string> -> number => false
(function(x) x) instance of function<> -> number => false
(function() 1) instance of function<> -> Any => true
1 instance of unknown type => null
1 + 1 instance of number => null
(1 + 1) instance of number => true
[1] instance of list<number> and true => true
not(1 instance of string) => true
"""


@pytest.mark.parametrize(("expression", "value"), lines(NAMES))
def test_names(expression: str, value: str) -> None:
    check(expression, value, CONTEXT)


def test_a_variable_called_like_a_keyword_changes_no_expression() -> None:
    context = {"if": 1, "for": 2, "in": 3, "null": 4, "and": 5, "true": 6, "x": {"if": 7, "in": 8}}
    check("if true and 1 in (1, 2) then null else 5", "null", context)
    check("for i in [1] return i", "[1]", context)
    check("x.if + x.in", "15", context)


@pytest.mark.parametrize(("expression", "value"), lines(LITERALS))
def test_literals_and_comments(expression: str, value: str) -> None:
    check(expression, value)


@pytest.mark.parametrize(("expression", "value"), lines(CONTEXTS))
def test_contexts_and_functions(expression: str, value: str) -> None:
    check(expression, value)


@pytest.mark.parametrize(("expression", "value"), lines(TYPES))
def test_instance_of(expression: str, value: str) -> None:
    check(expression, value)
