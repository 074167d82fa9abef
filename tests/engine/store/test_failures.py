"""Service steps, incidents, suspended cases: nothing is lost and nothing hangs in silence."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bpm.db import Setting
from bpm.engine import commands, events
from bpm.engine.events import Event
from bpm.engine.models import EventSubscription, Message
from bpm.engine.services import caller as services
from bpm.engine.services.caller import ServiceCall, ServiceError, ServiceFailed
from bpm.errors import Conflict, Invalid, NotAllowed
from bpm.jobs.models import Job
from tests.engine.store.conftest import Office
from tests.engine.store.diagrams import (
    boundary,
    catch,
    chain,
    end,
    error,
    flow,
    message,
    process,
    script,
    service,
    start,
    timer,
    user,
)


class SmallServices:
    """Two connectors: ``note`` writes inside the transaction, ``call`` acts outside of it."""

    def __init__(self) -> None:
        self.calls: list[ServiceCall] = []
        self.failing: Exception | None = None
        self.meanwhile: Any = None

    def transactional(self, name: str) -> bool:
        if name not in ("note", "call"):
            raise ServiceFailed(f"There is no service {name}.", again=False)
        return name == "note"

    def call(self, session: Session, now: datetime, call: ServiceCall) -> dict[str, Any]:
        session.add(Setting(key=call.key, value={"text": call.inputs.get("text")}))
        session.flush()
        return self._answer(call)

    def prepare(self, session: Session, now: datetime, call: ServiceCall) -> Any:
        return "prepared"

    def perform(self, call: ServiceCall, prepared: Any) -> Any:
        assert prepared == "prepared"
        if self.meanwhile is not None:
            self.meanwhile()
        return self._answer(call)

    def finish(self, session: Session, now: datetime, call: ServiceCall, result: Any) -> dict[str, Any]:
        return dict(result)

    def _answer(self, call: ServiceCall) -> dict[str, Any]:
        self.calls.append(call)
        if self.failing is not None:
            raise self.failing
        return {"id": len(self.calls)}


@pytest.fixture
def connectors() -> Iterator[SmallServices]:
    small = SmallServices()
    with services.using(small):
        yield small


def serving(name: str) -> str:
    return process(
        "serve",
        start(),
        service("step", name, {"text": "Hello {who}"}, {"answer": "=result.id"}),
        user("after", "initiator"),
        end(),
        chain("begin", "step", "after", "done"),
    )


@contextmanager
def heard(*kinds: str) -> Iterator[list[Event]]:
    told: list[Event] = []

    def listener(_session: Session, _now: datetime, event: Event) -> None:
        told.append(event)

    for kind in kinds:
        events.listen(kind, listener)
    try:
        yield told
    finally:
        for kind in kinds:
            events.LISTENERS.forget(kind, listener)


def settings(office: Office) -> int:
    with office.reading() as session:
        return session.scalar(select(func.count()).select_from(Setting)) or 0


def test_a_service_inside_the_transaction_runs_at_once(office: Office, connectors: SmallServices) -> None:
    office.deploy(serving("note"))
    case = office.start("serve", variables={"who": "Ann"})
    assert office.open_elements(case) == ["after"]
    assert office.variables(case)["answer"] == 1
    (call,) = connectors.calls
    assert call.inputs == {"text": "Hello Ann"} and call.initiator == "anna.nowak"
    assert settings(office) == 1


def test_a_service_outside_runs_as_a_job(office: Office, connectors: SmallServices) -> None:
    office.deploy(serving("call"))
    case = office.start("serve", variables={"who": "Ann"})
    assert office.open_elements(case) == []
    office.work()
    assert office.open_elements(case) == ["after"] and office.variables(case)["answer"] == 1


@pytest.mark.parametrize("name", ["note", "call"])
def test_a_failing_service_is_tried_again_and_then_an_incident(
    office: Office, connectors: SmallServices, name: str
) -> None:
    connectors.failing = ServiceFailed("The other side is down.")
    office.deploy(serving(name))
    with heard(events.INCIDENT_OPENED) as told:
        case = office.start("serve")
        for minutes in (0, 1, 5, 30, 60):
            office.pass_time(minutes=minutes)
    assert len(connectors.calls) in (4, 5)
    (incident,) = office.incidents()
    assert incident.kind == "service" and incident.cause["values"]["why"] == "The other side is down."
    assert [event.incident_id for event in told] == [incident.id]
    assert office.case(case).open_incidents == 1 and settings(office) == 0
    with pytest.raises(NotAllowed):
        office.do(commands.retry, "anna.nowak", incident.public_id)
    connectors.failing = None
    office.do(commands.retry, "adam.kaminski", incident.public_id)
    office.work()
    assert office.open_elements(case) == ["after"] and office.incidents() == []
    assert office.case(case).open_incidents == 0
    with pytest.raises(Conflict):
        office.do(commands.retry, "adam.kaminski", incident.public_id)


def test_a_hopeless_service_is_an_incident_at_once_and_can_be_skipped(
    office: Office, connectors: SmallServices
) -> None:
    office.deploy(serving("nonsense"))
    case = office.start("serve")
    (incident,) = office.incidents()
    office.do(commands.retry, "adam.kaminski", incident.public_id, "skip")
    assert office.open_elements(case) == ["after"] and office.incidents() == []


def test_an_incident_may_end_the_case(office: Office, connectors: SmallServices) -> None:
    office.deploy(serving("nonsense"))
    case = office.start("serve")
    (incident,) = office.incidents()
    office.do(commands.retry, "adam.kaminski", incident.public_id, "cancel")
    assert office.case(case).status == "cancelled" and office.incidents() == []


@pytest.mark.parametrize("name", ["note", "call"])
def test_an_error_of_a_service_is_caught_at_its_edge(
    office: Office, connectors: SmallServices, name: str
) -> None:
    connectors.failing = ServiceError("refused", "No credit")
    office.deploy(
        process(
            "edge",
            start(),
            service("step", name),
            end(),
            boundary("caught", "step", error("refused")),
            user("mend", "initiator"),
            end("mended"),
            chain("begin", "step", "done"),
            chain("caught", "mend", "mended"),
            errors=("refused",),
        )
    )
    case = office.start("edge")
    office.work()
    assert office.open_elements(case) == ["mend"]


def test_an_error_that_nobody_catches_is_an_incident(office: Office, connectors: SmallServices) -> None:
    connectors.failing = ServiceError("refused", "No credit")
    office.deploy(serving("note"))
    case = office.start("serve")
    (incident,) = office.incidents()
    assert "No credit" in incident.cause["values"]["why"]
    assert office.case(case).status == "active"


def test_a_failed_step_keeps_the_decision_before_it(office: Office) -> None:
    office.deploy(
        process(
            "fails",
            start(),
            user("ask", "initiator"),
            '<bpmn:exclusiveGateway id="which" name="Which?"/>',
            user("one", "initiator"),
            user("two", "initiator"),
            end(),
            chain("begin", "ask", "which"),
            flow("which", "one", "x = 1"),
            flow("which", "two", "x = 2"),
            chain("one", "done"),
            chain("two", "done"),
        )
    )
    case = office.start("fails")
    office.complete("anna.nowak", "ask", values={"x": 3})
    (incident,) = office.incidents()
    assert (incident.kind, incident.element) == ("step", "which")
    assert office.tasks(case, "completed")[0].element == "ask"
    assert office.variables(case)["x"] == 3
    office.do(commands.retry, "adam.kaminski", incident.public_id)
    (again,) = office.incidents()
    assert again.id != incident.id and office.case(case).open_incidents == 1


def test_a_missing_decision_is_an_incident(office: Office) -> None:
    task = (
        '<bpmn:businessRuleTask id="rule" name="Rule"><bpmn:extensionElements>'
        '<bpm:decision key="unknown" result="found"/></bpmn:extensionElements></bpmn:businessRuleTask>'
    )
    office.deploy(process("decides", start(), task, end(), chain("begin", "rule", "done")))
    office.start("decides")
    (incident,) = office.incidents()
    assert incident.element == "rule" and "unknown" in str(incident.cause)


def test_a_loop_without_an_exit_becomes_an_incident(office: Office) -> None:
    office.deploy(
        process(
            "loop",
            start(),
            '<bpmn:exclusiveGateway id="merge"/>',
            script("work", "n := n + 1"),
            '<bpmn:exclusiveGateway id="split" default="f_split_merge"/>',
            end(),
            chain("begin", "merge", "work", "split", "merge"),
            flow("split", "done", "n < 0"),
        )
    )
    case = office.start("loop", variables={"n": 0})
    office.work()
    (incident,) = office.incidents()
    assert incident.kind == "endless" and office.case(case).status == "active"
    office.do(commands.cancel, "anna.nowak", case)
    assert office.incidents() == []


def test_a_join_that_nobody_reaches_is_an_incident(office: Office) -> None:
    office.deploy(
        process(
            "stuck",
            start(),
            '<bpmn:inclusiveGateway id="split" default="f_split_b"/>',
            user("a", "initiator"),
            user("b", "initiator"),
            '<bpmn:parallelGateway id="join"/>',
            end(),
            chain("begin", "split"),
            flow("split", "a", "x = 1"),
            chain("split", "b", "join", "done"),
            chain("a", "join"),
        )
    )
    case = office.start("stuck", variables={"x": 1})
    office.complete("anna.nowak", "a")
    (incident,) = office.incidents()
    assert incident.kind == "stuck" and office.case(case).status == "active"


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


def test_the_result_of_a_service_waits_until_the_case_goes_on(
    office: Office, connectors: SmallServices
) -> None:
    office.deploy(serving("call"))
    case = office.start("serve")

    def suspend() -> None:
        office.do(commands.suspend, "adam.kaminski", case)

    connectors.meanwhile = suspend
    office.work()
    connectors.meanwhile = None
    assert office.open_elements(case) == []
    office.do(commands.resume, "adam.kaminski", case)
    office.work()
    assert office.open_elements(case) == ["after"]


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


def test_too_many_values_and_bad_names_are_refused(office: Office) -> None:
    office.deploy(process("v", start(), user("ask", "initiator"), end(), chain("begin", "ask", "done")))
    for values in ({"": 1}, {"x" * 200: 1}, {str(n): n for n in range(600)}):
        with pytest.raises(Invalid):
            office.start("v", variables=values)


@pytest.mark.parametrize("name", ["note", "call"])
def test_a_job_gives_up_at_once_where_trying_again_makes_no_sense(
    office: Office, connectors: SmallServices, name: str
) -> None:
    connectors.failing = ServiceFailed("The other side is down.")
    office.deploy(serving(name))
    case = office.start("serve")
    office.work()
    before = len(connectors.calls)
    connectors.failing = ServiceFailed("There is no such address.", again=False)

    office.pass_time(minutes=1)

    assert len(connectors.calls) == before + 1
    (incident,) = office.incidents()
    assert incident.cause["values"]["why"] == "There is no such address."
    office.pass_time(hours=2)
    assert len(connectors.calls) == before + 1 and office.case(case).open_incidents == 1


def test_a_result_that_cannot_be_kept_is_an_incident_at_once(
    office: Office, connectors: SmallServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    def finish(*_given: Any) -> dict[str, Any]:
        raise ServiceFailed("The file is gone.", again=False)

    monkeypatch.setattr(connectors, "finish", finish)
    office.deploy(serving("call"))
    office.start("serve")

    office.work()

    (incident,) = office.incidents()
    assert incident.cause["values"]["why"] == "The file is gone." and len(connectors.calls) == 1
