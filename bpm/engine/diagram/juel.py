"""Expressions of Camunda 7 (Unified Expression Language 2.2, "JUEL") written as FEEL.

Only what means the same in FEEL is translated; everything else is refused by the part that has no
equal. Nothing here evaluates anything.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

_TOKEN = re.compile(
    r"""\s*(?:
    (?P<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
    |(?P<number>(?:\d+\.\d*|\.\d+|\d+)(?:[eE][+-]?\d+)?)
    |(?P<name>[^\W\d][\w$]*)
    |(?P<sign>&&|\|\||==|!=|<=|>=|[-+*/%<>!?:.,()\[\]])
    )""",
    re.VERBOSE,
)
_WORDS = {
    "and": "&&", "or": "||", "eq": "==", "ne": "!=", "lt": "<", "gt": ">", "le": "<=", "ge": ">=",
    "div": "/", "mod": "%", "not": "!",
}  # fmt: skip
_DEEPEST = 50

# how tightly a FEEL text holds together: a part that holds less tightly is put into parentheses
_IF, _OR, _AND, _COMPARISON, _SUM, _PRODUCT, _SIGN, _ATOM = range(8)
_BINARY: tuple[tuple[int, dict[str, str]], ...] = (
    (_OR, {"||": "or"}),
    (_AND, {"&&": "and"}),
    (_COMPARISON, {"==": "=", "!=": "!="}),
    (_COMPARISON, {"<": "<", ">": ">", "<=": "<=", ">=": ">="}),
    (_SUM, {"+": "+", "-": "-"}),
    (_PRODUCT, {"*": "*", "/": "/", "%": "%"}),
)
# names that stand for objects of Camunda's engine, not for variables
_OBJECTS = frozenset({"execution", "authenticatedUserId", "connector", "S", "XML", "JSON"})


class Untranslatable(ValueError):
    """A part of an expression that FEEL has no equal for; ``part`` is its text."""

    def __init__(self, part: str) -> None:
        super().__init__(part)
        self.part = part


def to_feel(text: str) -> str:
    """Return the inside of ``${…}`` as a FEEL expression.

    Null differs: JUEL takes a missing value for false, 0 or an empty text. Negation and
    ``empty`` keep that meaning; in a condition the rest comes to the same, since null is not true.

    Raises:
        Untranslatable: a part has no equal in FEEL (beans, casts, engine objects, unknown methods).
    """
    reader = _Reader(text)
    found, _level = reader.expression()
    reader.expect_end()
    return found


def to_template(text: str) -> str:
    """Return a Camunda text with ``${…}`` parts as one of ours with ``{FEEL}`` parts.

    Raises:
        Untranslatable: a part has no equal in FEEL.
    """
    parts, position = [], 0
    while position < len(text):
        if text[position : position + 2] in ("${", "#{"):
            end = closing(text, position + 1)
            if end < 0:
                raise Untranslatable(text[position:])
            parts.append("{" + to_feel(text[position + 2 : end]) + "}")
            position = end + 1
        else:
            parts.append(plain(text[position]))
            position += 1
    return "".join(parts)


def plain(text: str) -> str:
    """Return a text without expressions as a template that gives this text."""
    return text.replace("{", "{{").replace("}", "}}")


def closing(text: str, start: int) -> int:
    """Return where the brace at ``start`` closes, minding texts in quotes of both kinds, or -1."""
    depth, quote, position = 0, "", start
    while position < len(text):
        character = text[position]
        if quote:
            if character == "\\":
                position += 1
            elif character == quote:
                quote = ""
        elif character in "'\"":
            quote = character
        elif character == "{":
            depth += 1
        elif character == "}":
            depth -= 1
            if depth == 0:
                return position
        position += 1
    return -1


Part = tuple[str, int]


class _Reader:
    """Reads one expression by recursive descent over the grammar of EL 2.2, section 1.19."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = _tokens(text)
        self.position = 0
        self.depth = 0

    # ----------------------------------------------------------------------------------- tokens

    @property
    def kind(self) -> str:
        return self.tokens[self.position][0]

    @property
    def word(self) -> str:
        return self.tokens[self.position][1]

    def take(self) -> str:
        word = self.word
        self.position += 1
        return word

    def takes(self, sign: str) -> bool:
        """Take the sign if it stands here."""
        if self.kind == "sign" and self.word == sign:
            self.position += 1
            return True
        return False

    def expect(self, sign: str) -> None:
        if not self.takes(sign):
            raise Untranslatable(self.rest())

    def expect_end(self) -> None:
        if self.kind != "end":
            raise Untranslatable(self.rest())

    def rest(self) -> str:
        """Return the text from here on: what could not be read."""
        return self.text[self.tokens[self.position][2] :].strip() or self.text.strip()

    # ------------------------------------------------------------------------------ expressions

    def expression(self) -> Part:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise Untranslatable(self.text)
        condition = self.binary(0)
        if self.takes("?"):
            then = self.expression()
            self.expect(":")
            otherwise = self.expression()
            condition = f"if {condition[0]} then {then[0]} else {otherwise[0]}", _IF
        self.depth -= 1
        return condition

    def binary(self, rank: int) -> Part:
        if rank == len(_BINARY):
            return self.unary()
        level, signs = _BINARY[rank]
        left = self.binary(rank + 1)
        while self.kind == "sign" and self.word in signs:
            sign = self.take()
            left = _joined(left, sign, signs[sign], self.binary(rank + 1), level)
        return left

    def unary(self) -> Part:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise Untranslatable(self.text)
        found = self._unary()
        self.depth -= 1
        return found

    def _unary(self) -> Part:
        if self.takes("!"):
            # a missing value counts as false here, and FEEL's not(null) would be null
            return f"not({_held(self.unary(), _SUM)} = true)", _ATOM
        if self.takes("-"):
            return f"-{_held(self.unary(), _ATOM)}", _SIGN
        if self.kind == "name" and self.word == "empty":
            self.take()
            value = _held(self.unary(), _SUM)
            return _nothing(value, missing=True)
        return self.value()

    def value(self) -> Part:
        start = self.tokens[self.position][2]
        found = self.prefix()
        while True:
            if self.takes("."):
                if self.kind != "name":
                    raise Untranslatable(self.rest())
                name = self.take()
                if self.takes("("):
                    found = self.method(found, name, self.arguments(), start)
                else:
                    found = f"{_held(found, _ATOM)}.{_name(name)}", _ATOM
            elif self.takes("["):
                found = self.member(found)
            else:
                return found

    def member(self, owner: Part) -> Part:
        kind, word = self.kind, self.word
        key = self.expression()
        self.expect("]")
        if kind == "number" and key[0] == word and word.isdigit():
            return f"{_held(owner, _ATOM)}[{int(word) + 1}]", _ATOM
        if kind == "text" and key[1] == _ATOM and key[0].startswith('"'):
            return f"get value({owner[0]}, {key[0]})", _ATOM
        raise Untranslatable(f"{owner[0]}[{key[0]}]")

    def method(self, owner: Part, name: str, arguments: list[Part], start: int) -> Part:
        translate = _METHODS.get((name, len(arguments)))
        if translate is None:
            raise Untranslatable(self.text[start : self.tokens[self.position - 1][3]].strip())
        return translate(_held(owner, _ATOM), *[_held(one, _SUM) for one in arguments])

    def arguments(self) -> list[Part]:
        found: list[Part] = []
        if self.takes(")"):
            return found
        while True:
            found.append(self.expression())
            if self.takes(")"):
                return found
            self.expect(",")

    def prefix(self) -> Part:
        start = self.tokens[self.position][2]
        if self.takes("("):
            inner = self.expression()
            self.expect(")")
            return f"({inner[0]})", _ATOM
        if self.kind == "text":
            return _text(self.take()), _ATOM
        if self.kind == "number":
            return format(Decimal(self.take()), "f"), _ATOM
        if self.kind != "name":
            raise Untranslatable(self.rest())
        name = self.take()
        if name in _OBJECTS or (name == "task" and self.word == "."):
            raise Untranslatable(self.text[start:].strip())
        if self.takes("("):
            arguments = self.arguments()
            if name == "now" and not arguments:
                return "now()", _ATOM
            raise Untranslatable(self.text[start : self.tokens[self.position - 1][3]].strip())
        return (name if name in ("true", "false", "null") else _name(name)), _ATOM


def _tokens(text: str) -> list[tuple[str, str, int, int]]:
    """Return kind, word, start and end of each token, and one that marks the end."""
    found, position = [], 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            if text[position:].strip():
                raise Untranslatable(text[position:].strip())
            break
        kind = match.lastgroup or ""
        word = match.group(kind)
        if kind == "name" and word in _WORDS:
            kind, word = "sign", _WORDS[word]
        found.append((kind, word, match.start(match.lastgroup or 0), match.end()))
        position = match.end()
    found.append(("end", "", len(text), len(text)))
    return found


def _held(part: Part, level: int) -> str:
    return part[0] if part[1] >= level else f"({part[0]})"


def _joined(left: Part, sign: str, word: str, right: Part, level: int) -> Part:
    if level in (_SUM, _PRODUCT) and (left[0].startswith('"') or right[0].startswith('"')):
        # JUEL turns texts into numbers before it adds them, FEEL joins them
        raise Untranslatable(f"{left[0]} {sign} {right[0]}")
    if sign == "%":
        above, below = _held(left, _PRODUCT), _held(right, _SIGN)
        # Java's remainder has the sign of the dividend, FEEL's modulo that of the divisor
        return f"({above} - {below} * round down({above} / {below}, 0))", _ATOM
    # comparisons of FEEL do not chain; the others group to the left in both languages
    least = _SUM if level == _COMPARISON else level
    return f"{_held(left, least)} {word} {_held(right, min(level + 1, _ATOM))}", level


def _name(name: str) -> str:
    if "$" in name:
        raise Untranslatable(name)
    return name


def _text(quoted: str) -> str:
    inner = re.sub(r"\\(.)", r"\1", quoted[1:-1], flags=re.DOTALL)
    return '"' + inner.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def _nothing(value: str, *, missing: bool) -> Part:
    """A text or list without content; comparing other kinds of values gives null, which is not true."""
    kinds = [f"{value} = null"] * missing + [f'{value} = ""', f"{value} = []"]
    return f"(({' or '.join(kinds)}) = true)", _ATOM


def _contains(owner: str, item: str) -> Part:
    """``contains`` is a method of texts and of lists; which it is shows only at run time."""
    in_list = f"list contains({owner}, {item})"
    return f"(if {owner} instance of list<Any> then {in_list} else contains({owner}, {item}))", _ATOM


_METHODS: dict[tuple[str, int], Callable[..., Part]] = {
    ("contains", 1): _contains,
    ("equals", 1): lambda owner, other: (f"{owner} = {other}", _COMPARISON),
    ("equalsIgnoreCase", 1): lambda owner, other: (
        f"lower case({owner}) = lower case({other})",
        _COMPARISON,
    ),
    ("startsWith", 1): lambda owner, start: (f"starts with({owner}, {start})", _ATOM),
    ("endsWith", 1): lambda owner, end: (f"ends with({owner}, {end})", _ATOM),
    ("toLowerCase", 0): lambda owner: (f"lower case({owner})", _ATOM),
    ("toUpperCase", 0): lambda owner: (f"upper case({owner})", _ATOM),
    ("length", 0): lambda owner: (f"string length({owner})", _ATOM),
    ("size", 0): lambda owner: (f"count({owner})", _ATOM),
    ("isEmpty", 0): lambda owner: _nothing(owner, missing=False),
    ("get", 1): lambda owner, key: (
        (f"{owner}[{int(key) + 1}]", _ATOM) if key.isdigit() else (f"get value({owner}, {key})", _ATOM)
    ),
    ("trim", 0): lambda owner: (rf'replace({owner}, "^\\s+|\\s+$", "")', _ATOM),
    ("concat", 1): lambda owner, other: (f"{owner} + {other}", _SUM),
}
