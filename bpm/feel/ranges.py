"""Ranges written as text, whose ends are literals (the function ``range``, DMN 1.5, 10.3.4.1)."""

from __future__ import annotations

from dataclasses import replace

from bpm.feel import tree
from bpm.feel.errors import FeelError
from bpm.feel.limits import Run
from bpm.feel.operators import compare
from bpm.feel.parser import Parser
from bpm.feel.values import Range


def parse_range(run: Run, text: str) -> Range | None:
    """Read ``[1..5)`` and the like; an end may be left out. None if it is no range of literals."""
    from bpm.feel.compiler import Compiler
    from bpm.feel.scope import Scope

    run.pay(10 + len(text))
    try:
        node = Parser(_with_ends(text)).whole()
    except FeelError:
        return None
    if not isinstance(node, tree.RangeNode) or not all(
        tree.is_constant(end) for end in (node.low, node.high)
    ):
        return None
    value = Compiler()(node)(Scope({}, None, run))
    if type(value) is not Range or (value.low is None and value.high is None):
        return None
    if (value.low is None and node.low_included) or (value.high is None and node.high_included):
        return None
    if value.low is not None and value.high is not None and (compare(run, value.low, value.high) or 0) > 0:
        return None
    if value.low is None:
        return replace(value, unary="<=" if value.high_included else "<")
    if value.high is None:
        return replace(value, unary=">=" if value.low_included else ">")
    return value


def _with_ends(text: str) -> str:
    """Write null for an end that is left out."""
    body = text.strip()
    head, dots, tail = body.partition("..")
    head = head + "null" if len(head.strip()) == 1 else head
    tail = "null" + tail.strip() if len(tail.strip()) == 1 else tail
    return head + dots + tail
