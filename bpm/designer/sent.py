"""Reads the JSON that a page of the designer sends."""

from __future__ import annotations

import json
from typing import Any

from flask import request

from bpm.errors import Invalid
from bpm.language import _


def body() -> dict[str, Any]:
    """Return what was sent.

    Raises:
        Invalid: it is no object, or holds what no database can keep.
    """
    try:
        given = request.get_json(silent=True)
    except RecursionError:  # nested without end
        given = None
    if not isinstance(given, dict) or not _whole(given):
        raise Invalid(_("The browser sent something that cannot be read. Load the page again."), problems=[])
    return given


def _whole(given: dict[str, Any]) -> bool:
    """Tell whether no text in it ends in half a character, which nothing can keep (RFC 8259, 8.2)."""
    try:
        json.dumps(given, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


def text(given: dict[str, Any], name: str) -> str:
    """Return a text of it.

    Raises:
        Invalid: it is missing.
    """
    value = given.get(name)
    if not isinstance(value, str):
        raise Invalid(_("The browser sent something that cannot be read. Load the page again."), problems=[])
    return value


def optional(given: dict[str, Any], name: str) -> str:
    """Return a text of it; empty if there is none."""
    value = given.get(name)
    return value if isinstance(value, str) else ""


def revision(given: dict[str, Any]) -> int:
    """Return the number of the draft that a change was made from; -1 fits none."""
    value = given.get("revision")
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else -1
