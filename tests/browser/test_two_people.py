"""Two people look at the same request: one accepts, the other sees it go without doing anything."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from bpm.engine import commands as engine
from bpm.engine.values import RecordReference
from bpm.people.queries import required_person
from bpm.records.commands import create
from tests.live import Live

Open = Callable[..., Page]
SOON = 10_000  # milliseconds


@pytest.fixture
def request_title(live: Live) -> str:
    """A request that all sellers see."""
    installation = live.installation
    with installation.database.writing() as session:
        now = installation.clock.now()
        olga = required_person(session, "olga.ivanova")
        lead = create(session, now, olga, "lead", {"name": "Windmill", "source": "site"})
        engine.start(session, now, olga, "lead_race", record=RecordReference("lead", lead.public_id))
    return "Windmill"


@pytest.mark.browser
def test_a_task_that_is_gone_vanishes_from_open_pages(live: Live, open_tab: Open, request_title: str) -> None:
    # given two sellers with the list open, one of them with the task itself open in a second tab
    anna = open_tab("anna.nowak", "/inbox?tab=take")
    boris = open_tab("boris.petrov", "/inbox?tab=take")
    expect(boris.get_by_text(request_title)).to_be_visible()
    reading = boris.context.new_page()
    reading.goto("/inbox?tab=take")
    reading.get_by_text(request_title).first.click()
    expect(reading.get_by_role("button", name="Accept")).to_be_visible()
    # when Anna accepts
    anna.get_by_text(request_title).first.click()
    anna.get_by_role("button", name="Accept").click()
    anna.wait_for_load_state()
    # then it leaves the other's list by itself
    expect(boris.get_by_text(request_title)).to_have_count(0, timeout=SOON)
    # and his open page says who was faster
    expect(reading.get_by_text("Anna Nowak").first).to_be_visible(timeout=SOON)
    expect(reading.get_by_role("button", name="Accept")).to_have_count(0, timeout=SOON)
