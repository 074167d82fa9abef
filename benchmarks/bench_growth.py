"""Whether a case stays as fast as it grows: a long loop, a thousand approvers; and how small its state is.

    python -m benchmarks.bench_growth [--steps 1000] [--approvers 1000] [--pairs 20]

The late decision of an old case and the first of a new one take turns, so that a busy machine slows both.
"""

from __future__ import annotations

import argparse
import statistics
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from benchmarks.bench_engine import LOOP, NOW, databases, seconds
from bpm import tables
from bpm.db import Database
from bpm.engine import commands
from bpm.engine.tables import INSTANCE, TASK
from bpm.people.models import Person
from tests.engine.processes import chain, end, outcomes, process, start, user

STEP_BUDGET, APPROVER_BUDGET, STATE_BUDGET = 1.2, 1.5, 2000
APPROVERS = process(
    "approvers",
    start(),
    user(
        "ask",
        "person",
        "ann",
        buttons=outcomes("approve", "reject"),
        loop="<bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>size</bpmn:loopCardinality>"
        "</bpmn:multiInstanceLoopCharacteristics>",
    ),
    end(),
    chain("begin", "ask", "done"),
)
TWENTY_TWO = process(
    "twenty_two",
    start(),
    *(user(f"step_{number}", "person", "ann", title="Step of {name}") for number in range(20)),
    end(),
    chain("begin", *(f"step_{number}" for number in range(20)), "done"),
)


class Cases:
    """Cases of one person, who decides whatever comes."""

    def __init__(self, database: Database) -> None:
        self.database = database
        with database.writing() as session:
            session.add(Person(login="ann", name="Ann", email="ann@example.org"))
            session.flush()
            self.actor = session.scalars(select(Person)).one()
            for diagram in (LOOP, APPROVERS, TWENTY_TWO):
                commands.deploy(session, NOW, None, diagram)
            session.expunge_all()

    def start(self, key: str, **variables: Any) -> int:
        with self.database.writing() as session:
            return commands.start(session, NOW, self.actor, key, variables).id

    def tasks(self, case: int) -> list[str]:
        """Return the open tasks of a case, the oldest first."""
        open_tasks = select(TASK.c.public_id).where(TASK.c.instance_id == case, TASK.c.status == "open")
        with self.database.reading() as session:
            return list(session.scalars(open_tasks.order_by(TASK.c.id)))

    def decide(self, task: str, outcome: str | None = "approve") -> float:
        """Decide a task; return the seconds it took."""

        def complete() -> None:
            with self.database.writing() as session:
                self._complete(session, task, outcome)

        return seconds(complete)

    def _complete(self, session: Session, task: str, outcome: str | None) -> None:
        commands.complete(session, NOW, self.actor, task, outcome, {})


def loop(cases: Cases, steps: int, pairs: int) -> float:
    """Return how much longer step ``steps`` of a loop takes than its first one."""
    old = cases.start("loop", number=1)
    for _step in range(steps - pairs // 2):
        cases.decide(cases.tasks(old)[0])
    ratios = []
    for _pair in range(pairs):
        # both at the same element: the old case has taken an even number of steps
        new = cases.start("loop", number=1)
        first = cases.decide(cases.tasks(new)[0])
        late = cases.decide(cases.tasks(old)[0])
        second = cases.decide(cases.tasks(new)[0])
        later = cases.decide(cases.tasks(old)[0])
        ratios.append((late + later) / (first + second))
    return statistics.median(ratios)


def approvers(cases: Cases, size: int, pairs: int) -> tuple[float, float, float]:
    """Return the milliseconds of an early and of a late decision of a parallel approval, and their ratio."""
    old = cases.start("approvers", size=size)
    waiting = cases.tasks(old)
    for task in waiting[: size - pairs - 1]:
        cases.decide(task)
    new = cases.start("approvers", size=size)
    early = [cases.decide(task) for task in cases.tasks(new)[:3]][3:]
    late = []
    for first, last in zip(cases.tasks(new)[:pairs], cases.tasks(old)[:pairs], strict=True):
        early.append(cases.decide(first))
        late.append(cases.decide(last))
    ratio = statistics.median(one / other for one, other in zip(late, early, strict=True))
    return statistics.median(early) * 1000, statistics.median(late) * 1000, ratio


def state_size(cases: Cases) -> int:
    """Return the bytes of the state of a case with 22 nodes that stands at its 20th."""
    case = cases.start("twenty_two", name="Delta", amount=12500, note="three offers were asked for")
    for _step in range(19):
        cases.decide(cases.tasks(case)[0], None)
    with cases.database.reading() as session:
        state = session.scalar(select(INSTANCE.c.state).where(INSTANCE.c.id == case))
    return len(state or b"")


def main(arguments: list[str] | None = None) -> None:
    """Print the figures of every kind of database."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=1000)
    parser.add_argument("--approvers", type=int, default=1000)
    parser.add_argument("--pairs", type=int, default=20)
    options = parser.parse_args(arguments)
    tables.load()
    with databases() as found:
        for name, database in found:
            cases = Cases(database)
            growth = loop(cases, options.steps, options.pairs)
            early, late, ratio = approvers(cases, options.approvers, options.pairs)
            print(
                f"{name:12} step {options.steps:,} of a loop {growth:.2f} × step 1   (budget {STEP_BUDGET})\n"
                f"{'':12} {options.approvers:,} approvers: first {early:.2f} ms, last {late:.2f} ms,"
                f" {ratio:.2f} ×   (budget {APPROVER_BUDGET})\n"
                f"{'':12} state of a 22-node case: {state_size(cases)} bytes   (budget {STATE_BUDGET})"
            )


if __name__ == "__main__":
    main()
