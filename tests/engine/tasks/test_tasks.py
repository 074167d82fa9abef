"""Who gets a task, who may decide it, and what the one who came second is told."""

from __future__ import annotations

import threading
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from bpm.engine import commands, queries
from bpm.engine.models import Comment, HistoryEvent, UserTask
from bpm.errors import Conflict, Invalid, NotAllowed, NotFound
from bpm.people.commands import add_absence
from bpm.people.models import Person
from tests.engine.office import Office
from tests.engine.processes import APPROVAL, chain, end, outcomes, process, start, user

VOTE = outcomes("approve", "reject", vote="vote")


def one_task(key: str, to: str, value: str = "", **more: Any) -> str:
    return process(key, start(), user("ask", to, value, **more), end(), chain("begin", "ask", "done"))


def absent(office: Office, login: str, substitute: str | None) -> None:
    with office.database.writing() as session:
        person = office.person(session, login)
        day = office.now.date()
        add_absence(
            session,
            office.now,
            None,
            person,
            day,
            day + timedelta(days=7),
            office.person(session, substitute),
        )


@pytest.mark.parametrize(
    ("to", "value", "holder"),
    [
        ("person", "boris.petrov", "boris.petrov"),
        ("initiator", "", "anna.nowak"),
        ("manager_of_initiator", "", "olga.ivanova"),
        ("head_of_department", "finance", "maria.wojcik"),
        ("expression", "=manager_of(initiator)", "olga.ivanova"),
        ("expression", '=if amount > 10 then "emily.clark" else "pavel.smirnov"', "emily.clark"),
    ],
)
def test_a_task_goes_to_whom_the_diagram_says(office: Office, to: str, value: str, holder: str) -> None:
    office.deploy(one_task("to", to, value))
    case = office.start("to", variables={"amount": 11})
    assert office.holder("ask", case) == holder
    assert office.incidents() == []


def test_a_group_task_is_offered_to_its_members(office: Office) -> None:
    office.deploy(one_task("offer", "group", "seller"))
    case = office.start("offer", "adam.kaminski")
    assert office.holder("ask", case) is None
    task = office.task("ask", case)
    with pytest.raises(NotFound):
        office.do(commands.claim, "emily.clark", task.public_id)
    office.do(commands.claim, "anna.nowak", task.public_id)
    office.do(commands.claim, "anna.nowak", task.public_id)
    with pytest.raises(Conflict, match="Anna Nowak took this task") as refused:
        office.do(commands.claim, "boris.petrov", task.public_id)
    assert refused.value.details["by"] == "anna.nowak"
    with pytest.raises(Conflict, match="Anna Nowak took this task"):
        office.do(commands.complete, "boris.petrov", task.public_id)
    office.do(commands.release, "anna.nowak", task.public_id)
    office.complete("boris.petrov", "ask")
    assert office.case(case).status == "completed"


def test_an_expression_may_offer_a_task_to_several(office: Office) -> None:
    office.deploy(one_task("several", "expression", '=["anna.nowak", "group:lawyer"]'))
    case = office.start("several", "adam.kaminski")
    task = office.task("ask", case)
    with office.reading() as session:
        for login, may in (("anna.nowak", True), ("emily.clark", True), ("boris.petrov", False)):
            shown = queries.inbox(session, office.person(session, login), office.now).items
            assert [one.public_id for one in shown] == ([task.public_id] if may else []), login


def test_a_lane_names_the_group(office: Office) -> None:
    diagram = one_task("lane", "")
    lanes = (
        '<bpmn:laneSet id="lanes"><bpmn:lane id="one" name="Lawyer">'
        "<bpmn:flowNodeRef>begin</bpmn:flowNodeRef>"
        "<bpmn:flowNodeRef>ask</bpmn:flowNodeRef><bpmn:flowNodeRef>done</bpmn:flowNodeRef></bpmn:lane></bpmn:laneSet>"
    )
    office.deploy(diagram.replace('<bpmn:startEvent id="begin"', lanes + '<bpmn:startEvent id="begin"'))
    case = office.start("lane")
    office.complete("pavel.smirnov", "ask", case=case)


def test_nobody_decides_on_his_own_request(office: Office) -> None:
    office.deploy(one_task("own", "person", "anna.nowak", buttons=VOTE))
    case = office.start("own", "anna.nowak")
    task = office.task("ask", case)
    assert office.holder("ask", case) == "olga.ivanova"
    with office.reading() as session:
        assert session.get_one(Person, task.original_assignee_id).login == "anna.nowak"
    with pytest.raises(NotAllowed, match="own request"):
        office.do(commands.complete, "anna.nowak", task.public_id, "approve")
    done = office.complete("olga.ivanova", "ask", "approve")
    assert done.on_behalf_of_id is None
    vote = office.variables(case)["vote"]
    assert (vote["who"], vote["on_behalf_of"], vote["decision"]) == ("olga.ivanova", None, "approve")


