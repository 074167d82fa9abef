"""The side panel: what it asks about each kind of element. That one undo takes each answer back: test_undo.py."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.drawing import Drawing

OpenTab = Callable[..., Page]
DIALECT = Path(__file__).parents[2] / "bpm" / "engine" / "dialect.json"

# kind in the catalogue -> names of controls that the panel has to offer
ASKED: dict[str, tuple[str, ...]] = {
    "user-task": (
        "name", "assignment-to", "add-outcome", "form", "voting-rule", "due-count", "priority", "task-title",
        "repeat", "help", "mapping-input-add", "startQuantity", "for-compensation",
    ),
    "manual-task": ("assignment-to", "form", "repeat"),
    "service-task": ("connector", "retry-tries", "retry-wait", "retry-timeout", "repeat", "mapping-input-add"),
    "send-task": ("connector", "retry-tries", "reference", "correlation", "mapping-input-add"),
    "receive-task": ("reference", "correlation", "mapping-output-add", "instantiate"),
    "rule-task": ("decision", "decision-result", "retry-tries"),
    "script-task": ("script", "retry-tries"),
    "call-activity": ("called", "called-binding", "mapping-input-add", "mapping-output-add", "repeat"),
    "expanded-subprocess": ("voting-rule", "repeat", "mapping-input-add"),
    "transaction": ("repeat", "mapping-input-add"),
    "expanded-ad-hoc-subprocess": ("ad-hoc-order", "ad-hoc-completion", "ad-hoc-cancel"),
    "complex-gateway": ("activation",),
    "event-based-gateway": ("instantiate",),
    "none-start-event": ("form",),
    "message-start": ("reference", "mapping-output-add"),
    "timer-start": ("timer-kind",),
    "conditional-start": ("event-condition",),
    "signal-start": ("reference", "mapping-output-add"),
    "timer-intermediate-catch": ("timer-kind", "timer-count"),
    "message-intermediate-catch": ("reference", "correlation", "mapping-output-add"),
    "message-intermediate-throw": ("reference", "correlation", "mapping-input-add", "connector"),
    "signal-intermediate-throw": ("reference", "mapping-input-add"),
    "escalation-intermediate-throw": ("reference",),
    "link-intermediate-throw": ("link",),
    "compensation-intermediate-throw": ("undone", "undone-wait"),
    "error-end": ("reference",),
    "data-object-reference": ("name", "collection", "data-state"),
    "data-store-reference": ("name",),
    "text-annotation": ("name",),
}  # fmt: skip


@pytest.fixture
def drawing(open_tab: OpenTab) -> Drawing:
    drawing = Drawing(open_tab("marta.dabrowska", "/processes"))
    drawing.begin("Everything")
    return drawing


def draw(drawing: Drawing, kind: str) -> None:
    """Press an entry of “More” in the palette."""
    drawing.page.evaluate(
        """kind => {
            const fold = document.querySelector('details[data-name="palette-more"]');
            fold.open = true;
            fold.dispatchEvent(new Event('toggle'));
            document.querySelector(`[data-kind="bpmn-${kind}"]`).click();
        }""",
        kind,
    )
    drawing.panel.locator("[name=remove-element]").wait_for()


def asked(drawing: Drawing) -> set[str]:
    names: list[str] = drawing.panel.locator("[name]").evaluate_all("all => all.map(one => one.name)")
    return set(names)


def test_the_panel_asks_everything_that_the_engine_runs(drawing: Drawing) -> None:
    draw(drawing, "user-task")
    missing: dict[str, Any] = {}
    for kind, names in ASKED.items():
        draw(drawing, kind)
        lacking = set(names) - asked(drawing)
        if lacking:
            missing[kind] = lacking

    assert missing == {}


def test_every_element_that_the_engine_runs_can_be_drawn(drawing: Drawing) -> None:
    drawing.page.locator('details[data-name="palette-more"] > summary').click()

    offered = drawing.page.locator('details[data-name="palette-more"] [data-kind]').evaluate_all(
        "all => all.map(one => one.dataset.kind.replace('bpmn-', ''))"
    )

    assert set(ASKED) <= set(offered)
    assert len(offered) >= 60


def test_each_element_of_the_dialect_can_be_reached(drawing: Drawing) -> None:
    """Whatever the dialect describes is written by some part of the browser's code."""
    source = Path(__file__).parents[2] / "frontend" / "src" / "designer"
    text = "".join(path.read_text("utf-8") for path in source.rglob("*.js"))
    types = [one["name"] for one in json.loads(DIALECT.read_text("utf-8"))["types"]]

    assert [name for name in types if f"'bpm:{name}'" not in text] == []


def test_what_a_step_is_can_be_changed_from_the_panel(drawing: Drawing) -> None:
    draw(drawing, "user-task")
    drawing.panel.locator('summary[data-testid="change-kind"]').focus()
    drawing.page.keyboard.press("Enter")
    drawing.page.keyboard.press("ArrowDown")
    expect(drawing.panel.locator("[name^=change-kind-]").first).to_be_focused()
    drawing.page.keyboard.press("Enter")

    expect(drawing.panel.locator("[name=connector]")).to_be_visible()
