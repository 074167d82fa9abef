"""What tests of the engine share: the company at work, and connectors that do what a test wants."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bpm.clock import MovableClock
from bpm.db import Database
from bpm.engine.services import caller as services
from tests.engine.office import Office
from tests.engine.small_services import SmallServices


@pytest.fixture
def office(database: Database, clock: MovableClock, company: None) -> Office:
    return Office(database, clock)


@pytest.fixture
def connectors() -> Iterator[SmallServices]:
    small = SmallServices()
    with services.using(small):
        yield small
