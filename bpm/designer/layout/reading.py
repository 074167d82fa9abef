"""Reads what is to be drawn out of BPMN XML: pools, lanes, shapes, arrows. Ignores all places in it."""

from __future__ import annotations

from collections.abc import Iterator

from bpm.designer.layout import sizes
from bpm.designer.layout.model import Flow, Lane, Node, Pool, Scope
from bpm.engine.diagram.xml import Node as Element
from bpm.engine.diagram.xml import children, first, flag, reference, tag_of, text_of

_ACTIVITIES = frozenset({
    "task", "userTask", "manualTask", "serviceTask", "sendTask", "receiveTask", "scriptTask",
    "businessRuleTask", "callActivity", "subProcess", "transaction", "adHocSubProcess",
    "choreographyTask", "callChoreography", "subChoreography",
})  # fmt: skip
_EVENTS = frozenset({
    "startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "implicitThrowEvent",
    "event",
})  # fmt: skip
_GATEWAYS = frozenset({
    "exclusiveGateway", "parallelGateway", "inclusiveGateway", "complexGateway", "eventBasedGateway",
})  # fmt: skip
_BESIDE = frozenset({"dataObjectReference", "dataStoreReference", "textAnnotation", "group"})
_FLOW = _ACTIVITIES | _EVENTS | _GATEWAYS
_PARTS = ("subProcess", "transaction", "adHocSubProcess", "subChoreography")


class Reading:
    """Everything of one file: ``pools`` in order, ``messages`` between them, ``scopes`` outside pools."""

    def __init__(self, root: Element) -> None:
        self.processes = {one.get("id", ""): one for one in children(root, "process", "choreography")}
        self.collaboration = first(root, "collaboration")
        self.pools: list[Pool] = []
        self.messages: list[Flow] = []
        self.extra = Scope("")
        if self.collaboration is not None:
            self._read_collaboration(self.collaboration)
        in_pools = {pool.scope.id for pool in self.pools if pool.scope}
        self.scopes = [scope(one) for key, one in self.processes.items() if key not in in_pools]
        self.scopes = [one for one in self.scopes if one.nodes or len(self.scopes) == 1]

    @property
    def plane(self) -> str:
        """The id that the whole picture belongs to."""
        if self.collaboration is not None and self.pools:
            return self.collaboration.get("id", "")
        shown = [one.id for one in self.scopes if one.nodes] + list(self.processes)
        return shown[0] if shown else ""

    def _read_collaboration(self, collaboration: Element) -> None:
        for one in children(collaboration, "participant"):
            process = self.processes.get(reference(one.get("processRef")))
            inside = None if process is None else scope(process)
            taken = inside and any(pool.scope and pool.scope.id == inside.id for pool in self.pools)
            if inside is not None and (taken or not (inside.nodes or inside.lanes)):
                inside = None
            self.pools.append(Pool(one.get("id", ""), one.get("name", ""), inside))
        for one in children(collaboration, "messageFlow"):
            ends = reference(one.get("sourceRef")), reference(one.get("targetRef"))
            self.messages.append(Flow(one.get("id", ""), *ends, one.get("name", ""), "message"))
        _artifacts(collaboration, self.extra)


def scope(container: Element) -> Scope:
    """Read the content of a process or a sub-process."""
    found = Scope(container.get("id", ""))
    events: list[Element] = []
    for one in container:
        tag = tag_of(one)
        if tag in _FLOW:
            found.nodes[one.get("id", "")] = _node(one, tag)
        elif tag == "boundaryEvent":
            events.append(one)
        elif tag == "sequenceFlow":
            ends = reference(one.get("sourceRef")), reference(one.get("targetRef"))
            found.flows.append(Flow(one.get("id", ""), *ends, one.get("name", "")))
    for one in events:
        _attach(one, found)
    for one in _data_of(container):
        found.nodes[one.get("id", "")] = _node(one, tag_of(one), beside=True)
    _artifacts(container, found)
    for one in list(children(container, *_ACTIVITIES, *_EVENTS, "boundaryEvent")):
        found.flows += _data_flows(one)
    found.lanes = [lane for held in children(container, "laneSet") for lane in _lanes(held)]
    found.nodes.pop("", None)
    return found


def _node(one: Element, tag: str, *, beside: bool = False) -> Node:
    name = one.get("name", "") if tag != "textAnnotation" else text_of(first(one, "text"))
    node = Node(one.get("id", ""), tag, " ".join(name.split()), beside=beside)
    node.width, node.height = sizes.shape(tag, node.name)
    if tag in _PARTS:
        node.handles_events = flag(one, "triggeredByEvent")
        inside = scope(one)
        node.inside = inside if inside.nodes else None
    return node


def _attach(one: Element, found: Scope) -> None:
    """Hang an event at its host; without one it stands in the flow like any other."""
    event = _node(one, "boundaryEvent")
    host = found.nodes.get(reference(one.get("attachedToRef")))
    if host is not None and host.tag in _ACTIVITIES:
        host.boundary.append(event)
    else:
        found.nodes[event.id] = event


def _data_of(container: Element) -> Iterator[Element]:
    yield from children(container, "dataObjectReference", "dataStoreReference")
    for held in children(container, "ioSpecification"):
        if tag_of(container) == "process":
            yield from children(held, "dataInput", "dataOutput")


def _artifacts(container: Element, found: Scope) -> None:
    for one in children(container, "textAnnotation", "group"):
        found.nodes[one.get("id", "")] = _node(one, tag_of(one), beside=True)
    for one in children(container, "association"):
        ends = reference(one.get("sourceRef")), reference(one.get("targetRef"))
        found.flows.append(Flow(one.get("id", ""), *ends, kind="association"))


def _data_flows(activity: Element) -> Iterator[Flow]:
    """Yield the dotted arrows between an activity and the data it reads or writes."""
    here = activity.get("id", "")
    for one in children(activity, "dataInputAssociation"):
        for source in children(one, "sourceRef"):
            if one.get("id"):
                yield Flow(one.get("id", ""), reference(text_of(source)), here, kind="association")
    for one in children(activity, "dataOutputAssociation"):
        target = reference(text_of(first(one, "targetRef")))
        if one.get("id"):
            yield Flow(one.get("id", ""), here, target, kind="association")


def _lanes(held: Element) -> Iterator[Lane]:
    for one in children(held, "lane"):
        lane = Lane(one.get("id", ""), one.get("name", ""))
        lane.members = {reference(text_of(member)) for member in children(one, "flowNodeRef")}
        lane.lanes = [inner for below in children(one, "childLaneSet") for inner in _lanes(below)]
        yield lane
