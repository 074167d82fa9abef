"""The page of a task: deciding by one press, errors that lose nothing, and coming second."""

from __future__ import annotations

import io
from datetime import timedelta

from flask.testing import FlaskClient

from bpm.clock import MovableClock
from tests.inbox.holiday import ClientOf, ask, task_of, tasks_of, words


def test_one_press_decides(anna: FlaskClient, olga: FlaskClient) -> None:
    case = ask(anna)

    answer = olga.post(
        f"{task_of(olga)}/decide", data={"task.outcome": "reject", "task.comment": "Audit week"}
    )

    assert answer.status_code == 303
    page = words(anna.get(case))
    assert "Olga Ivanova decided in “Decide on the holiday”: Refuse." in page
    assert "Audit week" in page


def test_a_comment_is_required_where_the_button_says_so_and_nothing_typed_is_lost(
    anna: FlaskClient, olga: FlaskClient
) -> None:
    ask(anna)
    task = task_of(olga)

    answer = olga.post(
        f"{task}/decide", data={"task.outcome": "reject", "task.comment": " ", "granted_days": "7"}
    )

    assert answer.status_code == 422
    assert 'value="7"' in answer.get_data(as_text=True)
    assert 'aria-invalid="true"' in answer.get_data(as_text=True)
    assert tasks_of(olga) == [task]


def test_a_wrong_field_is_named_and_tied_to_its_error(anna: FlaskClient, olga: FlaskClient) -> None:
    ask(anna)

    answer = olga.post(f"{task_of(olga)}/decide", data={"task.outcome": "approve", "granted_days": "a few"})

    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'href="#field-granted_days"' in page
    assert 'aria-describedby="field-granted_days-error"' in page
    assert 'value="a few"' in page


def test_a_field_may_be_required_with_one_button_only(anna: FlaskClient, olga: FlaskClient) -> None:
    ask(anna)
    task = task_of(olga)

    assert (
        olga.post(f"{task}/decide", data={"task.outcome": "approve", "granted_days": ""}).status_code == 422
    )
    assert (
        olga.post(
            f"{task}/decide", data={"task.outcome": "reject", "task.comment": "No", "granted_days": ""}
        ).status_code
        == 303
    )


def test_who_comes_second_is_told_who_was_faster_and_keeps_his_words(
    office: ClientOf, anna: FlaskClient, olga: FlaskClient, clock: MovableClock
) -> None:
    ask(anna)
    olga.post(f"{task_of(olga)}/decide", data={"task.outcome": "approve", "granted_days": "3"})
    boris, claire = office("boris.petrov"), office("claire.evans")
    task = task_of(boris, "take")
    boris.post(f"{task}/decide", data={"task.outcome": "accept"})
    clock.advance(timedelta(minutes=2))

    late = claire.post(f"{task}/decide", data={"task.outcome": "accept", "task.comment": "I take it"})

    assert late.status_code == 409
    assert "Somebody was faster" in words(late)
    assert "Boris Petrov decided this 2 minutes ago" in words(late)
    assert "I take it" in words(late)


def test_claim_and_put_back(office: ClientOf, anna: FlaskClient, olga: FlaskClient) -> None:
    ask(anna)
    olga.post(f"{task_of(olga)}/decide", data={"task.outcome": "approve", "granted_days": "3"})
    boris, claire = office("boris.petrov"), office("claire.evans")
    task = task_of(boris, "take")

    assert boris.post(f"{task}/claim").status_code == 303
    refused = claire.post(f"{task}/claim")
    assert refused.status_code == 409
    assert "Boris Petrov took this task" in words(refused)
    boris.post(f"{task}/release")
    assert claire.post(f"{task}/claim").status_code == 303


def test_a_task_is_handed_over(office: ClientOf, anna: FlaskClient, olga: FlaskClient) -> None:
    ask(anna)
    task = task_of(olga)

    olga.post(f"{task}/delegate", data={"person": "helena.kowalska", "reason": "I am ill"})

    assert tasks_of(olga) == []
    assert tasks_of(office("helena.kowalska")) == [task]


def test_an_open_page_learns_that_its_task_is_gone(anna: FlaskClient, olga: FlaskClient) -> None:
    ask(anna)
    task = task_of(olga)
    before = olga.get(f"{task}/state")
    assert olga.get(f"{task}/state", headers={"If-None-Match": before.headers["ETag"]}).status_code == 304

    olga.post(f"{task}/decide", data={"task.outcome": "approve", "granted_days": "3"})

    after = olga.get(f"{task}/state", headers={"If-None-Match": before.headers["ETag"]})
    assert "data-task-closed" in after.get_data(as_text=True)
    assert "You decided this just now: Approve." in words(after)


def test_a_draft_comes_back(anna: FlaskClient, olga: FlaskClient) -> None:
    ask(anna)
    task = task_of(olga)

    saved = olga.post(f"{task}/save-draft", data={"granted_days": "2", "task.comment": "Half a thought"})

    page = olga.get(task).get_data(as_text=True)
    assert saved.status_code == 200
    assert 'value="2"' in page
    assert "Half a thought" in page


def test_strangers_get_nothing(office: ClientOf, anna: FlaskClient, olga: FlaskClient) -> None:
    ask(anna)
    task, stranger = task_of(olga), office("pavel.smirnov")

    for path in ("", "/state"):
        assert stranger.get(f"{task}{path}").status_code == 404
    for deed in ("decide", "claim", "release", "delegate", "comment", "save-draft", "fields"):
        assert stranger.post(f"{task}/{deed}", data={"text": "x", "person": "pavel.smirnov"}).status_code in (
            403,
            404,
        ), deed
    assert len(tasks_of(olga)) == 1


def test_the_starter_may_read_but_not_decide(anna: FlaskClient, olga: FlaskClient) -> None:
    ask(anna)
    task = task_of(olga)

    assert "This task is Olga Ivanova's to decide." in words(anna.get(task)).replace("&#39;", "'")
    assert anna.post(f"{task}/decide", data={"task.outcome": "approve"}).status_code == 403


def test_files_come_along_and_only_those_of_the_case_may_fetch_them(
    office: ClientOf, anna: FlaskClient, olga: FlaskClient
) -> None:
    case = ask(anna, papers=(io.BytesIO(b"%PDF-1.4 ticket"), "../Билет.pdf"))
    page = anna.get(f"{case}?view=files").get_data(as_text=True)
    address = page.split('href="/files/')[1].split('"')[0]

    fetched = olga.get(f"/files/{address}")

    assert fetched.data == b"%PDF-1.4 ticket"
    assert fetched.headers["X-Content-Type-Options"] == "nosniff"
    assert fetched.headers["Content-Disposition"].startswith("attachment")
    fetched.close()
    assert office("pavel.smirnov").get(f"/files/{address}").status_code == 404


def test_comments_and_files_are_added_to_the_case(anna: FlaskClient, olga: FlaskClient) -> None:
    case = ask(anna)
    task = task_of(olga)

    olga.post(
        f"{task}/comment",
        data={"text": "Who stands in? 😀", "file": (io.BytesIO(b"plan"), "plan.txt")},
        content_type="multipart/form-data",
    )

    assert "Who stands in? 😀" in words(anna.get(case))
    assert "plan.txt" in words(anna.get(f"{case}?view=files"))
