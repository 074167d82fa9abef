"""Attributes of Camunda 7 and Zeebe, read under the names of our own dialect.

Only what means the same here is taken over; everything that would run code or call a server of
theirs is listed under ``foreign`` and refused by lint.
"""

from __future__ import annotations

from typing import Any

from bpm.engine.diagram import expressions, juel
from bpm.engine.diagram.expressions import unmarked
from bpm.engine.diagram.xml import CAMUNDA, ZEEBE, Node, children, local_name, namespace_of

# Camunda attributes that name Java classes, expressions or topics
_CODE = ("class", "delegateExpression", "expression", "type", "topic")
_PREFIX = f"{{{CAMUNDA}}}"
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
    given = ((str(key), str(value)) for key, value in node.attrib.items())
    return {key.removeprefix(_PREFIX): value for key, value in given if key.startswith(_PREFIX)}


def _camunda_attributes(node: Node, found: dict[str, Any]) -> None:
    given = _attributes(node)
    if "assignee" in given:
        found["assignment"] = _assigned(_camunda_text(given["assignee"], found))
    for theirs, own in (
        ("candidateGroups", "candidate_groups"),
        ("candidateUsers", "candidate_users"),
        ("formKey", "form"),
        ("formRef", "form"),
        ("followUpDate", "follow_up"),
        ("priority", "priority"),
    ):
        if given.get(theirs):
            found[own] = _camunda_text(given[theirs], found)
    if given.get("dueDate"):
        found["deadline"] = _due(_camunda_text(given["dueDate"], found))
    if given.get("decisionRef"):
        _camunda_decision(given, found)
    elif given.get("resultVariable"):
        found["result_variable"] = given["resultVariable"]
    _camunda_starts(given, found)
    if given.get("calledElementBinding"):
        found["called"] = {
            "binding": given["calledElementBinding"],
            "version": given.get("calledElementVersion"),
        }
    if given.get("type") == "external" and given.get("topic"):
        found["task_type"] = _camunda_text(given.pop("topic"), found)
        del given["type"]
    if given.get("taskPriority"):
        found["task_priority"] = _camunda_text(given["taskPriority"], found)
    for name in _CODE:
        if given.get(name):
            found.setdefault("foreign", []).append(f"camunda:{name}={given[name]}")
    if given.get("collection"):
        collection = given["collection"]
        found["loop"] = {
            "collection": collection if unmarked(collection)[1] else f"={collection}",
            "item": given.get("elementVariable"),
        }


def _camunda_text(text: str, found: dict[str, Any]) -> str:
    """Return an attribute of Camunda as our own places read it: ``${…}`` or a text with {FEEL} parts."""
    if expressions.is_juel(text.strip()):
        return text.strip()
    try:
        return juel.to_template(text)
    except juel.Untranslatable as error:
        found.setdefault("foreign", []).append(f"{text} ({error.part})")
        return juel.plain(text)


def _camunda_starts(given: dict[str, str], found: dict[str, Any]) -> None:
    """Who may start a process."""
    groups, persons = given.get("candidateStarterGroups"), given.get("candidateStarterUsers")
    if groups or persons:
        found["start"] = {
            "form": None, "record_type": None, "record_types": [], "record_stages": [], "button": None,
            "groups": [one.strip() for one in (groups or "").split(",") if one.strip()],
            "persons": [one.strip() for one in (persons or "").split(",") if one.strip()],
        }  # fmt: skip
    if given.get("initiator") not in (None, "initiator"):
        found.setdefault("foreign", []).append(f"camunda:initiator={given['initiator']}")


def _camunda_decision(given: dict[str, str], found: dict[str, Any]) -> None:
    found["decision"] = {"key": given["decisionRef"], "result": given.get("resultVariable")}
    shape = given.get("mapDecisionResult", "resultList")
    # a list of contexts and a context of one output are other shapes than a decision gives here
    if given.get("resultVariable") and shape not in ("singleEntry", "collectEntries"):
        found.setdefault("foreign", []).append(f"camunda:mapDecisionResult={shape}")
    if "${" in given["decisionRef"]:
        found.setdefault("foreign", []).append(f"camunda:decisionRef={given['decisionRef']}")


