"""The dotted lines: between notes or data and what they belong to, and of messages out of their pool."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bpm.designer.layout.model import Flow, Scope
from bpm.designer.layout.routes import At, Group, Stop, Way
from bpm.designer.layout.rows import Grid


@dataclass(frozen=True)
class Exit:
    """The way of a message between a shape and the upper or lower (``down``) edge of its pool."""

    id: str
    shape: str
    down: bool
    offset: float = 0


def lines(scope: Scope, grid: Grid) -> list[Way]:
    """Return the ways of the associations of a scope."""
    hosts = {event.id: node.id for node in scope.nodes.values() for event in node.boundary}
    sources = {flow.id: flow.source for flow in scope.flows if flow.kind == "sequence"}
    found = []
    for flow in scope.flows:
        if flow.kind != "association":
            continue
        # what is tied to an arrow is drawn to where the arrow begins
        source, target = (sources.get(key, key) for key in (flow.source, flow.target))
        first, last = (grid.cells.get(hosts.get(key, key)) for key in (source, target))
        if first and last and first != last:
            begin, end = _End(source, *first, source in hosts), _End(target, *last, target in hosts)
            found.append(Way(flow, _stops(grid, begin, end, ("note", flow.id))))
    return found


@dataclass(frozen=True)
class _End:
    """One end of a dotted line; ``hangs``: it is an event at the lower edge of a step."""

    shape: str
    column: int
    row: int
    hangs: bool

    @property
    def middle(self) -> At:
        return At("middle", self.column, shape=self.shape if self.hangs else "")

    def leave(self, down: bool) -> tuple[Stop, int]:
        """Return the stop at the shape, and the corridor that is reached from there."""
        low = down or self.hangs
        stop = (self.middle, At("low" if low else "high", self.row, shape=self.shape))
        return stop, self.row + 1 if low else self.row


def _stops(grid: Grid, begin: _End, end: _End, group: Group) -> list[Stop]:
    between = range(min(begin.row, end.row) + 1, max(begin.row, end.row))
    free = all(grid.taken.get((begin.column, row), "~").startswith("~") for row in between)
    down = end.row > begin.row
    if begin.column == end.column and free and not begin.hangs and not end.hangs:
        return [begin.leave(down)[0], end.leave(not down)[0]]
    if begin.column == end.column and free and (begin.hangs if down else end.hangs):
        upper, lower = (begin, end) if down else (end, begin)
        corridor = At("between", upper.row + 1, group)
        way = [
            upper.leave(True)[0],
            (upper.middle, corridor),
            (lower.middle, corridor),
            lower.leave(False)[0],
        ]
        return way if down else way[::-1]
    (first, leaving), (last, entering) = begin.leave(down), end.leave(end.row < begin.row)
    channel = At("between", begin.column + 1 if end.column > begin.column else begin.column, group)
    out, into = At("between", leaving, group), At("between", entering, group)
    return [first, (begin.middle, out), (channel, out), (channel, into), (end.middle, into), last]


def exits(scope: Scope, grid: Grid, wanted: Sequence[Exit]) -> list[Way]:
    """Return the ways of messages from their shapes to the edge of the scope."""
    hosts = {event.id: node.id for node in scope.nodes.values() for event in node.boundary}
    found = []
    for one in wanted:
        key = hosts.get(one.shape, one.shape)
        if key in grid.cells:
            found.append(Way(Flow(one.id, key, "", kind="message"), _exit(grid, one, key)))
    return found


def _exit(grid: Grid, one: Exit, key: str) -> list[Stop]:
    column, row = grid.cells[key]
    group = ("exit", one.id)
    low = one.down or key != one.shape
    here = At("middle", column, shape=one.shape, offset=one.offset)
    begin = (here, At("low" if low else "high", row, shape=one.shape))
    outside = At("between", grid.rows if one.down else 0, group)
    beyond = range(row + 1, grid.rows) if one.down else range(row)
    if low == one.down and not any((column, between) in grid.taken for between in beyond):
        return [begin, (here, outside)]
    channel, corridor = At("between", column + 1, group), At("between", row + 1 if low else row, group)
    return [begin, (here, corridor), (channel, corridor), (channel, outside)]
