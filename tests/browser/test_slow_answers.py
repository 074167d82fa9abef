"""The server is slow: whoever goes on typing meanwhile loses nothing of it."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from bpm.engine import commands as engine
from bpm.forms import commands as forms
from bpm.people.queries import required_person
from tests.engine.processes import chain, end, process, start, user
from tests.live import Live

pytestmark = pytest.mark.browser
Open = Callable[..., Page]
FORM: dict[str, Any] = {
    "type": "default",
    "id": "trip",
    "title": "Trip",
    "components": [
        {"type": "number", "key": "days", "label": "Days"},
        {"type": "number", "key": "price", "label": "Price of a day"},
        {"type": "expression", "key": "together", "label": "Together", "expression": "days * price", "result": "number"},
        {"type": "textarea", "key": "reason", "label": "Why so dear?", "conditional": {"hide": "=not(together > 1000)"}},
    ],
}  # fmt: skip


class Held:
    """Answers that wait until the test lets them through."""

    def __init__(self, page: Page, address: str) -> None:
        self._routes: list[Route] = []
        self._open = Event()
        self._page = page
        page.route(address, self._hold)

    def _hold(self, route: Route) -> None:
        if self._open.is_set():
            route.continue_()
        else:
            self._routes.append(route)

    def let_through(self) -> None:
        self._open.set()
        for route in self._routes:
            route.continue_()

    def wait_for_one(self) -> None:
        while not self._routes:
            self._page.wait_for_timeout(20)


@pytest.fixture
def trip(live: Live) -> str:
    """A process whose start form computes one answer and asks another only if the trip is dear."""
    installation = live.installation
    with installation.database.writing() as session:
        now = installation.clock.now()
        marta = required_person(session, "marta.dabrowska")
        forms.publish(session, now, marta, "trip", FORM)
        begin = start().replace(
            "</bpmn:startEvent>",
            '<bpmn:extensionElements><bpm:formRef key="trip"/></bpmn:extensionElements></bpmn:startEvent>',
        )
        diagram = process("trip", begin, user("look", "initiator"), end(), chain("begin", "look", "done"))
        engine.deploy(session, now, marta, diagram)
    return "trip"


def fill_in_while_it_is_worked_out(page: Page, held: Held) -> None:
    page.get_by_label("Days").focus()
    page.keyboard.type("3")
    page.keyboard.press("Tab")
    held.wait_for_one()
    page.keyboard.type("50")
    held.let_through()
    expect(page.get_by_label("Price of a day")).to_be_focused()
    page.wait_for_load_state("networkidle")
    page.keyboard.type("0")
    page.keyboard.press("Tab")
    expect(page.get_by_text("1,500")).to_be_visible()
    expect(page.get_by_label("Price of a day")).to_have_value("500")
    expect(page.get_by_label("Why so dear?")).to_be_visible()


def test_a_start_form(open_tab: Open, trip: str) -> None:
    page = open_tab("anna.nowak", f"/start/{trip}")
    fill_in_while_it_is_worked_out(page, Held(page, "**/fields"))


def test_a_form_on_trial(open_tab: Open, trip: str) -> None:
    page = open_tab("marta.dabrowska", f"/forms/{trip}")
    page.locator("#form-builder[data-ready=yes]").wait_for()
    page.get_by_role("button", name="Try it").click()
    expect(page.get_by_label("Days")).to_be_visible()
    fill_in_while_it_is_worked_out(page, Held(page, "**/trial"))
