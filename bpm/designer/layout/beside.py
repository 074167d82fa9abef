"""Places for what says something about a step: data, notes, groups. Each in a free cell near its step."""

from __future__ import annotations

from bpm.designer.layout.model import Scope
from bpm.designer.layout.rows import Grid


def place(scope: Scope, grid: Grid) -> None:
    """Give data, notes and groups the nearest free cells above or below what they belong to."""
    for node in scope.nodes.values():
        if node.beside:
            grid.add(node.id, _cell(_owner(scope, grid, node.id), grid))


def _owner(scope: Scope, grid: Grid, key: str) -> str | None:
    """Return the placed shape that a note is tied to, itself or by an arrow of it."""
    hosts = {event.id: node.id for node in scope.nodes.values() for event in node.boundary}
    sources = {flow.id: hosts.get(flow.source, flow.source) for flow in scope.flows}
    for flow in scope.flows:
        if flow.kind == "association" and key in (flow.source, flow.target):
            other = flow.target if flow.source == key else flow.source
            other = hosts.get(other, sources.get(other, other))
            if other in grid.cells:
                return other
    return None


def _cell(owner: str | None, grid: Grid) -> tuple[int, int]:
    if owner is None:
        return _at_the_end(grid)
    column, row = grid.cells[owner]
    lane = grid.lane_of_row[row] if grid.lane_of_row else None
    for away in range(1, 3):
        for beside in (row - away, row + away):
            inside = 0 <= beside < grid.rows and (lane is None or grid.lane_of_row[beside] == lane)
            if inside and _is_free(grid, column, row, beside):
                return column, beside
    _insert_row(grid, row, lane)
    return column, row


def _is_free(grid: Grid, column: int, row: int, wanted: int) -> bool:
    step = 1 if wanted > row else -1
    return all((column, between) not in grid.taken for between in range(row + step, wanted + step, step))


def _at_the_end(grid: Grid) -> tuple[int, int]:
    """Return a free cell in the first column of the last row, or of a new one."""
    if grid.rows and (0, grid.rows - 1) not in grid.taken:
        return 0, grid.rows - 1
    _insert_row(grid, grid.rows, grid.lane_of_row[-1] if grid.lane_of_row else None)
    return 0, grid.rows - 1


def _insert_row(grid: Grid, row: int, lane: str | None) -> None:
    def lower(cell: tuple[int, int]) -> tuple[int, int]:
        return (cell[0], cell[1] + 1) if cell[1] >= row else cell

    grid.cells = {key: lower(cell) for key, cell in grid.cells.items()}
    grid.taken = {lower(cell): key for cell, key in grid.taken.items()}
    grid.ways = {key: one + 1 if one >= row else one for key, one in grid.ways.items()}
    if lane is not None:
        grid.lane_of_row.insert(row, lane)
    grid.rows += 1
