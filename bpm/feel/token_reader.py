"""What every part of the parser does: look at tokens, take them, say what is missing.

Also reads names and types, which occur everywhere. Knows no expressions.
"""

from __future__ import annotations

from collections.abc import Iterable

from bpm.feel import tree
from bpm.feel.errors import FeelError
from bpm.feel.lexer import Token, tokenize, unescape
from bpm.feel.limits import MAX_NESTING
from bpm.feel.names import KnownNames, side_by_side
from bpm.feel.texts import _

_MAX_RETRIES = 30


class TokenReader:
    """A place in the tokens of one text, and the names known there."""

    def __init__(self, text: str, names: Iterable[str] = ()) -> None:
        self.text = text
        self.tokens = tokenize(text)
        self.index = 0
        self.depth = 0
        self.retries = 0
        self.known = KnownNames(names)

    # ------------------------------------------------------------ tokens

    @property
    def token(self) -> Token:
        return self.tokens[self.index]

    def at(self, *texts: str) -> bool:
        token = self.tokens[self.index]
        return token.text in texts and token.kind in ("op", "name")

    def take(self) -> Token:
        token = self.tokens[self.index]
        self.index += 1
        return token

    def accept(self, text: str) -> bool:
        if self.at(text):
            self.index += 1
            return True
        return False

    def expect(self, text: str) -> Token:
        if not self.at(text):
            raise self.fault(text)
        return self.take()

    def fault(self, expected: str = "") -> FeelError:
        """Return the error for the present token, naming what should stand there."""
        token = self.token
        if token.kind == "end":
            message = (
                _("The expression ends too early; %(expected)s is missing.", expected=expected)
                if expected
                else _("The expression ends too early.")
            )
        elif expected:
            message = _(
                "Here stands %(found)s where %(expected)s is expected.",
                found=token.text[:40],
                expected=expected,
            )
        else:
            message = _("%(found)s does not fit here.", found=token.text[:40])
        return FeelError(message, token.start, self.text)

    def span(self, start: int) -> dict[str, int]:
        """Return the place of a node that began at ``start`` and ends with the last token."""
        return {"start": start, "end": self.tokens[self.index - 1].end}

    def retry(self, index: int, depth: int, error: FeelError) -> None:
        """Go back to ``index`` to read the same tokens in another way; only so often."""
        self.retries += 1
        if self.retries > _MAX_RETRIES:
            raise error
        self.index, self.depth = index, depth

    def end(self) -> None:
        if self.token.kind != "end":
            raise self.fault()

    def too_long(self) -> FeelError:
        return FeelError(_("The expression is too long."), self.token.start, self.text)

    # ------------------------------------------------------------ names and types

    def name(self) -> str:
        """Read a name of one or more words."""
        if self.token.kind != "name":
            raise self.fault(_("a name"))
        found = self.known.find(self.tokens, self.index)
        joined, behind = side_by_side(self.tokens, self.index)
        if found is not None and found[1] >= behind:
            joined, behind = found
        self.index = behind
        return joined

    def free_name(self, closing: str) -> str:
        """Read a new name, which may hold any tokens of a name, up to the token ``closing``."""
        start = self.token.start
        if self.token.kind == "string":
            value = unescape(self.take().text)
        else:
            if self.token.kind != "name":
                raise self.fault(_("a name"))
            while self.token.text != closing and (
                self.token.kind in ("name", "number") or self.at("-", "+", "*", "/", ".", "'", "’", "**")
            ):
                self.take()
            value = " ".join(self.text[start : self.tokens[self.index - 1].end].split())
        if not self.at(closing):
            raise self.fault(closing)
        return value

    def type(self) -> tree.TypeNode:
        """Read a type (rules 61-66), such as ``list<number>`` or ``function<number> -> string``."""
        start = self.token.start
        if self.token.kind != "name":
            raise self.fault(_("a type"))
        self.depth += 1
        if self.depth > MAX_NESTING:
            raise FeelError(_("The expression is nested too deep."), start, self.text)
        name = self.name()
        while self.at(".") and self.tokens[self.index + 1].kind == "name":
            self.take()
            name += "." + self.name()
        keys: list[str] = []
        arguments: list[tree.TypeNode] = []
        result = None
        if name in ("list", "range", "context", "function") and self.accept("<"):
            while not self.at(">"):
                if name == "context":
                    keys.append(self.free_name(":"))
                    self.take()
                arguments.append(self.type())
                if not self.accept(","):
                    break
            self.expect(">")
            if name == "function":
                self.expect("->")
                result = self.type()
        self.depth -= 1
        return tree.TypeNode(name, tuple(arguments), tuple(keys), result, **self.span(start))
