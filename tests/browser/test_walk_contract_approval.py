"""Contract approval as a newcomer makes it, in each language: from the questions to a case that has ended.

With mouse and keyboard only; no drawing is loaded and no API is called.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import FilePayload, Locator, Page, expect

from bpm.designer.diagram import key_from
from bpm.designer.questions import words
from bpm.language import format_number, using
from tests.browser.drawing import Drawing
from tests.browser.speech import Speech

OpenTab = Callable[..., Page]
# what the newcomer types
TYPED = {
    "en": {
        "process": "Contract approval",
        "number": "Number",
        "sum": "Sum",
        "file": "Contract",
        "send": "Send the contract to the client",
        "sign": "Sign on our side",
        "letter": "Your contract is agreed. Its number: ",
    },
    "ru": {
        "process": "Согласование договора",
        "number": "Номер",
        "sum": "Сумма",
        "file": "Договор",
        "send": "Отправить договор клиенту",
        "sign": "Подписать с нашей стороны",
        "letter": "Ваш договор согласован. Его номер: ",
    },
    "pl": {
        "process": "Uzgadnianie umowy",
        "number": "Numer",
        "sum": "Kwota",
        "file": "Umowa",
        "send": "Wyślij umowę do klienta",
        "sign": "Podpisz z naszej strony",
        "letter": "Twoja umowa jest uzgodniona. Jej numer: ",
    },
}
CONTRACT: FilePayload = {"name": "contract.txt", "mimeType": "text/plain", "buffer": b"Between us and Delta"}


class Walk:
    """Somebody in front of the program who reads it in one language."""

    def __init__(self, page: Page, speech: Speech) -> None:
        self.page, self.speech, self.said = page, speech, speech.page
        self.typed = TYPED[speech.language]

    def drawn(self, texts: words.Words, what: str = "") -> str:
        """Return a name that the questions give to a step."""
        return texts[self.speech.language].replace("{}", what)

    def number(self, number: int) -> str:
        with using(self.speech.language):
            return format_number(number)

    def field(self, words: str, nth: int = 0) -> Locator:
        return self.page.get_by_label(self.said(words)).nth(nth)

    def press(self, words: str) -> None:
        self.page.get_by_role("button", name=self.said(words), exact=True).last.click()


@pytest.mark.parametrize("language", ["en", "ru", "pl"])
def test_a_newcomer_makes_contract_approval_and_it_runs(open_tab: OpenTab, language: str) -> None:
    speech = Speech(language)
    owner = Walk(open_tab("marta.dabrowska", "/processes", language=language), speech)

    answer_the_questions(owner)
    adjust(owner)
    rehearse(owner)
    publish(owner)
    run(open_tab, speech)


# ------------------------------------------------------------------------------------ questions


def answer_the_questions(walk: Walk) -> None:
    said, typed, page = walk.said, walk.typed, walk.page
    page.get_by_role("link", name=said("Draw a new process")).first.click()
    page.get_by_role("link", name=said("Answer the questions")).click()
    walk.field("What shall it be called?").fill(typed["process"])
    page.keyboard.press("Enter")

    expect(walk.field("Who may start it?")).to_be_visible()
    walk.press("Next")

    kinds = ("A line of text", "A sum of money", "A file")
    for number, (name, kind) in enumerate(zip(("number", "sum", "file"), kinds, strict=True)):
        walk.field("Name of the field", number).fill(typed[name])
        walk.field("What is written there", number).select_option(label=said(kind))
        walk.field("Must be filled in", number).check()
    walk.press("Next")

    walk.field("Who approves?").select_option(label="Emily Clark")
    walk.press("More people")
    walk.field("And who else?").select_option(label="Dmitri Sokolov")
    page.get_by_label(said("“%(field)s” is more than", field=typed["sum"])).fill("1000000")
    walk.field("Then this one decides too").select_option(label="Helena Kowalska")
    walk.press("Next")

    expect(page.get_by_role("img", name=said("Diagram of %(name)s", name=typed["process"]))).to_be_visible()
    walk.press("Next")

    walk.field("If approved, a task for somebody").fill(typed["send"])
    walk.field("And one more task after it").fill(typed["sign"])
    walk.field("Who does the one after it?").select_option(label="Helena Kowalska")
    walk.press("Draw the process")
    Drawing(page, walk.speech).ready()


# ------------------------------------------------------------------------------------- designer


def adjust(walk: Walk) -> None:
    typed, drawing = walk.typed, Drawing(walk.page, walk.speech)
    panel, word = drawing.panel, walk.speech.script
    expect(drawing.problems.get_by_role("listitem")).to_have_count(0)

    # another approver
    drawing.select(walk.drawn(words.APPROVE_WHAT, typed["process"]))
    panel.get_by_label(word("Voter {number}", number=2)).select_option(label="Katarzyna Lis")

    # a deadline with a reminder
    drawing.select(typed["send"])
    panel.get_by_label(word("Due in"), exact=True).fill("2")
    panel.get_by_label(word("Due in"), exact=True).press("Tab")
    panel.get_by_label(word("Remind before"), exact=True).fill("1")
    panel.get_by_label(word("Remind before"), exact=True).press("Tab")

    # what counts as large
    drawing.select(walk.drawn(words.LARGE, walk.number(1_000_000)))
    drawing.rename(walk.drawn(words.LARGE, walk.number(500_000)))
    way = drawing.way(walk.drawn(words.CONFIRM, typed["process"]))
    way.get_by_label(word("Value")).fill("500000")
    way.get_by_label(word("Value")).press("Tab")

    # the letter
    drawing.select(walk.drawn(words.LETTER) + ": " + walk.drawn(words.APPROVED).lower())
    text = panel.locator("textarea").first
    text.fill(typed["letter"])
    text.press("End")
    panel.get_by_test_id("input-text-insert").click()
    panel.get_by_role("button", name=typed["number"], exact=True).click()
    expect(text).to_have_value(typed["letter"] + "{" + key_from(typed["number"]) + "}")
    drawing.saved()


# ------------------------------------------------------------------------------------ rehearsal


class Rehearsal:
    """The page on which a drawing is played through."""

    def __init__(self, walk: Walk) -> None:
        self.walk, self.page, self.said = walk, walk.page, walk.said

    def card(self, title: str, holder: str = "") -> Locator:
        """A form that can be sent: its heading, and whom it waits for."""
        heads = self.page.locator("header").filter(has_text=title).filter(has_text=holder)
        return self.page.get_by_role("article").filter(has=heads)

    def press(self, button: Locator) -> None:
        """Press a button and wait until the rehearsal has gone on."""
        before = self.page.locator("#rehearsal input[name=step]").first.input_value()
        button.press("Enter")
        expect(self.page.locator(f"#rehearsal input[name=step][value='{before}']")).to_have_count(0)

    def decide(self, card: Locator, button: words.Words, comment: str = "") -> None:
        if comment:
            card.get_by_label(self.said("Comment")).fill(comment)
        self.press(card.get_by_role("button", name=self.walk.drawn(button), exact=True))


def rehearse(walk: Walk) -> None:
    page, said, typed = walk.page, walk.said, walk.typed
    rehearsal = Rehearsal(walk)
    approve = walk.drawn(words.APPROVE_WHAT, typed["process"])
    walk.press("Rehearse")

    begin = rehearsal.card(said("Begin a case"))
    begin.get_by_label(typed["number"]).fill("118")
    begin.get_by_label(typed["sum"]).first.fill("600000")
    rehearsal.press(begin.get_by_role("button", name=typed["process"]))

    rehearsal.decide(rehearsal.card(approve, "Emily Clark"), words.REVISE, "§ 42")
    rehearsal.decide(rehearsal.card(approve, "Katarzyna Lis"), words.APPROVE)
    rework = rehearsal.card(walk.drawn(words.REWORK))
    expect(rework.get_by_text("§ 42")).to_be_visible()
    rehearsal.decide(rework, words.RESUBMIT)

    time = page.get_by_role("listitem").filter(has_text=said("A reminder goes out"))
    rehearsal.press(time.get_by_role("button"))
    reminded = said("Notice to %(whom)s", whom="Emily Clark")
    expect(page.get_by_text(reminded).nth(1)).to_be_visible()

    for approver in ("Emily Clark", "Katarzyna Lis"):
        rehearsal.decide(rehearsal.card(approve, approver), words.APPROVE)
    # more than is now the limit: the director too
    confirm = rehearsal.card(walk.drawn(words.CONFIRM, typed["process"]))
    rehearsal.decide(confirm, words.APPROVE)
    for task in ("send", "sign"):
        rehearsal.press(rehearsal.card(typed[task]).get_by_role("button").first)
    ended = said("The case has ended: %(end)s.", end=walk.drawn(words.APPROVED))
    expect(page.get_by_role("heading", name=ended)).to_be_visible()
    subject = f"{typed['process']}: {walk.drawn(words.APPROVED).lower()}"
    page.get_by_role("listitem").get_by_text(subject).click()
    expect(page.get_by_text(typed["letter"] + "118")).to_be_visible()

    walk.press("Try every path")
    report = page.get_by_role("region", name=said("Try every path"))
    expect(report.get_by_text(said("Reached"), exact=True)).to_have_count(3, timeout=30_000)
    for missing in ("Not reached", "Never reached", "Never true", "Stands still"):
        expect(report.get_by_text(said(missing), exact=True)).to_have_count(0)
    page.get_by_role("link", name=said("Back to the drawing")).click()


def publish(walk: Walk) -> None:
    drawing = Drawing(walk.page, walk.speech)
    drawing.ready()
    drawing.publish("1")


# ------------------------------------------------------------------------------------- for real


def run(open_tab: OpenTab, speech: Speech) -> None:
    boris = Walk(open_tab("boris.petrov", "/start", language=speech.language), speech)
    typed, said = boris.typed, boris.said
    boris.page.get_by_role("link", name=typed["process"]).first.click()
    boris.page.get_by_label(typed["number"]).fill("119")
    boris.page.get_by_label(typed["sum"]).first.fill("300000")
    boris.page.get_by_label(typed["file"]).set_input_files(CONTRACT)
    boris.page.get_by_role("button", name=typed["process"]).click()

    approve = boris.drawn(words.APPROVE_WHAT, typed["process"])
    for approver in ("emily.clark", "katarzyna.lis"):
        walk = Walk(open_tab(approver, "/inbox", language=speech.language), speech)
        walk.page.get_by_role("link", name=approve).click()
        expect(walk.page.get_by_text("119", exact=True).first).to_be_visible()
        walk.page.get_by_role("button", name=walk.drawn(words.APPROVE), exact=True).click()
        expect(walk.page.get_by_role("link", name=approve)).to_have_count(0)

    boris.page.goto("/inbox")
    boris.page.get_by_role("link", name=typed["send"]).click()
    boris.press("Done")
    helena = Walk(open_tab("helena.kowalska", "/inbox", language=speech.language), speech)
    helena.page.get_by_role("link", name=typed["sign"]).click()
    helena.press("Done")
    expect(helena.page.get_by_role("link", name=typed["sign"])).to_have_count(0)

    boris.page.goto("/cases")
    expect(boris.page.get_by_text(said("Completed")).last).to_be_visible()
    boris.page.get_by_role("link", name=typed["process"]).first.click()
    expect(
        boris.page.get_by_text(said("The case is finished: %(end)s.", end=boris.drawn(words.APPROVED)))
    ).to_be_visible()
    for person, step, button in (
        ("Emily Clark", approve, boris.drawn(words.APPROVE)),
        ("Katarzyna Lis", approve, boris.drawn(words.APPROVE)),
        ("Helena Kowalska", typed["sign"], said("Done")),
    ):
        told = said(
            "%(person)s decided in “%(step)s”: %(outcome)s.", person=person, step=step, outcome=button
        )
        expect(boris.page.get_by_text(told)).to_be_visible()
    # what was renamed is called so for its readers too
    renamed = boris.drawn(words.LARGE, boris.number(500_000))
    told = said("“%(question)s” → %(ways)s", question=renamed, ways=boris.drawn(words.LARGE_NO))
    expect(boris.page.get_by_text(told)).to_be_visible()
    expect(boris.page.locator('[data-element-id="next_task"].bpm-taken')).to_have_count(1)
    expect(boris.page.locator('[data-element-id="confirm"].bpm-taken')).to_have_count(0)
