"""What every part of an expression gave, so that a decision can be understood afterwards."""

from __future__ import annotations

from typing import Any

from bpm.feel import tree

_SILENT = (tree.Literal, tree.AtLiteral, tree.Term, tree.Entry, tree.Argument)


class Trace:
    """Collects the values of nodes; of a node visited often, as in a loop, the first few."""

    def __init__(self, text: str, per_node: int = 3) -> None:
        self.text = text
        self.per_node = per_node
        self.found: list[tuple[str, Any]] = []
        self._counts: dict[int, int] = {}

    def watch(self, node: tree.Node, value: Any) -> None:
        """Note what ``node`` gave."""
        if isinstance(node, _SILENT):
            return
        count = self._counts[id(node)] = self._counts.get(id(node), 0) + 1
        part = self.text[node.start : node.end]
        if count <= self.per_node and (part, value) not in self.found[-20:]:
            self.found.append((part, value))
