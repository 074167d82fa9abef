"""Service steps: how often, how long, which answers are errors — as the diagram says."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from bpm.engine import commands
from bpm.engine.problems import CannotRun
from bpm.engine.services import caller as services
from bpm.engine.services.caller import ServiceCall, ServiceError, ServiceFailed
from tests.engine.office import Office
from tests.engine.processes import boundary, call, chain, end, error, process, service, start, user


class Services:
    """``inside`` runs in the transaction, ``outside`` as a job; both answer what the test says."""

    def __init__(self) -> None:
        self.calls: list[ServiceCall] = []
        self.answers: list[Any] = []
        self.hold = threading.Event()

    def transactional(self, name: str) -> bool:
        return name == "inside"

    def call(self, session: Session, now: datetime, call: ServiceCall) -> dict[str, Any]:
        return self.perform(call, None)

    def prepare(self, session: Session, now: datetime, call: ServiceCall) -> Any:
        return None

    def perform(self, call: ServiceCall, prepared: Any) -> Any:
        self.calls.append(call)
        answer = self.answers.pop(0) if self.answers else {}
        if answer == "never":
            self.hold.wait(30)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def finish(self, session: Session, now: datetime, call: ServiceCall, result: Any) -> dict[str, Any]:
        return dict(result)


@pytest.fixture
def outside() -> Iterator[Services]:
    small = Services()
    with services.using(small):
        yield small
    small.hold.set()


def serving(name: str, *more: str, extra: str = "", errors: str = "") -> str:
    step = service("step", name, {}, {"answer": "=result.id"})
    step = step.replace("</bpm:connector>", f"{errors}</bpm:connector>{extra}")
    return process(
        "serve",
        start(),
        step,
        user("after", "initiator"),
        end(),
        chain("begin", "step", "after", "done"),
        *more,
        errors=("missing",),
    )


CATCHING = (
    boundary("caught", "step", error("missing")),
    user("mend", "initiator"),
    end("mended"),
    chain("caught", "mend", "mended"),
)
DOWN = ServiceFailed("The other side is down.")


@pytest.mark.parametrize("name", ["inside", "outside"])
@pytest.mark.parametrize(
    ("extra", "minutes"),
    [
        ('<bpm:retry tries="4" wait="1m, 10m"/>', [0, 1, 10, 10]),
        ('<bpm:retry tries="1"/>', [0]),
        ('<bpm:retry wait="PT2M"/>', [0, 2]),
        (
            '<c:failedJobRetryTimeCycle xmlns:c="http://camunda.org/schema/1.0/bpmn">R3/PT5M'
            "</c:failedJobRetryTimeCycle>",
            [0, 5, 5],
        ),
        (
            '<c:failedJobRetryTimeCycle xmlns:c="http://camunda.org/schema/1.0/bpmn">PT1M,PT7M'
            "</c:failedJobRetryTimeCycle>",
            [0, 1, 7],
        ),
    ],
)
def test_a_step_is_tried_as_often_and_as_late_as_the_diagram_says(
    office: Office, outside: Services, name: str, extra: str, minutes: list[int]
) -> None:
    office.deploy(serving(name, extra=extra))
    outside.answers = [DOWN] * 10
    office.start("serve")
    for number, wait in enumerate(minutes):
        if wait:
            office.pass_time(seconds=wait * 60 - 1)
            assert len(outside.calls) == number and office.incidents() == []
            office.pass_time(seconds=1)
        office.work()
        assert len(outside.calls) == number + 1
    assert [one.kind for one in office.incidents()] == ["service"]
    office.pass_time(days=1)
    assert len(outside.calls) == len(minutes)
    assert len({one.key for one in outside.calls}) == 1


@pytest.mark.parametrize(
    "extra",
    [
        '<bpm:retry tries="0"/>',
        '<bpm:retry wait="soon"/>',
        '<bpm:retry timeout="2wd"/>',
        '<bpm:retry tries="x"/>',
    ],
)
def test_a_retry_that_says_nothing_is_refused(office: Office, extra: str) -> None:
    with pytest.raises(CannotRun) as refused:
        office.deploy(serving("outside", extra=extra))
    assert [one.element for one in refused.value.problems if one.code == "retry"] == ["step"]


def test_an_attempt_that_takes_too_long_has_failed(office: Office, outside: Services) -> None:
    office.deploy(serving("outside", extra='<bpm:retry tries="2" wait="1m" timeout="0.05s"/>'))
    outside.answers = ["never", {"id": 7}]
    case = office.start("serve")
    office.work()
    assert office.open_elements(case) == [] and office.incidents() == []
    office.pass_time(minutes=1)
    assert office.open_elements(case) == ["after"] and office.variables(case)["answer"] == 7


ERRORS = '<bpm:error when="=result.status = 404" code="missing" message="Nothing at {result.at}"/>'


@pytest.mark.parametrize("name", ["inside", "outside"])
def test_an_answer_that_is_an_error_is_caught_by_its_code(
    office: Office, outside: Services, name: str
) -> None:
    office.deploy(serving(name, *CATCHING, errors=ERRORS))
    outside.answers = [{"status": 404, "at": "home"}, {"status": 200, "id": 1}]
    missing, found = office.start("serve"), office.start("serve")
    office.work()
    assert office.open_elements(missing) == ["mend"] and office.open_elements(found) == ["after"]
    assert office.variables(missing)["error"] == {"code": "missing", "message": "Nothing at home"}


@pytest.mark.parametrize("name", ["inside", "outside"])
@pytest.mark.parametrize("thrown", [ServiceError("another", "?"), {"status": 404}])
def test_an_error_that_nobody_catches_is_an_incident(
    office: Office, outside: Services, name: str, thrown: Any
) -> None:
    catching = CATCHING if isinstance(thrown, ServiceError) else ()
    office.deploy(serving(name, *catching, errors=ERRORS))
    outside.answers = [thrown, {"id": 3}]
    case = office.start("serve")
    office.work()
    assert office.case(case).status == "active"
    (incident,) = office.incidents()
    office.do(commands.retry, None, incident.public_id)
    office.work()
    assert office.open_elements(case) == ["after"] and office.incidents() == []


def test_a_caller_may_catch_the_error_of_a_service_in_the_called_process(
    office: Office, outside: Services
) -> None:
    office.deploy(
        serving("outside"),
        process(
            "calls",
            start(),
            call("sub", "serve"),
            end(),
            boundary("caught", "sub", error("missing")),
            user("mend", "initiator"),
            end("mended"),
            chain("begin", "sub", "done"),
            chain("caught", "mend", "mended"),
            errors=("missing",),
        ),
    )
    outside.answers = [ServiceError("missing"), ServiceError("another")]
    caught, left = office.start("calls"), office.start("calls")
    office.work()
    assert office.open_elements(caught) == ["mend"]
    assert office.open_elements(left) == [] and [one.kind for one in office.incidents()] == ["service"]
    office.clock.advance(timedelta(days=1))
