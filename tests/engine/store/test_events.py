"""Messages, signals, timers and called processes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from bpm.engine import commands
from bpm.engine.models import EventSubscription, Instance, Message, UserTask
from bpm.errors import Conflict
from bpm.jobs.models import Job
from tests.engine.store.conftest import Office
from tests.engine.store.diagrams import (
    boundary,
    call,
    catch,
    chain,
    end,
    error,
    message,
    outcomes,
    process,
    script,
    signal,
    start,
    throw,
    timer,
    user,
)

WAITS = process(
    "waits",
    start(),
    user("before", "initiator"),
    catch("paid", message("payment")),
    user("after", "initiator"),
    end(),
    chain("begin", "before", "paid", "after", "done"),
    messages=("payment",),
)


def count(office: Office, table: type) -> int:
    with office.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def deliver(office: Office, name: str, correlation: str | None = None, **payload: object) -> int:
    return int(office.do(commands.deliver, None, name, correlation, payload))


def test_a_message_reaches_the_case_it_names(office: Office) -> None:
    office.deploy(WAITS)
    first, second = office.start("waits", business_key="A"), office.start("waits", business_key="B")
    for case in (first, second):
        office.complete("anna.nowak", "before", case=case)
    assert deliver(office, "payment", "B", amount=5) == 1
    assert office.open_elements(first) == [] and office.open_elements(second) == ["after"]
    assert office.variables(second)["message"] == {"amount": 5}
    assert count(office, EventSubscription) == 1


def test_a_message_that_comes_too_early_is_kept(office: Office) -> None:
    office.deploy(WAITS)
    case = office.start("waits", business_key="A")
    assert deliver(office, "payment", "A", amount=7) == 0
    assert count(office, Message) == 1
    office.complete("anna.nowak", "before", case=case)
    assert office.open_elements(case) == ["after"]
    assert office.variables(case)["message"] == {"amount": 7}
    assert count(office, Message) == 0


def test_a_kept_message_expires(office: Office) -> None:
    office.deploy(WAITS)
    case = office.start("waits", business_key="A")
    deliver(office, "payment", "A")
    office.clock.advance(timedelta(days=31))
    office.complete("anna.nowak", "before", case=case)
    assert office.open_elements(case) == []


def test_of_several_cases_that_wait_for_a_message_the_first_one_gets_it(office: Office) -> None:
    office.deploy(WAITS)
    cases = [office.start("waits", business_key="A") for _ in range(3)]
    for case in (cases[1], cases[0], cases[2]):
        office.complete("anna.nowak", "before", case=case)
    for case in (cases[1], cases[0], cases[2]):
        assert deliver(office, "payment", "A") == 1
        assert office.open_elements(case) == ["after"]


def test_an_expression_correlates(office: Office) -> None:
    diagram = process(
        "corr",
        start(),
        catch("paid", message("payment", "=order.number")),
        end(),
        chain("begin", "paid", "done"),
        messages=("payment",),
    )
    office.deploy(diagram)
    case = office.start("corr", variables={"order": {"number": "N-1"}})
    assert deliver(office, "payment", "N-2") == 0
    assert deliver(office, "payment", "N-1") == 1
    assert office.case(case).status == "completed"


def test_a_message_starts_a_process(office: Office) -> None:
    diagram = process(
        "fromoutside",
        start("begin", message("order")),
        user("ask", "person", "boris.petrov"),
        end(),
        chain("begin", "ask", "done"),
        messages=("order",),
    )
    office.deploy(diagram)
    assert deliver(office, "order", "O-1", item="chair") == 1
    (task,) = office.tasks()
    with office.reading() as session:
        case = session.get_one(Instance, task.instance_id)
        assert case.business_key == "O-1"
    assert office.variables(case.public_id)["message"] == {"item": "chair"}
    office.do(commands.set_active, None, "fromoutside", False)
    assert deliver(office, "order", "O-2") == 0


def test_a_signal_reaches_all_who_wait_and_starts_processes(office: Office) -> None:
    office.deploy(
        process(
            "hears",
            start(),
            catch("heard", signal("alarm")),
            user("act", "initiator"),
            end(),
            chain("begin", "heard", "act", "done"),
            signals=("alarm",),
        ),
        process(
            "started",
            start("begin", signal("alarm")),
            user("check", "person", "boris.petrov"),
            end(),
            chain("begin", "check", "done"),
            signals=("alarm",),
        ),
    )
    cases = [office.start("hears") for _ in range(2)]
    assert office.do(commands.signal, None, "alarm", {}) == 3
    assert [office.open_elements(case) for case in cases] == [["act"], ["act"]]
    assert office.open_elements() == ["act", "act", "check"]


def test_one_case_tells_another_by_message_and_all_by_signal(office: Office) -> None:
    office.deploy(
        WAITS,
        process(
            "hears",
            start(),
            catch("heard", signal("alarm")),
            end(),
            chain("begin", "heard", "done"),
            signals=("alarm",),
        ),
        process(
            "tells",
            start(),
            throw("pay", message("payment")),
            throw("ring", signal("alarm")),
            end(),
            chain("begin", "pay", "ring", "done"),
            messages=("payment",),
            signals=("alarm",),
        ),
    )
    waiting = office.start("waits", business_key="A")
    office.complete("anna.nowak", "before", case=waiting)
    hearing = office.start("hears")
    telling = office.start("tells", business_key="A")
    assert office.case(telling).status == "completed"
    assert office.case(hearing).status == "active"
    office.work()
    assert office.open_elements(waiting) == ["after"]
    assert office.case(hearing).status == "completed"


def test_a_boundary_timer_interrupts_when_its_time_has_come(office: Office) -> None:
    office.deploy(
        process(
            "late",
            start(),
            user("ask", "person", "boris.petrov"),
            end(),
            boundary("out", "ask", timer("PT1H")),
            user("instead", "person", "claire.evans"),
            end("lapsed"),
            chain("begin", "ask", "done"),
            chain("out", "instead", "lapsed"),
        )
    )
    case = office.start("late")
    task = office.task("ask", case)
    office.pass_time(minutes=59)
    assert office.open_elements(case) == ["ask"]
    office.pass_time(minutes=1)
    assert office.open_elements(case) == ["instead"]
    with pytest.raises(Conflict, match="ran out"):
        office.do(commands.complete, "boris.petrov", task.public_id)
    office.complete("claire.evans", "instead")
    assert office.case(case).outcome == "lapsed"
    assert count(office, Job) == 0


def test_the_timer_of_a_completed_task_is_gone(office: Office) -> None:
    office.deploy(
        process(
            "intime",
            start(),
            user("ask", "person", "boris.petrov"),
            user("next", "initiator"),
            end(),
            boundary("out", "ask", timer("PT1H")),
            end("lapsed"),
            chain("begin", "ask", "next", "done"),
            chain("out", "lapsed"),
        )
    )
    case = office.start("intime")
    assert count(office, Job) == 1
    office.complete("boris.petrov", "ask")
    assert count(office, Job) == 0
    office.pass_time(hours=2)
    assert office.open_elements(case) == ["next"]


def test_a_repeating_timer_beside_a_task_repeats(office: Office) -> None:
    office.deploy(
        process(
            "again",
            start(),
            user("ask", "person", "boris.petrov"),
            end(),
            boundary("tick", "ask", timer("R3/PT1H", "timeCycle"), interrupting=False),
            user("look", "person", "claire.evans"),
            end("ticked"),
            chain("begin", "ask", "done"),
            chain("tick", "look", "ticked"),
        )
    )
    case = office.start("again")
    for number in range(1, 4):
        office.pass_time(hours=1)
        assert office.open_elements(case) == ["ask"] + ["look"] * number
    office.pass_time(hours=5)
    assert office.open_elements(case) == ["ask"] + ["look"] * 3


def test_a_message_beside_a_task_may_come_twice(office: Office) -> None:
    office.deploy(
        process(
            "twice",
            start(),
            user("ask", "person", "boris.petrov"),
            end(),
            boundary("told", "ask", message("note"), interrupting=False),
            user("look", "person", "claire.evans"),
            end("read"),
            chain("begin", "ask", "done"),
            chain("told", "look", "read"),
            messages=("note",),
        )
    )
    case = office.start("twice", business_key="A")
    for number in (1, 2):
        assert deliver(office, "note", "A") == 1
        assert office.open_elements(case) == ["ask"] + ["look"] * number
        assert count(office, EventSubscription) == 1


def test_a_timer_starts_cases_again_and_again(office: Office) -> None:
    office.deploy(
        process(
            "nightly",
            start("begin", timer("R2/PT24H", "timeCycle")),
            user("ask", "person", "boris.petrov"),
            end(),
            chain("begin", "ask", "done"),
        )
    )
    office.pass_time(hours=23)
    assert office.open_elements() == []
    office.pass_time(hours=1)
    assert office.open_elements() == ["ask"]
    office.pass_time(hours=24)
    assert office.open_elements() == ["ask", "ask"]
    office.pass_time(hours=72)
    assert len(office.tasks()) == 2


CALLED = process(
    "called",
    start(),
    user("inner", "initiator"),
    script("count", "total := amount * 2"),
    end(),
    chain("begin", "inner", "count", "done"),
)
MAPPING = (
    '<bpm:mapping><bpm:input name="amount" value="=price"/>'
    '<bpm:output value="=total" target="result"/></bpm:mapping>'
)
CALLER = process(
    "caller",
    start(),
    call("sub", "called", MAPPING),
    user("outer", "initiator"),
    end(),
    chain("begin", "sub", "outer", "done"),
)


def test_a_called_process_is_a_case_of_its_own_and_brings_its_result(office: Office) -> None:
    office.deploy(CALLED, CALLER)
    case = office.start("caller", variables={"price": 21}, business_key="K")
    (task,) = office.tasks(case)
    assert task.element == "inner" and office.holder("inner", case) == "anna.nowak"
    with office.reading() as session:
        root, child = session.scalars(select(Instance).order_by(Instance.id)).all()
        assert (child.parent_id, child.root_id, child.business_key) == (root.id, root.id, "K")
        assert root.root_id == root.id
    office.complete("anna.nowak", "inner", case=case)
    assert office.open_elements(case) == ["outer"]
    assert office.variables(case)["result"] == 42 and "total" not in office.variables(case)
    assert office.case(child.public_id).status == "completed"
    office.complete("anna.nowak", "outer")
    assert office.case(case).status == "completed"


def test_cancelling_reaches_the_called_process(office: Office) -> None:
    office.deploy(CALLED, CALLER)
    case = office.start("caller", variables={"price": 1})
    office.do(commands.cancel, "anna.nowak", case)
    assert office.tasks() == []
    with office.reading() as session:
        assert set(session.scalars(select(Instance.status))) == {"cancelled"}
        assert session.scalars(select(UserTask.ended_because)).all() == ["cancelled"]


def test_an_interrupted_call_cancels_what_it_called(office: Office) -> None:
    office.deploy(
        CALLED,
        process(
            "hurry",
            start(),
            call("sub", "called", MAPPING),
            end(),
            boundary("out", "sub", timer("PT1H")),
            user("instead", "initiator"),
            end("lapsed"),
            chain("begin", "sub", "done"),
            chain("out", "instead", "lapsed"),
        ),
    )
    case = office.start("hurry", variables={"price": 1})
    office.pass_time(hours=1)
    assert office.open_elements() == ["instead"]
    assert sorted(one.element for one in office.tasks(case, "withdrawn")) == ["inner"]


def test_an_error_of_the_called_process_is_caught_by_the_caller(office: Office) -> None:
    office.deploy(
        process(
            "fails",
            start(),
            user("inner", "initiator"),
            end("bad", error("broke")),
            chain("begin", "inner", "bad"),
            errors=("broke",),
        ),
        process(
            "careful",
            start(),
            call("sub", "fails"),
            end(),
            boundary("caught", "sub", error("broke")),
            user("mend", "initiator"),
            end("mended"),
            chain("begin", "sub", "done"),
            chain("caught", "mend", "mended"),
            errors=("broke",),
        ),
    )
    case = office.start("careful")
    office.complete("anna.nowak", "inner", case=case)
    assert office.open_elements(case) == ["mend"]


def test_a_process_that_calls_itself_without_end_is_stopped(office: Office) -> None:
    office.deploy(process("endless", start(), call("sub", "endless"), end(), chain("begin", "sub", "done")))
    office.start("endless")
    assert [one.kind for one in office.incidents()] == ["step"]


VOTING = process(
    "voting",
    start(),
    user(
        "vote",
        "person",
        "=voter",
        more='<bpm:voting rule="all" voters="=approvers" voter="voter" result="votes" order="parallel"'
        ' refusals="reject"/>',
        buttons=outcomes("approve", "reject", vote="vote"),
    ),
    user("after", "initiator"),
    end(),
    chain("begin", "vote", "after", "done"),
)


def test_all_approve_in_any_order_and_the_votes_stand_in_order(office: Office) -> None:
    office.deploy(VOTING)
    names = ["emily.clark", "katarzyna.lis", "pavel.smirnov"]
    case = office.start("voting", variables={"approvers": names})
    assert office.open_elements(case) == ["vote"] * 3
    for login in reversed(names):
        office.complete(login, "vote", "approve", case=case)
    assert office.open_elements(case) == ["after"]
    votes = office.variables(case)["votes"]
    assert [vote["who"] for vote in votes] == names


def test_one_refusal_withdraws_the_other_votes(office: Office) -> None:
    office.deploy(VOTING)
    case = office.start("voting", variables={"approvers": ["emily.clark", "katarzyna.lis", "pavel.smirnov"]})
    open_task = office.task("vote", case, "pavel.smirnov")
    office.complete("emily.clark", "vote", "reject", case=case)
    assert office.open_elements(case) == ["after"]
    assert len(office.tasks(case, "withdrawn")) == 2
    with pytest.raises(Conflict, match="decided by Emily Clark") as refused:
        office.do(commands.complete, "pavel.smirnov", open_task.public_id, "approve")
    assert refused.value.details["by"] == "emily.clark"


def test_a_requester_among_the_voters_is_replaced(office: Office) -> None:
    office.deploy(VOTING)
    case = office.start("voting", variables={"approvers": ["anna.nowak", "emily.clark"]})
    with office.reading() as session:
        from bpm.people.models import Person

        holders = {session.get_one(Person, task.assignee_id).login for task in office.tasks(case)}
    assert holders == {"olga.ivanova", "emily.clark"}
