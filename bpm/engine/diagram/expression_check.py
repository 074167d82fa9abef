"""What is wrong with an expression while somebody writes it: where, in plain words, and what may be meant.

Reads a text as the diagram's reader does (``expressions``) and adds what only its surroundings tell:
names that nobody sets, parts that never work, a result of the wrong kind. Evaluates nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

from bpm import feel
from bpm.engine.diagram import expressions
from bpm.engine.diagram.expressions import KNOWN_FUNCTIONS, Formula, NotAnExpression
from bpm.engine.timers import due_times
from bpm.feel import FeelError, tree
from bpm.feel.functions import BUILTINS, find_builtin
from bpm.feel.limits import MAX_TEXT
from bpm.feel.static import types
from bpm.feel.types import ANY, Type
from bpm.language import _, lazy

Kind = Literal["expression", "condition", "tests", "value", "template", "script", "timer"]
Severity = Literal["error", "warning"]
KINDS: tuple[Kind, ...] = ("expression", "condition", "tests", "value", "template", "script", "timer")
LONGEST = MAX_TEXT

# what the engine itself sets, and the name by which an item of a list or a cell's value is called
_ALWAYS_KNOWN = frozenset({"initiator", "loopCounter", "item", "?", "partial"})
_UNDECIDED = ("Any", "Null")
_MOMENTS = ("date", "date and time", "days and time duration", "years and months duration", "string")
_TOKEN = re.compile(r'"[^"]*"?|[\w.]+|\S')
_KINDS_IN_WORDS = {
    "number": lazy("a number"),
    "string": lazy("a text"),
    "boolean": lazy("yes or no"),
    "date": lazy("a date"),
    "time": lazy("a time of day"),
    "date and time": lazy("a date with a time"),
    "days and time duration": lazy("a length of time"),
    "years and months duration": lazy("a length of time in months"),
    "list": lazy("a list"),
    "context": lazy("a group of named values"),
    "range": lazy("a range"),
    "function": lazy("a function"),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to mend. ``start`` and ``end`` count the characters of the text from 0."""

    severity: Severity
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Check:
    """What was found. ``result``: what the expression gives, in words; empty where nobody can tell."""

    findings: tuple[Finding, ...] = ()
    result: str = ""

    @property
    def ok(self) -> bool:
        """Whether the text can be run."""
        return not any(one.severity == "error" for one in self.findings)


def check(text: str, kind: Kind, known: Mapping[str, Type], *, complete: bool = True) -> Check:
    """Check a text of a diagram.

    Args:
        kind: what its place asks for; ``tests`` is a cell of a decision table, ``value`` an
            ``=expression`` or a text with {FEEL} parts.
        known: the variables that the process sets, with their types (``ANY`` where it is not known).
        complete: whether other names than these are worth a warning.
    """
    if not text.strip():
        return Check()
    try:
        return _READERS[kind](text, _Surroundings(known, complete))
    except NotAnExpression as error:
        return Check((_error(text, error.message, error.position),))


def in_words(kind: Type) -> str:
    """Return what a type is called; empty for one that is not known."""
    return str(_KINDS_IN_WORDS.get(kind.name, ""))


@dataclass(frozen=True)
class _Surroundings:
    """The names that a text may use."""

    known: Mapping[str, Type]
    complete: bool

    def judge(self, text: str, one: Formula, begin: int = 0) -> tuple[Type, list[Finding]]:
        """Return the type of a compiled expression of ``text`` that begins at ``begin``, and its faults."""
        inner = one.compiled.text
        place = text.find(inner, begin)
        where = _Places(text, place)
        findings = list(_odd_names(one, where))
        if findings:
            return ANY, findings
        findings += self._unknown(one.compiled.tree, one.compiled.variables, where)
        kind, faults = types(inner, self.known)
        findings += [where.finding("warning", fault.text, fault.start, fault.end) for fault in faults]
        return kind, findings

    def tests(self, text: str) -> list[Finding]:
        """Return what is wrong with a cell."""
        where = _Places(text, 0)
        cell = feel.unary(text)
        return [*_odd_calls(cell.tree, where), *self._unknown(cell.tree, cell.variables, where)]

    def added(self, name: str, kind: Type) -> _Surroundings:
        """The same surroundings with one variable more."""
        return _Surroundings({**self.known, name: kind}, self.complete)

    def _unknown(self, node: tree.Node, names: Iterable[str], where: _Places) -> Iterator[Finding]:
        if not self.complete:
            return
        for name in sorted(set(names) - set(self.known) - _ALWAYS_KNOWN):
            if find_builtin(name) is None and name not in KNOWN_FUNCTIONS:
                yield where.at_name("warning", self._said(name), node, name)

    def _said(self, name: str) -> str:
        other = _likely(name, self.known)
        if other:
            return _(
                "“%(name)s” is not known in this process. Did you mean “%(other)s”?", name=name, other=other
            )
        return _("“%(name)s” is not known in this process: it will be empty.", name=name)


