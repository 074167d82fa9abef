"""One small diagram for each rule, which breaks it: the text, the element, and words of the message."""

from __future__ import annotations

from bpm.engine.build.builder import NESTING_LIMIT
from bpm.engine.diagram.xml import SIZE_LIMIT
from tests.engine.runtime.diagrams import (
    ANY_ERROR,
    ERROR,
    MESSAGE,
    REFUSED,
    ROOTS,
    SIGNAL,
    boundary,
    catch,
    conditional,
    diagram,
    end,
    file,
    flow,
    flows,
    handler,
    node,
    process,
    script,
    service,
    start,
    sub,
    throw,
    timer,
    user,
)

PLAIN = "s-u u-e"
UNDO = "<compensateEventDefinition/>"
LINK_A = '<linkEventDefinition id="la" name="A"/>'
ITEMS = (
    '<itemDefinition id="i_text" structureRef="String"/><itemDefinition id="i_number" structureRef="xsd:int"/>'
    '<itemDefinition id="i_texts" structureRef="String" isCollection="true"/>'
    '<message id="m_text" name="Text" itemRef="i_text"/><interface id="if" name="Shop">'
    '<operation id="op" name="buy"><inMessageRef>m_text</inMessageRef></operation></interface>'
)


def around(step: str, *more: str, links: str = PLAIN) -> str:
    """A process with one step ``u`` between its start and its end."""
    return diagram(start(), step, end(), *more, links=links)


def typed(*content: str, links: str = PLAIN, before: str = "") -> str:
    """The same in a file with item definitions and a service."""
    return file(before + process(start(), *content, end(), flows(links)), roots=ROOTS + ITEMS)


def plain(*content: str, links: str = "") -> str:
    return file(process(*content, flows(links)))


def choice(*flows_out: str, kind: str = "exclusiveGateway", **attributes: str) -> str:
    """A gateway ``g`` before the tasks ``u`` and ``v``."""
    return diagram(
        start(), node(kind, "g", **attributes), user("u"), user("v"), end(), *flows_out, links="s-g u-e v-e"
    )


def gateway(kind: str, key: str, **attributes: str) -> str:
    return node(f"{kind}Gateway", key, **attributes)


def io(data: str = "", inputs: str = "<inputSet/>", outputs: str = "<outputSet/>") -> str:
    return f'<ioSpecification id="io">{data}{inputs}{outputs}</ioSpecification>'


def given(item: str = "i_text", key: str = "d", extra: str = "") -> str:
    return io(
        f'<dataInput id="{key}" itemSubjectRef="{item}" {extra}/>',
        f"<inputSet><dataInputRefs>{key}</dataInputRefs></inputSet>",
    )


def pools(inner: str, *more: str) -> str:
    """Two pools with processes p (s-u-e) and q (s2-v-e2), and what a collaboration holds."""
    return file(
        '<collaboration id="c"><participant id="one" processRef="p"/><participant id="two" processRef="q"/>'
        f"{inner}</collaboration>"
        + process(start(), user("u"), end(), flows(PLAIN), *more)
        + process(start("s2"), user("v"), end("e2"), flows("s2-v v-e2"), key="q")
    )


def sent(source: str, target: str) -> str:
    return f'<messageFlow id="mf" sourceRef="{source}" targetRef="{target}"/>'


def repeated(inner: str, **attributes: str) -> str:
    return user("u", node("multiInstanceLoopCharacteristics", "mi", inner, **attributes))


def undone(association: str = '<association id="a" sourceRef="b" targetRef="x"/>', mark: str = "true") -> str:
    return around(user("u"), boundary("b", "u", UNDO), user("x", isForCompensation=mark), association)


def nested(depth: int) -> str:
    """Sub-processes in one another."""
    inner = start("s0") + end("e0") + flows("s0-e0")
    for level in range(1, depth):
        inner = start(f"s{level}x") + sub(f"n{level}", inner) + end(f"e{level}x")
        inner += flows(f"s{level}x-n{level} n{level}-e{level}x")
    return inner


HEAD = '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL">'
FLOW_TO_NOTE = '<sequenceFlow id="f" sourceRef="u" targetRef="note"/>'
NOTE = '<textAnnotation id="note"/>'
INNER = sub("u", start("s2"), user("i"), end("e2"), flows("s2-i i-e2"))
XPATH = diagram(start(), catch("u", timer("PT1H")), end(), links=PLAIN).replace(
    'id="file"', 'id="file" expressionLanguage="http://www.w3.org/1999/XPath"'
)

