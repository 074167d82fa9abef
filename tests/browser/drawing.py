"""What a process owner does in the designer, with mouse and keyboard, for tests that draw."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.speech import Speech


class Drawing:
    """The designer page of one process. Steps are named as people see them, its words as in English."""

    def __init__(self, page: Page, speech: Speech | None = None) -> None:
        self.page, self.speech = page, speech or Speech()
        said, self.word = self.speech.page, self.speech.script
        self.canvas = page.get_by_label(said("Diagram"), exact=True).first
        self.panel = page.get_by_role("complementary", name=said("Settings of the selected step"))
        self.outline = page.get_by_role("navigation", name=said("Steps"))
        self.problems = page.get_by_role("region", name=said("Things to mend"))

    def begin(self, name: str) -> None:
        """Make a new process and wait for its empty canvas."""
        said = self.speech.page
        self.page.goto("/processes")
        self.page.get_by_role("link", name=said("Draw a new process")).first.click()
        self.page.get_by_label(said("What is it called?")).fill(name)
        self.page.get_by_role("button", name=said("Begin to draw")).click()
        self.ready()

    def ready(self) -> None:
        """Wait until the diagram is shown."""
        self.page.locator("#designer[data-ready=yes]").wait_for(timeout=30_000)

    def drag(self, kind: str, x: int, y: int) -> None:
        """Drag a kind of step from the palette to a place on the canvas, by mouse."""
        self.kind(kind).hover()
        canvas = self.canvas.bounding_box()
        assert canvas
        mouse = self.page.mouse
        mouse.down()
        mouse.move(canvas["x"] + x - 20, canvas["y"] + y - 10, steps=4)
        dragged = self.page.locator(".djs-drag-active")
        expect(dragged.first).to_be_attached()
        mouse.move(canvas["x"] + x, canvas["y"] + y, steps=4)
        mouse.up()
        expect(dragged).to_have_count(0)

    def press(self, kind: str) -> None:
        """Add a kind of step after the selected one, by keyboard; the cursor is in its name then."""
        self.kind(kind).focus()
        self.page.keyboard.press("Enter")
        expect(self.panel.get_by_label(self.word("Name"), exact=True)).to_be_focused()

    def name(self, text: str) -> None:
        """Type the name of the step whose name field has the cursor, or that was dropped just now."""
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)
        self.page.keyboard.press("Tab")
        expect(self.step(text)).to_be_visible()

    def select(self, name: str) -> None:
        """Select a step in the list of steps, by keyboard."""
        self.step(name).focus()
        self.page.keyboard.press("Enter")
        expect(self.step(name)).to_have_attribute("aria-current", "step")

    def rename(self, text: str) -> None:
        """Give the selected step another name."""
        name = self.panel.get_by_label(self.word("Name"), exact=True)
        name.fill(text)
        name.press("Tab")
        expect(self.step(text)).to_be_visible()

    def kind(self, name: str) -> Locator:
        """The entry of the palette."""
        words = re.escape(self.word(name))
        return self.outline.locator("button[data-kind]").filter(has_text=re.compile(f"^{words}$"))

    def step(self, name: str) -> Locator:
        """The button of a step in the list of steps."""
        return self.outline.locator("button[data-step]").filter(has_text=name).first

    def way(self, target: str) -> Locator:
        """What the panel of a diamond asks about the way to a step."""
        return self.panel.get_by_role("group", name=self.word("Way to “{name}”", name=target))

    def saved(self) -> None:
        """Wait until the server has everything."""
        words = re.escape(self.word("Draft, saved {time}", time=""))
        expect(self.page.get_by_text(re.compile(f"^{words}"))).to_be_visible()

    def publish(self, note: str, number: int = 1) -> None:
        """Publish with a note and wait until it is done."""
        said = self.speech.page
        self.saved()
        self.page.get_by_role("button", name=said("Publish version %(number)s", number=number)).click()
        dialog = self.page.get_by_role("dialog")
        dialog.get_by_label(said("What has changed?")).fill(note)
        dialog.get_by_role("button", name=said("Publish"), exact=True).click()
        published = self.word("Version {number} is published", number=number)
        expect(self.page.get_by_text(published)).to_be_visible()

    def new_form(self, title: str, *fields: tuple[str, str, bool]) -> None:
        """Make the form of what is selected in its own tab and publish it: kind, question, required."""
        with self.page.expect_popup() as opened:
            self.panel.get_by_role("button", name="+ New form").click()
        tab = opened.value
        tab.locator("#form-builder[data-ready=yes]").wait_for()
        panel = tab.get_by_role("complementary", name="Settings of the selected field")
        name = panel.get_by_label("Title of the form")
        name.fill(title)
        name.press("Tab")
        for kind, question, required in fields:
            entry = tab.get_by_role("navigation", name="Fields to add")
            entry.get_by_role("button", name=kind, exact=True).click()
            panel.get_by_label("Question", exact=True).fill(question)
            if required:
                panel.get_by_label("Must it be filled in?").select_option(label="Yes, always")
        expect(tab.get_by_text(re.compile("^Draft, saved "))).to_be_visible()
        tab.get_by_role("button", name="Publish version 1").click()
        tab.get_by_test_id("publish-confirm").click()
        expect(tab.get_by_text("Version 1 is published")).to_be_visible()
        tab.close()
        self.page.bring_to_front()
        self.page.evaluate("dispatchEvent(new Event('focus'))")
        expect(self.panel.get_by_role("option", name=title, exact=True)).to_be_attached()
