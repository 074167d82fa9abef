"""From cells to pixels: how wide columns and channels are, how high rows and corridors, what stands where."""

from __future__ import annotations

from bpm.designer.layout import sizes
from bpm.designer.layout.model import Box, Node, Picture, Point, Scope
from bpm.designer.layout.routes import At, Way
from bpm.designer.layout.rows import Grid
from bpm.designer.layout.tracks import Tracks

_EDGE = 20  # from the side of a channel to its first line
_CORRIDOR_EDGE = 16
_LABEL_GAP = 5


class Measures:
    """The pixels of one scope. ``columns`` and ``rows`` are the middles, ``corridors`` the upper edges."""

    def __init__(self, scope: Scope, grid: Grid, ways: list[Way], *, least_rows: bool) -> None:
        self.scope, self.grid, self.ways = scope, grid, ways
        self.channels = Tracks(ways, across=False)
        self.corridor_lines = Tracks(ways, across=True)
        self.least_rows = least_rows
        self._spots = {event.id: spot for node in scope.nodes.values() for event, spot in _spots(node)}
        self._hosts = {event.id: node.id for node in scope.nodes.values() for event in node.boundary}
        self._names = self._stack_names()
        self._measure_columns()
        self._measure_rows()

    # ------------------------------------------------------------------ across

    def _measure_columns(self) -> None:
        half = [20.0] * self.grid.columns
        for key, (column, _row) in self.grid.cells.items():
            half[column] = max(half[column], _half_width(self.scope.nodes[key]))
        room = [0.0] * (self.grid.columns + 1)
        for way in self.ways:
            if way.flow.name and way.label_at and not way.label_below:
                channel = way.label_at[0]
                room[channel] = max(room[channel], sizes.label(way.flow.name)[0] + 2 * _LABEL_GAP)
        x, self.columns, self._first_line, self._name_x = 0.0, [], [], []
        for channel in range(self.grid.columns + 1):
            lines = self.channels.count(channel)
            inner = 0 < channel < self.grid.columns
            used = _EDGE * 2 + sizes.TRACK * (lines - 1) if lines else 0
            width = max(
                sizes.COLUMN_GAP if inner else 0,
                used,
                (used or _EDGE) + room[channel] if room[channel] else 0,
            )
            spare = 0 if room[channel] else (width - sizes.TRACK * max(0, lines - 1)) / 2 - _EDGE
            self._first_line.append(x + _EDGE + (spare if lines else 0))
            self._name_x.append(x + _LABEL_GAP + (_EDGE + sizes.TRACK * (lines - 1) if lines else 0))
            x += width
            if channel < self.grid.columns:
                self.columns.append(x + half[channel])
                x += 2 * half[channel]
        self.width = x

    # ------------------------------------------------------------------ down

    def _measure_rows(self) -> None:
        above, below = [20.0] * self.grid.rows, [20.0] * self.grid.rows
        if self.least_rows:
            above, below = [40.0] * self.grid.rows, [40.0] * self.grid.rows
        for key, (_column, row) in self.grid.cells.items():
            node = self.scope.nodes[key]
            label = node.label[1] + _LABEL_GAP if node.label[1] else 0
            hanging = self._hanging(node)
            above[row] = max(above[row], node.height / 2 + (label if node.is_gateway else 0))
            below[row] = max(below[row], node.height / 2 + hanging + (0 if node.is_gateway else label))
        for (row, _channel), names in self._names.items():
            above[row] = max(above[row], sum(sizes.label(name)[1] + 4 for _key, name in names))
        for way in self.ways:
            if way.flow.name and way.label_below:
                row = self.grid.cells[self._hosts.get(way.flow.source, way.flow.source)][1]
                below[row] = max(below[row], 60 + sizes.label(way.flow.name)[1])
        y, self.rows, self.corridors, self.heights = 0.0, [], [], []
        for corridor in range(self.grid.rows + 1):
            lines = self.corridor_lines.count(corridor)
            inner = 0 < corridor < self.grid.rows
            least = sizes.ROW_GAP if inner or self.grid.lane_of_row else 0
            height = max(least, _CORRIDOR_EDGE * 2 + sizes.TRACK * (lines - 1) if lines else 0)
            self.corridors.append(y)
            self.heights.append(height)
            y += height
            if corridor < self.grid.rows:
                self.rows.append(y + above[corridor])
                y += above[corridor] + below[corridor]
        self.height = y

    def _hanging(self, node: Node) -> float:
        """Return how far events and their names hang below the lower edge of a shape."""
        return max((sizes.EVENT / 2 + event.label[1] + 6 for event in node.boundary), default=0)

    def _stack_names(self) -> dict[tuple[int, int], list[tuple[str, str]]]:
        """Gather the names of arrows that stand over each other, by row and channel."""
        found: dict[tuple[int, int], list[tuple[str, str]]] = {}
        for way in self.ways:
            if way.flow.name.strip() and way.label_at and not way.label_below:
                channel, row = way.label_at
                found.setdefault((row, channel), []).append((way.flow.id, way.flow.name))
        return found

    # ------------------------------------------------------------------ places

    def box(self, key: str) -> Box:
        """Return the rectangle of a shape or a boundary event."""
        host = self._hosts.get(key, key)
        node = self.scope.nodes[host]
        column, row = self.grid.cells[host]
        box = Box(
            self.columns[column] - node.width / 2, self.rows[row] - node.height / 2, node.width, node.height
        )
        if host == key:
            return box
        half = sizes.EVENT / 2
        return Box(box.x + self._spots[key] - half, box.bottom - half, sizes.EVENT, sizes.EVENT)

    def point(self, stop: tuple[At, At]) -> Point:
        return self._x(stop[0]), self._y(stop[1])

    def _x(self, at: At) -> float:
        if at.sort == "between":
            return self._first_line[at.number] + sizes.TRACK * self.channels.line(at)
        if at.sort == "middle":
            middle = self.box(at.shape).middle[0] if at.shape else self.columns[at.number]
            return middle + at.offset
        box = self.box(at.shape)
        return box.right if at.sort == "low" else box.x

    def _y(self, at: At) -> float:
        if at.sort == "between":
            lines = self.corridor_lines.count(at.number)
            spare = (self.heights[at.number] - sizes.TRACK * (lines - 1)) / 2
            return self.corridors[at.number] + spare + sizes.TRACK * self.corridor_lines.line(at)
        if at.sort == "middle":
            return self.rows[at.number]
        box = self.box(at.shape)
        return box.bottom if at.sort == "low" else box.y

    def draw(self, picture: Picture) -> None:
        """Put shapes, arrows and names into a picture."""
        for node in self.scope.nodes.values():
            picture.shapes[node.id] = self.box(node.id)
            self._name(picture, node)
            for number, event in enumerate(node.boundary):
                picture.shapes[event.id] = self.box(event.id)
                self._name_event(
                    picture, event, aside=len(node.boundary) == 2 and number == 1 and node.width < 240
                )
        for way in self.ways:
            points = [self.point(stop) for stop in way.stops]
            picture.edges[way.flow.id] = straightened(points)
            if way.flow.name.strip() and way.label_below:
                x, y = points[0]
                picture.labels[way.flow.id] = Box(x + 6, y + 4, *sizes.label(way.flow.name))
        for (row, channel), names in self._names.items():
            y = self.rows[row]
            for key, name in names:
                width, height = sizes.label(name)
                y -= height + 4
                picture.labels[key] = Box(self._name_x[channel], y, width, height)

    def _name(self, picture: Picture, node: Node) -> None:
        width, height = node.label
        if width:
            box = picture.shapes[node.id]
            y = box.y - height - _LABEL_GAP if node.is_gateway else box.bottom + _LABEL_GAP
            picture.labels[node.id] = Box(box.middle[0] - width / 2, y, width, height)

    def _name_event(self, picture: Picture, event: Node, *, aside: bool) -> None:
        width, height = event.label
        if width:
            box = picture.shapes[event.id]
            x = box.middle[0] + 6 if aside else box.middle[0] - 6 - width
            picture.labels[event.id] = Box(x, box.bottom + 2, width, height)


