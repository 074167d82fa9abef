"""What the API answers to callers who repeat, who come late, and who send what cannot be used."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from bpm.records.models import Record
from tests.api_client import PREFIX, ApiClient

Api = Callable[[str], ApiClient]


def a_lead(caller: ApiClient, name: str = "Delta") -> dict[str, Any]:
    return caller.post("/records/lead", {"values": {"name": name}}, status=201)  # type: ignore[no-any-return]


def a_case(caller: ApiClient) -> dict[str, Any]:
    lead = a_lead(caller)
    return caller.post("/processes/lead_race/instances", {"record": lead["id"]}, status=201)  # type: ignore[no-any-return]


def raw(caller: ApiClient, path: str, body: bytes) -> Any:
    return caller.call("POST", path, data=body, content_type="application/json")


def test_people_see_when_a_token_was_used_last(
    app: Flask, api_of: Api, client_of: Callable[[str], FlaskClient]
) -> None:
    api_of("anna.nowak").get("/tasks")
    assert "last used" in client_of("anna.nowak").get("/me").text


# --- repeating ------------------------------------------------------------------------------------


def test_two_calls_with_one_key_at_once_have_one_effect(app: Flask, api_of: Api) -> None:
    # given
    token, both, answers = api_of("anna.nowak").token, threading.Barrier(2), []

    def create() -> None:
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "one"}
        both.wait()
        body = {"values": {"name": "Sent twice"}}
        answer = app.test_client().post(f"{PREFIX}/records/lead", json=body, headers=headers)
        answers.append((answer.status_code, answer.get_json()["id"], "Idempotent-Replayed" in answer.headers))

    # when
    threads = [threading.Thread(target=create) for _number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # then
    assert {answer[:2] for answer in answers} == {(201, answers[0][1])}
    assert sorted(answer[2] for answer in answers) == [False, True]
    with app.extensions["bpm"].database.reading() as session:
        assert session.scalar(select(func.count(Record.id)).where(Record.title == "Sent twice")) == 1


def test_a_file_sent_again_with_its_key_is_kept_once(api_of: Api) -> None:
    anna = api_of("anna.nowak")

    def send(content: bytes, boundary: str) -> Any:
        part = b'Content-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n' + content
        body = b"--%b\r\n%b\r\n--%b--\r\n" % (boundary.encode(), part, boundary.encode())
        headers = {"Idempotency-Key": "file"}
        kind = f"multipart/form-data; boundary={boundary}"
        return anna.call("POST", "/files", data=body, content_type=kind, headers=headers)

    first, again, other = send(b"text", "aaa"), send(b"text", "bbb"), send(b"other", "aaa")
    assert (first.status_code, again.get_json()) == (201, first.get_json())
    assert other.status_code == 422


# --- versions -------------------------------------------------------------------------------------


def test_a_record_is_changed_only_as_it_was_read(api_of: Api) -> None:
    # given
    anna = api_of("anna.nowak")
    place = f"/records/lead/{a_lead(anna)['id']}"
    tag = anna.call("GET", place).headers["ETag"]
    change = {"values": {"name": "Omega"}}
    # when
    changed = anna.call("PATCH", place, change, headers={"If-Match": tag})
    late = anna.call("PATCH", place, change, headers={"If-Match": tag})
    # then
    assert (changed.status_code, late.status_code) == (200, 412)
    assert changed.headers["ETag"] == anna.call("GET", place).headers["ETag"] != tag


def test_a_task_is_taken_only_as_it_was_read(api_of: Api) -> None:
    # given
    anna = api_of("anna.nowak")
    [task] = anna.get("/tasks", instance=a_case(anna)["id"])["items"]
    place = f"/tasks/{task['id']}"
    tag = anna.call("GET", place).headers["ETag"]
    # when
    claimed = anna.call("POST", f"{place}/claim", {}, headers={"If-Match": tag})
    late = anna.call("POST", f"{place}/complete", {"outcome": "accept"}, headers={"If-Match": tag})
    known = {"If-Match": claimed.headers["ETag"]}
    decided = anna.call("POST", f"{place}/complete", {"outcome": "accept"}, headers=known)
    # then
    assert (claimed.status_code, late.status_code, decided.status_code) == (200, 412, 200)


def test_a_case_is_stopped_only_as_it_was_read(api_of: Api) -> None:
    # given
    anna, adam = api_of("anna.nowak"), api_of("adam.kaminski")
    place = f"/instances/{a_case(anna)['id']}"
    tag = adam.call("GET", place).headers["ETag"]
    # when
    suspended = adam.call("POST", f"{place}/suspend", {}, headers={"If-Match": tag})
    late = adam.call("POST", f"{place}/resume", {}, headers={"If-Match": tag})
    # then
    assert (suspended.status_code, late.status_code) == (200, 412)
    assert suspended.headers["ETag"] == adam.call("GET", place).headers["ETag"]


# --- what cannot be used --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/records/lead", rb'{"stage": "\ud800", "values": {"name": "x"}}', 400),
        ("/records/lead", rb'{"values": {"\udc00": "x"}}', 400),
        ("/records/lead", rb'{"stage": "\u0000", "values": {"name": "x"}}', 422),
        ("/messages", rb'{"name": "x", "payload": {"a": {"record": "deal", "id": "\u0000"}}}', 422),
        ("/messages", rb'{"name": "x", "payload": {"a": {"file": "\u0000"}}}', 422),
        ("/messages", b'{"name": "x", "payload": {"a": ' + b"[" * 450 + b"]" * 450 + b"}}", 422),
        ("/messages", b"[" * 100_000, 400),
        ("/processes/lead_race/instances", b'{"version": 1000000000000000000000}', 422),
        ("/deployments", b'{"components": ' + b"[" * 100_000, 422),
        ("/deployments", rb'{"components": [{"type": "text", "text": "\ud800"}]}', 422),
        ("/deployments", rb'{"components": [{"type": "text", "text": "\u0000"}]}', 422),
    ],
)
def test_a_body_that_no_database_holds_is_refused_in_words(
    api_of: Api, path: str, body: bytes, status: int
) -> None:
    answer = raw(api_of("adam.kaminski"), path, body)
    assert answer.status_code == status, answer.get_data(as_text=True)
    assert answer.mimetype == "application/problem+json"
    assert answer.get_json()["detail"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/tasks/%00", 404),
        ("/instances/a%00b/history.json", 404),
        ("/processes/lead_race/versions/99999999999999999999.bpmn", 404),
        ("/tasks?candidate=a%00b", 400),
        ("/instances?text=%00", 400),
        ("/instances?cursor=x", 422),
    ],
)
def test_an_address_that_no_database_can_look_for_is_refused(api_of: Api, path: str, status: int) -> None:
    answer = api_of("adam.kaminski").call("GET", path)
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")


def test_a_history_is_not_read_with_a_foreign_cursor(api_of: Api) -> None:
    anna = api_of("anna.nowak")
    anna.get(f"/instances/{a_case(anna)['id']}/history", status=422, cursor="x")


def test_a_diagram_with_ids_that_no_table_holds_is_refused(api_of: Api) -> None:
    name = "p" * 121
    diagram = f"""<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="x">
      <process id="{name}" isExecutable="true"><startEvent id="s"/><endEvent id="e"/>
      <sequenceFlow id="f" sourceRef="s" targetRef="e"/></process></definitions>"""
    refused = api_of("adam.kaminski").deploy(("long.bpmn", diagram.encode()), status=422)
    assert "120" in refused["problems"][0]["message"]


def test_a_body_that_is_too_large_is_refused_in_words(api_of: Api) -> None:
    answer = raw(api_of("anna.nowak"), "/messages", b'{"name": "' + b"x" * (30 << 20) + b'"}')
    assert (answer.status_code, answer.mimetype) == (413, "application/problem+json")
    assert answer.get_json()["detail"] == "What you sent is too large. Send a smaller file."


# --- the description ------------------------------------------------------------------------------


def test_nobody_is_said_to_be_faster_where_nobody_was(api_of: Api) -> None:
    anna, adam = api_of("anna.nowak"), api_of("adam.kaminski")
    case = a_case(anna)["id"]
    assert adam.post(f"/instances/{case}/resume", {}, status=409)["title"] == "This cannot be done"


def test_figures_stand_under_both_addresses(api_of: Api) -> None:
    anna = api_of("anna.nowak")
    answer = anna.call("GET", "/metrics")
    assert (answer.status_code, answer.mimetype) == (200, "text/plain")
    assert "bpm_instances_active" in answer.get_data(as_text=True)


def test_the_description_names_versions_keys_and_refusals(api_of: Api) -> None:
    described = api_of("anna.nowak").get("/openapi.json")
    claim = described["paths"]["/tasks/{public_id}/claim"]["post"]
    assert {"200", "409", "412", "415"} <= set(claim["responses"])
    assert {"Idempotency-Key", "If-Match"} <= {one["name"] for one in claim["parameters"]}
    assert {"200", "409", "412", "422"} <= set(
        described["paths"]["/instances/{public_id}/move"]["post"]["responses"]
    )


@pytest.mark.parametrize("number", [10**30, -(10**90), 10**300])
def test_a_case_with_a_very_large_number_can_be_read(
    api_of: Api, client_of: Callable[[str], FlaskClient], number: int
) -> None:
    # given
    diagram = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="x">
      <process id="large" isExecutable="true"><startEvent id="s"/><userTask id="t"/><endEvent id="e"/>
      <sequenceFlow id="f" sourceRef="s" targetRef="t"/><sequenceFlow id="g" sourceRef="t" targetRef="e"/>
      </process></definitions>"""
    adam = api_of("adam.kaminski")
    adam.deploy(("large.bpmn", diagram.encode()))
    case = adam.post("/processes/large/instances", {"variables": {"a": number}}, status=201)["id"]
    # then
    adam.get(f"/instances/{case}/history")
    adam.get(f"/instances/{case}/history.json")
    assert client_of("adam.kaminski").get(f"/cases/{case}").status_code == 200
