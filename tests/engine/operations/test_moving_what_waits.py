"""Moving where several are asked, branches join, other cases are called and messages are waited for."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bpm.engine import commands
from bpm.engine.models import Instance
from bpm.engine.runtime.placing import Start
from bpm.errors import Invalid
from tests.engine.office import Office
from tests.engine.operations.moved import ADAM, move
from tests.engine.processes import (
    APPROVAL,
    MULTI,
    SEQUENTIAL,
    call,
    catch,
    chain,
    element,
    end,
    message,
    process,
    start,
    user,
)


def test_one_of_several_is_no_longer_asked(office: Office) -> None:
    office.deploy(
        process(
            "several",
            start(),
            user("ask", "expression", "=who", loop=MULTI),
            user("sum_up", "person", "boris.petrov"),
            end(),
            chain("begin", "ask", "sum_up", "done"),
        )
    )
    people = ["boris.petrov", "emily.clark", "maria.wojcik"]
    case = office.start("several", variables={"people": people})
    office.complete("boris.petrov", "ask", case=case)
    maria = next(
        one for one in office.tasks(case) if one.token != office.task("ask", case, "emily.clark").token
    )

    move(office, case, cancel=[maria.token])
    office.complete("emily.clark", "ask", case=case)

    assert office.open_elements(case) == ["sum_up"]
    assert office.variables(case)["answers"][:2] == ["boris.petrov", "emily.clark"]


def test_the_last_of_several_ends_the_step_or_the_step_goes_with_him(office: Office) -> None:
    office.deploy(
        process(
            "several",
            start(),
            user("ask", "expression", "=who", loop=SEQUENTIAL),
            user("sum_up", "person", "boris.petrov"),
            end(),
            chain("begin", "ask", "sum_up", "done"),
        )
    )
    case = office.start("several", variables={"people": ["boris.petrov", "emily.clark"]})
    move(office, case, cancel=[office.task("ask", case).token])
    assert office.holder("ask", case) == "emily.clark"  # the next one is asked
    office.complete("emily.clark", "ask", case=case)
    assert office.open_elements(case) == ["sum_up"]

    other = office.start("several", variables={"people": ["boris.petrov"]})
    with pytest.raises(Invalid, match="Nothing would be left"):
        office.do(commands.move, ADAM, other, cancel=[office.task("ask", other).token])
    assert office.open_elements(other) == ["ask"]


def test_nobody_knows_which_of_several_runs_is_meant(office: Office) -> None:
    body = [start("in"), user("ask", "expression", "=who"), user("then", "expression", "=who"), end("out")]
    many = element("subProcess", "each", "".join(body) + chain("in", "ask", "then", "out") + MULTI)
    office.deploy(
        process(
            "many",
            start(),
            user("wait", "person", "boris.petrov"),
            many,
            end(),
            chain("begin", "wait", "each", "done"),
        )
    )
    case = office.start("many", variables={"people": ["boris.petrov", "emily.clark"]})

    with pytest.raises(Invalid, match="once for each"):
        office.do(commands.move, ADAM, case, cancel=["wait"], start=["then"])
    move(office, case, cancel=["wait"], start=["each"])
    with pytest.raises(Invalid, match="open several times") as refused:
        office.do(commands.move, ADAM, case, start=["then"])
    within = refused.value.details["tokens"][1]
    move(office, case, start=[Start("then", within=within)])
    assert office.open_elements(case) == ["ask", "ask", "then"]
    assert {office.holder("then", case)} == {"emily.clark"}


FORK = process(
    "fork",
    start(),
    element("parallelGateway", "split"),
    user("left", "person", "boris.petrov"),
    user("right", "person", "emily.clark"),
    element("parallelGateway", "join"),
    user("after", "person", "boris.petrov"),
    end(),
    chain("begin", "split", "left", "join", "after", "done"),
    chain("split", "right", "join"),
)


def test_a_joining_gateway_waits_for_no_other(office: Office) -> None:
    office.deploy(FORK)
    case = office.start("fork")
    office.complete("boris.petrov", "left", case=case)
    # Emily's part will never come: take the waiting token and hers away, go on behind
    move(office, case, cancel=["right", "join"], start=["join"])
    assert office.open_elements(case) == ["after"]


def test_a_case_that_stands_still_after_a_move_is_an_incident_until_it_is_moved_on(office: Office) -> None:
    office.deploy(FORK)
    case = office.start("fork")
    office.complete("boris.petrov", "left", case=case)
    move(office, case, cancel=["right"])
    (incident,) = office.incidents()
    assert incident.kind == "stuck"
    office.do(commands.retry, ADAM, incident.public_id, "move", start=["after"])
    assert office.incidents() == [] and office.open_elements(case) == ["after"]
    move(office, case, cancel=["after"], start=["right"])
    assert office.incidents() == []
    office.complete("emily.clark", "right", case=case)
    assert office.open_elements(case) == ["after"]


def test_called_cases_are_stopped_and_begun(office: Office) -> None:
    office.deploy(
        APPROVAL,
        process(
            "caller",
            start(),
            user("before", "person", "boris.petrov"),
            call("callee", "approval"),
            end(),
            chain("begin", "before", "callee", "done"),
        ),
    )
    case = office.start("caller", variables={"number": 1})
    move(office, case, cancel=["before"], start=["callee"])
    with office.reading() as session:
        called = session.scalars(select(Instance).where(Instance.parent_id.is_not(None))).one().public_id
    move(office, called, cancel=["ask"], start=["sign"])  # a called case is moved by itself
    assert office.open_elements(case) == ["sign"]
    move(office, case, cancel=["callee"], start=["before"])
    assert office.case(called).status == "cancelled" and office.open_elements(case) == ["before"]


def test_a_message_wait_goes_and_comes_with_its_subscription(office: Office) -> None:
    office.deploy(
        process(
            "mail",
            start(),
            catch("paid", message("paid")),
            user("thank", "person", "boris.petrov"),
            end(),
            chain("begin", "paid", "thank", "done"),
            messages=("paid",),
        )
    )
    case = office.start("mail", business_key="k1")
    move(office, case, cancel=["paid"], start=["thank"])
    assert office.do(commands.deliver, None, "paid", "k1", {}) == 0
    move(office, case, cancel=["thank"], start=["paid"])
    assert office.open_elements(case) == ["thank"]  # the message was kept and is taken at once
