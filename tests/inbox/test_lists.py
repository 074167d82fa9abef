"""The lists of the inbox: who sees what, what vanishes, what is said."""

from __future__ import annotations

from datetime import timedelta

from flask.testing import FlaskClient

from bpm.clock import MovableClock
from tests.inbox.holiday import ClientOf, ask, task_of, tasks_of, words


def test_a_task_stands_in_the_list_of_its_holder_only(
    office: ClientOf, anna: FlaskClient, olga: FlaskClient
) -> None:
    ask(anna)

    assert "Decide: holiday of Anna Nowak, 3 days" in words(olga.get("/inbox"))
    assert tasks_of(anna) == []
    assert tasks_of(office("pavel.smirnov")) == []


def test_it_tells_from_whom_and_until_when(anna: FlaskClient, olga: FlaskClient) -> None:
    ask(anna)

    page = words(olga.get("/inbox"))
    assert "1 task waits for you." in page
    assert "from Anna Nowak" in page
    assert "due Thursday" in page


def test_the_starter_sees_whom_his_case_waits_for(anna: FlaskClient) -> None:
    ask(anna)

    assert "Waits for Olga Ivanova" in words(anna.get("/inbox?tab=started"))


def test_late_tasks_are_said_to_be_late_and_can_be_filtered(
    anna: FlaskClient, olga: FlaskClient, clock: MovableClock
) -> None:
    ask(anna, days=3)
    clock.advance(timedelta(days=10))
    ask(anna, days=4)

    assert "2 tasks wait for you, 1 of them late." in words(olga.get("/inbox"))
    late = words(olga.get("/inbox/list?late=1"))
    assert "3 days" in late
    assert "4 days" not in late


def test_lists_are_filtered_by_words_without_accents_and_by_process(
    anna: FlaskClient, olga: FlaskClient
) -> None:
    ask(anna)

    assert "Anna Nowak" in words(olga.get("/inbox/list?text=NOWAK"))
    assert "Nothing fits this filter" in words(olga.get("/inbox/list?text=somebody"))
    assert "Nothing fits this filter" in words(olga.get("/inbox/list?process=another"))


def test_a_task_of_a_group_is_offered_until_somebody_takes_it(
    office: ClientOf, anna: FlaskClient, olga: FlaskClient
) -> None:
    ask(anna)
    olga.post(f"{task_of(olga)}/decide", data={"task.outcome": "approve", "granted_days": "3"})
    boris, claire = office("boris.petrov"), office("claire.evans")

    assert tasks_of(boris, "take") == tasks_of(claire, "take") != []
    boris.post(f"{task_of(boris, 'take')}/claim")

    assert tasks_of(claire, "take") == []
    assert len(tasks_of(boris)) == 1


def test_heads_see_what_waits_for_their_people(
    office: ClientOf, anna: FlaskClient, olga: FlaskClient
) -> None:
    ask(anna)
    olga.post(f"{task_of(olga)}/decide", data={"task.outcome": "approve", "granted_days": "3"})
    boris = office("boris.petrov")
    boris.post(f"{task_of(boris, 'take')}/claim")

    assert "Boris Petrov" in words(olga.get("/inbox?tab=team"))
    assert "Team" not in words(boris.get("/inbox"))


def test_an_open_page_gets_the_list_only_when_it_changed(anna: FlaskClient, olga: FlaskClient) -> None:
    first = olga.get("/inbox/list")
    unchanged = olga.get("/inbox/list", headers={"If-None-Match": first.headers["ETag"]})
    ask(anna)
    changed = olga.get("/inbox/list", headers={"If-None-Match": first.headers["ETag"]})

    assert unchanged.status_code == 304
    assert changed.status_code == 200


def test_an_empty_list_says_what_to_do_next(anna: FlaskClient) -> None:
    for tab in ("todo", "take", "started"):
        page = words(anna.get(f"/inbox?tab={tab}"))
        assert "appear" in page, tab
