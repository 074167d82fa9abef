"""The words of the language's errors: English, unless a program gives a translation.

The one seam between this package and the program around it; everything else here knows of no other package.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def _as_written(message: str) -> str:
    return message


_translate: Callable[[str], str] = _as_written


def translate_with(translate: Callable[[str], str] | None) -> None:
    """Have errors translated from now on.

    Args:
        translate: gives a text of ours, in English, in the reader's language; asked each time an error
            is made. None brings back English.
    """
    global _translate
    _translate = translate or _as_written


def gettext(message: str, **values: Any) -> str:
    """Return ``message`` in the reader's language; ``%(name)s`` marks take ``values``."""
    text = _translate(message)
    return text % values if values else text


_ = gettext
