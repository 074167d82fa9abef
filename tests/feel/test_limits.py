"""Texts that would harm a careless interpreter."""

from __future__ import annotations

import time
from decimal import Decimal
from typing import Any

import pytest

from bpm.feel import FeelError, compile, evaluate

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
    ('replace("aaa", "a", "$0$0$0$0$0$0$0$0$0$0$0$0")', str),
]  # fmt: skip


class Opaque:
    secret = "hidden"


CONTEXT: dict[str, Any] = {
    "items": [Decimal(number) for number in range(2000)],
    "name": "Alice",
    "text": "x" * 1000,
    "opaque": Opaque(),
}


@pytest.mark.parametrize("text", REFUSED, ids=lambda text: text[:40])
def test_what_asks_for_too_much_is_refused(text: str) -> None:
    started = time.process_time()
    with pytest.raises(FeelError):
        evaluate(text, CONTEXT)
    assert time.process_time() - started < 1


@pytest.mark.parametrize(("text", "kind"), HARMLESS, ids=lambda text: str(text)[:40])
def test_attacks_find_nothing(text: str, kind: type) -> None:
    started = time.process_time()
    assert isinstance(evaluate(text, CONTEXT), kind)
    assert time.process_time() - started < 1


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
