"""String functions (DMN 1.5, 10.3.4.3). Characters are Unicode code points."""

from __future__ import annotations

from decimal import ROUND_DOWN, Decimal
from typing import Any

from bpm.feel.functions.registry import builtin
from bpm.feel.limits import Run, check_list, check_string
from bpm.feel.pattern_parser import PatternFault
from bpm.feel.patterns import Pattern, compile_pattern


@builtin("substring", "string: string, start position: number, length: number?")
def substring(run: Run, string: str, start: Decimal, length: Decimal | None = None) -> str | None:
    """Part of a string from a position that counts from 1, or from the end if negative (table 75)."""
    first = int(start.to_integral_value(ROUND_DOWN))
    if first == 0 or abs(first) > len(string):
        return None
    index = first - 1 if first > 0 else len(string) + first
    if length is None:
        return string[index:]
    count = int(length.to_integral_value(ROUND_DOWN))
    return string[index : index + count] if count >= 1 else None


@builtin("string length", "string: string")
def string_length(run: Run, string: str) -> Decimal:
    """Number of characters (table 75)."""
    return Decimal(len(string))


@builtin("upper case", "string: string")
def upper_case(run: Run, string: str) -> str:
    """The string in capitals (table 75)."""
    return check_string(string.upper())


@builtin("lower case", "string: string")
def lower_case(run: Run, string: str) -> str:
    """The string in small letters (table 75)."""
    return check_string(string.lower())


@builtin("substring before", "string: string, match: string")
def substring_before(run: Run, string: str, match: str) -> str:
    """What stands before the first ``match``, or nothing (table 75)."""
    head, found, _tail = string.partition(match) if match else ("", "", "")
    return head if found else ""


@builtin("substring after", "string: string, match: string")
def substring_after(run: Run, string: str, match: str) -> str:
    """What stands behind the first ``match``, or nothing (table 75)."""
    if not match:
        return string
    return string.partition(match)[2]


@builtin("contains", "string: string, match: string")
def contains(run: Run, string: str, match: str) -> bool:
    """Whether ``match`` occurs in the string (table 75)."""
    return match in string


@builtin("starts with", "string: string, match: string")
def starts_with(run: Run, string: str, match: str) -> bool:
    """Whether the string begins with ``match`` (table 75)."""
    return string.startswith(match)


@builtin("ends with", "string: string, match: string")
def ends_with(run: Run, string: str, match: str) -> bool:
    """Whether the string ends with ``match`` (table 75)."""
    return string.endswith(match)


def _pattern(run: Run, pattern: str, flags: str | None) -> Pattern | None:
    try:
        return compile_pattern(pattern, flags or "")
    except PatternFault as fault:
        run.warn(str(fault))
        return None


@builtin("matches", "input: string, pattern: string, flags: string??")
def matches(run: Run, string: str, pattern: str, flags: str | None = None) -> bool | None:
    """Whether a regular expression of XPath (Functions and Operators 3.1, 5.6.3) matches somewhere."""
    compiled = _pattern(run, pattern, flags)
    return None if compiled is None else compiled.find(run, string, 0) is not None


@builtin("replace", "input: string, pattern: string, replacement: string, flags: string??")
def replace(run: Run, string: str, pattern: str, replacement: str, flags: str | None = None) -> str | None:
    """Replace every match; ``$1`` stands for the first group (Functions and Operators 3.1, 5.6.4)."""
    compiled = _pattern(run, pattern, flags)
    if compiled is None:
        return None
    try:
        return check_string(compiled.replace(run, string, replacement))
    except PatternFault as fault:
        run.warn(str(fault))
        return None


@builtin("split", "string: string, delimiter: string")
def split(run: Run, string: str, delimiter: str) -> list[str] | None:
    """The parts between the matches of a regular expression (Functions and Operators 3.1, 5.6.5)."""
    compiled = _pattern(run, delimiter, None)
    if compiled is None:
        return None
    parts, position = [], 0
    for match in compiled.all(run, string):
        parts.append(string[position : match[0][0]])
        position = match[0][1]
    return check_list([*parts, string[position:]])


@builtin("string join", "list: list, delimiter: string??")
def string_join(run: Run, strings: list[Any], delimiter: str | None = None) -> str | None:
    """Join strings, leaving out nulls (table 75)."""
    run.pay(len(strings))
    if any(item is not None and type(item) is not str for item in strings):
        return None
    return check_string((delimiter or "").join(item for item in strings if item is not None))
