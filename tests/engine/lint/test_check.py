"""What is refused, by which rule, at which element. Every single rule: ``test_rules``."""

from __future__ import annotations

import pytest

from bpm.engine.build.compile import compile_process
from bpm.engine.lint.check import lint
from bpm.engine.problems import CannotRun
from tests.engine.diagrams import (
    ERROR,
    MESSAGE,
    OUTCOMES,
    boundary,
    catch,
    diagram,
    end,
    file,
    flow,
    handler,
    loop,
    node,
    process,
    script,
    service,
    start,
    sub,
    throw,
    timer,
    user,
    voting,
)

PLAIN = "s-u u-e"


def errors(text: str) -> set[tuple[str | None, str]]:
    return {(one.element, one.code) for one in lint(text) if one.severity == "error"}


def gateway(kind: str, key: str, **attributes: str) -> str:
    return node(f"{kind}Gateway", key, **attributes)


REFUSED = {
    "Python in a script": (
        diagram(start(), script("u", "import os"), end(), links=PLAIN),
        "u",
        "script_format",
    ),
    "Python in an assignment": (
        diagram(start(), script("u", 'x := __import__("os").system("id")'), end(), links=PLAIN),
        "u",
        "not_feel_name",
    ),
    "Groovy": (
        diagram(
            start(),
            node("scriptTask", "u", "<script>x=1</script>", scriptFormat="groovy"),
            end(),
            links=PLAIN,
        ),
        "u",
        "script_language",
    ),
    "Python in a condition": (
        diagram(
            start(),
            gateway("exclusive", "g", default="g_e"),
            user("u"),
            end(),
            flow("g", "u", "import os"),
            flow("g", "e"),
            links="s-g u-e",
        ),
        "g_u",
        "not_feel_name",
    ),
    "an unknown function": (
        diagram(start(), script("u", "x := exec(1)"), end(), links=PLAIN),
        "u",
        "not_feel_name",
    ),
    "one conditional flow": (
        diagram(start(), user("u"), end(), flow("u", "e", "x"), links="s-u"),
        "u_e",
        "single_condition",
    ),
    "no end": (diagram(start(), user("u"), links="s-u"), "p", "no_end"),
    "a loose step": (diagram(start(), user("u"), user("v"), end(), links="s-u u-e v-e"), "v", "no_way_in"),
    "a dead end": (
        diagram(start(), user("u"), user("v"), end(), gateway("parallel", "g"), links="s-g g-u g-v u-e"),
        "v",
        "dead_end",
    ),
    "a service step without connector": (
        diagram(start(), service("u", ""), end(), links=PLAIN),
        "u",
        "no_connector",
    ),
    "a decision without key": (
        diagram(start(), node("businessRuleTask", "u"), end(), links=PLAIN),
        "u",
        "no_decision",
    ),
    "a call of nothing": (diagram(start(), node("callActivity", "u"), end(), links=PLAIN), "u", "no_process"),
    "a message without name": (
        diagram(start(), node("receiveTask", "u"), end(), links=PLAIN),
        "u",
        "no_message",
    ),
    "an interrupting cycle": (
        diagram(
            start(),
            user("u"),
            boundary("b", "u", timer("R5/P1D", "timeCycle")),
            end(),
            end("e2"),
            links="s-u u-e b-e2",
        ),
        "b",
        "cycle_interrupts",
    ),
    "a timer without time": (
        diagram(start(), catch("u", "<timerEventDefinition/>"), end(), links=PLAIN),
        "u",
        "no_timer",
    ),
    "a cron expression that is none": (
        diagram(
            start(),
            user("u"),
            boundary("b", "u", timer("0 0 99 * * ?", "timeCycle"), interrupting=False),
            end(),
            end("e2"),
            links="s-u u-e b-e2",
        ),
        "b",
        "cron",
    ),
    "a date as duration": (
        diagram(start(), catch("u", timer("2026-01-01")), end(), links=PLAIN),
        "u",
        "timer_kind",
    ),
    "a link to nowhere": (
        diagram(start(), throw("l", '<linkEventDefinition name="A"/>'), user("u"), end(), links="s-l"),
        "l",
        "link_target",
    ),
    "an event gateway before a task": (
        diagram(
            start(),
            gateway("eventBased", "g"),
            user("u"),
            catch("c", MESSAGE),
            end(),
            links="s-g g-u g-c u-e c-e",
        ),
        "u",
        "event_gateway_target",
    ),
    "a start with an event in a sub-process": (
        diagram(start(), sub("u", start("s2", MESSAGE), end("e2"), flow("s2", "e2")), end(), links=PLAIN),
        "s2",
        "start_in_sub_process",
    ),
    "two starts in a sub-process": (
        diagram(
            start(),
            sub("u", start("s2"), start("s3"), end("e2"), flow("s2", "e2"), flow("s3", "e2")),
            end(),
            links=PLAIN,
        ),
        "u",
        "several_starts",
    ),
    "an event sub-process without event": (
        diagram(start(), user("u"), end(), handler("h", "", end("he"), flow("h_s", "he")), links=PLAIN),
        "h_s",
        "no_event",
    ),
    "an error that does not interrupt": (
        diagram(
            start(),
            user("u"),
            boundary("b", "u", ERROR, interrupting=False),
            end(),
            end("e2"),
            links="s-u u-e b-e2",
        ),
        "b",
        "must_interrupt",
    ),
    "a flow over a border": (
        diagram(
            start(),
            user("u"),
            sub("sp", start("s2"), end("e2"), flow("s2", "e2")),
            end(),
            links="s-u u-sp sp-e u-e2",
        ),
        "u_e2",
        "flow_crosses",
    ),
    "a double id": (diagram(start(), user("u"), user("u"), end(), links=PLAIN), "u", "duplicate_id"),
    "a list of nobody": (
        diagram(start(), user("u", "<multiInstanceLoopCharacteristics/>"), end(), links=PLAIN),
        "u",
        "no_collection",
    ),
    "an endless loop": (
        diagram(start(), user("u", "<standardLoopCharacteristics/>"), end(), links=PLAIN),
        "u",
        "endless_loop",
    ),
    "a vote without voters": (
        diagram(start(), user("u", extensions='<bpm:voting rule="all"/>'), end(), links=PLAIN),
        "u",
        "no_voters",
    ),
    "two buttons with one key": (
        diagram(start(), user("u", extensions=OUTCOMES.replace('"revise"', '"approve"')), end(), links=PLAIN),
        "u",
        "duplicate_outcome",
    ),
    "a word that is not ours": (
        diagram(start(), user("u", extensions="<bpm:asignment/>"), end(), links=PLAIN),
        "u",
        "unknown_extension",
    ),
    "a Java class": (
        diagram(start(), node("serviceTask", "u", **{"camunda:class": "org.x.Y"}), end(), links=PLAIN),
        "u",
        "foreign",
    ),
    "a listener": (
        diagram(start(), user("u", extensions='<camunda:executionListener class="x"/>'), end(), links=PLAIN),
        "u",
        "foreign",
    ),
    "a behaviour per instance": (
        diagram(start(), user("u", loop("=x").replace("isSeq", 'behavior="One" isSeq')), end(), links=PLAIN),
        "u",
        "behavior_event",
    ),
    "not executable": (
        file(process(start(), user("u"), end(), "").replace('"true"', '"false"')),
        "p",
        "not_executable",
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_refused_by_name(what: str) -> None:
    """Given a diagram with one fault, when it is compiled, then it is refused at that element."""
    text, element, code = REFUSED[what]
    assert (element, code) in errors(text), lint(text)
    with pytest.raises(CannotRun) as refused:
        compile_process(text)
    assert all(problem.text for problem in refused.value.problems)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"<definitions", "not_xml"),
        (b'<!DOCTYPE d [<!ENTITY x "y">]><definitions/>', "doctype"),
        (b"<html/>", "not_bpmn"),
        (b"", "not_xml"),
        (b'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"/>', "no_process"),
    ],
)
def test_files_that_are_no_diagram(content: bytes, code: str) -> None:
    assert [problem.code for problem in lint(content)] == [code]


