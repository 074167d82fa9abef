"""Trying every path: what can be reached is reached, what cannot is named."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bpm.clock import MovableClock
from bpm.config import ROOT, Settings
from bpm.designer.rehearsal import beginning, paths, report
from bpm.installation import Installation
from tests.isolation import forgetting

SHIPPED = sorted(path.stem for path in (ROOT / "processes").glob("*.bpmn"))
# what is explored lies in a database of its own, whatever the installation has
pytestmark = pytest.mark.one_database
# of work, on a machine that does other things too
PATIENCE = 60.0


@pytest.fixture
def office(settings: Settings, clock: MovableClock) -> Iterator[Installation]:
    with forgetting():
        made = Installation(settings, clock)
        yield made
        made.engine.dispose()


def tried(office: Installation, key: str, xml: str) -> paths.Found:
    with office.database.reading() as session:
        image = beginning.begin(session, office.clock.now(), office.settings, key, xml)
    return paths.explore(
        image, office.clock.now(), office.settings, key, most_runs=1500, most_seconds=PATIENCE
    )


@pytest.mark.parametrize("key", SHIPPED)
def test_every_end_of_each_shipped_process_is_reached(office: Installation, key: str) -> None:
    found = tried(office, key, (ROOT / "processes" / f"{key}.bpmn").read_text("utf-8"))

    ends: list[dict[str, Any]] = report.as_json(found)["ends"]
    assert ends and [one["text"] for one in ends if not one["reached"]] == []
    assert found.incidents == {}


def test_a_way_that_nobody_can_take_is_named(office: Installation, tmp_path: Path) -> None:
    xml = (ROOT / "processes" / "lead_race.bpmn").read_text("utf-8")
    xml = xml.replace('=outcome = "pending"', '=outcome = "pendign"')

    found = tried(office, "lead_race", xml)
    told = report.as_json(found)

    assert "flow_outcome_pending_record" in {one["id"] for one in told["untrue"]}
    assert "pending_record" in {one["id"] for one in told["never"]}
    assert found.complete
