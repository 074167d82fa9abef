"""One undo brings the file back to the letter, whatever was done; one redo brings the change back to the letter."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from bpm.designer import commands, diagram, imports
from bpm.designer.layout import laid_out
from bpm.people.queries import required_person
from tests.browser.drawing import Drawing
from tests.designer.beginners import DIAMOND, END, START, approval, drawing, task
from tests.live import Live

OpenTab = Callable[..., Page]
Results = dict[str, str]

SCRIPT = (Path(__file__).parent / "undoing.js").read_text("utf-8")
LEAVE = laid_out(
    drawing(
        START, approval(), DIAMOND, task("ask"), END,
        ways='start-approve  approve-diamond  diamond-ask[decision = "approve"]  diamond-end*  ask-end',
    )
)  # fmt: skip

# a unit of time says nothing before there is a number
SAYS_NOTHING = re.compile(r"-unit=")

OTHER_TOOLS = Path(os.environ.get("BPM_CONFORMANCE", "/nowhere")) / "import" / "exports"
FILES = (
    "Enterprise Explorer 1.0.0/A.1.0-export.bpmn",
    "BPMN-Modeler for Confluence Enterprise 3.38.0/A.3.0-roundtrip.bpmn",
    "OMNITRACKER BPMN 12.3/A.4.1-roundtrip.bpmn",
    "Bonita BPM 7.2.3/C.3.0-export.bpmn",
    "actiBPM 3.E-8/A.3.0-roundtrip.bpmn",
    "SAP Signavio Process Manager 19.9.0/C.4.0-roundtrip.2.bpmn",
)


@pytest.fixture
def page(open_tab: OpenTab) -> Page:
    """The designer, with what drives it (undoing.js)."""
    shown = Drawing(open_tab("marta.dabrowska", "/processes"))
    shown.begin("Everything")
    shown.page.evaluate(SCRIPT)
    return shown.page


@pytest.fixture
def base(page: Page) -> str:
    """A process with an approval, a diamond and a task, as the designer writes it."""
    text: str = page.evaluate("text => undoing.own(text)", LEAVE)
    return text


def undone_exactly(page: Page, *, least: int) -> None:
    """Everything that was done changed the file, and could be taken back and done again to the letter."""
    results: Results = page.evaluate("undoing.results")
    wrong = {what: became for what, became in results.items() if became not in ("exact", "nothing")}
    assert wrong == {}
    exact = {what for what, became in results.items() if became == "exact"}
    assert len(exact) >= least
    used = {re.sub(r"\d+", "#", what.rpartition(" · ")[2]) for what in exact}
    useless = {re.sub(r"\d+", "#", what.rpartition(" · ")[2]) for what in results.keys() - exact} - used
    assert {what for what in useless if not SAYS_NOTHING.search(what)} == set()


def test_every_control_of_the_panel(page: Page, base: str) -> None:
    """Given each kind of step that can be added, then adding it and each control of its panel is one step."""
    for kind in page.evaluate("undoing.kinds()"):
        page.evaluate("given => undoing.kind(...given)", [base, "ask", kind, ["panel"]])
    page.evaluate("base => undoing.panelOf(base, null, 'diamond_ask', 'diamond', 'start', 'end')", base)
    undone_exactly(page, least=800)


def test_every_replacement_and_the_context_pad(page: Page, base: str) -> None:
    """Given each kind of step, then whatever it can become, and what stands beside it, is one step."""
    for kind in page.evaluate("undoing.kinds()"):
        if kind.startswith("bpmn-"):  # the others are the same under plain names
            page.evaluate("given => undoing.kind(...given)", [base, "ask", kind, ["replace", "pad"]])
    undone_exactly(page, least=700)


def test_what_is_done_on_the_canvas_and_in_the_list_of_steps(page: Page, base: str) -> None:
    """Given colours, moves, labels, events at edges, pools and lanes, rows of the list: each is one step."""
    page.evaluate("base => undoing.canvas(base)", base)
    page.evaluate("base => undoing.rows(base)", base)
    undone_exactly(page, least=60)


@pytest.mark.skipif(
    not OTHER_TOOLS.is_dir(), reason="BPM_CONFORMANCE names no folder with files of other tools"
)
def test_files_of_other_tools(page: Page) -> None:
    """Given their files, with their own ways of writing and several drawings, then all that holds too."""
    for name in FILES:
        text = imports.with_drawing(diagram.decoded((OTHER_TOOLS / name).read_bytes()))
        page.evaluate("given => undoing.imported(...given)", [name, text])
    undone_exactly(page, least=150)


TWO = LEAVE.replace(
    "</bpmn:definitions>",
    '<bpmndi:BPMNDiagram id="other" name="Other"><bpmndi:BPMNPlane id="other_plane" bpmnElement="other_process">'
    '<bpmndi:BPMNShape id="pay_di" bpmnElement="pay"><dc:Bounds x="200" y="80" width="100" height="80"/>'
    "</bpmndi:BPMNShape></bpmndi:BPMNPlane></bpmndi:BPMNDiagram>\n</bpmn:definitions>",
).replace(
    "<bpmndi:BPMNDiagram",
    '<bpmn:process id="other_process" name="Other"><bpmn:task id="pay" name="Pay"/></bpmn:process>\n'
    "<bpmndi:BPMNDiagram",
    1,
)


def test_undo_goes_back_through_the_drawings_of_a_file(live: Live, open_tab: OpenTab) -> None:
    """Given a file with two drawings and a mark at its beginning, when both are changed, then undo goes back
    to the first one, and the file that is kept is the one that came, mark and all."""
    content = b"\xef\xbb\xbf" + TWO.encode()
    with live.installation.database.writing() as session:
        marta = required_person(session, "marta.dabrowska")
        draft = commands.import_diagram(session, live.installation.clock.now(), marta, content)
        key = draft.process_key
    shown = Drawing(open_tab("marta.dabrowska", f"/processes/{key}/draw"))
    shown.ready()
    undo = shown.page.get_by_role("button", name="Undo")
    redo = shown.page.get_by_role("button", name="Redo")
    drawings = shown.page.locator('[data-part="drawings"] select')

    shown.select("Ask")
    shown.panel.get_by_label("Name", exact=True).fill("Ask again")
    shown.page.keyboard.press("Tab")
    expect(shown.step("Ask again")).to_be_visible()
    drawings.select_option(label="Other")
    shown.select("Pay")
    shown.panel.get_by_label("Name", exact=True).fill("Pay later")
    shown.page.keyboard.press("Tab")
    expect(shown.step("Pay later")).to_be_visible()
    shown.saved()
    assert kept(shown.page).startswith(b"\xef\xbb\xbf<?xml")
    assert b'"Ask again"' in kept(shown.page) and b'"Pay later"' in kept(shown.page)

    undo.click()
    expect(shown.step("Pay")).to_be_visible()
    undo.click()
    expect(shown.step("Ask")).to_be_visible()
    expect(drawings).not_to_have_value("Other")
    expect(undo).to_be_disabled()
    shown.saved()
    assert kept(shown.page) == content

    redo.click()
    expect(shown.step("Ask again")).to_be_visible()
    redo.click()
    expect(shown.step("Pay later")).to_be_visible()
    expect(redo).to_be_disabled()


def kept(page: Page) -> bytes:
    """The draft on the server."""
    return page.request.get(page.locator("#designer").get_attribute("data-diagram-url") or "").body()
