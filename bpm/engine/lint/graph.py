"""The flows of one process or sub-process as a graph: order, dominators, loops.

Links and boundary events are edges too. Knows nothing of problems.
"""

from __future__ import annotations

from functools import cached_property

from bpm.engine.diagram.elements import ACTIVITIES
from bpm.engine.diagram.xml import first, flag, reference, tag_of, text_of
from bpm.engine.lint.walk import Scope, is_for_compensation

ROOT = "(start)"


class Graph:
    """Steps by id. ``order``: reverse postorder of what is reached from where the scope begins."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.out: dict[str, list[str]] = {}
        self.into: dict[str, list[str]] = {}
        for flow in scope.flows:
            self._add(reference(flow.get("sourceRef")), reference(flow.get("targetRef")))
        for node in scope.nodes:
            if tag_of(node) == "boundaryEvent":
                self._add(reference(node.get("attachedToRef")), node.get("id", ""))
        self._links()
        self.out[ROOT] = self._beginnings()
        for key in self.out[ROOT]:
            self.into.setdefault(key, [])
        self.order = self._reverse_postorder()

    def _add(self, source: str, target: str) -> None:
        if source in self.scope.here and target in self.scope.here:
            self.out.setdefault(source, []).append(target)
            self.into.setdefault(target, []).append(source)

    def _links(self) -> None:
        catching: dict[str, str] = {}
        throwing: list[tuple[str, str, str]] = []
        for node in self.scope.nodes:
            definition = first(node, "linkEventDefinition")
            key = node.get("id", "")
            if definition is None:
                continue
            if tag_of(node) == "intermediateCatchEvent":
                for name in (definition.get("name"), definition.get("id"), key):
                    catching.setdefault(name or "", key)
            else:
                throwing.append(
                    (key, reference(text_of(first(definition, "target"))), definition.get("name") or "")
                )
        for key, target, name in throwing:
            self._add(
                key, catching.get(target) or (target if target in self.scope.here else catching.get(name, ""))
            )

    def _beginnings(self) -> list[str]:
        nodes = self.scope.nodes
        starts = [node.get("id", "") for node in nodes if tag_of(node) == "startEvent"]
        starts += [node.get("id", "") for node in nodes if flag(node, "instantiate")]
        if not starts or tag_of(self.scope.node) == "adHocSubProcess":
            starts += [
                node.get("id", "")
                for node in nodes
                if not self.into.get(node.get("id", ""))
                and tag_of(node) != "boundaryEvent"
                and not is_for_compensation(node)
                and not flag(node, "triggeredByEvent")
            ]
        return list(dict.fromkeys(starts))

    def _reverse_postorder(self) -> dict[str, int]:
        seen, finished = {ROOT}, []
        stack: list[tuple[str, int]] = [(ROOT, 0)]
        while stack:
            key, number = stack.pop()
            targets = self.out.get(key, ())
            if number < len(targets):
                stack.append((key, number + 1))
                if targets[number] not in seen:
                    seen.add(targets[number])
                    stack.append((targets[number], 0))
            else:
                finished.append(key)
        return {key: number for number, key in enumerate(reversed(finished))}

    @cached_property
    def _dominators(self) -> dict[str, str]:
        """The immediate dominators (Cooper, Harvey, Kennedy: A simple, fast dominance algorithm)."""
        found = {ROOT: ROOT}
        begun = set(self.out[ROOT])
        changed = True
        while changed:
            changed = False
            for key in self.order:
                if key == ROOT:
                    continue
                sources = [one for one in self.into.get(key, ()) if one in found]
                sources += [ROOT] if key in begun else []
                new = sources[0]
                for other in sources[1:]:
                    new = self._common(found, new, other)
                if found.get(key) != new:
                    found[key] = new
                    changed = True
        return found

    def _common(self, found: dict[str, str], one: str, other: str) -> str:
        while one != other:
            while self.order[one] > self.order[other]:
                one = found[one]
            while self.order[other] > self.order[one]:
                other = found[other]
        return one

    def dominator(self, key: str) -> str | None:
        """Return the last step that every way to this one passes; None at the beginning."""
        found = self._dominators.get(key)
        return None if found in (None, ROOT) else found

    def ways(self, begin: str, around: str, end: str) -> set[str]:
        """Return the steps from which flows enter ``end``, of those reached from ``begin``.

        Neither ``around`` (the split) nor ``end`` is passed through; the split itself counts if
        ``begin`` is the end, to which it leads directly.
        """
        if begin == end:
            return {around}
        seen, stack = {around, end}, [begin]
        entering: set[str] = set()
        while stack:
            key = stack.pop()
            if key in seen:
                continue
            seen.add(key)
            for target in self.out.get(key, ()):
                if target == end:
                    entering.add(key)
                else:
                    stack.append(target)
        return entering

    def splits_tokens(self, key: str) -> bool:
        """Whether a step sends several tokens at once: a parallel gateway, or flows without conditions."""
        node = self.scope.here[key]
        flows = self.scope.flows_from(node)
        if tag_of(node) == "parallelGateway":
            return len(flows) > 1
        if tag_of(node) in (*ACTIVITIES, "startEvent", "intermediateCatchEvent", "intermediateThrowEvent",
                            "boundaryEvent"):  # fmt: skip
            return sum(first(flow, "conditionExpression") is None for flow in flows) > 1
        return False

    def may_come_twice(self, key: str) -> bool:
        """Whether several tokens may pass a step: a split stands before it, or quantities are not one."""
        for node in self.scope.nodes:
            if node.get("completionQuantity", "1") != "1":
                return True
        current: str | None = key
        while current is not None:
            if current != key and current in self.scope.here and self.splits_tokens(current):
                return True
            current = self.dominator(current)
        return False

    def cycles(self) -> list[set[str]]:
        """Return the strongly connected parts that are loops (Tarjan, without recursion)."""
        index: dict[str, int] = {}
        low: dict[str, int] = {}
        on_stack: set[str] = set()
        stack: list[str] = []
        found: list[set[str]] = []
        for root in list(self.order):
            if root in index:
                continue
            work: list[tuple[str, int]] = [(root, 0)]
            while work:
                key, number = work.pop()
                if number == 0:
                    index[key] = low[key] = len(index)
                    stack.append(key)
                    on_stack.add(key)
                targets = self.out.get(key, ())
                if number > 0 and targets[number - 1] in on_stack:
                    low[key] = min(low[key], low[targets[number - 1]])
                if number < len(targets):
                    work.append((key, number + 1))
                    if targets[number] not in index:
                        work.append((targets[number], 0))
                elif low[key] == index[key]:
                    found.append(self._popped(stack, on_stack, key))
        return [part for part in found if len(part) > 1 or any(key in self.out.get(key, ()) for key in part)]

    def _popped(self, stack: list[str], on_stack: set[str], key: str) -> set[str]:
        part: set[str] = set()
        while True:
            last = stack.pop()
            on_stack.discard(last)
            part.add(last)
            if last == key:
                return part


__all__ = ["Graph"]
