"""The DMN technology compatibility kit, run when ``BPM_CONFORMANCE`` names a folder that holds it.

The folder has ``dmn/compliance-level-2`` and ``-3`` (or these two directly), one folder per test.
A case that fails must be listed in ``FAILING``, with the reason; one that is listed must fail.
``python -m tests.conformance.test_dmn_kit FOLDER`` prints the counts and the time.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
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
READERS: dict[str, Callable[[str], Any]] = {
    "decimal": Decimal,
    "double": Decimal,
    "integer": Decimal,
    "boolean": lambda text: text == "true",
    "date": parse_date,
    "time": parse_time,
    "dateTime": parse_moment,
    "duration": parse_duration,
}
_JAVA = "calls a Java class, which only a Java engine can"
# what fails by test, case and result, and why
FAILING = {
    ("0076-feel-external-java", case): _JAVA
    for case in (
        "boxed_001",
        "literal_001",
        "literal_002",
        "literal_003",
        "literal_004",
        "literal_005",
        "literal_006",
        "literal_007",
        "literal_008",
        "literal_009",
        "literal_010",
        "literal_011",
        "literal_012",
        "varargs_001",
    )
}
MAX_SECONDS = 60


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
                several = [
                    one for one in self.model.services if one.name == self.service and len(one.outputs) > 1
                ]
                if several and isinstance(value, dict) and self.result in value:
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
    return sorted(one.parent for one in Path(root).glob("**/*.dmn")) if root else []


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
                    case.get("invocableName", "") if case.get("type") in ("decisionService", "bkm") else "",
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


@dataclass
class Outcome:
    """What became of all cases of a compliance level; ``valued`` are those that expect more than null."""

    total: int = 0
    passed: int = 0
    valued: int = 0
    valued_passed: int = 0
    external: int = 0

    def add(self, case: Case, passes: bool) -> None:
        valued = case.expected is not None
        self.total += 1
        self.passed += passes
        self.valued += valued
        self.valued_passed += valued and passes
        self.external += not passes and FAILING.get((case.test, case.case)) == _JAVA

    def shares(self) -> tuple[float, float]:
        """Return the shares of all cases and of the valued ones that pass, external functions aside."""
        return self.passed / (self.total - self.external), self.valued_passed / (self.valued - self.external)

    def __str__(self) -> str:
        return f"{self.passed} of {self.total}, without null {self.valued_passed} of {self.valued}"


@dataclass
class KitRun:
    """One run of the whole kit."""

    levels: dict[str, Outcome]
    failing: dict[tuple[str, str], str]
    seconds: float


def run_kit() -> KitRun:
    """Read all models and evaluate all cases."""
    begin = time.perf_counter()
    levels: dict[str, Outcome] = {}
    failing: dict[tuple[str, str], str] = {}
    for folder in sorted(set(folders())):
        for case in cases(folder):
            passes = case.passes()
            levels.setdefault(folder.parent.name, Outcome()).add(case, passes)
            if not passes:
                failing[case.test, case.case] = (
                    f"{case.result}: {case.outcome()[0]!r} instead of {case.expected!r}"
                )
    return KitRun(levels, failing, time.perf_counter() - begin)


@pytest.fixture(scope="module")
def kit() -> KitRun:
    if not folders():
        pytest.skip("BPM_CONFORMANCE names no folder with the DMN kit")
    return run_kit()


def test_exactly_the_listed_cases_fail(kit: KitRun) -> None:
    unlisted = {key: text for key, text in kit.failing.items() if key not in FAILING}
    assert not unlisted, "\n".join(f"{' '.join(key)} {text}" for key, text in unlisted.items())
    present = {folder.name for folder in folders()}
    passing = [key for key in FAILING if key[0] in present and key not in kit.failing]
    assert not passing, f"listed as failing, but they pass: {passing}"


def test_level_2_passes_whole(kit: KitRun) -> None:
    assert _level(kit, 2).shares() == (1, 1)


def test_level_3_passes_with_external_functions_aside(kit: KitRun) -> None:
    assert min(_level(kit, 3).shares()) >= 0.99


def _level(kit: KitRun, number: int) -> Outcome:
    if f"compliance-level-{number}" not in kit.levels:
        pytest.skip(f"the folder holds no compliance level {number}")
    return kit.levels[f"compliance-level-{number}"]


def test_the_kit_is_quick(kit: KitRun) -> None:
    assert kit.seconds <= MAX_SECONDS


if __name__ == "__main__":
    os.environ["BPM_CONFORMANCE"] = sys.argv[1]
    found = run_kit()
    for level, outcome in found.levels.items():
        print(f"{level}: {outcome}")
    print(f"{found.seconds:.1f} s; failing: {len(found.failing)}")