@dataclass(frozen=True)
class _Places:
    """Takes places in an expression to places in the text around it; -1: there are none."""

    text: str
    begin: int

    def finding(self, severity: Severity, words: str, start: int, end: int) -> Finding:
        if self.begin < 0:
            return Finding(severity, words, 0, len(self.text))
        return Finding(severity, words, self.begin + start, self.begin + max(end, start + 1))

    def at_name(self, severity: Severity, words: str, root: tree.Node, name: str) -> Finding:
        nodes = (node for node in tree.walk(root) if isinstance(node, tree.Name) and node.name == name)
        first = next(nodes, root)
        return self.finding(severity, words, first.start, first.end)


def _odd_names(one: Formula, where: _Places) -> Iterator[Finding]:
    """Tell what the check of the whole diagram refuses: see ``expressions.foreign_words``."""
    if expressions.foreign_words(one) is None:
        return
    yield from _odd_calls(one.compiled.tree, where)
    for name in sorted(one.compiled.variables):
        if " " in name or "__" in name:
            words = _(
                "“%(name)s” would be read as one name, which nothing can have. "
                "Is a sign missing between its words, such as = or “and”?",
                name=name,
            )
            yield where.at_name("error", words, one.compiled.tree, name)


def _odd_calls(root: tree.Node, where: _Places) -> Iterator[Finding]:
    called = {
        node.function.name
        for node in tree.walk(root)
        if isinstance(node, tree.Call) and isinstance(node.function, tree.Name)
    }
    local = _own_functions(root)
    for name in sorted(called - KNOWN_FUNCTIONS - local):
        if find_builtin(name) is not None:
            continue
        other = _likely(name, (*BUILTINS, *KNOWN_FUNCTIONS))
        words = (
            _("There is no function “%(name)s”. Did you mean “%(other)s”?", name=name, other=other)
            if other
            else _("There is no function “%(name)s”.", name=name)
        )
        yield where.at_name("error", words, root, name)


def _own_functions(root: tree.Node) -> frozenset[str]:
    """Return the names that the expression itself defines, which may be functions."""
    names: set[str] = set()
    for node in tree.walk(root):
        if isinstance(node, tree.Entry):
            names.add(node.key)
        elif isinstance(node, tree.Iterator):
            names.add(node.name)
        elif isinstance(node, tree.FunctionNode):
            names |= {parameter.name for parameter in node.parameters}
    return frozenset(names)


def _likely(name: str, names: Iterable[str]) -> str | None:
    """Return the name that was probably meant."""
    folded = {other.casefold(): other for other in names}
    close = get_close_matches(name.casefold(), folded, n=1, cutoff=0.7)
    return folded[close[0]] if close else None


def _error(text: str, message: str, position: int | None) -> Finding:
    """A fault of grammar: it begins at a place and reaches to the end of the word there."""
    if position is None:
        return Finding("error", message, 0, len(text))
    word = _TOKEN.match(text, position)
    return Finding("error", message, position, word.end() if word else position)


# ------------------------------------------------------------------------ what the places ask for


def _expression(text: str, around: _Surroundings) -> Check:
    kind, findings = around.judge(text, expressions.formula(text))
    return Check(tuple(findings), in_words(kind))


def _condition(text: str, around: _Surroundings) -> Check:
    kind, findings = around.judge(text, expressions.formula(text))
    if not findings and kind.name not in ("boolean", *_UNDECIDED):
        said = _("A condition has to give yes or no, but this gives %(what)s.", what=in_words(kind))
        findings.append(_whole(text, said))
    return Check(tuple(findings), in_words(kind))


def _timer(text: str, around: _Surroundings) -> Check:
    if due_times.is_literal(expressions.unmarked(text)[0]):
        return Check(result=_("a moment or a term"))
    kind, findings = around.judge(text, expressions.formula(text))
    if not findings and kind.name not in (*_MOMENTS, *_UNDECIDED):
        said = _("Here a date or a length of time is needed, but this gives %(what)s.", what=in_words(kind))
        findings.append(_whole(text, said))
    return Check(tuple(findings), in_words(kind))


def _value(text: str, around: _Surroundings) -> Check:
    return _expression(text, around) if expressions.unmarked(text)[1] else _template(text, around)


def _template(text: str, around: _Surroundings) -> Check:
    findings: list[Finding] = []
    for start, end in expressions.braces(text):
        findings += around.judge(text, expressions.formula_at(text, start, end), start)[1]
    return Check(tuple(findings), in_words(Type("string")))


def _script(text: str, around: _Surroundings) -> Check:
    findings: list[Finding] = []
    try:
        lines = expressions.lines_of(text)
    except NotAnExpression as error:
        said = _("Each line gives a value a name, such as “total := price * 2”.")
        return Check((_error(text, said, error.position),))
    for name, start, end in lines:
        kind, found = around.judge(text, expressions.formula_at(text, start, end), start)
        findings += found
        around = around.added(name, kind)
    return Check(tuple(findings))


def _tests(text: str, around: _Surroundings) -> Check:
    try:
        return Check(tuple(around.tests(text)))
    except FeelError as error:
        raise NotAnExpression(error.message, error.position) from error


def _whole(text: str, words: str) -> Finding:
    return Finding("warning", words, len(text) - len(text.lstrip()), len(text.rstrip()))


_READERS: dict[Kind, Callable[[str, _Surroundings], Check]] = {
    "expression": _expression,
    "condition": _condition,
    "tests": _tests,
    "value": _value,
    "template": _template,
    "script": _script,
    "timer": _timer,
}
