"""Builds item-aware elements: which variable a data element is, and how values move (BPMN 2.0, 10.4)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from bpm.engine.diagram.expressions import NAME, unmarked
from bpm.engine.diagram.xml import Node as Xml
from bpm.engine.diagram.xml import bpmn, children, first, reference, tag_of, text_of
from bpm.engine.runtime.specs.data import Association, ItemAware

if TYPE_CHECKING:
    from bpm.engine.build.builder import Builder

_ELEMENTS = (
    "dataObject",
    "dataObjectReference",
    "dataStore",
    "dataStoreReference",
    "dataInput",
    "dataOutput",
    "property",
    "inputDataItem",
    "outputDataItem",
)
_STATE = re.compile(r"\s*\[[^\]]*\]\s*\Z")
_NO_LETTER = re.compile(r"\W")


class Items:
    """The data elements of one file and the variables they are."""

    def __init__(self, root: Xml) -> None:
        self.nodes: dict[str, Xml] = {}
        self._references: dict[str, list[Xml]] = {}
        for node in root.iter(*(bpmn(tag) for tag in _ELEMENTS)):
            self.nodes[node.get("id", "")] = node
            target = reference(node.get("dataObjectRef") or node.get("dataStoreRef"))
            if target:
                self._references.setdefault(target, []).append(node)

    def variable(self, key: str) -> str:
        """Return the variable of a data element: its name if that can be one, else its id.

        A reference stands for its object or store, which is named by its references if it has no
        name itself; a state in brackets behind the name does not count.
        """
        key = reference(key)
        node = self.nodes.get(key)
        if node is None:
            return _as_name(key)
        target = reference(node.get("dataObjectRef") or node.get("dataStoreRef"))
        if target and target in self.nodes:
            node = self.nodes[target]
        elif target:
            return next(_named(self._references[target]), _as_name(target))
        named = next(_named([node]), None) or next(_named(self._references.get(node.get("id", ""), [])), None)
        return named or _as_name(node.get("id", ""))


def _named(nodes: Iterable[Xml]) -> Iterator[str]:
    for node in nodes:
        name = _STATE.sub("", node.get("name", "")).strip()
        if NAME.match(name):
            yield name


def _as_name(key: str) -> str:
    found = _NO_LETTER.sub("_", key)
    return found if NAME.match(found) else f"_{found}"


def item_aware(
    builder: Builder, node: Xml, element: str, *, leave_out: Iterable[str] = ()
) -> ItemAware | None:
    """Return the data of an activity or event, or None if it declares none.

    Args:
        leave_out: ids of data inputs and outputs that belong to the loop around the activity.
    """
    without = set(leave_out)
    variable = builder.items.variable
    declared = [one for one in _declared(node) if one.get("id") not in without]
    reads: list[Association] = []
    writes: list[Association] = []
    moved: set[str] = set()
    for association in children(node, "dataInputAssociation", "dataOutputAssociation"):
        ends = {reference(text_of(one)) for one in children(association, "sourceRef", "targetRef")}
        if ends & without:
            continue
        moved |= ends
        into = reads if tag_of(association) == "dataInputAssociation" else writes
        into += _moves(builder, association, element)
    inputs = [variable(one.get("id", "")) for one in declared if _is(one, "dataInput", moved)]
    outputs = [variable(one.get("id", "")) for one in declared if _is(one, "dataOutput", moved)]
    owned = [variable(one.get("id", "")) for one in children(node, "property")]
    if tag_of(node) != "callActivity":
        owned += [variable(one.get("id", "")) for one in children(node, "dataObject")]
    if not (inputs or outputs or owned or reads or writes):
        return None
    return ItemAware(inputs, outputs, reads, writes, owned)


def loop_data(builder: Builder, node: Xml, looped: Xml, element: str) -> tuple[ItemAware | None, list[str]]:
    """Return the data of a multi-instance activity as a whole, and the ids that belong to it."""
    inputs = [reference(text_of(one)) for one in children(looped, "loopDataInputRef")]
    outputs = [reference(text_of(one)) for one in children(looped, "loopDataOutputRef")]
    belong = inputs + outputs
    reads: list[Association] = []
    writes: list[Association] = []
    moved: set[str] = set()
    for association in children(node, "dataInputAssociation", "dataOutputAssociation"):
        ends = {reference(text_of(one)) for one in children(association, "sourceRef", "targetRef")}
        if not ends & set(belong):
            continue
        moved |= ends
        into = reads if tag_of(association) == "dataInputAssociation" else writes
        into += _moves(builder, association, element)
    variable = builder.items.variable
    found = ItemAware(
        [variable(one) for one in inputs if one in moved],
        [variable(one) for one in outputs if one in moved],
        reads,
        writes,
    )
    return (found if reads or writes else None), belong


def _declared(node: Xml) -> list[Xml]:
    """Return the data inputs and outputs: of an activity in its specification, of an event its own."""
    specification = first(node, "ioSpecification")
    own = list(children(node, "dataInput", "dataOutput"))
    return own + (
        list(children(specification, "dataInput", "dataOutput")) if specification is not None else []
    )


def _is(node: Xml, tag: str, moved: set[str]) -> bool:
    """Whether it is an input or output that an association fills or empties; others are just variables."""
    return tag_of(node) == tag and node.get("id") in moved


def _moves(builder: Builder, association: Xml, element: str) -> list[Association]:
    """Compile one data association: assignments, a transformation, or a plain copy (10.4.2)."""
    variable = builder.items.variable
    target = text_of(first(association, "targetRef"))
    assignments = list(children(association, "assignment"))
    if assignments:
        found = []
        for one in assignments:
            to = unmarked(text_of(first(one, "to")))[0] or target
            to = variable(to) if reference(to) in builder.items.nodes else to
            builder.check_name(to, element)
            text = text_of(first(one, "from"))
            found.append(Association(builder.formula(text or "null", element, "assignment"), to))
        return found
    if not target:
        return []
    transformation = text_of(first(association, "transformation"))
    if transformation:
        return [Association(builder.formula(transformation, element, "transformation"), variable(target))]
    source = text_of(first(association, "sourceRef"))
    return [Association(variable(source), variable(target))] if source else []
