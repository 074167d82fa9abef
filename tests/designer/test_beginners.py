"""Twenty and more mistakes of people who draw their first processes: each is told with what to do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy.orm import Session

from bpm.config import ROOT
from bpm.db import Database, make_engine
from bpm.designer.problems import problems
from bpm.engine.lint.check import apply_fix
from bpm.forms import commands as forms
from bpm.language import using
from bpm.people.models import Group
from bpm.people.queries import required_person
from tests.conftest import Databases
from tests.designer.beginners import DIAMOND, END, START, approval, buttons, drawing, step, task, timer

FORM = {
    "type": "default",
    "title": "Leave",
    "components": [{"type": "number", "key": "days", "label": "Days"}],
}
NOW = datetime(2026, 3, 3, 8, 0, tzinfo=UTC)
FORM_AT_START = '<bpm:start form="leave_request"/>'


@dataclass(frozen=True)
class Mistake:
    """What was drawn, and what is told: at which element, how badly, in which words, what to do."""

    xml: str
    element: str | None
    severity: str
    message: str
    advice: str


def choice(*conditions: str, process: str = FORM_AT_START, asked: Any = None) -> str:
    """A task, a diamond and its ways."""
    ends = [step("endEvent", f"end{number}") for number, _one in enumerate(conditions)]
    ways = "  ".join(f"diamond-end{number}{one}" for number, one in enumerate(conditions))
    return drawing(
        START,
        asked or approval(),
        DIAMOND,
        *ends,
        ways=f"start-approve  approve-diamond  {ways}",
        process=process,
    )


def one_task(ours: str) -> str:
    return drawing(START, task("approve", "", ours), END, ways="start-approve  approve-end")


def waiting(definition: str, before: str = "") -> str:
    event = step("intermediateCatchEvent", "wait", "Wait", definition)
    return drawing(START, event, END, ways="start-wait  wait-end", before=before)


POOL = '<bpmn:collaboration id="c"><bpmn:participant id="pool" name="Shop"/></bpmn:collaboration>'
MISTAKES = {
    "no end event": Mistake(
        drawing(START, task("approve"), ways="start-approve"), "leave", "error",
        "“Leave” has a start event but no end event: nobody would know how it ended.",
        "Put an end event behind the last step.",
    ),
    "two steps are not connected": Mistake(
        drawing(START, task("ask"), task("answer"), END, ways="start-ask  answer-end"), "answer", "error",
        "No flow leads to “Answer”, so it would never happen.", "Connect the step, or take it out.",
    ),
    "a step leads nowhere": Mistake(
        drawing(START, task("ask"), task("answer"), END, ways="start-ask  answer-end"), "ask", "error",
        "No flow leads on from “Ask”.", "Connect it to the next step or to an end event.",
    ),
    "a diamond without conditions": Mistake(
        choice("", ""), "diamond", "warning",
        "No flow out of “Which?” has a condition: the first one is always taken by an exclusive gateway, all of "
        "them by an inclusive one.", "Write a condition on each flow but the default one.",
    ),
    "one way without a condition": Mistake(
        choice('[decision = "approve"]', ""), "diamond_end1", "error",
        "The flow “diamond_end1” out of the gateway “Which?” has no condition and is not the default flow.",
        "Write a condition, or make it the default flow.",
    ),
    "a condition on a field that no form has": Mistake(
        choice("[amount > 5]", "*"), "diamond_end0", "warning",
        "“amount” is not known in this process: it will be empty.",
        "Choose a field of the list; what is missing can be added to a form that is filled in before.",
    ),
    "a misspelled field": Mistake(
        choice("[dayz > 5]", "*"), "diamond_end0", "warning",
        "“dayz” is not known in this process. Did you mean “days”?",
        "Choose a field of the list; what is missing can be added to a form that is filled in before.",
    ),
    "a number compared with a text": Mistake(
        choice('[days = "many"]', "*"), "diamond_end0", "warning", "number and string cannot be compared.",
        "Choose a field of the list; what is missing can be added to a form that is filled in before.",
    ),
    "nobody does it": Mistake(
        one_task('<bpm:title>Approve</bpm:title>'), "approve", "warning",
        "Nobody is named for “Approve”: neither a person, nor a group, nor a lane.",
        "Name a person, a group or a lane.",
    ),
    "no group chosen": Mistake(
        one_task('<bpm:assignment to="group"/>'), "approve", "warning",
        "It is not chosen whom “Approve” is for: nobody would find it in his list.",
        "Choose it in the panel of the step, under “Who does it”.",
    ),
    "nobody in the group": Mistake(
        one_task('<bpm:assignment to="group" value="ghosts"/>'), "approve", "warning",
        "Nobody is in the group “ghosts”, which “Approve” is for.",
        "Ask an administrator to add people to the group, or choose another.",
    ),
    "a person who does not exist": Mistake(
        one_task('<bpm:assignment to="person" value="nobody.here"/>'), "approve", "warning",
        "There is no person “nobody.here”, whom “Approve” is for.", "Choose another person, better a group.",
    ),
    "a form that is not there": Mistake(
        one_task('<bpm:assignment to="initiator"/><bpm:formRef key="gone"/>'), "approve", "error",
        "There is no form “gone”, which “Approve” shows.",
        "Publish the form before, or together with the process.",
    ),
    "a parallel join after a choice": Mistake(
        drawing(
            START, DIAMOND, task("ask"), task("answer"), step("parallelGateway", "join", "Together"), END,
            ways="start-diamond  diamond-ask[days > 5]  diamond-answer*  ask-join  answer-join  join-end",
            process=FORM_AT_START,
        ), "join", "warning",
        "“Together” waits for all branches, but they part at the choice “Which?”: only one of them will come, so it "
        "waits for ever.", "Join the branches of a choice by an exclusive gateway.",
    ),
    "a button without a way out": Mistake(
        choice('[decision = "approve"]', '[decision = "reject"]', asked=approval("approve", "approve", "reject", "ask")),
        "diamond", "warning",
        "If “Ask” is pressed at “Approve”, no way leads on from “Which?”: the case would stop there.",
        "Write a condition for this button at one of the ways, or make one the “otherwise” way.",
    ),
    "a way without a button": Mistake(
        choice('[decision = "approve"]', '[decision = "delegate"]', "*"), "diamond_end1", "warning",
        "The way “diamond_end1” is for the button “delegate”, which “Approve” does not have: it is never taken.",
        "Choose one of its buttons in the condition, or add the button to the task.",
    ),
    "a misspelled button": Mistake(
        choice('[decision = "aprove"]', "*"), "diamond_end0", "warning",
        "The way “diamond_end0” is for the button “aprove”, which “Approve” does not have. Did you mean “approve”?",
        "Choose one of its buttons in the condition, or add the button to the task.",
    ),
    "buttons that change nothing": Mistake(
        drawing(START, approval(), END, ways="start-approve  approve-end"), "approve", "advice",
        "“Approve” has several buttons, but the process goes on in the same way whichever is pressed.",
        "Put a diamond behind the task, with a way for each button.",
    ),
    "an approval without “reject”": Mistake(
        drawing(START, approval("approve", "approve"), END, ways="start-approve  approve-end"), "approve", "advice",
        "At “Approve” one can only press “Approve”: nobody can say no.",
        "Add a button such as “Reject”, and a way for it.",
    ),
    "two buttons alike": Mistake(
        drawing(START, approval("approve", "yes", "yes"), END, ways="start-approve  approve-end"), "approve", "error",
        "Two buttons of “Approve” have the same key.", "Change one of the keys.",
    ),
    "a timer with the text “2 days”": Mistake(
        waiting(timer("2 days")), "wait", "error", "“2 days” at the timer “Wait” is written as 2d.",
        "Write a duration such as PT2H, or = before the name of the variable.",
    ),
    "a timer that says nothing": Mistake(
        waiting(timer("")), "wait", "error", "The timer “Wait” says neither a date nor a duration nor a cycle.",
        "Write a date, a duration or a cycle.",
    ),
    "a date in the past": Mistake(
        waiting(timer("2020-05-01T12:00:00Z", "timeDate")), "wait", "warning",
        "“Wait” waits for 2020-05-01T12:00:00Z, which is over: it waits for nothing.",
        "Choose a later date, a length of time, or a date of a form.",
    ),
    "a message that nobody sends": Mistake(
        waiting('<bpmn:messageEventDefinition messageRef="m"/>', '<bpmn:message id="m" name="Paid"/>'), "wait", "advice",
        "“Wait” waits for the message “Paid”, which nothing in this drawing sends.",
        "Let another process send it, or a program through the API; otherwise wait for a time.",
    ),
    "a message without a name": Mistake(
        waiting("<bpmn:messageEventDefinition/>"), "wait", "error",
        "The event “Wait” does not say which message it is about.", "Choose the message.",
    ),
    "the same name twice": Mistake(
        drawing(START, task("one", "Check"), task("two", "check"), END, ways="start-one  one-two  two-end"), "two",
        "advice", "Two steps are called “check”.",
        "Rename one of them, so that people can tell them apart in their lists and in the history.",
    ),
    "a loop without an exit": Mistake(
        drawing(
            START, DIAMOND, task("ask"), task("answer"), END,
            ways="start-diamond  diamond-ask[days > 5]  diamond-end*  ask-answer  answer-ask", process=FORM_AT_START,
        ), "ask", "warning", "No way leads out of the loop at “Ask”, so the case can never end.",
        "Let one of the steps lead on to an end event.",
    ),
    "nothing is asked at the start": Mistake(
        choice("[days > 5]", "*", process=""), "leave", "advice", "Nothing is asked when “Leave” is started.",
        "Choose or make a form for the start, in the panel “The process”.",
    ),
    "a deadline that is empty": Mistake(
        one_task('<bpm:assignment to="initiator"/><bpm:deadline remindBefore="4wh"/>'), "approve", "warning",
        "“Approve” has a deadline that does not say when it is due, so nobody is reminded.",
        "Write how long it may take, such as 2 working days, or remove reminder and escalation.",
    ),
    "a deadline in words": Mistake(
        one_task('<bpm:assignment to="initiator"/><bpm:deadline due="soon"/>'), "approve", "warning",
        "“soon” at “Approve” cannot be read as a deadline.", "Write a number and choose a unit, such as 2 working days.",
    ),
    "a letter without a recipient": Mistake(
        drawing(
            START, step("sendTask", "letter", "Send a letter", ours='<bpm:connector name="letter"/>'), END,
            ways="start-letter  letter-end",
        ), "letter", "warning", "“To” is not given.", "Fill it in in the panel of the step.",
    ),
    "a service that is not installed": Mistake(
        drawing(
            START, step("serviceTask", "call", "Call", ours='<bpm:connector name="teleport"/>'), END,
            ways="start-call  call-end",
        ), "call", "warning", "There is no service “teleport”.", "Choose a service of the list in the panel of the step.",
    ),
    "an event at the edge that leads nowhere": Mistake(
        drawing(
            START, task("ask"), step("boundaryEvent", "late", "Too late", timer("PT4H"), attachedToRef="ask"), END,
            ways="start-ask  ask-end",
        ), "late", "error", "No flow leads on from “Too late”.", "Connect it to the next step or to an end event.",
    ),
    "a diamond with one way": Mistake(
        drawing(START, DIAMOND, END, ways="start-diamond  diamond-end"), "diamond", "error",
        "The gateway “Which?” neither splits nor joins anything.", "Take the gateway out, or draw the missing flow.",
    ),
    "a pool without a process": Mistake(
        drawing(ways="", before=POOL).replace('<bpmn:process id="leave" name="Leave" isExecutable="true"></bpmn:process>', ""),
        "d", "error", "The file has no process.", "Draw a process; choose what is called.",
    ),
    "only a note": Mistake(
        drawing(ways="", more='<bpmn:textAnnotation id="n"><bpmn:text>Later</bpmn:text></bpmn:textAnnotation>'), "leave",
        "error", "There are no steps in “Leave”.", "Draw the steps, or take the empty element out.",
    ),
    "the text of a condition is not finished": Mistake(
        choice("[days >]", "*"), "diamond_end0", "error", "is no FEEL expression", "Correct the expression.",
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def house(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    """The demo company and the library that ships, with a form, and a group in which nobody is."""
    with databases.copy("sqlite", tmp_path_factory.mktemp("house"), filled=True) as url:
        engine = make_engine(url)
        with Database(engine).writing() as session:
            forms.publish(session, NOW, required_person(session, "marta.dabrowska"), "leave_request", FORM)
            session.add(Group(key="ghosts", names={"en": "Ghosts"}))
            session.flush()
            yield session
        engine.dispose()


def test_there_are_twenty() -> None:
    assert len(MISTAKES) >= 20


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_told_with_what_to_do(house: Session, mistake: str) -> None:
    """Given the drawing, when it is checked, then the words are there, at the element, with what to do."""
    wanted = MISTAKES[mistake]
    with using("en"):
        found = problems(house, NOW, wanted.xml)
    here = [one for one in found if one["element"] == wanted.element and wanted.message in one["message"]]
    assert here, [(one["element"], one["code"], one["message"]) for one in found]
    assert (here[0]["severity"], here[0]["advice"]) == (wanted.severity, wanted.advice)


@pytest.mark.parametrize("mistake", MISTAKES)
def test_the_button_fix_mends_it(house: Session, mistake: str) -> None:
    """Given a mistake with a fix, when it is applied, then this mistake is gone."""
    wanted = MISTAKES[mistake]
    for one in problems(house, NOW, wanted.xml):
        if one["element"] == wanted.element and wanted.message in one["message"] and one["fix"]:
            left = problems(house, NOW, apply_fix(wanted.xml.encode(), one["fix"]).decode())
            assert (one["code"], one["element"]) not in {(other["code"], other["element"]) for other in left}


def test_a_careful_drawing_has_nothing_to_mend(house: Session) -> None:
    """Given an approval in which every button has its way, then nothing is told."""
    asked = task("approve", "Approve", '<bpm:assignment to="manager_of_initiator"/>' + buttons())
    careful = choice(
        '[decision = "approve" and days < 30]', '[decision in ("approve", "reject")]', "*", asked=asked
    )
    assert problems(house, NOW, careful) == []


def test_votes_and_values_of_others_are_not_mistaken(house: Session) -> None:
    """Given a vote, and a variable that a script sets too, then their conditions are not doubted."""
    vote = task(
        "vote",
        "Vote",
        '<bpm:voting rule="all" voters="=members(&quot;lawyer&quot;)"/>' + buttons(variable="v"),
    )
    script = step(
        "scriptTask", "set", "Set", '<bpmn:script>decision := "later"</bpmn:script>', scriptFormat="feel"
    )
    xml = drawing(
        START, vote, approval(), script, DIAMOND, END, step("endEvent", "other"),
        ways='start-vote  vote-approve  approve-set  set-diamond  diamond-end[decision = "later"]  diamond-other*',
    )  # fmt: skip
    assert not [
        one for one in problems(house, NOW, xml) if one["code"] in ("unknown_outcome", "ignored_outcomes")
    ]


@pytest.mark.parametrize("path", sorted((ROOT / "processes").glob("*.bpmn")), ids=lambda path: path.stem)
def test_the_processes_that_ship_are_careful(house: Session, path: Any) -> None:
    told = [one for one in problems(house, NOW, path.read_text("utf-8")) if one["severity"] != "advice"]
    assert told == []


def test_a_drawing_that_cannot_be_read_is_told(house: Session) -> None:
    (one,) = problems(house, NOW, "<nonsense/>")
    assert one["code"] == "not_bpmn" and one["advice"]
