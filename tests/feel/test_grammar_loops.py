"""``for``, ``some``, ``every`` and filters (DMN 1.5, 10.3.2.5, 10.3.2.14 and 10.3.2.15)."""

from __future__ import annotations

import pytest

from tests.feel.cases import check, lines

FOR = r"""
for i in [1, 2] return i * 2 => [2, 4]
for i in 1..3 return i => [1, 2, 3]
for i in 3..1 return i => [3, 2, 1]
for i in -1..1 return i => [-1, 0, 1]
for i in 1..1 return i => [1]
for i in [1..3] return i => [1, 2, 3]
for i in (1..3) return i => [2]
for i in [1..3) return i => [1, 2]
for i in [3..1] return i => [3, 2, 1]
for i in 1+1..2*2 return i => [2, 3, 4]
for i in count([1, 2])..3 return i => [2, 3]
for d in @"2020-02-28"..@"2020-03-01" return d => [@"2020-02-28", @"2020-02-29", @"2020-03-01"]
for d in @"2020-03-01"..@"2020-02-29" return d => [@"2020-03-01", @"2020-02-29"]
for d in [@"2020-02-28"..@"2020-02-29"] return d.day => [28, 29]
for i in 1..1.5 return i => null
for i in 1.5..3 return i => null
for i in "a".."c" return i => null
for i in 1..null return i => null
for i in 1..@"2020-01-01" return i => null
for i in (< 5) return i => null
for i in [] return i => []
for i in null return i => null
for i in 5 return i => [5]
for i in [1, null] return i => [1, null]
for i in {a: 1} return i.a => [1]
for i in [1, 2], j in [10, 20] return i + j => [11, 21, 12, 22]
for i in [[1, 2], [3]], j in i return j => [1, 2, 3]
for i in 1..2, j in i..2 return [i, j] => [[1, 1], [1, 2], [2, 2]]
for i in 1..2 return for j in 1..i return j => [[1], [1, 2]]
for i in 0..4 return if i = 0 then 1 else i * partial[-1] => [1, 1, 2, 6, 24]
for i in 1..3 return count(partial) => [0, 1, 2]
for i in 1..2, j in 1..2 return count(partial) => [0, 1, 2, 3]
for my item in [1, 2] return my item + 1 => [2, 3]
for each in [1, 2] return each => [1, 2]
for i in [1, 2] return {a: i}.a => [1, 2]
{i: 10, r: for i in [1] return i, s: i}.s => 10
(for f in (for i in 1..3 return function() i) return f()) => [1, 2, 3]
"""

QUANTIFIED = r"""
some x in [1, 2] satisfies x > 1 => true
some x in [1, 2] satisfies x > 2 => false
every x in [1, 2] satisfies x > 0 => true
every x in [1, 2] satisfies x > 1 => false
some x in [] satisfies true => false
every x in [] satisfies false => true
some x in [1, null] satisfies x > 1 => null
some x in [2, null] satisfies x > 1 => true
every x in [1, null] satisfies x > 0 => null
every x in [0, null] satisfies x > 0 => false
some x in [1, 2], y in [2, 3] satisfies x = y => true
every x in [1, 2], y in [3, 4] satisfies x < y => true
some x in null satisfies true => null
some x in 5 satisfies x = 5 => true
every x in [1..3] satisfies x < 4 => true
some x in [1] satisfies 5 => null
some x in [1, 2] satisfies some y in [2] satisfies x = y => true
"""

FILTERS = r"""
[1, 2, 3][1] => 1
[1, 2, 3][-1] => 3
[1, 2, 3][-3] => 1
[1, 2, 3][0] => null
[1, 2, 3][4] => null
[1, 2, 3][-4] => null
[1, 2, 3][1.5] => null
[1, 2, 3][1.0] => 1
[1, 2, 3][1 + 1] => 2
[][1] => null
[][item > 1] => []
[1, 2, 3][item > 1] => [2, 3]
[1, 2, 3][item >= 2][1] => 2
[1, 2, 3][true] => [1, 2, 3]
[1, 2, 3][false] => []
[1, 2, 3]["a"] => null
[1, null, 3][item > 1] => [3]
[1, null][item = null] => [null]
null[1] => null
null[true] => null
5[1] => 5
5[-1] => 5
5[2] => null
5[true] => [5]
5[false] => []
5[item > 4] => [5]
{a: 1}[1] => {a: 1}
{a: 1}[a = 1] => [{a: 1}]
{a: 1}[a = 2] => []
[{a: 1}, {a: 2}][a > 1] => [{a: 2}]
[{a: 1}, {a: 2}][item.a > 1] => [{a: 2}]
[{a: 1}, {b: 2}][a = 1] => [{a: 1}]
[{a: 1}, {b: 2}][a = null] => [{b: 2}]
[{a: 1}, {a: 2}][a > 1].a => [2]
[{a: 1}, {a: 2}].a => [1, 2]
[{a: 1}, {}].a => [1, null]
[{a: {b: 1}}, {a: {b: 2}}].a.b => [1, 2]
[{item: 1}, {item: 2}][item > 1] => [{item: 2}]
{x: 2, r: [{x: 1}, {x: 5}][x > 2]}.r => [{x: 5}]
{limit: 2, r: [1, 3][item > limit]}.r => [3]
[[1], [2, 3]][count(item) > 1] => [[2, 3]]
[[1, 2], [3]][1][2] => 2
[{a: [1, 2]}, {a: [3]}][list contains(a, 3)].a => [[3]]
"abc"[1] => "abc"
[1, 2, 3][item instance of number] => [1, 2, 3]
[{my key: 1}][my key = 1] => [{my key: 1}]
[1, 2, 3, 4][item > 1][item < 4] => [2, 3]
[1, 2][item > 1 or null] => [2]
"""


@pytest.mark.parametrize(("expression", "value"), lines(FOR))
def test_for(expression: str, value: str) -> None:
    check(expression, value)


@pytest.mark.parametrize(("expression", "value"), lines(QUANTIFIED))
def test_quantified(expression: str, value: str) -> None:
    check(expression, value)


@pytest.mark.parametrize(("expression", "value"), lines(FILTERS))
def test_filters(expression: str, value: str) -> None:
    check(expression, value)
