"""Others hear what happens in the same transaction, and may start and tell other cases."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from bpm.engine import commands, events
from bpm.engine.events import Event
from tests.engine.office import Office, heard
from tests.engine.processes import (
    catch,
    chain,
    end,
    message,
    process,
    start,
    user,
)


def test_listeners_hear_what_happens_in_the_same_transaction(office: Office) -> None:
    office.deploy(
        process("tells", start(), user("ask", "person", "boris.petrov"), end(), chain("begin", "ask", "done"))
    )
    kinds = (events.INSTANCE_STARTED, events.TASK_CREATED, events.TASK_COMPLETED, events.INSTANCE_ENDED)
    with heard(*kinds) as told:
        office.start("tells")
        office.complete("boris.petrov", "ask")
    assert [event.kind for event in told] == list(kinds)
    with office.reading() as session:
        assert told[1].task(session).element == "ask"
        assert told[1].instance(session).status == "completed"

    def broken(_session: Session, _now: datetime, _event: Event) -> None:
        raise ZeroDivisionError

    with events.listening(events.TASK_CREATED, broken), pytest.raises(ZeroDivisionError):
        office.start("tells")
    assert office.tasks() == []


def test_a_listener_may_start_and_tell_other_cases(office: Office) -> None:
    other = process(
        "other",
        start(),
        catch("paid", message("payment")),
        end(),
        chain("begin", "paid", "done"),
        messages=("payment",),
    )
    office.deploy(other, process("first", start(), end(), chain("begin", "done")))
    waiting = office.start("other", business_key="A")
    started: list[str] = []

    def listener(session: Session, now: datetime, event: Event) -> None:
        if event.instance(session).process.key == "first":
            assert commands.deliver(session, now, None, "payment", "A", {}) == 0
            started.append(commands.start(session, now, None, "other", {}, business_key="B").public_id)

    with events.listening(events.INSTANCE_ENDED, listener):
        office.start("first")
    assert office.case(started[0]).status == "active"
    office.work()
    assert office.case(waiting).status == "completed"
