"""The functions on people and records as the examples know them: the demo company, by heart.

The box to try expressions uses them, so that nobody reads from it who works here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from bpm.records.functions import money

_NAMES = {
    "anna.nowak": "Anna Nowak",
    "olga.ivanova": "Olga Ivanova",
    "maria.wojcik": "Maria Wójcik",
    "emily.clark": "Emily Clark",
    "katarzyna.lis": "Katarzyna Lis",
    "pavel.smirnov": "Pavel Smirnov",
}
_LAWYERS = ("emily.clark", "katarzyna.lis", "pavel.smirnov")
_MANAGERS = {"anna.nowak": "olga.ivanova"} | dict.fromkeys(_LAWYERS, "maria.wojcik")
_HEADS = {"sales": "olga.ivanova", "finance": "maria.wojcik"}


def functions_at(moment: datetime) -> Mapping[str, Callable[..., Any]]:
    """Return the functions that expressions of a process have beside those of the language."""
    return {
        "manager_of": lambda login: _found(_MANAGERS, login),
        "head_of": lambda department: _found(_HEADS, department),
        "members": _members,
        "free_members": _members,
        "name_of": lambda login: _found(_NAMES, login),
        "email_of": lambda login: f"{login}@company.example" if _found(_NAMES, login) else None,
        "least_loaded": lambda logins: (
            next((one for one in logins if one in _NAMES), None) if isinstance(logins, list) else None
        ),
        "owner": lambda record: record.get("responsible") if isinstance(record, Mapping) else None,
        "money": lambda number: money(number) if isinstance(number, Decimal) else None,
        "today": lambda: moment.date(),
        "now": lambda: moment,
    }


def _found(table: Mapping[str, str], key: Any) -> str | None:
    return table.get(key) if isinstance(key, str) else None


def _members(group: Any) -> list[str]:
    return list(_LAWYERS) if group == "lawyer" else []
