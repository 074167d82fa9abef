"""Expressions as they are typed: the fault is told at the field and goes with its mending; the help beside it."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.drawing import Drawing
from tests.browser.test_designer import begin_with_start
from tests.browser.test_every_page import AXE, LOOKS, Look, look_at

OpenTab = Callable[..., Page]


@pytest.fixture
def drawing(open_tab: OpenTab) -> Drawing:
    """A canvas with a start and a step that computes, which is selected."""
    drawing = Drawing(open_tab("marta.dabrowska", "/processes"))
    drawing.begin("Prices")
    begin_with_start(drawing)
    drawing.press("Compute")
    drawing.saved()
    return drawing


def script(drawing: Drawing) -> Locator:
    return drawing.panel.get_by_label("One value a line")


def test_a_fault_is_told_while_typing_and_goes_when_it_is_mended(drawing: Drawing) -> None:
    undo = drawing.page.get_by_role("button", name="Undo")
    field = script(drawing)
    field.focus()

    drawing.page.keyboard.type("total := 5 *")

    expect(drawing.panel.get_by_text("The expression ends too early; a value is missing.")).to_be_visible()
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description(re.compile("The expression ends too early"))
    expect(drawing.panel.locator(".bpm-told mark")).to_be_visible()
    expect(field).to_be_focused()  # it disturbs nobody who types

    drawing.page.keyboard.type(" 2")

    expect(drawing.panel.locator(".bpm-told mark")).to_have_count(0)
    expect(field).not_to_have_attribute("aria-invalid", re.compile(".*"))
    expect(field).to_have_value("total := 5 * 2")

    # what was typed is one step to undo, as before
    drawing.page.keyboard.press("Tab")
    drawing.page.keyboard.press("Shift+Tab")
    expect(script(drawing)).to_have_value("total := 5 * 2")
    drawing.saved()
    undo.click()
    expect(script(drawing)).to_have_value("")


def test_an_unknown_name_is_a_warning_with_what_was_meant(drawing: Drawing) -> None:
    script(drawing).focus()
    drawing.page.keyboard.type("total := 5\n")
    drawing.page.keyboard.type("double := totl * 2")

    told = drawing.panel.locator(".bpm-told")
    expect(told.get_by_text("Did you mean “total”?")).to_be_visible()
    expect(told.locator("mark")).to_have_text("totl")
    expect(told.locator("code")).to_have_text("double := totl * 2")
    expect(script(drawing)).not_to_have_attribute("aria-invalid", re.compile(".*"))


def test_a_condition_says_what_it_gives_and_has_the_help_beside_it(drawing: Drawing) -> None:
    drawing.press("One way")
    drawing.name("Large?")
    drawing.press("End")
    drawing.name("Director")
    drawing.select("Large?")
    way = drawing.way("Director")
    way.get_by_text("Advanced: as text").click()
    text = way.get_by_label("Condition as text")
    text.focus()

    drawing.page.keyboard.type("=initiator = 5")
    expect(way.get_by_text("string and number cannot be compared.")).to_be_visible()

    drawing.page.keyboard.press("Control+A")
    drawing.page.keyboard.type('=initiator = "anna.nowak"')
    expect(way.get_by_text("Gives: yes or no")).to_be_visible()

    drawing.page.keyboard.press("Tab")
    help_link = way.get_by_role("link", name="Help with expressions, in a new tab")
    expect(help_link).to_be_focused()
    with drawing.page.context.expect_page() as opened:
        drawing.page.keyboard.press("Enter")
    expect(opened.value.get_by_role("heading", name="Expressions", level=1)).to_be_visible()


def test_an_answer_that_comes_late_says_nothing_of_what_was_typed_since(drawing: Drawing) -> None:
    drawing.page.get_by_role("button", name="The process").click()
    title = drawing.panel.get_by_label("Title of a case")
    late: list[Route] = []
    drawing.page.route("**/expressions/check", lambda route: late.append(route))
    with drawing.page.expect_request("**/expressions/check"):
        title.fill("For {initiator")
    drawing.page.unroute("**/expressions/check")

    with drawing.page.expect_response("**/expressions/check"):
        title.press("End")
        title.press_sequentially("}")
    for route in late:
        route.abort()

    expect(title).to_have_value("For {initiator}")
    expect(title).not_to_have_attribute("aria-invalid", re.compile(".*"))
    expect(drawing.panel.locator(".bpm-told mark")).to_have_count(0)


def test_the_panel_with_a_fault_is_fit_for_everybody(drawing: Drawing) -> None:
    if not AXE.is_file():
        pytest.skip("axe-core is missing: python frontend/build.py --with-tests brings it")
    script(drawing).fill("total := coutn([1])")
    expect(drawing.panel.get_by_text("Did you mean “count”?")).to_be_visible()

    assert look_at(drawing.page, "designer-expression", Look(1280, False, "en")) == []


def test_the_help_finds_functions_and_tries_expressions_by_keyboard(open_tab: OpenTab) -> None:
    page = open_tab("anna.nowak", "/help/expressions")
    page.get_by_label("Find a function", exact=True).last.focus()
    page.keyboard.type("rounds as in school")
    expect(page.get_by_role("row").filter(has_text="round half up")).to_be_visible()
    expect(page.get_by_role("row").filter(has_text="string join(items")).to_have_count(1)
    expect(page.get_by_role("heading", name="Ranges")).to_be_hidden()
    page.keyboard.press("Control+A")
    page.keyboard.type("zzz")
    expect(page.get_by_text("No function fits.")).to_be_visible()
    page.keyboard.press("Control+A")
    page.keyboard.press("Delete")

    box = page.get_by_role("region", name="Try it")
    box.get_by_label("Expression").focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("price * 2 > limit")
    box.get_by_label("Name 3").focus()
    for text in ("price", "300", "limit", "500,5"):
        page.keyboard.type(text)
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(box.get_by_text("price * 2", exact=True)).to_be_visible()
    expect(box.locator(".trial-result")).to_have_text(re.compile("true"))
    assert "expression=" not in page.url  # asked for without leaving the page

    page.get_by_role("link", name="count(invoices)", exact=True).click()
    expect(page.locator(".trial-result")).to_have_text(re.compile("2"))


@pytest.mark.parametrize("look", [*LOOKS, Look(390, False, "pl"), Look(1280, False, "ru")], ids=str)
def test_the_help_page_is_fit_for_everybody(open_tab: OpenTab, look: Look) -> None:
    if not AXE.is_file():
        pytest.skip("axe-core is missing: python frontend/build.py --with-tests brings it")
    page = open_tab(
        "anna.nowak",
        "/help/expressions?expression=amount+>>+5",
        width=look.width,
        dark=look.dark,
        language=look.language,
    )

    faults = look_at(page, "help-expressions", look)
    folder = os.environ.get("BPM_SCREENSHOTS")
    if folder:
        page.screenshot(path=Path(folder) / f"help-whole-{look.width}-{look.language}.png", full_page=True)

    assert faults == []
