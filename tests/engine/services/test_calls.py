"""Service steps inside and outside of the transaction: tried again, caught, skipped, given up."""

from __future__ import annotations

from typing import Any

import pytest

from bpm.db import Setting
from bpm.engine import commands, events
from bpm.engine.services.caller import ServiceError, ServiceFailed
from bpm.errors import Conflict, NotAllowed
from tests.engine.office import Office, heard
from tests.engine.processes import (
    boundary,
    chain,
    end,
    error,
    process,
    service,
    start,
    user,
)
from tests.engine.small_services import SmallServices


def serving(name: str) -> str:
    return process(
        "serve",
        start(),
        service("step", name, {"text": "Hello {who}"}, {"answer": "=result.id"}),
        user("after", "initiator"),
        end(),
        chain("begin", "step", "after", "done"),
    )


def test_a_service_inside_the_transaction_runs_at_once(office: Office, connectors: SmallServices) -> None:
    office.deploy(serving("note"))
    case = office.start("serve", variables={"who": "Ann"})
    assert office.open_elements(case) == ["after"]
    assert office.variables(case)["answer"] == 1
    (call,) = connectors.calls
    assert call.inputs == {"text": "Hello Ann"} and call.initiator == "anna.nowak"
    assert office.count(Setting) == 1


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
    assert office.case(case).open_incidents == 1 and office.count(Setting) == 0
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
