"""Lanes of traffic within a channel or corridor: arrows that run side by side get lines of their own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise

from bpm.designer.layout.routes import At, Group, Way


@dataclass
class _Traffic:
    """What runs along one channel: the stretch of each group, and the sides from which they come."""

    stretches: dict[Group, tuple[int, int]] = field(default_factory=dict)
    low: dict[tuple[int, Group], set[Group]] = field(default_factory=dict)
    high: dict[tuple[int, Group], set[Group]] = field(default_factory=dict)

    def run(self, group: Group, begin: int, end: int) -> None:
        low, high = self.stretches.get(group, (begin, begin))
        self.stretches[group] = (min(low, begin, end), max(high, begin, end))

    def lines(self) -> dict[Group, int]:
        """Return the line of each group; who comes from the low side gets a lower one, where possible."""
        after: dict[Group, set[Group]] = {group: set() for group in self.stretches}
        for key, groups in self.low.items():
            for group in groups:
                after[group] |= self.high.get(key, set()) - {group}
        waits = {group: sum(group in behind for behind in after.values()) for group in after}
        line: dict[Group, int] = {}
        least = dict.fromkeys(after, 0)
        used: list[list[tuple[int, int]]] = []
        while waits:
            group = min(waits, key=lambda one: (waits[one], self.stretches[one], one))
            del waits[group]
            number = least[group]
            while number < len(used) and _overlaps(self.stretches[group], used[number]):
                number += 1
            used += [[] for _ in range(number + 1 - len(used))]
            used[number].append(self.stretches[group])
            line[group] = number
            for behind in after[group] & waits.keys():
                waits[behind] -= 1
                least[behind] = max(least[behind], number)
        return line


def _overlaps(stretch: tuple[int, int], others: Iterable[tuple[int, int]]) -> bool:
    return any(low <= stretch[1] and stretch[0] <= high for low, high in others)


class Tracks:
    """The lines of all channels (``across`` False) or all corridors (``across`` True) of a scope."""

    def __init__(self, ways: Iterable[Way], *, across: bool) -> None:
        self._traffic: dict[int, _Traffic] = {}
        for way in ways:
            pairs = [(stop[1], stop[0]) if across else stop for stop in way.stops]
            for before, here in pairwise(pairs):
                self._note(before, here)
        self.lines = {number: one.lines() for number, one in self._traffic.items()}

    def count(self, number: int) -> int:
        """Return how many lines a channel has."""
        return 1 + max(self.lines.get(number, {}).values(), default=-1)

    def line(self, at: At) -> int:
        return self.lines[at.number][at.group]

    def _note(self, before: tuple[At, At], here: tuple[At, At]) -> None:
        """Take notice of one straight piece: along a channel, or out of its side."""
        if before[0] == here[0]:
            if before[0].sort == "between":
                self._of(before[0]).run(before[0].group, before[1].order, here[1].order)
            return
        for end, other in ((before, here), (here, before)):
            if end[0].sort == "between":
                traffic = self._of(end[0])
                traffic.run(end[0].group, end[1].order, end[1].order)
                sides = traffic.low if other[0].order < end[0].order else traffic.high
                sides.setdefault((end[1].order, end[1].group), set()).add(end[0].group)

    def _of(self, at: At) -> _Traffic:
        return self._traffic.setdefault(at.number, _Traffic())