def test_entities_are_never_read() -> None:
    text = '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + diagram(
        start(), user("u", name="&x;"), end()
    )
    assert [problem.code for problem in lint(text)] == ["doctype"]


def test_warnings_do_not_refuse() -> None:
    text = diagram(
        start(), gateway("exclusive", "g"), user("u"), user("v"), end(),
        flow("g", "u", "x"), flow("g", "v", "y"), links="s-g u-e v-e",
    )  # fmt: skip
    problems = {(one.element, one.code) for one in lint(text)}
    assert {("g", "no_default"), ("u", "nobody")} <= problems
    assert compile_process(text).problems


RICH = diagram(
    start(), script("w", "x := 1"), gateway("inclusive", "g", default="g_v"),
    user("u", extensions=OUTCOMES + '<bpm:assignment to="group" value="seller"/>'),
    boundary("b", "u", timer("PT1H"), interrupting=False), service("n"),
    user("v", extensions=voting("majority") + OUTCOMES),
    gateway("inclusive", "j"), gateway("eventBased", "q"), catch("c", MESSAGE), catch("t", timer("2wd")),
    sub("sp", start("s2"), user("y", loop("=items")), end("e2", ERROR), flow("s2", "y"), flow("y", "e2")),
    boundary("k", "sp", ERROR), end(), end("late"),
    handler("h", MESSAGE, user("hu"), end("he"), flow("h_s", "hu"), flow("hu", "he"), interrupting=False),
    flow("g", "u", "x > 0"), flow("g", "v"), links="s-w w-g u-j v-j b-n n-late j-q q-c q-t c-sp t-e sp-e k-e",
)  # fmt: skip


def test_the_rich_diagram_is_accepted() -> None:
    assert not errors(RICH)
