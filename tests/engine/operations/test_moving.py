"""A case is moved by hand: where to, who may, what is refused; incidents are left behind."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from bpm.engine import commands
from bpm.engine.models import Instance
from bpm.engine.runtime.placing import Start
from bpm.engine.services import caller as services
from bpm.engine.services.caller import ServiceFailed
from bpm.errors import Conflict, Invalid, NotAllowed, NotFound
from bpm.jobs.models import Job
from tests.engine.office import Office, waits_are_written
from tests.engine.operations.moved import ADAM, NESTED, move
from tests.engine.processes import (
    APPROVAL,
    chain,
    element,
    end,
    flow,
    process,
    service,
    start,
    user,
)
from tests.engine.small_services import SmallServices


def test_a_case_goes_on_at_another_step(office: Office) -> None:
    office.deploy(APPROVAL)
    case = office.start("approval", variables={"number": 1, "amount": 5})
    task = office.task("ask", case)

    move(office, case, cancel=["ask"], start=["sign"], reason="Boris is ill")

    assert office.open_elements(case) == ["sign"]
    with pytest.raises(Conflict, match="withdrawn"):
        office.do(commands.complete, "boris.petrov", task.public_id, "approve")
    (moved,) = office.history(case, "tokens_moved")
    assert moved.data["reason"] == "Boris is ill"
    assert [one["element"] for one in moved.data["cancelled"]] == ["ask"]
    assert [one["element"] for one in moved.data["started"]] == ["sign"]
    with office.reading() as session:
        assert moved.actor_id == office.person(session, ADAM).id
    office.complete("emily.clark", "sign")
    assert office.case(case).status == "completed"


def test_into_a_sub_process_that_is_begun_for_it(office: Office) -> None:
    office.deploy(NESTED)
    case = office.start("nested", variables={"number": 1})

    move(office, case, cancel=["first"], start=["third"])

    assert office.open_elements(case) == ["third"]
    office.pass_time(hours=6)  # the boundary event of the sub-process listens
    assert office.open_elements(case) == ["chase"]


def test_within_a_sub_process_that_is_open(office: Office) -> None:
    office.deploy(NESTED)
    case = office.start("nested", variables={"number": 1})
    office.complete("boris.petrov", "first", case=case)
    due = {job.due_at for job in _timers(office, case)}

    move(office, case, cancel=["second"], start=["third"])

    assert {job.due_at for job in _timers(office, case)} == due
    office.complete("boris.petrov", "third", case=case)
    assert office.case(case).status == "completed"


def _timers(office: Office, case: str) -> list[Job]:
    with office.reading() as session:
        number = select(Instance.id).where(Instance.public_id == case).scalar_subquery()
        return list(session.scalars(select(Job).where(Job.instance_id == number, Job.kind == "engine.timer")))


def test_out_of_a_sub_process_which_ends_without_going_on(office: Office) -> None:
    office.deploy(NESTED)
    case = office.start("nested", variables={"number": 1})
    office.complete("boris.petrov", "first", case=case)

    move(office, case, cancel=["second"], start=["first"])

    assert office.open_elements(case) == ["first"] and _timers(office, case) == []


def test_a_sub_process_is_cancelled_whole_and_begun_again(office: Office) -> None:
    office.deploy(NESTED)
    case = office.start("nested", variables={"number": 1})
    office.complete("boris.petrov", "first", case=case)
    office.complete("boris.petrov", "second", case=case)

    move(office, case, cancel=["inner"], start=["inner"])

    assert office.open_elements(case) == ["second"]


def test_tokens_are_started_beside_those_that_stay_with_variables(office: Office) -> None:
    office.deploy(NESTED)
    case = office.start("nested", variables={"number": 1})

    move(office, case, start=[Start("third", {"number": Decimal(7), "note": "moved"})])

    assert office.open_elements(case) == ["first", "third"]
    assert office.variables(case)["note"] == "moved"
    assert office.case(case).titles["en"] == "Case 7"


@pytest.mark.parametrize(
    ("how", "kind", "why"),
    [
        ({"start": ["nowhere"]}, Invalid, "no element"),
        ({"cancel": ["nowhere"], "start": ["third"]}, Invalid, "no element"),
        ({"cancel": ["third"], "start": ["first"]}, Conflict, "does not stand at"),
        ({"cancel": ["999"], "start": ["first"]}, Conflict, "moved on"),
        ({"start": ["late"]}, Invalid, "edge of another step"),
        ({"cancel": ["first"]}, Invalid, "Nothing would be left"),
        ({}, Invalid, "Say what"),
        ({"start": [Start("third", {"x": object()})]}, Invalid, "cannot be kept"),
    ],
)
def test_what_cannot_be_done_is_refused_and_changes_nothing(
    office: Office, how: dict[str, Any], kind: type[Exception], why: str
) -> None:
    office.deploy(NESTED)
    case = office.start("nested", variables={"number": 1})
    before = office.case(case).revision
    with pytest.raises(kind, match=why):
        office.do(commands.move, ADAM, case, **how)
    assert office.case(case).revision == before and office.open_elements(case) == ["first"]
    waits_are_written(office, case)


def test_only_owner_and_administrators_move_cases(office: Office) -> None:
    office.deploy(APPROVAL)
    case = office.start("approval", variables={"number": 1})
    for command, given in (
        (commands.move, {"start": ["sign"]}),
        (commands.set_variables, {"values": {"a": 1}}),
    ):
        with pytest.raises(NotAllowed):
            office.do(command, "anna.nowak", case, **given)
        with pytest.raises(NotFound):
            office.do(command, "natalia.morozova", case, **given)
    with pytest.raises(NotAllowed):
        office.start("approval", start_at=["sign"])


def test_two_people_at_once_the_second_is_told(office: Office) -> None:
    office.deploy(APPROVAL)
    case = office.start("approval", variables={"number": 1})
    token = office.task("ask", case).token
    move(office, case, cancel=[token], start=["sign"])
    with pytest.raises(Conflict, match="moved on"):
        office.do(commands.move, ADAM, case, cancel=[token], start=["sign"])
    assert office.open_elements(case) == ["sign"]


def test_a_suspended_or_ended_case_is_not_moved(office: Office) -> None:
    office.deploy(APPROVAL)
    case = office.start("approval", variables={"number": 1})
    office.do(commands.suspend, ADAM, case)
    with pytest.raises(Conflict, match="suspended"):
        office.do(commands.move, ADAM, case, cancel=["ask"], start=["sign"])
    office.do(commands.cancel, ADAM, case)
    with pytest.raises(Conflict, match="ended"):
        office.do(commands.move, ADAM, case, start=["sign"])


def test_an_incident_is_left_by_moving_on(office: Office) -> None:
    office.deploy(
        process(
            "broken",
            start(),
            element("exclusiveGateway", "way"),
            user("look", "person", "boris.petrov"),
            user("other", "person", "boris.petrov"),
            end(),
            end("end"),
            chain("begin", "way"),
            flow("way", "look", "amount > 5"),
            flow("way", "other", "amount < 2"),
            chain("look", "done"),
            chain("other", "end"),
        )
    )
    case = office.start("broken", variables={"amount": 3})
    (incident,) = office.incidents()
    with pytest.raises(Invalid, match="where the case goes on"):
        office.do(commands.retry, ADAM, incident.public_id, "move")
    office.do(commands.retry, ADAM, incident.public_id, "move", start=["look"], reason="by hand")
    assert office.open_elements(case) == ["look"] and office.incidents() == []
    assert office.case(case).open_incidents == 0
    assert office.incidents(only_open=False)[0].resolution == "move"
    waits_are_written(office, case)


def test_skipping_writes_values_in_place_of_the_results(office: Office) -> None:
    connectors = SmallServices()
    connectors.failing = ServiceFailed("The other side refuses.", again=False)
    office.deploy(
        process(
            "served",
            start(),
            service("fetch", "call", {"text": "=1"}, {"price": "=result.price"}),
            user("look", "person", "boris.petrov"),
            end(),
            chain("begin", "fetch", "look", "done"),
        )
    )
    with services.using(connectors):
        case = office.start("served")
        office.work()
    (incident,) = office.incidents()
    with pytest.raises(Invalid, match="cannot be the name"):
        office.do(commands.retry, ADAM, incident.public_id, "skip", values={"": 1})
    office.do(commands.retry, ADAM, incident.public_id, "skip", values={"price": Decimal(12)})
    assert office.open_elements(case) == ["look"] and office.variables(case)["price"] == 12
    changed = [one for one in office.history(case, "variable_changed") if one.data["name"] == "price"]
    with office.reading() as session:
        assert changed[0].actor_id == office.person(session, ADAM).id


def test_a_case_begins_in_the_middle(office: Office) -> None:
    office.deploy(NESTED)
    case = office.start("nested", ADAM, {"number": 4}, start_at=["third"])
    assert office.open_elements(case) == ["third"] and office.case(case).titles["en"] == "Case 4"
    waits_are_written(office, case)
    (started,) = office.history(case, "instance_started")
    assert started.data["at"] == ["third"]
    office.complete("boris.petrov", "third", case=case)
    assert office.case(case).status == "completed"
    with pytest.raises(Invalid, match="no element"):
        office.start("nested", ADAM, start_at=["nowhere"])
