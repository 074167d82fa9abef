"""Pools one below the other, and the messages between them, which run in the gaps."""

from __future__ import annotations

from bpm.designer.layout import sizes
from bpm.designer.layout.arrange import arranged, between
from bpm.designer.layout.measures import straightened
from bpm.designer.layout.model import Box, Flow, Picture, Point, Pool, Scope
from bpm.designer.layout.notes import Exit

_CLOSED = 60  # height of a pool that nobody looks into
_GAP_EDGE = 24


class Pools:
    """The picture of a collaboration, made of the pictures of its pools."""

    def __init__(self, pools: list[Pool], messages: list[Flow]) -> None:
        self.pools = pools
        self.owner: dict[str, int] = {pool.id: number for number, pool in enumerate(pools)}
        for number, pool in enumerate(pools):
            if pool.scope is not None:
                self.owner.update(dict.fromkeys(_reachable(pool.scope), number))
        self.messages = [one for one in messages if self._crosses(one)]
        self.straight = [one for one in messages if one not in self.messages]
        self.exits: dict[tuple[str, bool], tuple[list[Point], int]] = {}

    def draw(self) -> Picture:
        parts = [self._part(number) for number in range(len(self.pools))]
        width = max([600.0, *(part.width + sizes.HEAD for part in parts)])
        whole = Picture(width=width)
        y, self.tops, self.gaps = 0.0, [], []
        for number, part in enumerate(parts):
            self.gaps.append(y)
            y += self._gap(number)
            self.tops.append(y)
            height = part.height if self.pools[number].scope else _CLOSED
            self._stretch(part, number, width - sizes.HEAD)
            whole.shapes[self.pools[number].id] = Box(0, y, width, height)
            whole.take(part, sizes.HEAD, y)
            y += height
        self.gaps.append(y)
        whole.height = y + self._gap(len(parts))
        for one in self.messages:
            self._draw_message(whole, one)
        for one in self.straight:
            ends = [whole.shapes.get(key) for key in (one.source, one.target)]
            if ends[0] and ends[1] and one.id:
                whole.edges[one.id] = between(ends[0], ends[1])
        return whole

    def _crosses(self, one: Flow) -> bool:
        ends = [self.owner.get(key) for key in (one.source, one.target)]
        return bool(one.id) and None not in ends and ends[0] != ends[1]

    def _part(self, number: int) -> Picture:
        scope = self.pools[number].scope
        if scope is None:
            return Picture()
        wanted = self._exits_of(number)
        picture = arranged(scope, within=True, exits=wanted)
        for one in wanted:
            self.exits[one.id[1:], self._begins_at(one.id[1:], number)] = (picture.edges.pop(one.id), number)
        return picture

    def _begins_at(self, key: str, number: int) -> bool:
        return any(one.id == key and self.owner[one.source] == number for one in self.messages)

    def _exits_of(self, number: int) -> list[Exit]:
        ends: dict[str, list[tuple[str, bool]]] = {}
        for one in self.messages:
            for here, there in ((one.source, one.target), (one.target, one.source)):
                if self.owner[here] == number and here != self.pools[number].id:
                    ends.setdefault(here, []).append((f">{one.id}", self.owner[there] > number))
        return [
            Exit(key, shape, down, 10 * (place - (len(found) - 1) / 2))
            for shape, found in ends.items()
            for place, (key, down) in enumerate(found)
        ]

    def _stretch(self, part: Picture, number: int, width: float) -> None:
        """Draw the lanes as wide as the widest pool."""
        scope = self.pools[number].scope
        open_lanes = list(scope.lanes) if scope else []
        while open_lanes:
            lane = open_lanes.pop()
            open_lanes += lane.lanes
            box = part.shapes[lane.id]
            part.shapes[lane.id] = Box(box.x, box.y, width - box.x, box.height)

    # ------------------------------------------------------------------ gaps and messages

    def _crossing(self, one: Flow) -> tuple[int, int]:
        """Return the gaps in which a message runs: below or above its pool, and before the other one."""
        source, target = self.owner[one.source], self.owner[one.target]
        return (source + 1, target) if source < target else (source, target + 1)

    def _gap(self, number: int) -> float:
        here = [one for one in self.messages if number in self._crossing(one)]
        inner = 0 < number < len(self.pools)
        names = max((sizes.label(one.name)[1] for one in here), default=0)
        return _GAP_EDGE * 2 + sizes.TRACK * len(here) + names if here else 50.0 * inner

    def _draw_message(self, whole: Picture, one: Flow) -> None:
        begin, end = self._way(whole, one, True), self._way(whole, one, False)
        first, last = self._crossing(one)
        x, y = begin[-1]
        if first == last:
            line = self._line(one, first)
            if not self._is_inside(one.source):
                begin = [(end[-1][0], y)] if self._is_inside(one.target) else begin
            elif not self._is_inside(one.target):
                end = [(x, end[-1][1])]
            between_pools = [(begin[-1][0], line), (end[-1][0], line)]
        else:
            aside = whole.width + sizes.TRACK * (2 + self.messages.index(one))
            lines = self._line(one, first), self._line(one, last)
            between_pools = [(x, lines[0]), (aside, lines[0]), (aside, lines[1]), (end[-1][0], lines[1])]
        whole.edges[one.id] = straightened([*begin, *between_pools, *reversed(end)])
        if one.name.strip():
            x, y = begin[-1]
            down = between_pools[0][1] > self.gaps[first] + 1 and first == self.owner[one.source] + 1
            width, height = sizes.label(one.name)
            edge = self.gaps[first] + 4 if down else self.gaps[first] + self._gap(first) - height - 4
            whole.labels[one.id] = Box(x + 5, edge, width, height)

    def _line(self, one: Flow, gap: int) -> float:
        here = [other for other in self.messages if gap in self._crossing(other)]
        names = max(sizes.label(other.name)[1] for other in here)
        return self.gaps[gap] + _GAP_EDGE + names / 2 + sizes.TRACK * (here.index(one) + 0.5)

    def _is_inside(self, key: str) -> bool:
        return key not in {pool.id for pool in self.pools}

    def _way(self, whole: Picture, one: Flow, source: bool) -> list[Point]:
        """Return the way of one end to the edge of its pool."""
        found = self.exits.get((one.id, source))
        if found is not None:
            return [(x + sizes.HEAD, y + self.tops[found[1]]) for x, y in found[0]]
        here, there = (one.source, one.target) if source else (one.target, one.source)
        number = self.owner[here]
        pool = whole.shapes[self.pools[number].id]
        spread = pool.x + 60 + (40 * self.messages.index(one)) % max(1, pool.width - 120)
        down = self.owner[there] > number
        return [(spread, pool.bottom if down else pool.y)]


def _reachable(scope: Scope) -> set[str]:
    """Return the shapes that messages can begin or end at: those that stand in the pool itself."""
    return set(scope.nodes) | {event.id for node in scope.nodes.values() for event in node.boundary}
