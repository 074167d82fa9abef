"""Values and texts of forms as people read them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from bpm.language import _, format_date, format_moment, format_number


def plain(value: Any) -> str:
    """Write a value for people to read, in their language."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, str):
        return value
    if isinstance(value, Decimal | int | float):
        return format_number(value)
    if isinstance(value, datetime):
        return format_moment(value)
    if isinstance(value, date):
        return format_date(value)
    if isinstance(value, list | tuple):
        return ", ".join(plain(one) for one in value)
    for name in ("title", "name"):
        text = value.get(name) if isinstance(value, Mapping) else getattr(value, name, None)
        if isinstance(text, str):
            return text
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {plain(one)}" for key, one in value.items())
    return str(value)


def paragraphs(text: str) -> tuple[tuple[str, str], ...]:
    """Split a text into paragraphs, each with its kind: heading, item of a list, or plain."""
    found = []
    for line in filter(None, (line.strip() for line in text.splitlines())):
        if line.startswith("#"):
            found.append(("heading", line.lstrip("#").strip()))
        elif line.startswith(("- ", "* ")):
            found.append(("item", line[2:].strip()))
        else:
            found.append(("plain", line))
    return tuple(found)
