"""Node: what all elements have in common — entering, leaving, choosing flows, mappings.

Does not know any kind of element; those stand in the other files of this package.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.bpmn.specs.bpmn_task_spec import BpmnTaskSpec

from bpm.engine.definition import Element
from bpm.engine.diagram.expressions import Formula, Template
from bpm.engine.problems import StepFailed
from bpm.engine.runtime.scopes import Scope
from bpm.engine.runtime.specs.choice import chosen_flows
from bpm.engine.runtime.specs.data import ItemAware, scope_to_write
from bpm.engine.runtime.tokens import STARTED, Token
from bpm.engine.values import hold

if TYPE_CHECKING:
    from bpm.engine.runtime.kernel import Kernel
    from bpm.engine.runtime.specs.events import Listener
    from bpm.engine.runtime.specs.loops import Loop
    from bpm.engine.runtime.specs.process import ProcessSpec


@dataclass(eq=False)
class FlowSpec:
    """A sequence flow between two nodes."""

    id: str
    target: Node
    source: Node
    condition: Formula | None = None
    default: bool = False
    # a flow of our own making (from a link event to its partner) is not told to the history
    drawn: bool = True


@dataclass(frozen=True)
class Mapping:
    """Inputs become local variables; outputs are written to the surrounding scope."""

    inputs: Sequence[tuple[str, Formula | Template]] = ()
    outputs: Sequence[tuple[Formula | Template, str]] = ()


@dataclass(eq=False)
class Wiring:
    """What compiling adds to a node after all nodes are made."""

    flows_in: list[FlowSpec] = field(default_factory=list)
    flows_out: list[FlowSpec] = field(default_factory=list)
    guards: list[Listener] = field(default_factory=list)


class Node(BpmnTaskSpec):
    """A task spec of our own. One object serves all instances: it never keeps state."""

    # an instant element is done in the same step; nothing can interrupt it
    waits = False
    # runs after everything else that is ready
    late = False
    # an event gateway whose events begin an instance
    begins = False

    def __init__(self, spec: ProcessSpec, element: Element, name: str | None = None) -> None:
        super().__init__(spec, name or element.id)  # type: ignore[no-untyped-call]
        self.element = element
        self.bpmn_id = element.id
        self.bpmn_name = element.names.get("en")
        self.wiring = Wiring()
        self.mapping = Mapping()
        self.data: ItemAware | None = None
        # the multi-instance or loop of which this is the inner activity
        self.loop: Loop | None = None
        self.parent_node: Node | None = None

    def serialize(self, serializer: Any, **options: Any) -> Any:
        """Specs are built from the XML, never stored."""
        raise TypeError("a definition is built from its diagram, never stored")

    # ------------------------------------------------------------------------------ arriving

    def arrive(self, parent: Token, flow: FlowSpec | None = None) -> Token:
        """A token comes in over ``flow`` (or because the surrounding activity begins)."""
        token = parent.workflow.create(self, parent)
        parent.workflow.make_ready(token)
        return token

    def _on_ready(self, my_task: Token) -> None:
        """Nothing to assign: SpiffWorkflow's pre-assignments are not used."""

    # ------------------------------------------------------------------------------ entering

    def _run_hook(self, my_task: Token) -> bool | None:
        self.enter(my_task)
        return self.perform(my_task)

    def enter(self, token: Token) -> None:
        """Make local variables of the inputs and tell the history, once."""
        if token.internal_data.get("entered"):
            return
        if self.mapping.inputs:
            self._map_inputs(token)
        if self.data is not None:
            self.data.open(token)
        token.internal_data["entered"] = 1
        token.workflow.record("element_entered", self.element.id, **self.told(token))

    def told(self, token: Token) -> dict[str, Any]:
        """Return what the history keeps of a token that comes or goes."""
        counter = token.internal_data.get("counter")
        return {"token": token.id} if counter is None else {"token": token.id, "instance": counter}

    def _map_inputs(self, token: Token) -> None:
        evaluate = token.workflow.evaluate
        values = [(name, evaluate(text, token.scope)) for name, text in self.mapping.inputs]
        scope = Scope(token.scope, token.workflow.journal)
        for name, value in values:
            scope.declare(name, value)
        token.scope = scope

    def perform(self, token: Token) -> bool | None:
        """Do the element's work: True when it is done, None when it has to wait."""
        return True

    def emptied(self, token: Token) -> None:
        """A token inside has gone; most elements hold none."""

    def again(self, token: Token) -> None:
        """A person has asked to try once more what failed here."""
        token.workflow.make_ready(token)

    def happen(self, token: Token, index: int, kind: str, told: Any) -> None:
        """An event has happened; only listeners care."""
        raise TypeError(f"{self.element.id} listens for nothing")

    def look(self, token: Token) -> None:
        """A variable has changed; only conditional events care."""

    def correlate(self, token: Token) -> None:
        """The correlation of messages has changed; only who waits for one cares."""

    def nobody_else(self, token: Token) -> bool:
        """Nothing else can move; only joins care. True when the token goes on."""
        return False

    # ------------------------------------------------------------------------------- leaving

    def _on_complete(self, my_task: Token) -> None:
        self.leave(my_task)

    def leave(self, token: Token) -> None:
        """Write the outputs, choose the flows, and send a token over each.

        Raises:
            StepFailed: an output or condition fails; the token stays and can be tried again.
        """
        self.hand_over(token)
        flows = chosen_flows(self, token)
        self._drop_guards(token)
        self.took_leave(token)
        self.send(token, flows)
        token.workflow.remove(token)

    def hand_over(self, token: Token) -> None:
        """Write the outputs and move the data, once.

        Raises:
            StepFailed: an expression fails.
        """
        if "outputs" in token.internal_data:
            return
        self.write_outputs(token)
        if self.data is not None:
            self.data.close(token)
        token.internal_data["outputs"] = 1

    def write_outputs(self, token: Token) -> None:
        """Write what the mapping says, from the inner to the outer scope."""
        write_mapped(token, self.mapping.outputs, {})

    def took_leave(self, token: Token) -> None:
        """Tell the history that the element is done."""
        token.workflow.record("element_left", self.element.id, **self.told(token))

    def send(self, token: Token, flows: Sequence[FlowSpec]) -> None:
        """Send one token over each flow."""
        container = token.container
        for flow in flows:
            if flow.drawn:
                token.workflow.record("flow_taken", flow.id, flow=flow.id, token=token.id)
            flow.target.arrive(container, flow)

    def _drop_guards(self, token: Token) -> None:
        for guard in token.internal_data.pop("guards", ()):
            if guard in token.workflow.tasks:
                token.workflow.withdraw(token.workflow.tasks[guard])


