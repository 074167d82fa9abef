"""Lead acceptance race, drawn on an empty sheet with the ready-made steps, and run: who is first, and nobody at all.

With mouse and keyboard only; no drawing is loaded and no API is called.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from playwright.sync_api import Page, expect

from bpm.clock import MovableClock
from tests.browser.drawing import Drawing
from tests.live import Live

OpenTab = Callable[..., Page]
TAKE, PROCESS, APPOINT = "Take the lead", "Process the lead", "Appoint somebody"


def draw(page: Page) -> None:
    """Draw it, set it up and publish it."""
    drawing = Drawing(page)
    drawing.begin("Lead acceptance race")
    drawing.drag("Start", 60, 160)
    drawing.new_form(
        "New lead",
        ("Words", "Name", True),
        ("Number", "Expected sum", True),
        ("Number", "Score", False),
        ("Words", "Product line", False),
    )

    # the table that asks for just these fields is chosen by itself
    drawing.press("Decide by a table")
    drawing.name("Who is offered it")
    expect(drawing.panel.get_by_label("Decision table")).to_have_value("route_request")

    drawing.press("Notify")
    drawing.name("Tell the sellers")
    tell(drawing, "Sales manager", "A new lead: ", "Name")
    offer(drawing)
    nobody_in_time(drawing)
    taken(drawing)
    drawing.publish("As agreed with the sellers")


def tell(drawing: Drawing, group: str, text: str, value: str) -> None:
    """Say whom the selected step tells what: words, and a value of the case behind them."""
    drawing.panel.get_by_role("combobox", name="Whom").select_option(label=group)
    words = drawing.panel.get_by_label("Text (optional)", exact=True)
    words.fill(text)
    words.press("End")
    drawing.panel.get_by_test_id("input-text-insert").click()
    drawing.panel.get_by_role("button", name=value, exact=True).click()


def offer(drawing: Drawing) -> None:
    """The task that all sellers see: dragged onto the sheet, and an arrow to it."""
    drawing.drag("Do a task", 560, 160)
    drawing.rename(TAKE)
    panel = drawing.panel
    panel.get_by_label("Who does it").select_option(label="Somebody of a group")
    panel.get_by_label("Which one").select_option(label="Sales manager")
    panel.get_by_role("button", name="+ Add a button").click()
    panel.get_by_label("Text of the button").fill("Accept")
    panel.get_by_label("Text of the button").press("Tab")
    panel.get_by_text("Title in the list, priority").click()
    panel.get_by_label("Title in the list", exact=True).fill(TAKE)
    panel.get_by_label("Title in the list", exact=True).press("End")
    panel.get_by_test_id("task-title-insert").click()
    panel.get_by_role("button", name="Name", exact=True).click()
    drawing.select("Tell the sellers")
    panel.get_by_test_id("connect-to").click()
    panel.get_by_role("button", name=TAKE).click()


def nobody_in_time(drawing: Drawing) -> None:
    """After a quarter of an hour the head of sales is told; after an hour it is hers."""
    panel = drawing.panel
    for minutes, stays in ((15, True), (60, False)):
        drawing.select(TAKE)
        panel.get_by_test_id("add-boundary").click()
        panel.get_by_role("button", name="If it takes too long").click()
        panel.get_by_label("Name", exact=True).fill(f"{minutes} minutes")
        panel.get_by_label("How long").fill(str(minutes))
        panel.get_by_label("How long").press("Tab")
        panel.get_by_label("Unit").select_option(label="working minutes")
        if stays:
            panel.get_by_label("The step is broken off").uncheck()
            drawing.press("Notify")
            drawing.name("Tell the head of sales")
            tell(drawing, "Head of sales", "Nobody has taken: ", "Name")
        else:
            drawing.press("Do a task")
            drawing.name(APPOINT)
            panel.get_by_label("Who does it").select_option(label="Somebody of a group")
            panel.get_by_label("Which one").select_option(label="Head of sales")
        drawing.press("End")
        drawing.name("Told" if stays else "Appointed")


def taken(drawing: Drawing) -> None:
    """The others are told who was first; that one goes on with it."""
    panel = drawing.panel
    drawing.select(TAKE)
    drawing.press("Notify")
    drawing.name("Tell who was first")
    tell(drawing, "Sales manager", "The lead is taken by ", "Who decided last")
    drawing.press("Do a task")
    drawing.name(PROCESS)
    panel.get_by_label("Who does it").select_option(label="A person from the case")
    expect(panel.get_by_label("Which one")).to_have_value("=outcome_by")
    for button in ("Convert", "Refuse"):
        panel.get_by_role("button", name="+ Add a button").click()
        panel.get_by_label("Text of the button").last.fill(button)
        panel.get_by_label("Text of the button").last.press("Tab")
    drawing.press("One way")
    drawing.name("Outcome?")
    drawing.press("End")
    drawing.name("Converted")
    drawing.select("Outcome?")
    drawing.press("End")
    drawing.name("Refused")
    drawing.select("Outcome?")
    drawing.way("Refused").get_by_label("Otherwise: when no other way fits").check()
    drawing.way("Converted").get_by_role("button", name="+ Add a condition").click()


def begin(page: Page, name: str) -> None:
    """Somebody enters a lead."""
    page.goto("/start")
    page.get_by_role("link", name="Lead acceptance race").first.click()
    page.get_by_label("Name").fill(name)
    page.get_by_label("Expected sum").fill("1000")
    page.get_by_role("button", name="Lead acceptance race").click()


def test_two_sellers_race_for_a_lead_and_nobody_for_the_next(live: Live, open_tab: OpenTab) -> None:
    marta = open_tab("marta.dabrowska", "/processes")
    draw(marta)

    jan = open_tab("jan.wisniewski", "/start")
    begin(jan, "Windmill")
    anna = open_tab("anna.nowak", "/inbox?tab=take")
    boris = open_tab("boris.petrov", "/inbox?tab=take")
    # both see it; Boris reads it when Anna takes it
    boris.get_by_role("link", name=f"{TAKE} Windmill").click()
    expect(boris.get_by_role("button", name="Accept")).to_be_visible()
    anna.get_by_role("link", name=TAKE).click()
    anna.get_by_role("button", name="Accept").click()
    expect(boris.get_by_text("Anna Nowak").first).to_be_visible()
    expect(boris.get_by_role("button", name="Accept")).to_have_count(0)
    boris.goto("/notices")
    expect(boris.get_by_text("The lead is taken by Anna Nowak")).to_be_visible()

    anna.goto("/inbox")
    anna.get_by_role("link", name=PROCESS).click()
    anna.get_by_role("button", name="Convert").click()
    jan.goto("/cases")
    jan.get_by_role("link", name="Lead acceptance race").first.click()
    expect(jan.get_by_text("The case is finished: Converted.")).to_be_visible()

    # nobody takes the next one, for longer than any weekend lasts
    begin(jan, "Sawmill")
    clock = live.installation.clock
    assert isinstance(clock, MovableClock)
    clock.advance(timedelta(days=7))
    olga = open_tab("olga.ivanova", "/notices")
    expect(olga.get_by_text("Nobody has taken: Sawmill")).to_be_visible()
    olga.goto("/inbox?tab=take")
    olga.get_by_role("link", name=APPOINT).click()
    olga.get_by_role("button", name="Done").click()
    expect(olga.get_by_role("link", name=APPOINT)).to_have_count(0)
    boris.goto("/inbox?tab=take")
    expect(boris.get_by_role("link", name=TAKE)).to_have_count(0)
    jan.goto("/cases")
    jan.get_by_role("link", name="Lead acceptance race").first.click()
    expect(jan.get_by_text("The case is finished: Appointed.")).to_be_visible()
