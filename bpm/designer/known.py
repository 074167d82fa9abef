"""What expressions of a drawing may read: fields of its forms and record, buttons, results, settings.

The server's counterpart of ``frontend/src/designer/conditions/Fields.js``; knows no page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from bpm.designer import expressions
from bpm.engine import dialect
from bpm.engine.diagram.xml import Node, bpmn, children, first, local_name, namespace_of, tag_of, text_of
from bpm.feel.types import ANY, Type

_LISTENING = ("intermediateCatchEvent", "boundaryEvent", "startEvent")
_ASSIGNED = re.compile(r"^\s*([^\W\d]\w*)\s*:=", re.M)


@dataclass
class Surroundings:
    """The names with their types. ``complete``: nothing else can be known while a case runs."""

    names: dict[str, Type] = field(default_factory=dict)
    complete: bool = True


def surroundings(session: Session, process: Node) -> Surroundings:
    """Return what the expressions of a process may read."""
    found = Surroundings()
    forms: list[str] = []
    for node in process.iter(*(bpmn(tag) for tag in ("process", *_TAGS))):
        given = dialect.read(node)
        found.names |= dict.fromkeys(_names(node, given), ANY)
        forms += [key for key in (given.get("form"), (given.get("start") or {}).get("form")) if key]
        found.complete = found.complete and not _brings_unknown(node, given)
        for record in (given.get("start") or {}).get("record_types", ()):
            found.names |= expressions.record_type(session, record)
    found.names |= expressions.form_types(session, forms)
    return found


_TAGS = (
    "userTask", "manualTask", "task", "serviceTask", "sendTask", "receiveTask", "scriptTask",
    "businessRuleTask", "callActivity", "subProcess", "transaction", "adHocSubProcess", "dataObject",
    "dataObjectReference", "dataStoreReference", "property", "dataInput", "dataOutput", *_LISTENING,
)  # fmt: skip


def _names(node: Node, given: dict[str, Any]) -> Iterator[str]:
    if "outcomes" in given:
        variable = given["outcome_variable"]
        yield from (variable, f"{variable}_by", f"{variable}_at", f"{variable}_comment")
        yield given["vote_variable"] or variable
    if "voting" in given:
        yield given["voting"]["result"] or "votes"
        yield given["voting"]["voter"] or "approver"
    yield (given.get("decision") or {}).get("result") or ""
    for holder in ("connector", "mapping"):
        pairs = given.get(holder) or {"inputs": (), "outputs": ()}
        yield from (target for _value, target in pairs["outputs"])
        yield from (name for name, _value in pairs["inputs"] if holder == "mapping")
    yield from (one["name"] for one in given.get("settings", ()))
    if tag_of(node) == "scriptTask":
        yield from _ASSIGNED.findall(text_of(first(node, "script")))
    if tag_of(node).startswith(("data", "property")):
        yield from (node.get("name") or "", node.get("id") or "")


def _brings_unknown(node: Node, given: dict[str, Any]) -> bool:
    """Whether a step may set values that the drawing does not name: all that a message or a table gives."""
    tag = tag_of(node)
    takes = tag in ("receiveTask", "callActivity") or (
        tag in _LISTENING and any(local_name(one) == "messageEventDefinition" for one in node)
    )
    held = [one for holder in children(node, "extensionElements") for one in holder]
    foreign = any(namespace_of(one) not in ("", dialect.URI) for one in held)
    looped = any(local_name(one).endswith("LoopCharacteristics") for one in node)
    open_table = tag == "businessRuleTask" and not (given.get("decision") or {}).get("result")
    thrown = tag == "boundaryEvent" and any(
        local_name(one) in ("errorEventDefinition", "escalationEventDefinition") for one in node
    )
    all_of_it = takes and not (given.get("mapping") or {}).get("outputs")
    return foreign or looped or open_table or thrown or all_of_it
