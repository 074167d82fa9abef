"""Rules about ids and references: everything that is named exists, once, and at the right place."""

from __future__ import annotations

from collections.abc import Iterator

from bpm.engine.lint_walk import error, warning
from bpm.engine.problems import Problem
from bpm.engine.xml import Node, bpmn, children, flag, reference, tag_of

# attribute, and the kinds of element it may point at (none: any)
_ATTRIBUTES = {
    "sourceRef": (),
    "targetRef": (),
    "attachedToRef": (),
    "messageRef": ("message",),
    "signalRef": ("signal",),
    "errorRef": ("error",),
    "escalationRef": ("escalation",),
    "default": ("sequenceFlow",),
    "activityRef": (),
    "dataObjectRef": ("dataObject",),
    "processRef": ("process",),
}


def executable(root: Node) -> Iterator[Problem]:
    """There is a process that may run."""
    processes = list(children(root, "process"))
    if not processes:
        yield error(root, "no_process", "The file has no process.")
    elif all(node.get("isExecutable") is not None and not flag(node, "isExecutable") for node in processes):
        yield error(
            processes[0],
            "not_executable",
            "The process “%(element)s” is marked as not executable. Set “executable” once it is complete.",
        )
    for node in processes:
        if not node.get("id"):
            yield error(node, "no_id", "A process has no id.")


def duplicate_ids(root: Node) -> Iterator[Problem]:
    """Every id stands for one element."""
    seen: set[str] = set()
    for node in root.iter():
        key = node.get("id") if tag_of(node) else None
        if key is None:
            continue
        if key in seen or key.startswith(" "):
            yield error(node, "duplicate_id", "The id “%(id)s” is used more than once.", id=key)
        seen.add(key)


def dangling_references(root: Node) -> Iterator[Problem]:
    """What is referred to exists and is of the right kind."""
    by_id = {node.get("id"): node for node in root.iter() if tag_of(node) and node.get("id")}
    for node in root.iter():
        tag = tag_of(node)
        if not tag or tag in ("association", "conversationLink"):
            continue
        for name, kinds in _ATTRIBUTES.items():
            text = node.get(name)
            if not text:
                continue
            target = by_id.get(reference(text))
            if target is None:
                yield error(
                    node,
                    "dangling_reference",
                    "“%(element)s” refers to “%(id)s” (%(name)s), which does not exist.",
                    id=text,
                    name=name,
                )
            elif kinds and tag_of(target) not in kinds:
                yield error(
                    node,
                    "wrong_reference",
                    "“%(element)s” refers to “%(id)s” (%(name)s), which is no %(kind)s.",
                    id=text,
                    name=name,
                    kind=kinds[0],
                )
    yield from _lists(root, by_id)


def _lists(root: Node, by_id: dict[str | None, Node]) -> Iterator[Problem]:
    """The flows that an element lists are those that come in and go out."""
    for tag, end in (("incoming", "targetRef"), ("outgoing", "sourceRef")):
        for listed in root.iter(bpmn(tag)):
            owner = listed.getparent()
            flow = by_id.get(reference(listed.text))
            if owner is None:
                continue
            if flow is None or tag_of(flow) != "sequenceFlow":
                yield error(
                    owner,
                    "dangling_reference",
                    "“%(element)s” lists the flow “%(id)s”, which does not exist.",
                    id=(listed.text or "").strip(),
                )
            elif reference(flow.get(end)) != owner.get("id"):
                yield error(
                    owner,
                    "wrong_flow_list",
                    "“%(element)s” lists the flow “%(id)s”, which does not begin or end there.",
                    id=(listed.text or "").strip(),
                )


def message_flows(root: Node) -> Iterator[Problem]:
    """Messages flow between pools, not inside one; artifacts have no flows."""
    for flow in root.iter(bpmn("messageFlow")):
        source, target = _found(root, flow.get("sourceRef")), _found(root, flow.get("targetRef"))
        if source is None or target is None:
            continue
        if tag_of(source) in ("group", "association", "textAnnotation") or tag_of(target) in (
            "group",
            "association",
            "textAnnotation",
        ):
            yield error(flow, "artifact_flow", "A message flow cannot begin or end at a note or group.")
        elif _pool(root, source) is not None and _pool(root, source) == _pool(root, target):
            yield error(
                flow,
                "message_flow_inside",
                "The message flow “%(element)s” stays inside one pool; use a sequence flow.",
            )
        if tag_of(source) == "startEvent":
            yield error(
                source, "message_flow_start", "A message flow cannot begin at the start event “%(element)s”."
            )
        if tag_of(target) in ("intermediateThrowEvent", "endEvent"):
            yield error(
                target, "message_flow_end", "A message flow cannot end at “%(element)s”, which only throws."
            )
        yield from _without_message(source, target)


def _without_message(source: Node, target: Node) -> Iterator[Problem]:
    if tag_of(source) == "endEvent" and source.find(bpmn("messageEventDefinition")) is None:
        yield warning(
            source, "message_flow_none", "“%(element)s” sends a message flow but throws no message."
        )
    if tag_of(target) == "startEvent" and target.find(bpmn("messageEventDefinition")) is None:
        yield error(
            target, "message_flow_none", "“%(element)s” receives a message flow but waits for no message."
        )


def _found(root: Node, text: str | None) -> Node | None:
    key = reference(text)
    return next((node for node in root.iter() if tag_of(node) and node.get("id") == key), None)


def _pool(root: Node, node: Node) -> str | None:
    if tag_of(node) == "participant":
        return reference(node.get("processRef")) or None
    current: Node | None = node
    while current is not None and tag_of(current) != "process":
        current = current.getparent()
    return None if current is None else current.get("id")
