"""What a file from elsewhere holds, and what is doubtful in it: found, named, and left as it is.

Reads only; the one thing that is ever added to a file is a drawing where it has none.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bpm.designer.diagram import DI
from bpm.designer.layout import laid_out
from bpm.engine.diagram.elements import FLOW_NODES
from bpm.engine.diagram.xml import (
    BPMN,
    Node,
    bpmn,
    id_of,
    local_name,
    namespace_of,
    parse,
    reference,
    tag_of,
    text_of,
)
from bpm.language import _

_SHAPES = (f"{{{DI}}}BPMNShape", f"{{{DI}}}BPMNEdge")
_TEXT_REFERENCES = frozenset({
    "incoming", "outgoing", "flowNodeRef", "sourceRef", "targetRef", "dataInputRefs", "dataOutputRefs",
    "eventDefinitionRef", "inMessageRef", "outMessageRef", "messageRef", "participantRef",
})  # fmt: skip
# these may name things outside of the file: types, addresses, systems
_OUTWARD = frozenset({"structureRef", "implementationRef", "calledElement", "import"})
_DRAWN = (*FLOW_NODES, "participant", "lane", "sequenceFlow", "messageFlow")


@dataclass(frozen=True)
class Place:
    """One doubtful place. ``line``: in the file as it was kept, 0 if unknown."""

    what: str
    element: str
    line: int


@dataclass(frozen=True)
class Finding:
    """Doubtful places of one kind: the sentence that tells it, what was done, and where."""

    code: str
    text: str
    done: str
    places: tuple[Place, ...]


@dataclass(frozen=True)
class Holdings:
    """What is in a file. ``steps``: activities, events and gateways."""

    steps: int
    processes: int
    findings: tuple[Finding, ...]


def with_drawing(xml: str) -> str:
    """Return a file that has steps and no shapes with a drawing of them; any other as it is."""
    root = parse(xml.encode("utf-8"))
    if next(root.iter(*_SHAPES), None) is not None or next(_steps(root), None) is None:
        return xml
    return laid_out(xml)


def holdings(xml: str) -> Holdings:
    """Return what is in a file, and each place in it that cannot be taken at its word.

    Raises:
        CannotRun: it is no BPMN.
    """
    root = parse(xml.encode("utf-8"))
    ids = {key for one in root.iter() if (key := one.get("id"))}
    kinds = (
        _no_process(root),
        _undrawn(root),
        _without_element(root, ids),
        _dangling(root, ids),
        _doubled(root),
    )
    return Holdings(
        steps=sum(1 for _step in _steps(root)),
        processes=len(root.findall(bpmn("process"))),
        findings=tuple(found for found in kinds if found is not None),
    )


def _steps(root: Node) -> Iterator[Node]:
    return root.iter(*(bpmn(tag) for tag in FLOW_NODES))


def _no_process(root: Node) -> Finding | None:
    if root.find(bpmn("process")) is not None:
        return None
    return Finding(
        "no_process",
        _("The file has no process: what its shapes belong to is missing in it."),
        _("The canvas is empty. Draw the steps anew, or export the file again from the tool it comes from."),
        (),
    )


def _undrawn(root: Node) -> Finding | None:
    shown = {reference(one.get("bpmnElement")) for one in root.iter(*_SHAPES)}
    missing = [
        one
        for one in root.iter(*(bpmn(tag) for tag in _DRAWN))
        if one.get("id") not in shown and tag_of(one) not in ("participant", "lane")
    ]
    if not missing or not shown:
        return None
    return Finding(
        "without_shape",
        _("The file has elements that no drawing in it shows."),
        _("They are kept and count when the process runs. The list of steps names them."),
        tuple(_place(one, _name(one)) for one in missing),
    )


def _without_element(root: Node, ids: set[str]) -> Finding | None:
    lost = [one for one in root.iter(*_SHAPES) if reference(one.get("bpmnElement")) not in ids]
    if not lost:
        return None
    return Finding(
        "without_element",
        _("The file has shapes and arrows of elements that are not in it."),
        _("They are kept in the file and are not shown."),
        tuple(_place(one, one.get("bpmnElement") or local_name(one)) for one in lost),
    )


def _dangling(root: Node, ids: set[str]) -> Finding | None:
    places = [
        _place(one, _("%(what)s of “%(element)s”: %(id)s", what=name, element=_name(one), id=value))
        for one, name, value in _references(root)
        if reference(value) not in ids
    ]
    if not places:
        return None
    return Finding(
        "unresolved",
        _("The file refers to things that are not in it."),
        _("The references are kept in the file and count for nothing."),
        tuple(places),
    )


def _references(root: Node) -> Iterator[tuple[Node, str, str]]:
    for one in root.iter(f"{{{BPMN}}}*"):
        name = tag_of(one)
        if name in _TEXT_REFERENCES and text_of(one) and (parent := one.getparent()) is not None:
            yield parent, name, text_of(one)
        for attribute, value in one.attrib.items():
            name = str(attribute)
            if (name.endswith("Ref") or name == "default") and name not in _OUTWARD and value:
                yield one, name, str(value)


def _doubled(root: Node) -> Finding | None:
    seen: set[str] = set()
    places = []
    for one in root.iter():
        key = one.get("id") if namespace_of(one) in (BPMN, DI) else None
        if key and key in seen:
            places.append(_place(one, key))
        seen.add(key or "")
    if not places:
        return None
    return Finding(
        "doubled",
        _("Several elements of the file have the same id."),
        _("They are kept. What refers to such an id means the first of them."),
        tuple(places),
    )


def _place(one: Node, what: str) -> Place:
    return Place(what, id_of(one) or "", int(one.sourceline or 0))


def _name(one: Node) -> str:
    return " ".join((one.get("name") or id_of(one) or tag_of(one)).split())