def test_a_requester_in_the_group_is_no_candidate(office: Office) -> None:
    office.deploy(one_task("group_own", "group", "seller", buttons=VOTE))
    case = office.start("group_own", "anna.nowak")
    task = office.task("ask", case)
    with pytest.raises(NotAllowed, match="own request"):
        office.do(commands.complete, "anna.nowak", task.public_id, "approve")
    with office.reading() as session:
        assert not queries.inbox(session, office.person(session, "anna.nowak"), office.now).items
    office.complete("boris.petrov", "ask", "approve")


def test_the_only_member_of_a_group_is_replaced_by_his_manager(office: Office) -> None:
    office.deploy(one_task("alone", "group", "head_sales", buttons=VOTE))
    case = office.start("alone", "olga.ivanova")
    assert office.holder("ask", case) == "helena.kowalska"


def test_an_absent_person_is_replaced_and_both_are_shown(office: Office) -> None:
    absent(office, "boris.petrov", "claire.evans")
    office.deploy(APPROVAL)
    case = office.start("approval", variables={"number": 1})
    assert office.holder("ask", case) == "claire.evans"
    done = office.complete("claire.evans", "ask", "approve")
    with office.reading() as session:
        assert session.get_one(Person, done.on_behalf_of_id).login == "boris.petrov"
    (event,) = office.history(case, "task_completed")
    assert event.data["on_behalf_of"] == "boris.petrov" and event.on_behalf_of_id == done.on_behalf_of_id


def test_whoever_falls_ill_later_is_stood_in_for(office: Office) -> None:
    office.deploy(APPROVAL)
    case = office.start("approval", variables={"number": 1})
    task = office.task("ask", case)
    with pytest.raises(NotFound):
        office.do(commands.complete, "claire.evans", task.public_id, "approve")
    absent(office, "boris.petrov", "claire.evans")
    with office.reading() as session:
        claire = office.person(session, "claire.evans")
        assert [one.id for one in queries.inbox(session, claire, office.now, which="mine").items] == [task.id]
        assert queries.counts(session, claire, office.now).mine == 1
    office.complete("claire.evans", "ask", "approve")


def test_a_substitute_does_not_decide_on_his_own_request(office: Office) -> None:
    absent(office, "boris.petrov", "anna.nowak")
    office.deploy(one_task("sub", "person", "boris.petrov", buttons=VOTE))
    case = office.start("sub", "anna.nowak")
    assert office.holder("ask", case) == "olga.ivanova"


def test_with_nobody_to_be_found_an_administrator_chooses(office: Office) -> None:
    office.deploy(one_task("nobody", "person", "no.such.person"))
    case = office.start("nobody")
    (incident,) = office.incidents()
    assert incident.kind == "assignment" and incident.element == "ask"
    assert incident.cause["values"] == {"login": "no.such.person"}
    task = office.task("ask", case)
    with pytest.raises(NotAllowed):
        office.do(commands.delegate, "anna.nowak", task.public_id, "boris.petrov")
    office.do(commands.delegate, "adam.kaminski", task.public_id, "boris.petrov")
    assert office.incidents() == [] and office.case(case).open_incidents == 0
    office.complete("boris.petrov", "ask")


def test_an_assignment_is_tried_again_after_the_cause_is_mended(office: Office) -> None:
    with office.database.writing() as session:
        office.person(session, "boris.petrov").active = False
    office.deploy(one_task("later", "person", "boris.petrov"))
    case = office.start("later")
    (incident,) = office.incidents()
    with office.database.writing() as session:
        office.person(session, "boris.petrov").active = True
    office.do(commands.retry, "adam.kaminski", incident.public_id)
    assert office.holder("ask", case) == "boris.petrov" and office.incidents() == []


def test_a_manager_gives_a_task_to_another(office: Office) -> None:
    office.deploy(APPROVAL)
    case = office.start("approval", variables={"number": 1})
    task = office.task("ask", case)
    office.do(commands.delegate, "olga.ivanova", task.public_id, "claire.evans")
    assert office.holder("ask", case) == "claire.evans"
    office.complete("claire.evans", "ask", "approve")


def test_outcomes_and_comments_are_checked(office: Office) -> None:
    office.deploy(APPROVAL)
    office.start("approval", variables={"number": 1})
    for outcome in (None, "maybe"):
        with pytest.raises(Invalid) as refused:
            office.complete("boris.petrov", "ask", outcome)
        assert "outcome" in refused.value.details["errors"]
    with pytest.raises(Invalid) as refused:
        office.complete("boris.petrov", "ask", "reject", comment="  ")
    assert "comment" in refused.value.details["errors"]
    office.complete("boris.petrov", "ask", "reject", comment="No")
    with office.reading() as session:
        assert session.scalars(select(Comment.text)).all() == ["No"]


def test_a_click_on_a_decided_task_names_who_decided(office: Office) -> None:
    office.deploy(APPROVAL)
    office.start("approval", variables={"number": 1})
    task = office.task("ask")
    office.complete("boris.petrov", "ask", "approve")
    with pytest.raises(Conflict, match=r"Boris Petrov decided this on .*: Approve") as refused:
        office.do(commands.complete, "boris.petrov", task.public_id, "reject", {}, "No")
    assert refused.value.details["by"] == "boris.petrov"
    assert refused.value.details["at"] == office.now


