"""Drawings from browsers are made harmless and stay drawings."""

from __future__ import annotations

import pytest

from bpm.designer.svg import sanitised

DRAWING = """<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="10"
 height="10" viewBox="0 0 10 10" version="1.1"><!-- created with bpmn-js / http://bpmn.io -->
<defs><marker id="end-a" viewBox="0 0 20 20" refX="11"><path d="M 1 5 L 11 10"
 style="fill: #22201c; stroke-width: 1px"/></marker></defs>
<g class="djs-element" data-element-id="Task_1">
<g class="djs-visual"><rect x="0" y="0" width="5" height="5"
 style="fill: rgb(255, 255, 255); stroke: #22201c; marker-end: url('#end-a')"/>
<text><tspan x="1" y="2">Решить</tspan></text></g></g></svg>"""


def test_what_bpmn_js_draws_is_kept() -> None:
    result = sanitised(DRAWING)

    assert result
    for part in ('data-element-id="Task_1"', "rgb(255, 255, 255)", "url('#end-a')", "Решить", "bpmn.io"):
        assert part in result, part


@pytest.mark.parametrize(
    "harm",
    [
        "<script>alert(1)</script>",
        '<rect onload="alert(1)"/>',
        "<foreignObject><body xmlns='http://www.w3.org/1999/xhtml'>x</body></foreignObject>",
        '<a href="javascript:alert(1)"><text>x</text></a>',
        '<use href="https://evil.example/x.svg#a"/>',
        '<use xlink:href="data:image/svg+xml,x"/>',
        '<image href="https://evil.example/x.png"/>',
        "<style>@import url(https://evil.example/x.css)</style>",
        '<rect style="fill: url(https://evil.example/x)"/>',
        '<rect style="background-image: url(//evil.example)"/>',
        '<rect fill="url(https://evil.example/#a)"/>',
        '<animate attributeName="href" to="javascript:alert(1)"/>',
        '<set attributeName="onclick" to="alert(1)"/>',
        "<rect style='fill: expression(alert(1))'/>",
    ],
)
def test_what_could_do_harm_is_dropped(harm: str) -> None:
    result = sanitised(DRAWING.replace("</svg>", f"{harm}</svg>"))

    assert result
    for word in ("alert", "evil.example", "javascript", "foreignObject", "@import", "expression"):
        assert word not in result
    assert "Решить" in result


@pytest.mark.parametrize(
    "text", [None, "", "no picture", "<html/>", "<svg/>", '<!DOCTYPE svg [<!ENTITY a "b">]><svg/>']
)
def test_what_is_no_drawing_is_none(text: str | None) -> None:
    assert sanitised(text) is None


def test_words_after_a_dropped_element_are_kept() -> None:
    result = sanitised('<svg xmlns="http://www.w3.org/2000/svg"><text>a<script>x</script>b</text></svg>')

    assert result and "<text>ab</text>" in result
