"""Names of several words: which run of tokens is one name (DMN 1.5, 10.3.1.4).

Words side by side are one name. A name with operators or keywords inside (``profit-loss``,
``date and time``) must be known; the longest known one wins.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from bpm.feel.lexer import Token, name_tokens

CONNECTIVES = frozenset({"and", "or", "then", "else", "in", "return", "satisfies", "between", "external"})
"""Words that end a name."""
KEYWORDS = CONNECTIVES | {"if", "for", "some", "every", "function", "true", "false", "null"}
BUILT_IN = ("date and time", "years and months duration", "days and time duration")


@lru_cache(maxsize=5000)
def is_simple(name: str) -> bool:
    """Tell whether the parser finds ``name`` without being told of it."""
    words = name.split(" ")
    return all(word.isidentifier() for word in words) and not any(word in KEYWORDS for word in words)


class KnownNames:
    """The names that must be looked for; those of an inner scope are forgotten at its end."""

    def __init__(self, names: Iterable[str]) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        self._log: list[str] = []
        for name in (*BUILT_IN, *names):
            self.add(name)

    def add(self, name: str) -> None:
        """Know one more name; simple ones need not be kept, and a keyword alone is never a name."""
        if name == "?" or name in KEYWORDS or is_simple(name):
            return
        words = name_tokens(name)
        if words:
            entries = self._by_first.setdefault(words[0], [])
            entries.append((words, name))
            self._log.append(words[0])

    def mark(self) -> int:
        return len(self._log)

    def forget(self, mark: int) -> None:
        """Forget what was added since ``mark``."""
        while len(self._log) > mark:
            self._by_first[self._log.pop()].pop()

    def find(self, tokens: tuple[Token, ...], index: int) -> tuple[str, int] | None:
        """Return the longest known name at ``index`` and the index behind it."""
        best: tuple[str, int] | None = None
        for words, name in self._by_first.get(tokens[index].text, ()):
            behind = index + len(words)
            if (
                (best is None or behind > best[1])
                and behind < len(tokens)
                and all(tokens[index + step].text == word for step, word in enumerate(words))
            ):
                best = (name, behind)
        return best


def side_by_side(tokens: tuple[Token, ...], index: int) -> tuple[str, int]:
    """Return the name made of the words and numbers standing at ``index``, and the index behind it."""
    words = [tokens[index].text]
    index += 1
    while tokens[index].kind in ("name", "number"):
        text = tokens[index].text
        if text in CONNECTIVES or text == "?" or (text == "instance" and tokens[index + 1].text == "of"):
            break
        words.append(text)
        index += 1
    return " ".join(words), index
