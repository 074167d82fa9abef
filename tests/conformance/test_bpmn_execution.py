"""The engine-neutral execution suite, run when ``BPM_CONFORMANCE`` names a folder that holds it.

The folder has ``bpmn-execution/tests.json``. Every model runs with the expected trace, in order, or
is refused where refusal is expected.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from bpm.engine.problems import CannotRun
from tests.conformance.bpmn_models import Model, run_case
from tests.conformance.negative_controls import handler_tokens, without_throws

FOLDER = Path(os.environ.get("BPM_CONFORMANCE", "/nowhere")) / "bpmn-execution"
pytestmark = pytest.mark.skipif(
    not FOLDER.is_dir(), reason="BPM_CONFORMANCE does not name a folder with bpmn-execution in it"
)


def _tests() -> list[Any]:
    if not FOLDER.is_dir():
        return []
    tests = json.loads((FOLDER / "tests.json").read_text())["tests"]
    return [
        pytest.param(test, case, id=f"{test['id']}-{case['case']}")
        for test in tests
        for case in test["cases"]
    ]


def _satisfies(got: list[str], expected: list[str]) -> bool:
    if "ERROR" in expected:
        expected = [line for line in expected if line != "ERROR"]
        if not {"ERROR_deployment", "ERROR_runtime"} & set(got):
            return False
        got = [line for line in got if line not in ("ERROR_deployment", "ERROR_runtime")]
    if "MARKER_exists" in got:
        got = [line for line in got if line != "MARKER_exists"] + ["MARKER_exists"]
    if "MARKER_exists" not in expected:
        got = [line for line in got if line != "MARKER_exists"]
    return sorted(got) == sorted(expected)


def _in_order(got: list[str], pairs: list[list[str]]) -> bool:
    return all(got.index(before) < got.index(after) for before, after in pairs)


@pytest.mark.parametrize("steps", [1, 500], ids=["stored_at_each_step", "stored_at_each_wait"])
@pytest.mark.parametrize(("test", "case"), _tests())
def test_case(test: dict[str, Any], case: dict[str, Any], steps: int) -> None:
    """Given a model, when it is deployed and started, then the trace is the expected one, in order."""
    try:
        got = run_case(Model(FOLDER / test["file"]), test["main_process"], case, steps)
    except CannotRun as refused:
        if _satisfies(["ERROR_deployment"], case["expected_trace"]):
            return
        pytest.fail("; ".join(problem.text for problem in refused.problems if problem.severity == "error"))
    assert _satisfies(got, case["expected_trace"]), got
    assert _in_order(got, case["must_precede"]), got


@pytest.mark.parametrize(("test", "case"), _tests())
def test_nothing_is_handled_that_was_not_thrown(test: dict[str, Any], case: dict[str, Any]) -> None:
    """Given a model whose events throw nothing any more, when it runs, then no handler runs."""
    model = Model(FOLDER / test["file"])
    if not without_throws(model):
        pytest.skip("it throws nothing")
    handled = handler_tokens(model)
    try:
        got = run_case(model, test["main_process"], case)
    except CannotRun:
        return
    assert not handled & set(got), (handled, got)
