"""Values that break other programs are stored, shown and restored unchanged, or refused with a reason."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.api_client import ApiClient

Api = Callable[[str], ApiClient]

ASKING = b"""<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:bpm="urn:bpm:dialect:1"
    id="d" targetNamespace="t">
  <bpmn:process id="strange" name="Strange values" isExecutable="true">
    <bpmn:startEvent id="start"><bpmn:outgoing>f1</bpmn:outgoing></bpmn:startEvent>
    <bpmn:userTask id="look" name="Look"><bpmn:extensionElements>
      <bpm:assignment to="initiator"/></bpmn:extensionElements>
      <bpmn:incoming>f1</bpmn:incoming><bpmn:outgoing>f2</bpmn:outgoing></bpmn:userTask>
    <bpmn:endEvent id="end"><bpmn:incoming>f2</bpmn:incoming></bpmn:endEvent>
    <bpmn:sequenceFlow id="f1" sourceRef="start" targetRef="look"/>
    <bpmn:sequenceFlow id="f2" sourceRef="look" targetRef="end"/>
  </bpmn:process>
</bpmn:definitions>"""

VALUES: dict[str, Any] = {
    "typename": {"typename": "datetime", "value": "2026-01-01"},
    "__class__": "os.system",
    "dunder": {"__class__": {"__init__": 1}, "$": ["decimal", "1"], "$date": "x"},
    "emoji": "Zażółć «ёлка» 🎄\u200d👩‍👩‍👧",
    "amount": 1200000.10,
    "day": "2026-02-29 is no day",
    "long": "x" * 100_000,
    "empty": "",
    "nothing": None,
    "list": [1, [2, [3, {"deep": []}]]],
    "markup": "<script>alert(1)</script>{{ 7 * 7 }}${7*7}",
}


@pytest.fixture
def anna(api_of: Api) -> ApiClient:
    api_of("adam.kaminski").deploy(("strange.bpmn", ASKING))
    return api_of("anna.nowak")


def test_they_come_back_as_they_were(anna: ApiClient, client_of: Callable[[str], FlaskClient]) -> None:
    # when a case is started with them and another set is given at its task
    case = anna.post("/processes/strange/instances", {"variables": VALUES}, status=201)
    [task] = anna.get("/tasks", instance=case["id"])["items"]
    again = {f"again_{name}": value for name, value in VALUES.items()}
    anna.post(f"/tasks/{task['id']}/complete", {"values": again}, status=200)
    # then the API returns the same
    found = anna.get(f"/instances/{case['id']}")
    assert found["status"] == "completed"
    for name, value in {**VALUES, **again}.items():
        assert found["variables"][name] == value, name
    # and the pages show them as text
    page = client_of("anna.nowak").get(f"/cases/{case['id']}?view=data").get_data(as_text=True)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;{{ 7 * 7 }}" in page and "<script>alert" not in page


@pytest.mark.parametrize(
    "values",
    [{"initiator": "helena.kowalska"}, {"x" * 500: 1}, {"": 1}],
    ids=["a name that only the program sets", "a name that is too long", "no name"],
)
def test_others_are_refused_with_a_reason(anna: ApiClient, values: dict[str, Any]) -> None:
    refusal = anna.post("/processes/strange/instances", {"variables": values}, status=422)
    assert len(refusal["detail"]) > 20


@pytest.mark.parametrize(
    "body", ['{"variables": {"a": NaN}}', '{"variables": {"a": 1e999999999}}', "[" * 100_000]
)
def test_numbers_and_texts_that_are_no_json_are_refused(anna: ApiClient, body: str) -> None:
    answer = anna.call("POST", "/processes/strange/instances", data=body, content_type="application/json")
    assert answer.status_code in (400, 422)
    assert answer.mimetype == "application/problem+json"


@pytest.mark.parametrize(
    "harm",
    [
        b'<bpmn:scriptTask id="look"><bpmn:incoming>f1</bpmn:incoming><bpmn:outgoing>f2</bpmn:outgoing>'
        b"<bpmn:script>import os; os.system('id')</bpmn:script></bpmn:scriptTask>",
        b'<bpmn:scriptTask id="look" scriptFormat="python"><bpmn:incoming>f1</bpmn:incoming>'
        b"<bpmn:outgoing>f2</bpmn:outgoing><bpmn:script>x = __import__('os').getpid()</bpmn:script></bpmn:scriptTask>",
    ],
    ids=["import", "dunder import"],
)
def test_a_diagram_cannot_reach_python(api_of: Api, harm: bytes) -> None:
    start, end = ASKING.index(b"<bpmn:userTask"), ASKING.index(b"</bpmn:userTask>") + len(b"</bpmn:userTask>")
    diagram = ASKING[:start] + harm + ASKING[end:]
    refusal = api_of("adam.kaminski").deploy(("harm.bpmn", diagram), status=422)
    assert [problem["element"] for problem in refusal["problems"]] == ["look"]


def test_a_condition_cannot_reach_python(api_of: Api) -> None:
    flow = b'<bpmn:sequenceFlow id="f2" sourceRef="look" targetRef="end"/>'
    harm = flow[:-2] + b"><bpmn:conditionExpression>import os</bpmn:conditionExpression></bpmn:sequenceFlow>"
    refusal = api_of("adam.kaminski").deploy(("harm.bpmn", ASKING.replace(flow, harm)), status=422)
    assert any(problem["severity"] == "error" for problem in refusal["problems"])


def test_a_document_with_entities_is_refused(api_of: Api) -> None:
    bomb = ASKING.replace(b"<bpmn:definitions", b'<!DOCTYPE d [<!ENTITY a "aaaa">]><bpmn:definitions', 1)
    refusal = api_of("adam.kaminski").deploy(("bomb.bpmn", bomb), status=422)
    assert refusal["problems"]
