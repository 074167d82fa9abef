"""Terms: what people write, and when it is over."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpm.worktime import Term, TermError, WorkCalendar, due, parse_term

WARSAW = ZoneInfo("Europe/Warsaw")
OFFICE = ((time(9), time(17)),)
LUNCH = ((time(9), time(13)), (time(14), time(18)))
office = WorkCalendar(WARSAW, dict.fromkeys(range(5), OFFICE), "PL")
with_lunch = WorkCalendar(WARSAW, dict.fromkeys(range(5), LUNCH), "PL")
always = WorkCalendar(WARSAW, {weekday: ((time(), time()),) for weekday in range(7)})
nights = WorkCalendar(WARSAW, {6: ((time(0), time(8)),)})


def warsaw(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=WARSAW)


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("15m", Term(time=timedelta(minutes=15))),
        ("2h", Term(time=timedelta(hours=2))),
        ("1.5h", Term(time=timedelta(minutes=90))),
        ("3d", Term(days=3)),
        ("1d 12h", Term(days=1, time=timedelta(hours=12))),
        ("2w", Term(weeks=2)),
        ("30wm", Term(time=timedelta(minutes=30), working=True)),
        (" 4WH ", Term(time=timedelta(hours=4), working=True)),
        ("3wd", Term(days=3, working=True)),
        ("1wd 2wh", Term(days=1, time=timedelta(hours=2), working=True)),
        ("P2D", Term(days=2)),
        ("PT4H", Term(time=timedelta(hours=4))),
        ("p1y2m", Term(months=14)),
        ("P1W", Term(weeks=1)),
        ("P1Y2M3DT4H5M6.5S", Term(months=14, days=3, time=timedelta(hours=4, minutes=5, seconds=6.5))),
    ],
)
def test_forms_of_a_term(text: str, term: Term) -> None:
    assert parse_term(text) == term


@pytest.mark.parametrize(
    "text",
    ["", "soon", "3", "h", "-2h", "P", "PT", "P1", "P1H", "P-1D", "1.5d", "1.5wd", "2h 3wd", "3wx", "2 d ays"]
    + ["99999999d", "P999999Y", "__import__('os')", "٣d x"],
)
def test_anything_else_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(TermError) as refusal:
        parse_term(text)
    assert refusal.value.status == 422


@pytest.mark.parametrize(
    ("start", "term", "end"),
    [
        ("2026-03-03 09:00", "2h", "2026-03-03 11:00"),
        ("2026-03-06 16:30", "3d", "2026-03-09 16:30"),  # clock time knows no weekend
        ("2026-01-31 10:00", "P1M", "2026-02-28 10:00"),
        ("2026-03-28 10:00", "1d", "2026-03-29 10:00"),  # 23 hours: the clock goes forward
        ("2026-03-28 10:00", "24h", "2026-03-29 11:00"),
        ("2026-10-24 10:00", "P1D", "2026-10-25 10:00"),  # 25 hours: the clock goes back
        ("2026-03-03 10:00", "2wd", "2026-03-05 10:00"),
        ("2026-03-05 10:00", "2wd", "2026-03-09 10:00"),  # over a weekend
        ("2026-11-10 10:00", "1wd", "2026-11-12 10:00"),  # over Independence Day
        ("2026-03-03 20:00", "2wd", "2026-03-06 09:00"),  # outside hours: counts from the opening
        ("2026-03-07 12:00", "1wd", "2026-03-10 09:00"),
        ("2026-03-03 16:00", "2wh", "2026-03-04 10:00"),
        ("2026-03-06 16:50", "30wm", "2026-03-09 09:20"),
        ("2026-03-03 06:00", "1wh", "2026-03-03 10:00"),
        (
            "2026-03-03 09:00",
            "8wh",
            "2026-03-03 17:00",
        ),  # a whole day ends at closing, not at the next opening
        ("2026-03-03 10:00", "0wh", "2026-03-03 10:00"),
        ("2026-03-03 20:00", "0wh", "2026-03-04 09:00"),
    ],
)
def test_when_a_term_is_over(start: str, term: str, end: str) -> None:
    assert due(warsaw(start), term, office) == warsaw(end)


def test_term_without_a_sort_can_be_counted_in_working_time() -> None:
    assert due(warsaw("2026-03-06 10:00"), "P1D", office, working=True) == warsaw("2026-03-09 10:00")
    assert due(warsaw("2026-03-06 16:00"), "2h", office, working=True) == warsaw("2026-03-09 10:00")
    assert due(warsaw("2026-03-06 10:00"), "1w", office, working=True) == warsaw("2026-03-13 10:00")


def test_lunch_is_not_worked() -> None:
    assert due(warsaw("2026-03-03 12:30"), "1wh", with_lunch) == warsaw("2026-03-03 14:30")
    assert due(warsaw("2026-03-03 13:30"), "1wd", with_lunch) == warsaw("2026-03-04 14:00")


def test_day_with_other_hours_moves_the_time_into_them() -> None:
    short_wednesday = WorkCalendar(WARSAW, {1: OFFICE, 2: ((time(10), time(12)),)})

    assert due(warsaw("2026-03-03 09:15"), "1wd", short_wednesday) == warsaw("2026-03-04 10:00")
    assert due(warsaw("2026-03-03 16:00"), "1wd", short_wednesday) == warsaw("2026-03-04 12:00")


@pytest.mark.parametrize(("day", "hours"), [("2026-03-29", 7), ("2026-10-25", 9), ("2026-11-01", 8)])
def test_a_night_in_which_the_clock_changes(day: str, hours: int) -> None:
    opens, closes = warsaw(f"{day} 00:00"), warsaw(f"{day} 08:00")

    assert nights.worked_between(opens, closes) == timedelta(hours=hours)
    assert due(opens, f"{hours}wh", nights) == closes


def test_saturday_that_was_made_a_working_day() -> None:
    moscow = WorkCalendar(ZoneInfo("Europe/Moscow"), dict.fromkeys(range(5), OFFICE), "RU")

    assert moscow.is_working_day(date(2027, 2, 20))


def test_single_day_wins_over_holiday_and_week() -> None:
    calendar = WorkCalendar(WARSAW, office.week, "PL", {date(2026, 11, 11): OFFICE, date(2026, 11, 12): ()})

    assert due(warsaw("2026-11-10 10:00"), "1wd", calendar) == warsaw("2026-11-11 10:00")
    assert due(warsaw("2026-11-10 10:00"), "2wd", calendar) == warsaw("2026-11-13 10:00")


def test_working_hours_have_an_opening_and_a_closing() -> None:
    assert office.is_working(warsaw("2026-03-03 09:00"))
    assert not office.is_working(warsaw("2026-03-03 17:00"))
    assert not office.is_working(warsaw("2026-03-07 12:00"))
    assert always.is_working(warsaw("2026-03-07 23:59"))


@pytest.mark.parametrize("term", ["1wh", "1wd", "90000wh", "0wm"])
def test_calendar_without_hours_refuses_instead_of_searching_for_ever(term: str) -> None:
    with pytest.raises(TermError):
        due(warsaw("2026-03-03 09:00"), term, WorkCalendar(WARSAW, {}))


# --- properties -----------------------------------------------------------------------------

START = datetime(2025, 1, 1, tzinfo=UTC)
moments = st.integers(0, 4 * 366 * 24 * 60).map(lambda minute: START + timedelta(minutes=minute))
calendars = st.sampled_from([office, with_lunch, always, nights])
minutes = st.integers(0, 3000)


@given(moments, minutes, calendars)
def test_working_time_passed_at_the_end_is_the_term(
    start: datetime, number: int, calendar: WorkCalendar
) -> None:
    end = due(start, f"{number}wm", calendar)

    assert end >= start
    assert calendar.worked_between(start, end) == timedelta(minutes=number)


@given(moments, minutes, minutes, calendars)
def test_longer_terms_end_later(start: datetime, one: int, two: int, calendar: WorkCalendar) -> None:
    short, long = sorted((one, two))

    assert due(start, f"{short}wm", calendar) <= due(start, f"{long}wm", calendar)
    assert due(start, f"{short % 60}wd", calendar) <= due(start, f"{short % 60 + 1}wd", calendar)


@given(moments, moments, minutes, calendars)
def test_later_starts_end_later(one: datetime, two: datetime, number: int, calendar: WorkCalendar) -> None:
    early, late = sorted((one, two))

    assert due(early, f"{number}wm", calendar) <= due(late, f"{number}wm", calendar)


@given(moments, moments, st.integers(1, 30), st.sampled_from([office, with_lunch]))
def test_later_starts_end_later_in_days(
    one: datetime, two: datetime, number: int, calendar: WorkCalendar
) -> None:
    early, late = sorted((one, two))

    assert due(early, f"{number}wd", calendar) <= due(late, f"{number}wd", calendar)


@given(moments, st.integers(1, 30), st.sampled_from([office, with_lunch]))
def test_days_end_in_working_hours_or_at_a_closing(
    start: datetime, number: int, calendar: WorkCalendar
) -> None:
    end = due(start, f"{number}wd", calendar)

    assert calendar.is_working(end) or calendar.is_working(end - timedelta(microseconds=1))
    begins = calendar.next_working(start).astimezone(WARSAW)
    assert end.astimezone(WARSAW).time() == begins.time()
    between = (
        begins.date() + timedelta(days=step) for step in range(1, (end.date() - begins.date()).days + 1)
    )
    assert sum(calendar.is_working_day(day) for day in between) == number


@given(st.text(max_size=30))
def test_any_text_is_a_term_or_is_refused(text: str) -> None:
    try:
        assert isinstance(parse_term(text), Term)
    except TermError as refusal:
        assert refusal.text
