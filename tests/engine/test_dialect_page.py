"""``docs/dialect.md`` names everything of the dialect, and its examples are right."""

from __future__ import annotations

import re
from typing import Any

import pytest
from lxml import etree

from bpm.config import ROOT
from bpm.engine import dialect
from bpm.engine.lint.check import lint

PAGE = (ROOT / "docs" / "dialect.md").read_text("utf-8")
_SECTION = re.compile(r"^### `bpm:(\w+)`\n(.*?)(?=^##|\Z)", re.MULTILINE | re.DOTALL)
SECTIONS = dict(_SECTION.findall(PAGE))
EXAMPLES = re.findall(r"^```xml\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
_PREFIXES = (
    'xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:bpm="urn:bpm:dialect:1"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
)


def test_each_element_has_a_section_and_each_section_an_element() -> None:
    assert SECTIONS.keys() == dialect.tags().keys()


@pytest.mark.parametrize(
    ("tag", "property"),
    [
        pytest.param(tag, one, id=f"{tag}-{one['name']}")
        for tag, described in dialect.tags().items()
        for one in described["properties"]
        if one.get("isAttr")
    ],
)
def test_each_attribute_is_named_with_its_default(tag: str, property: dict[str, Any]) -> None:
    assert f"`{property['name']}`" in SECTIONS[tag]
    assert f"`{property.get('default', property['name'])}`" in SECTIONS[tag]


@pytest.mark.parametrize("tag", dialect.tags())
def test_each_element_is_shown(tag: str) -> None:
    assert any(f"<bpm:{tag}" in example for example in EXAMPLES)


@pytest.mark.parametrize("example", EXAMPLES, ids=range(1, len(EXAMPLES) + 1))
def test_examples_say_only_what_can_be_said(example: str) -> None:
    root = etree.fromstring(f"<example {_PREFIXES}>{example}</example>")

    for node in root.iter(f"{{{dialect.URI}}}*"):
        tag = etree.QName(node).localname
        assert set(node.attrib) <= dialect.attributes(tag), tag


def test_the_first_example_can_be_published() -> None:
    assert [problem.text for problem in lint(EXAMPLES[0])] == []
