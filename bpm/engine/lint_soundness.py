"""Warnings about diagrams that can run and yet look wrong: unreachable steps, joins that wait for ever."""

from __future__ import annotations

from collections.abc import Iterator

from bpm.engine import dialect, vendor
from bpm.engine.lint_walk import containers, flow_nodes, flows, warning
from bpm.engine.problems import Problem
from bpm.engine.references import lanes_of
from bpm.engine.xml import Node, flag, reference, tag_of


def soundness(root: Node) -> Iterator[Problem]:
    """Tell what is legal and probably not meant."""
    for container in containers(root):
        graph = _Graph(container)
        yield from _unreachable(graph)
        yield from _starving_joins(graph)
        yield from _nobody(container)


class _Graph:
    def __init__(self, container: Node) -> None:
        self.nodes = {node.get("id", ""): node for node in flow_nodes(container)}
        self.out: dict[str, list[str]] = {}
        self.into: dict[str, list[str]] = {}
        for flow in flows(container):
            self._add(reference(flow.get("sourceRef")), reference(flow.get("targetRef")))
        for key, node in self.nodes.items():
            if tag_of(node) == "boundaryEvent":
                self._add(reference(node.get("attachedToRef")), key)

    def _add(self, source: str, target: str) -> None:
        self.out.setdefault(source, []).append(target)
        self.into.setdefault(target, []).append(source)

    def reached_from(self, starts: list[str]) -> set[str]:
        found: set[str] = set()
        stack = list(starts)
        while stack:
            key = stack.pop()
            if key not in found:
                found.add(key)
                stack += self.out.get(key, [])
        return found


def _unreachable(graph: _Graph) -> Iterator[Problem]:
    starts = [key for key, node in graph.nodes.items() if tag_of(node) == "startEvent"]
    if not starts:
        return
    links = [key for key, node in graph.nodes.items() if node.find("{*}linkEventDefinition") is not None]
    reached = graph.reached_from(starts + links)
    for key, node in graph.nodes.items():
        alone = flag(node, "triggeredByEvent") or flag(node, "isForCompensation")
        if key not in reached and not alone:
            yield warning(node, "unreachable", "No way leads from the start to “%(element)s”.")


def _starving_joins(graph: _Graph) -> Iterator[Problem]:
    """A parallel join whose branches part at an exclusive gateway waits for a token that never comes."""
    for key, node in graph.nodes.items():
        sources = graph.into.get(key, [])
        if tag_of(node) != "parallelGateway" or len(sources) < 2:
            continue
        splits = {_nearest_split(graph, source) for source in sources}
        split = next(iter(splits)) if len(splits) == 1 else None
        if split is not None and tag_of(graph.nodes[split]) in ("exclusiveGateway", "eventBasedGateway"):
            yield warning(
                node,
                "starving_join",
                "“%(element)s” waits for all branches, but they part at a choice: "
                "only one of them will come.",
            )


def _nearest_split(graph: _Graph, key: str) -> str | None:
    seen: set[str] = set()
    while key in graph.nodes and key not in seen:
        seen.add(key)
        if len(graph.out.get(key, [])) > 1:
            return key
        sources = graph.into.get(key, [])
        if len(sources) != 1:
            return None
        key = sources[0]
    return None


def _nobody(container: Node) -> Iterator[Problem]:
    lanes = lanes_of(container)
    for node in flow_nodes(container):
        if tag_of(node) != "userTask":
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
