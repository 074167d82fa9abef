"""Contract approval described by answers: started, sent back, approved, late, refused."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.designer.questioner import Questions, describe
from tests.stories.office import Office


@pytest.fixture
def questions(client_of: Callable[[str], FlaskClient]) -> Questions:
    return Questions(client_of("marta.dabrowska"))


def test_the_process_is_started_sent_back_approved_and_told(questions: Questions, office: Office) -> None:
    key = describe(questions)
    publish(questions.client, key)

    case = begin(office, key, Sum="1200000")
    for login in ("olga.ivanova", "emily.clark"):
        assert any("Approve: Contract approval, Boris Petrov" in title for title in office.titles(login))
    office.decide("olga.ivanova", "Approve:", "revise", "Name the supplier")
    office.decide("emily.clark", "Approve:", "approve")

    again = office.task("boris.petrov", "Change and submit again")
    assert "Name the supplier" in str(again)
    office.decide("boris.petrov", "Change and submit again", "resubmit", sum="1100000", why="Better")
    office.decide("olga.ivanova", "Approve:", "approve")
    office.decide("emily.clark", "Approve:", "approve")

    office.complete("boris.petrov", "Register the contract") if hasattr(office, "complete") else finish(
        office
    )
    assert office.case(case)["outcome"] == "approved"


def test_a_refusal_ends_it_and_who_is_late_is_told_on(
    questions: Questions, office: Office, pass_time: Callable[..., int]
) -> None:
    key = describe(questions)
    publish(questions.client, key)
    case = begin(office, key, Sum="5")

    pass_time(days=5)
    assert office.letters("helena.kowalska", "Approve: Contract approval")
    office.decide("olga.ivanova", "Approve:", "reject", "Too dear")

    assert not any("Approve:" in title for title in office.titles("emily.clark"))
    assert office.case(case)["outcome"] == "rejected"


def publish(client: FlaskClient, key: str) -> None:
    page = client.get("/processes/new").text
    token = re.search(r'name="csrf-token" content="([^"]+)"', page)
    answer = client.post(
        f"/processes/{key}/publish",
        # made and then filled
        json={"note": "", "revision": 2},
        headers={"X-CSRFToken": token[1] if token else "", "Accept": "application/json"},
    )
    assert answer.status_code == 200, answer.get_data(as_text=True)


def begin(office: Office, key: str, **values: Any) -> Any:
    body = {"variables": {name.lower(): value for name, value in values.items()}}
    case = office.api_of("boris.petrov").post(f"/processes/{key}/instances", body)
    office.run_due()
    return case


def finish(office: Office) -> None:
    task = office.task("boris.petrov", "Register the contract")
    done = office.decide_known("boris.petrov", task["id"], "", "")
    assert done.status_code == 200, done.get_data(as_text=True)[:1000]
    office.run_due()
