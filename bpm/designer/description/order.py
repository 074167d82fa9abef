"""The order in which steps are told: as the arrows lead, a step after all that leads to it, loops aside."""

from __future__ import annotations

from bpm.engine.diagram.elements import FLOW_NODES
from bpm.engine.diagram.xml import Node, children, reference, tag_of


class Flows:
    """Steps and arrows of one process or sub-process."""

    def __init__(self, container: Node) -> None:
        self.steps = {one.get("id", ""): one for one in children(container, *FLOW_NODES)}
        self.flows = [
            one
            for one in children(container, "sequenceFlow")
            if _end(one, "sourceRef") in self.steps and _end(one, "targetRef") in self.steps
        ]
        self.out: dict[str, list[Node]] = {key: [] for key in self.steps}
        self.into: dict[str, list[Node]] = {key: [] for key in self.steps}
        for flow in self.flows:
            self.out[_end(flow, "sourceRef")].append(flow)
            self.into[_end(flow, "targetRef")].append(flow)
        self.attached: dict[str, list[str]] = {}
        for key, one in self.steps.items():
            host = reference(one.get("attachedToRef"))
            if host in self.steps:
                self.attached.setdefault(host, []).append(key)

    def target(self, flow: Node) -> str:
        """Return the id of the step that an arrow leads to, past diamonds where ways only meet."""
        seen = set()
        key = _end(flow, "targetRef")
        while self.is_silent(key) and key not in seen:
            seen.add(key)
            key = _end(self.out[key][0], "targetRef")
        return key

    def is_silent(self, key: str) -> bool:
        """Tell whether nothing is to be told of a step: ways meet there and go on as one."""
        one = self.steps[key]
        return (
            tag_of(one) == "exclusiveGateway"
            and not one.get("name", "").strip()
            and len(self.out[key]) == 1
            and len(self.into[key]) > 1
        )

    def ordered(self) -> list[str]:
        """Return the ids of the steps in the order of telling (reverse post-order, no recursion)."""
        roots = [key for key in self.steps if not self.into[key] and not self._host(key)]
        starts = sorted(roots, key=lambda key: not str(self.steps[key].tag).endswith("}startEvent"))
        seen: set[str] = set()
        told: list[str] = []
        for root in [*reversed(starts), *self.steps]:
            part = self._from(root, seen)
            told = part + told if root in starts else told + part
        return told

    def _host(self, key: str) -> bool:
        return reference(self.steps[key].get("attachedToRef")) in self.steps

    def _from(self, root: str, seen: set[str]) -> list[str]:
        if root in seen:
            return []
        seen.add(root)
        done: list[str] = []
        stack = [(root, iter(self._next(root)))]
        while stack:
            key, following = stack[-1]
            step = next((one for one in following if one not in seen), None)
            if step is None:
                stack.pop()
                done.append(key)
            else:
                seen.add(step)
                stack.append((step, iter(self._next(step))))
        return done[::-1]

    def _next(self, key: str) -> list[str]:
        """Last first, so that the first way is told first."""
        ways = [_end(flow, "targetRef") for flow in self.out[key]]
        return [*reversed(self.attached.get(key, [])), *reversed(ways)]


def _end(flow: Node, name: str) -> str:
    return reference(flow.get(name))
