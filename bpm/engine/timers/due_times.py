"""When a timer is due: dates, durations, cycles, cron (BPMN 2.0, 10.5.5; ISO 8601).

Working time and the calendar belong to ``environment.due``, cron to ``timers/cron.py``; nothing here
reads a clock. A step of days, weeks or months is counted from the beginning of its cycle, so that
neither a short month nor a night in which the clock changes moves the ones after it; where the end is
given, it is counted back from the end.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from bpm.engine.problems import StepFailed
from bpm.engine.runtime.environment import Environment
from bpm.engine.timers import cron
from bpm.errors import Refusal
from bpm.feel.values import DaysDuration, YearsDuration
from bpm.worktime import Term, parse_term

DURATION = re.compile(
    r"P(?=.)(\d+(\.\d+)?Y)?(\d+(\.\d+)?M)?(\d+(\.\d+)?W)?(\d+(\.\d+)?D)?"
    r"(T(?=.)(\d+(\.\d+)?H)?(\d+(\.\d+)?M)?(\d+(\.\d+)?S)?)?\Z"
)
SHORT_TERM = re.compile(r"\d+(\.\d+)?\s*(wm|wh|wd|s|m|h|d|w)(\s+\d+(\.\d+)?\s*(wm|wh|wd|s|m|h|d|w))*\Z")
DATE = re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?\Z")
CYCLE = re.compile(r"R(\d*)/(.+)\Z", re.DOTALL)
# how many missed periods are passed over in one go before the timer counts as broken
_MISSED_LIMIT = 100_000
_CRON = "cron:"


def is_literal(text: str) -> bool:
    """Whether a timer's text needs no evaluation."""
    text = text.strip()
    return any(pattern.match(text) for pattern in (DURATION, SHORT_TERM, DATE)) or is_cycle(text)


def is_cycle(text: str) -> bool:
    """Whether a text repeats: ``R5/P1D``, ``R/PT1H``, ``R3/2026-01-01T00:00Z/P1D``, ``R4/P1D/2026-02-01``
    or cron."""
    match = CYCLE.match(text.strip())
    if match is None:
        return cron.is_cron(text)
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
class _Asked:
    """When and how a timer is asked for, and its text for messages."""

    now: datetime
    environment: Environment
    working: bool
    what: str

    def after(self, moment: datetime, text: str) -> datetime:
        return _after(moment, text, self.environment, self.working, self.what)

    def date(self, text: str) -> datetime:
        return _date(text, self.environment, self.what)


@dataclass(frozen=True)
class Due:
    """A moment, and for cycles how often still after it (None: without end) and the step.

    ``begin`` and ``number``: a step of whole days or months is number ``number`` after ``begin``.
    ``until``: the last time of a cycle whose end is given; its times are counted back from there.
    """

    moment: datetime
    left: int | None = 0
    step: str | None = None
    begin: datetime | None = None
    number: int = 0
    until: datetime | None = None

    def as_json(self) -> dict[str, Any]:
        """Return what the token's notes keep."""
        entry: dict[str, Any] = {"due": self.moment.isoformat(), "left": self.left, "step": self.step}
        if self.begin is not None:
            entry |= {"begin": self.begin.isoformat(), "number": self.number}
        if self.until is not None:
            entry["until"] = self.until.isoformat()
        return entry


