"""One process or sub-process with everything in it, and its lanes; sub-processes first."""

from __future__ import annotations

from collections.abc import Sequence

from bpm.designer.layout import beside, notes, sizes
from bpm.designer.layout.measures import Measures, widen
from bpm.designer.layout.model import Box, Lane, Picture, Scope
from bpm.designer.layout.notes import Exit
from bpm.designer.layout.routes import Routes
from bpm.designer.layout.rows import Grid, grid


def arranged(scope: Scope, *, within: bool = False, exits: Sequence[Exit] = ()) -> Picture:
    """Return the picture of a scope with its upper left corner at 0, 0.

    Args:
        within: leave a border around the content, as inside a sub-process or pool.
        exits: the ways that messages take to the upper or lower edge; they become edges of the picture.
    """
    inner: dict[str, Picture] = {}
    for node in scope.nodes.values():
        if node.inside is not None:
            inner[node.id] = arranged(node.inside, within=True)
            node.width = max(node.width, inner[node.id].width)
            node.height = max(node.height, inner[node.id].height)
        widen(node)
    cells = grid(scope)
    beside.place(scope, cells)
    ways = Routes(cells, scope).find() + notes.lines(scope, cells)
    ways += notes.exits(scope, cells, exits)
    measures = Measures(scope, cells, ways, least_rows=bool(scope.lanes))
    flat = Picture()
    measures.draw(flat)
    for key, picture in inner.items():
        box = flat.shapes[key]
        flat.take(picture, box.x, box.y)
        flat.expanded.add(key)
    return _bordered(flat, scope, cells, measures, within)


def _bordered(flat: Picture, scope: Scope, cells: Grid, measures: Measures, within: bool) -> Picture:
    picture = Picture()
    depth = max((lane.depth for lane in scope.lanes), default=0)
    left = sizes.PADDING * within + depth * sizes.HEAD
    top = 0 if scope.lanes else (sizes.PADDING + 10) * within
    picture.width = measures.width + left + sizes.PADDING * within
    picture.height = measures.height + top + (0 if scope.lanes else sizes.PADDING * within)
    picture.width = max(picture.width, 100 if within else 0)
    if scope.lanes:
        edges = _lane_edges(scope, cells, measures)
        for lane in scope.lanes:
            _draw_lane(picture, lane, edges, 0.0, picture.width)
    picture.take(flat, left, top)
    _straight_across(picture, scope)
    return picture


def _lane_edges(scope: Scope, cells: Grid, measures: Measures) -> dict[str, tuple[float, float]]:
    """Return the upper and lower edge of each leaf lane; they meet in the corridors."""
    edges: dict[str, tuple[float, float]] = {}
    top = 0.0
    leaves = [leaf for lane in scope.lanes for leaf in lane.leaves()]
    for leaf in leaves:
        last = max(row for row, one in enumerate(cells.lane_of_row) if one == leaf.id)
        corridor = last + 1
        bottom = measures.corridors[corridor] + min(measures.heights[corridor] / 2, 8)
        if leaf is leaves[-1]:
            bottom = measures.height
        edges[leaf.id] = (top, bottom)
        top = bottom
    return edges


def _draw_lane(
    picture: Picture, lane: Lane, edges: dict[str, tuple[float, float]], x: float, right: float
) -> None:
    leaves = list(lane.leaves())
    top, bottom = edges[leaves[0].id][0], edges[leaves[-1].id][1]
    picture.shapes[lane.id] = Box(x, top, right - x, bottom - top)
    for inner in lane.lanes:
        _draw_lane(picture, inner, edges, x + sizes.HEAD, right)


def _straight_across(picture: Picture, scope: Scope) -> None:
    """Draw arrows that leave their sub-process, which BPMN forbids, as straight lines, to be seen."""
    for flow in scope.flows:
        ends = [picture.shapes.get(key) for key in (flow.source, flow.target)]
        if flow.id not in picture.edges and flow.id and ends[0] and ends[1] and ends[0] != ends[1]:
            picture.edges[flow.id] = between(ends[0], ends[1])


def between(source: Box, target: Box) -> list[tuple[float, float]]:
    """Return a straight line from border to border."""
    (x, y), (end, last) = source.middle, target.middle
    if abs(end - x) >= abs(last - y):
        right = end > x
        return [(source.right if right else source.x, y), (target.x if right else target.right, last)]
    down = last > y
    return [(x, source.bottom if down else source.y), (end, target.y if down else target.bottom)]
