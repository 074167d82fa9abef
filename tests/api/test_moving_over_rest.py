"""Operators over REST: move, variables, versions, suspended versions, many cases at once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from tests.api_client import PREFIX, ApiClient
from tests.engine.processes import APPROVAL, chain, end, process, start, user

Api = Callable[[str], ApiClient]


@pytest.fixture
def adam(api_of: Api) -> ApiClient:
    found = api_of("adam.kaminski")
    found.deploy(("approval.bpmn", APPROVAL.encode()))
    return found


@pytest.fixture
def case(adam: ApiClient) -> dict[str, Any]:
    body = {"variables": {"number": 1, "amount": 5}}
    return adam.post("/processes/approval/instances", body, status=201)  # type: ignore[no-any-return]


RENAMED = process(
    "approval",
    start(),
    user("request", "person", "boris.petrov"),
    user("sign", "group", "lawyer"),
    end(),
    chain("begin", "request", "sign", "done"),
)


def standing(case: dict[str, Any]) -> list[str]:
    return [one["element"] for one in case["waits_for"]]


def test_a_case_is_moved_once_however_often_it_is_sent(adam: ApiClient, case: dict[str, Any]) -> None:
    address, body = f"/instances/{case['id']}/move", {"cancel": ["ask"], "start": ["sign"], "reason": "ill"}
    headers = {"Idempotency-Key": "once"}
    first = adam.call("POST", address, body, headers=headers)
    again = adam.call("POST", address, body, headers=headers)
    assert first.status_code == 200 and again.get_json() == first.get_json()
    assert standing(first.get_json()) == ["sign"]
    problem = adam.post(address, body, status=409)
    assert "Ask" in problem["detail"] and problem["status"] == 409


def test_of_two_at_once_the_second_is_told(app: Flask, adam: ApiClient, case: dict[str, Any]) -> None:
    both, statuses = threading.Barrier(2), []

    def move() -> None:
        both.wait()
        headers = {"Authorization": f"Bearer {adam.token}"}
        body = {"cancel": ["ask"], "start": ["sign"]}
        answer = app.test_client().post(f"{PREFIX}/instances/{case['id']}/move", json=body, headers=headers)
        statuses.append(answer.status_code)

    threads = [threading.Thread(target=move) for _number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [200, 409]
    assert standing(adam.get(f"/instances/{case['id']}")) == ["sign"]


def test_variables_go_with_the_start_and_are_set_by_themselves(adam: ApiClient, case: dict[str, Any]) -> None:
    start_at = [{"element": "sign", "variables": {"note": "by hand"}}]
    moved = adam.post(f"/instances/{case['id']}/move", {"cancel": ["ask"], "start": start_at})
    assert moved["variables"]["note"] == "by hand"
    changed = adam.post(f"/instances/{case['id']}/variables", {"values": {"number": 7}})
    assert (changed["variables"]["number"], changed["title"]) == (7, "Request 7")


def test_only_what_was_read_is_changed(adam: ApiClient, case: dict[str, Any]) -> None:
    headers = {"If-Match": f'"{case["revision"]}"'}
    for body, status in (({"values": {"a": 1}}, 200), ({"values": {"a": 2}}, 412)):
        answer = adam.call("POST", f"/instances/{case['id']}/variables", body, headers=headers)
        assert answer.status_code == status


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("call", "body", "status"),
    [
        ("move", {"start": ["nowhere"]}, 422),
        ("move", {"cancel": ["ask"]}, 422),
        ("move", {"what": 1}, 422),
        ("variables", {"values": {}}, 422),
        ("migrate", {"to": 9}, 404),
        ("migrate", {"to": 1}, 409),
        ("migrate", {"to": 0}, 422),
        ("migrate/undo", {}, 409),
    ],
)
def test_what_cannot_be_done_is_a_problem(
    adam: ApiClient, case: dict[str, Any], call: str, body: Any, status: int
) -> None:
    problem = adam.post(f"/instances/{case['id']}/{call}", body, status=status)
    assert problem["status"] == status and problem["detail"]
    assert adam.get(f"/instances/{case['id']}")["revision"] == case["revision"]


def test_a_dry_run_tells_and_a_migration_does_it(adam: ApiClient, case: dict[str, Any]) -> None:
    adam.deploy(("approval.bpmn", RENAMED.encode()))
    address = f"/instances/{case['id']}/migrate"
    told = adam.post(f"{address}?dry_run=true", {"to": 2})
    assert told["instance"] is None and not told["plan"]["possible"]
    assert told["plan"]["steps"][0]["action"] == "cannot" and "map ask" in told["plan"]["reasons"][0]
    refused = adam.post(address, {"to": 2}, status=422)
    assert refused["code"] == "cannot_migrate" and refused["plan"]["steps"] == told["plan"]["steps"]
    done = adam.post(address, {"to": 2, "mapping": {"ask": "request"}, "reason": "renamed"})
    assert (done["instance"]["version"], standing(done["instance"])) == (2, ["request"])
    back = adam.post(f"{address}/undo", {})
    assert (back["version"], standing(back)) == (1, ["ask"])


def test_the_cases_of_a_version_go_over_by_a_bulk_operation(
    app: Flask, adam: ApiClient, case: dict[str, Any]
) -> None:
    adam.deploy(("approval.bpmn", RENAMED.encode()))
    address, body = "/processes/approval/versions/1/migrate", {"to": 2, "mapping": {"ask": "request"}}
    told = adam.post(f"{address}?dry_run=true", body)
    assert [one["possible"] for one in told["plans"]] == [True] and told["bulk"] is None
    bulk = adam.post(address, body, status=202)["bulk"]
    assert (bulk["status"], bulk["total"]) == ("running", 1)
    app.extensions["bpm"].worker.run_until_idle()
    assert adam.get(f"/bulk/{bulk['id']}")["done"] == 1
    assert adam.get(f"/instances/{case['id']}")["version"] == 2


def test_a_version_and_a_process_are_suspended(
    app: Flask, adam: ApiClient, api_of: Api, case: dict[str, Any]
) -> None:
    found = adam.post("/processes/approval/versions/1/suspend", {"cases": True})
    assert found["suspended"] and found["version"]["suspended"] and found["bulk"]["kind"] == "suspend"
    app.extensions["bpm"].worker.run_until_idle()
    adam.post("/processes/approval/instances", {}, status=409)
    assert adam.get(f"/instances/{case['id']}")["status"] == "suspended"
    task = adam.get("/tasks", instance=case["id"], assignee="boris.petrov")["items"][0]
    problem = api_of("boris.petrov").post(f"/tasks/{task['id']}/complete", {"outcome": "approve"}, status=409)
    assert "suspended" in problem["detail"]
    assert not adam.post("/processes/approval/versions/1/resume", {"cases": True})["suspended"]
    app.extensions["bpm"].worker.run_until_idle()
    assert adam.get(f"/instances/{case['id']}")["status"] == "active"
    assert adam.post("/processes/approval/suspend", {})["suspended"]
    adam.post("/processes/approval/suspend", {}, status=409)
    assert not adam.post("/processes/approval/resume", {})["suspended"]


def test_many_cases_with_progress_failures_and_a_stop(
    app: Flask, adam: ApiClient, case: dict[str, Any]
) -> None:
    adam.post(f"/instances/{case['id']}/suspend", {})
    other = adam.post("/processes/approval/instances", {"variables": {"number": 2}}, status=201)
    body = {"kind": "suspend", "instances": [case["id"], other["id"]]}
    bulk = adam.post("/bulk", body, status=202)
    app.extensions["bpm"].worker.run_until_idle()
    found = adam.get(f"/bulk/{bulk['id']}")
    assert (found["status"], found["done"], found["failed"]) == ("done", 1, 1)
    assert found["failures"] == [{"instance": case["id"], "reason": "The case is suspended already."}]
    assert [one["id"] for one in adam.get("/bulk")["items"]] == [bulk["id"]]
    adam.post(f"/bulk/{bulk['id']}/stop", {}, status=409)
    for wrong in (
        {"kind": "suspend"},
        {"kind": "explode", "instances": []},
        {"kind": "cancel", "instances": ["x"]},
    ):
        assert adam.call("POST", "/bulk", wrong).status_code in (404, 422)


def test_wrong_roles(adam: ApiClient, api_of: Api, case: dict[str, Any]) -> None:
    bodies = {
        "move": {"start": ["sign"]},
        "variables": {"values": {"a": 1}},
        "migrate": {"to": 1},
        "migrate/undo": {},
    }
    for call, body in bodies.items():
        api_of("boris.petrov").post(f"/instances/{case['id']}/{call}", body, status=403)
        api_of("natalia.morozova").post(f"/instances/{case['id']}/{call}", body, status=404)
    api_of("boris.petrov").post("/bulk", {"kind": "cancel", "instances": [case["id"]]}, status=403)
    api_of("boris.petrov").post("/processes/approval/instances", {"start_at": ["sign"]}, status=403)
    begun = adam.post(
        "/processes/approval/instances", {"start_at": ["sign"], "variables": {"number": 3}}, status=201
    )
    assert standing(begun) == ["sign"]


def test_everything_is_described(adam: ApiClient) -> None:
    described = adam.get("/openapi.json")["paths"]
    for path in (
        "/instances/{public_id}/move",
        "/instances/{public_id}/migrate/undo",
        "/bulk/{public_id}/stop",
    ):
        assert "post" in described[path]
    assert "202" in described["/bulk"]["post"]["responses"]
