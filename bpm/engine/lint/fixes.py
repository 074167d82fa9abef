"""Mending a diagram by the edit that a problem offers, as data: the server's side of the button “Fix”."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Any

from lxml import etree

from bpm.engine.diagram.xml import XSI, Node, bpmn, children, ensure_root, first, reference, tag_of
from bpm.engine.problems import CannotRun, Problem

Fix = Mapping[str, Any]
_FLOW_TAGS = ("sequenceFlow", "messageFlow")
_LOOPS = ("multiInstanceLoopCharacteristics", "standardLoopCharacteristics")


def apply_fix(diagram: bytes | str, fix: Fix) -> bytes:
    """Return the diagram with one fault mended.

    Args:
        fix: the field ``fix`` of a problem of this diagram.

    Raises:
        CannotRun: the file is no diagram, or the element that the fix names is not in it (any more).
    """
    root = deepcopy(ensure_root(diagram))
    action = _ACTIONS.get(str(fix.get("action")))
    node = _by_id(root, str(fix.get("element")))
    if action is None or node is None:
        raise CannotRun(
            [Problem(None, "no_fix", "The diagram has changed: this fault is not there any more.")]
        )
    action(root, node, fix)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _by_id(root: Node, key: str) -> Node | None:
    return next((node for node in root.iter(etree.Element) if tag_of(node) and node.get("id") == key), None)


def _remove_element(root: Node, node: Node, _fix: Fix) -> None:
    """Take an element out, with the flows at it and what stands in the drawing and in lists for it."""
    gone = {one.get("id") for one in node.iter(etree.Element) if tag_of(one) and one.get("id")}
    for one in [*root.iter(*(bpmn(tag) for tag in _FLOW_TAGS)), *root.iter(bpmn("association"))]:
        if reference(one.get("sourceRef")) in gone or reference(one.get("targetRef")) in gone:
            gone.add(one.get("id"))
            _drop(one)
    for one in list(root.iter(bpmn("boundaryEvent"))):
        if reference(one.get("attachedToRef")) in gone and one is not node:
            _remove_element(root, one, _fix)
    _drop(node)
    for one in list(root.iter(bpmn("incoming"), bpmn("outgoing"), bpmn("flowNodeRef"))):
        if reference(one.text) in gone:
            _drop(one)
    for one in list(root.iter("{*}BPMNShape", "{*}BPMNEdge")):
        if reference(one.get("bpmnElement")) in gone:
            _drop(one)


def _drop(node: Node) -> None:
    parent = node.getparent()
    if parent is not None:
        parent.remove(node)


def _set_attribute(_root: Node, node: Node, fix: Fix) -> None:
    node.set(str(fix["name"]), str(fix["value"]))


def _remove_attribute(_root: Node, node: Node, fix: Fix) -> None:
    node.attrib.pop(str(fix["name"]), None)


def _remove_loop_attribute(_root: Node, node: Node, fix: Fix) -> None:
    for loop in children(node, *_LOOPS):
        loop.attrib.pop(str(fix["name"]), None)


def _remove_condition(_root: Node, node: Node, _fix: Fix) -> None:
    for one in list(children(node, "conditionExpression")):
        node.remove(one)


def _set_default_flow(_root: Node, node: Node, fix: Fix) -> None:
    node.set("default", str(fix["flow"]))


def _change_gateway(_root: Node, node: Node, fix: Fix) -> None:
    node.tag = bpmn(str(fix["to"]))
    if fix["to"] == "parallelGateway":
        node.attrib.pop("default", None)


def _set_text(_root: Node, node: Node, fix: Fix) -> None:
    for one in node.iter(bpmn(str(fix["child"]))):
        one.text = str(fix["value"])
        return


def _make_formal(_root: Node, node: Node, fix: Fix) -> None:
    prefix = next((name for name, space in node.nsmap.items() if space == bpmn("")[1:-1]), None)
    kind = f"{prefix}:tFormalExpression" if prefix else "tFormalExpression"
    for one in node.iter(bpmn(str(fix["child"]))):
        if one.get(f"{{{XSI}}}type") is None:
            one.set(f"{{{XSI}}}type", kind)
            return


def _bypass(root: Node, node: Node, fix: Fix) -> None:
    """Take a gateway with one flow in and one out away and connect what stands around it."""
    key = node.get("id")
    into = [one for one in root.iter(bpmn("sequenceFlow")) if reference(one.get("targetRef")) == key]
    out = [one for one in root.iter(bpmn("sequenceFlow")) if reference(one.get("sourceRef")) == key]
    if len(into) == 1 and len(out) == 1:
        target = _by_id(root, reference(out[0].get("targetRef")))
        into[0].set("targetRef", out[0].get("targetRef", ""))
        if target is not None:
            for listed in children(target, "incoming"):
                if reference(listed.text) == out[0].get("id"):
                    listed.text = into[0].get("id")
        for edge in root.iter("{*}BPMNEdge"):
            if reference(edge.get("bpmnElement")) == into[0].get("id"):
                _join_edges(root, edge, out[0].get("id", ""))
    _remove_element(root, node, fix)


def _join_edges(root: Node, edge: Node, after: str) -> None:
    for other in root.iter("{*}BPMNEdge"):
        if reference(other.get("bpmnElement")) == after:
            points = other.findall("{*}waypoint")
            edge.extend(deepcopy(points[-1:]))


def _list_flows(root: Node, node: Node, _fix: Fix) -> None:
    """Write the lists of flows in and out anew, where the schema wants them: after the documentation."""
    for one in list(children(node, "incoming", "outgoing")):
        node.remove(one)
    before = list(
        children(node, "documentation", "extensionElements", "auditing", "monitoring", "categoryValueRef")
    )
    place = (node.index(before[-1]) + 1) if before else 0
    for tag, end in (("incoming", "targetRef"), ("outgoing", "sourceRef")):
        for flow in root.iter(bpmn("sequenceFlow")):
            if reference(flow.get(end)) == node.get("id"):
                listed = etree.Element(bpmn(tag))
                listed.text = flow.get("id")
                node.insert(place, listed)
                place += 1


def _add_event(root: Node, node: Node, tag: str) -> None:
    """Add an end event behind (a start event before) the steps of a container that have no flow there."""
    container = (
        node
        if tag_of(node) in ("process", "subProcess", "transaction") and _is_bare(node, tag)
        else node.getparent()
    )
    assert container is not None
    steps = [node] if container is not node else _loose_steps(node, tag)
    event = etree.SubElement(
        container, bpmn(tag), id=_free_id(root, "EndEvent" if tag == "endEvent" else "StartEvent")
    )
    for step in steps:
        source, target = (step, event) if tag == "endEvent" else (event, step)
        flow = etree.SubElement(
            container,
            bpmn("sequenceFlow"),
            id=_free_id(root, "Flow"),
            sourceRef=source.get("id", ""),
            targetRef=target.get("id", ""),
        )
        _list_flows(root, source, {})
        _list_flows(root, target, {})
        _draw_edge(root, flow, source, target)
    _draw_event(root, event, steps)


def _is_bare(node: Node, tag: str) -> bool:
    return first(node, tag) is None and first(node, "sequenceFlow") is not None


def _loose_steps(container: Node, tag: str) -> list[Node]:
    end = "sourceRef" if tag == "endEvent" else "targetRef"
    known = {reference(one.get(end)) for one in children(container, "sequenceFlow")}
    steps = [
        one
        for one in container
        if one.get("id")
        and (
            tag_of(one).endswith(("Task", "Gateway", "Event"))
            or tag_of(one) in ("task", "subProcess", "transaction", "callActivity")
        )
    ]
    return [
        one for one in steps if one.get("id") not in known and tag_of(one) not in ("endEvent", "startEvent")
    ]


def _add_end_event(root: Node, node: Node, _fix: Fix) -> None:
    _add_event(root, node, "endEvent")


def _add_start_event(root: Node, node: Node, _fix: Fix) -> None:
    _add_event(root, node, "startEvent")


def _free_id(root: Node, stem: str) -> str:
    taken = {node.get("id") for node in root.iter(etree.Element)}
    number = 1
    while f"{stem}_{number}" in taken:
        number += 1
    return f"{stem}_{number}"


_DC, _DI = "http://www.omg.org/spec/DD/20100524/DC", "http://www.omg.org/spec/DD/20100524/DI"


def _shape(root: Node, key: str) -> Node | None:
    return next((one for one in root.iter("{*}BPMNShape") if reference(one.get("bpmnElement")) == key), None)


def _bounds(root: Node, node: Node) -> tuple[float, float, float, float] | None:
    shape = _shape(root, node.get("id", ""))
    found = shape.find("{*}Bounds") if shape is not None else None
    if found is None:
        return None
    try:
        x, y, width, height = (float(found.get(name, "0")) for name in ("x", "y", "width", "height"))
    except ValueError:
        return None
    return x, y, width, height


def _draw_event(root: Node, event: Node, steps: list[Node]) -> None:
    """Give the new event a place beside the first step it is connected to."""
    plane = root.find(".//{*}BPMNPlane")
    around = _bounds(root, steps[0]) if steps else None
    if plane is None or around is None:
        return
    x, y, width, height = around
    left = x + width + 50 if tag_of(event) == "endEvent" else x - 86
    space = str(plane.tag)[: str(plane.tag).index("}") + 1]
    key = event.get("id", "")
    shape = etree.SubElement(plane, f"{space}BPMNShape", id=f"{key}_di", bpmnElement=key)
    etree.SubElement(
        shape, f"{{{_DC}}}Bounds", x=f"{left:g}", y=f"{y + height / 2 - 18:g}", width="36", height="36"
    )


def _draw_edge(root: Node, flow: Node, source: Node, target: Node) -> None:
    plane = root.find(".//{*}BPMNPlane")
    known = _bounds(root, source) or _bounds(root, target)
    if plane is None or known is None:
        return
    x, y, width, height = known
    middle = y + height / 2
    begin, end = (x + width, x + width + 50) if _bounds(root, source) else (x - 50, x)
    space = str(plane.tag)[: str(plane.tag).index("}") + 1]
    key = flow.get("id", "")
    edge = etree.SubElement(plane, f"{space}BPMNEdge", id=f"{key}_di", bpmnElement=key)
    for place in (begin, end):
        etree.SubElement(edge, f"{{{_DI}}}waypoint", x=f"{place:g}", y=f"{middle:g}")


_ACTIONS: dict[str, Callable[[Node, Node, Fix], None]] = {
    "remove_element": _remove_element,
    "set_attribute": _set_attribute,
    "remove_attribute": _remove_attribute,
    "remove_loop_attribute": _remove_loop_attribute,
    "remove_condition": _remove_condition,
    "set_default_flow": _set_default_flow,
    "change_gateway": _change_gateway,
    "set_text": _set_text,
    "make_formal": _make_formal,
    "bypass": _bypass,
    "list_flows": _list_flows,
    "add_end_event": _add_end_event,
    "add_start_event": _add_start_event,
}


__all__ = ["apply_fix"]
