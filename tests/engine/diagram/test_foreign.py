"""Diagrams of Camunda 7 and Zeebe run with what they mean, and say what does not."""

from __future__ import annotations

from bpm.engine.lint.check import lint
from tests.engine.diagrams import diagram, end, flow, node, script, start, user
from tests.engine.runtime.world import World


def test_camunda_user_task() -> None:
    task = user("u", **{
        "camunda:assignee": "${initiator}", "camunda:candidateGroups": "hr, boss",
        "camunda:formKey": "form-1",
        "camunda:dueDate": "${due}", "camunda:priority": "5",
    })  # fmt: skip
    case = World(diagram(start(), task, end(), links="s-u u-e")).start(initiator="ann", due="P2D")
    details = case.wait("u").details
    assert details["assignment"] == {
        "to": "expression", "value": "ann", "candidate_groups": ["hr", "boss"], "candidate_users": []
    }  # fmt: skip
    assert details["form"] == "form-1" and details["deadline"]["due"] == "P2D" and details["priority"] == 5


def test_zeebe_user_task_with_mapping() -> None:
    extensions = (
        '<zeebe:formDefinition formId="form-1"/><zeebe:assignmentDefinition assignee="=initiator"/>'
        '<zeebe:ioMapping><zeebe:input source="=x + 1" target="y"/><zeebe:output source="=y * 2" target="z"/>'
        "</zeebe:ioMapping>"
    )
    case = World(
        diagram(start(), user("u", extensions=extensions), user("v"), end(), links="s-u u-v v-e")
    ).start(initiator="ann", x=1)
    assert case.wait("u").details["form"] == "form-1"
    case.complete("u", y=5)
    assert case.variables["z"] == 10 and "y" not in case.variables


def test_zeebe_call_script_and_decision() -> None:
    call = node("callActivity", "c", extensions='<zeebe:calledElement processId="sub"/>')
    computed = node("scriptTask", "k", extensions='<zeebe:script expression="=1 + 1" resultVariable="two"/>')
    decided = node("businessRuleTask", "d",
                   extensions='<zeebe:calledDecision decisionId="route" resultVariable="way"/>')  # fmt: skip
    world = World(diagram(start(), computed, decided, call, end(), links="s-k k-d d-c c-e"))
    world.environment.decisions["route"] = lambda context: ("left", [])
    case = world.start()
    assert case.variables == {"two": 2, "way": "left"}
    assert case.wait("c").details["process"] == "sub"


def test_camunda_collection_and_condition() -> None:
    task = user(
        "u",
        '<multiInstanceLoopCharacteristics camunda:collection="people" camunda:elementVariable="person"/>',
    )
    text = diagram(
        start(), task, node("exclusiveGateway", "g", default="g_e"), user("v"), end(),
        flow("g", "v", "${amount >= 5 && way == 'x'}"), flow("g", "e"), links="s-u u-g v-e",
    )  # fmt: skip
    case = World(text).start(people=["a", "b"], amount=5, way="x")
    assert [wait.scope["person"] for wait in case.waits()] == ["a", "b"]
    case.complete("u")
    case.complete("u")
    assert case.tasks() == ["v"]


def test_zeebe_task_type_is_a_topic_for_programs_outside() -> None:
    task = node("serviceTask", "x", extensions='<zeebe:taskDefinition type="http"/>')
    case = World(diagram(start(), task, end(), links="s-x x-e")).start()
    details = case.wait("x").details
    assert details["connector"] == "external" and details["inputs"]["topic"] == "http"


def test_an_expression_that_has_no_equal_is_refused_by_its_text() -> None:
    task = script("k", "x := 1")
    text = diagram(
        start(), task, node("exclusiveGateway", "g", default="g_e"), user("v"), end(),
        flow("g", "v", "${execution.getVariable('a') != null ? true : false}"), flow("g", "e"),
        links="s-k k-g v-e",
    )  # fmt: skip
    problem = next(one for one in lint(text) if one.severity == "error")
    assert problem.element == "g_v" and "execution.getVariable" in problem.text


def test_a_camunda_text_keeps_its_braces_and_fills_in_its_parts() -> None:
    task = user("u", **{"camunda:candidateUsers": "${initiator}, boris", "camunda:formKey": "form {1}"})
    case = World(diagram(start(), task, end(), links="s-u u-e")).start(initiator="ann")
    details = case.wait("u").details
    assert details["assignment"]["candidate_users"] == ["ann", "boris"]
    assert details["form"] == "form {1}"


def test_lists_and_maps_of_camunda_become_values() -> None:
    extensions = (
        '<camunda:inputOutput><camunda:inputParameter name="rows"><camunda:list>'
        '<camunda:value>a "b"</camunda:value><camunda:value>${n + 1}</camunda:value></camunda:list>'
        '</camunda:inputParameter><camunda:inputParameter name="pair"><camunda:map>'
        '<camunda:entry key="k">${n}</camunda:entry></camunda:map></camunda:inputParameter></camunda:inputOutput>'
    )
    case = World(diagram(start(), user("u", extensions=extensions), end(), links="s-u u-e")).start(n=1)
    scope = case.wait("u").scope
    assert scope["rows"] == ['a "b"', 2] and scope["pair"] == {"k": 1}


def test_what_camunda_would_run_as_code_is_refused_by_name() -> None:
    extensions = (
        '<camunda:inputOutput><camunda:inputParameter name="x"><camunda:script scriptFormat="groovy">1'
        "</camunda:script></camunda:inputParameter></camunda:inputOutput>"
    )
    text = diagram(start(), user("u", extensions=extensions), end(), links="s-u u-e")
    problem = next(one for one in lint(text) if one.severity == "error")
    assert problem.element == "u" and "camunda:script" in problem.text


def test_a_decision_result_of_another_shape_is_refused() -> None:
    task = node("businessRuleTask", "d", **{"camunda:decisionRef": "route", "camunda:resultVariable": "way"})
    problems = lint(diagram(start(), task, end(), links="s-d d-e"))
    assert any("mapDecisionResult=resultList" in one.text for one in problems if one.severity == "error")
    task = node("businessRuleTask", "d", **{
        "camunda:decisionRef": "route", "camunda:resultVariable": "way",
        "camunda:mapDecisionResult": "singleEntry",
    })  # fmt: skip
    assert not [
        one for one in lint(diagram(start(), task, end(), links="s-d d-e")) if one.severity == "error"
    ]


def test_negation_takes_a_missing_value_for_false() -> None:
    text = diagram(
        start(), node("exclusiveGateway", "g", default="g_e"), user("v"), end(),
        flow("g", "v", "${!approved}"), flow("g", "e"), links="s-g v-e",
    )  # fmt: skip
    assert World(text).start().tasks() == ["v"]
    assert World(text).start(approved=True).tasks() == []
