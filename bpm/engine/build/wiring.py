"""Ties the nodes of one container together: boundary events, links, compensation, beginnings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from bpm.engine.definition import StartEvent
from bpm.engine.diagram.xml import Node as Xml
from bpm.engine.diagram.xml import children, first, flag, reference, tag_of, text_of
from bpm.engine.runtime.specs.activities import Activity
from bpm.engine.runtime.specs.base import Container, Node
from bpm.engine.runtime.specs.events import EventSubProcess, Listener, ReceiveTask
from bpm.engine.runtime.specs.gateways import EventGateway, InclusiveGateway, reaching
from bpm.engine.runtime.specs.throwing import link
from bpm.engine.runtime.specs.triggers import LISTENING, Trigger

if TYPE_CHECKING:
    from bpm.engine.build.builder import Builder

Made = list[tuple[Xml, Node]]


def attach(made: Made, here: Mapping[str, Node]) -> None:
    """Put boundary events at their activities."""
    for node, spec in made:
        host = here.get(reference(node.get("attachedToRef")))
        if tag_of(node) == "boundaryEvent" and host is not None and isinstance(spec, Listener):
            spec.host = host
            host.wiring.guards.append(spec)


def join_links(made: Made) -> None:
    """Let each link that throws lead to its target, named by reference or by name (BPMN 2.0, 10.5.5)."""
    by_id = {spec.element.id: spec for _node, spec in made if spec.element.kind != "startEvent"}
    by_name: dict[str, Node] = {}
    for node, spec in made:
        definition = first(node, "linkEventDefinition")
        if tag_of(node) == "intermediateCatchEvent" and definition is not None:
            by_name[definition.get("name", "")] = spec
            by_id[definition.get("id", "")] = spec
    for node, spec in made:
        definition = first(node, "linkEventDefinition")
        if tag_of(node) == "intermediateThrowEvent" and definition is not None:
            named = reference(text_of(first(definition, "target")))
            target = by_id.get(named) if named else None
            target = target or by_name.get(definition.get("name", ""))
            if target is not None:
                flow = link(spec, target)
                spec.wiring.flows_out.append(flow)
                target.wiring.flows_in.append(flow)


def tie_compensation(container: Xml, here: Mapping[str, Node]) -> None:
    """Tell each compensation event which activity undoes (BPMN 2.0, 10.7)."""
    for node in children(container, "association"):
        event = here.get(reference(node.get("sourceRef")))
        handler = here.get(reference(node.get("targetRef")))
        if isinstance(event, Listener) and event.element.event == "compensate" and handler is not None:
            event.handler = handler


def find_reach(here: Mapping[str, Node]) -> None:
    """Tell inclusive gateways from where a token can still come."""
    for spec in here.values():
        if isinstance(spec, InclusiveGateway):
            spec.reach = {flow.id: reaching(spec, flow) for flow in spec.wiring.flows_in}


def find_starts(builder: Builder, holder: Container, made: Made) -> None:
    """Find where a container begins, and by which events a process can be started."""
    handlers = [spec for _node, spec in made if isinstance(spec, EventSubProcess)]
    holder.event_subprocesses = handlers
    for handler in handlers:
        if any(trigger.kind == "compensate" for trigger in handler.start.triggers):
            holder.undone_by = handler
    if holder is builder.root:
        builder.start_events += _starting(made)
    holder.starts = _where_it_begins(made)


def _where_it_begins(made: Made) -> list[Node]:
    """A plain start event, else the first start event, else all that no flow leads to (13.2, 13.3.4)."""
    events = [spec for node, spec in made if tag_of(node) == "startEvent"]
    plain = [spec for spec in events if spec.element.event is None]
    if plain or events:
        return (plain or events)[:1]
    return [
        spec
        for node, spec in made
        if not spec.wiring.flows_in
        and not isinstance(spec, EventSubProcess)
        and tag_of(node) != "boundaryEvent"
        and spec.element.event != "link"
        and not (isinstance(spec, Activity) and spec.for_compensation)
    ]


def _starting(made: Made) -> Iterator[StartEvent]:
    """Yield what can start the process: start events, instantiating receive tasks and event gateways."""
    for node, spec in made:
        if tag_of(node) == "startEvent" and isinstance(spec, Listener):
            yield from _entries(spec, spec.triggers or [None])
        elif isinstance(spec, ReceiveTask) and flag(node, "instantiate") and not spec.wiring.flows_in:
            yield from _entries(spec, spec.triggers)
        elif isinstance(spec, EventGateway) and spec.begins:
            for flow in spec.wiring.flows_out:
                if isinstance(flow.target, Listener):
                    yield from _entries(flow.target, flow.target.triggers)


def _entries(spec: Listener, triggers: object) -> Iterator[StartEvent]:
    """Yield one entry for each trigger, the first under the event's own id."""
    assert isinstance(triggers, (list, tuple))
    for index, trigger in enumerate(triggers):
        if trigger is None or trigger.kind in LISTENING:
            yield _start_event(spec, trigger, index)


def _start_event(spec: Listener, trigger: Trigger | None, index: int) -> StartEvent:
    """Return what the outside has to know of one trigger that starts the process."""
    element = spec.element
    timer = None
    if trigger is not None and trigger.kind == "timer" and trigger.term is not None:
        timer = {"definition": trigger.timer, "text": trigger.term.text, "working": trigger.working}
    name = trigger.name.text if trigger is not None and trigger.name is not None else None
    return StartEvent(
        f"{element.id}:{index}" if index else element.id,
        trigger.kind if trigger else "none",
        name,
        element.names,
        element.extensions.get("form"),
        timer,
    )
