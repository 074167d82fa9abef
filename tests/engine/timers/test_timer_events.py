"""Timers beside tasks and at the start of a process."""

from __future__ import annotations

import pytest

from bpm.engine import commands
from bpm.errors import Conflict
from bpm.jobs.models import Job
from tests.engine.office import Office
from tests.engine.processes import (
    boundary,
    chain,
    end,
    process,
    start,
    timer,
    user,
)


def test_a_boundary_timer_interrupts_when_its_time_has_come(office: Office) -> None:
    office.deploy(
        process(
            "late",
            start(),
            user("ask", "person", "boris.petrov"),
            end(),
            boundary("out", "ask", timer("PT1H")),
            user("instead", "person", "claire.evans"),
            end("lapsed"),
            chain("begin", "ask", "done"),
            chain("out", "instead", "lapsed"),
        )
    )
    case = office.start("late")
    task = office.task("ask", case)
    office.pass_time(minutes=59)
    assert office.open_elements(case) == ["ask"]
    office.pass_time(minutes=1)
    assert office.open_elements(case) == ["instead"]
    with pytest.raises(Conflict, match="ran out"):
        office.do(commands.complete, "boris.petrov", task.public_id)
    office.complete("claire.evans", "instead")
    assert office.case(case).outcome == "lapsed"
    assert office.count(Job) == 0


def test_the_timer_of_a_completed_task_is_gone(office: Office) -> None:
    office.deploy(
        process(
            "intime",
            start(),
            user("ask", "person", "boris.petrov"),
            user("next", "initiator"),
            end(),
            boundary("out", "ask", timer("PT1H")),
            end("lapsed"),
            chain("begin", "ask", "next", "done"),
            chain("out", "lapsed"),
        )
    )
    case = office.start("intime")
    assert office.count(Job) == 1
    office.complete("boris.petrov", "ask")
    assert office.count(Job) == 0
    office.pass_time(hours=2)
    assert office.open_elements(case) == ["next"]


def test_a_repeating_timer_beside_a_task_repeats(office: Office) -> None:
    office.deploy(
        process(
            "again",
            start(),
            user("ask", "person", "boris.petrov"),
            end(),
            boundary("tick", "ask", timer("R3/PT1H", "timeCycle"), interrupting=False),
            user("look", "person", "claire.evans"),
            end("ticked"),
            chain("begin", "ask", "done"),
            chain("tick", "look", "ticked"),
        )
    )
    case = office.start("again")
    for number in range(1, 4):
        office.pass_time(hours=1)
        assert office.open_elements(case) == ["ask"] + ["look"] * number
    office.pass_time(hours=5)
    assert office.open_elements(case) == ["ask"] + ["look"] * 3


def test_a_timer_starts_cases_again_and_again(office: Office) -> None:
    office.deploy(
        process(
            "nightly",
            start("begin", timer("R2/PT24H", "timeCycle")),
            user("ask", "person", "boris.petrov"),
            end(),
            chain("begin", "ask", "done"),
        )
    )
    office.pass_time(hours=23)
    assert office.open_elements() == []
    office.pass_time(hours=1)
    assert office.open_elements() == ["ask"]
    office.pass_time(hours=24)
    assert office.open_elements() == ["ask", "ask"]
    office.pass_time(hours=72)
    assert len(office.tasks()) == 2
