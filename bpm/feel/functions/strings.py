"""String functions (DMN 1.5, 10.3.4.3). Characters are Unicode code points.

Regular expressions are those of XPath and XQuery Functions and Operators 3.1.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from bpm.feel.functions.registry import builtin
from bpm.feel.limits import Run, check_list, check_string
from bpm.feel.pattern_parser import PatternFault
from bpm.feel.patterns import Pattern, compile_pattern
from bpm.feel.values import whole


@builtin("substring", "string: string, start position: number, length: number? -> string")
def substring(run: Run, string: str, start: Decimal, length: Decimal | None = None) -> str | None:
    """Part of a string from a position that counts from 1, or from the end if negative (10.3.4.3)."""
    first = whole(start)
    if first == 0 or abs(first) > len(string):
        return None
    index = first - 1 if first > 0 else len(string) + first
    if length is None:
        return string[index:]
    count = whole(length)
    return string[index : index + count] if count >= 1 else None


@builtin("string length", "string: string -> number")
def string_length(run: Run, string: str) -> Decimal:
    """Number of characters (10.3.4.3)."""
    return Decimal(len(string))


@builtin("upper case", "string: string -> string")
def upper_case(run: Run, string: str) -> str:
    """The string in capitals (10.3.4.3)."""
    return check_string(string.upper())


@builtin("lower case", "string: string -> string")
def lower_case(run: Run, string: str) -> str:
    """The string in small letters (10.3.4.3)."""
    return check_string(string.lower())


@builtin("substring before", "string: string, match: string -> string")
def substring_before(run: Run, string: str, match: str) -> str:
    """What stands before the first ``match``, or nothing (10.3.4.3)."""
    head, found, _tail = string.partition(match) if match else ("", "", "")
    return head if found else ""


@builtin("substring after", "string: string, match: string -> string")
def substring_after(run: Run, string: str, match: str) -> str:
    """What stands behind the first ``match``, or nothing (10.3.4.3)."""
    if not match:
        return string
    return string.partition(match)[2]


@builtin("contains", "string: string, match: string -> boolean")
def contains(run: Run, string: str, match: str) -> bool:
    """Whether ``match`` occurs in the string (10.3.4.3)."""
    return match in string


@builtin("starts with", "string: string, match: string -> boolean")
def starts_with(run: Run, string: str, match: str) -> bool:
    """Whether the string begins with ``match`` (10.3.4.3)."""
    return string.startswith(match)


@builtin("ends with", "string: string, match: string -> boolean")
def ends_with(run: Run, string: str, match: str) -> bool:
    """Whether the string ends with ``match`` (10.3.4.3)."""
    return string.endswith(match)


def _pattern(run: Run, pattern: str, flags: str | None) -> Pattern | None:
    run.pay(4 + len(pattern))  # reading it, whether it is remembered or not
    try:
        return compile_pattern(pattern, flags or "")
    except PatternFault as fault:
        run.warn(str(fault))
        return None


@builtin("matches", "input: string, pattern: string, flags: string?? -> boolean")
def matches(run: Run, string: str, pattern: str, flags: str | None = None) -> bool | None:
    """Whether a regular expression matches somewhere (10.3.4.3; XPath Functions 5.6.3)."""
    compiled = _pattern(run, pattern, flags)
    return None if compiled is None else compiled.find(run, string, 0) is not None


@builtin("replace", "input: string, pattern: string, replacement: string, flags: string?? -> string")
def replace(run: Run, string: str, pattern: str, replacement: str, flags: str | None = None) -> str | None:
    """Replace every match; ``$1`` stands for the first group (10.3.4.3; XPath Functions 5.6.4)."""
    compiled = _pattern(run, pattern, flags)
    if compiled is None:
        return None
    try:
        return check_string(compiled.replace(run, string, replacement))
    except PatternFault as fault:
        run.warn(str(fault))
        return None


@builtin("split", "string: string, delimiter: string -> list<string>")
def split(run: Run, string: str, delimiter: str) -> list[str] | None:
    """The parts between the matches of a regular expression (10.3.4.3; XPath Functions 5.6.5)."""
    compiled = _pattern(run, delimiter, None)
    if compiled is None:
        return None
    parts, position = [], 0
    try:
        for match in compiled.all(run, string):
            parts.append(string[position : match[0][0]])
            position = match[0][1]
    except PatternFault as fault:
        run.warn(str(fault))
        return None
    return check_list([*parts, string[position:]])


@builtin("string join", "list: list<string>, delimiter: string?? -> string")
def string_join(run: Run, strings: list[Any], delimiter: str | None = None) -> str | None:
    """Join strings, leaving out nulls (10.3.4.3)."""
    run.pay(len(strings))
    if any(item is not None and type(item) is not str for item in strings):
        return None
    return check_string((delimiter or "").join(item for item in strings if item is not None))
