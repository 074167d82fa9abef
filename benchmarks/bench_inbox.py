"""Time of one page of the inbox with a great many open tasks in the table.

    python -m benchmarks.bench_inbox [--tasks 1000000]

People and groups share the tasks unevenly: one person holds 1 in 1,000, one group is offered 1 in 10.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from benchmarks.bench_engine import LOOP, NOW, databases
from bpm import tables
from bpm.db import Database, new_public_id
from bpm.engine import commands
from bpm.engine.tables import CANDIDATE, INSTANCE, TASK
from bpm.engine.tasks import queries as task_queries
from bpm.people.models import Group, Membership, Person

_BATCH = 10_000
BUDGET = 0.050


def fill(database: Database, count: int) -> int:
    """Write ``count`` open tasks; return the number of the person to ask for."""
    with database.writing() as session:
        people = [Person(login=f"p{n}", name=f"P {n}", email=f"p{n}@example.org") for n in range(1000)]
        people[0].login = "ann"
        groups = [Group(key=f"g{n}", names={"en": f"G {n}"}) for n in range(10)]
        session.add_all([*people, *groups])
        session.flush()
        session.add_all(Membership(person_id=people[0].id, group_id=group.id) for group in groups[:3])
        commands.deploy(session, NOW, None, LOOP)
        begun = commands.start(session, NOW, people[1], "loop", {"number": 1})
        case = {"version_id": begun.version_id, "process_id": begun.process_id, "started_by_id": people[1].id}
        holders, offered = [one.id for one in people], [one.id for one in groups]
    for begin in range(0, count, _BATCH):
        with database.writing() as session:
            _write(session, case, range(begin, min(count, begin + _BATCH)), holders, offered)
    with database.writing() as session:
        session.execute(text("ANALYZE"))
    return holders[0]


def _write(
    session: Session, case: dict[str, Any], numbers: range, holders: list[int], groups: list[int]
) -> None:
    rows, candidates, instances = [], [], []
    for number in numbers:
        due = NOW + timedelta(minutes=number % 50_000)
        shared = number % 2 == 0
        instances.append(
            {
                **case,
                "id": number + 1000,
                "root_id": number + 1000,
                "public_id": new_public_id(),
                "titles": {"en": f"Case {number}"},
                "search_text": f"case {number}",
                "status": "active",
                "revision": 1,
                "started_at": NOW,
                "history_length": 0,
                "history_hash": "",
            }
        )
        rows.append(
            {
                "id": number + 1000,
                "public_id": new_public_id(),
                "instance_id": number + 1000,
                "token": f"x{number}",
                "element": "one",
                "titles": {"en": f"Task {number}", "ru": f"Задача {number}", "pl": f"Zadanie {number}"},
                "search_text": f"task {number}",
                "outcomes": [],
                "status": "open",
                "assignee_id": None if shared else holders[number // 2 % len(holders)],
                "priority": 0,
                "approval": False,
                "due_at": due,
                "sort_at": due,
                "created_at": NOW,
                "revision": 1,
            }
        )
        if shared:
            group = groups[number // 2 % len(groups)]
            candidates.append({"task_id": number + 1000, "open": True, "sort_at": due, "group_id": group})
    session.connection().execute(insert(INSTANCE), instances)
    session.connection().execute(insert(TASK), rows)
    session.connection().execute(insert(CANDIDATE), candidates)


def milliseconds(database: Database, person_id: int, ask: Callable[[Session, Person], Any]) -> float:
    """Return the median time of a question, each time in a new session."""
    times = []
    for _number in range(15):
        with database.reading() as session:
            person = session.get_one(Person, person_id)
            begun = time.perf_counter()
            ask(session, person)
            times.append(time.perf_counter() - begun)
    return statistics.median(times) * 1000


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tasks", type=int, default=1_000_000)
    options = parser.parse_args(arguments)
    tables.load()
    questions: dict[str, Callable[[Session, Person], Any]] = {
        "mine": lambda s, p: task_queries.inbox(s, p, NOW, which="mine"),
        "offered": lambda s, p: task_queries.inbox(s, p, NOW, which="offered"),
        "all": lambda s, p: task_queries.inbox(s, p, NOW),
        "counts": lambda s, p: task_queries.counts(s, p, NOW),
    }
    with databases() as found:
        for name, database in found:
            person_id = fill(database, options.tasks)
            told = "   ".join(
                f"{what} {milliseconds(database, person_id, ask):.1f} ms" for what, ask in questions.items()
            )
            print(f"{name:12} {options.tasks:,} open tasks: {told}   (budget {BUDGET * 1000:.0f} ms)")


if __name__ == "__main__":
    main()
