"""Versions in the browser: what differs, two who draw at once, comments by keyboard, cases that go over."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from bpm.designer import commands as designer
from bpm.designer.layout import laid_out as layout
from bpm.engine import commands as engine
from bpm.engine.models import ProcessVersion
from bpm.people.queries import required_person
from tests.browser.drawing import Drawing
from tests.browser.test_every_page import AXE, Look, Open, look_at
from tests.designer.diagrams import runnable
from tests.engine.processes import APPROVAL
from tests.live import Live

LOOKS = (Look(1280, False, "en"), Look(390, True, "en"))
PROCESS = "/processes/contract_approval"


@pytest.fixture
def draft(live: Live) -> None:
    """A draft of the contract approval: a setting, a button, a name, and a place on the paper differ."""
    installation = live.installation
    with installation.database.writing() as session:
        xml = session.scalars(
            select(ProcessVersion.xml).where(ProcessVersion.process_key == "contract_approval")
        ).one()
        for old, new in (
            ('name="approval_term" value="2wd"', 'name="approval_term" value="1wd"'),
            ('name="Approvers"', 'name="Who approves"'),
            ('label="Refuse" comment="required"', 'label="Refuse" comment="optional"'),
        ):
            assert old in xml
            xml = xml.replace(old, new, 1)
        xml = re.sub(r'(bpmnElement="prepare">\s*<dc:Bounds x=")(\d+)', r"\g<1>1\2", xml, count=1)
        adam = required_person(session, "adam.kaminski")
        designer.save_draft(
            session, installation.clock.now(), adam, "contract_approval", xml, svg=None, revision=0
        )


@pytest.fixture
def small(live: Live) -> str:
    """The address of a small process of which there is a draft."""
    installation = live.installation
    with installation.database.writing() as session:
        now, adam = installation.clock.now(), required_person(session, "adam.kaminski")
        key = designer.create_draft(session, now, adam, "Leave").process_key
        designer.save_draft(session, now, adam, key, laid_out(runnable(key)), svg=None, revision=1)
    return f"/processes/{key}"


@pytest.fixture
def cases(live: Live) -> None:
    """Three requests on a version whose step has another id in the next one."""
    installation = live.installation
    with installation.database.writing() as session:
        now, anna = installation.clock.now(), required_person(session, "anna.nowak")
        engine.deploy(session, now, None, laid_out(APPROVAL))
        for number in (118, 119, 120):
            engine.start(session, now, anna, "approval", {"number": number, "amount": 5})
        renamed = APPROVAL.replace('id="ask" name="Ask"', 'id="request" name="Decide"').replace(
            'Ref="ask"', 'Ref="request"'
        )
        assert renamed.count("request") > 2
        engine.deploy(session, now, None, laid_out(renamed))


def laid_out(xml: str) -> str:
    """A diagram with places for its elements."""
    placed = layout(xml)
    return placed if isinstance(placed, str) else placed.decode()


def drawn(page: Page) -> None:
    """Wait until the drawings are shown."""
    page.locator("[data-compare][data-ready=yes], [data-single][data-ready=yes]").first.wait_for()


@pytest.mark.browser
def test_what_differs_is_said_and_shown_in_both_drawings(live: Live, open_tab: Open, draft: None) -> None:
    page = open_tab("adam.kaminski", f"{PROCESS}/versions")
    page.get_by_role("link", name="Compare", exact=True).first.click()
    drawn(page)
    # then the sentences name steps and settings in people's words
    expect(page.get_by_text("setting “Term of an approval”: value 2 → 1 working day")).to_be_visible()
    expect(page.get_by_text("button “Refuse” now takes a comment if one is given")).to_be_visible()
    # and each leads to its element in both drawings
    line = page.get_by_role("button", name="“Approvers” is now called “Who approves”")
    line.focus()
    page.keyboard.press("Enter")
    expect(line).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".bpm-shown[data-element-id=approvers_by_table]")).to_have_count(2)
    # and the drawings show the same place
    page.locator("[data-side=old]").get_by_role("button", name="Larger").click()
    places = page.evaluate(
        "[...document.querySelectorAll('[data-side] svg > g.viewport')].map(one => [...'abcdef'].map("
        "name => Math.round(100 * one.getCTM()[name]) / 100))"
    )
    assert places[0] == pytest.approx(places[1], abs=0.1)


@pytest.mark.browser
@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_pages_of_versions_are_fit_for_everybody(
    live: Live, open_tab: Open, draft: None, cases: None, look: Look
) -> None:
    if not AXE.is_file():
        pytest.skip("axe-core is missing: python frontend/build.py --with-tests brings it")
    page = open_tab(
        "adam.kaminski", f"{PROCESS}/versions", width=look.width, dark=look.dark, language=look.language
    )
    faults = look_at(page, "versions", look)
    for name in ("compare", "review", "comments", "versions/1"):
        page.goto(f"{PROCESS}/{name}")
        drawn(page)
        faults += look_at(page, f"versions-{name.replace('/', '-')}", look)
    page.goto("/processes/approval/versions/1/migrate?to=2&map:ask=request")
    drawn(page)
    faults += look_at(page, "versions-migrate", look)
    assert faults == []


@pytest.mark.browser
def test_cases_are_tried_out_moved_and_put_back(live: Live, open_tab: Open, cases: None) -> None:
    page = open_tab("adam.kaminski", "/processes/approval/versions/1/migrate")
    drawn(page)
    # given cases at a step that is gone
    expect(page.get_by_text("0 cases can go over to version 2.")).to_be_visible()
    page.get_by_label("“Ask” is now").select_option("request")
    page.get_by_role("button", name="Look again").click()
    # when it is said what the step is now, the dry run lets all three go
    expect(page.get_by_text("3 cases can go over to version 2.")).to_be_visible()
    page.get_by_role("button", name="Move 3 cases").click()
    expect(page.get_by_text("3 of 3 cases have gone over")).to_be_visible(timeout=15_000)
    # and they can be put back
    page.get_by_role("button", name="Put 3 cases back").click()
    expect(page.get_by_text("3 of 3 cases are back on their former version")).to_be_visible(timeout=15_000)


@pytest.mark.browser
def test_two_who_draw_at_once_lose_nothing(live: Live, open_tab: Open, small: str) -> None:
    adam = open_tab("adam.kaminski", f"{small}/draw")
    second = open_tab("adam.kaminski", f"{small}/draw")
    for page in (adam, second):
        Drawing(page).ready()
    # given two pages; the first one saves
    Drawing(adam).select("Decide")
    Drawing(adam).panel.get_by_label("Name", exact=True).fill("From the first page")
    adam.keyboard.press("Tab")
    Drawing(adam).saved()
    # when the second saves too, its drawing is kept beside
    Drawing(second).select("Decide")
    Drawing(second).panel.get_by_label("Name", exact=True).fill("From the second page")
    second.keyboard.press("Tab")
    expect(
        second.get_by_text(re.compile("What you draw here is kept as “Adam Kamiński’s copy"))
    ).to_be_visible()
    expect(second.get_by_role("link", name="Compare").first).to_be_visible()
    # and it can be gone on with: then the other one is the copy
    second.get_by_role("button", name="Go on with mine").click()
    Drawing(second).ready()
    expect(Drawing(second).step("From the second page")).to_be_visible()
    second.goto(f"{small}/versions")
    expect(second.get_by_role("heading", name="Copies kept when two people drew at once")).to_be_visible()


@pytest.mark.browser
def test_a_comment_is_made_and_settled_with_the_keyboard(live: Live, open_tab: Open, small: str) -> None:
    page = open_tab("adam.kaminski", f"{small}/draw")
    drawing = Drawing(page)
    drawing.ready()
    drawing.select("Decide")
    writer = drawing.panel.get_by_label("New comment")
    writer.focus()
    page.keyboard.type("Is this right, @olga")
    expect(page.get_by_role("option", name=re.compile("@olga.ivanova"))).to_be_visible()
    page.keyboard.press("Enter")
    page.keyboard.type("?")
    page.keyboard.press("Control+Enter")
    expect(drawing.panel.get_by_text("Comments (1 open)")).to_be_visible(timeout=15_000)
    expect(page.get_by_role("img", name="1 open comment")).to_be_visible()
    # then Olga is told, looks at the draft and answers
    olga = open_tab("olga.ivanova", "/notices")
    olga.get_by_text("mentioned you in a comment").first.click()
    drawn(olga)
    olga.get_by_text("Answer", exact=True).first.click()
    olga.get_by_label("Your answer").fill("It is.")
    olga.get_by_role("button", name="Answer", exact=True).click()
    expect(olga.get_by_text("It is.")).to_be_visible()
    # and it is settled
    page.reload()
    drawing.ready()
    drawing.select("Decide")
    drawing.panel.get_by_role("button", name="Settle").focus()
    page.keyboard.press("Enter")
    expect(drawing.panel.get_by_text("1 settled")).to_be_visible()
