"""The list of steps: a process built, changed and read with the keyboard alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.drawing import Drawing
from tests.browser.test_slow_answers import Held

OpenTab = Callable[..., Page]


class Outline:
    """What somebody does in the list of steps who has no mouse. Steps are named as people see them."""

    def __init__(self, drawing: Drawing) -> None:
        self.drawing, self.page = drawing, drawing.page

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def focus(self, name: str) -> None:
        """Walk to a step with the arrow keys."""
        self.page.keyboard.press("Home")
        for _step in range(40):
            if self.page.evaluate("document.activeElement.textContent").startswith(name):
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"no step {name}")

    def choose(self, text: str) -> None:
        """Walk to an entry of the open menu and take it."""
        seen = []
        for _entry in range(60):
            focused = self.page.evaluate("document.activeElement.textContent")
            seen.append(focused[:30])
            if focused.startswith(text):
                self.page.keyboard.press("Enter")
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"no entry {text} among {seen[:8]}")

    def act(self, *entries: str) -> None:
        """Open the menu of the focused step and choose, one list after the other."""
        self.press("ArrowRight", "Enter", "ArrowDown")
        for entry in entries:
            self.choose(entry)

    def name(self, text: str) -> None:
        """Type the name of what was just added, and come back to its row."""
        expect(self.drawing.panel.get_by_label("Name", exact=True)).to_be_focused()
        self.press("Control+A")
        self.page.keyboard.type(text)
        self.press("Tab")
        expect(self.drawing.step(text)).to_be_visible()
        self.back(text)

    def back(self, text: str) -> None:
        self.press("Escape")
        expect(self.drawing.step(text)).to_be_focused()

    def arranged(self) -> None:
        """Wait until the diagram has followed and is saved."""
        self.drawing.saved()


@pytest.fixture
def outline(open_tab: OpenTab) -> Outline:
    drawing = Drawing(open_tab("marta.dabrowska", "/processes"))
    drawing.begin("Order of a chair")
    return Outline(drawing)


def begin(outline: Outline) -> None:
    outline.drawing.outline.get_by_text("+ Add a step").focus()
    outline.press("Enter", "ArrowDown", "Enter")
    expect(outline.drawing.step("Start")).to_be_visible()
    outline.name("Wanted")


def add(outline: Outline, kind: str, name: str) -> None:
    outline.press("+")
    outline.choose(kind)
    outline.name(name)


def drawn(page: Page) -> dict[str, Any]:
    """The places of everything, as the server's tests of the layout want them."""
    return page.evaluate(
        """async () => {
            const root = document.querySelector('#designer');
            const xml = await (await fetch(root.dataset.diagramUrl)).text();
            const doc = new DOMParser().parseFromString(xml, 'application/xml');
            const box = node => Object.fromEntries(['x', 'y', 'width', 'height'].map(n => [n, Number(node.getAttribute(n))]));
            const all = tag => [...doc.getElementsByTagName(tag)];
            return { xml, shapes: all('bpmndi:BPMNShape').map(s => [s.getAttribute('bpmnElement'), box(s.getElementsByTagName('dc:Bounds')[0])]) };
        }"""
    )


def who(outline: Outline, name: str, person: str) -> None:
    outline.act("Choose who does it")
    expect(outline.drawing.panel.locator("[name=assignment-to]")).to_be_focused()
    outline.page.keyboard.type(person)
    outline.press("Tab")
    outline.back(name)


def test_a_two_branch_approval_is_built_with_the_keyboard_alone(outline: Outline) -> None:
    drawing, page = outline.drawing, outline.page
    begin(outline)
    add(outline, "Task", "Write the offer")
    who(outline, "Write the offer", "Who started")
    add(outline, "End", "Agreed")

    outline.focus("Write the offer")
    outline.act("Let the ways part after this…", "All ways at once")
    outline.name("Both look at it")
    outline.focus("New task")
    outline.press("F2")
    outline.name("Lawyer approves")
    who(outline, "Lawyer approves", "The manager")
    outline.focus("New task")
    outline.press("F2")
    outline.name("Finance approves")
    who(outline, "Finance approves", "The manager")

    ways = drawing.outline.get_by_role("list", name="Ways from “Both look at it”")
    expect(ways).to_contain_text("Lawyer approves")
    expect(ways).to_contain_text("Finance approves")
    page.keyboard.press("Control+s")
    drawing.saved()
    drawing.problems.get_by_text("Nothing to mend").wait_for()
    assert_nothing_overlaps(page)

    drawing.step("Wanted").focus()
    outline.focus("Write the offer")
    outline.press("Delete")
    expect(drawing.step("Write the offer")).to_have_count(0)
    expect(drawing.step("Wanted")).to_be_focused()
    page.keyboard.press("Control+z")
    expect(drawing.step("Write the offer")).to_be_visible()


def test_whoever_goes_on_while_the_places_are_found_gets_them_too(outline: Outline) -> None:
    drawing, page = outline.drawing, outline.page
    begin(outline)
    add(outline, "Task", "Write the offer")
    add(outline, "End", "Agreed")
    outline.focus("Write the offer")
    held = Held(page, "**/layout")

    outline.act("Let the ways part after this…", "All ways at once")
    held.wait_for_one()
    outline.name("Both look at it")
    held.let_through()

    drawing.saved()
    assert_nothing_overlaps(page)


def clashes(shapes: list[tuple[str, dict[str, float]]]) -> list[tuple[str, str]]:
    return [
        (one, other)
        for index, (one, a) in enumerate(shapes)
        for other, b in shapes[index + 1 :]
        if a["x"] < b["x"] + b["width"]
        and b["x"] < a["x"] + a["width"]
        and a["y"] < b["y"] + b["height"]
        and b["y"] < a["y"] + a["height"]
    ]


def assert_nothing_overlaps(page: Page) -> None:
    """Soon nothing does: the places come from the server and are saved after that."""
    for _try in range(40):
        shapes = drawn(page)["shapes"]
        assert len(shapes) == 7
        if not clashes(shapes):
            return
        page.wait_for_timeout(250)
    assert clashes(shapes) == []
