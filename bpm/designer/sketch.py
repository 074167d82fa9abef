"""A small picture of a diagram, drawn on the server: for previews, where no editor is open.

Draws the places that the file has, else those of the layout. Takes its colours from the page around
it (``currentColor``); it is no replacement for the picture that the editor makes.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from lxml import etree

from bpm.designer.diagram import DI
from bpm.designer.layout import positions
from bpm.engine.diagram.xml import Node, flag, parse, reference, tag_of

_SVG = "http://www.w3.org/2000/svg"
_DC = "{http://www.omg.org/spec/DD/20100524/DC}Bounds"
_DD = "{http://www.omg.org/spec/DD/20100524/DI}waypoint"
_MARKS = {"exclusiveGateway": "×", "parallelGateway": "+", "inclusiveGateway": "○", "eventBasedGateway": "⬠"}
_EVENTS = {"timerEventDefinition": "◷", "messageEventDefinition": "✉", "signalEventDefinition": "△"}
_LINE, _LETTER = 13, 6.0


def sketch(xml: bytes | str, names: dict[str, str] | None = None, title: str = "") -> str:
    """Return the picture as an ``svg`` element.

    Args:
        names: of steps, where others than those in the file are wanted (another language).
        title: what a screen reader says.
    """
    root = parse(xml.encode("utf-8") if isinstance(xml, str) else xml)
    places = drawn_places(root) or positions(xml)
    return _Sketch(root, places, names or {}).svg(title)


def drawn_places(root: Node) -> dict[str, Any] | None:
    """Return the places of the first drawing in a file; None if it has no shapes."""
    drawing = root.find(f"{{{DI}}}BPMNDiagram")
    shapes: dict[str, Any] = {}
    edges: dict[str, Any] = {}
    labels: dict[str, Any] = {}
    expanded: list[str] = []
    for one in drawing.iter(f"{{{DI}}}BPMNShape", f"{{{DI}}}BPMNEdge") if drawing is not None else ():
        key, bounds = reference(one.get("bpmnElement")), one.find(_DC)
        if bounds is not None:
            shapes[key] = _box(bounds)
            if flag(one, "isExpanded"):
                expanded.append(key)
        else:
            edges[key] = [[float(p.get("x", 0)), float(p.get("y", 0))] for p in one.findall(_DD)]
            labels.update((key, _box(label)) for label in one.iter(_DC))
    places = {"shapes": shapes, "edges": edges, "labels": labels, "expanded": expanded}
    return places if shapes else None


def _box(bounds: Node) -> dict[str, float]:
    return {name: float(bounds.get(name, 0)) for name in ("x", "y", "width", "height")}


class _Sketch:
    def __init__(self, root: Node, places: dict[str, Any], names: dict[str, str]) -> None:
        self.places, self.names = places, names
        self.elements = {one.get("id", ""): one for one in root.iter(etree.Element) if one.get("id")}
        self.picture = etree.Element(f"{{{_SVG}}}svg", nsmap={None: _SVG})

    def svg(self, title: str) -> str:
        boxes = list(self.places["shapes"].values())
        left, top = min(b["x"] for b in boxes) - 20, min(b["y"] for b in boxes) - 40
        right = max(b["x"] + b["width"] for b in boxes) + 60
        bottom = max(b["y"] + b["height"] for b in boxes) + 50
        self.picture.set("viewBox", f"{left:g} {top:g} {right - left:g} {bottom - top:g}")
        self.picture.set("role", "img")
        self.picture.set("class", "sketch")
        self._add("title", title)
        # what holds others comes first
        order = sorted(self.places["shapes"], key=lambda key: -self._area(key))
        for key in order:
            self._shape(key, self.places["shapes"][key])
        for key, way in self.places["edges"].items():
            self._edge(way)
            self._arrow_name(key)
        return etree.tostring(self.picture, encoding="unicode")

    def _area(self, key: str) -> float:
        box = self.places["shapes"][key]
        return float(box["width"] * box["height"])

    def _shape(self, key: str, box: dict[str, float]) -> None:
        element = self.elements.get(key)
        tag = tag_of(element) if element is not None else ""
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        name = self.names.get(key, element.get("name", "") if element is not None else "")
        if tag.endswith("Event"):
            self._event(element, tag, x, y, name, box)
        elif tag.endswith("Gateway"):
            half = box["width"] / 2
            self._add("path", d=f"M{x - half} {y}L{x} {y - half}L{x + half} {y}L{x} {y + half}Z", **_PAPER)
            self._text([_MARKS.get(tag, "")], x, y + 8, 24)
            self._text(_lines(name, 16), x, box["y"] - 8 - _LINE * (len(_lines(name, 16)) - 1), 11)
        elif key in self.places["expanded"] or tag in ("participant", "lane"):
            self._add(
                "rect", x=box["x"], y=box["y"], width=box["width"], height=box["height"], rx=8, **_PAPER
            )
            self._text([name], x, box["y"] + 18, 12)
        else:
            self._add(
                "rect", x=box["x"], y=box["y"], width=box["width"], height=box["height"], rx=8, **_PAPER
            )
            lines = _lines(name, int(box["width"] / _LETTER) - 1)[:5]
            self._text(lines, x, y + 4 - _LINE * (len(lines) - 1) / 2, 12)

    def _event(self, element: Any, tag: str, x: float, y: float, name: str, box: dict[str, float]) -> None:
        circle: dict[str, Any] = {"cx": x, "cy": y, "r": 17, **_PAPER}
        if tag == "endEvent":
            circle["stroke-width"] = 4
        self._add("circle", **circle)
        if tag.startswith(("intermediate", "boundary")):
            self._add("circle", **{**circle, "r": 13})
        self._text(
            [next((_EVENTS[tag_of(one)] for one in element if tag_of(one) in _EVENTS), "")], x, y + 6, 18
        )
        self._text(_lines(name, 16), x, box["y"] + box["height"] + 14, 11)

    def _edge(self, way: list[list[float]]) -> None:
        self._add(
            "polyline", points=" ".join(f"{x:g},{y:g}" for x, y in way), fill="none", stroke="currentColor"
        )
        ahead = [(a, b) for a, b in pairwise(way) if a != b]
        if ahead:
            (x, y), (end, last) = ahead[-1]
            dx, dy = (end > x) - (end < x), (last > y) - (last < y)
            back, side = (end - 9 * dx, last - 9 * dy), (4 * dy, 4 * dx)
            corners = [
                (end, last),
                (back[0] + side[0], back[1] + side[1]),
                (back[0] - side[0], back[1] - side[1]),
            ]
            head = " ".join(f"{x:g},{y:g}" for x, y in corners)
            self._add("polygon", points=head, fill="currentColor")

    def _arrow_name(self, key: str) -> None:
        box, element = self.places.get("labels", {}).get(key), self.elements.get(key)
        name = self.names.get(key, element.get("name", "") if element is not None else "")
        if box and name:
            self._text(_lines(name, 16), box["x"] + box["width"] / 2, box["y"] + 11, 11)

    def _text(self, lines: list[str], x: float, y: float, size: int) -> None:
        for number, line in enumerate(lines):
            if line:
                place = {"x": x, "y": y + _LINE * number, "font-size": size, "text-anchor": "middle"}
                self._add("text", line, fill="currentColor", **place)

    def _add(self, tag: str, text: str = "", **attributes: Any) -> None:
        one = etree.SubElement(self.picture, f"{{{_SVG}}}{tag}")
        for name, value in attributes.items():
            one.set(name, f"{value:g}" if isinstance(value, float) else str(value))
        one.text = text or None


# shapes show what is behind the picture, so that it fits dark pages too
_PAPER: dict[str, Any] = {"fill": "none", "stroke": "currentColor", "stroke-width": 1.5}


def _lines(text: str, letters: int) -> list[str]:
    lines: list[str] = []
    for word in text.split():
        if lines and len(lines[-1]) + len(word) < letters:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines
