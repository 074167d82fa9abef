"""From a BPMN file to its places, and back into it as diagram interchange (BPMN 2.0, clause 12)."""

from __future__ import annotations

import re
from typing import Any

from lxml import etree

from bpm.designer.layout.arrange import arranged
from bpm.designer.layout.model import Box, Picture, Scope
from bpm.designer.layout.pools import Pools
from bpm.designer.layout.reading import Reading
from bpm.engine.diagram.xml import BPMN, Node, parse

_DI = "http://www.omg.org/spec/BPMN/20100524/DI"
_DC = "http://www.omg.org/spec/DD/20100524/DC"
_DD = "http://www.omg.org/spec/DD/20100524/DI"
_MARGIN = 80
_OF_PLACES = ("id", "bpmnElement", "isExpanded", "isHorizontal", "isMarkerVisible")


def positions(xml: bytes | str) -> dict[str, Any]:
    """Return the places of everything in a diagram that has a shape, in pixels.

    Returns:
        ``shapes`` and ``labels``: ``{id: {x, y, width, height}}``; ``edges``: ``{id: [[x, y], …]}``;
        ``expanded``: the sub-processes that show their content.

    Raises:
        CannotRun: the text is no BPMN.
    """
    picture = _picture(Reading(parse(_bytes(xml))))
    return {
        "shapes": {key: _as_json(box) for key, box in picture.shapes.items()},
        "edges": {key: [[round(x), round(y)] for x, y in way] for key, way in picture.edges.items()},
        "labels": {key: _as_json(box) for key, box in picture.labels.items()},
        "expanded": sorted(picture.expanded),
    }


def laid_out(xml: bytes | str) -> str:
    """Return the file with new places for everything; nothing else in it changes.

    Colours and other attributes that tools keep at a shape stay.

    Raises:
        CannotRun: the text is no BPMN.
    """
    content = _bytes(xml)
    reading = Reading(parse(content))
    picture = _picture(reading)
    root = parse(content, with_comments=True)
    _write(root, reading.plane, picture)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8").decode("utf-8")


def _bytes(xml: bytes | str) -> bytes:
    if isinstance(xml, bytes):
        return xml
    return re.sub(r"^\ufeff?\s*<\?xml[^>]*\?>", "", xml).encode("utf-8")


def _picture(reading: Reading) -> Picture:
    """Draw pools, or processes without pools one below the other, then what belongs to none."""
    whole = Picture()
    parts = [Pools(reading.pools, reading.messages).draw()] if reading.pools else []
    lonely = [reading.extra] if reading.extra.nodes else []
    parts += [arranged(scope) for scope in [*_shown(reading), *lonely]]
    y = float(_MARGIN)
    for part in parts:
        whole.take(part, _MARGIN, y)
        y += part.height + 60
    return whole


def _shown(reading: Reading) -> list[Scope]:
    """A process that no pool shows has no place beside pools, unless it holds something."""
    return [scope for scope in reading.scopes if scope.nodes or not reading.pools]


def _as_json(box: Box) -> dict[str, int]:
    return {name: round(getattr(box, name)) for name in ("x", "y", "width", "height")}


def _write(root: Node, plane_id: str, picture: Picture) -> None:
    kept = {one.get("bpmnElement", ""): one for one in root.iter(f"{{{_DI}}}BPMNShape", f"{{{_DI}}}BPMNEdge")}
    old = root.findall(f"{{{_DI}}}BPMNDiagram")
    place = root.index(old[0]) if old else len(root)
    for one in old:
        root.remove(one)
    spaces = {"bpmndi": _DI, "dc": _DC, "di": _DD}
    drawing = etree.Element(
        f"{{{_DI}}}BPMNDiagram", nsmap={k: v for k, v in spaces.items() if v not in root.nsmap.values()}
    )
    drawing.set("id", old[0].get("id", "diagram") if old else _free_id(root, "diagram"))
    root.insert(place, drawing)
    plane = etree.SubElement(drawing, f"{{{_DI}}}BPMNPlane", id=_free_id(root, "plane"), bpmnElement=plane_id)
    tags = {one.get("id", ""): str(one.tag).rpartition("}")[2] for one in root.iter(f"{{{BPMN}}}*")}
    for key, box in picture.shapes.items():
        shape = etree.SubElement(plane, f"{{{_DI}}}BPMNShape", id=f"{key}_di", bpmnElement=key)
        _keep(shape, kept.get(key))
        if tags.get(key) in ("participant", "lane"):
            shape.set("isHorizontal", "true")
        if tags.get(key) == "exclusiveGateway":
            shape.set("isMarkerVisible", "true")
        if key in picture.expanded:
            shape.set("isExpanded", "true")
        _bounds(shape, box)
        _label(shape, picture, key)
    for key, way in picture.edges.items():
        edge = etree.SubElement(plane, f"{{{_DI}}}BPMNEdge", id=f"{key}_di", bpmnElement=key)
        _keep(edge, kept.get(key))
        for x, y in way:
            etree.SubElement(edge, f"{{{_DD}}}waypoint", x=str(round(x)), y=str(round(y)))
        _label(edge, picture, key)


def _keep(node: Node, old: Node | None) -> None:
    """Copy colours and the like from the old shape."""
    for name, value in old.attrib.items() if old is not None else ():
        if str(name).startswith("{"):
            node.set(name, value)


def _label(node: Node, picture: Picture, key: str) -> None:
    if key in picture.labels:
        _bounds(etree.SubElement(node, f"{{{_DI}}}BPMNLabel"), picture.labels[key])


def _bounds(node: Node, box: Box) -> None:
    places = {name: str(value) for name, value in _as_json(box).items()}
    etree.SubElement(node, f"{{{_DC}}}Bounds", places)


def _free_id(root: Node, wanted: str) -> str:
    taken = {one.get("id") for one in root.iter(etree.Element)}
    return (
        wanted
        if wanted not in taken
        else next(
            f"{wanted}_{number}" for number in range(2, len(taken) + 3) if f"{wanted}_{number}" not in taken
        )
    )