def write_mapped(
    token: Token, outputs: Sequence[tuple[Formula | Template, str]], extra: dict[str, Any]
) -> None:
    """Evaluate all outputs, then write them to the scope around the token."""
    if not outputs:
        return
    kernel: Kernel = token.workflow
    values: dict[str, Any] = {}
    for text, target in outputs:
        values[target] = hold(kernel.evaluate(text, token.scope, extra), target)
    for target, value in values.items():
        scope_to_write(token.task_spec, token, target).assign(target, value)


def still_active(token: Token) -> bool:
    """Whether anything inside keeps it open."""
    return any(not child.passive for child in token.inside)


class Container(Node):
    """A node that holds tokens and is done when they are gone."""

    waits = True

    def __init__(self, spec: ProcessSpec, element: Element, name: str | None = None) -> None:
        super().__init__(spec, element, name)
        self.starts: list[Node] = []
        self.event_subprocesses: list[Any] = []
        # its event sub-process that is begun by compensation
        self.undone_by: Node | None = None

    def again(self, token: Token) -> None:
        """If it was open already, look once more whether it can end."""
        if "open" not in token.internal_data or token.leaving:
            super().again(token)
            return
        token._state = STARTED
        self.emptied(token)

    def open(self, token: Token) -> None:
        """Arm the event sub-processes and set the first tokens down."""
        self.arm_handlers(token)
        for start in self.starts:
            start.arrive(token)

    def arm_handlers(self, token: Token) -> None:
        """Let the event sub-processes listen: all of them, or none if an expression fails.

        Raises:
            StepFailed: an expression of a trigger fails.
        """
        starts = [handler.start for handler in self.event_subprocesses if handler.start.listens]
        for start, entries in [(start, start.prepare(token.scope, token)) for start in starts]:
            start.trigger(token, entries)

    def emptied(self, token: Token) -> None:
        """End when only listeners are left."""
        if token._state == STARTED and not token.leaving and not still_active(token):
            for listener in token.inside:
                token.workflow.withdraw(listener)
            token.workflow.finish(token)

    def perform(self, token: Token) -> bool | None:
        """Open; a sub-process in which nothing starts is done at once."""
        if not self.starts:
            raise StepFailed("Nothing starts inside “%(element)s”.", element=self.element.id)
        self.open(token)
        return None
