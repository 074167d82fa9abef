"""Fifty people press Accept at the same moment, over HTTP: one has it, the others learn who."""

from __future__ import annotations

import http.client
import json
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask

from bpm.people.commands import add_person, create_token
from tests.api_client import ApiClient
from tests.live import Live, serving

SELLERS = 50


@pytest.fixture
def live(app: Flask) -> Iterator[Live]:
    with serving(app, threads=32) as live:
        yield live


def accept(address: str, token: str, task: str, gate: threading.Barrier) -> tuple[int, dict[str, Any]]:
    connection = http.client.HTTPConnection(address.removeprefix("http://"), timeout=60)
    connection.connect()
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    gate.wait()
    connection.request("POST", f"/api/v1/tasks/{task}/complete", json.dumps({"outcome": "accept"}), headers)
    answer = connection.getresponse()
    found = json.loads(answer.read())
    connection.close()
    return answer.status, found


def test_one_wins_and_forty_nine_read_the_name(live: Live, api_of: Callable[[str], ApiClient]) -> None:
    # given a request that fifty sellers see
    installation = live.installation
    with installation.database.writing() as session:
        now = installation.clock.now()
        sellers = [
            add_person(
                session, None, login=f"seller{number}", name=f"Seller {number}", groups=["seller"],
                email=f"seller{number}@example.com", department="sales",
            )
            for number in range(SELLERS)
        ]  # fmt: skip
        tokens = [create_token(session, now, seller, name="race") for seller in sellers]
    anna = api_of("anna.nowak")
    lead = anna.post("/records/lead", {"values": {"name": "Delta", "source": "site"}})
    case = anna.post("/processes/lead_race/instances", {"record": lead["id"]})
    [task] = anna.get("/tasks", instance=case["id"])["items"]
    # when all of them accept it at once
    gate = threading.Barrier(SELLERS)
    answers: list[tuple[int, dict[str, Any]]] = []
    threads = [
        threading.Thread(target=lambda t=token: answers.append(accept(live.address, t, task["id"], gate)))
        for token in tokens
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # then one has it
    assert Counter(status for status, _body in answers) == {200: 1, 409: SELLERS - 1}
    [winner] = [body["completed_by"]["name"] for status, body in answers if status == 200]
    # and each of the others reads the winner's name
    assert all(winner in body["detail"] for status, body in answers if status == 409)
    # and the history has one row of it
    history = anna.get(f"/instances/{case['id']}/history", limit=200)["items"]
    decided = [event for event in history if event["kind"] == "task_completed"]
    assert [event["actor"]["name"] for event in decided] == [winner]
