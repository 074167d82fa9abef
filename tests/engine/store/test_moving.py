"""A case is moved by hand, its variables are changed, it begins in the middle."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from xml.sax.saxutils import escape

import pytest
from sqlalchemy import select

from bpm.engine import commands, queries
from bpm.engine.definitions import of_version
from bpm.engine.functions import World
from bpm.engine.history import verify_history
from bpm.engine.models import EventSubscription, Instance, UserTask, VariableIndex
from bpm.engine.runtime.placing import Start
from bpm.engine.services import caller as services
from bpm.engine.services.caller import ServiceFailed
from bpm.engine.unit import Unit, read_row
from bpm.errors import Conflict, Invalid, NotAllowed, NotFound
from bpm.jobs.models import Job
from tests.engine.store.conftest import Office
from tests.engine.store.diagrams import (
    APPROVAL,
    boundary,
    call,
    catch,
    chain,
    element,
    end,
    flow,
    message,
    process,
    service,
    start,
    timer,
    user,
)
from tests.engine.store.test_failures import SmallServices


def conditional(text: str) -> str:
    return f"<bpmn:conditionalEventDefinition><bpmn:condition>{escape(text)}</bpmn:condition></bpmn:conditionalEventDefinition>"


ADAM = "adam.kaminski"


def sub(name: str, *inside: str, more: str = "") -> str:
    return element("subProcess", name, more + "".join(inside))


MULTI = (
    "<bpmn:multiInstanceLoopCharacteristics><bpmn:extensionElements>"
    '<zeebe:loopCharacteristics xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" inputCollection="=people" '
    'inputElement="who" outputCollection="answers" outputElement="=who"/>'
    "</bpmn:extensionElements></bpmn:multiInstanceLoopCharacteristics>"
)
SEQUENTIAL = MULTI.replace("Characteristics>", 'Characteristics isSequential="true">', 1)

NESTED = process(
    "nested",
    start(),
    user("first", "person", "boris.petrov"),
    sub(
        "inner",
        start("inner_begin"),
        user("second", "person", "boris.petrov"),
        user("third", "person", "boris.petrov"),
        end("inner_done"),
        chain("inner_begin", "second", "third", "inner_done"),
    ),
    boundary("late", "inner", timer("PT5H")),
    user("chase", "person", "boris.petrov"),
    end("chased"),
    end(),
    chain("begin", "first", "inner", "done"),
    chain("late", "chase", "chased"),
    extensions='<bpm:title>Case {number}</bpm:title><bpm:searchable variables="number"/>',
)


def waits_are_written(office: Office, case: str) -> None:
    """What the tables say is exactly what the run waits for."""
    with office.reading() as session:
        row = session.scalars(select(Instance).where(Instance.public_id == case)).one()
        waits = (
            []
            if row.ended_at
            else Unit(World(session, office.now), read_row(session, row.id, lock=False)).run.waiting()
        )
        tasks = session.scalars(
            select(UserTask).where(UserTask.instance_id == row.id, UserTask.status == "open")
        )
        assert {one.token for one in tasks} == {one.token for one in waits if one.kind == "user_task"}
        subscribed = session.scalars(select(EventSubscription).where(EventSubscription.instance_id == row.id))
        assert {(one.token, one.kind, one.name) for one in subscribed} == {
            (one.token, one.kind, one.name or "")
            for one in waits
            if one.kind in ("message", "signal", "conditional")
        }
        jobs = session.scalars(select(Job).where(Job.instance_id == row.id, Job.kind == "engine.timer"))
        assert {(one.payload["token"], one.due_at) for one in jobs} == {
            (one.token, one.due_at) for one in waits if one.kind == "timer"
        }
        assert of_version(session, row.version)
        assert not list(verify_history(session, row.id))


def move(office: Office, case: str, login: str | None = ADAM, **how: Any) -> None:
    office.do(commands.move, login, case, **how)
    waits_are_written(office, case)


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


def test_a_joining_gateway_waits_for_no_other(office: Office) -> None:
    office.deploy(
        process(
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
    )
    case = office.start("fork")
    office.complete("boris.petrov", "left", case=case)
    # Emily's part will never come: take the waiting token and hers away, go on behind
    move(office, case, cancel=["right", "join"], start=["join"])
    assert office.open_elements(case) == ["after"]


def test_a_case_that_stands_still_after_a_move_is_an_incident_until_it_is_moved_on(office: Office) -> None:
    office.deploy(
        process(
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
    )
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


# --- incidents ------------------------------------------------------------------------------------


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


# --- variables ------------------------------------------------------------------------------------


def test_variables_are_changed_and_everything_that_shows_them(office: Office) -> None:
    office.deploy(NESTED)
    case = office.start("nested", variables={"number": 1})

    office.do(commands.set_variables, ADAM, case, {"number": Decimal(9), "new": "x"}, reason="typing error")

    assert office.variables(case)["number"] == 9 and office.case(case).titles["en"] == "Case 9"
    with office.reading() as session:
        assert list(session.scalars(select(VariableIndex.value))) == ["9"]
        adam = office.person(session, ADAM)
        assert [one.public_id for one in queries.instances(session, adam, text="Case 9").items] == [case]
        changed = [one for one in office.history(case, "variable_changed") if one.data["name"] == "number"][
            -1
        ]
        assert (changed.data["old"], changed.data["new"], changed.actor_id) == (1, 9, adam.id)
    (told,) = office.history(case, "variables_set")
    assert told.data["names"] == ["new", "number"] and told.data["reason"] == "typing error"


def test_a_condition_that_is_waited_for_is_looked_at_again(office: Office) -> None:
    office.deploy(
        process(
            "watching",
            start(),
            user("ask", "person", "boris.petrov"),
            boundary("urgent", "ask", conditional("urgency > 5")),
            user("hurry", "person", "emily.clark"),
            end(),
            end("hurried"),
            chain("begin", "ask", "done"),
            chain("urgent", "hurry", "hurried"),
        )
    )
    case = office.start("watching", variables={"urgency": 1})
    office.do(commands.suspend, ADAM, case)
    office.do(commands.set_variables, ADAM, case, {"urgency": 6})
    assert office.open_elements(case) == ["ask"]  # suspended: nothing moves
    office.do(commands.resume, ADAM, case)
    assert office.open_elements(case) == ["hurry"]


def test_a_variable_of_one_of_several_is_changed_for_him_alone(office: Office) -> None:
    office.deploy(
        process(
            "several",
            start(),
            user("ask", "expression", "=who", loop=MULTI),
            end(),
            chain("begin", "ask", "done"),
        )
    )
    case = office.start("several", variables={"people": ["boris.petrov", "emily.clark"]})
    first = office.tasks(case)[0]
    office.do(commands.set_variables, ADAM, case, {"who": "maria.wojcik"}, element=first.token)
    with office.reading() as session:
        task = session.get_one(UserTask, first.id)
        assert commands.task_scope(session, office.now, None, task)["who"] == "maria.wojcik"
    assert "who" not in office.variables(case)
    with pytest.raises(Conflict, match="does not stand"):
        office.do(commands.set_variables, ADAM, case, {"who": "x"}, element="done")


# --- beginning in the middle ----------------------------------------------------------------------


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
