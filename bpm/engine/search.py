"""Makes text comparable for searching: case, accents and Cyrillic ё do not matter.

Owns how search texts are written and how a query is matched against them, the same on both
databases. Does not rank.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from sqlalchemy import ColumnElement, and_, true
from sqlalchemy.orm import InstrumentedAttribute

_SPECIAL = str.maketrans({"ł": "l", "ё": "е", "ß": "ss", "ø": "o", "đ": "d"})
_KEPT = {"\u0306"}  # the breve of Cyrillic й is part of the letter
_LONGEST = 2000
_MOST_WORDS = 8


def normal(text: str) -> str:
    """Return ``text`` in lower case, without accents, with single spaces."""
    plain = text.casefold().translate(_SPECIAL)
    if not plain.isascii():
        parts = unicodedata.normalize("NFKD", plain)
        plain = unicodedata.normalize(
            "NFC", "".join(sign for sign in parts if sign in _KEPT or not unicodedata.combining(sign))
        )
    return " ".join(plain.split())


def search_text(parts: Iterable[object]) -> str:
    """Join all ``parts`` that say anything into one text to be searched, each word kept once."""
    words = dict.fromkeys(word for part in parts if part is not None for word in normal(str(part)).split())
    return " ".join(words)[:_LONGEST]


def matches(column: InstrumentedAttribute[str], query: str) -> ColumnElement[bool]:
    """Return the condition that every word of ``query`` stands somewhere in ``column``."""
    words = normal(query).split()[:_MOST_WORDS]
    if not words:
        return true()
    return and_(*(column.contains(word, autoescape=True) for word in words))
