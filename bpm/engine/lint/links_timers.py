"""Rules about links, which jump inside one container, and about timers (BPMN 2.0, 10.5.5)."""

from __future__ import annotations

from collections.abc import Iterator

from bpm.engine.diagram import spoken_terms
from bpm.engine.diagram.expressions import NAME
from bpm.engine.diagram.xml import Node, children, first, flag, reference, tag_of, text_of
from bpm.engine.lint.walk import Diagram, Scope, error, warning
from bpm.engine.problems import Problem
from bpm.engine.timers.cron import is_cron
from bpm.engine.timers.due_times import CYCLE, is_literal

_TIMES = ("timeDate", "timeDuration", "timeCycle")


def links(diagram: Diagram) -> Iterator[Problem]:
    """Each link that throws has one that catches, in the same container; neither has flows too many."""
    for scope in diagram.scopes:
        catching = _links(scope, "intermediateCatchEvent")
        throwing = _links(scope, "intermediateThrowEvent")
        for node, _definition in catching + throwing:
            yield from _flows(scope, node)
        for node, definition in throwing:
            if not _leads_on(diagram, scope, definition, catching):
                yield error(
                    node,
                    "link_target",
                    "The link “%(element)s” has no (or more than one) partner to go on at.",
                )
        for node, definition in catching:
            yield from _sources(diagram, node, definition, throwing)
        for node, definition in throwing:
            yield from _agrees(diagram, node, definition)


def _links(scope: Scope, tag: str) -> list[tuple[Node, Node]]:
    return [
        (node, definition)
        for node in scope.nodes
        if tag_of(node) == tag and (definition := first(node, "linkEventDefinition")) is not None
    ]


def _flows(scope: Scope, node: Node) -> Iterator[Problem]:
    catches = tag_of(node) == "intermediateCatchEvent"
    wrong = scope.flows_into(node) if catches else scope.flows_from(node)
    if wrong:
        yield error(
            node,
            "link_flow",
            "The link “%(element)s” has a flow on its wrong side.",
            {"action": "remove_element", "element": wrong[0].get("id")},
        )


def _leads_on(diagram: Diagram, scope: Scope, definition: Node, catching: list[tuple[Node, Node]]) -> bool:
    """One partner of the same name, or a named target: a link that catches, or a step beside it."""
    names = [other.get("name") or "" for _node, other in catching]
    if names.count(definition.get("name") or "") == 1:
        return True
    return link_target(scope, diagram, definition, catching) is not None


def link_target(
    scope: Scope, diagram: Diagram, definition: Node, catching: list[tuple[Node, Node]]
) -> Node | None:
    """Return the element that a link names as its target, if it stands in the same scope."""
    target = reference(text_of(first(definition, "target")))
    for node, other in catching:
        if target and target in (other.get("id"), node.get("id")):
            return node
    found = scope.here.get(target)
    return found if found is not None and tag_of(found) not in ("startEvent", "boundaryEvent") else None


def _sources(
    diagram: Diagram, node: Node, definition: Node, throwing: list[tuple[Node, Node]]
) -> Iterator[Problem]:
    name = definition.get("name") or ""
    keys = {definition.get("id"), node.get("id")}
    for other_node, other in throwing:
        if (other.get("name") or "") == name or reference(text_of(first(other, "target"))) in keys:
            return
        named = {reference(text_of(one)) for one in children(definition, "source")}
        if {other.get("id"), other_node.get("id")} & named:
            return
    if any(diagram.found(text_of(one)) is not None for one in children(definition, "source")):
        yield warning(
            node, "link_never", "The link “%(element)s” names a source that is no link: nothing leads to it."
        )
    else:
        yield error(
            node,
            "link_source",
            "Nothing leads to the link “%(element)s”.",
            {"action": "remove_element", "element": node.get("id")},
        )


def _agrees(diagram: Diagram, node: Node, definition: Node) -> Iterator[Problem]:
    """A target that is named names its sources in turn, this one among them."""
    target = diagram.found(text_of(first(definition, "target")))
    if target is None or tag_of(target) != "linkEventDefinition":
        return
    named = {reference(text_of(one)) for one in children(target, "source")}
    if named and not named & {definition.get("id"), node.get("id")}:
        yield error(
            node,
            "link_disagrees",
            "The link “%(element)s” leads to “%(id)s”, which does not name it as a source.",
            id=target.get("name") or target.get("id"),
        )


def timers(diagram: Diagram) -> Iterator[Problem]:
    """A timer says exactly one thing that is a time, and a repeating one stands where it can repeat."""
    for definition in diagram.every("timerEventDefinition"):
        event = definition.getparent()
        given = list(children(definition, *_TIMES))
        if len(given) > 1:
            yield error(
                event, "timer_twice", "The timer “%(element)s” has more than one of date, duration and cycle."
            )
        if event is None or not given:
            continue
        text = text_of(given[0])
        if NAME.match(text) and not is_literal(text):
            yield error(
                event,
                "timer_word",
                "“%(text)s” at the timer “%(element)s” is no date, duration or cycle. If it is a variable, "
                "write =%(text)s.",
                {
                    "action": "set_text",
                    "element": definition.get("id") or event.get("id"),
                    "child": tag_of(given[0]),
                    "value": f"={text}",
                },
                text=text,
            )
        elif not is_literal(text) and (term := spoken_terms.written(text)) is not None:
            yield error(
                event,
                "timer_word",
                "“%(text)s” at the timer “%(element)s” is written as %(term)s.",
                {
                    "action": "set_text",
                    "element": definition.get("id") or event.get("id"),
                    "child": tag_of(given[0]),
                    "value": term,
                },
                text=text,
                term=term,
            )
        if tag_of(given[0]) == "timeCycle":
            yield from _cycle(event, text)


def _cycle(event: Node, text: str) -> Iterator[Problem]:
    cycle = CYCLE.match(text)
    if tag_of(event) == "boundaryEvent" and flag(event, "cancelActivity", True):
        yield error(
            event,
            "cycle_interrupts",
            "The repeating timer “%(element)s” interrupts its step, so it cannot repeat: write a duration.",
            {
                "action": "set_attribute",
                "element": event.get("id"),
                "name": "cancelActivity",
                "value": "false",
            },
        )
    endless = is_cron(text) or (cycle is not None and not cycle.group(1))
    if tag_of(event) == "intermediateCatchEvent" and endless:
        yield error(event, "cycle_endless", "The repeating timer “%(element)s” in the flow would never end.")


__all__ = ["link_target", "links", "timers"]
