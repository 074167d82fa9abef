"""Builds service steps: the connector, its inputs and outputs, its errors, and how often it is tried."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpm.engine.definition import Element
from bpm.engine.runtime.specs.activities import EXTERNAL, ServiceTask
from bpm.engine.services import attempts
from bpm.engine.services.attempts import Attempts, NotAttempts

if TYPE_CHECKING:
    from bpm.engine.build.builder import Builder


def is_service(element: Element) -> bool:
    """Whether a connector or a program outside does the work of a step."""
    return "connector" in element.extensions or "task_type" in element.extensions


def fill_connector(builder: Builder, element: Element, task: ServiceTask) -> None:
    """Compile the connector of a service step, or the topic under which programs outside find it."""
    given = element.extensions
    connector = given.get("connector")
    topic = None if connector else given.get("task_type")
    task.connector = connector["name"] if connector else (EXTERNAL if topic else "")
    if not task.connector:
        builder.problem(
            element.id,
            "no_connector",
            "“%(element)s” does not say which connector does the work.",
            element=element.names.get("en") or element.id,
        )
        return
    task.attempts = _attempts(builder, element)
    if given.get("task_priority"):
        task.priority = builder.value(given["task_priority"], element.id, "priority")
    if topic:
        task.inputs = [("topic", builder.value(topic, element.id, "topic"))]
    if connector is not None:
        _fill(builder, element, task)
    if task.connector != EXTERNAL:
        builder.connectors.add(task.connector)
    elif "topic" not in dict(task.inputs):
        builder.problem(
            element.id,
            "no_topic",
            "“%(element)s” is done by a program outside but has no input “topic” under which it is found.",
            element=element.names.get("en") or element.id,
        )


def _fill(builder: Builder, element: Element, task: ServiceTask) -> None:
    connector = element.extensions["connector"]
    task.inputs = [
        (key, builder.value(text, element.id, f"input {key}")) for key, text in connector["inputs"]
    ]
    task.outputs = [
        (builder.value(text, element.id, f"output {target}"), target) for text, target in connector["outputs"]
    ]
    task.errors = [
        (
            builder.formula(one["when"] or "true", element.id, "error"),
            builder.value(one["code"], element.id, "error code"),
            builder.value(one["message"], element.id, "error message"),
        )
        for one in connector.get("errors", ())
    ]
    for _text, target in connector["outputs"]:
        builder.check_name(target, element.id)


def _attempts(builder: Builder, element: Element) -> Attempts:
    given = element.extensions.get("retry") or {}
    try:
        if given.get("cycle"):
            return attempts.read_cycle(given["cycle"])
        return attempts.read(given.get("tries") or "", given.get("wait") or "", given.get("timeout") or "")
    except NotAttempts as error:
        builder.problem(
            element.id,
            "retry",
            "“%(text)s” at “%(element)s” does not say how often, when or how long something is tried.",
            text=error.text,
            element=element.names.get("en") or element.id,
        )
        return Attempts()
