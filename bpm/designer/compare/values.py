"""What values are called: logins become names, keys the titles of forms, ``2wd`` two working days.

Asks nothing of the database itself: ``Vocabulary`` is given the lists that an owner picks from.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from bpm.designer.compare import words
from bpm.language import _, in_quotes, ngettext

_TERM = re.compile(r"(\d+)(wm|wh|wd|m|h|d)\Z")
_ISO = {"PT{}M": "m", "PT{}H": "h", "P{}D": "d"}
_LONGEST = 60


class Vocabulary:
    """Names of people, groups, forms …, as ``picks.everything`` lists them; none of them is needed."""

    def __init__(self, picks: Mapping[str, Iterable[Mapping[str, Any]]] | None = None) -> None:
        self._names = {
            kind: {str(one["id"]): str(one["name"]) for one in some} for kind, some in (picks or {}).items()
        }
        # settings of the process by their names in expressions
        self.settings: dict[str, str] = {}
        self._inputs: dict[str, dict[str, str]] = {
            str(one["id"]): {str(field["key"]): str(field["label"]) for field in one.get("inputs", ())}
            for one in (picks or {}).get("connectors", ())
        }

    def name(self, kind: str, key: str) -> str:
        """Return what a thing of a list is called; its key if it is not known."""
        return self._names.get(kind, {}).get(key, key)

    def input(self, connector: str, name: str) -> str:
        """Return what an input of a service is called."""
        return self._inputs.get(connector, {}).get(name, name)

    def told(self, kind: str, value: str) -> str:
        """Return a value in words."""
        if value.startswith("=") and kind != "expression":
            expression = value.removeprefix("=").strip()
            return quoted(self.settings.get(expression, expression))
        if kind in words.VALUES:
            return str(words.VALUES[kind].get(value, value))
        if kind in _LISTS:
            return ", ".join(self.name(_LISTS[kind], one) for one in listed(value))
        if kind in _PICKED:
            return in_quotes(self.name(_PICKED[kind], value))
        if kind == "person":
            return self.name("people", value)
        if kind == "target":
            return self._target(value)
        if kind == "who":
            return self._who(value)
        if kind == "term":
            return term(value)
        return quoted(value)

    def _target(self, value: str) -> str:
        """Tell who is told of a late task: ``manager``, ``person:login``, ``group:key``."""
        if value == "manager":
            return _("the manager of who does it")
        kind, _colon, key = value.rpartition(":")
        return self.name("groups" if kind == "group" else "people", key)

    def _who(self, value: str) -> str:
        for kind in ("people", "groups", "departments"):
            if value in self._names.get(kind, {}):
                return self._names[kind][value]
        return quoted(value)

    def change(self, kind: str, old: str, new: str) -> str:
        """Return ``old → new`` in words; of spans in the same unit the unit is said once."""
        before, after = (_TERM.match(_short(one)) for one in (old, new))
        if kind == "term" and before and after and before[2] == after[2]:
            return f"{before[1]} → {term(new)}"
        return f"{self.told(kind, old)} → {self.told(kind, new)}"


_LISTS = {"people": "people", "groups": "groups", "record_types": "recordTypes", "list": ""}
_PICKED = {"form": "forms", "decision": "decisions", "connector": "connectors", "process": "processes"}


def is_long(kind: str, *values: str) -> bool:
    """Tell whether values are too long to be shown beside each other."""
    return kind in ("long", "block") and any(len(one) > _LONGEST or "\n" in one for one in values)


def listed(value: str) -> list[str]:
    """Return the parts of a list written with commas."""
    return [part.strip() for part in value.split(",") if part.strip()]


def quoted(value: str) -> str:
    """Return a text in quotation marks, cut if it is long."""
    text = " ".join(value.split())
    return in_quotes(f"{text[: _LONGEST - 1]}…" if len(text) > _LONGEST else text)


def term(text: str) -> str:
    """Return a span of time in words: ``2wd`` is “2 working days” (also ISO 8601: P2D, PT4H)."""
    found = _TERM.match(_short(text))
    if found is None:
        return quoted(text.removeprefix("="))
    number = int(found[1])
    return {
        "m": ngettext("%(num)s minute", "%(num)s minutes", number),
        "h": ngettext("%(num)s hour", "%(num)s hours", number),
        "d": ngettext("%(num)s day", "%(num)s days", number),
        "wm": ngettext("%(num)s working minute", "%(num)s working minutes", number),
        "wh": ngettext("%(num)s working hour", "%(num)s working hours", number),
        "wd": ngettext("%(num)s working day", "%(num)s working days", number),
    }[found[2]]


def _short(text: str) -> str:
    for pattern, unit in _ISO.items():
        before, after = pattern.split("{}")
        number = text.removeprefix(before).removesuffix(after)
        if text == f"{before}{number}{after}" and number.isdigit():
            return number + unit
    return text
