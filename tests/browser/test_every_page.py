"""Every page, looked at: wide and narrow, light and dark, in three languages; axe-core finds nothing.

``BPM_SCREENSHOTS=folder`` keeps a picture of each.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page
from sqlalchemy import select

from bpm.config import ROOT
from bpm.engine import commands as engine
from bpm.engine.models import UserTask
from bpm.engine.operations import bulk
from bpm.engine.values import FileReference, RecordReference
from bpm.files.commands import keep
from bpm.installation import Installation
from bpm.notifications.models import OutgoingLetter
from bpm.people.queries import required_person
from bpm.records.commands import create
from tests.live import Live

AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
Open = Callable[..., Page]


@dataclass(frozen=True)
class Look:
    width: int
    dark: bool
    language: str


LOOKS = (
    Look(1280, False, "en"),
    Look(1280, True, "pl"),
    Look(390, False, "ru"),
    Look(390, True, "en"),
)
EVERYBODYS = ("/inbox", "/inbox?tab=take", "/inbox?tab=started", "/start", "/cases", "/records",
              "/records/deal", "/records/deal/new", "/notices", "/me", "/help/expressions", "/help",
              "/help/first-process", "/help/problems", "/help/forms", "/help/decisions", "/help/inbox",
              "/nowhere")  # fmt: skip
ADMINISTRATORS = ("/forms", "/forms/new", "/forms/contract_decision", "/forms/contract_decision/versions",
                  "/forms/contract_decision/versions/1", "/decisions", "/decisions/new",
                  "/decisions/contract_approvers", "/decisions/contract_approvers/versions",
                  "/decisions/contract_approvers/versions/1", "/processes", "/processes/new",
                  "/processes/new/questions", "/processes/new/gallery", "/processes/contract_approval/versions", "/processes/contract_approval/words",
                  "/processes/contract_approval/file",
                  "/processes/contract_approval/draw", "/processes/contract_approval/rehearse",
                  "/processes/contract_approval/compare", "/processes/contract_approval/comments",
                  "/processes/contract_approval/review", "/processes/contract_approval/versions/1",
                  "/processes/contract_approval/versions/1/migrate", "/outbox", "/people", "/people/new",
                  "/cases/many?process=contract_approval")  # fmt: skip
# what answers GET and is no page to look at
NO_PAGES = {
    "the address without a path leads to a page": ("home.page",),
    "parts of pages, fetched again while the page is open": (
        "frame.bell", "frame.rail", "help.trial", "history.listing", "history.standing", "history.story", "inbox.listing", "inbox.state",
        "operators.progress", "designer.migration.progress", "help.tours.seen", "designer.comments.listing",
    ),
    "files and data": (
        "static", "web.style", "texts.catalogue", "inbox.file", "help.topics.picture_file", "history.diagram_source",
        "history.diagram_state", "history.history_csv", "history.history_json", "forms.data.content", "decisions.content",
        "designer.data.draft_diagram", "designer.data.picked", "designer.data.problems", "designer.exchange.export", "designer.export",
        "designer.picture", "designer.compare.source", "designer.rehearsal.diagram", "designer.rehearsal.file",
    ),
    "a page of two versions, as the one of a version is; it needs two people at once": ("forms.copy", "decisions.copy"),
    "for machines": ("health.alive", "health.ready", "operations.metrics"),
}  # fmt: skip


@dataclass(frozen=True)
class Case:
    task: str
    case: str
    contract: str
    letter: str
    person: str
    operation: str

    def pages(self) -> tuple[str, ...]:
        """The pages about it, for whoever has a part in it."""
        return (f"/tasks/{self.task}", f"/cases/{self.case}", f"/cases/{self.case}?view=data",
                f"/cases/{self.case}?view=files", f"/records/contract/{self.contract}",
                f"/records/contract/{self.contract}/edit",
                f"/start/contract_approval?record={self.contract}")  # fmt: skip

    def administered(self) -> tuple[str, ...]:
        """The pages about it for administrators."""
        return (f"/cases/{self.case}/repair", f"/cases/{self.case}/repair?view=values",
                f"/cases/{self.case}/repair?view=version", f"/cases/many/{self.operation}",
                f"/outbox/{self.letter}", f"/people/{self.person}")  # fmt: skip


@pytest.fixture
def contract_case(live: Live) -> Case:
    return contract_on_approval(live.installation)


def contract_on_approval(installation: Installation) -> Case:
    """A contract on approval: four people were asked, one has answered with comments."""
    with installation.database.writing() as session:
        now = installation.clock.now()
        anna = required_person(session, "anna.nowak")
        company = create(session, now, anna, "company", {"name": "Delta"})
        contract = create(
            session, now, anna, "contract",
            {"number": "118", "company": company.public_id, "amount": 1200000, "responsible": "anna.nowak"},
        )  # fmt: skip
        text = keep(session, installation.files, now, anna, "contract-118.txt", b"The text", limit=10_000)
        case = engine.start(
            session, now, anna, "contract_approval",
            {"file": FileReference(text.public_id, text.name, text.size, text.media_type)},
            record=RecordReference("contract", contract.public_id),
        )  # fmt: skip
        task = session.scalars(select(UserTask).where(UserTask.assignee.has(login="emily.clark"))).one()
        other = session.scalars(select(UserTask).where(UserTask.assignee.has(login="pavel.smirnov"))).one()
        pavel = required_person(session, "pavel.smirnov")
        engine.complete(session, now, pavel, other.public_id, "approve_c", {}, "Clause 4 is unclear to me.")
        letter = session.scalars(select(OutgoingLetter).order_by(OutgoingLetter.id)).first()
        assert letter is not None
        # ends with a refusal, which the page tells: nothing has failed in the case
        adam = required_person(session, "adam.kaminski")
        retried = bulk.create(session, now, adam, "retry", {}, instances=[case.public_id])
        return Case(
            task.public_id, case.public_id, contract.public_id, letter.public_id, anna.public_id, retried.public_id
        )  # fmt: skip


# what a page draws by script says when it is drawn
DRAWN = """() => [ ...document.querySelectorAll(
  '[data-texts-url], [data-diagram], [data-rehearsal-diagram], [data-compare], [data-single]'
) ].every(it => it.dataset.ready)"""
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]


def look_at(page: Page, name: str, look: Look) -> list[str]:
    """Return what is wrong with a page. In the dark the colours are what differs from the light."""
    page.wait_for_function(DRAWN)
    folder = os.environ.get("BPM_SCREENSHOTS")
    if folder:
        file = f"{name}-{look.width}-{look.language}{'-dark' if look.dark else ''}.png"
        page.screenshot(path=Path(folder) / file)
    faults = []
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    if wide > 0:
        faults.append(f"{name} {look}: {wide} px wider than the window")
    page.evaluate(AXE.read_text("utf-8"))
    found: dict[str, Any] = page.evaluate(
        # the markup inside the editor of decision tables is the library's: its table has an empty header
        "rules => axe.run({ exclude: ['.dmn-js-parent'] }, { runOnly: rules, resultTypes: ['violations'] })",
        {"type": "rule", "values": ["color-contrast"]} if look.dark else RULES,
    )
    for violation in found["violations"]:
        nodes = "; ".join(node["html"][:160] for node in violation["nodes"][:3])
        faults.append(f"{name} {look}: {violation['id']}: {violation['help']}: {nodes}")
    return faults


@pytest.mark.browser
@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_every_page_is_fit_for_everybody(live: Live, open_tab: Open, contract_case: Case, look: Look) -> None:
    if not AXE.is_file():
        pytest.skip("axe-core is missing: python frontend/build.py --with-tests brings it")
    appearance = {"width": look.width, "dark": look.dark, "language": look.language}
    faults = []
    # given somebody who is not logged in
    page = open_tab(None, "/login", **appearance)
    faults += look_at(page, "login", look)
    # and a lawyer with a contract to approve
    page = open_tab("emily.clark", "/inbox", **appearance)
    for path in (*EVERYBODYS, *contract_case.pages()):
        page.goto(path)
        faults += look_at(page, name_of(path, contract_case), look)
    # and an administrator
    page = open_tab("adam.kaminski", "/", **appearance)
    for path in (*ADMINISTRATORS, *contract_case.administered()):
        page.goto(path)
        faults += look_at(page, name_of(path, contract_case), look)
    # then none of the pages has a fault
    assert faults == []


def test_every_page_there_is_stands_in_the_lists(app: Flask) -> None:
    """A new page must be looked at, or it is said why not."""
    case = Case("task", "case", "contract", "letter", "person", "operation")
    looked_at = {
        app.url_map.bind("localhost").match(path.partition("?")[0])[0]
        for path in ("/login", *EVERYBODYS, *case.pages(), *ADMINISTRATORS, *case.administered())
        if path != "/nowhere"
    }
    excused = {endpoint for endpoints in NO_PAGES.values() for endpoint in endpoints}
    there = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and not rule.endpoint.startswith("api.")
    }
    assert there - looked_at - excused == set(), "nobody looks at these"
    assert excused - there == set(), "these are no more"
    assert looked_at & excused == set(), "these are looked at all the same"


def name_of(path: str, case: Case) -> str:
    for public_id in (case.task, case.case, case.contract, case.letter, case.person, case.operation):
        path = path.replace(public_id, "one")
    return path.strip("/").replace("/", "-").replace("?", "-").replace("=", "-")
