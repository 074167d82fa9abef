"""The API runs a shipped process from its record to its end."""

from collections.abc import Callable
from typing import Any

from tests.api_client import ApiClient

Api = Callable[[str], ApiClient]


def lead(**values: Any) -> dict[str, Any]:
    return {"values": {"name": "Delta", "source": "site", "expected_sum": 120000, **values}}


def test_a_request_is_taken_worked_on_and_rejected(api_of: Api, run_due: Callable[[], int]) -> None:
    # given a lead that is offered to the sellers
    anna = api_of("anna.nowak")
    record = anna.post("/records/lead", lead(), status=201)
    case = anna.post("/processes/lead_race/instances", {"record": record["id"]}, status=201)
    offered = anna.get("/tasks", instance=case["id"])["items"]
    assert [task["candidate_groups"] for task in offered] == [["seller"]]
    # when a seller accepts
    anna.post(f"/tasks/{offered[0]['id']}/complete", {"outcome": "accept"}, status=200)
    [work] = anna.get("/tasks", assignee="me", instance=case["id"])["items"]
    # and rejects it as spam
    given = {
        "outcome": "spam",
        "values": {"reject_reason": "An advertisement"},
        "comment": "An advertisement",
    }
    anna.post(f"/tasks/{work['id']}/complete", given, status=200)
    # then the case and its lead are closed
    ended = anna.get(f"/instances/{case['id']}")
    assert (ended["status"], ended["waits_for"], ended["incidents"]) == ("completed", [], [])
    assert anna.get(f"/records/lead/{record['id']}")["stage"] == "rejected"
    kinds = [event["kind"] for event in anna.get(f"/instances/{case['id']}/history", limit=200)["items"]]
    assert kinds.count("task_completed") == 2 and kinds[-1] == "instance_ended"
