"""Rules about data: items and collections, input and output sets, associations (BPMN 2.0, 8.4.10, 10.4)."""

from __future__ import annotations

from collections.abc import Iterator

from bpm.engine.diagram.elements import ACTIVITIES, EVENTS
from bpm.engine.diagram.xml import Node, children, first, flag, reference, tag_of, text_of
from bpm.engine.lint.walk import Diagram, error, warning
from bpm.engine.problems import Problem

_PROPERTY_OWNERS = ("process", *ACTIVITIES, *EVENTS)
_SET_LISTS = {
    "inputSet": ("dataInput", "dataInputRefs", ("optionalInputRefs", "whileExecutingInputRefs")),
    "outputSet": ("dataOutput", "dataOutputRefs", ("optionalOutputRefs", "whileExecutingOutputRefs")),
}


def item_of(diagram: Diagram, node: Node | None) -> Node | None:
    """Return the item definition of a data element, message, signal, error or escalation."""
    if node is None:
        return None
    if tag_of(node) == "dataObjectReference" and node.get("itemSubjectRef") is None:
        return item_of(diagram, diagram.found(node.get("dataObjectRef")))
    names = {
        "message": "itemRef",
        "signal": "structureRef",
        "error": "structureRef",
        "escalation": "structureRef",
    }
    found = diagram.found(node.get(names.get(tag_of(node), "itemSubjectRef")))
    return found if found is not None and tag_of(found) == "itemDefinition" else None


def same_item(one: Node | None, other: Node | None, *, scalar: bool = False) -> bool:
    """Whether two item definitions describe the same data.

    Args:
        scalar: the second is to be one element of the first, which is a collection.
    """
    if one is None or other is None:
        return one is other
    if scalar:
        return _structure(one) == _structure(other) and not flag(other, "isCollection")
    if one is other:
        return True
    same_size = flag(one, "isCollection") == flag(other, "isCollection")
    return bool(_structure(one)) and _structure(one) == _structure(other) and same_size


def _structure(item: Node) -> str:
    return (item.get("structureRef") or "").strip()


def collections(diagram: Diagram) -> Iterator[Problem]:
    """A data element is a list exactly if its item definition says so (BPMN 2.0, 10.4.1)."""
    for node in diagram.every("dataInput", "dataOutput", "dataObject"):
        item = item_of(diagram, node)
        if item is not None and flag(node, "isCollection") != flag(item, "isCollection"):
            yield error(
                node,
                "collection",
                "“%(element)s” and its item definition “%(id)s” disagree on whether it is a list.",
                {
                    "action": "set_attribute",
                    "element": node.get("id"),
                    "name": "isCollection",
                    "value": "true" if flag(item, "isCollection") else "false",
                },
                id=item.get("id"),
            )


def places(diagram: Diagram) -> Iterator[Problem]:
    """Properties belong to processes, activities and events; data objects to processes and sub-processes."""
    for node in diagram.every("property"):
        owner = node.getparent()
        if owner is None or tag_of(owner) not in _PROPERTY_OWNERS:
            yield error(
                node,
                "property_place",
                "The property “%(element)s” must belong to a process, an activity or an event.",
                {"action": "remove_element", "element": node.get("id")},
            )
    for node in diagram.every("dataObject", "dataObjectReference"):
        owner = node.getparent()
        if owner is None or tag_of(owner) not in ("process", "subProcess", "transaction", "adHocSubProcess"):
            yield error(
                node, "data_place", "The data object “%(element)s” must stand in a process or sub-process."
            )


def state_names(diagram: Diagram) -> Iterator[Problem]:
    """A data object in a state is called “name [state]” (BPMN 2.0, 10.4.1)."""
    for node in diagram.every("dataObjectReference"):
        state, target = first(node, "dataState"), diagram.found(node.get("dataObjectRef"))
        name = target.get("name") if target is not None else None
        if state is None or not name or not state.get("name") or not node.get("name"):
            continue
        wanted = f"{name} [{state.get('name')}]"
        if node.get("name") != wanted:
            yield error(
                node,
                "state_name",
                "The data object “%(element)s” in the state “%(state)s” must be called “%(wanted)s”.",
                {"action": "set_attribute", "element": node.get("id"), "name": "name", "value": wanted},
                state=state.get("name"),
                wanted=wanted,
            )


def sets(diagram: Diagram) -> Iterator[Problem]:
    """What a step takes and gives is listed in its sets, consistently (BPMN 2.0, 10.4.2)."""
    owners = [*diagram.every("ioSpecification")]
    owners += [node for node in diagram.every(*EVENTS) if any(True for _one in children(node, *_SET_LISTS))]
    for owner in owners:
        for tag, (data_tag, listing, special) in _SET_LISTS.items():
            yield from _sets_of(diagram, owner, tag, data_tag, listing, special)
        if tag_of(owner) == "ioSpecification":
            yield from _paired(diagram, owner)


