"""Thirty everyday expressions from approvals and sales, with their results by the standard (DMN 1.5).

Contexts are JSON, so that every engine can be given the same. ``same`` does in Python what the expression
says; ``condition`` marks those that answer yes or no.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

Same = Callable[[dict[str, Any]], Any]

DEAL: dict[str, Any] = {
    "amount": 1200000,
    "limit": 500000,
    "discount": 7.5,
    "stage": "negotiation",
    "regular": False,
    "company": {"name": "ACME Poland", "country": "PL", "regular": True, "limit": 2000000},
    "owner": None,
    "signed": "2026-03-03",
    "due": "2026-04-15",
    "score": 72,
}
ORDER: dict[str, Any] = {
    "items": [
        {"name": "chair", "price": 250, "quantity": 4},
        {"name": "desk", "price": 900, "quantity": 2},
        {"name": "lamp", "price": 75, "quantity": 10},
    ],
    "votes": [
        {"who": "eva", "decision": "approve"},
        {"who": "jan", "decision": "approve"},
        {"who": "ola", "decision": "reject"},
    ],
    "numbers": [3, 1, 2],
    "tags": ["urgent", "export"],
}


@dataclass(frozen=True, slots=True)
class Case:
    """One expression, what it is evaluated on, and what must come out."""

    text: str
    context: dict[str, Any]
    expected: Any
    same: Same
    condition: bool = False


def _day(text: str) -> date:
    return date.fromisoformat(text)


CASES = [
    # conditions of gateways
    Case("amount > 500000", DEAL, True, lambda c: c["amount"] > 500000, True),
    Case("amount > limit and not(regular)", DEAL, True,
         lambda c: c["amount"] > c["limit"] and not c["regular"], True),
    Case('stage = "negotiation" or stage = "contract"', DEAL, True,
         lambda c: c["stage"] == "negotiation" or c["stage"] == "contract", True),
    Case('stage in ("negotiation", "contract")', DEAL, True,
         lambda c: c["stage"] in ("negotiation", "contract"), True),
    Case("score in [50..80)", DEAL, True, lambda c: 50 <= c["score"] < 80, True),
    Case("discount between 5 and 10", DEAL, True, lambda c: 5 <= c["discount"] <= 10, True),
    Case("company.regular and company.limit >= amount", DEAL, True,
         lambda c: c["company"]["regular"] and c["company"]["limit"] >= c["amount"], True),
    Case("owner = null", DEAL, True, lambda c: c["owner"] is None, True),
    Case("amount * (1 - discount / 100) >= 1000000", DEAL, True,
         lambda c: c["amount"] * (1 - c["discount"] / 100) >= 1000000, True),
    Case('company.country != "DE"', DEAL, True, lambda c: c["company"]["country"] != "DE", True),
    # values
    Case('if amount > limit then "director" else "head"', DEAL, "director",
         lambda c: "director" if c["amount"] > c["limit"] else "head"),
    Case("amount - limit", DEAL, 700000, lambda c: c["amount"] - c["limit"]),
    Case("0.1 + 0.2 = 0.3", DEAL, True, lambda c: Decimal("0.1") + Decimal("0.2") == Decimal("0.3"), True),
    # texts
    Case('"Contract with " + company.name', DEAL, "Contract with ACME Poland",
         lambda c: "Contract with " + c["company"]["name"]),
    Case('contains(company.name, "Poland")', DEAL, True, lambda c: "Poland" in c["company"]["name"], True),
    Case('starts with(company.name, "ACME")', DEAL, True,
         lambda c: c["company"]["name"].startswith("ACME"), True),
    Case("upper case(company.country)", DEAL, "PL", lambda c: c["company"]["country"].upper()),
    Case("substring(company.name, 1, 4)", DEAL, "ACME", lambda c: c["company"]["name"][:4]),
    # lists
    Case("sum(for i in items return i.price * i.quantity)", ORDER, 3550,
         lambda c: sum([i["price"] * i["quantity"] for i in c["items"]])),
    Case("items[price > 100].name", ORDER, ["chair", "desk"],
         lambda c: [i["name"] for i in c["items"] if i["price"] > 100]),
    Case("count(items)", ORDER, 3, lambda c: len(c["items"])),
    Case('count(votes[decision = "approve"]) > count(votes) / 2', ORDER, True,
         lambda c: len([v for v in c["votes"] if v["decision"] == "approve"]) > len(c["votes"]) / 2, True),
    Case("some i in items satisfies i.price > 500", ORDER, True,
         lambda c: any(i["price"] > 500 for i in c["items"]), True),
    Case("every i in items satisfies i.quantity > 1", ORDER, True,
         lambda c: all(i["quantity"] > 1 for i in c["items"]), True),
    Case("max(items.price)", ORDER, 900, lambda c: max([i["price"] for i in c["items"]])),
    Case("sort(numbers, function(a, b) a < b)", ORDER, [1, 2, 3], lambda c: sorted(c["numbers"])),
    Case('list contains(tags, "urgent")', ORDER, True, lambda c: "urgent" in c["tags"], True),
    # dates and durations
    Case('date(due) < date("2026-05-01")', DEAL, True, lambda c: _day(c["due"]) < date(2026, 5, 1), True),
    Case('date(signed) + duration("P7D")', DEAL, "2026-03-10",
         lambda c: _day(c["signed"]) + timedelta(days=7)),
    Case('date(due) - date(signed) > duration("P30D")', DEAL, True,
         lambda c: _day(c["due"]) - _day(c["signed"]) > timedelta(days=30), True),
]  # fmt: skip
