"""What the standard draws and the library does not: open call activities, global tasks, envelopes, crosses, states."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page

pytestmark = pytest.mark.browser


def shape(key: str, x: int, y: int, width: int, height: int, more: str = "", label: str = "") -> str:
    return (
        f'<bpmndi:BPMNShape id="{key}_di" bpmnElement="{key}" {more}>'
        f'<dc:Bounds x="{x}" y="{y}" width="{width}" height="{height}"/>{label}</bpmndi:BPMNShape>'
    )


def edge(key: str, *points: tuple[int, int], more: str = "") -> str:
    way = "".join(f'<di:waypoint x="{x}" y="{y}"/>' for x, y in points)
    return f'<bpmndi:BPMNEdge id="{key}_di" bpmnElement="{key}" {more}>{way}</bpmndi:BPMNEdge>'


NARROW = '<bpmndi:BPMNLabel><dc:Bounds x="420" y="300" width="30" height="28"/></bpmndi:BPMNLabel>'
FILE = f"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"
  xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:di="http://www.omg.org/spec/DD/20100524/DI" id="d" targetNamespace="urn:t">
  <message id="order"/>
  <globalUserTask id="global" name="Sign"/>
  <process id="called">
    <startEvent id="begin"/><task id="inner" name="Inner"/>
    <sequenceFlow id="way" sourceRef="begin" targetRef="inner"/>
  </process>
  <collaboration id="both">
    <participant id="us" name="Us" processRef="main"/><participant id="them" name="Them"/>
    <messageFlow id="shown" sourceRef="sign" targetRef="them" messageRef="order"/>
    <messageFlow id="plain" sourceRef="sign" targetRef="them" messageRef="order"/>
  </collaboration>
  <process id="main">
    <callActivity id="open" name="Open" calledElement="called"/>
    <callActivity id="sign" name="Sign" calledElement="global"/>
    <exclusiveGateway id="bare"/><exclusiveGateway id="crossed"/>
    <endEvent id="end" name="Application received"/>
    <dataObject id="object"/><dataObjectReference id="data" name="Offer" dataObjectRef="object"><dataState name="signed"/></dataObjectReference>
  </process>
  <bpmndi:BPMNDiagram id="drawing"><bpmndi:BPMNPlane id="plane" bpmnElement="both">
    {shape("us", 0, 0, 800, 400, 'isHorizontal="true"')}{shape("them", 0, 500, 800, 60, 'isHorizontal="true"')}
    {shape("open", 60, 40, 300, 140, 'isExpanded="true"')}{shape("begin", 90, 90, 36, 36)}{shape("inner", 200, 70, 100, 80)}
    {edge("way", (126, 108), (200, 108))}
    {shape("sign", 450, 60, 100, 80)}{shape("bare", 600, 60, 50, 50)}{shape("crossed", 680, 60, 50, 50, 'isMarkerVisible="true"')}
    {shape("end", 420, 260, 36, 36, label=NARROW)}{shape("data", 600, 260, 36, 50)}
    {edge("shown", (480, 140), (480, 500), more='messageVisibleKind="initiating"')}{edge("plain", (520, 140), (520, 500))}
  </bpmndi:BPMNPlane></bpmndi:BPMNDiagram>
</definitions>
"""
MODELER = "document.querySelector('#designer').modeler"
XML = f"async () => (await {MODELER}.saveXML({{ format: true }})).xml"


@pytest.fixture
def opened(open_tab: Callable[..., Page]) -> Iterator[Page]:
    """The file in the designer; nothing of it is kept."""
    page = open_tab("marta.dabrowska", "/processes/contract_approval/draw")
    page.locator("#designer[data-ready=yes]").wait_for()
    page.route("**/draft", lambda route: route.fulfill(json={"revision": 1, "problems": []}))
    page.evaluate(f"async text => {{ await {MODELER}.importXML(text); }}", FILE)
    yield page


def signs(page: Page, key: str) -> Any:
    """How many parts a thing is drawn of, beside its words."""
    return page.locator(f'[data-element-id="{key}"] > .djs-visual > :not(text):not(defs)').count()


def words(page: Page, key: str) -> list[str]:
    return page.locator(f'[data-element-id="{key}"] .djs-label tspan').all_text_contents()


def test_a_file_looks_as_it_says(opened: Page) -> None:
    """Given a file with signs that the library leaves out, then each is drawn, and the file is as it came."""
    assert opened.locator('[data-element-id="inner"]').is_visible()
    assert opened.evaluate(f"{MODELER}.get('elementRegistry').get('inner').parent.id") == "open"
    # a border and the three parts of a person, no plus
    assert signs(opened, "open") == 1 and signs(opened, "sign") == 4
    assert signs(opened, "crossed") == signs(opened, "bare") + 1
    assert signs(opened, "shown") == signs(opened, "plain") + 1
    assert words(opened, "end_label") == ["Application", "received"]
    assert "".join(words(opened, "data_label")).split() == ["Offer", "[signed]"]
    assert opened.evaluate(XML) == FILE


def test_what_a_process_calls_goes_with_the_call_and_stays_in_the_file(opened: Page) -> None:
    """Given an open call activity, when it is moved, then its steps move; when deleted, the process stays."""
    opened.evaluate(
        """() => { const { modeler } = document.querySelector('#designer'), registry = modeler.get('elementRegistry');
        modeler.get('modeling').moveElements([ registry.get('open') ], { x: 0, y: 100 }); }"""
    )
    moved = opened.evaluate(XML)
    assert 'x="200" y="170"' in moved and '<task id="inner" name="Inner"' in moved
    assert moved.index('id="inner"') < moved.index("</process>")
    opened.evaluate(f"{MODELER}.get('commandStack').undo()")
    assert opened.evaluate(XML) == FILE

    opened.evaluate(
        f"{MODELER}.get('modeling').removeElements([ {MODELER}.get('elementRegistry').get('open') ])"
    )
    gone = opened.evaluate(XML)
    assert (
        'callActivity id="open"' not in gone
        and 'id="way"' in gone
        and '<task id="inner" name="Inner"' in gone
    )
    assert opened.locator('[data-element-id="inner"]').count() == 0

    opened.evaluate(f"{MODELER}.get('commandStack').undo()")
    assert opened.evaluate(XML) == FILE
    assert opened.locator('[data-element-id="inner"]').is_visible()
