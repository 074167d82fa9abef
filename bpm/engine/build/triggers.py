"""Builds triggers: what an event or a send or receive task is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpm.engine import dialect
from bpm.engine.definition import Element
from bpm.engine.diagram import expressions
from bpm.engine.diagram.expressions import Formula, Template
from bpm.engine.diagram.references import kind_of
from bpm.engine.diagram.xml import Node as Xml
from bpm.engine.diagram.xml import first, flag, reference, text_of
from bpm.engine.messages.correlation import read_rules
from bpm.engine.runtime.specs.triggers import Trigger
from bpm.engine.timers import cron, due_times

if TYPE_CHECKING:
    from bpm.engine.build.builder import Builder

_TIMERS = {"timeDuration": "duration", "timeDate": "date", "timeCycle": "cycle"}


def message_trigger(builder: Builder, node: Xml, element: Element) -> Trigger | None:
    """Return the trigger of a send or receive task; None if there is nothing to send, which is told."""
    message = builder.references.messages.get(reference(node.get("messageRef")))
    if message is None:
        message = builder.references.message_of_flow(element.id)
    if message is None and element.kind == "sendTask":
        builder.warn(
            element.id,
            "nothing_sent",
            "“%(element)s” does not say which message it sends, so nothing is sent and the case goes on.",
            element=element.names.get("en") or element.id,
        )
        return None
    if message is None:
        builder.problem(
            element.id,
            "no_message",
            "“%(element)s” does not say which message it waits for.",
            element=element.names.get("en") or element.id,
        )
        return Trigger("message")
    return named_trigger(builder, "message", message, element)


def named_trigger(builder: Builder, kind: str, declared: Xml, element: Element) -> Trigger:
    """Return the trigger for a declared message or signal."""
    text = str(declared.get("name") or declared.get("id", ""))
    name = builder.value(text, element.id, f"name of the {kind}")
    own = element.extensions.get("correlation") or builder.read_extensions(declared).get("correlation")
    correlation = builder.value(own, element.id, "correlation") if own else None
    keys = read_rules(builder, declared, element.id) if kind == "message" and not own else ()
    return Trigger(kind, name, correlation=correlation, keys=keys)


def trigger(builder: Builder, definition: Xml, element: Element) -> Trigger:
    """Compile one event definition."""
    kind = kind_of(definition)
    if kind in ("message", "signal"):
        declared = builder.references.named(definition, kind)
        if declared is None and kind == "message":
            declared = builder.references.message_of_flow(element.id)
        if declared is None:
            builder.problem(
                element.id,
                f"no_{kind}",
                "The event “%(element)s” does not say which %(kind)s it is about.",
                element=element.names.get("en") or element.id,
                kind=kind,
            )
            return Trigger(kind)
        return named_trigger(builder, kind, declared, element)
    if kind == "timer":
        return _timer(builder, definition, element)
    if kind == "conditional":
        text = text_of(first(definition, "condition"))
        return Trigger(kind, condition=builder.formula(text or "null", element.id, "condition"))
    if kind in ("error", "escalation"):
        declared = builder.references.named(definition, kind)
        code = None if declared is None else declared.get(f"{kind}Code") or declared.get("id")
        return Trigger(kind, code=code)
    if kind == "compensate":
        return Trigger(
            kind,
            activity=reference(definition.get("activityRef")) or None,
            waits=flag(definition, "waitForCompletion", True),
        )
    return Trigger(kind)


def _timer(builder: Builder, definition: Xml, element: Element) -> Trigger:
    working = bool(dialect.read(definition).get("working"))
    for tag, kind in _TIMERS.items():
        found = first(definition, tag)
        if found is not None and text_of(found):
            return Trigger(
                "timer", timer=kind, term=_term(builder, text_of(found), kind, element), working=working
            )
    builder.problem(
        element.id,
        "no_timer",
        "The timer “%(element)s” says neither a date nor a duration nor a cycle.",
        element=element.names.get("en") or element.id,
    )
    return Trigger("timer")


def _term(builder: Builder, text: str, kind: str, element: Element) -> Formula | Template:
    inner = expressions.unmarked(text)[0]
    if due_times.is_literal(inner):
        _check_literal(builder, inner, kind, element)
        return Template(inner, (inner,))
    return builder.formula(text, element.id, "timer")


def _check_literal(builder: Builder, text: str, kind: str, element: Element) -> None:
    if cron.is_cron(text):
        try:
            cron.parse(text)
        except cron.NotCron as error:
            builder.problem(
                element.id,
                "cron",
                "The timer “%(text)s” is no cron expression: %(why)s",
                text=text,
                why=error.why,
            )
    cycle = due_times.is_cycle(text)
    date = bool(due_times.DATE.match(text))
    fits = {"cycle": cycle, "date": date, "duration": not cycle and not date}[kind]
    if not fits:
        builder.problem(
            element.id,
            "timer_kind",
            "The timer “%(text)s” does not fit its kind (%(kind)s).",
            text=text,
            kind=kind,
        )
