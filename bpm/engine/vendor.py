"""Attributes of Camunda 7 and Zeebe, read under the names of our own dialect.

Only what means the same here is taken over; everything that would run code or call a server of
theirs is listed under ``foreign`` and refused by lint.
"""

from __future__ import annotations

from typing import Any

from lxml import etree

from bpm.engine.expressions import unmarked
from bpm.engine.xml import CAMUNDA, ZEEBE, Node, children, local_name, namespace_of

# Camunda attributes that name Java classes, expressions or topics
_CODE = ("class", "delegateExpression", "expression", "type", "topic")
_LISTENERS = ("executionListener", "taskListener", "executionListeners", "taskListeners")


def read(node: Node, found: dict[str, Any]) -> None:
    """Add what Camunda or Zeebe say of a BPMN element, where our own dialect says nothing."""
    theirs: dict[str, Any] = {}
    _camunda_attributes(node, theirs)
    for holder in children(node, "extensionElements"):
        for one in holder:
            if namespace_of(one) == CAMUNDA:
                _camunda(one, theirs)
            elif namespace_of(one) == ZEEBE:
                _zeebe(one, theirs)
    for key, value in theirs.items():
        found.setdefault(key, value)


def _attributes(node: Node) -> dict[str, str]:
    found = {}
    for key, value in node.attrib.items():
        name = etree.QName(str(key))
        if name.namespace == CAMUNDA:
            found[name.localname] = str(value)
    return found


def _camunda_attributes(node: Node, found: dict[str, Any]) -> None:
    given = _attributes(node)
    if "assignee" in given:
        found["assignment"] = _assigned(given["assignee"])
    for theirs, own in (
        ("candidateGroups", "candidate_groups"),
        ("candidateUsers", "candidate_users"),
        ("formKey", "form"),
        ("formRef", "form"),
        ("followUpDate", "follow_up"),
        ("priority", "priority"),
    ):
        if given.get(theirs):
            found[own] = given[theirs]
    if given.get("dueDate"):
        found["deadline"] = _due(given["dueDate"])
    if given.get("decisionRef"):
        found["decision"] = {"key": given["decisionRef"], "result": given.get("resultVariable")}
    elif given.get("resultVariable"):
        found["result_variable"] = given["resultVariable"]
    if given.get("calledElementBinding"):
        found["called"] = {
            "binding": given["calledElementBinding"],
            "version": given.get("calledElementVersion"),
        }
    for name in _CODE:
        if given.get(name):
            found.setdefault("foreign", []).append(f"camunda:{name}={given[name]}")
    if given.get("collection"):
        collection = given["collection"]
        found["loop"] = {
            "collection": collection if unmarked(collection)[1] else f"={collection}",
            "item": given.get("elementVariable"),
        }


def _camunda(node: Node, found: dict[str, Any]) -> None:
    name = local_name(node)
    if name == "inputOutput":
        found["mapping"] = _camunda_mapping(node, found)
    elif name == "in" or name == "out":
        _camunda_call(node, name, found)
    elif name in _LISTENERS or name in ("connector", "field", "script"):
        found.setdefault("foreign", []).append(f"camunda:{name}")


def _camunda_mapping(node: Node, found: dict[str, Any]) -> dict[str, Any]:
    inputs, outputs = [], []
    for one in node:
        if len(one):
            found.setdefault("foreign", []).append(f"camunda:{local_name(one)} {one.get('name', '')}")
        elif local_name(one) == "inputParameter":
            inputs.append((one.get("name", ""), (one.text or "").strip()))
        elif local_name(one) == "outputParameter":
            outputs.append(((one.text or "").strip(), one.get("name", "")))
    return {"inputs": inputs, "outputs": outputs}


def _camunda_call(node: Node, name: str, found: dict[str, Any]) -> None:
    if node.get("variables") == "all" or node.get("businessKey"):
        return
    mapping = found.setdefault("mapping", {"inputs": [], "outputs": []})
    source = node.get("sourceExpression") or f"={node.get('source', '')}"
    target = node.get("target", "")
    if name == "in":
        mapping["inputs"].append((target, source))
    else:
        mapping["outputs"].append((source, target))


def _zeebe(node: Node, found: dict[str, Any]) -> None:
    name = local_name(node)
    if name == "assignmentDefinition":
        _zeebe_assignment(node, found)
    elif name == "formDefinition":
        found["form"] = node.get("formId") or node.get("formKey") or node.get("externalReference")
    elif name == "taskSchedule":
        if node.get("dueDate"):
            found["deadline"] = _due(node.get("dueDate", ""))
        if node.get("followUpDate"):
            found["follow_up"] = node.get("followUpDate")
    elif name == "priorityDefinition":
        found["priority"] = node.get("priority")
    elif name == "ioMapping":
        found["mapping"] = {
            "inputs": [
                (one.get("target", ""), one.get("source", "")) for one in node if local_name(one) == "input"
            ],
            "outputs": [
                (one.get("source", ""), one.get("target", "")) for one in node if local_name(one) == "output"
            ],
        }
    else:
        _zeebe_rest(node, name, found)


def _zeebe_rest(node: Node, name: str, found: dict[str, Any]) -> None:
    if name == "calledElement":
        found["called"] = {
            "binding": "version" if node.get("bindingType") == "versionTag" else "latest",
            "version": None,
            "process": node.get("processId"),
        }
    elif name == "calledDecision":
        found["decision"] = {"key": node.get("decisionId", ""), "result": node.get("resultVariable")}
    elif name == "script":
        found["script"] = (node.get("resultVariable", ""), node.get("expression", ""))
    elif name == "subscription":
        found["correlation"] = node.get("correlationKey")
    elif name == "taskDefinition":
        found["task_type"] = node.get("type", "")
    elif name == "loopCharacteristics":
        found["loop"] = {
            "collection": node.get("inputCollection"),
            "item": node.get("inputElement"),
            "output_collection": node.get("outputCollection"),
            "output_element": node.get("outputElement"),
        }
    elif name in _LISTENERS:
        found.setdefault("foreign", []).append(f"zeebe:{name}")


def _zeebe_assignment(node: Node, found: dict[str, Any]) -> None:
    if node.get("assignee"):
        found["assignment"] = _assigned(node.get("assignee", ""))
    if node.get("candidateGroups"):
        found["candidate_groups"] = node.get("candidateGroups")
    if node.get("candidateUsers"):
        found["candidate_users"] = node.get("candidateUsers")


def _assigned(text: str) -> dict[str, Any]:
    return {"to": "expression" if unmarked(text)[1] else "person", "value": text}


def _due(text: str) -> dict[str, Any]:
    return {
        "due": text,
        "calendar": "clock",
        "remind_before": None,
        "escalate_after": None,
        "escalate_to": None,
    }
