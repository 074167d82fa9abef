"""A process with a sub-process, and how its cases are moved."""

from __future__ import annotations

from typing import Any

from bpm.engine import commands
from tests.engine.office import Office, waits_are_written
from tests.engine.processes import (
    boundary,
    chain,
    end,
    process,
    start,
    sub,
    timer,
    user,
)

ADAM = "adam.kaminski"
NESTED = process(
    "nested",
    start(),
    user("first", "person", "boris.petrov"),
    sub(
        "inner",
        start("inner_begin"),
        user("second", "person", "boris.petrov"),
        user("third", "person", "boris.petrov"),
        end("inner_done"),
        chain("inner_begin", "second", "third", "inner_done"),
    ),
    boundary("late", "inner", timer("PT5H")),
    user("chase", "person", "boris.petrov"),
    end("chased"),
    end(),
    chain("begin", "first", "inner", "done"),
    chain("late", "chase", "chased"),
    extensions='<bpm:title>Case {number}</bpm:title><bpm:searchable variables="number"/>',
)


def move(office: Office, case: str, login: str | None = ADAM, **how: Any) -> None:
    office.do(commands.move, login, case, **how)
    waits_are_written(office, case)
