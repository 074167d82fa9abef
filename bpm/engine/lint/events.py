"""Rules about events: which definition may stand where (BPMN 2.0, 10.5)."""

from __future__ import annotations

from collections.abc import Iterator

from bpm.engine.diagram.elements import ACTIVITIES, EVENTS, FLOW_NODES
from bpm.engine.diagram.references import kind_of
from bpm.engine.diagram.xml import Node, children, first, flag, reference, tag_of, text_of
from bpm.engine.lint.walk import Diagram, Scope, error, is_event_sub_process, warning
from bpm.engine.problems import Problem

_ALLOWED = {
    "startEvent": {"message", "timer", "conditional", "signal"},
    "event sub-process": {"message", "timer", "conditional", "signal", "error", "escalation", "compensate"},
    "intermediateCatchEvent": {"message", "timer", "conditional", "signal", "link"},
    "intermediateThrowEvent": {"message", "signal", "escalation", "compensate", "link"},
    "endEvent": {"message", "signal", "escalation", "compensate", "error", "cancel", "terminate"},
    "boundaryEvent": {
        "message",
        "timer",
        "conditional",
        "signal",
        "error",
        "escalation",
        "compensate",
        "cancel",
    },
}
_ONLY_INTERRUPTING = {"error", "cancel", "compensate"}


def event_definitions(diagram: Diagram) -> Iterator[Problem]:
    """Each event holds only definitions that its place allows, and says what it is about."""
    for scope in diagram.scopes:
        for node in scope.nodes:
            if tag_of(node) not in EVENTS:
                continue
            found = diagram.references.definitions_of(node)
            kinds = [kind_of(one) for one in found]
            yield from _allowed(scope.node, node, kinds)
            if "cancel" in kinds:
                yield from _cancel(scope, node)
            yield from _codes(diagram, node)
            yield from _operations(diagram, node, found)
            if flag(node, "parallelMultiple") and len(kinds) < 2:
                yield warning(
                    node,
                    "parallel_multiple",
                    "“%(element)s” is to wait for several events, but there is only one.",
                    {"action": "remove_attribute", "element": node.get("id"), "name": "parallelMultiple"},
                )


def _allowed(container: Node, node: Node, kinds: list[str]) -> Iterator[Problem]:
    tag = tag_of(node)
    place = tag
    if tag == "startEvent" and tag_of(container) != "process":
        if not is_event_sub_process(container):
            if kinds:
                yield error(
                    node,
                    "start_in_sub_process",
                    "The start event “%(element)s” of a sub-process must not wait for an event.",
                )
            return
        place = "event sub-process"
    for kind in kinds:
        if kind not in _ALLOWED[place]:
            yield error(
                node,
                "event_place",
                "The event “%(element)s” cannot be of the kind “%(kind)s” at this place.",
                kind=kind,
            )
    if tag in ("intermediateCatchEvent", "boundaryEvent") and not kinds:
        yield error(node, "no_event", "“%(element)s” does not say what it waits for.")
    if len(kinds) > 1 and "link" in kinds:
        yield error(node, "event_mixture", "“%(element)s” mixes events that cannot stand together.")


def _cancel(scope: Scope, node: Node) -> Iterator[Problem]:
    if tag_of(node) == "endEvent" and tag_of(scope.node) != "transaction":
        yield error(node, "cancel_place", "The cancel end event “%(element)s” must stand in a transaction.")
    if tag_of(node) == "boundaryEvent":
        host = scope.named(node.get("attachedToRef"))
        if host is not None and tag_of(host) != "transaction":
            yield error(node, "cancel_place", "The cancel event “%(element)s” must stand at a transaction.")


def _codes(diagram: Diagram, node: Node) -> Iterator[Problem]:
    """Who throws says which error or escalation; without a code nobody could catch just that one."""
    if tag_of(node) not in ("endEvent", "intermediateThrowEvent"):
        return
    for definition in diagram.references.definitions_of(node):
        kind = kind_of(definition)
        declared = diagram.references.named(definition, kind) if kind in ("error", "escalation") else None
        if kind == "escalation" and (declared is None or not declared.get("escalationCode")):
            yield error(node, "no_code", "“%(element)s” throws an escalation without a code.")
        if kind == "error" and declared is None:
            yield error(node, "no_code", "“%(element)s” throws an error without saying which.")
        elif kind == "error" and declared is not None and not declared.get("errorCode"):
            yield error(node, "no_code", "“%(element)s” throws an error without a code.")


def _operations(diagram: Diagram, node: Node, found: list[Node]) -> Iterator[Problem]:
    """A message with a declared type belongs to a service, so the event names its operation (10.5.5)."""
    for definition in found:
        if kind_of(definition) != "message" or not diagram.runs(node):
            continue
        named = first(definition, "operationRef")
        message = diagram.references.named(definition, "message")
        if named is None and message is not None and message.get("itemRef"):
            yield error(
                node,
                "no_operation",
                "“%(element)s” exchanges the typed message “%(what)s” but names no operation of a service.",
                what=message.get("name") or message.get("id"),
            )
        operation = diagram.found(named.text) if named is not None else None
        if operation is None or tag_of(operation) != "operation" or message is None:
            continue
        tags = ("inMessageRef", "outMessageRef")
        known = {reference(one.text) for one in children(operation, *tags)}
        if message.get("id") not in known:
            yield error(
                node,
                "operation_message",
                "“%(element)s” exchanges the message “%(what)s”, which is not one of the operation “%(id)s”.",
                what=message.get("name") or message.get("id"),
                id=operation.get("name") or operation.get("id"),
            )


