"""A case that stands still says why, and lets those who may do something about it."""

from __future__ import annotations

import re
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from bpm.engine import commands as engine
from tests.inbox.holiday import ClientOf, words

DIAGRAM = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
    xmlns:bpm="urn:bpm:dialect:1" targetNamespace="test">
  <bpmn:process id="lost" name="Lost" isExecutable="true">
    <bpmn:startEvent id="start"><bpmn:outgoing>f1</bpmn:outgoing></bpmn:startEvent>
    <bpmn:userTask id="do" name="Do it">
      <bpmn:extensionElements>
        <bpm:assignment to="expression" value="=&quot;nobody.here&quot;"/>
      </bpmn:extensionElements>
      <bpmn:incoming>f1</bpmn:incoming><bpmn:outgoing>f2</bpmn:outgoing>
    </bpmn:userTask>
    <bpmn:endEvent id="end"><bpmn:incoming>f2</bpmn:incoming></bpmn:endEvent>
    <bpmn:sequenceFlow id="f1" sourceRef="start" targetRef="do"/>
    <bpmn:sequenceFlow id="f2" sourceRef="do" targetRef="end"/>
  </bpmn:process>
</bpmn:definitions>"""


@pytest.fixture
def case(app: Flask, anna: FlaskClient, now: datetime) -> str:
    """A case whose only task can be given to nobody."""
    with app.extensions["bpm"].database.writing() as session:
        engine.deploy(session, now, None, DIAGRAM.encode())
    return anna.post("/start/lost").headers["Location"]


def repair_of(client: FlaskClient, case: str) -> str:
    found = re.search(r'action="(/cases/[\w-]+/incidents/[\w-]+)"', client.get(case).get_data(as_text=True))
    assert found
    return found[1]


def test_it_says_that_and_why_the_case_stands_still(office: ClientOf, anna: FlaskClient, case: str) -> None:
    page = words(anna.get(case))

    assert "Stands still" in page
    assert "The case stands still at “Do it”." in page
    assert "Stands still" in words(anna.get("/cases"))
    assert "Lost" in words(anna.get("/cases/list?state=still"))


def test_only_those_entitled_see_the_buttons(office: ClientOf, anna: FlaskClient, case: str) -> None:
    address = repair_of(office("adam.kaminski"), case)

    assert "Try again" not in words(anna.get(case))
    assert anna.post(address, data={"how": "retry"}).status_code == 403


def test_it_can_be_tried_again_or_stopped(office: ClientOf, case: str) -> None:
    adam = office("adam.kaminski")

    assert adam.post(repair_of(adam, case), data={"how": "retry"}).status_code == 303
    assert "Adam Kamiński let “Do it” try again." in words(adam.get(case))
    assert adam.post(repair_of(adam, case), data={"how": "cancel"}).status_code == 303
    assert "Adam Kamiński stopped the case." in words(adam.get(case))
