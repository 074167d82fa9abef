"""The main job: draw a two-step approval on an empty canvas, publish it, run it, see what happened.

With mouse and keyboard only; no file is loaded and no API is called.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.drawing import Drawing

OpenTab = Callable[..., Page]


def draw_leave(page: Page) -> None:
    """Draw, set up and publish: start, Olga, a director, letter; each decision comes with its three ways."""
    drawing = Drawing(page)
    drawing.begin("Leave")

    drawing.drag("Start", 80, 220)
    ask_for_days_and_reason(drawing)

    drawing.press("Approval")
    drawing.name("Approve the leave")
    drawing.panel.get_by_label("Who does it").select_option(label="A person")
    drawing.panel.get_by_label("Which one").select_option(label="Olga Ivanova")
    expect(drawing.panel.get_by_label("Text of the button")).to_have_count(3)

    drawing.press("Approval")
    drawing.name("Confirm the leave")
    drawing.panel.get_by_label("Who does it").select_option(label="Somebody of a group")
    drawing.panel.get_by_label("Which one").select_option(label="Director")
    drawing.panel.get_by_label("Due in", exact=True).fill("2")
    drawing.press("Send letter")
    drawing.name("Tell the good news")
    drawing.panel.get_by_label("Subject").fill("Your leave of {days} days")
    drawing.panel.get_by_label("Text", exact=False).last.fill("Enjoy it.")
    drawing.select("Approved")
    drawing.panel.get_by_label("Name", exact=True).fill("Granted")
    drawing.page.keyboard.press("Tab")

    drawing.publish("As discussed on Monday")


def ask_for_days_and_reason(drawing: Drawing) -> None:
    """Make the form with which the process is started."""
    drawing.new_form("Ask for leave", ("Number", "Days", True), ("Words", "Reason", False))
    expect(drawing.panel.get_by_text("Days · required")).to_be_visible()


def start_leave(page: Page, days: str) -> None:
    page.get_by_role("link", name="Leave", exact=True).click()
    page.get_by_label("Days").fill(days)
    page.get_by_role("button", name="Start: Leave").click()


def test_a_two_step_approval_is_drawn_published_run_and_remembered(open_tab: OpenTab) -> None:
    draw_leave(open_tab("marta.dabrowska", "/processes"))

    anna = open_tab("anna.nowak", "/start")
    start_leave(anna, "5")

    olga = open_tab("olga.ivanova", "/inbox")
    olga.get_by_role("link", name="Approve the leave").click()
    expect(olga.get_by_text("Anna Nowak").first).to_be_visible()
    for button in ("Approve", "Send back", "Reject"):
        expect(olga.get_by_role("button", name=button, exact=True)).to_be_visible()
    olga.get_by_role("button", name="Approve", exact=True).click()
    expect(olga.get_by_role("link", name="Approve the leave")).to_have_count(0)

    helena = open_tab("helena.kowalska", "/inbox")
    helena.get_by_role("link", name="To take").click()
    helena.get_by_role("link", name="Confirm the leave").click()
    helena.get_by_role("button", name="Approve", exact=True).click()
    expect(helena.get_by_role("link", name="Confirm the leave")).to_have_count(0)

    anna.goto("/cases")
    # the letter is a job of its own; the case ends when it has run
    expect(anna.get_by_text("Completed").last).to_be_visible()
    anna.get_by_role("link", name="Leave").first.click()
    expect(anna.get_by_text("The case is finished: Granted.")).to_be_visible()
    for words in (
        "Olga Ivanova decided in “Approve the leave”: Approve.",
        "Helena Kowalska decided in “Confirm the leave”: Approve.",
    ):
        expect(anna.get_by_text(words)).to_be_visible()
    # the way taken is shown in the diagram
    taken = anna.locator(".djs-element.bpm-taken")
    expect(taken.filter(has_text="Confirm the leave")).to_have_count(1)
    expect(taken.filter(has_text="Change and submit again")).to_have_count(0)

    adam = open_tab("adam.kaminski", "/outbox")
    expect(adam.get_by_text("Your leave of 5 days")).to_be_visible()


def test_a_refusal_takes_the_other_way(open_tab: OpenTab) -> None:
    draw_leave(open_tab("marta.dabrowska", "/processes"))
    anna = open_tab("anna.nowak", "/start")
    start_leave(anna, "30")

    olga = open_tab("olga.ivanova", "/inbox")
    answer(olga, "Send back")
    anna.goto("/inbox")
    anna.get_by_role("link", name="Change and submit again").click()
    anna.get_by_role("button", name="Done").click()
    olga.goto("/inbox")
    answer(olga, "Reject")

    anna.goto("/cases")
    anna.get_by_role("link", name="Leave").first.click()
    expect(anna.get_by_text("The case is finished: Rejected.")).to_be_visible()
    expect(anna.get_by_text("Too long.").first).to_be_visible()


def answer(page: Page, button: str) -> None:
    page.get_by_role("link", name="Approve the leave").click()
    page.get_by_role("textbox", name=re.compile("^Comment")).fill("Too long.")
    page.get_by_role("button", name=button, exact=True).click()
    expect(page.get_by_role("link", name="Approve the leave")).to_have_count(0)