def boundary_events(diagram: Diagram) -> Iterator[Problem]:
    """Boundary events stand at activities of the same container."""
    for scope in diagram.scopes:
        for node in scope.nodes:
            if tag_of(node) != "boundaryEvent":
                continue
            kinds = {kind_of(one) for one in diagram.references.definitions_of(node)}
            yield from _host(diagram, scope, node)
            if not flag(node, "cancelActivity", True) and kinds & _ONLY_INTERRUPTING:
                yield error(
                    node,
                    "must_interrupt",
                    "The event “%(element)s” (%(kind)s) always interrupts its step.",
                    {"action": "remove_attribute", "element": node.get("id"), "name": "cancelActivity"},
                    kind=min(kinds & _ONLY_INTERRUPTING),
                )
            if "compensate" in kinds:
                yield from _compensation(scope, node)


def _host(diagram: Diagram, scope: Scope, node: Node) -> Iterator[Problem]:
    text = node.get("attachedToRef")
    host = scope.named(text)
    if host is not None and tag_of(host) in ACTIVITIES and not is_event_sub_process(host):
        return
    elsewhere = diagram.found(text)
    if elsewhere is not None and host is None and tag_of(elsewhere) not in FLOW_NODES:
        yield warning(
            node,
            "boundary_no_step",
            "The boundary event “%(element)s” is attached to “%(id)s”, which is no step, so it never "
            "happens.",
            id=elsewhere.get("name") or text,
        )
    else:
        yield error(
            node, "boundary_host", "The boundary event “%(element)s” is not attached to a step beside it."
        )


def _compensation(scope: Scope, node: Node) -> Iterator[Problem]:
    if scope.flows_from(node):
        yield error(
            node,
            "compensation_outgoing",
            "From the compensation event “%(element)s” no flow may lead; connect the undoing step "
            "by an association.",
        )
        return
    targets = [
        scope.named(association.get("targetRef"))
        for association in children(scope.node, "association")
        if reference(association.get("sourceRef")) == node.get("id")
    ]
    handlers = [target for target in targets if target is not None]
    if len(handlers) != 1:
        yield error(
            node,
            "no_compensation",
            "The compensation event “%(element)s” is not connected to an undoing step.",
        )
    elif tag_of(handlers[0]) not in ACTIVITIES:
        yield error(
            node,
            "not_for_compensation",
            "“%(element)s” is connected to “%(id)s”, which is no activity that could undo something.",
            id=handlers[0].get("name") or handlers[0].get("id"),
        )
    elif not flag(handlers[0], "isForCompensation"):
        yield error(
            handlers[0],
            "not_for_compensation",
            "“%(element)s” is not marked as being for compensation.",
            {
                "action": "set_attribute",
                "element": handlers[0].get("id"),
                "name": "isForCompensation",
                "value": "true",
            },
        )


def event_sub_processes(diagram: Diagram) -> Iterator[Problem]:
    """An event sub-process begins with an event."""
    for scope in diagram.scopes:
        if not is_event_sub_process(scope.node):
            continue
        for start in scope.nodes:
            if tag_of(start) != "startEvent":
                continue
            kinds = {kind_of(one) for one in diagram.references.definitions_of(start)}
            if not kinds:
                yield error(start, "no_event", "“%(element)s” does not say what it waits for.")
            if not flag(start, "isInterrupting", True) and kinds & {"error", "compensate"}:
                yield error(
                    start,
                    "must_interrupt",
                    "The event “%(element)s” (%(kind)s) always interrupts its step.",
                    {"action": "remove_attribute", "element": start.get("id"), "name": "isInterrupting"},
                    kind=min(kinds & {"error", "compensate"}),
                )


def compensation(diagram: Diagram) -> Iterator[Problem]:
    """Compensation of one activity names an activity around it that can be undone; handlers are used."""
    for scope in diagram.scopes:
        undoing = {reference(one.get("targetRef")) for one in children(scope.node, "association")}
        for node in scope.nodes:
            if flag(node, "isForCompensation") and node.get("id") not in undoing:
                yield warning(
                    node,
                    "never_undone",
                    "“%(element)s” is for compensation, but no compensation event leads to it.",
                )
            definition = first(node, "compensateEventDefinition")
            target = reference(definition.get("activityRef")) if definition is not None else ""
            if not target or tag_of(node) == "boundaryEvent" or target in scope.here:
                continue
            parent = scope.node.getparent()
            if parent is None or not any(child.get("id") == target for child in parent):
                yield error(
                    node,
                    "compensation_target",
                    "“%(element)s” undoes “%(target)s”, which does not stand in its process.",
                    target=target,
                )


def conditional_events(diagram: Diagram) -> Iterator[Problem]:
    """A conditional event says its condition (BPMN 2.0, 10.5.5)."""
    for definition in diagram.every("conditionalEventDefinition"):
        if not text_of(first(definition, "condition")):
            yield error(
                definition.getparent(),
                "no_event_condition",
                "“%(element)s” waits for a condition but has none.",
            )
