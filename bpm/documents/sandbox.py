"""The language of document templates: Jinja in which values are read by name and nothing is called.

Runs in the child process of ``render.py``, which limits memory and time.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from babel.numbers import format_currency
from jinja2 import StrictUndefined
from jinja2.runtime import LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from bpm.language import _, chosen, format_date, format_moment, format_number, language

_LOOP = ("index", "first", "last", "length")
_FILTERS = (
    "default", "join", "upper", "lower", "capitalize", "trim", "length", "first", "last",
    "sum", "map", "selectattr", "rejectattr", "list", "sort", "unique", "round",
)  # fmt: skip


class ReadingSandbox(ImmutableSandboxedEnvironment):
    """Values are read by name from mappings, by number from lists, and in no other way.

    Letters read through it too: what a template can reach is decided in this one place.
    """

    def getattr(self, obj: Any, attribute: str) -> Any:
        return self._read(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        return self._read(obj, argument)

    def _read(self, obj: Any, key: Any) -> Any:
        if isinstance(obj, LoopContext) and key in _LOOP:
            return getattr(obj, key)
        as_mapping = getattr(obj, "as_mapping", None)
        if as_mapping is not None:
            obj = as_mapping()
        try:
            if isinstance(obj, Mapping) and key in obj:
                return obj[key]
            if isinstance(obj, list | tuple) and isinstance(key, int):
                return obj[key]
        except (LookupError, TypeError):
            pass
        return self.undefined(obj=obj, name=str(key))


class TemplateSandbox(ReadingSandbox):
    """What document templates may use: filters for words, lists, dates and numbers."""

    def __init__(self) -> None:
        super().__init__(undefined=StrictUndefined, finalize=_written, autoescape=True)
        self.globals.clear()
        allowed = {name: self.filters[name] for name in _FILTERS}
        self.filters = allowed | {
            "date": format_long_date,
            "moment": lambda value, form="d MMMM yyyy, HH:mm": format_moment(value, form),
            "number": format_number,
            "money": format_money,
            "name": chosen,
        }


def format_long_date(value: date, form: str = "long") -> str:
    """Write a day: 3 March 2026."""
    return format_date(value, form)


def format_money(value: Decimal | int, currency: str) -> str:
    """Write an amount with its currency (ISO 4217)."""
    return format_currency(value, currency, locale=language())


def _written(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return format_moment(value, "d MMMM yyyy, HH:mm")
    if isinstance(value, date):
        return format_long_date(value)
    if isinstance(value, Decimal | int | float):
        return format_number(value)
    if isinstance(value, Markup):
        return value
    return _without_controls(value) if isinstance(value, str) else value


def _without_controls(text: str) -> str:
    """A Word file cannot hold control characters other than line breaks and tabs (XML 1.0, 2.2)."""
    return "".join(mark for mark in text if mark in "\t\n\r" or mark >= " ")
