"""One deed on many cases, and versions and processes that stand still."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bpm.engine import commands
from bpm.engine.models import EventSubscription, Instance
from bpm.engine.operations import bulk
from bpm.engine.operations.models import BulkOperation
from bpm.errors import Conflict, Invalid, NotAllowed, NotFound
from bpm.jobs.models import Job
from tests.engine.office import Office
from tests.engine.processes import APPROVAL, chain, end, message, process, start, timer, user

ADAM = "adam.kaminski"


def order(office: Office, kind: str, login: str | None = ADAM, **how: Any) -> str:
    parameters = how.pop("parameters", {})
    found = office.do(commands.do_with_many, login, kind, parameters, **how)
    return str(found.public_id)


def progress(office: Office, public_id: str) -> tuple[str, int, int, int]:
    with office.reading() as session:
        row = session.scalars(select(BulkOperation).where(BulkOperation.public_id == public_id)).one()
        return row.status, row.total, row.done, row.failed


def reasons(office: Office, public_id: str) -> list[str]:
    with office.reading() as session:
        row = session.scalars(select(BulkOperation).where(BulkOperation.public_id == public_id)).one()
        return [one.reason or "" for one in bulk.failures(session, row)]


def some_cases(office: Office, count: int = 3) -> list[str]:
    office.deploy(APPROVAL)
    return [office.start("approval", variables={"number": number}) for number in range(count)]


def statuses(office: Office, cases: list[str]) -> list[str]:
    return [office.case(one).status for one in cases]


def test_many_cases_are_cancelled_one_after_the_other(office: Office) -> None:
    cases = some_cases(office)
    operation = order(office, "cancel", instances=cases[:2], parameters={"reason": "tidying up"})
    assert progress(office, operation) == ("running", 2, 0, 0)
    office.work()
    assert progress(office, operation) == ("done", 2, 2, 0)
    assert statuses(office, cases) == ["cancelled", "cancelled", "active"]
    (ended,) = office.history(cases[0], "instance_ended")
    with office.reading() as session:
        assert ended.actor_id == office.person(session, ADAM).id and ended.data["reason"] == "tidying up"


def test_each_failure_has_its_reason_and_does_not_hinder_the_others(office: Office) -> None:
    cases = some_cases(office)
    office.do(commands.suspend, ADAM, cases[1])
    operation = order(office, "suspend", selection={"process": "approval"})
    office.work()
    assert progress(office, operation) == ("done", 3, 2, 1)
    assert reasons(office, operation) == ["The case is suspended already."]
    assert statuses(office, cases) == ["suspended"] * 3
    resumed = order(office, "resume", selection={"process": "approval", "status": "suspended"})
    office.work()
    assert progress(office, resumed) == ("done", 3, 3, 0) and statuses(office, cases) == ["active"] * 3


def test_it_can_be_stopped_and_what_is_done_stays_done(office: Office) -> None:
    cases = some_cases(office)
    operation = order(office, "cancel", instances=cases)
    with office.database.writing() as session:
        job = session.scalars(select(Job).where(Job.kind == bulk.JOB)).one()
        bulk.run_next(session, office.now, job)
    assert progress(office, operation) == ("running", 3, 1, 0)
    office.do(commands.stop_bulk, ADAM, operation)
    office.work()
    assert progress(office, operation)[:3] == ("stopped", 3, 1)
    assert sorted(statuses(office, cases)) == ["active", "active", "cancelled"]
    with pytest.raises(Conflict, match="over already"):
        office.do(commands.stop_bulk, ADAM, operation)
    with pytest.raises(NotFound):
        office.do(commands.stop_bulk, "anna.nowak", operation)


class _Killed(Exception):
    """The worker is gone before it could commit."""


def test_a_kill_between_repeats_and_loses_nothing(office: Office) -> None:
    cases = some_cases(office)
    operation = order(office, "set_variables", instances=cases, parameters={"values": {"amount": Decimal(9)}})
    with pytest.raises(_Killed), office.database.writing() as session:
        job = session.scalars(select(Job).where(Job.kind == bulk.JOB)).one()
        bulk.run_next(session, office.now, job)
        raise _Killed
    assert progress(office, operation) == ("running", 3, 0, 0)
    office.work()
    assert progress(office, operation) == ("done", 3, 3, 0)
    for case in cases:
        assert office.variables(case)["amount"] == 9
        assert len(office.history(case, "variables_set")) == 1


def test_a_fault_of_the_program_is_told_and_the_others_are_done(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = some_cases(office)

    def fails_with_the_first(session: Session, now: Any, actor: Any, case: Instance, given: Any) -> None:
        if case.public_id == cases[0]:
            raise RuntimeError("a fault")
        commands.cancel(session, now, actor, case.public_id)

    monkeypatch.setitem(bulk._DEEDS, "cancel", fails_with_the_first)
    operation = order(office, "cancel", instances=cases)
    for _attempt in range(12):
        office.pass_time(minutes=10)
    assert progress(office, operation) == ("done", 3, 2, 1)
    assert reasons(office, operation) == ["RuntimeError: a fault"]


def test_cases_go_over_to_another_version_each_all_or_nothing(office: Office) -> None:
    cases = some_cases(office)
    office.complete("boris.petrov", "ask", "approve", case=cases[0])
    office.deploy(
        process(
            "approval",
            start(),
            user("sign", "group", "lawyer", title="Sign it"),
            end(),
            chain("begin", "sign", "done"),
        )
    )
    operation = order(
        office, "migrate", selection={"process": "approval", "version": 1}, parameters={"to": 2}
    )
    office.work()
    assert progress(office, operation) == ("done", 3, 1, 2)
    assert all("map ask" in one for one in reasons(office, operation))
    mapped = order(
        office,
        "migrate",
        instances=cases[1:],
        parameters={"to": 2, "mapping": {"ask": "sign"}, "reason": "new rules"},
    )
    office.work()
    assert progress(office, mapped) == ("done", 2, 2, 0)
    assert office.open_elements() == ["sign"] * 3


def test_incidents_are_tried_again_or_skipped_and_cases_moved(office: Office) -> None:
    office.deploy(
        process(
            "lost",
            start(),
            user("ask", "expression", '="nobody.here"'),
            user("after", "person", "boris.petrov"),
            end(),
            chain("begin", "ask", "after", "done"),
        )
    )
    cases = [office.start("lost") for _number in range(2)]
    again = order(office, "retry", selection={"process": "lost", "with_incidents": True})
    office.work()
    assert progress(office, again) == ("done", 2, 2, 0) and len(office.incidents()) == 2
    moved = order(
        office, "move", instances=cases, parameters={"cancel": ["ask"], "start": [{"element": "after"}]}
    )
    office.work()
    assert progress(office, moved) == ("done", 2, 2, 0)
    assert office.open_elements() == ["after", "after"] and office.incidents() == []
    none = order(office, "retry", instances=cases)
    office.work()
    assert progress(office, none) == ("done", 2, 0, 2)


@pytest.mark.parametrize(
    ("kind", "how", "why"),
    [
        ("explode", {"selection": {"process": "approval"}}, "no deed"),
        ("cancel", {"selection": {}}, "Name the cases"),
        ("cancel", {"instances": []}, "at least one"),
        ("migrate", {"selection": {"process": "approval"}}, "which version"),
        ("set_variables", {"selection": {"process": "approval"}}, "at least one variable"),
        ("move", {"selection": {"process": "approval"}}, "Say what"),
        ("move", {"selection": {"process": "approval"}, "parameters": {"start": ["sign"]}}, "cannot be used"),
        ("cancel", {"selection": {"process": "approval"}, "parameters": {"to": 1}}, "cannot be used"),
        ("migrate", {"selection": {"process": "approval"}, "parameters": {"to": "two"}}, "cannot be used"),
    ],
)
def test_what_cannot_be_ordered(office: Office, kind: str, how: dict[str, Any], why: str) -> None:
    some_cases(office, 1)
    with pytest.raises(Invalid, match=why):
        order(office, kind, **how)


def test_only_owners_and_administrators_and_only_their_cases(office: Office) -> None:
    (case,) = some_cases(office, 1)
    with pytest.raises(NotAllowed):
        order(office, "cancel", "anna.nowak", instances=[case])
    with office.database.writing() as session:
        anna = office.person(session, "anna.nowak")
        mine = commands.deploy(session, office.now, None, APPROVAL.replace('"approval"', '"mine"')).process
        mine.owner_id = anna.id
    own = office.start("mine", "boris.petrov", {"number": 1})
    with pytest.raises(NotFound, match=case):
        order(office, "cancel", "anna.nowak", instances=[own, case])
    operation = order(office, "cancel", "anna.nowak", instances=[own])
    office.work()
    assert progress(office, operation) == ("done", 1, 1, 0) and office.case(case).status == "active"


def test_a_selection_without_cases_is_done_at_once(office: Office) -> None:
    some_cases(office, 1)
    operation = order(office, "cancel", selection={"process": "approval", "status": "suspended"})
    office.work()
    assert progress(office, operation) == ("done", 0, 0, 0)


# --- versions and processes that stand still ------------------------------------------------------


def test_a_suspended_version_begins_no_case_and_its_cases_stand_still(office: Office) -> None:
    (case,) = some_cases(office, 1)
    task = office.task("ask", case)
    found = office.do(commands.suspend_version, ADAM, "approval", 1, cases=True)
    office.work()
    assert progress(office, found.public_id) == ("done", 1, 1, 0)
    with pytest.raises(Conflict, match="suspended"):
        office.start("approval")
    with pytest.raises(Conflict, match="suspended"):
        office.do(commands.complete, "boris.petrov", task.public_id, "approve")
    with pytest.raises(Conflict):
        office.do(commands.suspend_version, ADAM, "approval", 1)
    for command in (commands.suspend_version, commands.resume_version):
        with pytest.raises(NotAllowed):
            office.do(command, "anna.nowak", "approval", 1)

    office.do(commands.resume_version, ADAM, "approval", 1, cases=True)
    office.work()
    assert office.case(case).status == "active"
    office.complete("boris.petrov", "ask", "approve", case=case)
    office.start("approval", variables={"number": 2})


def test_an_older_version_stands_still_and_the_newest_goes_on(office: Office) -> None:
    (case,) = some_cases(office, 1)
    office.deploy(APPROVAL.replace("Request", "Order"))
    office.do(commands.suspend_version, ADAM, "approval", 1)
    assert (
        office.case(office.start("approval", variables={"number": 1})).version_id
        != office.case(case).version_id
    )
    assert office.case(case).status == "active"
    with pytest.raises(Conflict):
        office.start("approval", version=1)


MAIL = process(
    "mail",
    start("begin", message("ordered")),
    user("pack", "person", "boris.petrov"),
    end(),
    chain("begin", "pack", "done"),
    messages=("ordered",),
)
CLOCK = process(
    "clock",
    start("begin", timer("R/PT1H", "timeCycle")),
    user("look", "person", "boris.petrov"),
    end(),
    chain("begin", "look", "done"),
)


@pytest.mark.parametrize("whole", [False, True])
def test_messages_and_the_clock_wait_for_a_suspended_process(office: Office, whole: bool) -> None:
    office.deploy(MAIL, CLOCK)

    def switch(to: str, key: str) -> None:
        if whole:
            office.do(getattr(commands, f"{to}_process"), ADAM, key)
        else:
            office.do(getattr(commands, f"{to}_version"), ADAM, key, 1)

    switch("suspend", "mail")
    switch("suspend", "clock")
    assert office.do(commands.deliver, None, "ordered", "o1", {"sum": 1}) == 0
    office.pass_time(hours=3)
    assert office.tasks() == []
    with office.reading() as session:
        assert session.scalars(select(EventSubscription)).all() == []

    switch("resume", "mail")
    switch("resume", "clock")
    office.work()
    assert office.open_elements() == ["pack"]  # the message was kept
    office.pass_time(hours=1, minutes=1)
    assert office.open_elements() == ["look", "pack"]
    with pytest.raises(Conflict):
        switch("resume", "mail")
