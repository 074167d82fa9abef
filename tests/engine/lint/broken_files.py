"""Files, data, steps and expressions that break one rule each."""

from __future__ import annotations

from bpm.engine.build.builder import NESTING_LIMIT
from bpm.engine.diagram.xml import SIZE_LIMIT
from tests.engine.diagrams import (
    ERROR,
    MESSAGE,
    SIGNAL,
    boundary,
    end,
    file,
    flow,
    flows,
    node,
    process,
    script,
    service,
    start,
    sub,
    throw,
    user,
)
from tests.engine.lint.breaking import HEAD, XPATH, around, choice, given, io, nested, repeated, typed

# by rule: the file, the element, and words of the message
FILES: dict[str, tuple[str, str | None, str]] = {
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
