"""Rules about the lists that steps keep of their flows in and out (BPMN 2.0, 8.4.13)."""

from __future__ import annotations

from collections.abc import Iterator

from bpm.engine.diagram.xml import Node, children, first, reference, tag_of
from bpm.engine.lint.walk import Diagram, error, warning
from bpm.engine.problems import Problem


def flow_lists(diagram: Diagram) -> Iterator[Problem]:
    """Who lists the flows in and out lists those that come and go, all of them (BPMN 2.0, 8.4.13)."""
    for scope in diagram.scopes:
        listing = any(
            first(node, tag) is not None for node in scope.nodes for tag in ("incoming", "outgoing")
        )
        for node in scope.nodes:
            into, out = scope.flows_into(node), scope.flows_from(node)
            # a step between two others that lists nothing at all was written by hand: that is no slip
            bare = bool(into and out) and all(first(node, tag) is None for tag in ("incoming", "outgoing"))
            for tag, own in (("incoming", into), ("outgoing", out)):
                yield from _list(diagram, node, tag, own, listing and not bare)


def _list(diagram: Diagram, node: Node, tag: str, own: list[Node], listing: bool) -> Iterator[Problem]:
    listed = [(one.text or "").strip() for one in children(node, tag)]
    fix = {"action": "list_flows", "element": node.get("id")}
    strange = 0
    for text in listed:
        flow = diagram.found(text)
        if flow is None:
            yield error(
                node,
                "unknown_flow",
                "“%(element)s” lists the flow “%(id)s”, which does not exist.",
                fix,
                id=text,
            )
        elif tag_of(flow) != "sequenceFlow":
            strange += 1
            yield warning(
                node, "listed_no_flow", "“%(element)s” lists “%(id)s” as a flow, which is none.", fix, id=text
            )
        elif flow not in own:
            yield error(
                node,
                "wrong_flow_list",
                "“%(element)s” lists the flow “%(id)s”, which does not begin or end there.",
                fix,
                id=text,
            )
    keys = {reference(text) for text in listed}
    missing = [flow for flow in own if flow.get("id") not in keys]
    if listing and len(missing) > strange:
        yield error(
            node,
            "unlisted_flow",
            "“%(element)s” does not list the flow “%(id)s”, which begins or ends there.",
            fix,
            id=missing[0].get("id") or "",
        )
