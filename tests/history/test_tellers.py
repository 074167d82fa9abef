"""Every kind of event that the engine records has a sentence."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import bpm.engine
from bpm.engine.models import HistoryEvent
from bpm.history.sentences import lines
from bpm.history.tellers import TELLERS
from bpm.language import using


class NoNames:
    """A case whose diagram can no longer be read."""

    @staticmethod
    def people(logins: list[str]) -> str:
        return ", ".join(logins)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("is_"):
            return lambda *given: False
        return lambda *given: str(given[0]) if given and given[0] is not None else ""


def recorded_kinds() -> set[str]:
    folder = Path(bpm.engine.__file__).parent
    text = "\n".join(path.read_text("utf-8") for path in folder.rglob("*.py"))
    return set(re.findall(r'\.record\(\s*"(\w+)"', text))


def test_every_recorded_kind_is_told() -> None:
    assert recorded_kinds() - set(TELLERS) == set()


@pytest.mark.parametrize("kind", sorted(TELLERS))
@pytest.mark.parametrize("language", ["en", "ru", "pl"])
def test_a_sentence_needs_none_of_its_data(kind: str, language: str) -> None:
    event = HistoryEvent(
        instance_id=1, seq=1, at=datetime(2026, 3, 3, tzinfo=UTC), kind=kind, element="step", data={}
    )

    with using(language):
        told = lines([event], NoNames(), technical=True)  # type: ignore[arg-type]

    assert told[0].text


@pytest.mark.parametrize(
    ("kind", "persons", "sentence"),
    [
        ("task_reminded", ["anna"], "anna was reminded of “step”."),
        ("task_reminded", ["anna", "olga"], "anna, olga were reminded of “step”."),
        ("task_escalated", ["olga"], "olga was told that the task is late: “step”."),
        ("task_escalated", [], "The task is late: “step”."),
    ],
)
def test_who_was_reminded_and_who_was_told_of_a_delay(kind: str, persons: list[str], sentence: str) -> None:
    event = HistoryEvent(
        instance_id=1,
        seq=1,
        at=datetime(2026, 3, 3, tzinfo=UTC),
        kind=kind,
        element="step",
        data={"task": "x", "persons": persons},
    )

    (told,) = lines([event], NoNames())  # type: ignore[arg-type]

    assert told.text == sentence and not told.technical
