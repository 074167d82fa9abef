"""Whatever is moved where: the state can be loaded, and the rows say what the run waits for."""

from __future__ import annotations

import random

import pytest
from sqlalchemy import select

from bpm.engine import commands, definitions
from bpm.engine.models import Instance
from bpm.engine.operations import moving
from bpm.errors import Refusal
from tests.engine.office import Office, waits_are_written
from tests.engine.processes import (
    MULTI,
    SEQUENTIAL,
    boundary,
    catch,
    chain,
    conditional,
    element,
    end,
    message,
    process,
    signal,
    start,
    sub,
    timer,
    user,
)

BORIS = ("person", "boris.petrov")
EVERYTHING = process(
    "everything",
    start(),
    element("parallelGateway", "split"),
    user("a", *BORIS),
    sub(
        "outer", start("o1"), user("b", *BORIS),
        sub("inner", start("i1"), catch("wait", timer("PT8H")), user("c", *BORIS), end("i2"), chain("i1", "wait", "c", "i2")),
        boundary("gone", "inner", message("gone")), end("o2"), chain("o1", "b", "inner", "o2"), chain("gone", "o3"), end("o3"),
    ),
    boundary("slow", "outer", timer("PT5H"), interrupting=False),
    user("each", "expression", "=who", loop=MULTI),
    user("turn", "expression", "=who", loop=SEQUENTIAL),
    element("eventBasedGateway", "first"),
    catch("told", message("told")),
    catch("rung", signal("bell")),
    element("parallelGateway", "join"),
    user("d", *BORIS),
    boundary("big", "d", conditional("size > 10")),
    end("slow_end"), end("big_end"), end(),
    chain("begin", "split", "a", "each", "join", "d", "done"),
    chain("split", "outer", "turn", "join"),
    chain("split", "first", "told", "join"),
    chain("first", "rung", "join"),
    chain("slow", "slow_end"), chain("big", "big_end"),
    messages=("gone", "told"), signals=("bell",),
)  # fmt: skip


@pytest.mark.parametrize("seed", range(8))
def test_random_moves_keep_rows_and_run_in_step(office: Office, seed: int) -> None:
    dice = random.Random(seed)
    office.deploy(EVERYTHING)
    case = office.start(
        "everything",
        variables={"people": ["boris.petrov", "emily.clark"], "size": 1},
        business_key=f"k{seed}",
    )
    done = 0
    for _turn in range(14):
        with office.reading() as session:
            row = session.scalars(select(Instance).where(Instance.public_id == case)).one()
            if row.ended_at is not None:
                break
            tokens = [one.token for one in moving.places(session, office.now, row)]
            points = moving.starting_points(definitions.of_version(session, row.version))
        cancel = dice.sample(tokens, k=min(len(tokens), dice.randint(0, 2)))
        begin = [dice.choice(points) for _one in range(dice.randint(0, 2))]
        try:
            office.do(commands.move, "adam.kaminski", case, cancel=cancel, start=begin)
            done += 1
        except Refusal:
            pass  # nothing may have changed
        waits_are_written(office, case)
        if dice.random() < 0.3 and office.tasks(case):
            office.do(commands.complete, None, dice.choice(office.tasks(case)).public_id)
            waits_are_written(office, case)
    assert done > 0
