"""Camunda's expressions mean the same in FEEL, or are refused by the part that does not."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from bpm import feel
from bpm.engine.diagram.juel import Untranslatable, to_feel, to_template

VALUES: dict[str, Any] = {
    "amount": Decimal(600), "name": "Anna", "people": ["Anna", "Boris"], "yes": True, "nothing": None,
    "order": {"total": Decimal(5), "lines": [{"price": Decimal(2)}, {"price": Decimal(3)}]}, "way": "x",
}  # fmt: skip


@pytest.mark.parametrize(
    ("juel", "result"),
    [
        ("amount >= 500 && way == 'x'", True),
        ("amount ge 500 and way eq 'x'", True),
        ("amount lt 500 or way ne 'x'", False),
        ("!yes", False),
        ("not yes || amount > 1", True),
        ("!nothing", True),
        ("!(nothing > 5)", True),
        ("nothing == null", True),
        ("empty nothing", True),
        ("empty name", False),
        ("!empty people", True),
        ("amount > 500 ? 'big' : 'small'", "big"),
        ("(amount + 10) * 2 / 4", Decimal(305)),
        ("1 + 2 * 3 - 4", Decimal(3)),
        ("10 - 2 - 3", Decimal(5)),
        ("8 / 4 / 2", Decimal(1)),
        ("7 % 3", Decimal(1)),
        ("-7 mod 3", Decimal(-1)),
        ("1.5e2", Decimal(150)),
        ("order.total == 5", True),
        ("order.lines[1].price", Decimal(3)),
        ("order['total']", Decimal(5)),
        ("people[0]", "Anna"),
        ("people.size() == 2", True),
        ("people.contains('Boris')", True),
        ("name.contains('nn')", True),
        ("name.equals('Anna')", True),
        ("name.startsWith('A') && name.endsWith('a')", True),
        ("name.toLowerCase().length()", Decimal(4)),
        ("'  x '.trim()", "x"),
        ("'it\\'s' == \"it's\"", True),
        ("'say \"hi\"'", 'say "hi"'),
        ("-amount", Decimal(-600)),
        ("yes == (amount > 500)", True),
    ],
)
def test_same_meaning(juel: str, result: Any) -> None:
    assert feel.evaluate(to_feel(juel), VALUES) == result


@pytest.mark.parametrize(
    ("juel", "part"),
    [
        ("execution.getVariable('a') != null", "execution.getVariable('a') != null"),
        ("amount > 5 && orderService.check(amount)", "orderService.check(amount)"),
        ("task.assignee", "task.assignee"),
        ("currentUser()", "currentUser()"),
        ("people[i]", "people[i]"),
        ("'a' + 'b'", '"a" + "b"'),
        ("a $ b", "$ b"),
        ("a b", "b"),
        ("(a", "(a"),
        ("", ""),
        ("$x", "$x"),
        ("a.", "a."),
        ("!" * 200 + "a", "!" * 200 + "a"),
        ("(" * 200 + "a" + ")" * 200, "(" * 200 + "a" + ")" * 200),
    ],
)
def test_refused_by_its_part(juel: str, part: str) -> None:
    with pytest.raises(Untranslatable) as refused:
        to_feel(juel)
    assert refused.value.part == part


def test_a_text_with_parts() -> None:
    assert to_template("Order ${order.total} of {x} #{name.toUpperCase()}") == (
        "Order {order.total} of {{x}} {upper case(name)}"
    )
    assert to_template("${'}'}!") == '{"}"}!'
    with pytest.raises(Untranslatable):
        to_template("open ${name")
