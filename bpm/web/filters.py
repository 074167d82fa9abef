"""Words and filters of the templates: translations, times, numbers, people, states."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from flask import Flask
from markupsafe import Markup, escape

from bpm import language
from bpm.language import _, lazy, ngettext
from bpm.web import moments
from bpm.web.request import now

# how a state is shown: the colour's name and the word
_STATES: dict[str, tuple[str, Any]] = {
    "active": ("running", lazy("Under way")),
    "suspended": ("idle", lazy("Paused")),
    "completed": ("done", lazy("Completed")),
    "cancelled": ("idle", lazy("Cancelled")),
    "failed": ("failed", lazy("Failed")),
    "open": ("waiting", lazy("Waiting")),
    "withdrawn": ("idle", lazy("Withdrawn")),
    "queued": ("running", lazy("Being sent")),
    "sent": ("done", lazy("Sent")),
    "kept": ("idle", lazy("Kept here")),
    "late": ("late", lazy("Late")),
    "draft": ("idle", lazy("Draft")),
    "published": ("done", lazy("Published")),
}
_SHADES = 6


def bind(app: Flask) -> None:
    """Give every template the filters and words."""
    app.jinja_env.filters.update(
        chosen=language.chosen,
        iso=_iso,
        moment=moments.whole,
        moment_or_date=_moment_or_date,
        date=language.format_date,
        number=_number,
        file_size=_file_size,
        day=_with_now(moments.day),
        ago=_with_now(moments.ago),
        since=_with_now(moments.since),
        due=_with_now(moments.due),
        due_kind=_with_now(moments.due_kind),
        initials=initials,
        shade=shade,
        status_kind=status_kind,
        status_word=status_word,
    )
    app.jinja_env.globals.update(
        {"_": translated, "gettext": translated, "ngettext": translated_plural, "now": now}
    )


def translated(message: str, **values: Any) -> str:
    """Translate; values that are Markup stay so, everything else is escaped."""
    return _filled(language.gettext(message), values)


def translated_plural(one: str, many: str, num: int, **values: Any) -> str:
    """Translate the plural form that fits ``num``, which is also the value ``%(num)s``."""
    # filled afterwards, so that Markup among the values stays Markup
    marks = {name: f"%({name})s" for name in values}
    return _filled(language.ngettext(one, many, num, **marks), values)


def initials(person: Any) -> str:
    """Return the first letters of first and last name."""
    words = str(getattr(person, "name", person)).split()
    return (words[0][:1] + (words[-1][:1] if len(words) > 1 else "")).upper() if words else "?"


def shade(person: Any) -> int:
    """Return which of the avatar's colours a person has, always the same."""
    return zlib.crc32(str(getattr(person, "name", person)).encode()) % _SHADES


def status_kind(state: str) -> str:
    """Return the colour's name of a state: waiting, running, done, late, failed, idle."""
    return _STATES[state][0] if state in _STATES else "idle"


def status_word(state: str) -> str:
    """Return the word for a state in the reader's language."""
    return str(_STATES[state][1]) if state in _STATES else state


def _filled(text: str, values: dict[str, Any]) -> str:
    if not values:
        return text
    if any(hasattr(value, "__html__") for value in values.values()):
        return Markup(escape(text)) % values
    return text % values


def _with_now(function: Callable[..., str]) -> Callable[..., str]:
    def filtered(value: Any, *more: Any) -> str:
        return function(value, now(), *more)

    return filtered


def _iso(value: date | datetime) -> str:
    """Write what ``<time datetime>`` holds (HTML, ISO 8601)."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return value.isoformat()


def _moment_or_date(value: date | datetime) -> str:
    return (
        moments.whole(value, "full") if isinstance(value, datetime) else language.format_date(value, "full")
    )


def _file_size(size: int) -> str:
    """Words for a number of bytes: "8 bytes", "120 KB", "1.4 MB"."""
    if size < 1000:
        return ngettext("%(num)s byte", "%(num)s bytes", size)
    if size < 1_000_000:
        return _("%(number)s KB", number=_number(Decimal(size).scaleb(-3).quantize(Decimal(1))))
    return _("%(number)s MB", number=_number(Decimal(size).scaleb(-6).quantize(Decimal("0.1"))))


def _number(value: Any) -> str:
    return language.format_number(value) if isinstance(value, Decimal | int | float) else str(value)
