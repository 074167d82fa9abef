"""A process owner builds a form with the keyboard alone and uses it; edits a decision table and tries it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.drawing import Drawing

pytestmark = pytest.mark.browser
OpenTab = Callable[..., Page]


class Building:
    """The builder of one form, used by keyboard."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.panel = page.get_by_role("complementary", name="Settings of the selected field")
        self.sheet = page.get_by_role("region", name="The form", exact=True)

    def ready(self) -> None:
        self.page.locator("#form-builder[data-ready=yes]").wait_for()

    def add(self, kind: str, question: str) -> None:
        """Press a kind of field; the cursor is in its question then."""
        self.page.get_by_role("navigation", name="Fields to add").get_by_role(
            "button", name=kind, exact=True
        ).focus()
        self.page.keyboard.press("Enter")
        label = self.panel.get_by_label("Question", exact=True)
        expect(label).to_be_focused()
        self.page.keyboard.type(question)
        self.page.keyboard.press("Tab")
        expect(self.card(question)).to_be_visible()

    def card(self, question: str) -> Locator:
        return self.sheet.locator("[data-path]").filter(has_text=question)

    def choose(self, control: Locator, option: str) -> None:
        """Choose from a list as the keyboard does: by the first letters."""
        control.focus()
        self.page.keyboard.type(option)
        self.page.keyboard.press("Tab")

    def publish(self) -> None:
        expect(self.page.get_by_text("Draft, saved")).to_be_visible()
        self.page.get_by_role("button", name="Publish version 1").focus()
        self.page.keyboard.press("Enter")
        self.page.get_by_label("What has changed?").focus()
        self.page.keyboard.type("The first")
        self.page.get_by_test_id("publish-confirm").focus()
        self.page.keyboard.press("Enter")
        expect(self.page.get_by_text("Version 1 is published")).to_be_visible()


def test_a_form_of_six_fields_is_built_by_keyboard_and_starts_a_process(open_tab: OpenTab) -> None:
    page = open_tab("marta.dabrowska", "/forms/new")
    page.get_by_label("What is its title?").focus()
    page.keyboard.type("Ask for a trip")
    page.keyboard.press("Enter")
    building = Building(page)
    building.ready()

    building.add("Words", "Where to?")
    building.add("Number", "Days")
    building.choose(building.panel.get_by_label("Must it be filled in?"), "Yes")
    building.add("Money", "Price of a day")
    building.add("A computed value", "Together")
    building.panel.get_by_label("Formula").focus()
    page.keyboard.type("days * price_of_a_day")
    page.keyboard.press("Tab")
    building.add("Yes or no", "By plane")
    building.add("Long text", "Why so dear?")
    building.panel.get_by_role("button", name="+ Add a condition").focus()
    page.keyboard.press("Enter")
    building.choose(building.panel.get_by_label("Field", exact=True), "Together")
    expect(building.panel.get_by_label("Field", exact=True)).to_have_value("together")
    building.choose(building.panel.get_by_label("Comparison"), "is more")
    building.panel.get_by_label("Value", exact=True).focus()
    page.keyboard.type("1000")
    page.keyboard.press("Tab")
    expect(building.panel.get_by_text("Together is more than 1000", exact=True)).to_be_visible()

    # the last two change places, and back
    building.card("Why so dear?").focus()
    page.keyboard.press("Alt+ArrowUp")
    expect(building.sheet.locator("[data-path]").last).to_contain_text("By plane")
    page.keyboard.press("Control+z")
    expect(building.sheet.locator("[data-path]").last).to_contain_text("Why so dear?")

    # tried on a phone's width, with the true check
    page.get_by_role("button", name="Try it").focus()
    page.keyboard.press("Enter")
    trial = page.get_by_role("region", name="Try it")
    expect(trial.get_by_text("Ask for a trip")).to_be_visible()
    trial.get_by_label("Days").focus()
    page.keyboard.type("3")
    page.keyboard.press("Tab")
    trial.get_by_label("Price of a day").focus()
    page.keyboard.type("500")
    page.keyboard.press("Tab")
    expect(trial.get_by_text("1,500")).to_be_visible()
    expect(trial.get_by_label("Why so dear?")).to_be_visible()
    building.publish()

    # the form begins a process
    drawing = Drawing(page)
    drawing.begin("Trip")
    drawing.drag("Start", 80, 220)
    drawing.panel.get_by_label("Form to start with", exact=True).select_option(label="Ask for a trip")
    drawing.press("End")
    drawing.publish("First")
    anna = open_tab("anna.nowak", "/start")
    anna.get_by_role("link", name="Trip", exact=True).click()
    for question in ("Where to?", "Days", "Price of a day", "By plane"):
        expect(anna.get_by_label(question)).to_be_visible()
    anna.get_by_role("button", name="Start: Trip").click()
    expect(anna.get_by_text("Fill this in.").first).to_be_visible()