def straightened(points: list[Point]) -> list[Point]:
    """Return the points without those that lie on a straight line between their neighbours."""
    kept: list[Point] = []
    for point in points:
        if kept and kept[-1] == point:
            continue
        if len(kept) > 1 and (
            kept[-2][0] == kept[-1][0] == point[0] or kept[-2][1] == kept[-1][1] == point[1]
        ):
            kept.pop()
        kept.append(point)
    return kept


def widen(node: Node) -> None:
    """Make room at the lower edge of a step for more than two events."""
    if len(node.boundary) > 2:
        node.width = max(node.width, 100 * len(node.boundary))


def _spots(node: Node) -> list[tuple[Node, float]]:
    """Return how far from the left each event hangs; never in the middle, where other arrows leave."""
    events = node.boundary
    if len(events) == 1:
        return [(events[0], node.width - 25)]
    if len(events) == 2:
        return [(events[0], 25), (events[1], node.width - 25)]
    return [(event, (n + 0.75) * node.width / len(events)) for n, event in enumerate(events)]


def _half_width(node: Node) -> float:
    half = max(node.width, node.label[0]) / 2
    for number, (event, spot) in enumerate(_spots(node)):
        name = event.label[0] + 6 if event.label[0] else 0
        aside = len(node.boundary) == 2 and number == 1 and node.width < 240
        reach = spot + name - node.width / 2 if aside else node.width / 2 - (spot - name)
        half = max(half, reach)
    return half
