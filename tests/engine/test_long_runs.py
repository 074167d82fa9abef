"""Runs that are long, deep or many: they go on, or stop with a reason, and memory stays as it is."""

from __future__ import annotations

import gc
import tracemalloc
from typing import Any

import pytest
from sqlalchemy import func, select

from bpm.db import Database, make_engine
from bpm.engine import definitions
from bpm.engine.build import compile as compiling
from bpm.engine.models import HistoryEvent, Incident
from bpm.engine.problems import CannotRun
from tests.conftest import MovableClock
from tests.engine.office import Office
from tests.engine.processes import call, chain, element, end, flow, process, script, start, user

LOOP = process(
    "count",
    start(),
    element("exclusiveGateway", "merge"),
    script("add", "n := n + 1"),
    element("exclusiveGateway", "split", attributes=' default="f_split_merge"'),
    end(),
    chain("begin", "merge", "add", "split", "merge"),
    flow("split", "done", "n >= most"),
)


@pytest.fixture
def small_office(sqlite_url: str, clock: MovableClock) -> Any:
    """An office on SQLite: what is tested here does not depend on the database."""
    from bpm.people.demo import load_demo

    engine = make_engine(sqlite_url)
    with Database(engine).writing() as session:
        load_demo(session, clock.now())
    yield Office(Database(engine), clock)
    engine.dispose()


def test_a_loop_of_ten_thousand_rounds_goes_on_in_several_transactions(small_office: Office) -> None:
    small_office.deploy(LOOP)

    case = small_office.start("count", variables={"n": 0, "most": 10_000})
    # the budget of one transaction is spent, and a job goes on
    assert small_office.case(case).status == "active"
    assert small_office.variables(case)["n"] < 10_000
    small_office.work()

    assert small_office.case(case).status == "completed"
    assert small_office.variables(case)["n"] == 10_000
    assert small_office.incidents(only_open=False) == []


def test_a_loop_past_the_whole_budget_is_an_incident(
    small_office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bpm.engine.work._MOST_CONTINUATIONS", 2)
    small_office.deploy(LOOP)

    case = small_office.start("count", variables={"n": 0, "most": 1_000_000})
    small_office.work()

    (incident,) = small_office.incidents()
    assert (incident.kind, small_office.case(case).status) == ("endless", "active")


def test_a_thousand_nested_scopes_are_refused_with_a_reason(small_office: Office) -> None:
    inside = f"{start('b')}{end('d')}{flow('b', 'd')}"
    for number in range(1000):
        name = f"sub_{number}"
        inside = (
            f"{start(f'b_{number}')}{element('subProcess', name, inside)}{end(f'd_{number}')}"
            f"{chain(f'b_{number}', name, f'd_{number}')}"
        )

    with pytest.raises(CannotRun, match="nested"):
        small_office.deploy(process("deep", inside))


def test_processes_that_call_themselves_without_end_stop_with_a_reason(small_office: Office) -> None:
    small_office.deploy(
        process("self", start(), call("again", "self"), end(), chain("begin", "again", "done"))
    )

    small_office.start("self")
    small_office.work()

    causes = [incident.cause["text"] for incident in small_office.incidents()]
    assert "Processes call one another more than %(limit)s deep." in str(causes)


def test_definitions_are_kept_up_to_a_bound(small_office: Office) -> None:
    for number in range(4):
        compiling.compile_process(process(f"kept_{number}", start(), end(), flow("begin", "done")))

    assert len(compiling._cache) <= compiling.CACHE_SIZE
    assert len(definitions._cache) <= definitions._MOST


def test_memory_does_not_grow_with_the_number_of_cases(small_office: Office) -> None:
    small_office.deploy(
        process("one", start(), user("ask", "initiator"), end(), chain("begin", "ask", "done"))
    )

    def some(number: int) -> None:
        for _case in range(number):
            case = small_office.start("one")
            small_office.complete(None, "ask", case=case)
        gc.collect()

    some(30)  # caches of statements and definitions fill
    tracemalloc.start()
    try:
        some(10)
        before = tracemalloc.get_traced_memory()[0]
        some(60)
        grown = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()

    assert grown < 100_000, f"{grown} bytes more after 60 cases"
    with small_office.reading() as session:
        assert session.scalar(select(func.count(HistoryEvent.seq))) > 0
        assert session.scalar(select(func.count(Incident.id))) == 0
