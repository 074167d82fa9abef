"""Rules about the data of tasks, calls and events against messages and operations.

BPMN 2.0, 10.3.3 (tasks), 10.3.5 (call activities), 8.4.3 (services), 10.5.1 (data of events).
"""

from __future__ import annotations

from collections.abc import Iterator

from bpm.engine.diagram.elements import EVENTS
from bpm.engine.diagram.references import kind_of
from bpm.engine.diagram.xml import Node, children, first, reference, tag_of, text_of
from bpm.engine.lint.data import item_of, same_item
from bpm.engine.lint.walk import Diagram, error, warning
from bpm.engine.problems import Problem

_CALLABLE = ("process", "globalTask", "globalUserTask", "globalManualTask", "globalScriptTask",
             "globalBusinessRuleTask")  # fmt: skip


def task_data(diagram: Diagram) -> Iterator[Problem]:
    """A task that exchanges a message has one input or output, of the kind of that message."""
    for task in diagram.every("serviceTask"):
        operation = diagram.found(task.get("operationRef"))
        if operation is not None and tag_of(operation) == "operation":
            incoming = diagram.found(text_of(first(operation, "inMessageRef")))
            outgoing = diagram.found(text_of(first(operation, "outMessageRef")))
            yield from _one_item(diagram, task, "dataInput", "inputSet", incoming)
            if outgoing is not None:
                yield from _one_item(diagram, task, "dataOutput", "outputSet", outgoing)
    for tag, data, group in (
        ("sendTask", "dataInput", "inputSet"),
        ("receiveTask", "dataOutput", "outputSet"),
    ):
        for task in diagram.every(tag):
            message = diagram.found(task.get("messageRef"))
            if message is not None and tag_of(message) == "message":
                yield from _one_item(diagram, task, data, group, message)
            yield from _operation_message(diagram, task, message)


def _one_item(
    diagram: Diagram, task: Node, data_tag: str, set_tag: str, message: Node | None
) -> Iterator[Problem]:
    io = first(task, "ioSpecification")
    if io is None:
        return
    data = list(children(io, data_tag))
    for kind, count in ((set_tag, len(list(children(io, set_tag)))), (data_tag, len(data))):
        if count > 1:
            yield error(
                task,
                "one_message_data",
                "“%(element)s” exchanges one message, so it can have only one %(kind)s; it has %(count)s.",
                kind=kind,
                count=count,
            )
    if message is None or tag_of(message) != "message" or len(data) != 1:
        return
    if not same_item(item_of(diagram, message), item_of(diagram, data[0])):
        yield error(
            task,
            "message_item",
            "The %(kind)s “%(id)s” of “%(element)s” is not of the kind of data of the message “%(what)s”.",
            kind=data_tag,
            id=data[0].get("name") or data[0].get("id"),
            what=message.get("name") or message.get("id"),
        )


def _operation_message(diagram: Diagram, task: Node, message: Node | None) -> Iterator[Problem]:
    operation = diagram.found(task.get("operationRef"))
    if operation is None or message is None or tag_of(operation) != "operation":
        return
    known = {reference(text_of(one)) for one in children(operation, "inMessageRef", "outMessageRef")}
    if message.get("id") not in known:
        yield error(
            task,
            "operation_message",
            "“%(element)s” exchanges the message “%(what)s”, which is not one of the operation “%(id)s”.",
            what=message.get("name") or message.get("id"),
            id=operation.get("name") or operation.get("id"),
        )


def event_data(diagram: Diagram) -> Iterator[Problem]:
    """An event with data has one item for each event that carries some, of its kind (BPMN 2.0, 10.5.1)."""
    for node in diagram.every(*EVENTS):
        throws = tag_of(node) in ("intermediateThrowEvent", "endEvent")
        data_tag = "dataInput" if throws else "dataOutput"
        data = list(children(node, data_tag))
        if not data:
            continue
        carrying = [
            (kind_of(one), diagram.references.named(one, kind_of(one)))
            for one in diagram.references.definitions_of(node)
            if kind_of(one) in ("message", "signal", "error", "escalation")
        ]
        if len(data) < len(carrying):
            yield error(
                node,
                "event_data_missing",
                "“%(element)s” has %(events)s events with data but only %(count)s %(kind)s.",
                events=len(carrying),
                count=len(data),
                kind=data_tag,
            )
            continue
        for (kind, declared), one in zip(carrying, data, strict=False):
            item = item_of(diagram, declared)
            if item is not None and not same_item(item, item_of(diagram, one)):
                yield error(
                    node,
                    "event_item",
                    "The %(kind)s “%(id)s” of “%(element)s” is not of the kind of data of its %(event)s.",
                    kind=data_tag,
                    id=one.get("name") or one.get("id"),
                    event=kind,
                )


