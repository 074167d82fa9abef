"""Problems where they are, their buttons, and the first visit: the tour and the help."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from bpm.designer import commands
from bpm.designer.layout import laid_out
from bpm.engine.lint.check import lint
from bpm.people.queries import required_person
from tests.browser.drawing import Drawing
from tests.designer.beginners import DIAMOND, END, START, drawing, step, task, timer
from tests.live import Live

OpenTab = Callable[..., Page]


@pytest.fixture
def opened(live: Live, open_tab: OpenTab) -> Callable[[str], Drawing]:
    """Open a drawing in the designer."""

    def open_it(xml: str) -> Drawing:
        with live.installation.database.writing() as session:
            marta = required_person(session, "marta.dabrowska")
            commands.import_diagram(session, live.installation.clock.now(), marta, laid_out(xml).encode())
        shown = Drawing(open_tab("marta.dabrowska", "/processes/leave/draw"))
        shown.ready()
        return shown

    return open_it


WAIT = step("intermediateCatchEvent", "wait", "Wait", timer("2 days"))
PARALLEL = step("parallelGateway", "join", "Together")
LOOP = '<bpmn:multiInstanceLoopCharacteristics id="mi" behavior="Never"><bpmn:loopCardinality>2</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics>'
FIXED: dict[str, tuple[str, str]] = {
    "set_text": (drawing(START, WAIT, END, ways="start-wait  wait-end"), "2 days"),
    "bypass": (drawing(START, DIAMOND, END, ways="start-diamond  diamond-end"), "neither splits nor joins"),
    "add_end_event": (drawing(START, task("ask"), ways="start-ask"), "no end event"),
    "add_start_event": (drawing(task("ask"), END, ways="ask-end"), "no start event"),
    "change_gateway": (
        drawing(
            START, DIAMOND, task("ask"), task("answer"), PARALLEL, END,
            ways="start-diamond  diamond-ask[initiator = \"a\"]  diamond-answer*  ask-join  answer-join  join-end",
        ), "waits for ever",
    ),
    "list_flows": (
        drawing(START, task("ask"), END, ways="start-ask  ask-end").replace("<bpmn:incoming>start_ask</bpmn:incoming>", ""),
        "does not list the flow",
    ),
    "remove_loop_attribute": (
        drawing(START, step("userTask", "ask", "Ask", LOOP, ours='<bpm:assignment to="initiator"/>'), END,
                ways="start-ask  ask-end"), "“Never” is no value",
    ),
}  # fmt: skip


@pytest.mark.browser
@pytest.mark.parametrize("action", FIXED)
def test_fix_mends_in_one_step_that_can_be_undone(opened: Callable[[str], Drawing], action: str) -> None:
    """Given a fault, when “Fix” is pressed it is gone; when that is undone the file is as it was."""
    xml, words = FIXED[action]
    fixes = {str(one.fix["action"]) for one in lint(xml) if one.fix and words in one.text}
    assert fixes == {action}
    shown = opened(xml)
    read: Any = (
        "async () => (await document.querySelector('#designer').modeler.saveXML({ format: true })).xml"
    )
    before = shown.page.evaluate(read)
    shown.problems.locator("summary").click()
    row = shown.problems.get_by_role("listitem").filter(has_text=words)
    row.get_by_role("button", name=re.compile("^Fix")).first.click()
    shown.saved()
    expect(shown.problems.get_by_text(words)).to_have_count(0)
    shown.page.get_by_role("button", name="Undo").click()
    after = shown.page.evaluate(read)
    assert after == before
    expect(shown.page.get_by_role("button", name="Undo")).to_be_disabled()


@pytest.mark.browser
def test_problems_stand_at_the_element_by_grade_and_at_the_button(opened: Callable[[str], Drawing]) -> None:
    """Given errors and a warning, then each is marked in words, grouped, and the button says why."""
    shown = opened(
        drawing(
            START, task("ask", ours="<bpm:priority value='2'/>"), task("answer"), ways="start-ask  ask-answer"
        )
    )
    reason = shown.page.get_by_role("button", name=re.compile("stops? publishing"))
    expect(reason).to_be_visible()
    reason.click()
    expect(shown.problems.get_by_role("heading", name="Errors: they stop publishing")).to_be_visible()
    mark = shown.canvas.get_by_role("button", name=re.compile("^Error: .*"))
    if mark.count():
        mark.first.click()
        expect(shown.problems.locator(":focus")).to_have_attribute("data-element", re.compile("."))
    shown.problems.get_by_role("listitem").filter(has_text="no end event").get_by_role(
        "button", name=re.compile("^Fix")
    ).click()
    shown.saved()
    expect(reason).to_be_hidden()
    expect(shown.problems.get_by_role("button", name=re.compile("^Nobody is named"))).to_be_visible()
    expect(shown.canvas.get_by_role("button", name=re.compile("^Warning: Nobody is named"))).to_be_visible()


@pytest.mark.browser
def test_the_tour_is_offered_once_and_can_be_left(opened: Callable[[str], Drawing]) -> None:
    """Given somebody new, when the tour is walked by keyboard and left, then it is not offered again."""
    shown = opened(drawing(START, task("ask"), END, ways="start-ask  ask-end"))
    page = shown.page
    page.get_by_role("region", name="Show me around").get_by_role("button", name="Show me around").click()
    card = page.get_by_role("dialog")
    expect(card.get_by_role("heading", name="What can happen")).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(card.get_by_role("heading", name="Your drawing")).to_be_focused()
    card.get_by_role("button", name="Next").click()
    expect(card.get_by_role("heading", name="Who, what and until when")).to_be_visible()
    with page.expect_response(re.compile("/help/tours/designer")):
        page.keyboard.press("Escape")
    expect(card).to_have_count(0)
    page.reload()
    shown.ready()
    expect(page.get_by_role("region", name="Show me around")).to_have_count(0)
    shown.select("Ask")
    shown.panel.locator("summary").filter(has_text="Help: Who does it").click()
    expect(shown.panel.get_by_role("link", name="Read more")).to_have_attribute("href", "/help/people")