def _sets_of(
    diagram: Diagram, owner: Node, tag: str, data_tag: str, listing: str, special: tuple[str, ...]
) -> Iterator[Problem]:
    own = {node.get("id", ""): node for node in children(owner, data_tag)}
    groups = list(children(owner, tag))
    listed: set[str] = set()
    for group in groups:
        named = {reference(text_of(one)) for one in children(group, listing)}
        listed |= named
        for key in sorted(named - set(own)):
            yield error(
                group,
                "set_stranger",
                "A set of “%(element)s” lists “%(id)s”, which is no %(kind)s of it.",
                id=key,
                kind=data_tag,
            )
        for other in special:
            for key in sorted({reference(text_of(one)) for one in children(group, other)} - named):
                yield error(
                    group,
                    "set_optional",
                    "“%(id)s” is listed as %(kind)s at “%(element)s” but not as %(listing)s.",
                    id=key,
                    kind=other,
                    listing=listing,
                )
    if tag_of(owner) == "ioSpecification" and not groups:
        yield error(
            owner, "no_set", "The data of “%(element)s” needs at least one %(kind)s, be it empty.", kind=tag
        )
    for key in own:
        if groups and key not in listed:
            yield error(
                own[key], "set_missing", "“%(element)s” is in no %(kind)s, so it is never filled.", kind=tag
            )


def _paired(diagram: Diagram, owner: Node) -> Iterator[Problem]:
    """An input set that names an output set is named by it in turn."""
    pairs = (("inputSet", "outputSetRefs", "inputSetRefs"), ("outputSet", "inputSetRefs", "outputSetRefs"))
    for tag, there, back in pairs:
        for group in children(owner, tag):
            for one in children(group, there):
                other = diagram.found(text_of(one))
                named = (
                    {reference(text_of(each)) for each in children(other, back)}
                    if other is not None
                    else set()
                )
                if group.get("id") not in named:
                    yield error(
                        group,
                        "set_pair",
                        "The %(kind)s “%(element)s” names the set “%(id)s”, which does not name it in turn.",
                        kind=tag,
                        id=text_of(one),
                    )


def associations(diagram: Diagram) -> Iterator[Problem]:
    """Data flows between data, in the right direction, of the same kind or transformed (BPMN 2.0, 10.4.2)."""
    for node in diagram.every("dataInputAssociation", "dataOutputAssociation"):
        sources = [diagram.found(text_of(one)) for one in children(node, "sourceRef")]
        target = diagram.found(text_of(first(node, "targetRef")))
        changed = first(node, "transformation") is not None or first(node, "assignment") is not None
        if len(sources) > 1 and first(node, "transformation") is None:
            yield error(
                node,
                "association_sources",
                "The data association “%(element)s” has several sources, so it needs a transformation.",
            )
        yield from _direction(node, sources, target)
        if len(sources) != 1 or changed:
            continue
        one, other = item_of(diagram, sources[0]), item_of(diagram, target)
        if one is not None and other is not None and not same_item(one, other):
            yield error(
                node,
                "association_items",
                "The data association “%(element)s” leads from “%(one)s” to “%(other)s”, which are data of "
                "different kinds.",
                one=one.get("id"),
                other=other.get("id"),
            )


def _direction(node: Node, sources: list[Node | None], target: Node | None) -> Iterator[Problem]:
    if target is not None and _is_of_process(target, "dataInput"):
        yield error(
            node, "association_process", "The data input “%(id)s” of a process is filled from outside only.",
            id=target.get("name") or target.get("id"),
        )  # fmt: skip
    for source in sources:
        if source is not None and _is_of_process(source, "dataOutput"):
            yield error(
                node,
                "association_process",
                "The data output “%(id)s” of a process is read from outside only.",
                id=source.get("name") or source.get("id"),
            )  # fmt: skip
    strange = [
        one for one in (*sources, target)
        if one is not None and not _holds_data(one)
    ]  # fmt: skip
    for one in strange:
        yield warning(
            node,
            "association_end",
            "A data association of “%(element)s” begins or ends at “%(id)s”, which holds no data, so it does "
            "not count.",
            id=one.get("name") or one.get("id"),
        )


def _holds_data(node: Node) -> bool:
    return tag_of(node) in (
        "dataInput", "dataOutput", "dataObject", "dataObjectReference", "dataStore", "dataStoreReference",
        "property", "inputDataItem", "outputDataItem", "correlationProperty",
    )  # fmt: skip


def _is_of_process(node: Node, tag: str) -> bool:
    holder = node.getparent()
    owner = holder.getparent() if holder is not None and tag_of(holder) == "ioSpecification" else None
    return tag_of(node) == tag and owner is not None and tag_of(owner) == "process"


__all__ = ["associations", "collections", "item_of", "places", "same_item", "sets", "state_names"]