def test_fields_are_dragged_undone_and_kept_apart_from_another_page(open_tab: OpenTab) -> None:
    page = open_tab("marta.dabrowska", "/forms/new")
    page.get_by_label("What is its title?").fill("Parcel")
    page.get_by_role("button", name="Begin with the questions").click()
    building = Building(page)
    building.ready()
    palette = page.get_by_role("navigation", name="Fields to add")
    building.add("Words", "Sender")
    palette.get_by_role("button", name="A section").drag_to(building.sheet.locator(".bpm-cards").first)
    building.panel.get_by_label("Title of the section").fill("Weight")
    page.keyboard.press("Tab")
    palette.get_by_role("button", name="Number").drag_to(
        building.card("Weight"), target_position={"x": 60, "y": 40}
    )
    building.panel.get_by_label("Question", exact=True).fill("Kilograms")
    page.keyboard.press("Tab")
    expect(building.sheet.locator("ol ol").get_by_text("Kilograms")).to_be_visible()
    building.card("Kilograms").drag_to(building.card("Sender"), target_position={"x": 60, "y": 5})
    expect(building.sheet.locator("ol ol").get_by_text("Kilograms")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(building.sheet.locator("ol ol").get_by_text("Kilograms")).to_be_visible()
    expect(page.get_by_text("Draft, saved")).to_be_visible()

    other = open_tab("adam.kaminski", "/forms/parcel")
    theirs = Building(other)
    theirs.ready()
    theirs.add("A file", "Picture")
    expect(other.get_by_text("Draft, saved")).to_be_visible()
    building.add("A person", "Receiver")
    told = page.get_by_role("alert")
    expect(told.get_by_text("Adam Kamiński saved this")).to_be_visible()
    expect(told.get_by_text("is kept as “Marta Dąbrowska’s copy of")).to_be_visible()
    told.get_by_role("button", name="Go on with mine").click()
    expect(page.get_by_text("Your copy is the draft now.")).to_be_visible()
    building.ready()
    expect(building.card("Receiver")).to_be_visible()
    expect(building.card("Picture")).to_have_count(0)
    page.goto("/forms/parcel/versions")
    page.get_by_role("link", name="Adam Kamiński’s copy of").click()
    expect(page.get_by_text("“Picture” was added.")).to_be_visible()


def test_a_table_is_changed_tried_and_published(open_tab: OpenTab) -> None:
    page = open_tab("marta.dabrowska", "/decisions/contract_size")
    page.locator("#decision[data-ready=yes]").wait_for()
    aside = page.get_by_role("complementary", name="Try it and check it")
    expect(page.get_by_role("button", name="Size of a contract")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_text("Yes: no gap and no contradiction was found.")).to_be_visible()

    # the logo of bpmn.io is seen whole
    logo = page.locator(".powered-by-logo, .bjs-powered-by, .powered-by").first.bounding_box()
    assert logo and logo["x"] > 300 and logo["y"] + logo["height"] <= 800

    cell = page.locator("td.input-cell").first
    cell.click()
    page.keyboard.press("Control+A")
    page.keyboard.type("< 5 0")
    expect(page.get_by_text("This cell:")).to_be_visible()
    page.keyboard.press("Control+A")
    page.keyboard.type("< 50000")
    page.locator("td.output-cell").first.click()
    expect(aside.get_by_text("No rule fits if “Sum of the contract” is")).to_have_count(2)

    aside.get_by_label("Sum of the contract").fill("20000")
    aside.get_by_role("button", name="What is the answer?").click()
    expect(aside.get_by_text("small")).to_be_visible()
    expect(page.locator("td.input-cell.bpm-matched")).to_have_text("< 50000")

    expect(page.get_by_text("Draft, saved")).to_be_visible()
    page.get_by_role("button", name="Publish version 2").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("2 gaps and contradictions are left")).to_be_visible()
    dialog.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_text("Version 2 is published")).to_be_visible()
