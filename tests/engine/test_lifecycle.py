"""A case from its start to its end, as people see it."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import select

from bpm.engine import commands, queries
from bpm.engine.history import verify_history
from bpm.engine.models import HistoryEvent, Instance, UserTask, VariableIndex
from bpm.errors import Conflict, Invalid, NotAllowed, NotFound
from tests.engine.office import Office
from tests.engine.processes import APPROVAL, chain, end, process, start, user


def test_a_case_runs_from_person_to_person(office: Office) -> None:
    office.deploy(APPROVAL)
    case = office.start("approval", variables={"number": 118, "amount": Decimal("1200.50")})

    task = office.task("ask", case)
    assert office.holder("ask", case) == "boris.petrov"
    assert task.titles["en"] == "Approve 118, 1200.50"
    assert [one["key"] for one in task.outcomes] == ["approve", "reject"]
    assert office.case(case).titles["pl"] == "Request 118"

    office.complete("boris.petrov", "ask", "approve", comment="Fine")
    assert office.open_elements(case) == ["sign"]
    office.complete("emily.clark", "sign")

    ended = office.case(case)
    assert (ended.status, ended.outcome) == ("completed", "done")
    assert ended.ended_at == office.now
    found = office.variables(case)
    assert found["outcome"] == "approve" and found["outcome_by"] == "boris.petrov"
    assert found["outcome_comment"] == "Fine" and found["outcome_at"] == office.now
    assert found["initiator"] == "anna.nowak"


def test_the_history_tells_everything_and_shows_any_change(office: Office) -> None:
    office.deploy(APPROVAL)
    case = office.start("approval", variables={"number": 1, "amount": 5})
    office.complete("boris.petrov", "ask", "reject", comment="Too dear")
    kinds = [one.kind for one in office.history(case)]
    assert kinds[0] == "instance_started" and "task_created" in kinds
    (decided,) = office.history(case, "task_completed")
    assert decided.data["outcome"] == "reject" and decided.data["comment"] == "Too dear"
    with office.reading() as session:
        assert list(verify_history(session)) == []
    with office.database.writing() as session:
        row = session.scalars(select(HistoryEvent).where(HistoryEvent.kind == "task_completed")).one()
        row.data = {**row.data, "comment": "Cheap"}
    with office.reading() as session:
        (broken,) = verify_history(session)
        assert broken.seq == decided.seq and broken.instance == case


def test_cutting_off_the_end_of_the_history_shows(office: Office) -> None:
    office.deploy(APPROVAL)
    office.start("approval", variables={"number": 1})
    with office.database.writing() as session:
        last = session.scalars(select(HistoryEvent).order_by(HistoryEvent.seq.desc()).limit(1)).one()
        session.delete(last)
    with office.reading() as session:
        assert len(list(verify_history(session))) == 1


def test_a_version_is_published_once_for_the_same_content(office: Office) -> None:
    first = office.do(commands.deploy, None, APPROVAL)
    again = office.do(commands.deploy, None, APPROVAL)
    other = office.do(commands.deploy, None, APPROVAL.replace("Request {number}", "Order {number}"))
    assert (first.number, again.id, other.number) == (1, first.id, 2)


def test_a_running_case_keeps_its_version(office: Office) -> None:
    office.deploy(APPROVAL)
    case = office.start("approval", variables={"number": 1})
    office.deploy(process("approval", start(), end(), chain("begin", "done")))
    office.complete("boris.petrov", "ask", "approve")
    assert office.open_elements(case) == ["sign"]


def test_searchable_variables_are_indexed_and_found(office: Office) -> None:
    office.deploy(APPROVAL)
    case = office.start("approval", variables={"number": "Łódź 7"})
    office.start("approval", variables={"number": "Kraków 8"})
    with office.reading() as session:
        assert set(session.scalars(select(VariableIndex.value))) == {"Łódź 7", "Kraków 8"}
        adam = office.person(session, "adam.kaminski")
        page = queries.instances(session, adam, text="lodz")
        assert [one.public_id for one in page.items] == [case]
        assert len(queries.instances(session, adam, variable=("number", "Kraków 8")).items) == 1


def test_only_those_named_may_start(office: Office) -> None:
    limited = process(
        "limited",
        start(),
        user("ask", "initiator"),
        end(),
        chain("begin", "ask", "done"),
        extensions='<bpm:start groups="lawyer" persons="boris.petrov"/>',
    )
    office.deploy(limited)
    office.start("limited", "emily.clark")
    office.start("limited", "boris.petrov")
    with pytest.raises(NotAllowed):
        office.start("limited", "anna.nowak")


def test_a_process_that_is_switched_off_is_not_started(office: Office) -> None:
    office.deploy(APPROVAL)
    office.do(commands.set_active, "adam.kaminski", "approval", False)
    with pytest.raises(Conflict):
        office.start("approval")


def test_cancelling_withdraws_every_task(office: Office) -> None:
    office.deploy(APPROVAL)
    case = office.start("approval", variables={"number": 1})
    task = office.task("ask", case)
    with pytest.raises(NotAllowed):
        office.do(commands.cancel, "boris.petrov", case)
    office.do(commands.cancel, "anna.nowak", case, reason="A mistake")
    assert office.tasks(case) == []
    assert office.case(case).status == "cancelled"
    with pytest.raises(Conflict, match="cancelled"):
        office.do(commands.complete, "boris.petrov", task.public_id, "approve")
    with pytest.raises(Conflict):
        office.do(commands.cancel, "anna.nowak", case)
    (ended,) = office.history(case, "instance_ended")
    assert ended.data["reason"] == "A mistake"


def test_a_stranger_sees_nothing(office: Office) -> None:
    office.deploy(APPROVAL)
    case = office.start("approval", variables={"number": 1})
    task = office.task("ask", case)
    with office.reading() as session:
        pavel = office.person(session, "natalia.morozova")
        with pytest.raises(NotFound):
            queries.instance(session, pavel, case)
        with pytest.raises(NotFound):
            queries.task(session, office.now, pavel, task.public_id)
        assert not queries.instances(session, pavel).items
        for login in ("anna.nowak", "boris.petrov", "olga.ivanova", "adam.kaminski", "maria.wojcik"):
            person = office.person(session, login)
            assert queries.instance(session, person, case).public_id == case, login
            assert [one.public_id for one in queries.instances(session, person).items] == [case], login
    with pytest.raises(NotFound):
        office.do(commands.complete, "natalia.morozova", task.public_id, "approve")


def test_comments_stay_with_the_case(office: Office) -> None:
    office.deploy(APPROVAL)
    case = office.start("approval", variables={"number": 1})
    office.do(commands.comment, "boris.petrov", case, "Who ordered this?")
    with office.reading() as session:
        (said,) = queries.comments(session, office.case(case))
        assert said.text == "Who ordered this?" and said.author.login == "boris.petrov"
    with pytest.raises(Invalid):
        office.do(commands.comment, "boris.petrov", case, "  ")


def test_what_a_case_waits_for_and_where_it_stands(office: Office) -> None:
    office.deploy(APPROVAL)
    case = office.start("approval", variables={"number": 1})
    with office.reading() as session:
        found = session.scalars(select(Instance).where(Instance.public_id == case)).one()
        (waiting,) = queries.waits_for(session, found)
        assert waiting.kind == "task" and [one.login for one in waiting.persons] == ["boris.petrov"]
        progress = queries.progress(session, office.now, found)
        assert progress.positions == {"ask": 1}
        assert progress.taken == {"f_begin_ask": 1}
    office.complete("boris.petrov", "ask", "approve")
    with office.reading() as session:
        found = session.scalars(select(Instance).where(Instance.public_id == case)).one()
        (waiting,) = queries.waits_for(session, found)
        assert waiting.groups[0]["en"] == "Lawyer"


def test_settings_become_variables_unless_given(office: Office) -> None:
    settings = (
        '<bpm:settings><bpm:setting name="limit" value="=100 * 5"/>'
        '<bpm:setting name="word" value="hello"/></bpm:settings>'
    )
    office.deploy(
        process(
            "set",
            start(),
            user("ask", "initiator"),
            end(),
            chain("begin", "ask", "done"),
            extensions=settings,
        )
    )
    case = office.start("set", variables={"word": "bye"})
    found = office.variables(case)
    assert found["limit"] == 500 and found["word"] == "bye"


def test_nobody_sets_the_initiator_by_hand(office: Office) -> None:
    office.deploy(APPROVAL)
    with pytest.raises(Invalid):
        office.start("approval", variables={"initiator": "helena.kowalska"})


def test_a_crash_before_the_commit_leaves_nothing(office: Office) -> None:
    office.deploy(APPROVAL)
    case = office.start("approval", variables={"number": 1})
    task = office.task("ask", case)
    before = [(one.seq, one.hash) for one in office.history(case)]
    with pytest.raises(ZeroDivisionError), office.database.writing() as session:
        boris = office.person(session, "boris.petrov")
        commands.complete(session, office.now, boris, task.public_id, "approve")
        raise ZeroDivisionError
    assert [(one.seq, one.hash) for one in office.history(case)] == before
    assert office.open_elements(case) == ["ask"]
    with office.reading() as session:
        assert session.scalars(select(UserTask)).one().status == "open"
    office.complete("boris.petrov", "ask", "approve")
    assert office.open_elements(case) == ["sign"]
