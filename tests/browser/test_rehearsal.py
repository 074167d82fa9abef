"""A rehearsal in the browser: from the drawing to the panel, tokens that move, every path tried."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

OpenTab = Callable[..., Page]


def test_a_process_is_rehearsed_from_the_drawing_on(open_tab: OpenTab) -> None:
    page = open_tab("adam.kaminski", "/processes/lead_race/draw")
    page.locator("#designer[data-ready=yes]").wait_for()

    page.get_by_role("button", name="Rehearse").click()
    expect(page.get_by_role("heading", name="Rehearsal: Request acceptance")).to_be_visible()
    page.locator("[data-rehearsal-diagram][data-ready=yes]").wait_for()

    page.get_by_role("button", name="Offer to the sellers").press("Enter")
    expect(page.locator('.djs-element[data-element-id="take_request"].bpm-has-token')).to_have_count(1)
    page.get_by_role("button", name="Accept", exact=True).press("Enter")
    expect(page.locator('.djs-element[data-element-id="process_request"].bpm-has-token')).to_have_count(1)
    expect(page.locator('.djs-element[data-element-id="take_request"].bpm-taken')).to_have_count(1)

    page.get_by_role("button", name="Back one step").click()
    expect(page.locator('.djs-element[data-element-id="take_request"].bpm-has-token')).to_have_count(1)
    expect(page.get_by_role("heading", name="What happened and why")).to_be_visible()

    page.get_by_role("button", name="Try every path").click()
    expect(page.get_by_text("5 of 5 ends were reached")).to_be_visible(timeout=30_000)
