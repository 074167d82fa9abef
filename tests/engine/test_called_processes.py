"""A called process is a case of its own: results, errors and the end come back to its caller."""

from __future__ import annotations

from sqlalchemy import select

from bpm.engine import commands
from bpm.engine.models import Instance, UserTask
from tests.engine.office import Office
from tests.engine.processes import (
    boundary,
    call,
    chain,
    end,
    error,
    process,
    script,
    start,
    timer,
    user,
)

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
