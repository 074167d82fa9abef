"""What the check says of the services that a drawing calls."""

from __future__ import annotations

from pathlib import Path

import pytest

from bpm.config import ROOT
from bpm.designer import queries
from tests.designer.diagrams import with_services


def test_an_unknown_service_and_missing_inputs_are_told_at_their_step() -> None:
    found = [
        (one["element"], one["severity"], one["message"]) for one in queries.problems(with_services("x"))
    ]

    assert found == [
        ("empty", "warning", "“Whom” is not given."),
        ("unknown", "warning", "There is no service “teleport”."),
    ]


def test_a_drawing_that_cannot_be_read_is_told_as_before() -> None:
    (problem,) = queries.problems("<nonsense/>")

    assert problem["code"] == "not_bpmn"


@pytest.mark.parametrize("path", sorted((ROOT / "processes").glob("*.bpmn")), ids=lambda path: path.stem)
def test_the_processes_that_ship_call_services_as_they_ask_to_be_called(path: Path) -> None:
    codes = {one["code"] for one in queries.problems(path.read_text("utf-8"))}

    assert not codes & {"unknown_service", "service_inputs"}
