"""FEEL, the expression language of DMN 1.5 (chapter 10): text → tree → Python closures.

Usable alone: ``from bpm.feel import evaluate``. Knows nothing of processes; no expression can
reach a Python object, run without end or grow without limit.
"""

from __future__ import annotations

from bpm.feel.errors import FeelError
from bpm.feel.expression import Expression, UnaryTests, compile, evaluate, explain, parse, unary, variables
from bpm.feel.values import DaysDuration, Function, Range, YearsDuration

__all__ = [
    "DaysDuration",
    "Expression",
    "FeelError",
    "Function",
    "Range",
    "UnaryTests",
    "YearsDuration",
    "compile",
    "evaluate",
    "explain",
    "parse",
    "unary",
    "variables",
]