@pytest.mark.parametrize(
    "value",
    [
        {"typename": "x", "__class__": "y", "$": "number"},
        "x" * 100_000,
        Decimal("0.10"),
        "😀 zażółć гусь",
        [1, {"a": [None, True]}],
    ],
)
def test_values_come_back_as_they_were_given(office: Office, value: Any) -> None:
    office.deploy(APPROVAL)
    case = office.start("approval", variables={"number": 1, "given": value})
    office.complete("boris.petrov", "ask", "approve", values={"typename": value})
    found = office.variables(case)
    assert found["given"] == value and found["typename"] == value


@pytest.mark.parametrize("value", ["half \ud800", "zero \x00", object()])
def test_what_cannot_be_kept_is_refused(office: Office, value: Any) -> None:
    office.deploy(APPROVAL)
    office.start("approval", variables={"number": 1})
    with pytest.raises(Invalid):
        office.complete("boris.petrov", "ask", "approve", values={"bad": value})
    assert office.open_elements() == ["ask"]


def test_fifty_press_at_once_and_one_wins(office: Office) -> None:
    with office.database.writing() as session:
        from bpm.people.models import Group, Membership

        group = session.scalars(select(Group).where(Group.key == "seller")).one()
        for number in range(50):
            person = Person(login=f"seller{number}", name=f"Seller {number}", email=f"s{number}@example.org")
            session.add(person)
            session.flush()
            session.add(Membership(person_id=person.id, group_id=group.id))
    office.deploy(one_task("race", "group", "seller", buttons=outcomes("accept")))
    case = office.start("race", "adam.kaminski")
    task = office.task("ask", case)
    winners: list[str] = []
    losers: list[Conflict] = []
    others: list[BaseException] = []
    ready = threading.Barrier(50)

    def press(number: int) -> None:
        try:
            ready.wait(30)
            office.do(commands.complete, f"seller{number}", task.public_id, "accept")
            winners.append(f"seller{number}")
        except Conflict as conflict:
            losers.append(conflict)
        except BaseException as error:
            others.append(error)

    threads = [threading.Thread(target=press, args=(number,)) for number in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert others == []
    assert len(winners) == 1 and len(losers) == 49
    assert {conflict.details["by"] for conflict in losers} == set(winners)
    with office.reading() as session:
        decided = select(HistoryEvent).where(HistoryEvent.kind == "task_completed")
        assert len(session.scalars(decided).all()) == 1
        assert session.scalars(select(UserTask)).one().status == "completed"
    assert office.case(case).status == "completed"


def test_the_inbox_shows_the_most_urgent_first_page_by_page(office: Office) -> None:
    for key, due in (("a", "5d"), ("b", "1d"), ("c", "")):
        deadline = f'<bpm:deadline due="{due}"/>' if due else ""
        office.deploy(one_task(key, "person", "boris.petrov", more=deadline))
        office.start(key)
    office.deploy(one_task("g", "group", "seller", more='<bpm:deadline due="2d"/>'))
    office.start("g", "adam.kaminski")
    with office.reading() as session:
        boris = office.person(session, "boris.petrov")
        seen: list[str] = []
        after = None
        while True:
            page = queries.inbox(session, boris, office.now, after=after, limit=2)
            seen += [one.instance.process.key for one in page.items]
            after = page.next
            if after is None:
                break
        assert seen == ["b", "g", "a", "c"]
        counts = queries.counts(session, boris, office.now + timedelta(days=3))
        assert (counts.mine, counts.offered, counts.overdue) == (3, 1, 1)
        assert len(queries.inbox(session, boris, office.now, which="offered").items) == 1
        assert len(queries.inbox(session, boris, office.now, process_key="a").items) == 1
        shown = [one.public_id for one in queries.inbox(session, boris, office.now).items]
        assert queries.still_open(session, [*shown, "gone"]) == set(shown)
        with pytest.raises(Invalid):
            queries.inbox(session, boris, office.now, after="nonsense")


def test_reminder_and_escalation_come_in_time_and_end_with_the_task(office: Office) -> None:
    office.deploy(
        one_task("term", "person", "boris.petrov", more='<bpm:deadline due="3d" remindBefore="4h"/>')
    )
    case = office.start("term")
    assert office.task("ask", case).due_at == office.now + timedelta(days=3)
    office.pass_time(days=2, hours=21)
    assert [one["kind"] for one in office.reminded] == ["task.reminder"]
    office.pass_time(hours=3)
    assert [one["kind"] for one in office.reminded] == ["task.reminder", "task.escalation"]
    assert office.reminded[0]["task"] == office.task("ask", case).public_id
    other = office.start("term")
    office.complete("boris.petrov", "ask", case=other)
    office.pass_time(days=10)
    assert len(office.reminded) == 2


def test_working_terms_skip_the_weekend(office: Office) -> None:
    office.deploy(one_task("work", "person", "boris.petrov", more='<bpm:deadline due="4wd"/>'))
    case = office.start("work")
    due = office.task("ask", case).due_at
    assert due is not None and (due - office.now) == timedelta(days=6)  # Tuesday to Monday
