"""The stored company calendar."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from sqlalchemy.orm import Session

from bpm.errors import Invalid
from bpm.worktime import commands, company_calendar

SATURDAY, WEDNESDAY = date(2026, 3, 7), date(2026, 11, 11)


def test_new_installation_works_from_monday_to_friday(session: Session, now: datetime) -> None:
    calendar = company_calendar(session)

    assert calendar.is_working(now)  # Tuesday, nine o'clock in Warsaw
    assert not calendar.is_working_day(SATURDAY)
    assert str(company_calendar(session, "Asia/Tokyo").zone) == "Asia/Tokyo"


def test_set_up_keeps_a_calendar_that_exists(session: Session) -> None:
    commands.set_up(session, "Europe/Moscow")
    commands.set_up(session, "Europe/Warsaw")

    assert str(company_calendar(session).zone) == "Europe/Moscow"


def test_administrator_sets_hours_holidays_and_days(session: Session) -> None:
    commands.set_company_calendar(
        session, time_zone="Europe/Warsaw", country="PL", hours={2: [["14:00", "24:00"], ["08:00", "12:00"]]}
    )
    assert [str(opens) for opens, _closes in company_calendar(session).spans(date(2026, 3, 4))] == [
        "08:00:00",
        "14:00:00",
    ]
    assert not company_calendar(session).is_working_day(WEDNESDAY)  # Independence Day

    commands.set_day(session, WEDNESDAY, [["10:00", "11:00"]])
    assert company_calendar(session).is_working_day(WEDNESDAY)
    commands.set_day(session, WEDNESDAY, [])
    commands.clear_day(session, WEDNESDAY)
    commands.set_day(session, SATURDAY, [["10:00", "11:00"]])
    assert not company_calendar(session).is_working_day(WEDNESDAY)
    assert company_calendar(session).is_working_day(SATURDAY)


@pytest.mark.parametrize(
    "wrong",
    [
        {"time_zone": "Mars/Olympus"},
        {"country": "Atlantis"},
        {"hours": {}},
        {"hours": {0: [["17:00", "09:00"]]}},
        {"hours": {0: [["09:00", "13:00"], ["12:00", "17:00"]]}},
        {"hours": {0: [["nine", "five"]]}},
        {"hours": {0: [["09:00"]]}},
    ],
)
def test_what_is_not_a_calendar_is_refused(session: Session, wrong: dict[str, object]) -> None:
    with pytest.raises(Invalid):
        commands.set_company_calendar(session, **({"time_zone": "Europe/Warsaw"} | wrong))  # type: ignore[arg-type]
