"""Builds activities: what each kind needs from its XML and its extensions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bpm.engine.build.data import item_aware, loop_data
from bpm.engine.build.loops import wrap_in_loop
from bpm.engine.build.services import fill_connector, is_service
from bpm.engine.build.triggers import message_trigger
from bpm.engine.definition import Element
from bpm.engine.diagram import expressions
from bpm.engine.diagram.expressions import NotAnExpression
from bpm.engine.diagram.xml import Node as Xml
from bpm.engine.diagram.xml import children, first, flag, reference, tag_of, text_of
from bpm.engine.runtime.specs.activities import (
    Activity,
    AdHocSubProcess,
    BusinessRuleTask,
    CallActivity,
    PlainTask,
    ScriptTask,
    ServiceTask,
    SubProcess,
    UserTask,
)
from bpm.engine.runtime.specs.events import EventSubProcess, Listener, ReceiveTask
from bpm.engine.runtime.specs.throwing import SendTask
from bpm.engine.runtime.specs.triggers import Trigger
from bpm.engine.runtime.specs.user_work import UserWork

if TYPE_CHECKING:
    from bpm.engine.build.builder import Builder

LOOPS = ("multiInstanceLoopCharacteristics", "standardLoopCharacteristics")


def make_activity(builder: Builder, node: Xml, element: Element) -> Activity:
    """Return the node of an activity, inside its loop if it is repeated."""
    looped = next(iter(children(node, *LOOPS)), None)
    repeated = looped is not None or "voting" in element.extensions
    name = f"{element.id} [child]" if repeated else element.id
    activity = _MAKERS[tag_of(node)](builder, node, element, name)
    activity.for_compensation = flag(node, "isForCompensation")
    if not isinstance(activity, EventSubProcess):
        activity.mapping = builder.mapping(element)
    of_loop, belong = loop_data(builder, node, looped, element.id) if looped is not None else (None, [])
    activity.data = item_aware(builder, node, element.id, leave_out=belong)
    outermost = wrap_in_loop(builder, node, looped, activity) if repeated else activity
    if of_loop is not None:
        outermost.data = of_loop
    outermost.start_quantity = quantity(builder, node, element, "startQuantity")
    outermost.completion_quantity = quantity(builder, node, element, "completionQuantity")
    return outermost


def quantity(builder: Builder, node: Xml, element: Element, name: str) -> int:
    """Return how many tokens an activity takes to begin, or sends when it ends."""
    text = node.get(name, "1").strip()
    if not text.isdecimal() or not 0 < int(text) <= 1000:
        builder.problem(
            element.id,
            "quantity",
            "%(name)s of “%(element)s” must be a whole number from 1 to 1000.",
            name=name,
            element=element.names.get("en") or element.id,
        )
        return 1
    return int(text)


def _plain(builder: Builder, node: Xml, element: Element, name: str) -> Activity:
    return PlainTask(builder.spec, element, name)


def _user(builder: Builder, node: Xml, element: Element, name: str) -> Activity:
    task = UserTask(builder.spec, element, name)
    task.work = user_work(builder, element)
    return task


def user_work(builder: Builder, element: Element) -> UserWork:
    """Compile what the inbox needs to know of a user task."""
    given = element.extensions
    work = UserWork(element, outcomes=given.get("outcomes", ()))
    work.outcome_variable = given.get("outcome_variable", "outcome")
    work.vote_variable = given.get("vote_variable")
    titles = given.get("titles") or element.names
    work.titles = {
        language: builder.template(text, element.id, f"title ({language})")
        for language, text in titles.items()
    }
    assignment = given.get("assignment")
    if assignment is not None:
        work.assigned_to = assignment["to"]
        if assignment["value"]:
            compile_it = builder.formula if assignment["to"] == "expression" else builder.value
            work.assigned_value = compile_it(assignment["value"], element.id, "assignment")
    elif "voting" in given:
        work.assigned_to = "expression"
        work.assigned_value = builder.formula(given["voting"]["voter"], element.id, "voter")
    for key in ("candidate_groups", "candidate_users", "form", "priority", "follow_up"):
        if given.get(key):
            setattr(work, key, builder.value(given[key], element.id, key.replace("_", " ")))
    deadline = given.get("deadline")
    if deadline and deadline["due"]:
        work.due = builder.value(deadline["due"], element.id, "deadline")
        work.deadline = {key: value for key, value in deadline.items() if key != "due"}
    return work


def _script(builder: Builder, node: Xml, element: Element, name: str) -> Activity:
    if is_service(element):
        return _service(builder, node, element, name)
    task = ScriptTask(builder.spec, element, name)
    task.script = script_of(builder, node, element)
    return task


def script_of(builder: Builder, node: Xml, element: Element) -> list[tuple[str, Any]]:
    """Compile the assignments of a script task."""
    theirs = element.extensions.get("script")
    text = text_of(first(node, "script"))
    if theirs is not None:
        builder.check_name(theirs[0], element.id)
        return [(theirs[0], builder.formula(theirs[1], element.id, "script"))]
    try:
        found = expressions.assignments(text)
    except NotAnExpression as error:
        builder.problem(
            element.id,
            "not_a_script",
            "The script is not made of FEEL assignments, one a line, such as “total := price * 2”: %(why)s",
            why=error.message,
        )
        return []
    result_variable = element.extensions.get("result_variable")
    if result_variable:
        builder.problem(
            element.id, "foreign", "“%(what)s” is not supported here.", what="camunda:resultVariable"
        )
    for _name, compiled in found:
        builder.check_functions(compiled, element.id, "script")
    return found


def _service(builder: Builder, node: Xml, element: Element, name: str) -> Activity:
    task = ServiceTask(builder.spec, element, name)
    fill_connector(builder, element, task)
    return task


def _send(builder: Builder, node: Xml, element: Element, name: str) -> Activity:
    if is_service(element):
        return _service(builder, node, element, name)
    task = SendTask(builder.spec, element, name)
    task.triggers = _messages(builder, node, element)
    return task


def _receive(builder: Builder, node: Xml, element: Element, name: str) -> Activity:
    task = ReceiveTask(builder.spec, element, name)
    task.triggers = _messages(builder, node, element)
    return task


def _messages(builder: Builder, node: Xml, element: Element) -> list[Trigger]:
    found = message_trigger(builder, node, element)
    return [] if found is None else [found]


def _rules(builder: Builder, node: Xml, element: Element, name: str) -> Activity:
    if is_service(element):
        return _service(builder, node, element, name)
    task = BusinessRuleTask(builder.spec, element, name)
    decision = element.extensions.get("decision") or {}
    task.decision = decision.get("key") or ""
    task.result = decision.get("result")
    if not task.decision:
        builder.problem(
            element.id,
            "no_decision",
            "“%(element)s” does not say which decision table it asks.",
            element=element.names.get("en") or element.id,
        )
    else:
        builder.decisions.add(task.decision)
    return task


def _call(builder: Builder, node: Xml, element: Element, name: str) -> Activity:
    called = element.extensions.get("called") or {}
    process: str = called.get("process") or reference(node.get("calledElement"))
    if not process:
        builder.problem(
            element.id,
            "no_process",
            "“%(element)s” does not say which process it calls.",
            element=element.names.get("en") or element.id,
        )
    global_task = builder.references.global_tasks.get(process)
    if global_task is not None:
        return _global_task(builder, global_task, element, name)
    task = CallActivity(builder.spec, element, name)
    task.process = builder.value(process, element.id, "called process")
    task.binding = called.get("binding") or "latest"
    task.version = called.get("version")
    if not expressions.unmarked(process)[1] and process:
        builder.called.add(process)
    return task


def _global_task(builder: Builder, declared: Xml, element: Element, name: str) -> Activity:
    """A call of a task declared in the same file runs that task in place (BPMN 2.0, 10.3.5)."""
    tag = tag_of(declared)
    maker = {
        "globalScriptTask": _script,
        "globalUserTask": _user,
        "globalManualTask": _user,
        "globalTask": _plain,
        "globalBusinessRuleTask": _rules,
    }.get(tag)
    if maker is None:
        builder.problem(element.id, "not_supported", "%(what)s is not supported.", what=tag)
        return PlainTask(builder.spec, element, name)
    return maker(builder, declared, element, name)


def _sub_process(builder: Builder, node: Xml, element: Element, name: str) -> Activity:
    if flag(node, "triggeredByEvent"):
        return _event_sub_process(builder, node, element)
    task = SubProcess(builder.spec, element, name)
    builder.fill(node, task)
    return task


def _event_sub_process(builder: Builder, node: Xml, element: Element) -> Activity:
    task = EventSubProcess(builder.spec, element)
    builder.fill(node, task)
    start = next((spec for spec in task.starts if isinstance(spec, Listener)), None)
    if start is None:
        builder.problem(
            element.id,
            "event_sub_process_start",
            "The event sub-process “%(element)s” needs exactly one start event, with an event in it.",
            element=element.names.get("en") or element.id,
        )
        start = Listener(builder.spec, element, f"{element.id} start")
    task.start = start
    return task


def _ad_hoc(builder: Builder, node: Xml, element: Element, name: str) -> Activity:
    task = AdHocSubProcess(builder.spec, element, name)
    task.sequential = node.get("ordering") == "Sequential"
    task.cancel_remaining = flag(node, "cancelRemainingInstances", True)
    condition = first(node, "completionCondition")
    if condition is not None and text_of(condition):
        task.condition = builder.formula(text_of(condition), element.id, "completion condition")
    builder.fill(node, task)
    return task


_MAKERS = {
    "task": _plain,
    "userTask": _user,
    "manualTask": _user,
    "scriptTask": _script,
    "serviceTask": _service,
    "sendTask": _send,
    "receiveTask": _receive,
    "businessRuleTask": _rules,
    "callActivity": _call,
    "subProcess": _sub_process,
    "transaction": _sub_process,
    "adHocSubProcess": _ad_hoc,
}
