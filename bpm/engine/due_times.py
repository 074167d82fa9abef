"""When a timer is due: dates, durations, cycles (BPMN 2.0, 10.5.5; ISO 8601).

Working time and the calendar belong to ``environment.due``; nothing here reads a clock.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from bpm.engine.environment import Environment
from bpm.engine.problems import StepFailed
from bpm.errors import Refusal
from bpm.feel.values import DaysDuration, YearsDuration

DURATION = re.compile(
    r"P(?=.)(\d+(\.\d+)?Y)?(\d+(\.\d+)?M)?(\d+(\.\d+)?W)?(\d+(\.\d+)?D)?"
    r"(T(?=.)(\d+(\.\d+)?H)?(\d+(\.\d+)?M)?(\d+(\.\d+)?S)?)?\Z"
)
SHORT_TERM = re.compile(r"\d+(\.\d+)?\s*(wm|wh|wd|s|m|h|d|w)(\s+\d+(\.\d+)?\s*(wm|wh|wd|s|m|h|d|w))*\Z")
DATE = re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?\Z")
CYCLE = re.compile(r"R(\d*)/(.+)\Z", re.DOTALL)
# how many missed periods are passed over in one go before the timer counts as broken
_MISSED_LIMIT = 100_000


def is_literal(text: str) -> bool:
    """Whether a timer's text needs no evaluation."""
    text = text.strip()
    return any(pattern.match(text) for pattern in (DURATION, SHORT_TERM, DATE)) or is_cycle(text)


def is_cycle(text: str) -> bool:
    """Whether a text is a repeating interval: ``R5/P1D``, ``R/PT1H``, ``R3/2026-01-01T00:00Z/P1D``."""
    match = CYCLE.match(text.strip())
    if match is None:
        return False
    parts = match.group(2).split("/")
    if len(parts) == 1:
        return bool(DURATION.match(parts[0]) or SHORT_TERM.match(parts[0]))
    kinds = [bool(DATE.match(part)) for part in parts]
    return (
        len(parts) == 2
        and sum(kinds) == 1
        and all(DATE.match(part) or DURATION.match(part) for part in parts)
    )


@dataclass(frozen=True)
class Due:
    """A moment, and for cycles how often still after it (None: without end) and the step."""

    moment: datetime
    left: int | None = 0
    step: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Return what the token's notes keep."""
        return {"due": self.moment.isoformat(), "left": self.left, "step": self.step}


def first_due(value: Any, now: datetime, environment: Environment, *, working: bool, what: str) -> Due | None:
    """Return when a timer is due for the first time; None for a cycle of no repetitions.

    Args:
        value: the text of the timer, or what its expression gave.
        what: the text for the message if it cannot be used.

    Raises:
        StepFailed: the value is no duration, date or cycle.
    """
    if isinstance(value, (DaysDuration, YearsDuration)):
        value = str(value)
    if isinstance(value, (datetime, date)):
        return Due(moment_of(value, environment))
    if not isinstance(value, str):
        raise _unusable(what, value)
    text = value.strip()
    cycle = CYCLE.match(text)
    if cycle:
        return _first_of_cycle(cycle, now, environment, working, what)
    if DATE.match(text):
        return Due(_date(text, environment, what))
    return Due(_after(now, text, environment, working, what))


def next_due(
    entry: Mapping[str, Any], now: datetime, environment: Environment, *, working: bool
) -> Due | None:
    """Return when a cycle is due again after it fired; None when it is over.

    Periods missed while nothing ran are passed over: they fired once, together.
    """
    left, step = entry.get("left"), entry.get("step")
    if not step or left == 0:
        return None
    due = datetime.fromisoformat(entry["due"])
    for _count in range(_MISSED_LIMIT):
        due = _after(due, step, environment, working, step)
        left = None if left is None else left - 1
        if due > now:
            return Due(due, left, step)
        if left == 0:
            return None
    return None


def _first_of_cycle(
    cycle: re.Match[str], now: datetime, environment: Environment, working: bool, what: str
) -> Due | None:
    times = int(cycle.group(1)) if cycle.group(1) else None
    if times == 0:
        return None
    left = None if times is None else times - 1
    parts = cycle.group(2).split("/")
    if len(parts) == 1:
        return Due(_after(now, parts[0], environment, working, what), left, parts[0])
    if DATE.match(parts[0]):
        return Due(_date(parts[0], environment, what), left, parts[1])
    raise _unusable(what, "/".join(parts))


def _after(now: datetime, text: str, environment: Environment, working: bool, what: str) -> datetime:
    try:
        return environment.due(now, text.strip(), working).astimezone(UTC)
    except (Refusal, ValueError, OverflowError) as error:
        raise _unusable(what, text) from error


def _date(text: str, environment: Environment, what: str) -> datetime:
    try:
        found = datetime.fromisoformat(text.replace(" ", "T"))
    except ValueError as error:
        raise _unusable(what, text) from error
    return moment_of(found, environment)


def moment_of(value: datetime | date, environment: Environment) -> datetime:
    """Return a date or a moment in UTC; what has no zone is meant in the company's."""
    if not isinstance(value, datetime):
        value = datetime.combine(value, time())
    if value.tzinfo is None:
        value = value.replace(tzinfo=environment.zone)
    return value.astimezone(UTC)


def _unusable(what: str, value: Any) -> StepFailed:
    return StepFailed(
        "The timer “%(timer)s” gives “%(value)s”, which is no duration, date or cycle.",
        code="no_term",
        timer=what,
        value=value,
    )