def call_data(diagram: Diagram) -> Iterator[Problem]:
    """A call gives and takes exactly what the called process or task asks for (BPMN 2.0, 10.3.5)."""
    for call in diagram.every("callActivity"):
        called = diagram.found(call.get("calledElement"))
        if called is None or tag_of(called) not in _CALLABLE:
            continue
        mine, theirs = first(call, "ioSpecification"), first(called, "ioSpecification")
        if mine is None and theirs is None:
            continue
        for tag in ("dataInput", "dataOutput", "inputSet", "outputSet"):
            yield from _matching(diagram, call, called, mine, theirs, tag)


def _matching(
    diagram: Diagram, call: Node, called: Node, mine: Node | None, theirs: Node | None, tag: str
) -> Iterator[Problem]:
    own = [] if mine is None else list(children(mine, tag))
    needed = [] if theirs is None else list(children(theirs, tag))
    if len(own) != len(needed):
        if tag.endswith("Set") and (mine is None or theirs is None):
            return  # sets without data say nothing
        yield error(
            call,
            "call_data",
            "“%(element)s” has %(own)s %(kind)s, but “%(called)s”, which it calls, has %(needed)s.",
            own=len(own),
            needed=len(needed),
            kind=tag,
            called=called.get("name") or called.get("id"),
        )
        return
    if tag.endswith("Set"):
        return
    for one, other in zip(own, needed, strict=True):
        if not same_item(item_of(diagram, one), item_of(diagram, other)):
            yield error(
                call,
                "call_item",
                "The %(kind)s “%(id)s” of “%(element)s” is of another kind than “%(other)s” of “%(called)s”.",
                kind=tag,
                id=one.get("name") or one.get("id"),
                other=other.get("name") or other.get("id"),
                called=called.get("name") or called.get("id"),
            )


def interfaces(diagram: Diagram) -> Iterator[Problem]:
    """What is offered as a service binds its data to the operations of the service (BPMN 2.0, 10.4.2)."""
    for node in diagram.every(*_CALLABLE):
        offered = [diagram.found(text_of(one)) for one in children(node, "supportedInterfaceRef")]
        bindings = list(children(node, "ioBinding"))
        if offered and not bindings:
            yield error(
                node,
                "no_binding",
                "“%(element)s” is offered as the service “%(id)s” but binds no data to its operations.",
                id=_called(offered[0]),
            )
        for binding in bindings:
            yield from _binding(diagram, node, binding, [one for one in offered if one is not None])
    for node in diagram.every("operation"):
        if first(node, "inMessageRef") is None:
            yield warning(node, "operation_in", "The operation “%(element)s” has no message that begins it.")


def _called(node: Node | None) -> str:
    return "" if node is None else node.get("name") or node.get("id") or ""


def _binding(diagram: Diagram, owner: Node, binding: Node, offered: list[Node]) -> Iterator[Problem]:
    operation = diagram.found(binding.get("operationRef"))
    if operation is None or tag_of(operation) != "operation" or operation.getparent() not in offered:
        yield error(
            owner,
            "binding",
            "“%(element)s” binds data to “%(id)s”, which is no operation of a service it offers.",
            id=binding.get("operationRef") or "",
        )
        return
    for name, tag, message_tag in (
        ("inputDataRef", "dataInput", "inMessageRef"),
        ("outputDataRef", "dataOutput", "outMessageRef"),
    ):
        data = _bound(diagram, owner, binding.get(name), tag)
        message = diagram.found(text_of(first(operation, message_tag)))
        if data is None and (message is not None or name == "inputDataRef"):
            yield error(
                owner,
                "binding",
                "“%(element)s” binds “%(id)s” to the operation “%(operation)s”, but that is no data of it.",
                id=binding.get(name) or name,
                operation=_called(operation),
            )
        elif (
            data is not None
            and message is not None
            and not same_item(item_of(diagram, message), item_of(diagram, data))
        ):
            yield error(
                owner,
                "binding_item",
                "“%(id)s” of “%(element)s” is not of the kind of data that the operation “%(operation)s” "
                "exchanges.",
                id=_called(data),
                operation=_called(operation),
            )


def _bound(diagram: Diagram, owner: Node, text: str | None, tag: str) -> Node | None:
    """Return the data that a binding names, directly or as the only one of a set."""
    found = diagram.found(text)
    if found is not None and tag_of(found) in ("inputSet", "outputSet"):
        listed = list(children(found, f"{tag}Refs"))
        found = diagram.found(text_of(listed[0])) if len(listed) == 1 else None
    io = first(owner, "ioSpecification")
    return found if found is not None and tag_of(found) == tag and found.getparent() is io else None


__all__ = ["call_data", "event_data", "interfaces", "task_data"]
