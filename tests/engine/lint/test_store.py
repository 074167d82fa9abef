"""What a process names beside its file is there when it is published, or comes with it."""

from __future__ import annotations

import json
from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from bpm.publishing import publish
from tests.dmn.models import decision, definitions, literal
from tests.engine.diagrams import diagram, end, file, flows, node, process, service, start, user

FORM = json.dumps({"type": "default", "components": [{"type": "textfield", "key": "why"}]}).encode()
STEPS = {
    "unknown_connector": service("u", '<bpm:connector name="teleport"/>'),
    "unknown_form": user("u", extensions='<bpm:formRef key="ask"/>'),
    "unknown_decision": node("businessRuleTask", "u", "", '<bpm:decision key="route"/>'),
    "unknown_process": node("callActivity", "u", calledElement="other"),
    "unknown_group": user("u", extensions='<bpm:assignment to="group" value="ghosts"/>'),
    "unknown_person": user("u", extensions='<bpm:assignment to="person" value="nobody.here"/>'),
}
WORDS = {
    "unknown_connector": "There is no service “teleport”, which “u” calls.",
    "unknown_form": "There is no form “ask”, which “u” shows.",
    "unknown_decision": "There is no decision “route”, which “u” asks.",
    "unknown_process": "There is no process “other”, which “u” calls.",
    "unknown_group": "There is no group “ghosts”, which “u” is for.",
    "unknown_person": "There is no person “nobody.here”, whom “u” is for.",
}
WARNINGS = ("unknown_group", "unknown_person")


def with_step(step: str) -> bytes:
    return diagram(start(), step, end(), links="s-u u-e").encode()


@pytest.mark.parametrize("rule", STEPS)
def test_what_is_missing_is_told_at_its_step(session: Session, now: datetime, rule: str) -> None:
    """Given a step that names what does not exist, when it is published, then that is told by name."""
    result = publish(session, now, None, [("p.bpmn", with_step(STEPS[rule]))])

    told = next(problem for problem in result.problems if problem.code == rule)
    assert (told.element, told.message) == ("u", WORDS[rule]) and told.advice
    assert result.refused is (rule not in WARNINGS)


def test_what_comes_with_it_is_not_missing(session: Session, now: datetime) -> None:
    """Given forms, decisions and called processes in the same deployment, then nothing is missing."""
    other = file(process(start(), end(), flows("s-e"), key="other")).encode()
    files = [
        ("ask.json", FORM),
        ("route.dmn", definitions(decision("route", literal('"head"')))),
        ("other.bpmn", other),
    ]
    for rule in ("unknown_form", "unknown_decision", "unknown_process"):
        result = publish(session, now, None, [*files, ("p.bpmn", with_step(STEPS[rule]))], dry_run=True)
        assert not result.refused, result.problems


@pytest.mark.parametrize("value", ["=approver", "{group}", "${x}"])
def test_names_that_are_known_later_are_not_looked_for(session: Session, now: datetime, value: str) -> None:
    step = user("u", extensions=f'<bpm:assignment to="group" value="{value}"/>')
    result = publish(session, now, None, [("p.bpmn", with_step(step))])
    assert not [problem for problem in result.problems if problem.code.startswith("unknown_")]
