"""Builds events: their triggers, timers and names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bpm.engine import dialect, due_times, expressions
from bpm.engine.build_activities import fill_connector, named_trigger
from bpm.engine.definition import Element
from bpm.engine.expressions import Formula, Template
from bpm.engine.references import kind_of
from bpm.engine.specs.base import Node
from bpm.engine.specs.events import BoundaryEvent, CatchEvent, Listener, StartEvent
from bpm.engine.specs.throwing import ConnectorEvent, EndEvent, ThrowEvent
from bpm.engine.specs.triggers import Trigger
from bpm.engine.xml import Node as Xml
from bpm.engine.xml import first, flag, reference, tag_of, text_of

if TYPE_CHECKING:
    from bpm.engine.build import Builder

_CLASSES: dict[str, type[Any]] = {
    "startEvent": StartEvent,
    "endEvent": EndEvent,
    "intermediateCatchEvent": CatchEvent,
    "intermediateThrowEvent": ThrowEvent,
    "boundaryEvent": BoundaryEvent,
}
_TIMERS = {"timeDuration": "duration", "timeDate": "date", "timeCycle": "cycle"}


def make_event(builder: Builder, node: Xml, element: Element) -> Node:
    """Return the node of an event."""
    tag = tag_of(node)
    throws = tag in ("endEvent", "intermediateThrowEvent")
    if throws and ("connector" in element.extensions or "task_type" in element.extensions):
        sender = ConnectorEvent(builder.spec, element)
        fill_connector(builder, element, sender)
        return sender
    event: Any = _CLASSES[tag](builder.spec, element)
    event.mapping = builder.mapping(element)
    event.triggers = [
        trigger(builder, definition, element) for definition in builder.references.definitions_of(node)
    ]
    if isinstance(event, Listener):
        event.all_of_them = flag(node, "parallelMultiple")
        event.interrupting = element.interrupting
    result: Node = event
    return result


def trigger(builder: Builder, definition: Xml, element: Element) -> Trigger:
    """Compile one event definition."""
    kind = kind_of(definition)
    if kind in ("message", "signal"):
        declared = builder.references.named(definition, kind)
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
        return Trigger(kind, activity=reference(definition.get("activityRef")) or None)
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
    if len(inner.split()) in (5, 6, 7) and all(
        set(part) <= set("0123456789*/,-?LW#") for part in inner.split()
    ):
        builder.problem(
            element.id,
            "cron",
            "Timers written as cron (“%(text)s”) are not supported; write a cycle such as R/P1D.",
            text=text,
        )
    return builder.formula(text, element.id, "timer")


def _check_literal(builder: Builder, text: str, kind: str, element: Element) -> None:
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
