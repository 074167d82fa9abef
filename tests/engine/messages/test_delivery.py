"""Messages and signals reach the cases that wait for them, or are kept, or begin cases."""

from __future__ import annotations

from datetime import timedelta

from bpm.engine import commands
from bpm.engine.models import EventSubscription, Instance, Message
from tests.engine.office import Office
from tests.engine.processes import (
    boundary,
    catch,
    chain,
    end,
    message,
    process,
    signal,
    start,
    throw,
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
    assert office.count(EventSubscription) == 1


def test_a_message_that_comes_too_early_is_kept(office: Office) -> None:
    office.deploy(WAITS)
    case = office.start("waits", business_key="A")
    assert deliver(office, "payment", "A", amount=7) == 0
    assert office.count(Message) == 1
    office.complete("anna.nowak", "before", case=case)
    assert office.open_elements(case) == ["after"]
    assert office.variables(case)["message"] == {"amount": 7}
    assert office.count(Message) == 0


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
        assert office.count(EventSubscription) == 1
