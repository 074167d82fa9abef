"""Texts that would harm a careless interpreter."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from bpm.feel import FeelError, Range, compile, evaluate
from tests.feel.timing import LIMIT, seconds

REFUSED = [
    "for a in items return for b in items return a * b",
    "for a in items, b in items return a * b",
    "for i in 1..1000000000 return i",
    "count(for i in 1..1000000000 return [])",
    "some i in [1..1000000000] satisfies i < 0",
    "(" * 500 + "1" + ")" * 500,
    "[" * 500 + "]" * 500,
    "-" * 3000 + "1",
    "name" + ".a" * 1500,
    "name" + "[1]" * 1500,
    "if true then " * 500 + "1" + " else 0" * 500,
    "1 in (" * 200 + "1" + ")" * 200,
    "not(" * 500 + "true" + ")" * 500,
    "x" * 60_000,
    "{f: function(n) f(n), r: f(1)}.r",
    "{f: function(n) f(n + 1) + f(n + 2), r: f(1)}.r",
    "{a: text, b: a + a, c: b + b, d: c + c, e: d + d, f: e + e, g: f + f, h: g + g, i: h + h, j: i + i}.j",
    "{a: items, b: [a, a, a, a], c: [b, b, b, b], d: [c, c, c, c], e: [d, d, d, d], f: [e, e, e, e]}",
    "for i in 1..10000 return partial",
    "sort(items, function(a, b) count(items[item > a]) < count(items[item > b]))",
    "distinct values(for i in items return [i])",
    'matches(string join(for i in 1..100 return "a"), "(a|aa)+(b|c)(\\1)+$")',
    "items" + "[item > 0]" * 150,
    "string join(for i in items return text)",
    'replace(string join(for i in 1..150 return text), "x", "xxxx")',
    'for i in items return string join(for k in 1..100 return text, "")',
    "count(for i in 1..10**12 return 1)",
    "some i in 1..10**12 satisfies i < 0",
    "every i in [1..1e30] satisfies i > 0",
    'for d in @"-999999999-01-01"..@"999999999-01-01" return d',
    "for a in items return for b in items return for c in items return for d in items return 1",
    "for a in 1..9, b in 1..9, c in 1..9, d in 1..9, e in 1..9, f in 1..9 return 1",
    "{f: function(g) g(g), r: f(f)}.r",
    "{even: function(n) if n = 0 then true else odd(n - 1), f: function(n) f(f(n)), r: f(10)}.r",
    "for i in items return n ** n",
    "for i in items return exp(n) + log(n) + sqrt(n)",
    "for i in items return string(1e6000)",
    "for i in items return string(items)",
    "for i in items return append(items, i)",
    "sum(for i in items return sum(items))",
    "[" * 61,
    "{a: " * 80 + "1" + "}" * 80,
    "f(" * 80 + ")" * 80,
    "1 in (" * 100,
    "function(a) " * 100 + "a",
    "1e999999999",
    'matches(string join(for i in 1..100 return text), "(x+x+)+y")',
    'replace(string join(for i in 1..100 return text), "(x*)*y", "")',
    'split(string join(for i in 1..100 return text), "x")',
    "1 + " * 10_001 + "1",
]
HARMLESS = [
    ("9 ** 9 ** 9", Decimal),
    ("9 ** (9 ** 9)", type(None)),
    ("(10 ** 6000) * (10 ** 6000)", type(None)),
    ("exp(100000)", type(None)),
    ("decimal(1, 6000)", Decimal),
    ('__import__("os")', type(None)),
    ("name.__class__", type(None)),
    ("name.__class__.__mro__[1].__subclasses__()", type(None)),
    ("items.append", list),
    ("opaque.secret", type(None)),
    ("opaque.__dict__", type(None)),
    ('matches("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", "(a+)+$")', bool),
    ('matches("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", "(a|a)*b")', bool),
    ('matches("x", "(((a{1,100}){1,100}){1,100}){1,100}")', type(None)),
    ('matches("x", "(x{1,1000}){1,1000}")', type(None)),
    ('matches("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "(.*)(.*)(.*)(.*)(.*)[^a]")', bool),
    ('matches("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "^(([a-z])+.)+[A-Z]([a-z])+$")', bool),
    ("2 ** 1e6000", type(None)),
    ("(1 + 1e-33) ** 1e34", Decimal),
    ("1e6000 / 1e-6000", type(None)),
    ("1e-6000 / 1e6000", Decimal),
    ('@"P999999999Y" * 10', type(None)),
    ('@"P999999999D" * 1e30', type(None)),
    ('duration("P99999999999999999999Y")', type(None)),
    ('@"999999999-12-31" + @"P1D"', type(None)),
    ("substring(name, 1e6000)", type(None)),
    ("items[1e6000]", type(None)),
    ("sublist(items, 1, 1e6000)", type(None)),
    ("date(1e30, 1, 1)", type(None)),
    ("time(1e6000, 0, 0)", type(None)),
    ("[1..10**12]", Range),
    ("5 in [1..10**12]", bool),
    ("globals()", type(None)),
    ("items.__len__()", type(None)),
    ("evaluate(\"1\")", type(None)),
    ("eval(\"1\")", type(None)),
    ("opaque.__init__.__globals__", type(None)),
    ("count.__code__", type(None)),
    ("(function() 1).call", type(None)),
    ("get value(opaque, \"secret\")", type(None)),
    ("get entries(opaque)", type(None)),
    ("string(opaque)", str),
    ("\"%(x)s {0.__class__}\" + name", str),
    ('replace("aaa", "a", "$0$0$0$0$0$0$0$0$0$0$0$0")', str),
]  # fmt: skip


class Opaque:
    secret = "hidden"


CONTEXT: dict[str, Any] = {
    "items": [Decimal(number) for number in range(2000)],
    "name": "Alice",
    "text": "x" * 1000,
    "opaque": Opaque(),
    "n": Decimal("1.234567890123456789012345678901234"),
}


@pytest.mark.parametrize("text", REFUSED, ids=lambda text: text[:40])
def test_what_asks_for_too_much_is_refused(text: str) -> None:
    def action() -> None:
        with pytest.raises(FeelError):
            evaluate(text, CONTEXT)

    assert seconds(action) < LIMIT


@pytest.mark.parametrize(("text", "kind"), HARMLESS, ids=lambda text: str(text)[:40])
def test_attacks_find_nothing(text: str, kind: type) -> None:
    def action() -> None:
        assert isinstance(evaluate(text, CONTEXT), kind)

    assert seconds(action) < LIMIT


def test_a_long_chain_needs_no_stack() -> None:
    assert evaluate("1" + " + 1" * 3000) == 3001
    assert evaluate("true" + " and true" * 3000) is True


def test_a_refusal_is_the_same_each_time() -> None:
    expression = compile("for i in items, k in items return i")
    for _attempt in range(3):
        with pytest.raises(FeelError, match="expensive"):
            expression.evaluate(CONTEXT)


def test_an_opaque_value_is_carried_unread() -> None:
    value = CONTEXT["opaque"]
    assert evaluate("opaque", CONTEXT) is value
    assert evaluate("[opaque][1]", CONTEXT) is value
    assert evaluate("opaque + 1", CONTEXT) is None
