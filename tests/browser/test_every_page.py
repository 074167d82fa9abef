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
from playwright.sync_api import Page
from sqlalchemy import select

from bpm.config import ROOT
from bpm.engine import commands as engine
from bpm.engine.models import UserTask
from bpm.engine.values import FileReference, RecordReference
from bpm.files.commands import keep
from bpm.installation import Installation
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
              "/help/first-process", "/help/problems", "/nowhere")  # fmt: skip
ADMINISTRATORS = ("/forms", "/forms/new", "/forms/contract_decision", "/forms/contract_decision/versions",
                  "/forms/contract_decision/versions/1", "/decisions", "/decisions/new",
                  "/decisions/contract_approvers", "/decisions/contract_approvers/versions",
                  "/decisions/contract_approvers/versions/1", "/processes", "/processes/new", "/processes/contract_approval/versions", "/processes/contract_approval/words",
                  "/processes/contract_approval/file",
                  "/processes/contract_approval/draw", "/processes/contract_approval/rehearse",
                  "/processes/contract_approval/compare", "/processes/contract_approval/comments",
                  "/processes/contract_approval/review", "/processes/contract_approval/versions/1",
                  "/processes/contract_approval/versions/1/migrate", "/outbox", "/people", "/people/new")  # fmt: skip


@dataclass(frozen=True)
class Case:
    task: str
    case: str
    contract: str

    def pages(self) -> tuple[str, ...]:
        """The pages about it."""
        return (f"/tasks/{self.task}", f"/cases/{self.case}", f"/cases/{self.case}?view=data",
                f"/cases/{self.case}?view=files", f"/records/contract/{self.contract}",
                f"/records/contract/{self.contract}/edit",
                f"/start/contract_approval?record={self.contract}")  # fmt: skip


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
        return Case(task.public_id, case.public_id, contract.public_id)


def look_at(page: Page, name: str, look: Look) -> list[str]:
    """Return what is wrong with a page."""
    page.wait_for_load_state("networkidle")
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
        "axe.run({ exclude: ['.dmn-js-parent'] },"
        " { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'] })"
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
    for path in ADMINISTRATORS:
        page.goto(path)
        faults += look_at(page, name_of(path, contract_case), look)
    # then none of the pages has a fault
    assert faults == []


def name_of(path: str, case: Case) -> str:
    for public_id in (case.task, case.case, case.contract):
        path = path.replace(public_id, "one")
    return path.strip("/").replace("/", "-").replace("?", "-").replace("=", "-")
