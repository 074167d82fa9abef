"""People of the demo company: who draws, and who does not."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from bpm.people.models import Person
from bpm.people.queries import required_person


@pytest.fixture
def marta(company: None, session: Session) -> Person:
    """A process owner."""
    return required_person(session, "marta.dabrowska")


@pytest.fixture
def adam(company: None, session: Session) -> Person:
    """An administrator, who is a process owner too."""
    return required_person(session, "adam.kaminski")


@pytest.fixture
def olga(company: None, session: Session) -> Person:
    """A head of sales, who draws nothing."""
    return required_person(session, "olga.ivanova")


@pytest.fixture
def anna(company: None, session: Session) -> Person:
    """A seller, who draws nothing."""
    return required_person(session, "anna.nowak")
