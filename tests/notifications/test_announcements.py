"""Who hears of what: tasks, terms, withdrawals, ends, incidents."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bpm.clock import MovableClock
from bpm.db import Database
from bpm.engine import commands
from bpm.notifications.commands import publish_letter
from bpm.people.queries import required_person
from tests.engine.processes import chain, end, outcomes, process, service, start, user
from tests.office import Office, open_office

ADMINISTRATOR = "adam.kaminski"
CONTRACT = process(
    "contract",
    start(),
    user(
        "ask",
        "person",
        "boris.petrov",
        buttons=outcomes("approve", "reject"),
        title="Approve {number}",
        more='<bpm:deadline due="2wd" calendar="working" remindBefore="4wh" escalateAfter="0m"/>',
    ),
    user("sign", "group", "lawyer", title="Sign {number}"),
    end("signed"),
    chain("begin", "ask", "sign", "signed"),
    extensions="<bpm:title>Contract {number}</bpm:title>"
    '<bpm:translation language="ru" title="Договор {number}"/>',
    name="Contract approval",
)


@pytest.fixture
def office(database: Database, clock: MovableClock, company: None, tmp_path: Path) -> Iterator[Office]:
    with open_office(database, clock, tmp_path) as office:
        office.deploy(CONTRACT)
        yield office


def test_assignee_has_a_letter_and_a_line_under_the_bell(office: Office) -> None:
    office.start("contract", number="118")
    office.work()

    assert office.letters() == [("boris.petrov", "Your turn: Approve 118")]
    assert office.bell("boris.petrov") == ["Approve 118"]
    letter = office.letter("boris.petrov")
    task = office.task("ask")
    assert letter.state == "kept"
    assert f"https://bpm.example/tasks/{task.public_id}" in letter.text
    assert "Thursday, 5 March 2026, 09:00" in letter.text
    assert "Contract approval · asked by Anna Nowak" in letter.text


def test_task_of_a_group_is_offered_to_each_member_and_vanishes_for_all(office: Office) -> None:
    lawyers = ["emily.clark", "katarzyna.lis", "pavel.smirnov"]
    office.start("contract", number="118")
    office.complete("boris.petrov", "ask", "approve")
    office.work()

    offered = [(login, "Your turn: Sign 118") for login in lawyers]
    assert sorted(office.letters("assignment")) == sorted(offered)
    assert "whoever takes it first" in office.letter("emily.clark").text
    assert [office.bell(login) for login in lawyers] == [["Sign 118"]] * 3

    office.complete("katarzyna.lis", "sign")
    assert [office.bell(login) for login in lawyers] == [[]] * 3


def test_of_a_task_that_is_done_already_nobody_hears(office: Office) -> None:
    office.start("contract", number="118")
    office.complete("boris.petrov", "ask", "approve")
    office.complete("emily.clark", "sign")
    office.work()

    assert office.letters("assignment") == []


def test_whoever_gives_himself_something_to_do_is_not_written_to(office: Office) -> None:
    office.start("contract", login="boris.petrov", number="118")
    office.work()

    assert office.letters() == []


def test_initiator_hears_how_it_ended_and_what_was_decided(office: Office) -> None:
    office.start("contract", number="118")
    office.complete("boris.petrov", "ask", "approve", "mind the date")
    office.complete("emily.clark", "sign")
    office.work()

    assert office.letters("outcome") == [("anna.nowak", "Contract 118: Signed")]
    text = office.letter("anna.nowak").text
    assert "· Approve 118 — Boris Petrov: Approve (“mind the date”)" in text
    assert office.bell("anna.nowak") == ["Contract 118: Signed"]


def test_letters_speak_the_readers_language(office: Office) -> None:
    with office.database.writing() as session:
        required_person(session, "anna.nowak").language = "ru"
    office.start("contract", number="118")
    office.complete("boris.petrov", "ask", "approve")
    office.complete("emily.clark", "sign")
    office.work()

    assert office.letter("anna.nowak").text.startswith("Здравствуйте, Anna Nowak!")
    assert "Договор 118" in office.letter("anna.nowak").text


def test_withdrawn_case_tells_whoever_had_the_task(office: Office) -> None:
    case = office.start("contract", number="118")
    office.work()

    office.do(commands.cancel, "anna.nowak", case, "typed twice")
    office.work()

    assert office.bell("boris.petrov") == ["The task was taken back: Approve 118"]
    assert office.letters("outcome") == []  # he did it himself


def test_reminder_comes_before_the_term_and_the_manager_hears_after_it(office: Office) -> None:
    case = office.start("contract", number="118")
    office.work()

    office.pass_time(days=1, hours=4)  # Wednesday, one o'clock: four working hours before the term
    assert office.letters("reminder") == [("boris.petrov", "Soon due: Approve 118")]
    office.pass_time(days=1)
    assert office.letters("escalation") == [("olga.ivanova", "Late in your team: Approve 118")]
    assert "Boris Petrov has not finished" in office.letter("olga.ivanova").text
    assert office.letters("reminder")[1:] == [("boris.petrov", "Late: Approve 118")]
    assert "We have let Olga Ivanova know." in office.letter("boris.petrov").text
    assert office.history(case, "task_reminded", "task_escalated") == [
        ("task_reminded", ["boris.petrov"]),
        ("task_escalated", ["olga.ivanova"]),
    ]


def test_done_in_time_means_no_reminder(office: Office) -> None:
    office.start("contract", number="118")
    office.complete("boris.petrov", "ask", "approve")
    office.pass_time(days=3)

    assert office.letters("reminder") == office.letters("escalation") == []


@pytest.mark.parametrize(
    ("to", "told"), [("group:head_sales", "olga.ivanova"), ("person:emily.clark", "emily.clark")]
)
def test_escalation_goes_where_the_diagram_says(office: Office, to: str, told: str) -> None:
    office.deploy(CONTRACT.replace('escalateAfter="0m"', f'escalateAfter="0m" escalateTo="{to}"'))
    office.start("contract", number="118")
    office.pass_time(days=3)

    assert office.letters("escalation") == [(told, "Late in your team: Approve 118")]


def test_administrators_hear_of_incidents(office: Office) -> None:
    office.deploy(process("broken", start(), service("send", "letter", {"to": "nobody.known"}), end(),
                          chain("begin", "send", "done"), name="Broken"))  # fmt: skip
    office.start("broken")
    office.work()

    assert len(office.incidents()) == 1
    assert [login for login, _subject in office.letters("incident")] == [ADMINISTRATOR]
    assert "nobody.known" in office.letter(ADMINISTRATOR).text
    assert office.bell(ADMINISTRATOR) == ["Something needs your help: Broken"]


def test_published_letter_that_cannot_be_filled_in_gives_way_to_the_standard_one(office: Office) -> None:
    broken = {"en": {"subject": "Mine: {{ no_such_value }}", "text": "Hello"}}
    with office.database.writing() as session:
        publish_letter(session, office.clock.now(), None, "assignment", broken)
    office.start("contract", number="118")
    office.work()

    assert office.letters() == [("boris.petrov", "Your turn: Approve 118")]
