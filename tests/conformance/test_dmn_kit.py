"""The DMN technology compatibility kit, run when ``BPM_CONFORMANCE`` names a folder that holds it.

The folder has ``dmn/compliance-level-2`` and ``-3`` (or these two directly), one folder per test.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from bpm.dmn import DmnError, Model, read
from bpm.feel import FeelError
from bpm.feel.limits import Run
from bpm.feel.operators import equal, kind_of
from bpm.feel.temporal_text import parse_date, parse_duration, parse_moment, parse_time, write

NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"
TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
READERS = {
    "decimal": Decimal,
    "double": Decimal,
    "integer": Decimal,
    "boolean": lambda text: text == "true",
    "date": parse_date,
    "time": parse_time,
    "dateTime": parse_moment,
    "duration": parse_duration,
}
EXTERNAL = "0076-feel-external-java"  # calls Java classes, which only Java can


@dataclass
class Case:
    """One result that the kit expects."""

    test: str
    case: str
    model: Model | None
    result: str
    service: str
    inputs: dict[str, Any]
    expected: Any
    error: bool

    def outcome(self) -> tuple[Any, bool]:
        """Return the value and whether a mistake was reported."""
        if self.model is None:
            return None, True
        try:
            if self.service:
                found = self.model.evaluate_service(self.service, self.inputs)
                value = found.value
                service = next(one for one in self.model.services if one.name == self.service)
                if len(service.outputs) > 1 and isinstance(value, dict) and self.result in value:
                    value = value[self.result]
            else:
                found = self.model.evaluate(self.result, self.inputs)
                value = found.value
        except (DmnError, FeelError):
            return None, True
        return value, bool(found.warnings or self.model.problems)

    def passes(self) -> bool:
        return agrees(self.outcome()[0], self.expected)


def folders() -> list[Path]:
    root = os.environ.get("BPM_CONFORMANCE", "")
    return sorted(one.parent for one in Path(root).glob("**/compliance-level-*/*/*.dmn")) if root else []


def value_of(element: etree._Element) -> Any:
    """Read the value inside ``element``."""
    for child in element:
        name = etree.QName(child).localname if isinstance(child.tag, str) else ""
        if name == "value":
            if child.get(NIL) == "true":
                return None
            kind = (child.get(TYPE) or "xsd:string").rpartition(":")[2]
            text = child.text or ""
            return READERS[kind](text.strip()) if kind in READERS else text
        if name == "list":
            return [value_of(item) for item in child if isinstance(item.tag, str)]
        if name == "component":
            return {one.get("name"): value_of(one) for one in element.iterchildren("{*}component")}
    return None


def read_models(folder: Path) -> dict[str, Model]:
    """Read all models of a folder, imported ones first."""
    waiting = {path.name: path.read_bytes() for path in folder.glob("*.dmn")}
    models: dict[str, Model] = {}
    for _round in range(len(waiting) + 1):
        for name, content in list(waiting.items()):
            try:
                model = read(content, models.values())
            except DmnError:
                continue
            models[name] = model
    return models


def cases(folder: Path) -> Iterator[Case]:
    models = read_models(folder)
    for path in sorted(folder.glob("*.xml")):
        root = etree.parse(path).getroot()
        name = (root.findtext("{*}modelName") or "").strip()
        for case in root.iterchildren("{*}testCase"):
            inputs = {
                "#".join(filter(None, (one.get("namespace"), one.get("name")))): value_of(one)
                for one in case.iterchildren("{*}inputNode")
            }
            for result in case.iterchildren("{*}resultNode"):
                expected = result.find("{*}expected")
                yield Case(
                    folder.name,
                    case.get("id", ""),
                    models.get(name),
                    " ".join(result.get("name", "").split()),
                    case.get("invocableName", "") if case.get("type") == "decisionService" else "",
                    inputs,
                    None if expected is None else value_of(expected),
                    result.get("errorResult") == "true",
                )


def agrees(found: Any, expected: Any) -> bool:
    """Compare as the kit's runner does."""
    if isinstance(expected, Decimal):
        return isinstance(found, Decimal) and abs(found - expected) < Decimal("0.00000001")
    if isinstance(expected, list):
        return (
            isinstance(found, list)
            and len(found) == len(expected)
            and all(agrees(one, other) for one, other in zip(found, expected, strict=True))
        )
    if isinstance(expected, dict):
        return (
            kind_of(found) == "context"
            and set(found) == set(expected)
            and all(agrees(found[key], expected[key]) for key in expected)
        )
    if kind_of(found) != kind_of(expected):
        return False
    if kind_of(expected) in ("date and time", "time"):
        return write(found) == write(expected)
    return equal(Run(), found, expected) is True


def test_the_kit_passes() -> None:
    found = sorted(set(folders()))
    if not found:
        pytest.skip("BPM_CONFORMANCE names no folder with the DMN kit")
    failing = [
        f"{case.test} {case.case} {case.result}: {case.outcome()[0]!r} instead of {case.expected!r}"
        for folder in found
        for case in cases(folder)
        if not case.passes() and not (case.test == EXTERNAL and not case.error)
    ]
    assert not failing, "\n".join(failing)
