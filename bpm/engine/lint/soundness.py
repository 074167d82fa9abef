"""Rules about diagrams that follow the standard and yet cannot end well.

Joins that wait for ever, tokens that come twice, loops without a way out, steps nobody reaches
or nobody can do. One graph for each process or sub-process; the work grows with its size.
"""

from __future__ import annotations

from collections.abc import Iterator

from bpm.engine import dialect
from bpm.engine.diagram import expressions, vendor
from bpm.engine.diagram.elements import ACTIVITIES
from bpm.engine.diagram.references import kind_of, lanes_of
from bpm.engine.diagram.xml import Node, children, first, flag, reference, tag_of, text_of
from bpm.engine.lint.graph import Graph
from bpm.engine.lint.walk import Diagram, Scope, error, is_for_compensation, warning
from bpm.engine.problems import Problem

_CHOICES = ("exclusiveGateway", "eventBasedGateway")
_JOINS = ("parallelGateway", "inclusiveGateway", "complexGateway")
_WAITING = ("userTask", "manualTask", "task", "serviceTask", "receiveTask", "callActivity", "subProcess",
            "transaction", "adHocSubProcess", "intermediateCatchEvent", "eventBasedGateway")  # fmt: skip


def soundness(diagram: Diagram) -> Iterator[Problem]:
    """Tell what is legal and cannot be meant."""
    for scope in diagram.scopes:
        graph = Graph(scope)
        yield from _unreachable(scope, graph)
        if tag_of(scope.node) != "adHocSubProcess":
            yield from _joins(scope, graph)
            yield from _cycles(scope, graph)
        yield from _nobody(scope)
        yield from _conditions(scope)
    yield from _uncaught(diagram)
    yield from _never_sent(diagram)


def _unreachable(scope: Scope, graph: Graph) -> Iterator[Problem]:
    for node in scope.nodes:
        alone = flag(node, "triggeredByEvent") or is_for_compensation(node)
        if not alone and node.get("id", "") not in graph.order:
            yield warning(node, "unreachable", "No way leads from the start to “%(element)s”.")


# ---------------------------------------------------------------------------------- joins


def _joins(scope: Scope, graph: Graph) -> Iterator[Problem]:
    for node in scope.nodes:
        key = node.get("id", "")
        if len(graph.into.get(key, ())) < 2 or key not in graph.order:
            continue
        split = graph.dominator(key)
        if split is None or split not in scope.here or split == key:
            continue
        if tag_of(node) == "parallelGateway":
            yield from _starving(scope, graph, node, split)
        elif tag_of(node) not in (*_JOINS, "endEvent"):
            yield from _doubled(scope, graph, node, split)


def _starving(scope: Scope, graph: Graph, join: Node, split: str) -> Iterator[Problem]:
    """A parallel join whose ways part at a choice gets a token on one of them only."""
    kind, key = tag_of(scope.here[split]), join.get("id", "")
    if kind not in (*_CHOICES, "inclusiveGateway") or len(graph.out.get(split, ())) < 2:
        return
    needed = {source for source in graph.into[key] if source in graph.order}
    if any(needed <= graph.ways(way, split, key) for way in graph.out[split]):
        return
    fix = {"action": "change_gateway", "element": key, "to": "exclusiveGateway"}
    if kind == "inclusiveGateway":
        yield warning(
            join,
            "maybe_starving_join",
            "“%(element)s” waits for all branches, but at “%(split)s” some of them may not be taken: "
            "join them by an inclusive gateway.",
            {"action": "change_gateway", "element": key, "to": "inclusiveGateway"},
            split=scope.here[split].get("name") or split,
        )
    elif graph.may_come_twice(split):
        yield warning(
            join,
            "maybe_starving_join",
            "“%(element)s” waits for all branches, but at “%(split)s” some of them may not be taken: "
            "join them by an inclusive gateway.",
            fix,
            split=scope.here[split].get("name") or split,
        )
    else:
        yield warning(
            join,
            "starving_join",
            "“%(element)s” waits for all branches, but they part at the choice “%(split)s”: only one of them "
            "will come, so it waits for ever.",
            fix,
            split=scope.here[split].get("name") or split,
        )


def _doubled(scope: Scope, graph: Graph, node: Node, split: str) -> Iterator[Problem]:
    """Branches that run at once and meet without a join: what follows happens once for each."""
    if not graph.splits_tokens(split):
        return
    key = node.get("id", "")
    ways = [reference(flow.get("targetRef")) for flow in scope.flows_from(scope.here[split])]
    arriving = [way for way in ways if way == key or graph.ways(way, split, key)]
    if len(arriving) > 1:
        yield warning(
            node,
            "doubled_tokens",
            "Branches that run at once meet at “%(element)s” without being joined: from there on everything "
            "happens more than once.",
            {"action": "change_gateway", "element": key, "to": "parallelGateway"}
            if tag_of(node) == "exclusiveGateway"
            else None,
        )


# --------------------------------------------------------------------------------- cycles


