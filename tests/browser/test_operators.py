"""Operators' pages, looked at wide and narrow; ticks in the list outlive its being read again."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from bpm.engine import commands as engine
from bpm.engine.models import ProcessVersion
from bpm.people.queries import required_person
from tests.browser.test_every_page import AXE, Look, Open, look_at
from tests.engine.processes import APPROVAL, chain, end, process, service, start, user
from tests.live import Live

LOOKS = (Look(1280, False, "en"), Look(390, True, "en"))
CALLING = process(
    "calling", start(), service("fetch", "no.such"), user("look", "person", "boris.petrov"), end(),
    chain("begin", "fetch", "look", "done"), name="Credit check",
)  # fmt: skip


@pytest.fixture
def cases(live: Live) -> list[str]:
    """Three requests, one step of which is renamed in a second version, and a case that stands still."""
    installation = live.installation
    with installation.database.writing() as session:
        now = installation.clock.now()
        boris, anna = required_person(session, "boris.petrov"), required_person(session, "anna.nowak")
        version: ProcessVersion = engine.deploy(session, now, None, APPROVAL)
        engine.deploy(session, now, None, CALLING)
        found = [
            engine.start(session, now, anna, version.process_key, {"number": number, "amount": 5}).public_id
            for number in range(118, 121)
        ]
        found.append(engine.start(session, now, boris, "calling", {}).public_id)
        renamed = APPROVAL.replace('id="ask"', 'id="request"').replace('Ref="ask"', 'Ref="request"')
        engine.deploy(session, now, None, renamed)
    return found


@pytest.mark.browser
@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_operators_pages_are_fit_for_everybody(
    live: Live, open_tab: Open, cases: list[str], look: Look
) -> None:
    if not AXE.is_file():
        pytest.skip("axe-core is missing: python frontend/build.py --with-tests brings it")
    page: Page = open_tab(
        "adam.kaminski", "/cases?process=approval", width=look.width, dark=look.dark, language=look.language
    )
    faults = look_at(page, "operators-cases", look)
    one, still = cases[0], cases[3]
    paths = {
        "move": f"/cases/{one}/repair",
        "values": f"/cases/{one}/repair?view=values",
        "version": f"/cases/{one}/repair?view=version",
        "version-cannot": f"/cases/{one}/repair?view=version&to=2",
        "version-can": f"/cases/{one}/repair?view=version&to=2&map:ask=request",
        "many": f"/cases/many?case={cases[0]}&case={cases[1]}",
        "many-process": "/cases/many?process=approval",
        "incident": f"/cases/{still}",
    }
    for name, path in paths.items():
        page.goto(path)
        faults += look_at(page, f"operators-{name}", look)
    page.goto(f"/cases/many?case={cases[0]}&case={cases[3]}")
    page.get_by_label("Try again what failed").check()
    page.get_by_role("button", name="Do it").click()
    expect(page.get_by_text("1 could not be")).to_be_visible(timeout=15_000)
    faults += look_at(page, "operators-progress", look)
    assert faults == []


@pytest.mark.browser
def test_ticks_stay_while_the_list_is_read_again(live: Live, open_tab: Open, cases: list[str]) -> None:
    page: Page = open_tab("adam.kaminski", "/cases?process=approval")
    first = page.get_by_label("Choose “Request 118”")
    first.check()
    with page.expect_response(lambda answer: "/cases/list" in answer.url, timeout=20_000):
        pass
    with live.installation.database.writing() as session:
        anna = required_person(session, "anna.nowak")
        engine.start(session, live.installation.clock.now(), anna, "approval", {"number": 200, "amount": 5})
    expect(page.get_by_text("Request 200")).to_be_visible(timeout=20_000)
    expect(first).to_be_checked()
    page.get_by_role("button", name="With the chosen ones…").click()
    expect(page.get_by_text("1 case is chosen")).to_be_visible()