def _camunda(node: Node, found: dict[str, Any]) -> None:
    name = local_name(node)
    if name == "inputOutput":
        found["mapping"] = _camunda_mapping(node, found)
    elif name == "in" or name == "out":
        _camunda_call(node, name, found)
    elif name == "failedJobRetryTimeCycle":
        found["retry"] = {"cycle": (node.text or "").strip()}
    elif name in _LISTENERS or name in ("connector", "field", "script"):
        found.setdefault("foreign", []).append(f"camunda:{name}")
    elif name == "formData":
        found.setdefault("left_out", []).append("camunda:formData")


def _camunda_mapping(node: Node, found: dict[str, Any]) -> dict[str, Any]:
    inputs, outputs = [], []
    for one in node:
        name, text = one.get("name", ""), _parameter(one, found)
        if local_name(one) == "inputParameter":
            inputs.append((name, text))
        elif local_name(one) == "outputParameter":
            outputs.append((text, name))
    return {"inputs": inputs, "outputs": outputs}


def _parameter(node: Node, found: dict[str, Any]) -> str:
    """Return the value of a parameter: a text, an expression, or lists and maps of them as FEEL."""
    if not len(node):
        return _camunda_text((node.text or "").strip(), found)
    literal = _structure(node[0], found)
    return f"={literal}" if literal is not None else "=null"


def _structure(node: Node, found: dict[str, Any]) -> str | None:
    name = local_name(node)
    if name == "list":
        items = [_structure(one, found) for one in node]
        return None if None in items else f"[{', '.join(str(item) for item in items)}]"
    if name == "map":
        entries = [
            (one.get("key", ""), _structure(one[0], found) if len(one) else _item(one, found)) for one in node
        ]
        if any(value is None for _key, value in entries):
            return None
        return "{" + ", ".join(f"{_quoted(key)}: {value}" for key, value in entries) + "}"
    if name == "value" and not len(node):
        return _item(node, found)
    found.setdefault("foreign", []).append(f"camunda:{name}")
    return None


def _item(node: Node, found: dict[str, Any]) -> str:
    text = (node.text or "").strip()
    if expressions.is_juel(text):
        try:
            return juel.to_feel(text[2:-1])
        except juel.Untranslatable as error:
            found.setdefault("foreign", []).append(f"{text} ({error.part})")
            return "null"
    return _quoted(text)


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def _camunda_call(node: Node, name: str, found: dict[str, Any]) -> None:
    if node.get("businessKey"):
        return
    others = [one for one in node.itersiblings() if namespace_of(one) == CAMUNDA and local_name(one) == name]
    if node.get("variables") == "all":
        if any(not one.get("businessKey") for one in others):
            found.setdefault("foreign", []).append(f"camunda:{name} variables=all, and others besides")
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
        form = node.get("formId") or node.get("formKey") or node.get("externalReference") or ""
        found["form"] = _static(form)
    elif name == "taskSchedule":
        if node.get("dueDate"):
            found["deadline"] = _due(_static(node.get("dueDate", "")))
        if node.get("followUpDate"):
            found["follow_up"] = _static(node.get("followUpDate", ""))
    elif name == "priorityDefinition":
        found["priority"] = _static(node.get("priority", ""))
    elif name == "ioMapping":
        found["mapping"] = {
            "inputs": [
                (one.get("target", ""), _static(one.get("source", "")))
                for one in node
                if local_name(one) == "input"
            ],
            "outputs": [
                (_static(one.get("source", "")), one.get("target", ""))
                for one in node
                if local_name(one) == "output"
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
        found["task_type"] = _static(node.get("type", ""))
        if node.get("retries"):
            found["retry"] = {"tries": node.get("retries")}
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
        found["assignment"] = _assigned(_static(node.get("assignee", "")))
    if node.get("candidateGroups"):
        found["candidate_groups"] = _static(node.get("candidateGroups", ""))
    if node.get("candidateUsers"):
        found["candidate_users"] = _static(node.get("candidateUsers", ""))


def _static(text: str) -> str:
    """Return a text of Zeebe: FEEL after ``=``, anything else as it stands, braces too."""
    return text if text.startswith("=") else juel.plain(text)


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
