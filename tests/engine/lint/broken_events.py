"""Diagrams whose events, messages and pools break one rule each."""

from __future__ import annotations

from tests.engine.diagrams import (
    ANY_ERROR,
    ERROR,
    MESSAGE,
    REFUSED,
    boundary,
    catch,
    conditional,
    diagram,
    end,
    flow,
    flows,
    node,
    start,
    sub,
    throw,
    timer,
    user,
)
from tests.engine.lint.breaking import LINK_A, NOTE, UNDO, around, gateway, pools, sent, typed, undone

# by rule: the file, the element, and words of the message
EVENTS: dict[str, tuple[str, str | None, str]] = {
    "no_event": (around(catch("u", "")), "u", "what it waits for"),
    "event_place": (around(catch("u", ERROR)), "u", "of the kind “error”"),
    "event_mixture": (around(throw("u", LINK_A + MESSAGE)), "u", "cannot stand together"),
    "start_in_sub_process": (
        around(sub("u", start("s2", MESSAGE), end("e2"), flow("s2", "e2"))), "s2", "must not wait for an event",
    ),
    "cancel_place": (around(user("u"), end("e2", "<cancelEventDefinition/>"), flow("u", "e2")), "e2", "transaction"),
    "no_code": (diagram(start(), end("e", ANY_ERROR), links="s-e"), "e", "without saying which"),
    "no_operation": (
        typed(catch("u", '<messageEventDefinition messageRef="m_text"/>')), "u", "typed message “Text”",
    ),
    "operation_message": (
        typed(catch("u", '<messageEventDefinition messageRef="root_m1"><operationRef>op</operationRef>'
                         "</messageEventDefinition>")), "u", "not one of the operation “buy”",
    ),
    "parallel_multiple": (around(catch("u", MESSAGE, parallelMultiple="true")), "u", "there is only one"),
    "boundary_host": (around(user("u"), boundary("b", "s", ERROR), end("e2"), flow("b", "e2")), "b", "not attached"),
    "boundary_no_step": (
        pools("", boundary("b", "one", ERROR), end("e9"), flow("b", "e9")), "b", "“one”, which is no step",
    ),
    "must_interrupt": (
        around(user("u"), boundary("b", "u", ERROR, interrupting=False), end("e2"), flow("b", "e2")), "b",
        "always interrupts",
    ),
    "compensation_outgoing": (around(user("u"), boundary("b", "u", UNDO), flow("b", "e")), "b", "no flow may lead"),
    "no_compensation": (undone(""), "b", "not connected to an undoing step"),
    "not_for_compensation": (undone(mark="false"), "x", "not marked as being for compensation"),
    "never_undone": (around(user("u"), user("x", isForCompensation="true")), "x", "no compensation event leads to it"),
    "compensation_target": (
        around(throw("u", '<compensateEventDefinition activityRef="v"/>'),
               sub("w", start("s2"), user("v"), end("e2"), flows("s2-v v-e2")), links="s-u u-w w-e"), "u", "undoes “v”",
    ),
    "no_event_condition": (around(catch("u", conditional(""))), "u", "has none"),
    "timer_twice": (
        around(catch("u", timer("PT1H").replace("</timerEvent", "<timeDate>2030-01-01</timeDate></timerEvent"))), "u",
        "more than one of",
    ),
    "timer_word": (around(catch("u", timer("SOON"))), "u", "“SOON”"),
    "no_timer": (around(catch("u", "<timerEventDefinition/>")), "u", "neither a date"),
    "timer_kind": (around(catch("u", timer("2030-01-01"))), "u", "does not fit its kind"),
    "cron": (
        around(user("u"), boundary("b", "u", timer("0 0 99 * * ?", "timeCycle"), interrupting=False), end("e2"),
               flow("b", "e2")), "b", "cron",
    ),
    "cycle_interrupts": (
        around(user("u"), boundary("b", "u", timer("R3/PT1H", "timeCycle")), end("e2"), flow("b", "e2")), "b",
        "cannot repeat",
    ),
    "cycle_endless": (around(catch("u", timer("R/PT1H", "timeCycle"))), "u", "never end"),
    "no_message": (around(node("receiveTask", "u")), "u", "which message"),
    "no_signal": (around(catch("u", "<signalEventDefinition/>")), "u", "which signal"),
    "nothing_sent": (around(node("sendTask", "u")), "u", "nothing is sent"),
    "artifact_message_flow": (pools(sent("u", "note"), NOTE), "mf", "note, group or association"),
    "message_flow_inside": (pools(sent("u", "p")), "mf", "stays inside one pool"),
    "message_flow_source": (pools(sent("s", "v")), "s", "only receives"),
    "message_flow_target": (pools(sent("u", "e2")), "e2", "only throws"),
    "message_flow_gateway": (pools(sent("two", "g"), gateway("parallel", "g")), "g", "gateway “g”"),
    "message_flow_none": (pools(sent("e", "two")), "e", "neither sends nor awaits"),
    "multiplicity": (
        pools('<participant id="x"><participantMultiplicity minimum="3" maximum="2"/></participant>'), "x", "largest number",
    ),
    "correlation_key": (pools('<correlationKey id="k" name="Order"/>'), "k", "has no properties"),
    "correlation_subscription": (
        around(user("u"), '<correlationSubscription id="cs" correlationKeyRef="none"/>'), "cs", "key that does not exist",
    ),
    "uncaught": (diagram(start(), end("e", ERROR), links="s-e"), "e", "(error E1)"),
    "never_sent": (
        pools("", throw("t", MESSAGE), catch("k", REFUSED), flows("u-t t-k k-e")), "k", "No pool of this file",
    ),
}  # fmt: skip
