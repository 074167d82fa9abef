"""Looks at a diagram with its places: what overlaps, sticks out, or is crossed by an arrow."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, pairwise

from lxml import etree

from bpm.designer.layout import laid_out, positions
from bpm.designer.sketch import drawn_places
from bpm.engine.diagram.xml import children, parse, reference, tag_of

Place = dict[str, int]
_HOLDERS = ("participant", "lane", "subProcess", "transaction", "adHocSubProcess")


def faults(xml: bytes | str) -> list[str]:
    """Return what is wrong with the places that a diagram is given."""
    return Looking(xml).faults()


class Looking:
    """A diagram with the places that it is given; ``as_drawn``: with those that it has already."""

    def __init__(self, xml: bytes | str, *, as_drawn: bool = False) -> None:
        given = drawn_places(parse(xml.encode() if isinstance(xml, str) else xml)) if as_drawn else None
        self.places = {"labels": {}, **given} if given else positions(xml)
        self.shapes: dict[str, Place] = self.places["shapes"]
        self.root = parse(laid_out(xml).encode())
        self.elements = {one.get("id"): one for one in self.root.iter(etree.Element) if one.get("id")}
        self.tags = {key: tag_of(self.elements[key]) for key in self.shapes}

    def faults(self) -> list[str]:
        return [*self._overlaps(), *self._outside(), *self._ends(), *self._crossed(), *self._covered()]

    def overlaps(self) -> list[str]:
        return list(self._overlaps())

    def holder(self, key: str) -> str | None:
        """Return the sub-process or pool that a shape stands in."""
        node = self.elements[key].getparent()
        while node is not None:
            if node.get("id") in self.shapes:
                return str(node.get("id"))
            if tag_of(node) == "process":
                pools = [
                    one
                    for one in self.shapes
                    if reference(self.elements[one].get("processRef")) == node.get("id")
                ]
                return pools[0] if pools and node.get("id") else None
            node = node.getparent()
        return None

    def _siblings(self) -> Iterator[list[str]]:
        groups: dict[str | None, list[str]] = {}
        for key in self.shapes:
            if self.tags[key] not in ("lane", "boundaryEvent"):
                groups.setdefault(None if self.tags[key] == "participant" else self.holder(key), []).append(
                    key
                )
        yield from groups.values()

    def _overlaps(self) -> Iterator[str]:
        for group in self._siblings():
            for one, other in combinations(sorted(group, key=lambda key: self.shapes[key]["x"]), 2):
                if _meet(self.shapes[one], self.shapes[other]):
                    yield f"{one} overlaps {other}"

    def _outside(self) -> Iterator[str]:
        for key in self.shapes:
            holder = None if self.tags[key] in ("participant", "lane") else self.holder(key)
            if (
                holder
                and self.tags[key] != "boundaryEvent"
                and not _within(self.shapes[key], self.shapes[holder])
            ):
                yield f"{key} sticks out of {holder}"
            if self.tags[key] == "lane":
                for member in children(self.elements[key], "flowNodeRef"):
                    inner = self.shapes.get(reference((member.text or "").strip()))
                    if inner and not _within(inner, self.shapes[key]):
                        yield f"{member.text} sticks out of lane {key}"
            if self.tags[key] == "boundaryEvent":
                host, event = (
                    self.shapes[reference(self.elements[key].get("attachedToRef"))],
                    self.shapes[key],
                )
                if abs(event["y"] + 18 - host["y"] - host["height"]) > 1:
                    yield f"{key} does not hang at its host"

    def _ends(self) -> Iterator[str]:
        for key, way in self.places["edges"].items():
            for attribute, point in (("sourceRef", way[0]), ("targetRef", way[-1])):
                shape = self.shapes.get(reference(self.elements[key].get(attribute)))
                if shape is not None and not _on_border(shape, point):
                    yield f"{key} does not end on the border of {self.elements[key].get(attribute)}"

    def _crossed(self) -> Iterator[str]:
        for key, way in self.places["edges"].items():
            flow = self.elements[key]
            ends = {reference(flow.get("sourceRef")), reference(flow.get("targetRef"))}
            ends |= {
                reference(self.elements[one].get("attachedToRef")) for one in ends if one in self.elements
            }
            for shape, place in self.shapes.items():
                # an event at the edge of the source belongs to it
                mine = {shape, reference(self.elements[shape].get("attachedToRef"))} & ends and self.tags[
                    shape
                ] != "boundaryEvent"
                if self.tags[shape] in ("lane",) or mine or shape in ends or self._holds(shape, ends | {key}):
                    continue
                for (x, y), (end, last) in pairwise(way):
                    if x != end and y != last:
                        if tag_of(flow) == "sequenceFlow":
                            yield f"{key} is not orthogonal"
                        continue
                    if _meet(
                        place,
                        {"x": min(x, end), "y": min(y, last), "width": abs(end - x), "height": abs(last - y)},
                    ):
                        yield f"{key} crosses {shape}"

    def _holds(self, shape: str, inner: set[str]) -> bool:
        for key in inner:
            if key not in self.elements:
                continue
            holder: str | None = key
            while holder is not None:
                holder = self.holder(holder) if self.tags.get(holder) != "participant" else None
                if holder == shape:
                    return True
        return False

    def _covered(self) -> Iterator[str]:
        for key, place in self.places["labels"].items():
            for shape, other in self.shapes.items():
                if self.tags[shape] not in _HOLDERS and _meet(place, other):
                    yield f"the name of {key} is covered by {shape}"


def _meet(one: Place, other: Place) -> bool:
    return (
        one["x"] < other["x"] + other["width"]
        and other["x"] < one["x"] + one["width"]
        and one["y"] < other["y"] + other["height"]
        and other["y"] < one["y"] + one["height"]
    ) or _flat(one, other)


def _flat(one: Place, other: Place) -> bool:
    """A line has no height: it meets what it runs through, not what it touches."""
    if one["width"] and one["height"] and other["width"] and other["height"]:
        return False
    line, shape = (one, other) if not (one["width"] and one["height"]) else (other, one)
    return (
        line["x"] < shape["x"] + shape["width"]
        and shape["x"] < line["x"] + max(line["width"], 0.5)
        and line["y"] < shape["y"] + shape["height"]
        and shape["y"] < line["y"] + max(line["height"], 0.5)
        and (line["x"] > shape["x"] or line["width"] > 0)
        and (line["y"] > shape["y"] or line["height"] > 0)
    )


def _within(one: Place, other: Place) -> bool:
    return (
        one["x"] >= other["x"]
        and one["y"] >= other["y"]
        and one["x"] + one["width"] <= other["x"] + other["width"]
        and one["y"] + one["height"] <= other["y"] + other["height"]
    )


def _on_border(shape: Place, point: list[int]) -> bool:
    x, y = point[0] - shape["x"], point[1] - shape["y"]
    inside = -1 <= x <= shape["width"] + 1 and -1 <= y <= shape["height"] + 1
    return inside and (
        min(abs(x), abs(x - shape["width"])) <= 1 or min(abs(y), abs(y - shape["height"])) <= 1
    )
