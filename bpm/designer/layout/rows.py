"""Rows: the main way runs straight on top, every other branch in a row of its own below it.

Works on blocks: a step with all that only it leads to. The blocks of the branches are stacked, and
where branches meet again the row is that of the uppermost. Long arrows keep their cells free.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from bpm.designer.layout.model import Lane, Node, Scope
from bpm.designer.layout.ranks import Arrow, components, dominators, leading_back, ranks

Cell = tuple[int, int]  # column, row


@dataclass
class Grid:
    """Which cell everything has. ``ways`` are the rows in which long arrows run, ``back`` leads back."""

    cells: dict[str, Cell] = field(default_factory=dict)
    ways: dict[str, int] = field(default_factory=dict)
    # who keeps a cell: a shape, or an arrow by "~" and its id
    taken: dict[Cell, str] = field(default_factory=dict)
    back: set[str] = field(default_factory=set)
    arrows: list[Arrow] = field(default_factory=list)
    columns: int = 0
    rows: int = 0
    # the leaf lane of each row, from the top; empty without lanes
    lane_of_row: list[str] = field(default_factory=list)

    def add(self, key: str, cell: Cell) -> None:
        """Put a shape into a free cell."""
        self.cells[key] = cell
        self.taken[cell] = key
        self.columns = max(self.columns, cell[0] + 1)
        self.rows = max(self.rows, cell[1] + 1)


@dataclass
class _Block:
    """Rows of steps, counted from that of the first; the cells they keep."""

    rows: dict[str, int]
    cells: set[Cell]

    def join(self, other: _Block, lower: int) -> None:
        self.rows.update((key, row + lower) for key, row in other.rows.items())
        self.cells.update((column, row + lower) for column, row in other.cells)

    def has_room(self, other: _Block, lower: int) -> bool:
        return not any((column, row + lower) in self.cells for column, row in other.cells)


def grid(scope: Scope) -> Grid:
    """Give every shape of the flow its column and row; data and notes get theirs later."""
    arrows = arrows_of(scope)
    inner = [arrow for arrow in arrows if arrow.source != arrow.target]
    flow = [node for node in scope.nodes.values() if not node.beside]
    steps = [node.id for node in sorted(flow, key=_turn)]
    found = Grid(arrows=arrows, back={arrow.id for arrow in arrows if arrow.source == arrow.target})
    found.back |= leading_back(steps, inner)
    forward = [arrow for arrow in inner if arrow.id not in found.back]
    lower = 0
    spans: dict[str, range] = {}
    rows: dict[str, int] = {}
    for group in components(steps, inner):
        members = set(group)
        block = _component(group, [arrow for arrow in forward if arrow.source in members], spans)
        rows.update((key, row + lower) for key, row in block.rows.items())
        lower += max(row for _column, row in block.cells) + 1
    _settle(found, scope, spans, rows)
    return found


def arrows_of(scope: Scope) -> list[Arrow]:
    """Return the sequence flows between steps of a scope; those of boundary events begin at the host."""
    hosts = {event.id: node.id for node in scope.nodes.values() for event in node.boundary}
    found = []
    for flow in scope.flows:
        source = hosts.get(flow.source, flow.source)
        if flow.kind == "sequence" and source in scope.nodes and flow.target in scope.nodes:
            found.append(Arrow(flow.id, source, flow.target, flow.source if flow.source in hosts else ""))
    return found


def _turn(node: Node) -> int:
    return 2 if node.handles_events else 0 if node.tag == "startEvent" else 1


def _component(steps: Sequence[str], arrows: list[Arrow], spans: dict[str, range]) -> _Block:
    rank, order = ranks(steps, arrows)
    edges: list[Arrow] = []
    for arrow in arrows:
        far = rank[arrow.target] - rank[arrow.source] > 1
        way = f"~{arrow.id}"
        if far:
            spans[way] = range(rank[arrow.source] + 1, rank[arrow.target])
            edges += [Arrow(arrow.id, arrow.source, way, arrow.event), Arrow(arrow.id, way, arrow.target)]
        else:
            edges.append(arrow)
    for step in steps:
        spans[step] = range(rank[step], rank[step] + 1)
    return _Stack(order, edges, spans).block()


class _Stack:
    """Stacks the blocks of one component from the last step to the first."""

    def __init__(self, order: Sequence[str], edges: list[Arrow], spans: dict[str, range]) -> None:
        self.spans = spans
        self.into: dict[str, list[Arrow]] = {}
        self.out: dict[str, list[Arrow]] = {}
        for edge in edges:
            self.into.setdefault(edge.target, []).append(edge)
            self.out.setdefault(edge.source, []).append(edge)
        ways = [edge.target for edge in edges if edge.target.startswith("~")]
        position = {step: number for number, step in enumerate(order)}
        self.order = sorted([*order, *ways], key=lambda key: (spans[key].start, position.get(key, 0)))
        before = {key: [edge.source for edge in self.into.get(key, [])] for key in self.order}
        self.above = dominators(self.order, before)
        self.below: dict[str | None, list[str]] = {}
        for key in self.order:
            self.below.setdefault(self.above[key], []).append(key)
        self.furthest = self._furthest()

    def block(self) -> _Block:
        blocks: dict[str, _Block] = {}
        for key in reversed(self.order):
            own = {(column, 0) for column in self.spans[key]}
            blocks[key] = self._around(key, _Block({key: 0}, own), blocks)
        whole = _Block({}, set())
        for number, root in enumerate(self._sorted(None)):
            lowest = 0 if not number else max((whole.rows[one] for one in whole.rows), default=0)
            if self.into.get(root):
                lowest = self._uppermost(root, whole)
            self._put(whole, blocks[root], lowest)
        return whole

    def _around(self, key: str, block: _Block, blocks: dict[str, _Block]) -> _Block:
        lowest = 0
        for child in self._sorted(key):
            inner = blocks.pop(child)
            edges = self.into[child]
            if all(edge.source == key for edge in edges):
                start = max(lowest, 1 if all(edge.event for edge in edges) else 0)
                if start == 0 and len(inner.rows) > len(block.rows):
                    inner.join(block, 0)
                    block, lowest = inner, 1
                else:
                    lowest = self._put(block, inner, start) + 1
            else:
                self._put(block, inner, self._uppermost(child, block))
        return block

    def _uppermost(self, key: str, block: _Block) -> int:
        return min(block.rows[edge.source] for edge in self.into[key])

    @staticmethod
    def _put(block: _Block, inner: _Block, row: int) -> int:
        while not block.has_room(inner, row):
            row += 1
        block.join(inner, row)
        return row

    def _sorted(self, key: str | None) -> list[str]:
        """Branches first, the longest on top, those of boundary events last; then where they meet."""
        children = self.below.get(key, [])

        def alone(child: str) -> bool:
            return all(edge.source == key for edge in self.into.get(child, []))

        branches = [child for child in children if alone(child)]
        if key is None:
            return branches + [child for child in children if not alone(child)]
        turn = {edge.target: number for number, edge in reversed(list(enumerate(self.out.get(key, []))))}
        flow = sorted((b for b in branches if not self._is_event(b)), key=lambda child: turn[child])
        events = sorted((b for b in branches if self._is_event(b)), key=lambda child: -turn[child])
        if flow:
            # a way past everything is not the main one
            main = max(flow, key=lambda child: (child[0] != "~", self.furthest[child]))
            flow = [main, *(child for child in flow if child != main)]
        return flow + events + [child for child in children if not alone(child)]

    def _is_event(self, child: str) -> bool:
        return all(edge.event for edge in self.into[child])

    def _furthest(self) -> dict[str, int]:
        found: dict[str, int] = {}
        for key in reversed(self.order):
            ahead = [found[edge.target] for edge in self.out.get(key, []) if not edge.event]
            found[key] = max([self.spans[key].stop, *ahead])
        return found


def _settle(found: Grid, scope: Scope, spans: dict[str, range], rows: dict[str, int]) -> None:
    """Write the cells, each lane's rows below those of the lane before it."""
    lanes = [leaf for lane in scope.lanes for leaf in lane.leaves()]
    if lanes:
        rows = _by_lane(found, lanes, spans, rows)
    used = sorted({column for key in rows for column in spans[key]})
    column_of = {column: number for number, column in enumerate(used)}
    for key, row in rows.items():
        for column in spans[key]:
            found.taken[column_of[column], row] = key
        if key.startswith("~"):
            found.ways[key[1:]] = row
        else:
            found.cells[key] = (column_of[spans[key].start], row)
    found.columns = len(used)
    found.rows = max([*(row + 1 for row in rows.values()), len(found.lane_of_row)], default=0)


