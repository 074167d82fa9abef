"""The ways of the arrows through the grid, before anything has a size.

Between the columns run channels, between the rows corridors: there is no shape in them. A way goes
along the middle of a row or a column only where the cells are free, else through channels and
corridors; so no way ever crosses a shape.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from bpm.designer.layout.model import Flow, Node, Scope
from bpm.designer.layout.ranks import Arrow
from bpm.designer.layout.rows import Grid

Group = tuple[str, str]


@dataclass(frozen=True)
class At:
    """A coordinate: in the middle of a column or row, in a channel or corridor, or at the edge of a shape.

    ``sort``: middle, between, low (right or lower edge), high (left or upper edge).
    """

    sort: str
    number: int
    group: Group = ("", "")
    # of an edge, or the shape whose middle is meant; offset: pixels beside the middle
    shape: str = ""
    offset: float = 0

    @property
    def order(self) -> int:
        """Where it lies, counted in halves of cells."""
        return 2 * self.number + (self.sort != "between")


Stop = tuple[At, At]


@dataclass
class Way:
    """One arrow: its stops, and in which channel and row its name stands."""

    flow: Flow
    stops: list[Stop]
    label_at: tuple[int, int] | None = None
    # the name stands right below the source, where the arrow leaves downwards
    label_below: bool = False


@dataclass
class Routes:
    """All ways of one scope. ``lower``: shapes whose lower edge an arrow uses."""

    grid: Grid
    scope: Scope
    ways: list[Way] = field(default_factory=list)
    lower: set[str] = field(default_factory=set)
    entered_below: set[str] = field(default_factory=set)
    # cells that an arrow crosses along the row
    crossed: set[tuple[int, int]] = field(default_factory=set)
    outgoing: dict[str, int] = field(default_factory=dict)
    incoming: dict[str, int] = field(default_factory=dict)

    def find(self) -> list[Way]:
        """Return the ways of all flows and associations."""
        flows = {flow.id: flow for flow in self.scope.flows}
        arrows = self.grid.arrows
        for arrow in arrows:
            self.outgoing[arrow.source] = self.outgoing.get(arrow.source, 0) + (not arrow.event)
            self.incoming[arrow.target] = self.incoming.get(arrow.target, 0) + 1
        for arrow in arrows:
            back = arrow.id in self.grid.back
            self.ways.append(
                self._back(arrow, flows[arrow.id]) if back else self._forward(arrow, flows[arrow.id])
            )
        return self.ways

    def node(self, key: str) -> Node:
        return self.scope.nodes[key]

    def _forward(self, arrow: Arrow, flow: Flow) -> Way:
        (column, row), (end, last) = self.grid.cells[arrow.source], self.grid.cells[arrow.target]
        if end <= column:
            return self._back(arrow, flow)
        middle = self.grid.ways.get(arrow.id)
        if middle is None:
            collects = self.incoming[arrow.target] > 1 and self.outgoing[arrow.source] <= 1
            middle = row if collects and not arrow.event and not flow.name else last
        begin = self._drop(arrow, middle)
        into = ("to", arrow.target)
        stops: list[Stop]
        if begin is not None:
            stops = [
                (begin, At("low", row, shape=arrow.event or arrow.source)),
                (begin, At("middle", middle)),
            ]
        else:
            stops = self._leave(arrow, column, row, middle)
        if middle == last:
            stops.append(self._left(arrow.target))
        elif self._rises(arrow.target, middle, column):
            stops += [
                (At("middle", end), At("middle", middle)),
                (At("middle", end), At("low", last, shape=arrow.target)),
            ]
        else:
            channel = At("between", end, into)
            stops += [
                (channel, At("middle", middle)),
                (channel, At("middle", last)),
                self._left(arrow.target),
            ]
        return Way(flow, stops, (column + 1, middle))

    def _leave(self, arrow: Arrow, column: int, row: int, middle: int) -> list[Stop]:
        """Leave to the right, or from a boundary event downwards, and reach the row of the way."""
        channel = At("between", column + 1, ("from", arrow.event or arrow.source))
        if arrow.event:
            here, corridor = (
                At("middle", column, shape=arrow.event),
                At("between", row + 1, ("from", arrow.event)),
            )
            down = [(here, At("low", row, shape=arrow.event)), (here, corridor)]
            return [*down, (channel, corridor), (channel, At("middle", middle))]
        stops = [self._right(arrow.source)]
        if middle != row:
            stops += [(channel, At("middle", row)), (channel, At("middle", middle))]
        return stops

    def _drop(self, arrow: Arrow, middle: int) -> At | None:
        """Return where an arrow goes straight down to its row, if it may: from gateways and events."""
        column, row = self.grid.cells[arrow.source]
        if middle <= row or not (arrow.event or self.node(arrow.source).is_gateway):
            return None
        if arrow.source in self.entered_below or (column, middle) in self.crossed:
            return None
        if not all(
            self._is_passable((column, between), between == middle) for between in range(row + 1, middle + 1)
        ):
            return None
        self.crossed.add((column, middle))
        self.lower.add(arrow.event or arrow.source)
        return At("middle", column, shape=arrow.event)

    def _is_passable(self, cell: tuple[int, int], last: bool) -> bool:
        held = self.grid.taken.get(cell)
        return held is None or (held.startswith("~") and not last)

    def _rises(self, target: str, middle: int, column: int) -> bool:
        """Tell whether an arrow may enter a gateway from below."""
        end, last = self.grid.cells[target]
        fits = middle > last and self.node(target).is_gateway and target not in self.lower
        cells = [(end, between) for between in range(last + 1, middle + 1)]
        if not fits or cells[-1] in self.crossed:
            return False
        if not all(self._is_passable(cell, cell[1] == middle) for cell in cells):
            return False
        self.crossed.add(cells[-1])
        self.entered_below.add(target)
        return True

    def _back(self, arrow: Arrow, flow: Flow) -> Way:
        """Lead back below the row of the source, and into the target from the left."""
        (column, row), (end, last) = self.grid.cells[arrow.source], self.grid.cells[arrow.target]
        source = self.node(arrow.source)
        corridor, channel = (
            At("between", row + 1, ("to", arrow.target)),
            At("between", end, ("to", arrow.target)),
        )
        below = bool(arrow.event) or not (
            source.is_event or source.boundary or arrow.source in self.entered_below
        )
        if below:
            here = At("middle", column, shape=arrow.event)
            self.lower.add(arrow.event or arrow.source)
            stops = [(here, At("low", row, shape=arrow.event or arrow.source)), (here, corridor)]
        else:
            aside = At("between", column + 1, ("from", arrow.source))
            stops = [self._right(arrow.source), (aside, At("middle", row)), (aside, corridor)]
        stops += [(channel, corridor), (channel, At("middle", last)), self._left(arrow.target)]
        return Way(flow, stops, (column + 1, row), label_below=below)

    def _right(self, key: str) -> Stop:
        column, row = self.grid.cells[key]
        return At("low", column, shape=key), At("middle", row)

    def _left(self, key: str) -> Stop:
        column, row = self.grid.cells[key]
        return At("high", column, shape=key), At("middle", row)
