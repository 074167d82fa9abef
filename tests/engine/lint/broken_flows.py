"""Diagrams whose flows, gateways and ways break one rule each."""

from __future__ import annotations

from tests.engine.diagrams import (
    ERROR,
    MESSAGE,
    REFUSED,
    SIGNAL,
    boundary,
    catch,
    diagram,
    end,
    flow,
    flows,
    handler,
    node,
    script,
    start,
    sub,
    throw,
    timer,
    user,
)
from tests.engine.lint.breaking import (
    FLOW_TO_NOTE,
    INNER,
    LINK_A,
    NOTE,
    around,
    choice,
    gateway,
    plain,
    pools,
)

# by rule: the file, the element, and words of the message
FLOWS: dict[str, tuple[str, str | None, str]] = {
    "no_id": (around(user("u"), '<sequenceFlow sourceRef="u" targetRef="e"/>'), "p", "has no id"),
    "flow_end_missing": (around(user("u"), flow("u", "gone")), "u_gone", "“gone”, which does not exist"),
    "flow_no_step": (around(user("u"), '<dataObject id="d"/>', flow("u", "d")), "u_d", "no step but a dataObject"),
    "artifact_flow": (around(user("u"), NOTE, FLOW_TO_NOTE), "f", "note, group or association"),
    "flow_crosses": (around(INNER, flow("s", "i")), "s_i", "same process or sub-process"),
    "flow_crosses_pool": (pools("", flow("u", "v")), "u_v", "crosses the border of a pool"),
    "start_incoming": (around(user("u"), flow("u", "s")), "s", "leads into the start event"),
    "end_outgoing": (around(user("u"), flow("e", "u")), "e", "out of the end event"),
    "boundary_incoming": (
        around(user("u"), boundary("b", "u", ERROR), end("e2"), links="s-u u-e b-e2 s-b"), "b", "boundary event",
    ),
    "event_sub_process_flow": (
        around(user("u"), handler("h", MESSAGE, end("he"), flows("h_s-he")), flow("u", "h")), "h", "flows in or out",
    ),
    "compensation_flow": (around(user("u"), user("x", isForCompensation="true"), flow("u", "x")), "x", "compensation"),
    "empty_condition": (
        choice(flow("g", "u", "x"), flow("g", "v", " ")), "g_v", "is empty",
    ),
    "condition_place": (
        diagram(start(), gateway("eventBased", "g"), catch("u", MESSAGE), catch("v", timer("PT1H")), end(),
                flow("g", "u", "x"), links="s-g g-v u-e v-e"), "g_u", "cannot have a condition",
    ),
    "condition_ignored": (
        diagram(start(), gateway("parallel", "g"), user("u"), user("v"), gateway("parallel", "j"), end(),
                flow("g", "u", "x"), links="s-g g-v u-j v-j j-e"), "g_u", "does not count",
    ),
    "default_condition": (
        choice(flow("g", "u", "x"), flow("g", "v", "y"), default="g_v"), "g_v", "is the default flow",
    ),
    "single_condition": (around(user("u"), flow("u", "e", "x"), links="s-u"), "u_e", "only flow out"),
    "default_flow": (choice(flow("g", "u", "x"), flow("g", "v", "y"), default="u_e"), "g", "does not begin there"),
    "unknown_flow": (around(user("u", "<incoming>gone</incoming>")), "u", "“gone”, which does not exist"),
    "listed_no_flow": (around(user("u", "<incoming>e</incoming>")), "u", "as a flow, which is none"),
    "wrong_flow_list": (around(user("u", "<incoming>u_e</incoming>")), "u", "does not begin or end there"),
    "unlisted_flow": (around(user("u", "<outgoing>u_e</outgoing>")), "u", "does not list the flow “s_u”"),
    "empty": (around(sub("u")), "u", "no steps"),
    "no_end": (plain(start(), user("u"), links="s-u"), "p", "no end event"),
    "no_start": (plain(user("u"), end(), links="u-e"), "p", "no start event"),
    "several_plain_starts": (around(user("u"), start("s2"), flow("s2", "u")), "p", "several plain start events"),
    "several_starts": (
        around(sub("u", start("s2"), start("s3"), end("e2"), flows("s2-e2 s3-e2"))), "u", "more than one start event",
    ),
    "event_sub_process_start": (
        around(user("u"), sub("h", user("x"), triggeredByEvent="true")), "h", "exactly one start event",
    ),
    "ad_hoc_empty": (around(sub("u", gateway("parallel", "g"), tag="adHocSubProcess")), "u", "no activity"),
    "ad_hoc_event": (around(sub("u", user("x"), end("y"), tag="adHocSubProcess")), "y", "ad-hoc"),
    "no_way_in": (around(user("u"), user("v"), flow("v", "e")), "v", "No flow leads to “v”"),
    "dead_end": (around(user("u"), user("v"), flow("u", "v")), "v", "No flow leads on from “v”"),
    "ends_without_event": (
        diagram(start(), user("u"), start("s2", MESSAGE), end(), links="s-u s2-e"), "u", "without an end event",
    ),
    "useless_gateway": (around(gateway("parallel", "u")), "u", "neither splits nor joins"),
    "gateway_direction": (
        choice(flow("g", "u", "x"), flow("g", "v"), default="g_v", gatewayDirection="Converging"), "g", "Converging",
    ),
    "no_condition": (choice(flow("g", "u", "x"), flow("g", "v")), "g_v", "has no condition"),
    "open_choice": (choice(flow("g", "u"), flow("g", "v")), "g", "has a condition"),
    "no_default": (choice(flow("g", "u", "x"), flow("g", "v", "y")), "g", "no default flow"),
    "instantiate_incoming": (
        diagram(start(), gateway("eventBased", "g", instantiate="true"), catch("u", MESSAGE), catch("v", SIGNAL),
                end(), links="s-g g-u g-v u-e v-e"), "g", "starts the process",
    ),
    "parallel_event_gateway": (
        diagram(start(), gateway("eventBased", "g", eventGatewayType="Parallel"), catch("u", MESSAGE),
                catch("v", SIGNAL), end(), links="s-g g-u g-v u-e v-e"), "g", "Only an event gateway",
    ),
    "event_gateway_mixture": (
        diagram(start(), gateway("eventBased", "g"), node("receiveTask", "u", messageRef="root_m1"),
                catch("v", REFUSED), end(), links="s-g g-u g-v u-e v-e"), "g", "use one of them",
    ),
    "event_gateway_target": (
        diagram(start(), gateway("eventBased", "g"), user("u"), catch("v", MESSAGE), end(), links="s-g g-u g-v u-e v-e"),
        "u", "not “u”",
    ),
    "event_gateway_incoming": (
        diagram(start(), gateway("eventBased", "g"), catch("u", SIGNAL), catch("v", MESSAGE), end(),
                links="s-g g-u g-v u-e v-u"), "u", "no other flow",
    ),
    "event_gateway_boundary": (
        diagram(start(), gateway("eventBased", "g"), node("receiveTask", "u", messageRef="root_m1"), catch("v", SIGNAL),
                boundary("b", "u", ERROR), end(), end("e2"), links="s-g g-u g-v u-e v-e b-e2"), "u", "at its border",
    ),
    "link_flow": (
        around(user("u"), throw("t", LINK_A), catch("c", LINK_A.replace("la", "lb")), end("e2"), links="s-u u-t t-e c-e2"),
        "t", "wrong side",
    ),
    "link_target": (around(user("u"), throw("t", LINK_A), flow("u", "t")), "t", "partner"),
    "link_source": (around(user("u"), catch("c", LINK_A), flow("c", "e")), "c", "Nothing leads to the link"),
    "link_disagrees": (
        around(user("u"), throw("t", '<linkEventDefinition id="l1" name="A"><target>l2</target></linkEventDefinition>'),
               catch("c", '<linkEventDefinition id="l2" name="A"><source>l9</source></linkEventDefinition>'),
               flow("u", "t"), flow("c", "e")), "t", "does not name it as a source",
    ),
    "link_never": (
        around(user("u"), catch("c", '<linkEventDefinition name="A"><source>s</source></linkEventDefinition>'),
               flow("c", "e")), "c", "a source that is no link",
    ),
    "unreachable": (
        around(user("u"), user("v"), user("w"), links="s-u u-e v-w w-v v-e"), "v", "No way leads from the start",
    ),
    "starving_join": (
        diagram(start(), gateway("exclusive", "g"), user("u"), user("v"), gateway("parallel", "j"), end(),
                flow("g", "u", "x"), flow("g", "v", "y"), links="s-g u-j v-j j-e"), "j", "waits for ever",
    ),
    "maybe_starving_join": (
        diagram(start(), gateway("inclusive", "g"), user("u"), user("v"), gateway("parallel", "j"), end(),
                flow("g", "u", "x"), flow("g", "v", "y"), links="s-g u-j v-j j-e"), "j", "inclusive gateway",
    ),
    "doubled_tokens": (
        diagram(start(), gateway("parallel", "g"), user("u"), user("v"), gateway("exclusive", "j"), user("w"), end(),
                links="s-g g-u g-v u-j v-j j-w w-e"), "j", "more than once",
    ),
    "no_way_out": (
        diagram(start(), user("u"), user("v"), start("s2", MESSAGE), end(), links="s-u u-v v-u s2-e"), "u", "never end",
    ),
    "endless_cycle": (
        diagram(start(), script("u", "x := 1"), script("v", "y := 1"), start("s2", MESSAGE), end(),
                links="s-u u-v v-u s2-e"), "u", "goes round for ever",
    ),
    "constant_condition": (choice(flow("g", "u", "true"), flow("g", "v"), default="g_v"), "g_u", "always true"),
    "same_condition": (choice(flow("g", "u", "x"), flow("g", "v", "x")), "g_v", "never taken"),
}  # fmt: skip