BROKEN: dict[str, tuple[str, str | None, str]] = {
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
    "no_process": (HEAD + "</definitions>", None, "no process"),
    "not_executable": (around(user("u")).replace('isExecutable="true"', 'isExecutable="false"'), "p", "not executable"),
    "duplicate_id": (around(user("u"), user("u")), "u", "more than once"),
    "bad_id": (around(user("u"), user("a b")), "a b", "cannot be an id"),
    "dangling_reference": (around(user("u", default="gone")), "u", "(default), which does not exist"),
    "wrong_reference": (around(user("u", default="s")), "u", "no sequenceFlow"),
    "unknown_description": (
        around(user("u"), '<dataStoreReference id="d" dataStoreRef="gone"/>'), "d", "it runs without it",
    ),
    "lane_reference": (
        around(user("u"), '<laneSet id="ls"><lane id="l" name="Office"><flowNodeRef>gone</flowNodeRef></lane></laneSet>'),
        "l", "The lane “Office”",
    ),
    "two_lanes": (
        around(user("u"), '<laneSet id="ls"><lane id="l"><flowNodeRef>u</flowNodeRef></lane><lane id="k">'
                          "<flowNodeRef>u</flowNodeRef></lane></laneSet>"), "u", "two lanes",
    ),
    "unknown_value": (around(user("u"), boundary("b", "u", ERROR).replace('"true"', '"yes"'), end("e2"), flow("b", "e2")),
                      "b", "“yes” is no value"),
    "misplaced": (around(user("u")).replace("</definitions>", '<userTask id="x"/></definitions>'), "x", "outside of every"),
    "not_supported": (around(user("u"), node("choreographyTask", "x")), "x", "choreographyTask is not supported"),
    "quantity": (around(user("u", startQuantity="0")), "u", "startQuantity"),
    "property_place": (
        around(user("u")).replace("</definitions>", '<property id="x"/></definitions>'), "x", "must belong to",
    ),
    "data_place": (around(user("u", '<dataObject id="x"/>')), "x", "must stand in a process"),
    "collection": (typed(user("u"), '<dataObject id="d" itemSubjectRef="i_texts"/>'), "d", "whether it is a list"),
    "state_name": (
        typed(user("u"), '<dataObject id="d" name="Order"/><dataObjectReference id="r" dataObjectRef="d" name="X">'
                         '<dataState name="paid"/></dataObjectReference>'), "r", "“Order [paid]”",
    ),
    "no_set": (around(user("u", io(inputs=""))), "io", "at least one inputSet"),
    "set_stranger": (
        around(user("u", io(inputs="<inputSet><dataInputRefs>gone</dataInputRefs></inputSet>"))), "io", "“gone”",
    ),
    "set_optional": (
        around(user("u", io('<dataInput id="d"/>', "<inputSet><optionalInputRefs>d</optionalInputRefs></inputSet>"))),
        "io", "listed as optionalInputRefs",
    ),
    "set_missing": (around(user("u", io('<dataInput id="d"/>'))), "d", "in no inputSet"),
    "set_pair": (
        around(user("u", io("", '<inputSet id="is"><outputSetRefs>os</outputSetRefs></inputSet>', '<outputSet id="os"/>'))),
        "is", "in turn",
    ),
    "association_sources": (
        around(user("u", given("") + '<dataInputAssociation id="a"><sourceRef>x</sourceRef><sourceRef>y</sourceRef>'
                                     "<targetRef>d</targetRef></dataInputAssociation>")), "a", "several sources",
    ),
    "association_items": (
        typed(user("u", given("i_number") + '<dataInputAssociation id="a"><sourceRef>o</sourceRef>'
                        "<targetRef>d</targetRef></dataInputAssociation>"), '<dataObject id="o" itemSubjectRef="i_text"/>'),
        "a", "different kinds",
    ),
    "association_process": (
        around(user("u", '<dataOutputAssociation id="a"><sourceRef>z</sourceRef><targetRef>d</targetRef>'
                         "</dataOutputAssociation>"), given("")), "a", "from outside only",
    ),
    "association_end": (
        around(user("u", '<dataOutputAssociation id="a"><sourceRef>s</sourceRef><targetRef>e</targetRef>'
                         "</dataOutputAssociation>")), "a", "holds no data",
    ),
    "loop_twice": (
        around(user("u", given("") + node("multiInstanceLoopCharacteristics", "mi",
                    "<loopCardinality>2</loopCardinality><loopDataInputRef>d</loopDataInputRef>"))), "u", "one of them",
    ),
    "loop_data": (
        around(repeated("<loopDataInputRef>d</loopDataInputRef>"), user("v", given("")), links="s-u u-v v-e"), "u",
        "no dataInput of it",
    ),
    "loop_item": (
        typed(user("u", given("i_texts", extra='isCollection="true"') + node(
            "multiInstanceLoopCharacteristics", "mi",
            '<loopDataInputRef>d</loopDataInputRef><inputDataItem id="x" itemSubjectRef="i_number"/>'))), "u", "not one element",
    ),
    "loop_maximum": (around(user("u", '<standardLoopCharacteristics loopMaximum="0"/>')), "u", "at least once"),
    "behavior_event": (around(repeated("<loopCardinality>2</loopCardinality>", behavior="One")), "u", "behavior One"),
    "endless_loop": (around(user("u", "<standardLoopCharacteristics/>")), "u", "neither a condition nor a maximum"),
    "no_collection": (around(repeated("")), "u", "neither how often"),
    "performer_twice": (
        typed(user("u", '<performer id="x"><resourceRef>r</resourceRef><resourceAssignmentExpression>'
                        "<formalExpression>a</formalExpression></resourceAssignmentExpression></performer>")), "u", "twice",
    ),
    "performer_parameters": (
        around(user("u", '<performer id="x"><resourceParameterBinding parameterRef="z"/></performer>')), "u", "no resource",
    ),
    "performer_resource": (
        around(user("u", '<performer id="x"><resourceRef>gone</resourceRef></performer>')), "u", "“gone”",
    ),
    "one_message_data": (
        typed(node("sendTask", "u", io('<dataInput id="d" itemSubjectRef="i_text"/>',
              "<inputSet><dataInputRefs>d</dataInputRefs></inputSet>" * 2), messageRef="m_text")), "u", "only one inputSet",
    ),
    "message_item": (typed(node("sendTask", "u", given("i_number"), messageRef="m_text")), "u", "message “Text”"),
    "event_data_missing": (
        typed(throw("u", '<dataInput id="d"/>' + MESSAGE + SIGNAL)), "u", "2 events with data but only 1",
    ),
    "event_item": (
        typed(throw("u", '<dataInput id="d" itemSubjectRef="i_number"/><messageEventDefinition messageRef="m_text">'
                         "<operationRef>op</operationRef></messageEventDefinition>")), "u", "kind of data of its message",
    ),
    "call_data": (
        typed(node("callActivity", "u", calledElement="gt"), before=f'<globalTask id="gt">{given()}</globalTask>'), "u",
        "has 0 dataInput",
    ),
    "call_item": (
        typed(node("callActivity", "u", given("i_number", "own"), calledElement="gt"),
              before=f'<globalTask id="gt">{given()}</globalTask>'), "u", "of another kind",
    ),
    "no_binding": (
        typed(user("u"), before='<globalTask id="gt"><supportedInterfaceRef>if</supportedInterfaceRef></globalTask>'), "gt",
        "service “Shop”",
    ),
    "binding": (typed(user("u"), before='<globalTask id="gt"><ioBinding operationRef="op"/></globalTask>'), "gt", "“op”"),
    "binding_item": (
        typed(user("u"), before='<globalTask id="gt"><supportedInterfaceRef>if</supportedInterfaceRef>'
              + given("i_number") + '<ioBinding operationRef="op" inputDataRef="d"/></globalTask>'), "gt", "operation “buy”",
    ),
    "operation_in": (
        typed(user("u")).replace("<inMessageRef>m_text</inMessageRef>", ""), "op", "no message that begins it",
    ),
    "nobody": (around(user("u")), "u", "Nobody is named"),
    "no_connector": (around(service("u", "")), "u", "which connector"),
    "no_decision": (around(node("businessRuleTask", "u")), "u", "which decision table"),
    "no_voters": (around(user("u", extensions='<bpm:voting rule="all"/>')), "u", "who votes"),
    "no_quorum": (around(user("u", extensions='<bpm:voting rule="quorum" voters="=x"/>')), "u", "number of approvals"),
    "duplicate_outcome": (
        around(user("u", extensions='<bpm:outcomes><bpm:outcome key="a"/><bpm:outcome key="a"/></bpm:outcomes>')), "u",
        "same key",
    ),
    "outcome_key": (around(user("u", extensions="<bpm:outcomes><bpm:outcome/></bpm:outcomes>")), "u", "has no key"),
    "no_name": (
        around(user("u", extensions='<bpm:mapping><bpm:input name="a b" value="=1"/></bpm:mapping>')), "u", "name of a variable",
    ),
    "unknown_extension": (around(user("u", extensions="<bpm:asignment/>")), "u", "bpm:asignment"),
    "unknown_attribute": (around(user("u", extensions='<bpm:assignment too="x"/>')), "u", "no attribute “too”"),
    "foreign": (around(user("u", extensions='<camunda:executionListener class="x"/>')), "u", "not supported here"),
    "left_out": (around(user("u", extensions="<camunda:formData/>")), "u", "“camunda:formData” at “u” is not taken over"),
    "natural_language": (XPATH, "u", "natural language"),
    "empty_expression": (around(repeated("<loopCardinality/>")), "mi", "loopCardinality"),
    "no_yes_or_no": (choice(flow("g", "u", "23"), flow("g", "v"), default="g_v"), "g_u", "neither true nor false"),
    "expression_language": (
        choice(flow("g", "u", "x").replace("<cond", '<cond', 1).replace(
            "<conditionExpression>", '<conditionExpression language="http://groovy">'), flow("g", "v"), default="g_v"),
        "g_u", "http://groovy",
    ),
    "not_feel": (choice(flow("g", "u", "x >"), flow("g", "v"), default="g_v"), "g_u", "FEEL"),
    "not_feel_name": (around(script("u", "x := exec(1)")), "u", "exec"),
    "not_a_script": (around(node("scriptTask", "u", "<script>help</script>", scriptFormat="feel")), "u", "FEEL assignments"),
    "script_language": (around(node("scriptTask", "u", "<script>x</script>", scriptFormat="groovy")), "u", "groovy"),
    "script_format": (around(script("u", "help me")), "u", "scriptFormat"),
    "no_script": (around(node("scriptTask", "u")), "u", "does nothing"),
    "media_type": (around(user("u", '<documentation id="d" textFormat="INVALID">x</documentation>')), "d", "“INVALID”"),
    "bad_address": (around(user("u")).replace('id="file"', 'id="file" typeLanguage="a b"'), "file", "typeLanguage"),
    "import_incomplete": (file('<import location="x.xsd"/>' + process(start(), end(), flows("s-e"))), "file", "importType"),
    "import_type": (
        file('<import location="x" namespace="y" importType="z"/>' + process(start(), end(), flows("s-e"))), "file", "“z”",
    ),
    "import_ignored": (
        file('<import location="x.xsd" namespace="y" importType="http://www.w3.org/2001/XMLSchema"/>'
             + process(start(), end(), flows("s-e"))), "file", "“x.xsd” is not read",
    ),
    "doctype": ("<!DOCTYPE d>" + HEAD + "</definitions>", None, "DOCTYPE"),
    "not_bpmn": ("<html/>", None, "not a BPMN 2.0 diagram"),
    "not_xml": ("<definitions", None, "not well-formed"),
    "too_deep": (HEAD + "<process>" * 200 + "</process>" * 200 + "</definitions>", None, "nested too deeply"),
    "too_big": (HEAD + " " * SIZE_LIMIT + "</definitions>", None, "bigger than 8 MB"),
    "nested_too_deeply": (
        around(sub("u", nested(NESTING_LIMIT + 1))), "n2", "nested more than 30 levels deep",
    ),
    "mi_behavior": (
        around(repeated("<loopCardinality>2</loopCardinality><complexBehaviorDefinition><event><cancelEventDefinition/>"
                        "</event></complexBehaviorDefinition>", behavior="Complex")), "u", "has no condition",
    ),
    "data_store": (
        around(user("u"), '<dataStoreReference id="d" name="Prices"/>'), "d", "“Prices” is seen in the same case only",
    ),
    "no_topic": (around(service("u", '<bpm:connector name="external"/>')), "u", "no input “topic”"),
    "retry": (
        around(service("u", '<bpm:connector name="letter"/><bpm:retry tries="often"/>')), "u", "“often” at “u”",
    ),
    "no_vote": (
        around(sub("u", start("s2"), script("i", "x := 1"), end("e2"), flows("s2-i i-e2"),
                   extensions='<bpm:voting rule="all" voters="=x"/>')), "u", "no user task in the vote",
    ),
}  # fmt: skip

# what is told only while somebody draws
_INTENT = (
    "outcome_without_way", "unknown_outcome", "ignored_outcomes", "single_outcome", "same_name", "no_deadline",
    "deadline_word", "nobody_chosen", "outside_message", "past_date", "doubtful_expression", "no_start_form",
    "unknown_service", "service_inputs", "empty_group", "check_failed",
)  # fmt: skip
# rules that a diagram alone cannot break, and where they are tested with their words
ELSEWHERE = {
    "no_fix": "test_lint_fixes",
    "no_such_process": "test_imports",
    **dict.fromkeys(_INTENT, "tests/designer/test_beginners"),
    "unknown_connector": "tests/engine/store/test_lint_store",
    "unknown_form": "tests/engine/store/test_lint_store",
    "unknown_decision": "tests/engine/store/test_lint_store",
    "unknown_process": "tests/engine/store/test_lint_store",
    "unknown_group": "tests/engine/store/test_lint_store",
    "unknown_person": "tests/engine/store/test_lint_store",
}

__all__ = ["BROKEN", "ELSEWHERE"]
