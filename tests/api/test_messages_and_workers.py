"""Messages with an id and a time to live, and programs that do service steps, as they see it over REST."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from bpm.engine import commands as engine
from bpm.people.commands import create_token
from bpm.people.queries import required_person
from tests.api_client import ApiClient
from tests.engine.processes import catch, chain, end, message, process, service, start, user

SHIPS = process(
    "ships",
    start(),
    service("pack", "external", {"topic": "packing"}),
    catch("paid", message("payment")),
    user("after", "initiator"),
    end(),
    chain("begin", "pack", "paid", "after", "done"),
    messages=("payment",),
)
FETCH = "/external-tasks/fetch-and-lock"
ASK = {
    "workerId": "w1",
    "topics": [{"topicName": "packing", "lockDuration": 60_000, "deserializeValues": False}],
}


def status(api: ApiClient, path: str, body: object) -> int:
    return api.call("POST", path, body).status_code


@pytest.fixture
def case(app: Flask) -> str:
    """A case of Anna's that waits for a program outside."""
    installation = app.extensions["bpm"]
    with installation.database.writing() as session:
        now = installation.clock.now()
        engine.deploy(session, now, None, SHIPS)
        anna = required_person(session, "anna.nowak")
        found = engine.start(session, now, anna, "ships", {"amount": 3}, business_key="A")
        return str(found.public_id)


def test_a_worker_does_a_step(case: str, api_of: Callable[[str], ApiClient]) -> None:
    api = api_of("adam.kaminski")
    (task,) = api.post(FETCH, {**ASK, "asyncResponseTimeout": 10_000})["items"]
    assert (task["topicName"], task["processInstanceId"], task["businessKey"]) == ("packing", case, "A")
    assert task["workerId"] == "w1" and task["lockExpirationTime"] and task["variables"]["amount"] == 3
    assert api.post(FETCH, ASK)["items"] == []
    address = f"/external-tasks/{task['id']}"
    listed = api.get("/external-tasks", topic="packing", locked="true")["items"]
    assert [one["id"] for one in listed] == [task["id"]]
    assert api.post(f"{address}/complete", {"workerId": "w2"}, 409)["holder"] == "w1"
    assert status(api, f"{address}/extendLock", {"workerId": "w1", "newDuration": 1000}) == 200
    done = {"workerId": "w1", "variables": {"parcel": {"value": 7, "type": "Integer"}}}
    assert status(api, f"{address}/complete", done) == 204
    assert api.get(f"/instances/{case}")["variables"]["parcel"] == 7
    assert status(api, f"{address}/complete", {"workerId": "w1"}) == 404


def test_a_failure_and_an_error_are_told(case: str, api_of: Callable[[str], ApiClient]) -> None:
    api = api_of("adam.kaminski")
    (task,) = api.post(FETCH, ASK)["items"]
    address = f"/external-tasks/{task['id']}"
    told = {"workerId": "w1", "errorMessage": "no paper", "retries": 2, "retryTimeout": 0}
    assert status(api, f"{address}/failure", told) == 204
    assert api.get(address)["errorMessage"] == "no paper"
    api.post(FETCH, ASK)
    assert status(api, f"{address}/bpmnError", {"workerId": "w1", "errorCode": "broken"}) == 204
    assert [one["kind"] for one in api.get(f"/instances/{case}")["incidents"]] == ["service"]
    assert status(api, f"{address}/unlock", {}) == 204
    assert status(api, f"{address}/failure", {"workerId": "w1", "retries": -1}) == 422


def test_a_token_of_a_worker_allows_nothing_else(app: Flask, case: str) -> None:
    installation = app.extensions["bpm"]
    with installation.database.writing() as session:
        person = required_person(session, "adam.kaminski")
        now = installation.clock.now()
        worker = create_token(session, now, person, name="packer", scopes=["worker"])
        other = create_token(session, now, person, name="other", scopes=["use"])
    api = ApiClient(app.test_client(), worker)
    assert len(api.post(FETCH, ASK)["items"]) == 1
    assert api.call("GET", "/tasks").status_code == 403
    assert status(ApiClient(app.test_client(), other), FETCH, ASK) == 403


def test_a_message_with_an_id_and_a_time(case: str, api_of: Callable[[str], ApiClient]) -> None:
    api = api_of("adam.kaminski")
    sent = {"name": "payment", "correlation": "A", "id": "bank-1", "time_to_live": "PT1H"}
    assert api.post("/messages", sent) == {"delivered": 0, "buffered": True}
    (task,) = api.post(FETCH, ASK)["items"]
    assert status(api, f"/external-tasks/{task['id']}/complete", {"workerId": "w1"}) == 204
    assert [one["element"] for one in api.get(f"/instances/{case}")["waits_for"]] == ["after"]
    assert api.post("/messages", sent)["delivered"] == 0
    assert status(api, "/messages", {**sent, "id": "bank-2", "time_to_live": "soon"}) == 422
