"""Service steps that programs outside do: fetched, locked, completed, failed — each by one at a time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from bpm.engine import commands
from bpm.engine.commands import Topic
from bpm.engine.models import ExternalTask
from bpm.engine.services.external_tasks import Fetched
from bpm.errors import Conflict, Invalid, NotAllowed, NotFound
from tests.engine.office import Office
from tests.engine.processes import boundary, chain, end, error, process, service, start, user

MINUTE = timedelta(minutes=1)


def shipping(*more: str, key: str = "ships", step: str = "") -> str:
    """A process whose step ``pack`` is done by a program outside."""
    return process(
        key,
        start(),
        step or service("pack", "external", {"topic": "packing", "size": "=amount * 2"}),
        user("after", "initiator"),
        end(),
        chain("begin", "pack", "after", "done"),
        *more,
        errors=("broken",),
    )


CATCHING = (
    boundary("caught", "pack", error("broken")),
    user("mend", "initiator"),
    end("mended"),
    chain("caught", "mend", "mended"),
)


def fetch(
    office: Office, worker: str = "w1", topic: str = "packing", most: int = 10, **more: Any
) -> list[Fetched]:
    asked = [Topic(topic, more.pop("lock_for", MINUTE), more.pop("variables", None))]
    found: list[Fetched] = office.do(
        commands.fetch_and_lock, more.pop("login", None), worker, asked, most, **more
    )
    return found


def rows(office: Office) -> int:
    with office.reading() as session:
        return session.scalar(select(func.count()).select_from(ExternalTask)) or 0


def test_a_worker_fetches_a_task_with_its_variables_and_completes_it(office: Office) -> None:
    office.deploy(shipping())
    case = office.start("ships", variables={"amount": 3, "note": "fragile"})
    (fetched,) = fetch(office)
    assert (fetched.task.element, fetched.task.topic) == ("pack", "packing")
    assert fetched.variables["size"] == 6 and fetched.variables["note"] == "fragile"
    office.do(commands.complete_external_task, None, fetched.task.public_id, "w1", {"parcel": "P-1"})
    assert office.open_elements(case) == ["after"] and office.variables(case)["parcel"] == "P-1"
    assert rows(office) == 0


def test_only_the_variables_that_were_asked_for_are_given(office: Office) -> None:
    office.deploy(shipping())
    office.start("ships", variables={"amount": 3, "note": "fragile"})
    (fetched,) = fetch(office, variables=["note", "nothing"])
    assert fetched.variables == {"note": "fragile"}


def test_outputs_decide_what_a_worker_may_write(office: Office) -> None:
    step = service("pack", "external", {"topic": "packing"}, {"parcel": "=result.number", "mark": "=label"})
    office.deploy(shipping(step=step))
    case = office.start("ships")
    (fetched,) = fetch(office)
    office.do(
        commands.complete_external_task, None, fetched.task.public_id, "w1",
        {"number": 7, "initiator": "somebody.else"}, {"label": "red"},
    )  # fmt: skip
    found = office.variables(case)
    assert (found["parcel"], found["mark"], found["initiator"]) == (7, "red", "anna.nowak")
    assert "number" not in found and "label" not in found


def test_a_locked_task_is_fetched_by_nobody_else_until_the_lock_ends(office: Office) -> None:
    office.deploy(shipping())
    office.start("ships", variables={"amount": 1})
    assert len(fetch(office, "w1")) == 1
    assert fetch(office, "w2") == []
    office.clock.advance(timedelta(seconds=61))
    (again,) = fetch(office, "w2")
    with pytest.raises(Conflict, match="“w2” holds it") as late:
        office.do(commands.complete_external_task, None, again.task.public_id, "w1", {})
    assert late.value.details["holder"] == "w2"
    office.do(commands.complete_external_task, None, again.task.public_id, "w2", {})
    with pytest.raises(NotFound):
        office.do(commands.complete_external_task, None, again.task.public_id, "w2", {})


def test_whose_lock_has_ended_may_still_complete_if_nobody_fetched_meanwhile(office: Office) -> None:
    office.deploy(shipping())
    case = office.start("ships", variables={"amount": 1})
    (fetched,) = fetch(office)
    office.clock.advance(timedelta(hours=1))
    office.do(commands.complete_external_task, None, fetched.task.public_id, "w1", {})
    assert office.open_elements(case) == ["after"]


def test_a_lock_is_extended_or_given_back(office: Office) -> None:
    office.deploy(shipping())
    office.start("ships", variables={"amount": 1})
    (fetched,) = fetch(office)
    number = fetched.task.public_id
    office.do(commands.extend_lock, None, number, "w1", timedelta(hours=1))
    office.clock.advance(timedelta(minutes=30))
    assert fetch(office, "w2") == []
    with pytest.raises(Conflict):
        office.do(commands.extend_lock, None, number, "w2", MINUTE)
    office.do(commands.unlock, None, number)
    with pytest.raises(Conflict, match="nobody does"):
        office.do(commands.complete_external_task, None, number, "w1", {})
    assert len(fetch(office, "w2")) == 1
    office.clock.advance(timedelta(hours=2))
    with pytest.raises(Conflict, match="has ended"):
        office.do(commands.extend_lock, None, number, "w2", MINUTE)


def test_a_failed_task_comes_back_and_without_retries_is_an_incident(office: Office) -> None:
    office.deploy(shipping())
    case = office.start("ships", variables={"amount": 1})
    (fetched,) = fetch(office)
    office.do(commands.fail_external_task, None, fetched.task.public_id, "w1", "no paper", "stack", 1, MINUTE)
    assert fetch(office) == [] and office.incidents() == []
    office.clock.advance(MINUTE)
    (fetched,) = fetch(office)
    assert (fetched.task.retries, fetched.task.error_message) == (1, "no paper")
    office.do(commands.fail_external_task, None, fetched.task.public_id, "w1", "no paper", "", 0)
    (incident,) = office.incidents()
    assert incident.kind == "service" and incident.cause["values"] == {
        "service": "packing",
        "why": "no paper",
    }
    office.clock.advance(timedelta(days=400))
    assert fetch(office) == []
    office.do(commands.retry, None, incident.public_id)
    (fetched,) = fetch(office)
    office.do(commands.complete_external_task, None, fetched.task.public_id, "w1", {})
    assert office.open_elements(case) == ["after"] and office.incidents() == []


def test_retries_are_counted_down_when_the_worker_says_no_number(office: Office) -> None:
    step = service("pack", "external", {"topic": "packing"}).replace(
        "</bpm:connector>", '</bpm:connector><bpm:retry tries="2"/>'
    )
    office.deploy(shipping(step=step))
    office.start("ships")
    for left in (1, 0):
        (fetched,) = fetch(office)
        office.do(commands.fail_external_task, None, fetched.task.public_id, "w1", "broken")
        with office.reading() as session:
            assert session.scalars(select(ExternalTask.retries)).one() == left
    assert len(office.incidents()) == 1


def test_a_bpmn_error_is_caught_at_the_edge(office: Office) -> None:
    office.deploy(shipping(*CATCHING))
    case = office.start("ships", variables={"amount": 1})
    (fetched,) = fetch(office)
    office.do(commands.bpmn_error, None, fetched.task.public_id, "w1", "broken", "in two", {"parts": 2})
    assert office.open_elements(case) == ["mend"] and office.variables(case)["parts"] == 2
    assert rows(office) == 0


@pytest.mark.parametrize("catching", [False, True])
def test_a_bpmn_error_that_nobody_catches_is_an_incident(office: Office, catching: bool) -> None:
    office.deploy(shipping(*(CATCHING if catching else ())))
    case = office.start("ships", variables={"amount": 1})
    (fetched,) = fetch(office)
    office.do(commands.bpmn_error, None, fetched.task.public_id, "w1", "another")
    assert [one.kind for one in office.incidents()] == ["service"]
    assert office.case(case).status == "active" and fetch(office) == []


def test_the_more_urgent_come_first_if_asked_so(office: Office) -> None:
    step = (
        '<bpmn:serviceTask id="pack" name="pack" xmlns:camunda="http://camunda.org/schema/1.0/bpmn"'
        ' camunda:type="external" camunda:topic="packing" camunda:taskPriority="${amount}"/>'
    )
    office.deploy(shipping(step=step))
    for amount in (1, 9, 5):
        office.start("ships", variables={"amount": amount})
    assert [one.task.priority for one in fetch(office, most=1)] == [1]
    assert [one.task.priority for one in fetch(office, by_priority=True)] == [9, 5]


@pytest.mark.parametrize("tag", ["serviceTask", "sendTask", "scriptTask", "businessRuleTask"])
def test_a_job_type_of_zeebe_is_a_topic(office: Office, tag: str) -> None:
    step = (
        f'<bpmn:{tag} id="pack" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"><bpmn:extensionElements>'
        '<zeebe:taskDefinition type="packing" retries="5"/><zeebe:ioMapping>'
        '<zeebe:input source="=amount" target="size"/><zeebe:output source="=number" target="parcel"/>'
        f"</zeebe:ioMapping></bpmn:extensionElements></bpmn:{tag}>"
    )
    office.deploy(shipping(step=step))
    case = office.start("ships", variables={"amount": 4})
    (fetched,) = fetch(office)
    assert fetched.variables["size"] == 4 and fetched.task.retries == 5
    office.do(commands.complete_external_task, None, fetched.task.public_id, "w1", {"number": 3})
    found = office.variables(case)
    assert found["parcel"] == 3 and "number" not in found and "size" not in found


def test_a_cancelled_or_interrupted_step_cannot_be_fetched(office: Office) -> None:
    office.deploy(shipping())
    case = office.start("ships", variables={"amount": 1})
    (fetched,) = fetch(office)
    office.do(commands.cancel, "anna.nowak", case)
    assert rows(office) == 0
    with pytest.raises(NotFound):
        office.do(commands.complete_external_task, None, fetched.task.public_id, "w1", {})


def test_work_that_is_done_while_the_case_is_suspended_is_not_lost(office: Office) -> None:
    office.deploy(shipping())
    case = office.start("ships", variables={"amount": 1})
    waiting = office.start("ships", variables={"amount": 2})
    (fetched,) = fetch(office, most=1)
    for one in (case, waiting):
        office.do(commands.suspend, None, one)
    assert fetch(office, "w2") == []
    office.do(commands.complete_external_task, None, fetched.task.public_id, "w1", {"parcel": 1})
    assert office.open_elements(case) == []
    for one in (case, waiting):
        office.do(commands.resume, None, one)
    office.work()
    assert office.open_elements(case) == ["after"] and office.variables(case)["parcel"] == 1
    assert [one.variables["amount"] for one in fetch(office, "w2")] == [2]


def test_who_may_work(office: Office) -> None:
    office.deploy(shipping())
    office.start("ships", variables={"amount": 1})
    for login in ("natalia.morozova", "emily.clark"):
        with pytest.raises(NotAllowed):
            fetch(office, login=login)
    assert len(fetch(office, login="adam.kaminski")) == 1


@pytest.mark.parametrize(
    ("worker", "most", "lock_for"),
    [("", 1, MINUTE), ("w", 0, MINUTE), ("w", 1, timedelta()), ("w\x00", 1, MINUTE)],
)
def test_what_cannot_be_asked(office: Office, worker: str, most: int, lock_for: timedelta) -> None:
    with pytest.raises(Invalid):
        fetch(office, worker, most=most, lock_for=lock_for)


def test_many_workers_at_once_never_get_the_same_task(office: Office) -> None:
    office.deploy(shipping())
    for _number in range(12):
        office.start("ships", variables={"amount": 1})

    def work(number: int) -> list[str]:
        mine: list[str] = []
        while found := fetch(office, f"w{number}", most=2):
            for one in found:
                office.do(commands.complete_external_task, None, one.task.public_id, f"w{number}", {})
                mine.append(one.task.public_id)
        return mine

    with ThreadPoolExecutor(4) as pool:
        done = [number for found in pool.map(work, range(4)) for number in found]
    assert len(done) == len(set(done)) == 12
    assert office.open_elements() == ["after"] * 12
