"""Builds events: their kind, mapping and data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bpm.engine.build.data import item_aware
from bpm.engine.build.services import fill_connector, is_service
from bpm.engine.build.triggers import trigger
from bpm.engine.definition import Element
from bpm.engine.diagram.xml import Node as Xml
from bpm.engine.diagram.xml import flag, tag_of
from bpm.engine.runtime.specs.base import Node
from bpm.engine.runtime.specs.events import BoundaryEvent, CatchEvent, Listener, StartEvent
from bpm.engine.runtime.specs.throwing import ConnectorEvent, EndEvent, ThrowEvent

if TYPE_CHECKING:
    from bpm.engine.build.builder import Builder

_CLASSES: dict[str, type[Any]] = {
    "startEvent": StartEvent,
    "endEvent": EndEvent,
    "intermediateCatchEvent": CatchEvent,
    "intermediateThrowEvent": ThrowEvent,
    "boundaryEvent": BoundaryEvent,
}


def make_event(builder: Builder, node: Xml, element: Element) -> Node:
    """Return the node of an event."""
    tag = tag_of(node)
    throws = tag in ("endEvent", "intermediateThrowEvent")
    if throws and is_service(element):
        sender = ConnectorEvent(builder.spec, element)
        fill_connector(builder, element, sender)
        return sender
    event: Any = _CLASSES[tag](builder.spec, element)
    event.mapping = builder.mapping(element)
    event.data = item_aware(builder, node, element.id)
    event.triggers = [
        trigger(builder, definition, element) for definition in builder.references.definitions_of(node)
    ]
    if isinstance(event, Listener):
        event.all_of_them = flag(node, "parallelMultiple")
        event.interrupting = element.interrupting
    result: Node = event
    return result
