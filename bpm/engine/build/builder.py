"""Builds the specs of one process from its XML, and notes what cannot be built.

Walks the containers, makes the nodes, connects them. How one kind of element is made stands in
``activities.py``, ``events.py`` …. Never raises for a fault of the diagram: it becomes a
Problem, so that all of them are told at once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bpm.engine import dialect
from bpm.engine.build import wiring
from bpm.engine.build.activities import make_activity
from bpm.engine.build.data import Items
from bpm.engine.build.events import make_event
from bpm.engine.definition import Element, Flow, StartEvent
from bpm.engine.diagram import expressions, vendor
from bpm.engine.diagram.elements import ACTIVITIES, EVENTS, FLOW_NODES
from bpm.engine.diagram.expressions import Formula, NotAnExpression, Template
from bpm.engine.diagram.references import References, kind_of, lanes_of
from bpm.engine.diagram.xml import Node as Xml
from bpm.engine.diagram.xml import children, first, flag, reference, tag_of, text_of
from bpm.engine.problems import Problem
from bpm.engine.runtime.specs.base import Container, FlowSpec, Node
from bpm.engine.runtime.specs.base import Mapping as MappingSpec
from bpm.engine.runtime.specs.gateways import (
    ComplexGateway,
    EventGateway,
    ExclusiveGateway,
    InclusiveGateway,
    ParallelGateway,
)
from bpm.engine.runtime.specs.process import ProcessRoot, ProcessSpec

GATEWAYS = {
    "exclusiveGateway": ExclusiveGateway,
    "parallelGateway": ParallelGateway,
    "inclusiveGateway": InclusiveGateway,
    "complexGateway": ComplexGateway,
    "eventBasedGateway": EventGateway,
}
NESTING_LIMIT = 30


class Builder:
    """Builds one process."""

    def __init__(self, root: Xml, process: Xml) -> None:
        self.references = References(root)
        self.process = process
        self.process_id = process.get("id", "")
        self.spec = ProcessSpec(self.process_id)
        self.elements: dict[str, Element] = {}
        self.flows: dict[str, Flow] = {}
        self.nodes: dict[str, Node] = {}
        self.problems: list[Problem] = []
        self.start_events: list[StartEvent] = []
        self.called: set[str] = set()
        self.decisions: set[str] = set()
        self.connectors: set[str] = set()
        self.depth = 0
        self.extensions = self.read_extensions(process)
        self.items = Items(root)
        self.root = ProcessRoot(self.spec, self.element(process, None, {}))
        self.root.settings = self._settings()
        for language, text in self.extensions.get("titles", {}).items():
            self.template(text, self.process_id, f"title ({language})")
        self.fill(process, self.root)

    # ------------------------------------------------------------------------------- problems

    def problem(self, element: str | None, code: str, message: str, /, **values: Any) -> None:
        """Note an error at an element."""
        self.problems.append(Problem(element, code, message, values))

    def warn(self, element: str | None, code: str, message: str, /, **values: Any) -> None:
        """Note a warning at an element."""
        self.problems.append(Problem(element, code, message, values, "warning"))

    # ---------------------------------------------------------------------------- expressions

    def formula(self, text: str, element: str | None, where: str) -> Formula:
        """Compile a FEEL expression; one that is none is noted and counts as null."""
        compiled: Formula = self._compiled(expressions.formula, text, element, where)
        return compiled

    def value(self, text: str, element: str | None, where: str) -> Formula | Template:
        """Compile ``=expression`` or a text with {FEEL} parts."""
        compiled: Formula | Template = self._compiled(expressions.value, text, element, where)
        return compiled

    def template(self, text: str, element: str | None, where: str) -> Template | Formula:
        """Compile a text with {FEEL} parts."""
        compiled: Template | Formula = self._compiled(expressions.template, text, element, where)
        return compiled

    def _compiled(self, compiler: Callable[[str], Any], text: str, element: str | None, where: str) -> Any:
        try:
            compiled = compiler(text)
        except NotAnExpression as error:
            self.problem(
                element,
                "not_feel",
                "The %(where)s “%(text)s” is no FEEL expression. %(why)s",
                where=where,
                text=text.strip()[:200],
                why=error.message,
            )
            return expressions.formula("null")
        self.check_functions(compiled, element, where)
        return compiled

    def check_functions(self, compiled: Formula | Template, element: str | None, where: str) -> None:
        """Note calls of functions whose names show that another language was meant."""
        parts = (compiled,) if isinstance(compiled, Formula) else compiled.parts
        for part in parts:
            if isinstance(part, Formula):
                odd = expressions.foreign_words(part)
                if odd:
                    self.problem(
                        element,
                        "not_feel_name",
                        "The %(where)s “%(text)s” uses “%(name)s”, which FEEL does not know.",
                        where=where,
                        text=part.text[:200],
                        name=odd,
                    )

    # ------------------------------------------------------------------------------- elements

    def read_extensions(self, node: Xml) -> dict[str, Any]:
        """Return what our dialect, Camunda and Zeebe say of an element."""
        found = dialect.read(node)
        vendor.read(node, found)
        return found

    def element(self, node: Xml, parent: str | None, lanes: Mapping[str, Mapping[str, str]]) -> Element:
        """Note and return the element of an XML node."""
        tag = tag_of(node)
        definitions = self.references.definitions_of(node) if tag in EVENTS else []
        kinds = [kind_of(one) for one in definitions]
        event = kinds[0] if len(kinds) == 1 else ("multiple" if kinds else None)
        key = node.get("id", "")
        interrupting = flag(node, "cancelActivity" if tag == "boundaryEvent" else "isInterrupting", True)
        found = Element(
            key,
            tag,
            dialect.named(node),
            parent,
            event,
            reference(node.get("attachedToRef")) or None,
            interrupting,
            lanes.get(key),
            self.extensions if node is self.process else self.read_extensions(node),
        )
        self.elements[key] = found
        return found

    def _settings(self) -> list[tuple[str, Formula | Template]]:
        return [
            (setting["name"], self.value(setting["value"], self.process_id, f"setting {setting['name']}"))
            for setting in self.extensions.get("settings", ())
        ]

    # ----------------------------------------------------------------------------- containers

    def fill(self, container: Xml, holder: Container) -> None:
        """Build everything that stands in a process or sub-process."""
        self.depth += 1
        if self.depth > NESTING_LIMIT:
            self.problem(
                holder.element.id,
                "nested_too_deeply",
                "Sub-processes are nested more than %(limit)s levels deep.",
                limit=NESTING_LIMIT,
            )
            self.depth -= 1
            return
        lanes = lanes_of(container)
        made = [(node, self._node(node, holder, lanes)) for node in container if tag_of(node) in FLOW_NODES]
        here = {node.get("id", ""): spec for node, spec in made}
        self._connect(container, here)
        wiring.attach(made, here)
        wiring.join_links(made)
        wiring.tie_compensation(container, here)
        wiring.find_starts(self, holder, made)
        wiring.find_reach(here)
        self._data_stores(container)
        self.depth -= 1

    def _data_stores(self, container: Xml) -> None:
        for node in children(container, "dataStoreReference"):
            self.warn(
                node.get("id"),
                "data_store",
                "What is written to the data store “%(element)s” is seen in the same case only.",
                element=node.get("name") or node.get("id", ""),
            )

    def _node(self, node: Xml, holder: Container, lanes: Mapping[str, Mapping[str, str]]) -> Node:
        element = self.element(node, holder.element.id, lanes)
        tag = tag_of(node)
        spec: Node
        if tag in ACTIVITIES:
            spec = make_activity(self, node, element)
        elif tag in EVENTS:
            spec = make_event(self, node, element)
        else:
            spec = self._gateway(node, element)
        spec.parent_node = holder
        self.nodes[element.id] = spec
        return spec

    def _gateway(self, node: Xml, element: Element) -> Node:
        spec: Node = GATEWAYS[tag_of(node)](self.spec, element)
        condition = text_of(first(node, "activationCondition"))
        if isinstance(spec, ComplexGateway) and condition:
            spec.activation = self.formula(condition, element.id, "activation condition")
        if isinstance(spec, EventGateway):
            spec.begins = flag(node, "instantiate")
            spec.parallel = node.get("eventGatewayType") == "Parallel"
        return spec

    def mapping(self, element: Element) -> MappingSpec:
        """Compile the inputs and outputs of an element."""
        given = element.extensions.get("mapping")
        if not given:
            return MappingSpec()
        inputs = [(name, self.value(text, element.id, f"input {name}")) for name, text in given["inputs"]]
        outputs = [
            (self.value(text, element.id, f"output {target}"), target) for text, target in given["outputs"]
        ]
        for name in [name for name, _text in inputs] + [target for _text, target in outputs]:
            self.check_name(name, element.id)
        return MappingSpec(inputs, outputs)

    def check_name(self, name: str, element: str | None) -> None:
        """Note a text that cannot name a variable."""
        if not expressions.NAME.match(name):
            self.problem(element, "no_name", "“%(name)s” cannot be the name of a variable.", name=name)

    # -------------------------------------------------------------------------------- wiring

    def _connect(self, container: Xml, here: Mapping[str, Node]) -> None:
        defaults = {node.get("id", ""): reference(node.get("default")) for node in reversed(container)}
        for node in children(container, "sequenceFlow"):
            source = here.get(reference(node.get("sourceRef")))
            target = here.get(reference(node.get("targetRef")))
            if source is None or target is None:
                continue
            key = node.get("id", "")
            condition = first(node, "conditionExpression")
            text = text_of(condition) if condition is not None else ""
            default = defaults.get((source.loop or source).element.id, "") == key
            flow = FlowSpec(key, target, source, default=default)
            if text and not default and not isinstance(source, ParallelGateway | EventGateway):
                flow.condition = self.formula(text, key, "condition")
            source.wiring.flows_out.append(flow)
            target.wiring.flows_in.append(flow)
            source._outputs.append(target.name)
            target._inputs.append(source.name)
            self.flows[key] = Flow(
                key, source.element.id, target.element.id, text or None, default, dialect.named(node)
            )
