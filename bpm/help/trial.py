"""Trying an expression: values typed in rows, the result, and what each part of it gave.

Reads nothing of the installation. What asks for too much is refused by the limits of ``bpm.feel``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bpm import feel
from bpm.engine.diagram.expression_check import Finding, check
from bpm.engine.diagram.expressions import unmarked
from bpm.feel import FeelError
from bpm.feel.static import sample_type
from bpm.feel.temporal_text import parse_any
from bpm.help.company import functions_at
from bpm.help.lesson import CASE
from bpm.language import _

MOST_ROWS = 12
_LONGEST_SHOWN = 400
_MOST_PARTS = 20
_NUMBER = re.compile(r"-?\d[\d  ]*([.,]\d+)?")
_WRITTEN = re.compile(r'["\[{@]|-?\d+(\.\d+)?\Z|(true|false|null)\Z|(date|time|duration)')
_YES, _NO = ("yes", "да", "tak"), ("no", "нет", "nie")


@dataclass(frozen=True)
class Row:
    """A name and its value as they were typed."""

    name: str
    value: str


@dataclass(frozen=True)
class Trial:
    """What came of it. ``result`` is None where it failed; ``parts``: (text, value) of each part."""

    text: str = ""
    rows: tuple[Row, ...] = ()
    result: str | None = None
    findings: tuple[Finding, ...] = ()
    parts: tuple[tuple[str, str], ...] = ()

    @property
    def error(self) -> Finding | None:
        return next((one for one in self.findings if one.severity == "error"), None)

    def marked(self, one: Finding) -> tuple[str, str, str]:
        """Return the text before a faulty place, the place, and what follows."""
        return self.text[: one.start], self.text[one.start : one.end], self.text[one.end :]


def tried(text: str, rows: Iterable[Row], moment: datetime) -> Trial:
    """Evaluate ``text`` with the values of ``rows``.

    Names of the examples' case that the text reads and no row gives are added with their values, so
    that an example works as it stands.
    """
    text = text.strip()
    given = tuple(row for row in rows if row.name.strip())[:MOST_ROWS]
    if not text:
        return Trial(rows=given)
    inner = unmarked(text)[0]
    try:
        missing = [name for name in sorted(feel.variables(inner)) if name not in {row.name for row in given}]
    except FeelError:
        missing = []
    given += tuple(Row(name, CASE[name]) for name in missing if name in CASE)[: MOST_ROWS - len(given)]
    values = {row.name.strip(): read(row.value) for row in given}
    found = check(text, "expression", {name: sample_type(value) for name, value in values.items()})
    if not found.ok:
        return Trial(text, given, findings=found.findings)
    try:
        return _evaluated(text, inner, given, values, moment, found.findings)
    except FeelError as error:
        place = Finding("error", error.message, 0, len(text))
        return Trial(text, given, findings=(place,))


def _evaluated(
    text: str,
    inner: str,
    rows: tuple[Row, ...],
    values: Mapping[str, Any],
    moment: datetime,
    findings: tuple[Finding, ...],
) -> Trial:
    functions = functions_at(moment)
    result = feel.evaluate(inner, values, now=moment, functions=functions)
    parts = feel.explain(inner, values, now=moment, functions=functions)[:-1]
    seen = dict.fromkeys((part, written(value)) for part, value in parts)
    return Trial(text, rows, written(result), findings, tuple(seen)[:_MOST_PARTS])


def read(typed: str) -> Any:
    """Return the value that somebody means: a number, a date, yes or no, what FEEL would write, a text."""
    typed = typed.strip()
    if not typed:
        return None
    if _WRITTEN.match(typed):
        try:
            return feel.evaluate(typed)
        except FeelError:
            return typed
    if typed.casefold() in _YES + _NO:
        return typed.casefold() in _YES
    if _NUMBER.fullmatch(typed):
        return feel.evaluate(re.sub(r"\s", "", typed).replace(",", "."))
    moment = parse_any(typed)
    return typed if moment is None else moment


def written(value: Any) -> str:
    """Return a value as one would write it in an expression, cut if it is very long."""
    text = _written(value, 0)
    return text if len(text) <= _LONGEST_SHOWN else text[:_LONGEST_SHOWN] + " …"


def _written(value: Any, depth: int) -> str:
    if depth > 8:
        return "…"
    if value is None:
        return "null"
    if isinstance(value, str):
        escaped = value[: _LONGEST_SHOWN + 1].replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
        return f'"{escaped}"'
    if isinstance(value, list):
        return "[" + ", ".join(_written(item, depth + 1) for item in value[:50]) + "]"
    if isinstance(value, Mapping):
        entries = (f"{_key(key)}: {_written(value[key], depth + 1)}" for key in value)
        return "{" + ", ".join(entries) + "}"
    if isinstance(value, feel.Function):
        return _("a function")
    plain = feel.evaluate("string(value)", {"value": value})
    known = isinstance(plain, str) and parse_any(plain) is not None
    return f'@"{plain}"' if known else str(plain)


def _key(key: Any) -> str:
    return str(key) if re.fullmatch(r"[^\W\d][\w ]*", str(key)) else f'"{key}"'
