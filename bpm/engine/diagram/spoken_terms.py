"""Terms as people write them, “2 days” or “3 рабочих дня”, and what is to be written instead."""

from __future__ import annotations

import re

_WORKING = re.compile(r"\b(working|business|рабоч\w*|robocz\w*)\b", re.I)
_UNITS = (
    ("wd", re.compile(r"^(d|day|days|день|дня|дней|dzień|dni|dnia)$", re.I)),
    ("wh", re.compile(r"^(h|hr|hrs|hour|hours|час|часа|часов|godzina|godziny|godzin)$", re.I)),
    ("wm", re.compile(r"^(m|min|mins|minute|minutes|минута|минуты|минут|мин|minuta|minuty|minut)$", re.I)),
    ("w", re.compile(r"^(week|weeks|неделя|недели|недель|tydzień|tygodnie|tygodni)$", re.I)),
)
_TERM = re.compile(r"(\d+)\s*([^\W\d]+)\.?$")


def written(text: str) -> str | None:
    """Return ``2d`` for “2 days”, ``3wd`` for “3 working days”; None for what is no such term."""
    rest, working = _WORKING.subn(" ", text)
    found = _TERM.match(" ".join(rest.split()))
    if found is None:
        return None
    for unit, pattern in _UNITS:
        if pattern.match(found[2]):
            return f"{found[1]}{unit if working or unit == 'w' else unit[1:]}"
    return None