def first_due(value: Any, now: datetime, environment: Environment, *, working: bool, what: str) -> Due | None:
    """Return when a timer is due for the first time; None for a cycle that is over before it begins.

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
        return _first_of_cycle(cycle, _Asked(now, environment, working, what))
    if cron.is_cron(text):
        return _next_of_cron(f"{_CRON}{text}", now, environment, what)
    if DATE.match(text):
        return Due(_date(text, environment, what))
    return Due(_after(now, text, environment, working, what))


def next_due(
    entry: Mapping[str, Any], now: datetime, environment: Environment, *, working: bool
) -> Due | None:
    """Return when a cycle is due again after it fired; None when it is over.

    Periods missed while nothing ran are passed over: they fired once, together.
    """
    step = entry.get("step")
    if not step or entry.get("left") == 0:
        return None
    if step.startswith(_CRON):
        due = datetime.fromisoformat(entry["due"])
        return _next_of_cron(step, max(now, due), environment, step)
    found: Due | None = _read(entry)
    for _count in range(_MISSED_LIMIT):
        found = _following(found, environment, working) if found is not None else None
        if found is None or found.moment > now:
            return found
        found = _leap(found, now, working)
    return None


def _read(entry: Mapping[str, Any]) -> Due:
    begin, until = entry.get("begin"), entry.get("until")
    return Due(
        datetime.fromisoformat(entry["due"]),
        entry.get("left"),
        entry.get("step"),
        datetime.fromisoformat(begin) if begin else None,
        int(entry.get("number") or 0),
        datetime.fromisoformat(until) if until else None,
    )


def _following(due: Due, environment: Environment, working: bool) -> Due | None:
    """Return the next time of a cycle; None when it is over."""
    step = due.step or ""
    if due.left == 0:
        return None
    left = None if due.left is None else due.left - 1
    begin, number = due.begin, due.number + 1
    if due.until is not None and left is not None:
        return Due(_before(due.until, step, left, environment), left, step, None, 0, due.until)
    if begin is None:
        moment = _after(due.moment, step, environment, working, step)
        number = 0
    else:
        moment = _after(begin, _times(step, number), environment, working, step)
    return Due(moment, left, step, begin, number, due.until)


def _leap(due: Due, now: datetime, working: bool) -> Due:
    """Pass over missed periods of an exact length in one go; calendar steps are taken one by one."""
    length = _exact_length(due.step or "", working)
    if length is None or length <= timedelta():
        return due
    missed = (now - due.moment) // length
    if due.left is not None:
        missed = min(missed, due.left)
    left = None if due.left is None else due.left - missed
    return Due(due.moment + length * missed, left, due.step, due.begin, due.number, due.until)


def _exact_length(step: str, working: bool) -> timedelta | None:
    """Return the length of a step that is so many hours by the clock; None for days and working time."""
    term = _term(step)
    if working or term is None or term.working or term.months or term.weeks or term.days:
        return None
    return term.time


def _term(step: str) -> Term | None:
    try:
        return parse_term(step)
    except Refusal:
        return None


def _times(step: str, number: int) -> str:
    """Return a step of the calendar taken ``number`` times, as ISO 8601 text."""
    term = _term(step)
    assert term is not None
    seconds = term.time.total_seconds() * number
    time_part = f"T{seconds:.6f}S" if seconds else ""
    return f"P{term.months * number}M{term.weeks * number}W{term.days * number}D{time_part}"


def _beginning(moment: datetime, step: str, working: bool) -> datetime | None:
    """Return from where the steps of a cycle are counted; None if each follows the one before."""
    term = _term(step)
    if working or term is None or term.working or not (term.months or term.weeks or term.days):
        return None
    return moment


def _first_of_cycle(cycle: re.Match[str], asked: _Asked) -> Due | None:
    times = int(cycle.group(1)) if cycle.group(1) else None
    if times == 0:
        return None
    parts = [part.strip() for part in cycle.group(2).split("/")]
    dates = [bool(DATE.match(part)) for part in parts]
    now, working = asked.now, asked.working
    if dates == [False]:
        _check_step(parts[0], asked)
        first = Due(now, times, parts[0], _beginning(now, parts[0], working))
        return _following(first, asked.environment, working)
    if dates == [True, False]:
        start, step = asked.date(parts[0]), parts[1]
        _check_step(step, asked)
        left = None if times is None else times - 1
        return _from_now_on(Due(start, left, step, _beginning(start, step, working)), asked)
    if dates == [False, True]:
        _check_step(parts[0], asked)
        return _ending(times, parts[0], asked.date(parts[1]), asked)
    raise _unusable(asked.what, "/".join(parts))


def _check_step(step: str, asked: _Asked) -> None:
    """Refuse a step that leads nowhere: the cycle would be due for ever at the same moment."""
    if asked.after(asked.now, step) <= asked.now:
        raise _unusable(asked.what, step)


def _from_now_on(due: Due, asked: _Asked) -> Due | None:
    """Return the first time of a cycle that is still to come: those before it was set were not missed."""
    found: Due | None = due
    for _count in range(_MISSED_LIMIT):
        if found is None or found.moment >= asked.now:
            return found
        leapt = _leap(found, asked.now, asked.working)
        again = leapt.moment < asked.now
        found = _following(leapt, asked.environment, asked.working) if again else leapt
    return None


def _ending(times: int | None, step: str, end: datetime, asked: _Asked) -> Due | None:
    """A cycle that ends at a moment (ISO 8601-1, 5.6): its times are counted back from the end."""
    term = _term(step)
    if term is None or term.working or asked.working:
        raise _unusable(asked.what, step)
    back = min(times - 1, _MISSED_LIMIT) if times is not None else _MISSED_LIMIT
    exact = _exact_length(step, asked.working)
    if exact is not None:
        back = min(back, max(0, (end - asked.now) // exact))
        return Due(end - exact * back, back, step, None, 0, end) if end >= asked.now else None
    found = None
    for number in range(back + 1):
        moment = _before(end, step, number, asked.environment)
        if moment < asked.now:
            break
        found = Due(moment, number, step, None, 0, end)
    return found


def _before(end: datetime, step: str, number: int, environment: Environment) -> datetime:
    """Return the moment a step ``number`` times before ``end`` on the company's calendar, in UTC."""
    term = _term(step)
    assert term is not None
    end = end.astimezone(environment.zone)
    months = end.year * 12 + end.month - 1 - term.months * number
    year, month = divmod(months, 12)
    day = date(year, month + 1, min(end.day, monthrange(year, month + 1)[1]))
    day -= timedelta(days=(term.weeks * 7 + term.days) * number)
    moment = datetime.combine(day, end.time(), end.tzinfo)
    return moment.astimezone(UTC) - term.time * number


def _next_of_cron(step: str, after: datetime, environment: Environment, what: str) -> Due | None:
    try:
        moment = cron.parse(step.removeprefix(_CRON)).after(after, environment.zone)
    except cron.NotCron as error:
        raise StepFailed(
            "The timer “%(timer)s” is no cron expression: %(why)s", code="no_term", timer=what, why=error.why
        ) from error
    return None if moment is None else Due(moment, None, step)


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
