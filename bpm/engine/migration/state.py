"""Translates the state of a run from one version to another: names, flows, waits of every token.

Works on the stored rows (see ``runtime/state.py``) and notes in the plan what becomes of each token. What
cannot be told to be the same is refused there, never guessed. Writes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import orjson

from bpm.engine.migration.mapping import ElementMap, kinds, misfit
from bpm.engine.migration.plan import Change, InstancePlan, Step
from bpm.engine.runtime.placing import holder_of, name_of
from bpm.engine.runtime.specs.base import Container, Node
from bpm.engine.runtime.specs.events import EventSubProcess, Listener
from bpm.engine.runtime.specs.loops import Loop
from bpm.engine.runtime.specs.process import ROOT
from bpm.language import _

_ID, _PARENT, _STATE, _NAME, _NOTES = range(5)


@dataclass
class Translation:
    """The new state, and what has to be done to the run that is loaded from it.

    ``wrapped``: for tokens that come to stand in sub-processes which the old version did not have, the
    nodes of these, the outermost first. ``renamed``: new element by token.
    """

    state: bytes = b""
    wrapped: dict[str, list[Node]] = field(default_factory=dict)
    renamed: dict[str, tuple[str, str]] = field(default_factory=dict)
    old_nodes: dict[str, Node] = field(default_factory=dict)


def translate(state: bytes, elements: ElementMap, plan: InstancePlan) -> Translation:
    """Return the state for the new version; ``plan.possible`` says whether it can be used."""
    return _Translator(state, elements, plan).result()


class _Translator:
    def __init__(self, state: bytes, elements: ElementMap, plan: InstancePlan) -> None:
        self.stored = orjson.loads(state)
        self.elements = elements
        self.plan = plan
        self.found = Translation()
        # by token: its node in the new version
        self.nodes: dict[int, Node] = {}
        self.dropped: set[int] = set()

    def result(self) -> Translation:
        rows = []
        for row in self.stored["tokens"]:
            old = self.elements.old.spec.task_specs[row[_NAME]]
            self.found.old_nodes[str(row[_ID])] = old
            notes = row[_NOTES] or {}
            if notes.get("for"):
                new = self._passive(row, old, notes)
            else:
                new = self._active(row, old, notes)
            if new is None:
                self.dropped.add(row[_ID])
                continue
            self.nodes[row[_ID]] = new
            rows.append([*row[:_NAME], new.name, self._notes(row, old, new, notes) or 0, *row[_NOTES + 1 :]])
        for row in rows:
            self._forget_dropped(row)
        self.stored["tokens"] = rows
        self._outcome()
        if self.plan.possible:
            self.found.state = orjson.dumps(self.stored)
        return self.found

    # ------------------------------------------------------------------------- active tokens

    def _active(self, row: list[Any], old: Node, notes: dict[str, Any]) -> Node | None:
        token, element = str(row[_ID]), old.element.id
        new = self.elements.node(old)
        reason = self._why_not(row, old, new)
        if reason:
            self._step(token, old, "cannot", None, reason)
            return None
        assert new is not None
        if old.name != ROOT and "counter" not in notes:
            moves = new.element.id != element
            self._step(token, old, "moves" if moves else "stays", new.element.id, "")
        if old.name != ROOT and new.element.id != element:
            self.found.renamed[token] = (element, new.element.id)
        return new

    def _step(self, token: str, old: Node, action: Any, target: str | None, reason: str) -> None:
        self.plan.steps.append(Step(token, old.element.id, name_of(old), action, target, reason))

    def _why_not(self, row: list[Any], old: Node, new: Node | None) -> str:
        if row[_PARENT] in self.dropped:
            return _("“%(step)s” stands inside of something that cannot go over.", step=name_of(old))
        if new is None:
            if old.loop is not None and self.elements.element(old.element.id) is not None:
                return _(
                    "“%(step)s” is done once in one version and repeatedly in the other.", step=name_of(old)
                )
            return _(
                "Version %(number)s has no step “%(step)s” (%(id)s): map %(id)s to one of its steps, or move "
                "the case to another step first.",
                number=self.plan.to_version, step=name_of(old), id=old.element.id,
            )  # fmt: skip
        return misfit(old, new) or self._misplaced(row, old, new)

    def _misplaced(self, row: list[Any], old: Node, new: Node) -> str:
        """A token must stand in the same sub-process as before, or in new ones within it."""
        if old.name == ROOT or old.loop is not None:
            return ""
        around = self.nodes[row[_PARENT]]
        if not isinstance(around, Container) or isinstance(around, Loop):
            return ""  # compensation runs inside of what asked for it
        chain: list[Node] = []
        holder = holder_of(new)
        while holder is not None and holder is not around:
            chain.insert(0, holder)
            holder = holder_of(holder)
        if holder is None:
            return _(
                "“%(step)s” stands in “%(around)s” now, and elsewhere in version %(number)s. Move the case "
                "out of “%(around)s” first.",
                step=name_of(old), around=name_of(around), number=self.plan.to_version,
            )  # fmt: skip
        for one in chain:
            own_variables = one.mapping.inputs or one.data is not None
            if one.loop is not None or isinstance(one, EventSubProcess) or own_variables:
                return _(
                    "“%(step)s” stands inside of “%(around)s” in version %(number)s, which cannot be begun "
                    "around it.",
                    step=name_of(old), around=name_of(one), number=self.plan.to_version,
                )  # fmt: skip
        if chain:
            self.found.wrapped[str(row[_ID])] = chain
        return ""

    # ------------------------------------------------------------------------ passive tokens

    def _passive(self, row: list[Any], old: Node, notes: dict[str, Any]) -> Node | None:
        if row[_PARENT] in self.dropped:
            return None
        new = self.elements.node(old)
        assert isinstance(old, Listener)
        if isinstance(new, Listener) and kinds(new) == kinds(old) and self._still_there(row, new, notes):
            if new.element.id != old.element.id:
                self.found.renamed[str(row[_ID])] = (old.element.id, new.element.id)
            return new
        text = _("“%(event)s” is no longer waited for.", event=name_of(old))
        self.plan.changes.append(Change(old.element.id, "watch_removed", text))
        return None

    def _still_there(self, row: list[Any], new: Listener, notes: dict[str, Any]) -> bool:
        """Whether the event is where it can be listened for: at the same activity, gateway or scope."""
        around = self.nodes[row[_PARENT]]
        place = notes["for"]
        if place == "guard":
            old_host = self.found.old_nodes.get(notes["host"]) or self._host(notes["host"])
            return new.host is not None and new.host is self.elements.node(old_host)
        if place == "branch":
            return any(flow.target is new for flow in around.wiring.flows_out)
        handlers = getattr(around, "event_subprocesses", ())
        return any(handler.start is new for handler in handlers)

    def _host(self, token: str) -> Node:
        name = next(row[_NAME] for row in self.stored["tokens"] if str(row[_ID]) == token)
        node: Node = self.elements.old.spec.task_specs[name]
        return node

    # --------------------------------------------------------------------------------- notes

    def _notes(self, row: list[Any], old: Node, new: Node, notes: dict[str, Any]) -> dict[str, Any]:
        notes = dict(notes)
        if isinstance(notes.get("arrived"), dict):
            notes["arrived"] = self._arrived(row, old, new, notes["arrived"])
        if "consumed" in notes:
            notes["consumed"] = sorted(self._arrived(row, old, new, dict.fromkeys(notes["consumed"], 1)))
        for kind in ("done", "undo", "plan"):
            if isinstance(notes.get(kind), list):
                notes[kind] = self._done(row, old, notes[kind])
        if "start" in notes:
            notes["start"] = self.elements.element(notes["start"]) or notes["start"]
        if notes.get("for") == "branch":
            around = self.nodes[row[_PARENT]]
            notes["flow"] = next(flow.id for flow in around.wiring.flows_out if flow.target is new)
        if "next" in notes and isinstance(new, Container):
            notes["next"] = min(notes["next"], len(new.starts))
        return notes

    def _arrived(self, row: list[Any], old: Node, new: Node, arrived: dict[str, int]) -> dict[str, int]:
        """A gateway remembers over which flows tokens came; each must have its like."""
        found: dict[str, int] = {}
        for flow_id, count in arrived.items():
            mapped = self.elements.flow_into(old, new, flow_id) if flow_id else ""
            if mapped is None:
                reason = _(
                    "At “%(step)s” a token came over the flow %(flow)s, which version %(number)s does not "
                    "have: map %(flow)s to one of its flows into that gateway.",
                    step=name_of(old), flow=flow_id, number=self.plan.to_version,
                )  # fmt: skip
                self._step(str(row[_ID]), old, "cannot", None, reason)
                continue
            found[mapped] = found.get(mapped, 0) + count
        return found

    def _done(self, row: list[Any], old: Node, done: list[Any]) -> list[Any]:
        """What was done and may have to be undone; given up only if the mapping says so."""
        found = []
        for name, inside, *rest in done:
            node = self.elements.old.spec.task_specs[name]
            mapped = self.elements.named(name)
            if mapped is not None:
                found.append([mapped, self._done(row, old, inside), *rest])
            elif node.element.id in self.elements.given:
                text = _("“%(step)s” was done and will never be undone.", step=name_of(node))
                self.plan.changes.append(Change(node.element.id, "forgotten", text))
            else:
                reason = _(
                    "“%(step)s” (%(id)s) was done and may have to be undone, but version %(number)s does not "
                    "have it: map %(id)s, or map it to nothing to give that up.",
                    step=name_of(node), id=node.element.id, number=self.plan.to_version,
                )  # fmt: skip
                self._step(str(row[_ID]), node, "cannot", None, reason)
        return found

    def _forget_dropped(self, row: list[Any]) -> None:
        notes = row[_NOTES]
        if notes and "guards" in notes:
            notes["guards"] = [guard for guard in notes["guards"] if int(guard) not in self.dropped]

    def _outcome(self) -> None:
        outcome = self.stored.get("outcome")
        if outcome is not None:
            self.stored["outcome"] = self.elements.element(outcome) or outcome
