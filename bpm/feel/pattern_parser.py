"""Regular expressions of XPath as instructions for a small machine (Functions and Operators 3.1, 5.6.1).

Only reads: whatever the standard does not allow is a PatternFault.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from bpm.feel.pattern_classes import Test, group, property_class, short_class, span

Kind = Literal["one", "split", "jump", "save", "begin", "end", "again", "match"]
MAX_INSTRUCTIONS = 3000
_SPECIAL = set(".\\?*+{}()[]|^$")
_ESCAPED = {"n": "\n", "r": "\r", "t": "\t", **{sign: sign for sign in "\\|.?*+(){}-[]^$"}}


class PatternFault(Exception):
    """The text is no regular expression of the standard."""


@dataclass(slots=True)
class Instruction:
    """One step of the machine. ``one`` has a test; ``split`` prefers ``first`` to ``second``."""

    kind: Kind
    test: Any = None
    first: int = 0
    second: int = 0


@dataclass(slots=True)
class Program:
    instructions: list[Instruction] = field(default_factory=list)
    groups: int = 0
    looks_back: bool = False


class PatternParser:
    """Writes the instructions of one pattern while it reads it."""

    def __init__(self, text: str, flags: str) -> None:
        if set(flags) - set("smixq"):
            raise PatternFault(f"flags {flags}")
        self.any_case = "i" in flags
        self.dot_all = "s" in flags
        self.lines = "m" in flags
        self.literal = "q" in flags
        self.text = without_space(text) if "x" in flags and not self.literal else text
        self.position = 0
        self.depth = 0
        self.program = Program()
        self.closed: set[int] = set()

    def parse(self) -> Program:
        if self.literal:
            body = [self.one(span(sign, sign, self.any_case)) for sign in self.text]
        else:
            body = self.choice()
            if self.position < len(self.text):
                raise PatternFault(self.text[self.position :])
        self.program.instructions = _checked(
            [Instruction("save", first=0), *body, Instruction("save", first=1), Instruction("match")]
        )
        return self.program

    def peek(self) -> str:
        return self.text[self.position : self.position + 1]

    def take(self) -> str:
        sign = self.peek()
        if not sign:
            raise PatternFault("end")
        self.position += 1
        return sign

    def one(self, test: Test) -> Instruction:
        return Instruction("one", _Remembering(test))

    def choice(self) -> list[Instruction]:
        self.depth += 1
        if self.depth > 30:
            raise PatternFault("depth")
        code = self.branch()
        branches = [code]
        while self.peek() == "|":
            self.take()
            branches.append(self.branch())
        self.depth -= 1
        code = branches.pop()
        while branches:
            before = branches.pop()
            code = [
                Instruction("split", first=1, second=len(before) + 2),
                *before,
                Instruction("jump", first=len(code) + 1),
                *code,
            ]
            _checked(code)
        return code

    def branch(self) -> list[Instruction]:
        code: list[Instruction] = []
        while self.peek() and self.peek() not in "|)":
            code.extend(self.quantified(self.atom()))
            _checked(code)
        return code

    def quantified(self, atom: list[Instruction]) -> list[Instruction]:
        sign = self.peek()
        if sign not in ("?", "*", "+", "{"):
            return atom
        self.take()
        least, most = {"?": (0, 1), "*": (0, None), "+": (1, None)}.get(sign) or self.counts()
        greedy = self.peek() != "?"
        if not greedy:
            self.take()
        if len(atom) * max(least, most or 1) > MAX_INSTRUCTIONS:
            raise PatternFault("too long")
        code = atom * least
        if most is None:
            return [*code, _split(greedy, 1, len(atom) + 2), *atom, Instruction("jump", first=-len(atom) - 1)]
        for left in range(most - least, 0, -1):
            code = [*code, _split(greedy, 1, left * (len(atom) + 1)), *atom]
        return code

    def counts(self) -> tuple[int, int | None]:
        end = self.text.find("}", self.position)
        least, comma, most = self.text[self.position : max(end, self.position)].partition(",")
        numbers = [number for number in (least, most) if number]
        if end < 0 or not least or not all(number.isascii() and number.isdigit() for number in numbers):
            raise PatternFault("{")
        if any(len(number) > 4 for number in numbers):
            raise PatternFault("too long")
        self.position = end + 1
        low = int(least)
        high = int(most) if most else (None if comma else low)
        if high is not None and high < low:
            raise PatternFault("{")
        return low, high

    def atom(self) -> list[Instruction]:
        sign = self.take()
        match sign:
            case "(":
                return self.bracket()
            case "[":
                return [self.one(self.set())]
            case ".":
                return [self.one((lambda one: True) if self.dot_all else (lambda one: one not in "\n\r"))]
            case "^":
                return [Instruction("begin", self.lines)]
            case "$":
                return [Instruction("end", self.lines)]
            case "\\":
                return self.escape()
        if sign in _SPECIAL:
            raise PatternFault(sign)
        return [self.one(span(sign, sign, self.any_case))]

    def bracket(self) -> list[Instruction]:
        if self.peek() == "?":
            if self.text[self.position : self.position + 2] != "?:":
                raise PatternFault("(?")
            self.position += 2
            code = self.choice()
        else:
            self.program.groups += 1
            number = self.program.groups
            code = [
                Instruction("save", first=2 * number),
                *self.choice(),
                Instruction("save", first=2 * number + 1),
            ]
            self.closed.add(number)
        if self.take() != ")":
            raise PatternFault(")")
        return code

    def escape(self) -> list[Instruction]:
        if self.peek().isdigit():
            return [self.back_reference()]
        test = self.escaped_class()
        if test is not None:
            return [self.one(test)]
        sign = self.escaped_sign()
        return [self.one(span(sign, sign, self.any_case))]

    def back_reference(self) -> Instruction:
        number = int(self.take())
        if number not in self.closed:
            raise PatternFault(f"\\{number}")
        while self.peek().isdigit() and number * 10 + int(self.peek()) in self.closed:
            number = number * 10 + int(self.take())
        self.program.looks_back = True
        return Instruction("again", self.any_case, first=number)

    def escaped_class(self) -> Test | None:
        """Read the letter behind a backslash if it stands for a class."""
        letter = self.peek()
        if letter in ("p", "P"):
            self.take()
            end = self.text.find("}", self.position)
            if self.take() != "{" or end < 0:
                raise PatternFault("\\p")
            test = property_class(self.text[self.position : end], letter == "p")
            if test is None:
                raise PatternFault(self.text[self.position : end])
            self.position = end + 1
            return test
        test = short_class(letter) if letter else None
        if test is not None:
            self.take()
        return test

    def escaped_sign(self) -> str:
        letter = self.take()
        if letter not in _ESCAPED:
            raise PatternFault(f"\\{letter}")
        return _ESCAPED[letter]

    def set(self) -> Test:
        """Read a character class behind its ``[``."""
        self.depth += 1
        if self.depth > 30:
            raise PatternFault("depth")
        negated = self.peek() == "^"
        if negated:
            self.take()
        tests: list[Test] = []
        without = None
        while self.peek() != "]" or not tests:
            if self.text.startswith("-[", self.position) and tests:
                self.position += 2
                without = self.set()
                if self.peek() != "]":
                    raise PatternFault("[")
                break
            tests.append(self.set_part())
        self.take()
        self.depth -= 1
        return group(tests, negated, without)

    def set_part(self) -> Test:
        first = self.take()
        if first == "\\":
            test = self.escaped_class()
            if test is not None:
                return test
            first = self.escaped_sign()
        elif first in "[]":
            raise PatternFault(first)
        following = self.text[self.position + 1 : self.position + 2]
        if self.peek() != "-" or following in ("", "]", "["):
            return span(first, first, self.any_case)
        self.take()
        last = self.take()
        if last == "\\":
            last = self.escaped_sign()
        if last < first:
            raise PatternFault(f"{first}-{last}")
        return span(first, last, self.any_case)


class _Remembering(dict[str, bool]):
    """A test that remembers its answer for each character."""

    def __init__(self, test: Test) -> None:
        super().__init__()
        self.test = test

    def __missing__(self, character: str) -> bool:
        answer = self[character] = self.test(character)
        return answer


def _split(greedy: bool, near: int, far: int) -> Instruction:
    return Instruction("split", first=near if greedy else far, second=far if greedy else near)


def _checked(code: list[Instruction]) -> list[Instruction]:
    if len(code) > MAX_INSTRUCTIONS:
        raise PatternFault("too long")
    return code


def without_space(text: str) -> str:
    """Remove white space outside of character classes: the meaning of flag ``x``."""
    kept: list[str] = []
    depth = 0
    escaped = False
    for sign in text:
        if sign in " \t\n\r" and depth == 0:
            continue
        if not escaped:
            depth += (sign == "[") - (sign == "]")
        escaped = sign == "\\" and not escaped
        kept.append(sign)
    return "".join(kept)
