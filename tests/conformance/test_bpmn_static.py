"""What deployment must refuse, and what it must not, run when ``BPM_CONFORMANCE`` names the folder."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from bpm.engine.lint.check import RULES, lint

FOLDER = Path(os.environ.get("BPM_CONFORMANCE", "/nowhere")) / "static"
pytestmark = pytest.mark.skipif(
    not FOLDER.is_dir(), reason="BPM_CONFORMANCE does not name a folder with static in it"
)


def _tests() -> list[Any]:
    if not FOLDER.is_dir():
        return []
    return [
        pytest.param(test, id=test["id"]) for test in json.loads((FOLDER / "tests.json").read_text())["tests"]
    ]


@pytest.mark.parametrize("test", _tests())
def test_static(test: dict[str, Any]) -> None:
    """Given a model, when it is checked, then it is refused or accepted as the standard says."""
    errors = [
        problem for problem in lint((FOLDER / test["file"]).read_bytes()) if problem.severity == "error"
    ]
    if test["expected"] == "deploys":
        assert not errors, [(problem.element, problem.text) for problem in errors]
    else:
        assert errors and all(
            problem.text and problem.element and problem.code in RULES for problem in errors
        )