def _cycles(scope: Scope, graph: Graph) -> Iterator[Problem]:
    """A loop that nothing leads out of never ends; if nothing waits in it, it never even rests."""
    if any(flag(node, "triggeredByEvent") for node in scope.nodes):
        return
    for cycle in graph.cycles():
        if any(target not in cycle for key in cycle for target in graph.out.get(key, ())):
            continue
        node = scope.here[min(cycle, key=lambda key: graph.order.get(key, 0))]
        if any(tag_of(scope.here[key]) in _WAITING for key in cycle):
            yield warning(
                node,
                "no_way_out",
                "No way leads out of the loop at “%(element)s”, so the case can never end.",
            )
        else:
            yield error(
                node,
                "endless_cycle",
                "The loop at “%(element)s” goes round for ever: nothing waits in it and no way leads out.",
            )


# ----------------------------------------------------------------------- persons, conditions


def _nobody(scope: Scope) -> Iterator[Problem]:
    lanes = lanes_of(scope.node)
    for node in scope.nodes:
        if tag_of(node) != "userTask" or any(
            True for _one in children(node, "potentialOwner", "humanPerformer")
        ):
            continue
        found = dialect.read(node)
        vendor.read(node, found)
        named = {"assignment", "candidate_groups", "candidate_users", "voting"} & set(found)
        if not named and not lanes.get(node.get("id", ""), {}).get("name"):
            yield warning(
                node,
                "nobody",
                "Nobody is named for “%(element)s”: neither a person, nor a group, nor a lane.",
            )


def _conditions(scope: Scope) -> Iterator[Problem]:
    for node in scope.nodes:
        if tag_of(node) not in (*ACTIVITIES, "exclusiveGateway", "inclusiveGateway"):
            continue
        seen: set[str] = set()
        for flow in scope.flows_from(node):
            text = expressions.unmarked(text_of(first(flow, "conditionExpression")))[0]
            if not text or reference(node.get("default")) == flow.get("id"):
                continue
            if text in ("true", "false"):
                yield warning(
                    flow,
                    "constant_condition",
                    "The condition of “%(element)s” is always %(value)s.",
                    {"action": "remove_condition", "element": flow.get("id")},
                    value=text,
                )
            elif text in seen and tag_of(node) == "exclusiveGateway":
                yield warning(
                    flow,
                    "same_condition",
                    "Another flow out of the same gateway has the condition of “%(element)s”, so this one is "
                    "never taken.",
                )
            seen.add(text)


# ------------------------------------------------------------------------ thrown and caught


def _uncaught(diagram: Diagram) -> Iterator[Problem]:
    """An error or escalation that is thrown should be caught somewhere around."""
    references = diagram.references
    for scope in diagram.scopes:
        for node in scope.nodes:
            if tag_of(node) not in ("endEvent", "intermediateThrowEvent"):
                continue
            for definition in references.definitions_of(node):
                kind = kind_of(definition)
                if kind not in ("error", "escalation"):
                    continue
                declared = references.named(definition, kind)
                code = "" if declared is None else declared.get(f"{kind}Code") or declared.get("id") or ""
                if not _is_caught(diagram, scope.node, kind, code):
                    yield warning(
                        node,
                        "uncaught",
                        "Nothing in the diagram catches what “%(element)s” throws (%(kind)s %(code)s).",
                        kind=kind,
                        code=code,
                    )


def _is_caught(diagram: Diagram, container: Node, kind: str, code: str) -> bool:
    current: Node | None = container
    while current is not None and tag_of(current) != "definitions":
        for handler in children(current, "subProcess"):
            if flag(handler, "triggeredByEvent") and any(
                _catches(diagram, start, kind, code) for start in children(handler, "startEvent")
            ):
                return True
        parent = current.getparent()
        if parent is not None and any(
            reference(one.get("attachedToRef")) == current.get("id") and _catches(diagram, one, kind, code)
            for one in children(parent, "boundaryEvent")
        ):
            return True
        current = parent
    return False


def _catches(diagram: Diagram, event: Node, kind: str, code: str) -> bool:
    for definition in diagram.references.definitions_of(event):
        if kind_of(definition) != kind:
            continue
        declared = diagram.references.named(definition, kind)
        own = "" if declared is None else declared.get(f"{kind}Code") or declared.get("id", "")
        if declared is None or own in ("", code):
            return True
    return False


def _never_sent(diagram: Diagram) -> Iterator[Problem]:
    """Between pools of one file a message that is awaited is sent by somebody."""
    if sum(bool(scope.nodes) for scope in diagram.scopes if tag_of(scope.node) == "process") < 2:
        return
    references = diagram.references
    ends = {reference(flow.get("targetRef")) for flow in diagram.every("messageFlow")}
    sent: set[str] = {reference(task.get("messageRef")) for task in diagram.every("sendTask")}
    for node in diagram.every("endEvent", "intermediateThrowEvent"):
        sent |= {reference(one.get("messageRef")) for one in references.definitions_of(node)}
    if not sent - {""}:
        return
    for node in diagram.every("intermediateCatchEvent", "boundaryEvent", "receiveTask"):
        awaited = {reference(node.get("messageRef"))} | {
            reference(one.get("messageRef")) for one in references.definitions_of(node)
        }
        awaited.discard("")
        if awaited and not awaited & sent and node.get("id") not in ends:
            yield warning(
                node, "never_sent", "No pool of this file sends the message that “%(element)s” waits for."
            )


__all__ = ["soundness"]
