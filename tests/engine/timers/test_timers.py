"""Timers in a running house: cron, downtime, new versions, suspension, dates of records that change."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bpm.engine import commands
from bpm.engine.functions import read_records_with
from bpm.engine.values import RecordReference
from bpm.jobs.models import Job
from tests.engine.office import Office
from tests.engine.processes import boundary, catch, chain, end, process, script, start, timer, user
from tests.isolation import forgetting

WARSAW = ZoneInfo("Europe/Warsaw")


def on_schedule(text: str, element: str = "ask") -> str:
    return process(
        "nightly",
        start("begin", timer(text, "timeCycle")),
        user(element, "person", "boris.petrov"),
        end(),
        chain("begin", element, "done"),
    )


def due(office: Office) -> list[datetime]:
    with office.reading() as session:
        return sorted(job.due_at.astimezone(WARSAW) for job in session.query(Job))


def test_cron_starts_cases_at_the_time_of_the_company(office: Office) -> None:
    office.deploy(on_schedule("30 2 * * *"))
    office.clock.advance(datetime(2026, 3, 28, 12, 0, tzinfo=WARSAW) - office.now)
    office.work()
    assert len(office.tasks()) == 1
    # in the night to the 29th there is no half past two: it comes right after
    assert due(office) == [datetime(2026, 3, 29, 3, 30, tzinfo=WARSAW)]
    for number in range(3):
        office.pass_time(hours=24)
        assert len(office.tasks()) == 2 + number
    assert due(office)[0].hour == 2


def test_periods_missed_during_downtime_fire_once_and_the_cycle_goes_on(office: Office) -> None:
    office.deploy(on_schedule("R/PT1H"))
    office.pass_time(hours=5, minutes=30)
    assert len(office.tasks()) == 1
    office.pass_time(minutes=30)
    assert len(office.tasks()) == 2


def test_missed_timers_fire_in_the_order_in_which_they_were_due(office: Office) -> None:
    for number in range(3):
        office.deploy(
            process(
                f"p{number}", start(), catch("wait", timer("=term")), user("ask", "initiator"), end(),
                chain("begin", "wait", "ask", "done"),
            )
        )  # fmt: skip
    order = {"p0": "PT3H", "p1": "PT1H", "p2": "PT2H"}
    started = {key: office.start(key, variables={"term": term}) for key, term in order.items()}
    office.pass_time(hours=9)
    numbers = {case: key for key, case in started.items()}
    with office.reading() as session:
        del session
    tasks = [office.case(case).id for case in (started["p1"], started["p2"], started["p0"])]
    assert [task.instance_id for task in office.tasks()] == tasks and len(numbers) == 3


def test_a_schedule_follows_the_newest_version_and_stops_with_the_process(office: Office) -> None:
    office.deploy(on_schedule("R/PT1H"), on_schedule("R/PT1H", "look"))
    office.pass_time(hours=1)
    assert office.open_elements() == ["look"]
    office.do(commands.set_active, None, "nightly", False)
    office.pass_time(hours=3)
    assert office.open_elements() == ["look"]
    office.do(commands.set_active, None, "nightly", True)
    office.pass_time(hours=1)
    assert office.open_elements() == ["look", "look"]


def test_a_start_that_fails_for_good_does_not_end_the_schedule(office: Office) -> None:
    settings = '<bpm:settings><bpm:setting name="limit" value="=hours(1)"/></bpm:settings>'
    diagram = process(
        "nightly", start("begin", timer("R/P1D", "timeCycle")), user("ask", "person", "boris.petrov"), end(),
        chain("begin", "ask", "done"), extensions=settings.replace("hours(1)", "date(1, 1, 1) + 1"),
    )  # fmt: skip
    office.deploy(diagram)
    office.pass_time(hours=24)
    for _number in range(12):
        office.pass_time(minutes=10)
    assert any(moment > office.now for moment in due(office))


def test_a_cycle_beside_a_step_keeps_its_day_of_the_month(office: Office) -> None:
    office.clock.advance(datetime(2027, 1, 31, 9, 0, tzinfo=WARSAW) - office.now)
    office.deploy(
        process(
            "monthly",
            start(),
            user("ask", "initiator"),
            end(),
            boundary("tick", "ask", timer("R/P1M", "timeCycle"), interrupting=False),
            script("count", "times := (if times = null then 0 else times) + 1"),
            end("ticked"),
            chain("begin", "ask", "done"),
            chain("tick", "count", "ticked"),
        )
    )
    office.start("monthly", variables={"times": None})
    days = []
    for _number in range(4):
        days.append(next(moment for moment in due(office) if moment > office.now).strftime("%d.%m %H:%M"))
        office.pass_time(days=31)
    assert days == ["28.02 09:00", "31.03 09:00", "30.04 09:00", "31.05 09:00"]


BEGINS = datetime(2026, 3, 20, 9, 0, tzinfo=WARSAW)


@pytest.mark.parametrize("days", [-5, 5])
def test_a_timer_follows_the_date_of_its_record_earlier_and_later(office: Office, days: int) -> None:
    dates = {"m-1": BEGINS, "m-2": BEGINS}
    reference = RecordReference("meeting", "m-1")
    with forgetting():
        read_records_with(lambda _session, one: {"begins": dates[str(one.id)]}, lambda _session, _one: None)
        office.deploy(
            process(
                "meets",
                start(),
                catch("wait", timer("=meeting.begins", "timeDate")),
                user("ask", "initiator"),
                end(),
                chain("begin", "wait", "ask", "done"),
            )
        )
        case = office.start("meets", variables={"meeting": reference})
        other = office.start("meets", variables={"meeting": RecordReference("meeting", "m-2")})
        dates["m-1"] = BEGINS + timedelta(days=days)
        with office.database.writing() as session:
            assert commands.record_changed(session, office.now, "m-1") == 1
        office.work()
        assert due(office) == sorted([BEGINS, dates["m-1"]])
        office.clock.advance(dates["m-1"] - office.now - timedelta(minutes=1))
        office.work()
        assert office.open_elements(case) == []
        office.pass_time(minutes=1)
        assert office.open_elements(case) == ["ask"]
        assert office.open_elements(other) == (["ask"] if days > 0 else [])
        with office.database.writing() as session:
            assert commands.record_changed(session, office.now, "m-1") == 0
