"""A case that waits for nothing becomes an incident, and goes on once it is tried again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import delete

from bpm.engine import commands
from bpm.engine.models import EventSubscription, ExternalTask, TaskCandidate, UserTask
from bpm.engine.operations import stalls
from bpm.jobs.models import Job
from tests.engine.office import Office
from tests.engine.processes import call, catch, chain, end, message, process, service, start, timer, user

STEPS = {
    "task": user("step", "initiator"),
    "message": catch("step", message("payment")),
    "timer": catch("step", timer("PT1H")),
    "external": service("step", "external", {"topic": "packing"}),
    "condition": catch(
        "step",
        '<bpmn:conditionalEventDefinition><bpmn:condition xsi:type="bpmn:tFormalExpression">=ready'
        "</bpmn:condition></bpmn:conditionalEventDefinition>",
    ),
    "call": call("step", "called"),
}
CALLED = process("called", start(), user("inner", "initiator"), end(), chain("begin", "inner", "done"))


def waiting(step: str) -> str:
    return process(
        "waits",
        start(),
        STEPS[step],
        user("after", "initiator"),
        end(),
        chain("begin", "step", "after", "done"),
        messages=("payment",),
    )


def damage(office: Office) -> None:
    """Lose every row that would move a case."""
    with office.database.writing() as session:
        for table in (TaskCandidate, UserTask, EventSubscription, ExternalTask, Job):
            session.execute(delete(table))


def look(office: Office) -> int:
    office.clock.advance(timedelta(minutes=1))
    return stalls.look(office.database, office.now)


@pytest.mark.parametrize("step", STEPS)
def test_a_case_that_waits_for_something_is_left_alone(office: Office, step: str) -> None:
    office.deploy(CALLED, waiting(step))
    office.start("waits")
    assert look(office) == 0 and office.incidents() == []


@pytest.mark.parametrize("step", sorted(set(STEPS) - {"call"}))
def test_a_case_whose_rows_are_lost_is_an_incident_and_can_be_mended(office: Office, step: str) -> None:
    office.deploy(CALLED, waiting(step))
    case = office.start("waits", business_key="A")
    damage(office)
    assert look(office) == 1
    (incident,) = office.incidents()
    assert incident.kind == "stuck"
    assert look(office) == 0
    office.do(commands.retry, None, incident.public_id)
    assert look(office) == 0 and office.incidents() == [] and office.case(case).status == "active"


def test_a_mended_case_goes_on(office: Office) -> None:
    office.deploy(waiting("message"))
    case = office.start("waits", business_key="A")
    damage(office)
    look(office)
    office.do(commands.retry, None, office.incidents()[0].public_id)
    assert office.do(commands.deliver, None, "payment", "A", {}) == 1
    assert office.open_elements(case) == ["after"]


def test_of_a_case_and_the_one_it_called_only_the_standing_one_is_an_incident(office: Office) -> None:
    office.deploy(CALLED, waiting("call"))
    case = office.start("waits")
    damage(office)
    assert look(office) == 1
    (incident,) = office.incidents()
    assert incident.instance_id != office.case(case).id
    office.do(commands.retry, None, incident.public_id)
    office.complete("anna.nowak", "inner", case=case)
    assert office.open_elements(case) == ["after"]


def test_a_suspended_case_and_one_that_has_ended_stand_still_rightly(office: Office) -> None:
    office.deploy(waiting("timer"))
    suspended, cancelled = office.start("waits"), office.start("waits")
    office.do(commands.suspend, None, suspended)
    office.do(commands.cancel, None, cancelled)
    assert look(office) == 0


def test_a_state_that_cannot_be_read_is_an_incident_too(office: Office) -> None:
    office.deploy(waiting("timer"))
    case = office.start("waits")
    damage(office)
    with office.database.writing() as session:
        session.get_one(type(office.case(case)), office.case(case).id).state = b"damaged"
    assert look(office) == 1


def test_of_two_nodes_that_look_at_once_one_does(office: Office) -> None:
    office.deploy(waiting("timer"))
    office.start("waits")
    damage(office)
    now = office.now + timedelta(minutes=1)
    assert stalls.look(office.database, now) == 1
    assert stalls.look(office.database, now) == 0 and len(office.incidents()) == 1
