"""Columns: how far to the right each step stands, and which arrows lead back.

A step stands one column after the furthest of those before it (longest path); arrows that close a
loop do not count.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Arrow:
    """A sequence flow between two steps; ``event`` is the boundary event that it begins at."""

    id: str
    source: str
    target: str
    event: str = ""


def leading_back(steps: Sequence[str], arrows: Iterable[Arrow]) -> set[str]:
    """Return the ids of the arrows that close a loop, seen from the steps that nothing leads to."""
    outgoing: dict[str, list[Arrow]] = {step: [] for step in steps}
    reached: set[str] = set()
    for arrow in arrows:
        outgoing[arrow.source].append(arrow)
        if arrow.source != arrow.target:
            reached.add(arrow.target)
    back: set[str] = set()
    done: set[str] = set()
    for root in [step for step in steps if step not in reached] + list(steps):
        if root in done:
            continue
        open_steps, stack = {root}, [(root, iter(outgoing[root]))]
        while stack:
            here, rest = stack[-1]
            following = next(rest, None)
            if following is None:
                stack.pop()
                open_steps.discard(here)
                done.add(here)
                continue
            if following.target in open_steps:
                back.add(following.id)
            elif following.target not in done:
                open_steps.add(following.target)
                stack.append((following.target, iter(outgoing[following.target])))
    return back


def ranks(steps: Sequence[str], arrows: Sequence[Arrow]) -> tuple[dict[str, int], list[str]]:
    """Return the column of each step, and the steps so that each comes after those before it.

    Args:
        arrows: without those that lead back.
    """
    before: dict[str, int] = dict.fromkeys(steps, 0)
    outgoing: dict[str, list[str]] = {step: [] for step in steps}
    for arrow in arrows:
        before[arrow.target] += 1
        outgoing[arrow.source].append(arrow.target)
    roots = [step for step in steps if not before[step]]
    rank, order, ready = dict.fromkeys(steps, 0), [], list(reversed(roots))
    while ready:
        step = ready.pop()
        order.append(step)
        for target in reversed(outgoing[step]):
            rank[target] = max(rank[target], rank[step] + 1)
            before[target] -= 1
            if not before[target]:
                ready.append(target)
    # a second beginning stands right before what it leads to
    for root in roots:
        if outgoing[root]:
            rank[root] = min(rank[target] for target in outgoing[root]) - 1
    return rank, order


def components(steps: Sequence[str], arrows: Iterable[Arrow]) -> list[list[str]]:
    """Return the steps in groups that hang together, in their order."""
    parent = {step: step for step in steps}

    def top(step: str) -> str:
        while parent[step] != step:
            parent[step] = parent[parent[step]]
            step = parent[step]
        return step

    for arrow in arrows:
        parent[top(arrow.target)] = top(arrow.source)
    groups: dict[str, list[str]] = {}
    for step in steps:
        groups.setdefault(top(step), []).append(step)
    return list(groups.values())


def dominators(order: Sequence[str], before: Mapping[str, Sequence[str]]) -> dict[str, str | None]:
    """Return for each step the nearest one that every way to it leads through; None if there is none.

    Args:
        order: each step after those before it.
        before: the steps that lead to it.
    """
    above: dict[str, str | None] = {}
    depth: dict[str | None, int] = {None: 0}
    for step in order:
        common: str | None = None
        for number, one in enumerate(before[step]):
            common = one if not number else _common(common, one, above, depth)
        above[step] = common
        depth[step] = depth[common] + 1
    return above


def _common(
    one: str | None, other: str | None, above: Mapping[str, str | None], depth: Mapping[str | None, int]
) -> str | None:
    while one != other:
        if depth[one] >= depth[other]:
            one = above[one] if one is not None else None
        else:
            other = above[other] if other is not None else None
    return one
