"""An empty installation fills itself, with or without the demo company, and only once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bpm.engine.models import Process
from bpm.installation import FIRST_PERSON, Installation
from bpm.people.models import Person
from tests.conftest import settings_for
from tests.isolation import forgetting


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    with forgetting():
        yield f"sqlite:///{tmp_path / 'new.sqlite3'}"


def numbers(installation: Installation) -> tuple[int, int]:
    """How many people and processes there are."""
    with installation.database.reading() as session:
        people = session.scalar(select(func.count()).select_from(Person)) or 0
        processes = session.scalar(select(func.count()).select_from(Process)) or 0
    installation.engine.dispose()
    return people, processes


def test_it_gets_the_demo_company_and_the_library_once(url: str, tmp_path: Path) -> None:
    settings = settings_for(url, tmp_path)
    first = Installation(settings)
    assert first.set_up()
    assert numbers(first) == (16, 3)
    second = Installation(settings)
    assert second.set_up() == []
    assert numbers(second) == (16, 3)


def test_without_the_demo_company_it_says_how_the_first_person_is_added(url: str, tmp_path: Path) -> None:
    installation = Installation(replace(settings_for(url, tmp_path), demo=False))
    assert installation.set_up()[-1] == FIRST_PERSON
    assert numbers(installation) == (0, 3)
