"""P03 of the processes that ship: no request stays without a responsible person."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

from bpm.clock import MovableClock
from tests.stories.office import Office

HEAD = "olga.ivanova"
SELLERS = ("anna.nowak", "boris.petrov", "claire.evans")


def a_request(office: Office, **values: Any) -> Any:
    given = {"name": "Marek Zając", "source": "site", "expected_sum": 90_000, "phone": "+48 61 555 10 10",
             "need": "Doors for twelve flats", "company_name": "Zając Interiors"}  # fmt: skip
    return office.new("lead", **{**given, **values})


def test_two_press_accept_at_once_and_one_has_it(office: Office) -> None:
    lead = a_request(office)
    case = office.start("lead_race", HEAD, lead)
    task = office.task("anna.nowak", "Take request")
    assert task["title"] == "Take request Marek Zając, Site"
    office.task("boris.petrov", "Take request")
    rivals = ("anna.nowak", "boris.petrov")
    for login in rivals:
        office.api_of(login)  # logged in before the race begins

    with ThreadPoolExecutor() as threads:
        answers = list(threads.map(lambda login: office.decide_known(login, task["id"], "accept"), rivals))

    assert sorted(answer.status_code for answer in answers) == [200, 409]
    winner = rivals[[answer.status_code for answer in answers].index(200)]
    refusal = next(answer for answer in answers if answer.status_code == 409).get_json()
    assert {"anna.nowak": "Anna Nowak", "boris.petrov": "Boris Petrov"}[winner] in refusal["detail"]
    office.run_due()
    record = office.look(lead)
    assert (record["stage"], record["responsible"]["login"]) == ("processing", winner)
    assert record["values"]["accepted_at"]
    assert "Process request" in office.titles(winner)[0]
    others = [login for login in SELLERS if login != winner]
    assert all(office.titles(login) == [] for login in others)
    assert all("taken by" in _notices(office, login) for login in [*others, HEAD])
    assert office.case(case)["status"] == "active"


def test_fifty_press_at_once_and_the_history_knows_one(office: Office) -> None:
    case = office.start("lead_race", HEAD, a_request(office))
    task = office.task("anna.nowak", "Take request")
    presses = [SELLERS[number % len(SELLERS)] for number in range(50)]
    for login in SELLERS:
        office.api_of(login)

    with ThreadPoolExecutor(50) as threads:
        answers = list(threads.map(lambda login: office.decide_known(login, task["id"], "accept"), presses))

    codes = [answer.status_code for answer in answers]
    assert (codes.count(200), codes.count(409)) == (1, 49)
    winner = {"anna.nowak": "Anna Nowak", "boris.petrov": "Boris Petrov", "claire.evans": "Claire Evans"}[
        presses[codes.index(200)]
    ]
    refusals = [answer.get_json()["detail"] for answer in answers if answer.status_code == 409]
    assert all(winner in detail for detail in refusals)
    events = office.api_of(HEAD).get(f"/instances/{case['id']}/history")["items"]
    assert [event["kind"] for event in events].count("task_completed") == 1


def test_nobody_takes_it_in_time_then_somebody_does(office: Office) -> None:
    lead = a_request(office)
    office.start("lead_race", HEAD, lead)
    office.pass_time(minutes=14)
    assert office.letters(HEAD, "Nobody has taken") == []

    office.pass_time(minutes=1)

    assert len(office.letters(HEAD, "Nobody has taken the request Marek Zając")) == 1
    office.pass_time(minutes=5)
    office.decide("claire.evans", "Take request", "accept")
    assert office.look(lead)["responsible"]["login"] == "claire.evans"
    assert "Process request" in office.titles("claire.evans")[0]


def test_nobody_takes_it_for_an_hour_so_the_head_appoints(office: Office) -> None:
    lead = a_request(office, product_line="project")
    office.start("lead_race", HEAD, lead)
    assert office.titles("anna.nowak") == []
    assert len(office.titles("jan.wisniewski")) == 1

    office.pass_time(minutes=60)

    assert office.titles("jan.wisniewski") == []
    office.decide(HEAD, "Appoint a responsible person", "done", appointee="boris.petrov")
    record = office.look(lead)
    assert (record["stage"], record["responsible"]["login"]) == ("processing", "boris.petrov")
    office.task("boris.petrov", "Process request")


def test_accepted_and_untouched_brings_a_reminder_and_spam_makes_no_deal(office: Office) -> None:
    lead = a_request(office)
    case = office.start("lead_race", HEAD, lead)
    office.decide("anna.nowak", "Take request", "accept")

    office.pass_time(hours=2)

    assert len(office.letters("anna.nowak", "Reminder: request")) == 1
    task = office.task("anna.nowak", "Process request")
    refused = office.decide_known("anna.nowak", task["id"], "spam")
    assert refused.status_code == 422
    office.decide("anna.nowak", "Process request", "spam", "Advertising of a printer")
    record = office.look(lead)
    assert (record["stage"], record["values"]["reject_reason"]) == ("rejected", "Advertising of a printer")
    assert record["values"]["minutes_taken"] == 120
    assert office.api_of(HEAD).get("/records/deal")["items"] == []
    assert len(office.letters(HEAD, "rejected as spam")) == 1
    assert office.case(case)["outcome"] == "rejected"


def test_nothing_for_four_hours_tells_the_manager(office: Office) -> None:
    office.start("lead_race", HEAD, a_request(office))
    office.decide("anna.nowak", "Take request", "accept")

    office.pass_time(hours=4)

    assert len(office.letters("anna.nowak", "lies untouched")) == 1
    assert len(office.letters(HEAD, "lies untouched")) == 1
    office.task("anna.nowak", "Process request")


def test_converted_makes_company_contact_and_deal(office: Office) -> None:
    known = office.new("company", name="Zając Interiors sp. z o.o.", phone="+48 (61) 555-10-10")
    lead = a_request(office)
    case = office.start("lead_race", HEAD, lead)
    office.decide("anna.nowak", "Take request", "accept")

    office.decide("anna.nowak", "Process request", "convert", expected_sum=95_000)

    record = office.look(lead)
    assert record["stage"] == "converted"
    deal = office.api_of(HEAD).get(f"/records/deal/{record['values']['deal']['id']}")
    assert (deal["responsible"]["login"], deal["values"]["amount"]) == ("anna.nowak", 95_000)
    assert deal["values"]["company"]["id"] == known["id"]
    assert deal["values"]["need"] == "Doors for twelve flats"
    contact = office.look({"type": "contact", "id": deal["values"]["contact"]["id"]})
    assert contact["values"]["name"] == "Marek Zając"
    assert len(office.letters(HEAD, "became a deal")) == 1
    assert office.case(case)["outcome"] == "converted"


def test_set_aside_until_it_is_time(office: Office) -> None:
    lead = a_request(office)
    office.start("lead_race", HEAD, lead)
    office.decide("anna.nowak", "Take request", "accept")
    task = office.task("anna.nowak", "Process request")
    assert office.decide_known("anna.nowak", task["id"], "pending").status_code == 422

    office.decide("anna.nowak", "Process request", "pending", wake_at="2026-03-04T10:00:00+01:00")

    record = office.look(lead)
    assert record["stage"] == "pending"
    assert datetime.fromisoformat(record["values"]["wake_at"]) == datetime.fromisoformat(
        "2026-03-04T10:00+01:00"
    )
    assert office.titles("anna.nowak") == []
    office.enter("anna.nowak", lead, "awake")
    assert office.look(lead)["stage"] == "processing"
    office.task("anna.nowak", "Process request")


def test_a_request_on_sunday_starts_its_terms_on_monday(office: Office, clock: MovableClock) -> None:
    clock.advance(timedelta(days=5, hours=3))  # Sunday, noon
    office.start("lead_race", HEAD, a_request(office))

    assert len(office.titles("anna.nowak")) == 1
    assert "New request" in _notices(office, HEAD)
    office.pass_time(hours=21, minutes=14)  # Monday, 9:14
    assert office.letters(HEAD, "Nobody has taken") == []
    office.pass_time(minutes=1)
    assert len(office.letters(HEAD, "Nobody has taken")) == 1


def _notices(office: Office, login: str) -> str:
    return office.client_of(login).get("/notices").get_data(as_text=True)
