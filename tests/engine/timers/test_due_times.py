"""Cycles and cron against what can be said of them without knowing how they are computed."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, time, timedelta
from types import SimpleNamespace
from typing import cast
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bpm import worktime
from bpm.engine.problems import StepFailed
from bpm.engine.runtime.environment import Environment
from bpm.engine.timers import cron, due_times
from bpm.engine.timers.due_times import Due, first_due, next_due
from bpm.worktime.calendar import WorkCalendar
from bpm.worktime.queries import OFFICE_WEEK

WARSAW = ZoneInfo("Europe/Warsaw")


def _environment() -> Environment:
    week = {int(day): ((time(9), time(17)),) for day in OFFICE_WEEK}
    calendar = WorkCalendar(zone=WARSAW, week=week)
    return cast(
        Environment,
        SimpleNamespace(
            zone=WARSAW, due=lambda now, text, working: worktime.due(now, text, calendar, working)
        ),
    )


AROUND = _environment()
MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1)).map(
    lambda one: one.replace(microsecond=0, tzinfo=UTC)
)


def times(text: str, start: datetime, most: int = 12, *, working: bool = False) -> list[datetime]:
    """Return when a cycle is due, if each time is noticed at once."""
    found: list[datetime] = []
    due = first_due(text, start, AROUND, working=working, what=text)
    while due is not None and len(found) < most:
        found.append(due.moment)
        due = next_due(due.as_json(), due.moment, AROUND, working=working)
    return found


def local(one: datetime) -> datetime:
    return one.astimezone(WARSAW)


@given(
    MOMENTS,
    st.integers(1, 6),
    st.sampled_from(["P1D", "P1W", "P1M", "P3D", "P1Y", "PT7H", "P1DT2H", "PT45M"]),
)
@settings(max_examples=150, deadline=None)
def test_a_cycle_is_due_as_often_as_it_says_and_later_each_time(
    start: datetime, number: int, step: str
) -> None:
    found = times(f"R{number}/{step}", start)
    assert len(found) == number and found == sorted(set(found)) and found[0] > start
    assert times(f"R/{step}", start, number) == found


@given(MOMENTS, st.sampled_from(["P1D", "P1W", "P1M"]))
@settings(max_examples=150, deadline=None)
def test_steps_of_the_calendar_keep_the_local_time_over_every_clock_change(
    start: datetime, step: str
) -> None:
    begins = local(start)
    for one in times(f"R/{step}", start, 30):
        there = local(one)
        wall = datetime.combine(there.date(), begins.time())
        # in the hour that does not exist the timer is an hour late, and only then
        skipped = wall.replace(tzinfo=WARSAW).astimezone(UTC).astimezone(WARSAW).replace(tzinfo=None) != wall
        assert there.time() == begins.time() or skipped
        assert step != "P1M" or there.day == begins.day or (there + timedelta(days=1)).day == 1


@given(MOMENTS, st.integers(1, 50))
@settings(max_examples=100, deadline=None)
def test_steps_of_hours_are_absolute(start: datetime, hours: int) -> None:
    found = times(f"R/PT{hours}H", start, 5)
    assert found == [start + timedelta(hours=hours * number) for number in range(1, 6)]


@given(
    MOMENTS, st.sampled_from(["PT20M", "PT5H", "P1D", "P1M", "P2W"]), st.integers(0, 400), st.integers(1, 60)
)
@settings(max_examples=150, deadline=None)
def test_missed_periods_fire_once_and_the_cycle_goes_on_in_its_own_steps(
    start: datetime, step: str, late_hours: int, number: int
) -> None:
    text = f"R{number}/{step}"
    due = first_due(text, start, AROUND, working=False, what=text)
    assert due is not None
    noticed = due.moment + timedelta(hours=late_hours)
    following = next_due(due.as_json(), noticed, AROUND, working=False)
    to_come = [one for one in times(text, start, 100_000 if number < 61 else 61) if one > noticed]
    assert (following.moment if following else None) == (to_come[0] if to_come else None)
    if following is not None:
        assert following.left == len(to_come) - 1


@given(MOMENTS, st.integers(1, 5), st.sampled_from(["PT6H", "P1D", "P1M"]))
@example(datetime(2024, 2, 23, tzinfo=UTC), 2, "P1M")  # ends on a day that the month before has not
@settings(max_examples=100, deadline=None)
def test_a_cycle_with_an_end_is_due_then_for_the_last_time(start: datetime, number: int, step: str) -> None:
    end = start + timedelta(days=400)
    found = times(f"R{number}/{step}/{end.isoformat().replace('+00:00', 'Z')}", start)
    assert len(found) == number and found[-1] == end and found == sorted(set(found))


def test_a_cycle_with_a_beginning_starts_there_and_passes_over_what_was_before() -> None:
    now = datetime(2026, 3, 3, 8, 30, tzinfo=UTC)
    assert times("R3/2026-03-03T09:00:00Z/PT1H", now) == [
        now.replace(hour=hour, minute=0) for hour in (9, 10, 11)
    ]
    assert times("R/2026-03-01T06:00:00Z/P1D", now, 2) == [
        now.replace(day=day, hour=6, minute=0) for day in (4, 5)
    ]
    assert times("R3/2026-03-01T00:00:00Z/PT1H", now) == []
    assert times("R0/PT1H", now) == []


@pytest.mark.parametrize(
    "text", ["R/PT0S", "R/P0D", "R3/", "R/2wd/2026-01-01", "R/x", "61 * * * *", "soon", "0 0 9 ? * 8"]
)
def test_what_is_no_cycle_is_said_so(text: str) -> None:
    with pytest.raises(StepFailed, match=r"gives|cron"):
        first_due(text, datetime(2026, 3, 3, tzinfo=UTC), AROUND, working=False, what=text)


def test_working_cycles_go_by_the_company_calendar() -> None:
    friday = datetime(2026, 3, 6, 15, 0, tzinfo=UTC)
    assert [local(one).strftime("%a %H") for one in times("R3/1wd", friday)] == ["Mon 16", "Tue 16", "Wed 16"]
    assert [local(one).strftime("%a %H") for one in times("R2/PT4H", friday, working=True)] == [
        "Mon 12",
        "Mon 16",
    ]


# --- cron -----------------------------------------------------------------------------------------


def fires(text: str, start: datetime, most: int = 6) -> list[str]:
    found = times(text, start.astimezone(UTC), most)
    return [local(one).strftime("%a %d.%m.%y %H:%M %Z") for one in found]


MONDAY = datetime(2026, 3, 2, 0, 0, tzinfo=WARSAW)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("0 9 * * *", "Mon 02.03.26 09:00 CET"),
        ("0 9 * * 0", "Sun 08.03.26 09:00 CET"),
        ("0 9 * * 7", "Sun 08.03.26 09:00 CET"),
        ("0 9 13 * FRI", "Fri 06.03.26 09:00 CET"),  # Unix: either
        ("0 0 9 13 * FRI", "Fri 13.03.26 09:00 CET"),  # Zeebe and Spring: both
        ("0 0 9 * * 1", "Mon 02.03.26 09:00 CET"),
        ("0 0 9 ? * 1", "Sun 08.03.26 09:00 CET"),  # Quartz: Sunday is 1
        ("0 0 9 ? * MON-FRI", "Mon 02.03.26 09:00 CET"),
        ("0 0 9 ? * 6L", "Fri 27.03.26 09:00 CET"),
        ("0 0 9 ? * 6#3", "Fri 20.03.26 09:00 CET"),
        ("0 0 9 L * ?", "Tue 31.03.26 09:00 CEST"),
        ("0 0 9 LW * ?", "Tue 31.03.26 09:00 CEST"),
        ("0 0 9 15W * ?", "Mon 16.03.26 09:00 CET"),
        ("0 0 9 L-3 * ?", "Sat 28.03.26 09:00 CET"),
        ("0 0 9 1 1 ? 2028/2", "Sat 01.01.28 09:00 CET"),
        ("0 0/20 9 * * *", "Mon 02.03.26 09:00 CET"),
        ("@monthly", "Wed 01.04.26 00:00 CEST"),
    ],
)
def test_cron_as_unix_zeebe_and_quartz_write_it(text: str, first: str) -> None:
    assert cron.is_cron(text) and due_times.is_literal(text)
    assert fires(text, MONDAY, 1) == [first]


def test_the_nights_in_which_the_clock_changes() -> None:
    spring, autumn = datetime(2026, 3, 28, 12, tzinfo=WARSAW), datetime(2026, 10, 24, 12, tzinfo=WARSAW)
    assert fires("30 2 * * *", spring, 2) == ["Sun 29.03.26 03:30 CEST", "Mon 30.03.26 02:30 CEST"]
    assert fires("0 30 2 * * ?", autumn, 2) == ["Sun 25.10.26 02:30 CEST", "Mon 26.10.26 02:30 CET"]
    hourly = times("0 * * * *", autumn.astimezone(UTC), 30)
    assert {two - one for one, two in itertools.pairwise(hourly)} == {timedelta(hours=1)}


@given(MOMENTS, st.integers(0, 59), st.integers(0, 23))
@settings(max_examples=150, deadline=None)
def test_a_daily_time_comes_once_on_each_day(start: datetime, minute: int, hour: int) -> None:
    days = [local(one).date() for one in times(f"{minute} {hour} * * *", start, 40)]
    assert all(two - one == timedelta(days=1) for one, two in itertools.pairwise(days))


@given(MOMENTS, st.integers(0, 10_000))
@settings(max_examples=100, deadline=None)
def test_cron_that_was_missed_fires_once_and_then_at_its_next_time(start: datetime, late: int) -> None:
    due = first_due("15 6 * * 1", start, AROUND, working=False, what="cron")
    assert due is not None
    noticed = due.moment + timedelta(minutes=late)
    following = next_due(due.as_json(), noticed, AROUND, working=False)
    assert isinstance(following, Due) and noticed < following.moment <= noticed + timedelta(days=8)
    assert local(following.moment).weekday() == 0


def test_a_day_that_never_comes_is_no_time() -> None:
    with pytest.raises(cron.NotCron):
        cron.parse("0 0 30 2 *")
    assert cron.parse("0 0 9 1 1 ? 2020").after(datetime(2026, 1, 1, tzinfo=UTC), WARSAW) is None
