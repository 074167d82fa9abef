"""Expressions of a diagram: FEEL, marked as other tools mark it, and texts with {FEEL} parts.

Owns how a text of the diagram is read (never as Python) and how a failure of an expression
becomes a failure of the step. The language itself lives in ``bpm.feel``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from bpm import feel
from bpm.engine.diagram import juel
from bpm.engine.problems import StepFailed
from bpm.feel import FeelError
from bpm.feel.functions import find_builtin
from bpm.language import _

# functions on people and records that the environment offers
KNOWN_FUNCTIONS = frozenset(
    {
        "owner",
        "manager_of",
        "head_of",
        "members",
        "free_members",
        "name_of",
        "email_of",
        "least_loaded",
        "money",
        "today",
        "now",
        "groups_of",
        "department_of",
        "substitute_of",
        "is_member",
        "has_role",
        "language_of",
    }
)
NAME = re.compile(r"[^\W\d][\w]*\Z")
_ASSIGNMENT = re.compile(r"\s*([^\W\d]\w*)\s*:=(.*)", re.DOTALL)


class NotAnExpression(ValueError):
    """A text of the diagram is not what its place asks for; ``message`` is for people.

    ``position`` counts the characters of the text from 0; None where the fault has no place.
    """

    def __init__(self, message: str, position: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.position = position


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What evaluation needs besides variables: the moment and the functions on people and records."""

    now: datetime
    functions: Mapping[str, Callable[..., Any]]


@dataclass(frozen=True, eq=False)
class Formula:
    """One compiled FEEL expression; ``text`` as it stands in the diagram."""

    text: str
    compiled: feel.Expression

    def evaluate(self, context: Mapping[str, Any], around: Surroundings) -> Any:
        """Return the value.

        Raises:
            StepFailed: the expression is too expensive or cannot be evaluated.
        """
        try:
            return self.compiled.evaluate(context, now=around.now, functions=around.functions)
        except FeelError as error:
            raise StepFailed(
                "The expression “%(expression)s” cannot be evaluated: %(why)s",
                code="expression_failed",
                expression=self.text,
                why=error.message,
            ) from error


@dataclass(frozen=True, eq=False)
class Template:
    """A text with {FEEL} parts."""

    text: str
    parts: tuple[str | Formula, ...]

    def evaluate(self, context: Mapping[str, Any], around: Surroundings) -> str:
        """Return the text with its parts filled in; null becomes nothing.

        Raises:
            StepFailed: a part cannot be evaluated.
        """
        return "".join(
            part if isinstance(part, str) else written(part.evaluate(context, around)) for part in self.parts
        )


