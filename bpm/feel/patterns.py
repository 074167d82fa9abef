"""Matching regular expressions of XPath within a budget of steps.

A machine with a stack of alternatives that tries no state twice at one place: time grows with
the length of the text, whatever the pattern, so that no pattern can make the program hang.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from bpm.feel.errors import FeelError
from bpm.feel.limits import MAX_PATTERN_STEPS, Run, check_string
from bpm.feel.pattern_parser import PatternFault, PatternParser, Program
from bpm.feel.texts import _

Spans = list[tuple[int, int]]
"""Begin and end of the whole match and of each group; (-1, -1) if a group took no part."""


class Pattern:
    """A compiled regular expression."""

    def __init__(self, program: Program, literal: bool = False) -> None:
        self.program = program
        self.literal = literal

    def find(self, run: Run, text: str, start: int) -> Spans | None:
        """Return the first match at or behind ``start``.

        Raises:
            FeelError: the search takes too many steps.
        """
        search = _Search(self.program, text, min(MAX_PATTERN_STEPS, 2 * run.steps))
        for position in range(start, len(text) + 1):
            spans = search.at(position)
            if spans is not None:
                break
        else:
            spans = None
        run.pay(1 + search.steps // 4)
        return spans

    def all(self, run: Run, text: str) -> Iterator[Spans]:
        """Yield the matches that do not overlap.

        Raises:
            PatternFault: the pattern matches where nothing is (error FORX0003 of XPath).
        """
        if self.find(run, "", 0) is not None:
            raise PatternFault("empty")
        position = 0
        while (spans := self.find(run, text, position)) is not None:
            yield spans
            position = max(spans[0][1], position + 1)

    def replace(self, run: Run, text: str, replacement: str) -> str:
        """Replace every match; ``$n`` is a group, ``\\$`` and ``\\\\`` the signs themselves.

        With flag ``q`` the replacement, too, means what is written.
        """
        parts = [replacement] if self.literal else _replacement_parts(replacement, self.program.groups)
        result: list[str] = []
        position = 0
        for spans in self.all(run, text):
            result.append(text[position : spans[0][0]])
            for part in parts:
                result.append(part if isinstance(part, str) else _group(text, spans, part))
            position = spans[0][1]
        result.append(text[position:])
        return check_string("".join(result))


def _group(text: str, spans: Spans, number: int) -> str:
    begin, end = spans[number] if number < len(spans) else (-1, -1)
    return text[begin:end] if begin >= 0 else ""


def _replacement_parts(replacement: str, groups: int) -> list[str | int]:
    parts: list[str | int] = []
    position = 0
    while position < len(replacement):
        sign = replacement[position]
        following = replacement[position + 1 : position + 2]
        if sign == "\\":
            if following not in ("\\", "$"):
                raise PatternFault(replacement)
            parts.append(following)
            position += 2
        elif sign == "$":
            if not (following.isascii() and following.isdigit()):
                raise PatternFault(replacement)
            number = int(following)
            position += 2
            while (digit := replacement[position : position + 1]).isdigit() and number * 10 + int(
                digit
            ) <= groups:
                number = number * 10 + int(digit)
                position += 1
            parts.append(number)
        else:
            parts.append(sign)
            position += 1
    return parts


class _Search:
    """One search in one text. States seen once are not tried again, from whatever beginning."""

    def __init__(self, program: Program, text: str, limit: int) -> None:
        self.program = program
        self.text = text
        self.limit = limit
        self.steps = 0
        self.seen: set[object] = set()

    def at(self, start: int) -> Spans | None:
        """Return the match that begins at ``start``; the first alternative that works wins."""
        instructions, text, size = self.program.instructions, self.text, len(self.text)
        seen, looks_back = self.seen, self.program.looks_back
        stack: list[tuple[int, int, tuple[int, ...]]] = [(0, start, (-1,) * (2 * self.program.groups + 2))]
        steps = self.steps
        while stack:
            counter, position, marks = stack.pop()
            while True:
                steps += 1
                if steps > self.limit:
                    raise FeelError(_("A regular expression takes too long."))
                instruction = instructions[counter]
                kind = instruction.kind
                if kind == "one":
                    if position == size or not instruction.test[text[position]]:
                        break
                    position += 1
                    counter += 1
                elif kind == "split":
                    state = (counter, position, marks) if looks_back else counter * (size + 1) + position
                    if state in seen:
                        break
                    seen.add(state)
                    stack.append((counter + instruction.second, position, marks))
                    counter += instruction.first
                elif kind == "jump":
                    counter += instruction.first
                elif kind == "save":
                    number = instruction.first
                    marks = (*marks[:number], position, *marks[number + 1 :])
                    counter += 1
                elif kind == "match":
                    self.steps = steps
                    return list(zip(marks[::2], marks[1::2], strict=True))
                elif kind == "again":
                    behind = self._again(instruction.first, instruction.test, position, marks)
                    if behind < 0:
                        break
                    position = behind
                    counter += 1
                elif not self._at_edge(kind, instruction.test, position):
                    break
                else:
                    counter += 1
        self.steps = steps
        return None

    def _again(self, number: int, any_case: bool, position: int, marks: tuple[int, ...]) -> int:
        begin, end = marks[2 * number], marks[2 * number + 1]
        if begin < 0 or end < 0:
            return position
        wanted, found = self.text[begin:end], self.text[position : position + end - begin]
        same = wanted.casefold() == found.casefold() if any_case else wanted == found
        return position + end - begin if same else -1

    def _at_edge(self, kind: str, lines: bool, position: int) -> bool:
        text = self.text
        if kind == "begin":
            return position == 0 or (lines and text[position - 1] == "\n" and position < len(text))
        return position == len(text) or (lines and text[position] == "\n")


@lru_cache(maxsize=500)
def compile_pattern(text: str, flags: str) -> Pattern:
    """Read a regular expression.

    Raises:
        PatternFault: it is none, or too big.
    """
    if len(text) > 2000:
        raise PatternFault("too long")
    return Pattern(PatternParser(text, flags).parse(), literal="q" in flags)
