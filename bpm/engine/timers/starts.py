"""Timer start events: a job for the next start, which sets the one after it.

Owns those jobs; starting the case is ``lifecycle.start``.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bpm.engine.definition import StartEvent
from bpm.engine.diagram.expressions import Surroundings, unmarked, value
from bpm.engine.functions import World
from bpm.engine.models import ProcessVersion
from bpm.engine.problems import StepFailed
from bpm.engine.timers import jobs as timers
from bpm.engine.timers.due_times import Due, first_due, next_due
from bpm.errors import Invalid


def enqueue_first(session: Session, now: datetime, version: ProcessVersion, start: StartEvent) -> None:
    """Enqueue the first start of a version by a timer start event.

    Raises:
        Invalid: its text is no duration, date or cycle.
    """
    timer = start.timer or {}
    text = str(timer.get("text") or timer.get("value") or "")
    world = World(session, now)
    try:
        given: Any = text
        if unmarked(text)[1]:
            given = value(text).evaluate({}, Surroundings(now, world.functions))
        due = first_due(given, now, world, working=is_working(timer), what=text)
    except StepFailed as failed:
        raise Invalid(str(failed)) from failed
    _enqueue(session, now, version, start.id, due)


def enqueue_next(
    session: Session, now: datetime, version: ProcessVersion, element: str, entry: Mapping[str, Any]
) -> None:
    """Enqueue the start after the one that ``entry`` describes, if the timer repeats."""
    starts: dict[str, Any] = {one["id"]: one for one in version.properties.get("start_events", ())}
    timer = starts.get(element, {}).get("timer") or {}
    due = next_due(entry, now, World(session, now), working=is_working(timer))
    _enqueue(session, now, version, element, due)


def is_working(timer: Mapping[str, Any]) -> bool:
    """Tell whether a timer counts in working time."""
    return timer.get("calendar") == "working" or bool(timer.get("working"))


def _enqueue(session: Session, now: datetime, version: ProcessVersion, element: str, due: Due | None) -> None:
    if due is None:
        return
    row = timers.job_row(
        timers.TIMER_START,
        {"version": version.id, "element": element, "entry": due.as_json()},
        due.moment,
        now=now,
        instance_id=None,
        unique_key=f"start:{version.process_id}:{element}",
    )
    timers.add_jobs(session, now, [row])
