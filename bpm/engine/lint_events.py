"""Rules about events: which definition may stand where (BPMN 2.0, 10.5)."""

from __future__ import annotations

from collections.abc import Iterator

from bpm.engine.due_times import CYCLE
from bpm.engine.lint_walk import (
    ACTIVITIES,
    EVENTS,
    containers,
    error,
    flow_counts,
    flow_nodes,
    is_event_sub_process,
)
from bpm.engine.problems import Problem
from bpm.engine.references import References, kind_of
from bpm.engine.xml import Node, bpmn, children, first, flag, id_of, reference, tag_of, text_of

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


def event_definitions(root: Node) -> Iterator[Problem]:
    """Each event holds only definitions that its place allows, and says what it is about."""
    references = References(root)
    for container in containers(root):
        for node in children(container, *EVENTS):
            kinds = [kind_of(one) for one in references.definitions_of(node)]
            yield from _allowed(container, node, kinds)
            if "cancel" in kinds:
                yield from _cancel(container, node)
            yield from _codes(references, node)


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
    if len(kinds) > 1 and {"error", "cancel", "compensate", "link", "terminate"} & set(kinds):
        yield error(node, "event_mixture", "“%(element)s” mixes events that cannot stand together.")
    if tag == "startEvent" and len(kinds) > 1:
        yield error(
            node,
            "not_supported",
            "%(what)s is not supported (“%(element)s”).",
            what="A start event with several events",
        )


def _cancel(container: Node, node: Node) -> Iterator[Problem]:
    if tag_of(node) == "endEvent" and tag_of(container) != "transaction":
        yield error(node, "cancel_place", "The cancel end event “%(element)s” must stand in a transaction.")
    if tag_of(node) == "boundaryEvent":
        host = _by_id(container, node.get("attachedToRef"))
        if host is not None and tag_of(host) != "transaction":
            yield error(node, "cancel_place", "The cancel event “%(element)s” must stand at a transaction.")


def _codes(references: References, node: Node) -> Iterator[Problem]:
    """Who throws says which error or escalation; an error without a code could not be caught by it."""
    if tag_of(node) not in ("endEvent", "intermediateThrowEvent"):
        return
    for definition in references.definitions_of(node):
        kind = kind_of(definition)
        if kind == "escalation":
            declared = references.named(definition, kind)
            if declared is None or not declared.get("escalationCode"):
                yield error(node, "no_code", "“%(element)s” throws an escalation without a code.")
        if kind == "error" and references.named(definition, kind) is None:
            yield error(node, "no_code", "“%(element)s” throws an error without saying which.")


def boundary_events(root: Node) -> Iterator[Problem]:
    """Boundary events stand at activities of the same container."""
    references = References(root)
    for container in containers(root):
        for node in children(container, "boundaryEvent"):
            host = _by_id(container, node.get("attachedToRef"))
            kinds = {kind_of(one) for one in references.definitions_of(node)}
            if host is None or tag_of(host) not in ACTIVITIES or is_event_sub_process(host):
                yield error(
                    node, "boundary_host", "The boundary event “%(element)s” is not attached to a step."
                )
            if not flag(node, "cancelActivity", True) and kinds & _ONLY_INTERRUPTING:
                yield error(
                    node,
                    "must_interrupt",
                    "The event “%(element)s” (%(kind)s) always interrupts its step.",
                    kind=next(iter(kinds & _ONLY_INTERRUPTING)),
                )
            if "compensate" in kinds:
                yield from _compensation(container, node)


def _compensation(container: Node, node: Node) -> Iterator[Problem]:
    _incoming, outgoing = flow_counts(container)
    if outgoing.get(node.get("id", "")):
        yield error(
            node,
            "compensation_outgoing",
            "From the compensation event “%(element)s” no flow may lead; connect the undoing step "
            "by an association.",
        )
        return
    targets = [
        _by_id(container, association.get("targetRef"))
        for association in children(container, "association")
        if reference(association.get("sourceRef")) == node.get("id")
    ]
    if len(targets) != 1 or targets[0] is None:
        yield error(
            node,
            "no_compensation",
            "The compensation event “%(element)s” is not connected to an undoing step.",
        )
    elif not flag(targets[0], "isForCompensation"):
        yield error(
            targets[0], "not_for_compensation", "“%(element)s” is not marked as being for compensation."
        )


def event_sub_processes(root: Node) -> Iterator[Problem]:
    """An event sub-process begins with an event."""
    references = References(root)
    for container in containers(root):
        if not is_event_sub_process(container):
            continue
        for start in children(container, "startEvent"):
            kinds = {kind_of(one) for one in references.definitions_of(start)}
            if not kinds:
                yield error(start, "no_event", "“%(element)s” does not say what it waits for.")
            if not flag(start, "isInterrupting", True) and kinds & {"error", "compensate"}:
                yield error(
                    start,
                    "must_interrupt",
                    "The event “%(element)s” (%(kind)s) always interrupts its step.",
                    kind=next(iter(kinds & {"error", "compensate"})),
                )


def links(root: Node) -> Iterator[Problem]:
    """Each link that throws has one that catches, in the same container; neither has flows too many."""
    for container in containers(root):
        incoming, outgoing = flow_counts(container)
        catching: list[str] = []
        throwing: list[tuple[Node, str]] = []
        for node in flow_nodes(container):
            definition = first(node, "linkEventDefinition")
            if definition is None:
                continue
            name = definition.get("name") or ""
            if tag_of(node) == "intermediateCatchEvent":
                catching.append(name)
                wrong = incoming.get(node.get("id", ""))
            else:
                throwing.append((node, name))
                wrong = outgoing.get(node.get("id", ""))
            if wrong:
                yield error(node, "link_flow", "The link “%(element)s” has a flow on its wrong side.")
        for node, name in throwing:
            if catching.count(name) != 1:
                yield error(
                    node,
                    "link_target",
                    "The link “%(element)s” has no (or more than one) partner to go on at.",
                )
        for name in set(catching) - {one for _node, one in throwing}:
            yield error(container, "link_source", "Nothing leads to the link “%(name)s”.", name=name)


def timers(root: Node) -> Iterator[Problem]:
    """A timer says exactly one thing, and a repeating one stands where it can repeat."""
    for definition in root.iter(bpmn("timerEventDefinition")):
        event = definition.getparent()
        given = list(children(definition, "timeDate", "timeDuration", "timeCycle"))
        if len(given) > 1:
            yield error(
                event, "timer_twice", "The timer “%(element)s” has more than one of date, duration and cycle."
            )
        if event is None or not given or tag_of(given[0]) != "timeCycle":
            continue
        cycle = CYCLE.match(text_of(given[0]))
        if tag_of(event) == "boundaryEvent" and flag(event, "cancelActivity", True):
            yield error(
                event,
                "cycle_interrupts",
                "The repeating timer “%(element)s” interrupts its step, so it cannot repeat: "
                "write a duration.",
            )
        if tag_of(event) == "intermediateCatchEvent" and cycle is not None and not cycle.group(1):
            yield error(
                event, "cycle_endless", "The repeating timer “%(element)s” in the flow would never end."
            )


def _by_id(container: Node, text: str | None) -> Node | None:
    key = reference(text)
    return next(
        (node for node in flow_nodes(container) if id_of(node) == key and node.get("id") == key), None
    )
