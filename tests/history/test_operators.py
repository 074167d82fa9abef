"""Operators change cases by hand, one or many, on pages that say what will happen."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from bpm.engine import commands as engine
from tests.inbox.holiday import ClientOf, words

STEPS = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
    xmlns:bpm="urn:bpm:dialect:1" targetNamespace="test">
  <bpmn:process id="steps" name="Steps" isExecutable="true">
    <bpmn:startEvent id="start"/>
    <bpmn:userTask id="ask" name="Ask">
      <bpmn:extensionElements><bpm:assignment to="person" value="boris.petrov"/></bpmn:extensionElements></bpmn:userTask>
    <bpmn:userTask id="sign" name="Sign">
      <bpmn:extensionElements><bpm:assignment to="person" value="emily.clark"/></bpmn:extensionElements></bpmn:userTask>
    <bpmn:endEvent id="end"/>
    <bpmn:sequenceFlow id="f1" sourceRef="start" targetRef="ask"/>
    <bpmn:sequenceFlow id="f2" sourceRef="ask" targetRef="sign"/>
    <bpmn:sequenceFlow id="f3" sourceRef="sign" targetRef="end"/>
  </bpmn:process>
</bpmn:definitions>"""


@pytest.fixture
def adam(office: ClientOf) -> FlaskClient:
    return office("adam.kaminski")


@pytest.fixture
def case(app: Flask, anna: FlaskClient, now: datetime) -> str:
    with app.extensions["bpm"].database.writing() as session:
        engine.deploy(session, now, None, STEPS.encode())
    return anna.post("/start/steps").headers["Location"]


def deploy_again(app: Flask, now: datetime, text: str) -> None:
    with app.extensions["bpm"].database.writing() as session:
        engine.deploy(session, now, None, text.encode())


def work(app: Flask) -> None:
    app.extensions["bpm"].worker.run_until_idle()


def test_a_case_is_moved_and_its_story_tells_it(adam: FlaskClient, case: str) -> None:
    page = adam.get(f"{case}/repair")
    assert "Ask" in words(page) and "Where does it go on?" in words(page)
    answer = adam.post(f"{case}/move", data={"cancel": "ask", "start": "sign", "reason": "Boris is ill"})
    assert answer.status_code == 303
    told = words(adam.get(case))
    assert "Adam Kamiński moved the case from “Ask” to “Sign”." in told and "Boris is ill" in told
    assert "Waits for Emily Clark" in told


def test_a_refusal_keeps_what_was_typed(adam: FlaskClient, case: str) -> None:
    answer = adam.post(f"{case}/move", data={"cancel": "ask", "reason": "my reason"})
    assert answer.status_code == 422
    text = answer.get_data(as_text=True)
    assert "Nothing would be left in the case." in text and "my reason" in text


def test_a_value_is_changed(adam: FlaskClient, case: str) -> None:
    assert "Which value?" in words(adam.get(f"{case}/repair?view=values"))
    for typed, shown in (
        ("12.50", "12.5"),
        ('"007"', "007"),
        ("=1 + 2", "3"),
        ("plain words", "plain words"),
    ):
        assert adam.post(f"{case}/variables", data={"new_name": "note", "value": typed}).status_code == 303
        assert shown in words(adam.get(f"{case}?view=data"))
    assert adam.post(f"{case}/variables", data={"new_name": "note", "value": "=1 +"}).status_code == 422
    assert "changed by hand: note." in words(adam.get(case))


def test_the_page_says_what_a_new_version_would_do(
    app: Flask, adam: FlaskClient, case: str, now: datetime
) -> None:
    assert "There is no other version" in words(adam.get(f"{case}/repair?view=version"))
    deploy_again(app, now, STEPS.replace('id="ask"', 'id="request"').replace('Ref="ask"', 'Ref="request"'))
    asked = words(adam.get(f"{case}/repair?view=version&to=2"))
    assert "cannot go over to version 2 yet" in asked and "has no step “Ask” (ask)" in asked
    mapped = words(adam.get(f"{case}/repair?view=version&to=2&map:ask=request"))
    assert "can go over" in mapped and "“Ask” becomes “request”" in mapped
    assert adam.post(f"{case}/migrate", data={"to": 2}).status_code == 422
    assert adam.post(f"{case}/migrate", data={"to": 2, "map:ask": "request"}).status_code == 303
    assert "go on with version 2 instead of 1" in words(adam.get(case))
    assert "came from version 1" in words(adam.get(f"{case}/repair?view=version"))
    assert adam.post(f"{case}/migrate/undo").status_code == 303
    assert "put the case back to version 1" in words(adam.get(case))


def test_others_may_not(anna: FlaskClient, office: ClientOf, case: str) -> None:
    for client, status in ((anna, 403), (office("natalia.morozova"), 404)):
        assert client.get(f"{case}/repair").status_code == status
        for deed in ("move", "variables", "migrate", "migrate/undo"):
            assert client.post(f"{case}/{deed}", data={}).status_code == status
    assert "Change by hand" not in words(anna.get(case))
    assert anna.get("/cases/many").status_code == 403
    assert "With the chosen ones" not in words(anna.get("/cases"))


def test_many_cases_are_chosen_in_the_list(
    app: Flask, adam: FlaskClient, anna: FlaskClient, case: str
) -> None:
    other = anna.post("/start/steps").headers["Location"]
    chosen = [one.rpartition("/")[2] for one in (case, other)]
    assert "With the chosen ones…" in words(adam.get("/cases"))
    assert "2 cases are chosen" in words(adam.get(f"/cases/many?case={chosen[0]}&case={chosen[1]}"))
    answer = adam.post("/cases/many", data={"case": chosen, "kind": "suspend", "reason": "holidays"})
    assert answer.status_code == 303
    address = answer.headers["Location"]
    assert "Under way" in words(adam.get(address))
    work(app)
    assert "2 of 2 cases are done" in words(adam.get(f"{address}/progress"))
    assert "Paused" in words(adam.get(case))
    again = adam.post("/cases/many", data={"case": chosen, "kind": "suspend"}).headers["Location"]
    work(app)
    assert "suspended already" in words(adam.get(again))
    assert anna.get(address).status_code == 404


def test_all_cases_of_a_process(app: Flask, adam: FlaskClient, case: str) -> None:
    assert "All cases of “Steps” that have not ended" in words(adam.get("/cases/many?process=steps"))
    asked = {"process": "steps", "kind": "set_variables", "name": "note", "value": "5"}
    address = adam.post("/cases/many", data=asked).headers["Location"]
    adam.post(f"{address}/stop")
    assert "Stopped" in words(adam.get(address))
    work(app)
    assert adam.post("/cases/many", data={"process": "steps", "kind": "migrate"}).status_code == 422
