"""The process itself: the spec that holds all nodes, and the node of the outermost token."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec
from SpiffWorkflow.specs.WorkflowSpec import WorkflowSpec

from bpm.engine.definition import Element
from bpm.engine.diagram.expressions import Formula, Template
from bpm.engine.runtime.specs.base import Container, Node, still_active
from bpm.engine.runtime.tokens import STARTED, Token, split_token

# no element of a diagram can have this id: XML ids never begin with a space
ROOT = " process"


class ProcessSpec(BpmnProcessSpec):
    """A process and everything inside it, sub-processes included, as one graph.

    Made without SpiffWorkflow's own start and end tasks: a token stands in its container, so
    a container knows by itself when it is empty.
    """

    task_specs: dict[str, Any]

    def __init__(self, name: str) -> None:
        WorkflowSpec.__init__(self, name=name)
        self.svg = None
        self.io_specification = None
        self.data_objects: dict[str, Any] = {}
        self.data_stores: dict[str, Any] = {}
        self.correlation_keys: dict[str, Any] = {}
        self.bpmn_start_events: list[Any] = []
        self.end: Any = None

    def _add_notify(self, task_spec: Node) -> None:
        WorkflowSpec._add_notify(self, task_spec)


class ProcessRoot(Container):
    """The node of the token in which everything stands."""

    settings: Sequence[tuple[str, Formula | Template]] = ()

    def __init__(self, spec: ProcessSpec, element: Element) -> None:
        super().__init__(spec, element, ROOT)

    def enter(self, token: Token) -> None:
        """Give the settings their values unless the starter gave them already."""
        scope = token.scope
        for name, text in self.settings:
            if scope.holder(name) is None:
                scope.declare(name, token.workflow.evaluate(text, scope))
        token.internal_data["entered"] = 1

    def open(self, token: Token) -> None:
        """Begin at the start event that was asked for, else where the process begins."""
        self.arm_handlers(token)
        wanted = token.internal_data.get("start")
        if wanted is None:
            for start in self.starts:
                start.arrive(token)
            return
        start_id, index = split_token(wanted)
        start = self._wf_spec.task_specs[start_id]
        gateway = next((flow.source for flow in start.wiring.flows_in if flow.source.begins), None)
        child = start.arrive(token) if gateway is None else gateway.begin_behind(token, start)
        child.internal_data["trigger"] = index
        if "event" in token.held:
            child.held["event"] = token.held["event"]

    def emptied(self, token: Token) -> None:
        """The instance ends when only listeners are left."""
        if token._state != STARTED or still_active(token):
            return
        kernel = token.workflow
        kernel.close()
        kernel.record("process_ended", None, outcome=kernel.outcome)
