"""A suspended case stands still, and nothing that came meanwhile is lost."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bpm.engine import commands
from bpm.engine.models import EventSubscription, Message
from bpm.errors import Conflict, NotAllowed
from bpm.jobs.models import Job
from tests.engine.office import Office
from tests.engine.processes import (
    catch,
    chain,
    end,
    message,
    process,
    start,
    timer,
    user,
)

SUSPENDABLE = process(
    "sus",
    start(),
    '<bpmn:parallelGateway id="split"/>',
    user("ask", "initiator", more='<bpm:deadline due="2h"/>'),
    catch("paid", message("payment")),
    catch("pause", timer("PT1H")),
    end("d1"),
    end("d2"),
    end("d3"),
    chain("begin", "split"),
    chain("split", "ask", "d1"),
    chain("split", "paid", "d2"),
    chain("split", "pause", "d3"),
    messages=("payment",),
)


def test_a_suspended_case_stands_still_and_catches_up(office: Office) -> None:
    office.deploy(SUSPENDABLE)
    case = office.start("sus", business_key="A")
    task = office.task("ask", case)
    with pytest.raises(NotAllowed):
        office.do(commands.suspend, "anna.nowak", case)
    office.do(commands.suspend, "adam.kaminski", case)
    with pytest.raises(Conflict, match="suspended"):
        office.do(commands.complete, "anna.nowak", task.public_id)
    with office.reading() as session:
        assert not session.scalars(select(Job)).all() and not session.scalars(select(EventSubscription)).all()
    assert office.do(commands.deliver, None, "payment", "A", {}) == 0
    office.pass_time(hours=3)
    assert office.reminded == []
    with pytest.raises(Conflict):
        office.do(commands.suspend, "adam.kaminski", case)

    office.do(commands.resume, "adam.kaminski", case)
    office.work()
    with office.reading() as session:
        assert not session.scalars(select(Message)).all()
    assert [one["kind"] for one in office.reminded] == ["task.escalation"]
    office.complete("anna.nowak", "ask")
    assert office.case(case).status == "completed"
