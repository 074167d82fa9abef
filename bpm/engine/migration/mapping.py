"""Which element of one version of a process is which element of another, and whether they fit.

By id, unless a mapping says otherwise. Pure: reads definitions only.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bpm.engine.definition import Definition
from bpm.engine.runtime.placing import name_of
from bpm.engine.runtime.specs.base import Node
from bpm.engine.runtime.specs.events import Listener
from bpm.engine.runtime.specs.loops import Loop, MultiInstance
from bpm.engine.runtime.specs.process import ROOT
from bpm.engine.runtime.specs.triggers import Trigger
from bpm.errors import Invalid
from bpm.language import _

Given = Mapping[str, str | None]


class ElementMap:
    """From elements and flows of ``old`` to those of ``new``.

    ``given``: ids of renamed ones; None says that an element is given up.

    Raises:
        Invalid: the mapping names an element that a version does not have.
    """

    def __init__(self, old: Definition, new: Definition, given: Given) -> None:
        self.old, self.new, self.given = old, new, dict(given)
        for source, target in self.given.items():
            if source not in old.elements and source not in old.flows:
                raise Invalid(_("The old version has no element “%(element)s” to map.", element=source))
            if target is not None and target not in new.elements and target not in new.flows:
                raise Invalid(_("The new version has no element “%(element)s”.", element=target))

    def element(self, key: str) -> str | None:
        """Return the id of an element in the new version; None if it has none there."""
        if key in self.given:
            return self.given[key]
        return key if key in self.new.elements else None

    def node(self, node: Node) -> Node | None:
        """Return the node of the new version that takes the place of one of the old version."""
        specs = self.new.spec.task_specs
        if node.name == ROOT:
            return specs[ROOT]  # type: ignore[no-any-return]
        found = specs.get(self.element(node.element.id) or "")
        if not isinstance(found, Node):
            return None
        if node.loop is None:
            return found
        return found.inner if isinstance(found, Loop) else None

    def named(self, name: str) -> str | None:
        """Return the name of a node of the new version by the name of one of the old version."""
        node = self.old.spec.task_specs.get(name)
        found = self.node(node) if isinstance(node, Node) else None
        return found.name if found is not None else None

    def flow_into(self, old: Node, new: Node, flow_id: str) -> str | None:
        """Return the flow into ``new`` that stands for one into ``old``: by mapping, id, or source."""
        mapped = self.given.get(flow_id, flow_id)
        if any(flow.id == mapped for flow in new.wiring.flows_in):
            return mapped
        source = next((flow.source for flow in old.wiring.flows_in if flow.id == flow_id), None)
        origin = self.node(source) if source is not None else None
        found = [flow.id for flow in new.wiring.flows_in if flow.source is origin]
        return found[0] if len(found) == 1 else None


def misfit(old: Node, new: Node) -> str | None:
    """Return why a token at ``old`` cannot stand at ``new``, in words; None if it can."""
    if isinstance(old, Loop) is not isinstance(new, Loop):
        return _("“%(step)s” is done once in one version and repeatedly in the other.", step=name_of(old))
    if type(old) is not type(new):
        return _("“%(step)s” is another kind of element in the new version.", step=name_of(old))
    if isinstance(old, MultiInstance) and isinstance(new, MultiInstance):
        if old.sequential is not new.sequential:
            return _("“%(step)s” asks one after the other in one version and all at once in the other.",
                     step=name_of(old))  # fmt: skip
        if (old.voting is None) is not (new.voting is None):
            return _("“%(step)s” takes a vote in one version and none in the other.", step=name_of(old))
    if isinstance(old, Listener) and isinstance(new, Listener) and kinds(old) != kinds(new):
        return _("“%(step)s” waits for another kind of event in the new version.", step=name_of(old))
    return None


def kinds(listener: Listener) -> list[str]:
    """Return what an event waits for, trigger by trigger."""
    return [trigger.kind for trigger in listener.triggers]


def same_trigger(old: Trigger, new: Trigger) -> bool:
    """Tell whether two triggers are defined alike: what waits for the one need not wait anew."""
    return _definition(old) == _definition(new)


def _definition(trigger: Trigger) -> tuple[Any, ...]:
    texts = (trigger.name, trigger.correlation, trigger.term)
    return (
        trigger.kind,
        trigger.timer,
        trigger.working,
        *(one.text if one is not None else None for one in texts),
    )
