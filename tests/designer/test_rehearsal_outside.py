"""What a rehearsal would ask of the world outside: people say what comes back, nothing is called."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from bpm.config import Settings
from tests.designer.test_rehearsal import ClientOf, Rehearsing, no_network, owner  # noqa: F401

DIAGRAM = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
  xmlns:bpm="urn:bpm:dialect:1" id="file" targetNamespace="urn:test">
  <bpmn:message id="paid" name="invoice.paid" />
  <bpmn:error id="no_credit" name="No credit" errorCode="NO_CREDIT" />
  <bpmn:process id="order" name="Order" isExecutable="true">
    <bpmn:startEvent id="start"><bpmn:outgoing>a</bpmn:outgoing></bpmn:startEvent>
    <bpmn:serviceTask id="ask_bank" name="Ask the bank">
      <bpmn:extensionElements><bpm:connector name="http">
        <bpm:input name="url" value="https://bank.example/credit" /><bpm:input name="method" value="GET" />
        <bpm:output value="=result.body.limit" target="limit" />
      </bpm:connector></bpmn:extensionElements>
      <bpmn:incoming>a</bpmn:incoming><bpmn:outgoing>b</bpmn:outgoing>
    </bpmn:serviceTask>
    <bpmn:boundaryEvent id="refused" name="No credit" attachedToRef="ask_bank">
      <bpmn:outgoing>r</bpmn:outgoing><bpmn:errorEventDefinition id="refused_error" errorRef="no_credit" />
    </bpmn:boundaryEvent>
    <bpmn:exclusiveGateway id="enough" name="Enough?" default="no">
      <bpmn:incoming>b</bpmn:incoming><bpmn:outgoing>yes</bpmn:outgoing><bpmn:outgoing>no</bpmn:outgoing>
    </bpmn:exclusiveGateway>
    <bpmn:intermediateCatchEvent id="wait" name="Wait for the payment">
      <bpmn:incoming>yes</bpmn:incoming><bpmn:outgoing>c</bpmn:outgoing>
      <bpmn:messageEventDefinition id="wait_message" messageRef="paid" />
    </bpmn:intermediateCatchEvent>
    <bpmn:endEvent id="done" name="Paid"><bpmn:incoming>c</bpmn:incoming></bpmn:endEvent>
    <bpmn:endEvent id="poor" name="Too little"><bpmn:incoming>no</bpmn:incoming></bpmn:endEvent>
    <bpmn:endEvent id="none" name="Refused"><bpmn:incoming>r</bpmn:incoming></bpmn:endEvent>
    <bpmn:sequenceFlow id="a" sourceRef="start" targetRef="ask_bank" />
    <bpmn:sequenceFlow id="b" sourceRef="ask_bank" targetRef="enough" />
    <bpmn:sequenceFlow id="yes" name="yes" sourceRef="enough" targetRef="wait">
      <bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">=limit &gt; 100</bpmn:conditionExpression>
    </bpmn:sequenceFlow>
    <bpmn:sequenceFlow id="no" name="no" sourceRef="enough" targetRef="poor" />
    <bpmn:sequenceFlow id="c" sourceRef="wait" targetRef="done" />
    <bpmn:sequenceFlow id="r" sourceRef="refused" targetRef="none" />
  </bpmn:process>
</bpmn:definitions>"""


@pytest.fixture
def order(owner: FlaskClient, settings: Settings) -> Rehearsing:  # noqa: F811
    page = Rehearsing(owner, "order")
    page._read(owner.get("/processes/new"))
    token = page.page.xpath("//meta[@name='csrf-token']/@content")[0]
    owner.post("/processes/new", data={"name": "Order", "csrf_token": token})
    body = {"xml": DIAGRAM, "svg": None, "revision": 1}
    saved = owner.post("/processes/order/draft", json=body, headers={"X-CSRFToken": token})
    assert saved.status_code == 200, saved.text
    return page.begin()


def test_a_person_answers_for_a_service_and_for_the_one_who_sends_a_message(
    order: Rehearsing,
    no_network: list[object],  # noqa: F811
) -> None:
    order.press("Begin")
    assert "Another program would be called" in order.text and "https://bank.example/credit" in order.text

    order.press("It answers", brings="limit = 500")
    assert "Wait for the payment" in order.text
    order.press("Pretend that the message “invoice.paid” arrives")

    assert "The case has ended: Paid." in order.text
    assert no_network == []


def test_a_service_that_fails_is_tried_again_and_may_end_with_its_error(order: Rehearsing) -> None:
    order.press("Begin").press("It fails")
    assert "Stands still" in order.text

    order.press("Try again").press("It ends with the error NO_CREDIT")

    assert "The case has ended: Refused." in order.text


def test_every_path_tells_answers_and_errors_apart(order: Rehearsing) -> None:
    order.press("Try every path")

    assert "3 of 3 ends were reached" in order.text
