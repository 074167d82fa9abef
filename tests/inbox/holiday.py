"""A small process for tests of pages: somebody asks for a holiday, his head decides, sellers enter it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bpm.engine import commands as engine
from bpm.forms import commands as forms

KEY = "holiday"
DIAGRAM = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
    xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
    xmlns:bpm="urn:bpm:dialect:1" targetNamespace="test">
  <bpmn:process id="holiday" name="Holiday request" isExecutable="true">
    <bpmn:extensionElements>
      <bpm:translation language="ru" name="Заявка на отпуск"/>
      <bpm:start form="holiday_start" button="Ask for a holiday"/>
      <bpm:title>Holiday of {name_of(initiator)}, {days} days</bpm:title>
    </bpmn:extensionElements>
    <bpmn:startEvent id="start" name="Asked"><bpmn:outgoing>f1</bpmn:outgoing></bpmn:startEvent>
    <bpmn:userTask id="decide" name="Decide on the holiday">
      <bpmn:extensionElements>
        <bpm:translation language="ru" name="Решить об отпуске"/>
        <bpm:assignment to="manager_of_initiator"/>
        <bpm:formRef key="holiday_decide"/>
        <bpm:title>Decide: holiday of {name_of(initiator)}, {days} days</bpm:title>
        <bpm:outcomes variable="decision">
          <bpm:outcome key="approve" label="Approve" tone="positive"/>
          <bpm:outcome key="reject" label="Refuse" tone="negative" comment="required"/>
        </bpm:outcomes>
        <bpm:deadline due="2wd" calendar="working"/>
      </bpmn:extensionElements>
      <bpmn:incoming>f1</bpmn:incoming><bpmn:outgoing>f2</bpmn:outgoing>
    </bpmn:userTask>
    <bpmn:exclusiveGateway id="which" name="Decision?" default="f5">
      <bpmn:incoming>f2</bpmn:incoming><bpmn:outgoing>f3</bpmn:outgoing><bpmn:outgoing>f5</bpmn:outgoing>
    </bpmn:exclusiveGateway>
    <bpmn:userTask id="enter" name="Enter it in the calendar">
      <bpmn:extensionElements>
        <bpm:assignment to="group" value="seller"/>
        <bpm:outcomes><bpm:outcome key="accept" label="Accept" tone="positive" comment="none"/></bpm:outcomes>
      </bpmn:extensionElements>
      <bpmn:incoming>f3</bpmn:incoming><bpmn:outgoing>f4</bpmn:outgoing>
    </bpmn:userTask>
    <bpmn:endEvent id="granted" name="Granted"><bpmn:incoming>f4</bpmn:incoming></bpmn:endEvent>
    <bpmn:endEvent id="refused" name="Refused"><bpmn:incoming>f5</bpmn:incoming></bpmn:endEvent>
    <bpmn:sequenceFlow id="f1" sourceRef="start" targetRef="decide"/>
    <bpmn:sequenceFlow id="f2" sourceRef="decide" targetRef="which"/>
    <bpmn:sequenceFlow id="f3" name="yes" sourceRef="which" targetRef="enter">
      <bpmn:conditionExpression xsi:type="bpmn:tFormalExpression"
        >decision = "approve" and days &gt; 0</bpmn:conditionExpression>
    </bpmn:sequenceFlow>
    <bpmn:sequenceFlow id="f4" sourceRef="enter" targetRef="granted"/>
    <bpmn:sequenceFlow id="f5" name="no" sourceRef="which" targetRef="refused"/>
  </bpmn:process>
</bpmn:definitions>"""

START_FORM: dict[str, Any] = {
    "id": "holiday_start",
    "components": [
        {
            "type": "number",
            "key": "days",
            "label": {"en": "Days", "ru": "Дней"},
            "decimalDigits": 0,
            "validate": {"required": True, "min": 1, "max": 60},
        },
        {"type": "datetime", "key": "first", "label": "First day", "validate": {"required": True}},
        {
            "type": "textarea",
            "key": "why",
            "label": "Why so long?",
            "validate": {"required": True},
            "conditional": {"hide": "=days = null or days < 10"},
        },
        {"type": "person", "key": "stand_in", "label": "Who stands in"},
        {"type": "filepicker", "key": "papers", "label": "Papers", "multiple": True},
        {
            "type": "dynamiclist",
            "path": "handed",
            "label": "Handed over",
            "defaultRepetitions": 0,
            "components": [
                {"type": "textfield", "key": "what", "label": "What", "validate": {"required": True}}
            ],
        },
    ],
}
DECISION_FORM: dict[str, Any] = {
    "id": "holiday_decide",
    "components": [
        {"type": "text", "text": "{days} days from {first}"},
        {"type": "filepicker", "key": "papers", "label": "Papers", "multiple": True, "readonly": True},
        {
            "type": "number",
            "key": "granted_days",
            "label": "Days granted",
            "default": "=days",
            "validate": {"required": {"outcomes": ["approve"]}},
        },
    ],
}

ClientOf = Callable[[str], FlaskClient]


def publish(app: Flask, now: datetime) -> None:
    """Publish the process and its forms."""
    with app.extensions["bpm"].database.writing() as session:
        forms.publish(session, now, None, "holiday_start", START_FORM)
        forms.publish(session, now, None, "holiday_decide", DECISION_FORM)
        engine.deploy(session, now, None, DIAGRAM.encode())


def ask(client: FlaskClient, days: int = 3, **more: Any) -> str:
    """Ask for a holiday through the pages; return the address of the case."""
    data = {"days": str(days), "first": "2026-04-01", "why": "Far away", **more}
    answer = client.post(f"/start/{KEY}", data=data, content_type="multipart/form-data")
    assert answer.status_code == 303, words(answer)
    return answer.headers["Location"]


def task_of(client: FlaskClient, tab: str = "todo") -> str:
    """The address of the first task on a tab."""
    return tasks_of(client, tab)[0]


def tasks_of(client: FlaskClient, tab: str = "todo") -> list[str]:
    """The addresses of all tasks on a tab, in their order."""
    page = client.get(f"/inbox/list?tab={tab}").get_data(as_text=True)
    return list(dict.fromkeys(re.findall(r'href="(/tasks/[\w-]+)', page)))


def words(answer: TestResponse) -> str:
    """What a page says, without its markup."""
    page = answer.get_data(as_text=True)
    main = re.search(r"<main.*?</main>", page, re.DOTALL)
    plain = re.sub(r"<[^>]+>", " ", main.group(0) if main else page)
    return " ".join(plain.replace("&#34;", '"').replace("&gt;", ">").split())
