"""The pages of cases: list, story, diagram state, export, and what may be done."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import timedelta

from flask.testing import FlaskClient

from bpm.clock import MovableClock
from tests.inbox.holiday import ClientOf, ask, task_of, tasks_of, words


def test_it_says_whom_a_case_waits_for_since_when_and_until_when(
    anna: FlaskClient, clock: MovableClock
) -> None:
    case = ask(anna)
    clock.advance(timedelta(days=1))

    assert "Waits for Olga Ivanova since yesterday, due tomorrow" in words(anna.get(case))
    assert "Waits for Olga Ivanova since yesterday, due tomorrow" in words(anna.get("/cases"))


def test_it_tells_the_whole_story_and_why(anna: FlaskClient, olga: FlaskClient) -> None:
    case = ask(anna)
    olga.post(f"{task_of(olga)}/decide", data={"task.outcome": "approve", "granted_days": "3"})

    page = words(anna.get(case))

    for sentence in (
        "Anna Nowak started the case.",
        "“Decide on the holiday” went to Olga Ivanova.",
        "Olga Ivanova decided in “Decide on the holiday”: Approve.",
        "“Decision?” → yes",
        'decision = "approve" and days > 0',
        "Days: 3; decision: Approve",
        "“Enter it in the calendar” was offered to: Sales manager.",
    ):
        assert sentence in page, sentence


def test_the_story_is_told_in_the_language_of_the_reader(anna: FlaskClient) -> None:
    case = ask(anna)

    assert "Решить об отпуске" in words(anna.get(case, headers={"Accept-Language": "ru"}))


def test_every_single_event_can_be_read(anna: FlaskClient) -> None:
    case = ask(anna)

    assert "“Asked” began." in words(anna.get(f"{case}?all=1"))
    assert "“Asked” began." not in words(anna.get(case))


def test_the_diagram_knows_tokens_and_the_way_taken(anna: FlaskClient, olga: FlaskClient) -> None:
    case = ask(anna)
    olga.post(f"{task_of(olga)}/decide", data={"task.outcome": "approve", "granted_days": "3"})

    state = anna.get(f"{case}/diagram.json").get_json()

    assert state["tokens"] == {"enter": 1}
    assert state["taken"] == ["start", "f1", "decide", "f2", "which", "f3", "enter"]
    assert b"<bpmn:definitions" in anna.get(f"{case}/diagram.bpmn").data


def test_the_list_is_filtered(anna: FlaskClient, olga: FlaskClient) -> None:
    ask(anna, days=3)
    ask(anna, days=4)
    olga.post(f"{task_of(olga)}/decide", data={"task.outcome": "reject", "task.comment": "No"})

    assert "4 days" not in words(olga.get("/cases/list?state=completed"))
    assert "3 days" not in words(olga.get("/cases/list?state=active"))
    assert "4 days" in words(olga.get("/cases/list?text=4+days"))
    assert "No case fits" in words(olga.get("/cases/list?process=lead_race"))
    assert "No case fits" in words(olga.get("/cases/list?started_by=boris.petrov"))


def test_strangers_see_no_case(office: ClientOf, anna: FlaskClient) -> None:
    case, stranger = ask(anna), office("pavel.smirnov")

    assert "Anna Nowak" not in words(stranger.get("/cases/list"))
    for path in (
        "",
        "/story",
        "/standing",
        "/diagram.json",
        "/diagram.bpmn",
        "/history.json",
        "/history.csv",
    ):
        assert stranger.get(f"{case}{path}").status_code == 404, path
    for deed in ("comment", "cancel", "suspend", "resume"):
        assert stranger.post(f"{case}/{deed}", data={"text": "x"}).status_code in (403, 404), deed


def test_a_case_is_paused_and_goes_on(office: ClientOf, anna: FlaskClient, olga: FlaskClient) -> None:
    case, adam = ask(anna), office("adam.kaminski")

    assert anna.post(f"{case}/suspend").status_code == 403
    adam.post(f"{case}/suspend")
    assert "The case is paused." in words(olga.get(f"{task_of(olga)}/state"))
    adam.post(f"{case}/resume")
    answer = olga.post(f"{task_of(olga)}/decide", data={"task.outcome": "approve", "granted_days": "3"})

    assert answer.status_code == 303
    page = words(anna.get(case))
    assert "Adam Kamiński paused the case." in page
    assert "Adam Kamiński let the case go on." in page


def test_the_starter_stops_his_case_and_its_tasks_vanish(anna: FlaskClient, olga: FlaskClient) -> None:
    case = ask(anna)
    task = task_of(olga)

    anna.post(f"{case}/cancel", data={"reason": "Changed my mind"})

    assert tasks_of(olga) == []
    assert "The case was stopped" in words(olga.get(f"{task}/state"))
    page = words(anna.get(case))
    assert "Anna Nowak stopped the case." in page
    assert "Changed my mind" in page


def test_what_is_known_has_the_names_that_people_know(anna: FlaskClient) -> None:
    case = ask(anna, stand_in="boris.petrov")

    page = words(anna.get(f"{case}?view=data"))

    assert "Days 3" in page
    assert "First day 1 Apr 2026" in page
    assert "Who stands in Boris Petrov" in page


def test_the_history_is_exported_whole(anna: FlaskClient) -> None:
    case = ask(anna, why="=1+1", days=14)

    rows = list(
        csv.DictReader(io.StringIO(anna.get(f"{case}/history.csv").get_data(as_text=True).lstrip("\ufeff")))
    )
    events = anna.get(f"{case}/history.json").get_json()["events"]

    assert (
        [int(row["number"]) for row in rows]
        == [event["number"] for event in events]
        == list(range(1, len(rows) + 1))
    )
    assert rows[0]["sentence"] == "Anna Nowak started the case."
    assert all(event["hash"] for event in events)


def test_somebody_says_something_about_a_case(anna: FlaskClient, olga: FlaskClient) -> None:
    case = ask(anna)

    olga.post(f"{case}/comment", data={"text": "Ask Boris first"})

    assert "Ask Boris first" in words(anna.get(case))


def test_the_story_tells_who_was_reminded_and_who_heard_of_the_delay(
    anna: FlaskClient, pass_time: Callable[..., int]
) -> None:
    case = ask(anna)

    pass_time(days=4)

    page = words(anna.get(case))
    assert "Olga Ivanova was reminded of “Decide on the holiday”." in page
    assert "Helena Kowalska was told that the task is late: “Decide on the holiday”." in page
