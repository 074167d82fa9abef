"""Takes what is thrown out of a model, and tells which lines of its trace then must not appear."""

from __future__ import annotations

from lxml import etree

from bpm.engine.diagram.xml import bpmn
from tests.conformance.bpmn_models import Model

THROWN = ("signal", "message", "escalation", "error", "compensate", "cancel")
THROWING = ("endEvent", "intermediateThrowEvent")
LISTENING = ("boundaryEvent", "intermediateCatchEvent", "startEvent")


def without_throws(model: Model) -> bool:
    """Let the events of a model throw nothing; false if they threw nothing anyway."""
    changed = False
    for event in model.root.iter(*(bpmn(tag) for tag in THROWING)):
        for definition in _definitions(model, event):
            event.remove(definition)
            changed = True
    for loop in model.root.iter(bpmn("multiInstanceLoopCharacteristics")):
        changed |= loop.get("behavior", "All") != "All"
        for name in ("behavior", "noneBehaviorEventRef", "oneBehaviorEventRef"):
            loop.attrib.pop(name, None)
        for rule in loop.findall(bpmn("complexBehaviorDefinition")):
            loop.remove(rule)
    return changed


def handler_tokens(model: Model) -> set[str]:
    """Return the lines that only come from steps behind an event that has to be thrown first."""
    flows = [
        (flow.get("sourceRef", ""), flow.get("targetRef", ""))
        for flow in model.root.iter(bpmn("sequenceFlow"))
    ]
    caught = {
        event.get("id", "")
        for event in model.root.iter(*(bpmn(tag) for tag in LISTENING))
        if _definitions(model, event)
    }
    targets = {target for _source, target in flows}
    starts = [
        node.get("id", "")
        for process in model.root.iter(bpmn("process"), bpmn("subProcess"), bpmn("transaction"))
        for node in process
        if node.get("id") and node.get("id") not in targets and node.get("isForCompensation") != "true"
    ]
    normal: set[str] = set()
    stack = [key for key in starts if key not in caught]
    while stack:
        key = stack.pop()
        if key not in normal and key not in caught:
            normal.add(key)
            stack += [target for source, target in flows if source == key]
    lines: dict[str, list[bool]] = {}
    for key, token in model.tokens.items():
        if token.startswith("SCRIPT_"):
            lines.setdefault(token, []).append(key in normal)
    return {token for token, seen in lines.items() if not any(seen)}


def _definitions(model: Model, event: etree._Element) -> list[etree._Element]:
    shared = {
        node.get("id"): node for kind in THROWN for node in model.root.findall(bpmn(f"{kind}EventDefinition"))
    }
    found = []
    for child in event:
        is_reference = child.tag == bpmn("eventDefinitionRef")
        definition = shared.get((child.text or "").strip().rpartition(":")[2]) if is_reference else child
        if definition is not None and definition.tag in {bpmn(f"{kind}EventDefinition") for kind in THROWN}:
            found.append(child)
    return found
