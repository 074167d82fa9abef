"""The editor itself: undo, two people at once, problems, keyboard, phone, imported diagrams."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.drawing import Drawing

OpenTab = Callable[..., Page]
KINDS = (
    "Approval", "Do a task", "Send letter", "Service step", "Compute", "Decide by a table", "All ways at once",
    "Wait until or for", "Wait for a message", "Sub-process", "Run another process", "End",
)  # fmt: skip
SHIPPED = ("contract_approval", "production_without_prepayment", "lead_race")


@pytest.fixture
def drawing(open_tab: OpenTab) -> Drawing:
    """An empty canvas."""
    drawing = Drawing(open_tab("marta.dabrowska", "/processes"))
    drawing.begin("Travel")
    return drawing


def begin_with_start(drawing: Drawing) -> None:
    drawing.outline.get_by_text("+ Add a step").click()
    drawing.outline.get_by_role("button", name="Start").last.click()
    expect(drawing.step("Start")).to_be_visible()


def test_every_kind_of_step_is_added_by_keyboard_and_undone(drawing: Drawing) -> None:
    begin_with_start(drawing)
    for kind in KINDS:
        drawing.press(kind)
    # an approval brings its diamond, the rework and two ends
    expect(drawing.outline.locator("button[data-step]")).to_have_count(
        len(KINDS) + 1 + 4 * KINDS.count("Approval")
    )
    drawing.saved()

    undo = drawing.page.get_by_role("button", name="Undo")
    for _kind in KINDS:
        undo.click()
    undo.click()

    expect(drawing.outline.locator("button[data-step]")).to_have_count(0)
    expect(undo).to_be_disabled()
    drawing.page.get_by_role("button", name="Redo").click()
    expect(drawing.step("Start")).to_be_visible()


def test_a_step_added_between_two_stands_between_them(drawing: Drawing) -> None:
    begin_with_start(drawing)
    drawing.press("Do a task")
    drawing.name("First")
    drawing.press("End")

    drawing.select("First")
    drawing.panel.get_by_text("+ Add a step after this").click()
    drawing.panel.get_by_role("button", name="Approval", exact=True).click()

    expect(drawing.outline.locator("button[data-step]")).to_contain_text(["Start", "First", "Approve", "End"])


def test_problems_are_told_in_plain_words_and_lead_to_the_step(drawing: Drawing) -> None:
    begin_with_start(drawing)
    drawing.press("Do a task")
    drawing.name("Nobody does this")
    drawing.press("Service step")
    drawing.press("End")
    drawing.saved()

    drawing.page.get_by_role("button", name="Publish version 1").click()
    problem = drawing.problems.get_by_role("button").first
    expect(problem).to_be_visible()
    element = problem.get_attribute("data-element")
    problem.click()

    expect(drawing.outline.locator(f'[data-step="{element}"]')).to_have_attribute("aria-current", "step")


def test_what_is_typed_is_there_after_loading_the_page_again(drawing: Drawing) -> None:
    begin_with_start(drawing)
    drawing.press("Approval")
    drawing.name("Approve the trip")
    drawing.panel.get_by_label("Who does it").select_option(label="The manager of who started it")
    drawing.panel.get_by_role("button", name="+ Add a button").click()
    drawing.panel.get_by_label("Text of the button").last.fill("Ask Helena")
    drawing.panel.get_by_label("How many decide").select_option(label="The majority decides")
    drawing.panel.get_by_label("Who votes").select_option(label="The members of a group")
    drawing.panel.get_by_label("Group", exact=True).select_option(label="Lawyer")
    drawing.panel.get_by_label("Due in", exact=True).fill("3")
    drawing.page.keyboard.press("Tab")
    drawing.panel.get_by_label("If it is late, tell").select_option(label="The manager of who does it")
    drawing.page.keyboard.press("Control+s")
    drawing.saved()

    drawing.page.reload()
    drawing.ready()
    drawing.select("Approve the trip")

    expect(drawing.panel.get_by_label("Text of the button").last).to_have_value("Ask Helena")
    expect(drawing.panel.get_by_label("How many decide")).to_have_value("majority")
    expect(drawing.panel.get_by_label("Group", exact=True)).to_have_value("lawyer")
    expect(drawing.panel.get_by_label("Due in", exact=True)).to_have_value("3")
    expect(drawing.panel.get_by_label("If it is late, tell")).to_have_value("manager")


def test_conditions_are_rows_a_sentence_and_a_text(drawing: Drawing) -> None:
    begin_with_start(drawing)
    drawing.new_form("Trip", ("Money", "Сумма", False))
    drawing.press("One way")
    drawing.name("How much?")
    drawing.press("End")
    drawing.name("Cheap")
    drawing.select("How much?")

    way = drawing.way("Cheap")
    way.get_by_role("button", name="+ Add a condition").click()
    way.get_by_label("Field").select_option(label="Сумма")
    way.get_by_label("Comparison").select_option(label="is less than")
    way.get_by_label("Value").fill("500 000,5")
    way.get_by_text("Advanced: as text").click()
    text = way.get_by_label("Condition as text")
    expect(text).to_have_value("=summa < 500000.5")
    expect(way.get_by_text("Сумма is less than 500 000,5")).to_be_visible()

    text.fill("=summa < 10 and initiator != null")
    drawing.page.keyboard.press("Tab")
    expect(way.get_by_text("This condition is written as text (FEEL).")).to_be_visible()
    expect(way.get_by_role("button", name="+ Add a condition")).to_have_count(0)


def test_who_draws_after_somebody_else_saved_is_told_and_loses_nothing(
    drawing: Drawing, open_tab: OpenTab
) -> None:
    begin_with_start(drawing)
    drawing.saved()
    other = Drawing(open_tab("adam.kaminski", drawing.page.url))
    other.ready()
    other.select("Start")
    other.press("End")
    other.saved()

    drawing.press("Do a task")

    expect(
        drawing.page.get_by_role("alert").filter(has_text="Adam Kamiński saved this process")
    ).to_be_visible()
    expect(drawing.page.get_by_text("What you draw here is kept as")).to_be_visible()
    drawing.page.get_by_role("button", name="Go on with theirs").click()
    drawing.ready()
    expect(drawing.step("End")).to_be_visible()


@pytest.mark.parametrize("key", SHIPPED)
def test_looking_at_a_process_changes_nothing_of_it(open_tab: OpenTab, key: str) -> None:
    drawing = Drawing(open_tab("adam.kaminski", f"/processes/{key}/draw"))
    drawing.ready()
    steps = drawing.outline.locator("button[data-step]")
    for index in range(steps.count()):
        steps.nth(index).click()
        expect(drawing.panel.locator("h2")).to_be_visible()

    expect(drawing.page.get_by_role("button", name="Undo")).to_be_disabled()
    expect(drawing.page.get_by_text("As published, version 1")).to_be_visible()


def test_the_logo_of_the_drawing_library_is_seen_and_not_covered(open_tab: OpenTab) -> None:
    for width, height in ((1280, 800), (390, 844)):
        page = open_tab("marta.dabrowska", "/processes", width=width, height=height)
        drawing = Drawing(page)
        drawing.begin(f"Logo {width}")
        left, right, on_top = page.evaluate(
            """() => {
              const logo = document.querySelector('.bjs-powered-by'),
                    { left, right, top, bottom } = logo.getBoundingClientRect(),
                    covering = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);

              return [left, right, logo.contains(covering)];
            }"""
        )
        assert 0 <= left < right <= width and on_top


def test_on_a_phone_the_list_of_steps_is_the_designer(open_tab: OpenTab) -> None:
    page = open_tab("marta.dabrowska", "/processes", width=390, height=844)
    drawing = Drawing(page)
    drawing.begin("Phone")

    drawing.outline.get_by_text("+ Add a step").click()
    drawing.outline.get_by_role("button", name="Start").click()
    expect(drawing.panel.get_by_label("Name", exact=True)).to_be_visible()
    drawing.panel.get_by_text("+ Add a step after this").click()
    drawing.panel.get_by_role("button", name="Task", exact=True).click()
    drawing.panel.get_by_label("Name", exact=True).fill("Buy a ticket")
    page.get_by_role("button", name="Back to the steps").click()

    expect(drawing.step("Buy a ticket")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    drawing.saved()


@pytest.mark.parametrize("language", ["ru", "pl"])
def test_the_menus_of_the_drawing_library_speak_the_readers_language(
    open_tab: OpenTab, language: str
) -> None:
    page = open_tab("marta.dabrowska", "/processes/new", language=language)
    page.locator("#name").fill("Words")
    page.locator("#name").press("Enter")
    page.locator("#designer[data-ready=yes]").wait_for()
    page.locator("[data-kind=task]").click()
    page.locator('.djs-context-pad [data-action="replace"]').click()
    titles: list[str] = page.locator(".djs-popup .entry").all_inner_texts()
    missing: list[str] = page.evaluate("[...document.querySelector('#designer').missingTexts]")

    assert titles and not [title for title in titles if re.search("task|Task", title)]
    assert missing == []
