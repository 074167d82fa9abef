"""A step that fails, a decision that is missing, a loop and a join without an end are incidents."""

from __future__ import annotations

import pytest

from bpm.engine import commands
from tests.engine.office import Office
from tests.engine.processes import (
    chain,
    end,
    flow,
    process,
    script,
    start,
    user,
)


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


def test_a_loop_without_an_exit_becomes_an_incident(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    # a budget that is spent soon
    monkeypatch.setattr("bpm.engine.work._MOST_CONTINUATIONS", 1)
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
