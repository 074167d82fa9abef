"""Cuts a text into tokens (DMN 1.5, 10.3.1.2, rules 22-37).

Knows nothing of grammar or of names of several words.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from bpm.feel.errors import FeelError
from bpm.feel.limits import MAX_TEXT, MAX_TOKENS
from bpm.feel.texts import _

_SPACE = r"\t\n\v\f\r \x85\xA0\u1680\u180E\u2000-\u200B\u2028\u2029\u202F\u205F\u3000\uFEFF"
_NAME_START = (
    r"A-Z_a-z\u00AA\u00B5\u00BA\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02FF\u0370-\u037D\u037F-\u167F\u1681-\u180D"
    r"\u180F-\u1FFF\u200C-\u200D\u2070-\u218F\u2600-\u27BF\u2C00-\u2FEF\u3001-\uD7FF\uF900-\uFDCF\uFDF0-\uFEFE\uFF00-\uFFFD"
    r"\U00010000-\U000EFFFF"
)
_NAME_PART = _NAME_START + r"0-9\u00B7\u203F-\u2040\uFE0F"

_SKIPPED = rf"(?:[{_SPACE}]++|//[^\n]*+|/\*.*?\*/)*+"
_SKIP = re.compile(_SKIPPED, re.DOTALL)
_TOKEN = re.compile(
    rf"{_SKIPPED}(?:"
    rf"(?P<name>[{_NAME_START}][{_NAME_PART}]*+|\?)"
    r"|(?P<number>(?:\d+(?:\.\d+)?|(?<![\w)\]}\"])\.\d+)(?:[eE][+-]?\d+)?)"
    r"|(?P<op>\.\.|<=|>=|!=|==|\*\*|->|/(?!\*)|[-+*(){}\[\],.:<>=@'’|])"
    r'|(?P<string>"(?:[^"\\]|\\.)*+"))',
    re.DOTALL,
)
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{6})|(.))", re.DOTALL)
_PLAIN_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "'": "'", "\\": "\\"}


class Token(NamedTuple):
    """``kind`` is number, string, name, op or end; ``text`` is as written."""

    kind: str
    text: str
    start: int
    end: int


@lru_cache(maxsize=2000)
def tokenize(text: str) -> tuple[Token, ...]:
    """Return the tokens of ``text``, closed by one of kind ``end``.

    Raises:
        FeelError: a character that starts no token, an unfinished string, or a text too long.
    """
    if len(text) > MAX_TEXT:
        raise FeelError(_("The expression is too long."), None, text[:200])
    tokens: list[Token] = []
    position = 0
    while (match := _TOKEN.match(text, position)) is not None:
        if len(tokens) == MAX_TOKENS:
            raise FeelError(_("The expression is too long."), position, text)
        kind = match.lastgroup or ""
        start, position = match.span(kind)
        tokens.append(Token(kind, match[kind], start, position))
    skipped = _SKIP.match(text, position)
    position = skipped.end() if skipped else position
    if position < len(text):
        raise _unknown(text, position)
    tokens.append(Token("end", "", len(text), len(text)))
    return tuple(tokens)


def _unknown(text: str, position: int) -> FeelError:
    if text[position] == '"':
        return FeelError(_("A text that begins here is not closed by a quotation mark."), position, text)
    if text.startswith("/*", position):
        return FeelError(_("A comment that begins here is not closed."), position, text)
    return FeelError(
        _("The character %(character)s is not allowed here.", character=text[position]), position, text
    )


def unescape(quoted: str) -> str:
    """Return the value of a string literal, quotation marks included in ``quoted``.

    A backslash before any other character stays, so that patterns can be written plainly.
    """
    body = quoted[1:-1]
    if "\\" not in body:
        return body
    value = _ESCAPE.sub(_escaped, body)
    if any("\ud800" <= character <= "\udfff" for character in value):
        # two \u escapes may form one character beyond the first 65,536
        value = value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return value


def _escaped(match: re.Match[str]) -> str:
    code = match.group(1) or match.group(2)
    if code:
        point = int(code, 16)
        return chr(point) if point <= 0x10FFFF else match.group()
    return _PLAIN_ESCAPES.get(match.group(3), match.group())


@lru_cache(maxsize=5000)
def name_tokens(name: str) -> tuple[str, ...]:
    """Return the texts of the tokens of a name, by which it is found in an expression."""
    try:
        return tuple(token.text for token in tokenize(name)[:-1])
    except FeelError:
        return ()
