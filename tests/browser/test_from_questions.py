"""A process begun from its purpose: from the questions, and with a ready-made approval."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.drawing import Drawing
from tests.designer.places import Looking

OpenTab = Callable[..., Page]


def test_questions_become_a_process_that_people_start(open_tab: OpenTab) -> None:
    page = open_tab("marta.dabrowska")
    page.goto("/processes/new")
    page.get_by_role("link", name="Answer the questions").click()
    page.get_by_label("What shall it be called?").fill("Approval of purchases")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Next", exact=True).last.click()
    page.get_by_label("Name").first.fill("What for")
    page.get_by_label("Must be filled in").first.check()
    page.get_by_role("button", name="Next", exact=True).last.click()
    page.get_by_label("Who approves?").select_option(label="Olga Ivanova")
    page.get_by_role("button", name="Next", exact=True).last.click()
    expect(page.get_by_text("Olga Ivanova approves.")).to_be_visible()
    page.get_by_role("button", name="Next", exact=True).last.click()
    expect(page.get_by_role("img", name="Diagram of Approval of purchases")).to_be_visible()
    page.get_by_role("button", name="Draw the process").click()

    drawing = Drawing(page)
    drawing.ready()
    expect(drawing.step("Approve: Approval of purchases")).to_be_visible()
    expect(drawing.problems.get_by_role("listitem")).to_have_count(0)
    drawing.publish("From the questions")

    boris = open_tab("boris.petrov")
    boris.goto("/start")
    boris.get_by_role("link", name="Approval of purchases").first.click()
    boris.get_by_label("What for").fill("Chairs")
    boris.get_by_role("button", name="Approval of purchases").click()
    olga = open_tab("olga.ivanova")
    olga.goto("/")
    expect(olga.get_by_text("Approve: Approval of purchases, Boris Petrov").first).to_be_visible()


def test_an_approval_comes_with_its_three_ways_and_goes_in_one_step(open_tab: OpenTab) -> None:
    drawing = Drawing(open_tab("marta.dabrowska"))
    drawing.begin("Trips")
    drawing.drag("Start", 80, 220)
    drawing.saved()
    drawing.press("Approval")

    expect(drawing.step("Decision?")).to_be_visible()
    for name in ("Change and submit again", "Rejected", "Approved"):
        expect(drawing.step(name)).to_be_visible()
    drawing.press("Send letter")
    drawing.saved()
    expect(drawing.problems.get_by_text("error")).to_have_count(0)
    shown = drawing.page.evaluate(
        "() => fetch(document.querySelector('#designer').dataset.diagramUrl).then(a => a.text())"
    )
    looking = Looking(shown, as_drawn=True)
    assert looking.overlaps() == []

    drawing.page.get_by_role("button", name="Undo").click()
    drawing.page.get_by_role("button", name="Undo").click()
    expect(drawing.step("Decision?")).to_have_count(0)
    expect(drawing.step("Approved")).to_have_count(0)
