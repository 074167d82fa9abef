"""What is to be drawn, and where it came to stand: shapes, arrows, scopes, lanes, pools."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from bpm.designer.layout import sizes

Point = tuple[float, float]


@dataclass(frozen=True)
class Box:
    """A rectangle in pixels; ``x`` and ``y`` are its upper left corner."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    @property
    def middle(self) -> Point:
        return self.x + self.width / 2, self.y + self.height / 2

    def moved(self, dx: float, dy: float) -> Box:
        return Box(self.x + dx, self.y + dy, self.width, self.height)


@dataclass
class Node:
    """A shape of the flow, or one that only says something about it (``beside``): data, notes, groups."""

    id: str
    tag: str
    name: str = ""
    beside: bool = False
    handles_events: bool = False
    inside: Scope | None = None
    # events at the lower edge, from left to right
    boundary: list[Node] = field(default_factory=list)
    width: float = 0
    height: float = 0

    @property
    def label(self) -> tuple[float, float]:
        """Width and height of the name beside the shape; nothing if it stands within."""
        outside = self.name and self.tag not in sizes.NAMED_WITHIN and sizes.is_labelled_outside(self.tag)
        return sizes.label(self.name) if outside else (0, 0)

    @property
    def is_gateway(self) -> bool:
        return self.tag.endswith("Gateway")

    @property
    def is_event(self) -> bool:
        return self.tag.endswith("Event")


@dataclass(frozen=True)
class Flow:
    """An arrow or a dotted line between two shapes (or from a note to an arrow)."""

    id: str
    source: str
    target: str
    name: str = ""
    kind: str = "sequence"  # sequence, association, message


@dataclass
class Lane:
    """A lane with the lanes in it, or with the shapes that stand in it."""

    id: str
    name: str
    lanes: list[Lane] = field(default_factory=list)
    members: set[str] = field(default_factory=set)

    def leaves(self) -> Iterator[Lane]:
        if not self.lanes:
            yield self
        for lane in self.lanes:
            yield from lane.leaves()

    @property
    def depth(self) -> int:
        return 1 + max((lane.depth for lane in self.lanes), default=0)


@dataclass
class Scope:
    """The content of a process or a sub-process."""

    id: str
    nodes: dict[str, Node] = field(default_factory=dict)
    flows: list[Flow] = field(default_factory=list)
    lanes: list[Lane] = field(default_factory=list)


@dataclass
class Pool:
    """A participant; ``scope`` is None where nobody looks inside."""

    id: str
    name: str
    scope: Scope | None


@dataclass
class Picture:
    """Where everything stands. ``expanded``: sub-processes that show their content."""

    shapes: dict[str, Box] = field(default_factory=dict)
    edges: dict[str, list[Point]] = field(default_factory=dict)
    labels: dict[str, Box] = field(default_factory=dict)
    expanded: set[str] = field(default_factory=set)
    width: float = 0
    height: float = 0

    def take(self, other: Picture, dx: float, dy: float) -> None:
        """Put another picture into this one, moved."""
        self.shapes.update((key, box.moved(dx, dy)) for key, box in other.shapes.items())
        self.labels.update((key, box.moved(dx, dy)) for key, box in other.labels.items())
        self.edges.update((key, [(x + dx, y + dy) for x, y in way]) for key, way in other.edges.items())
        self.expanded |= other.expanded