def written(value: Any) -> str:
    """Return a value as a title or letter shows it."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, list):
        return ", ".join(written(item) for item in value)
    if isinstance(value, Mapping):
        return str(value.get("name") or value.get("title") or "")
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def unmarked(text: str) -> tuple[str, bool]:
    """Return the expression inside ``=x`` (Zeebe) or ``${x}`` (Camunda 7), and whether it was marked."""
    text = text.strip()
    if text.startswith("="):
        return text[1:].strip(), True
    if is_juel(text):
        try:
            return juel.to_feel(text[2:-1]), True
        except juel.Untranslatable:
            return text[2:-1].strip(), True  # refused by name where it is compiled
    return text, False


def is_juel(text: str) -> bool:
    """Tell whether a text is one expression of Camunda 7 and nothing besides."""
    return text[:2] in ("${", "#{") and juel.closing(text, 1) == len(text) - 1


def formula(text: str) -> Formula:
    """Compile a FEEL expression, with or without the marks of other tools.

    Raises:
        NotAnExpression: it is not FEEL.
    """
    return _formula(text)


@lru_cache(maxsize=4096)
def _formula(text: str) -> Formula:
    inner, _marked = unmarked(text)
    if is_juel(text.strip()):
        _check_juel(text.strip())
    if not inner:
        raise NotAnExpression("")
    try:
        return Formula(text.strip(), feel.compile(inner))
    except FeelError as error:
        begin = text.find(inner)  # Camunda's operators were rewritten: then there is no such place
        place = None if error.position is None or begin < 0 else begin + error.position
        raise NotAnExpression(error.message, place) from error


def formula_at(text: str, start: int, end: int) -> Formula:
    """Compile the expression that stands in a part of a text.

    Raises:
        NotAnExpression: it is not FEEL; the position is that in the whole text.
    """
    try:
        return _formula(text[start:end])
    except NotAnExpression as error:
        raise NotAnExpression(error.message, start + (error.position or 0)) from error


def _check_juel(text: str) -> None:
    try:
        juel.to_feel(text[2:-1])
    except juel.Untranslatable as error:
        raise NotAnExpression(
            _("“%(part)s” of Camunda's language has no equal in FEEL.", part=error.part)
        ) from error


def value(text: str) -> Formula | Template:
    """Compile a value: ``=expression`` or ``${expression}``, else a text with {FEEL} parts.

    Raises:
        NotAnExpression: an expression in it is not FEEL.
    """
    return _formula(text) if unmarked(text)[1] else template(text)


@lru_cache(maxsize=4096)
def template(text: str) -> Template:
    """Compile a text with {FEEL} parts; ``{{`` stands for a brace.

    Raises:
        NotAnExpression: a part is not FEEL.
    """
    parts: list[str | Formula] = []
    done = 0
    for start, end in braces(text):
        parts += [_plain(text[done : start - 1]), formula_at(text, start, end)]
        done = end + 1
    parts.append(_plain(text[done:]))
    return Template(text, tuple(part for part in parts if part != ""))


def _plain(text: str) -> str:
    return text.replace("{{", "{").replace("}}", "}")


def braces(text: str) -> list[tuple[int, int]]:
    """Return where the {FEEL} parts of a text begin and end, without their braces.

    Raises:
        NotAnExpression: a brace is never closed.
    """
    found = []
    position = 0
    while position < len(text):
        if text[position : position + 2] in ("{{", "}}"):
            position += 2
        elif text[position] == "{":
            end = _closing(text, position)
            if end < 0:
                raise NotAnExpression(_("The brace “{” is never closed by “}”."), position)
            found.append((position + 1, end))
            position = end + 1
        else:
            position += 1
    return found


def _closing(text: str, start: int, pair: str = "{}") -> int:
    """Return where the bracket at ``start`` closes, minding texts in quotes, or -1."""
    depth, quoted = 0, False
    position = start
    while position < len(text):
        character = text[position]
        if quoted:
            if character == "\\":
                position += 1
            elif character == '"':
                quoted = False
        elif character == '"':
            quoted = True
        elif character == pair[0]:
            depth += 1
        elif character == pair[1]:
            depth -= 1
            if depth == 0:
                return position
        position += 1
    return -1


def assignments(script: str) -> list[tuple[str, Formula]]:
    """Compile a script: FEEL assignments ``name := expression``, one a line.

    A line without ``:=`` at its start goes on with the expression before it.

    Raises:
        NotAnExpression: a line is no assignment, or its expression is not FEEL.
    """
    return [(name, formula_at(script, start, end)) for name, start, end in lines_of(script)]


def lines_of(script: str) -> list[tuple[str, int, int]]:
    """Return the names that a script assigns, each with where its expression begins and ends.

    Raises:
        NotAnExpression: a line is no assignment.
    """
    found: list[tuple[str, int, int]] = []
    begin = 0
    for line in script.splitlines(keepends=True):
        end = begin + len(line.rstrip())
        match = _ASSIGNMENT.match(line)
        if match:
            found.append((match.group(1), begin + match.start(2), end))
        elif found and line.strip():
            name, start, _end = found[-1]
            found[-1] = (name, start, end)
        elif line.strip() and not line.strip().startswith("//"):
            raise NotAnExpression(line.strip()[:80], begin + len(line) - len(line.lstrip()))
        begin += len(line)
    return found


def values_seen(one: Formula, context: Mapping[str, Any]) -> dict[str, Any]:
    """Return the variables an expression reads and the values they have now, for the history."""
    seen: dict[str, Any] = {}
    for name in sorted(one.compiled.variables):
        found = context.get(name)
        reference = getattr(found, "reference", None)
        if reference is not None and isinstance(found, Mapping):
            seen.update(_fields_seen(one, name, found))
        else:
            seen[name] = found
    return seen


def _fields_seen(one: Formula, name: str, record: Mapping[str, Any]) -> dict[str, Any]:
    """Return the paths below a record that the text names (``deal.amount``), read one by one."""
    seen: dict[str, Any] = {}
    for path in sorted(set(re.findall(rf"\b{re.escape(name)}((?:\.[^\W\d]\w*)+)", one.text))):
        found: Any = record
        for field in path[1:].split("."):
            found = found.get(field) if isinstance(found, Mapping) else None
        reference = getattr(found, "reference", None)
        seen[name + path] = reference if reference is not None else found
    return seen


def foreign_words(one: Formula) -> str | None:
    """Return a name in an expression that shows another language was meant, such as ``import os``.

    FEEL names may hold spaces, so such a text can be a legal name that nobody will ever set;
    and a function that does not exist would quietly give null.
    """
    for name in sorted(one.compiled.variables):
        if " " in name or "__" in name:
            return name
    for name in sorted(one.compiled.called):
        if name not in KNOWN_FUNCTIONS and find_builtin(name) is None:
            return f"{name}()"
    return None