def _by_lane(found: Grid, lanes: list[Lane], spans: dict[str, range], rows: dict[str, int]) -> dict[str, int]:
    lane_of = {member: number for number, lane in enumerate(lanes) for member in lane.members}
    sources = {f"~{arrow.id}": arrow.source for arrow in found.arrows}
    lane = {key: lane_of.get(sources.get(key, key), 0) for key in rows}
    settled: dict[str, int] = {}
    first = 0
    for number, one in enumerate(lanes):
        members = sorted((key for key in rows if lane[key] == number), key=lambda key: rows[key])
        packed = _packed(members, rows, spans)
        settled.update((key, first + row) for key, row in packed.items())
        height = max(packed.values(), default=0) + 1
        found.lane_of_row += [one.id] * height
        first += height
    return settled


def _packed(members: Iterable[str], rows: dict[str, int], spans: dict[str, range]) -> dict[str, int]:
    """Put what stood in one row into one row again, as high as there is room."""
    groups: dict[int, list[str]] = {}
    for key in members:
        groups.setdefault(rows[key], []).append(key)
    packed: dict[str, int] = {}
    taken: list[set[int]] = []
    for keys in groups.values():
        columns = {column for key in keys for column in spans[key]}
        row = next((n for n, used in enumerate(taken) if not used & columns), len(taken))
        if row == len(taken):
            taken.append(set())
        taken[row] |= columns
        packed.update(dict.fromkeys(keys, row))
    return packed
