"""The built-in functions of the language (DMN 1.5, 10.3.4), one module for each subject."""

from __future__ import annotations

from bpm.feel.functions import contexts, conversion, lists, numbers, ranges, statistics, strings, temporal
from bpm.feel.functions.registry import BUILTINS, find_builtin

__all__ = [
    "BUILTINS",
    "contexts",
    "conversion",
    "find_builtin",
    "lists",
    "numbers",
    "ranges",
    "statistics",
    "strings",
    "temporal",
]
