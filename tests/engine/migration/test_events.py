"""Timers, messages and conditions that a case waits for when it goes over to another version."""

from __future__ import annotations

from datetime import UTC, timedelta

from bpm.engine import commands
from tests.engine.migration.migrated import ADAM, FIRST, migrate, plan, rows, simple, with_events
from tests.engine.office import Office
from tests.engine.processes import (
    boundary,
    catch,
    chain,
    conditional,
    element,
    end,
    message,
    process,
    start,
    timer,
    user,
)


def test_a_running_timer_keeps_its_date_unless_it_is_defined_anew(office: Office) -> None:
    office.deploy(with_events("PT10H"))
    case = office.start("simple", business_key="k")
    first = rows(office, case)
    begun = office.now
    office.pass_time(hours=2)
    office.deploy(with_events("PT10H", name="billed"), with_events("PT20H"))

    told = plan(office, case)
    assert [(one.kind, one.after) for one in told.changes] == [("message", "billed")]
    migrate(office, case)
    assert [one[2] for one in rows(office, case)["jobs"]] == [one[2] for one in first["jobs"]]
    assert [one[1] for one in rows(office, case)["waits"]] == ["billed"]
    office.do(commands.undo_migration, ADAM, case)
    assert (rows(office, case)["jobs"], rows(office, case)["waits"]) == (first["jobs"], first["waits"])

    told = plan(office, case, to=3)
    assert [one.kind for one in told.changes] == ["timer"] and "counted from now" in told.changes[0].text
    migrate(office, case, to=3)
    assert [one[2] for one in rows(office, case)["jobs"]] == [
        str((begun + timedelta(hours=22)).astimezone(UTC))
    ]
    office.pass_time(hours=9)
    assert office.open_elements(case) == ["ask"]
    office.pass_time(hours=12)
    assert office.open_elements(case) == ["ask", "hurry"]


def test_new_events_are_listened_for_and_those_gone_are_dropped(office: Office) -> None:
    office.deploy(FIRST, with_events("PT10H"))
    case = office.start("simple", variables={"number": 1}, version=1, business_key="k")
    before = rows(office, case)
    assert office.do(commands.deliver, None, "paid", "k", {"sum": 5}) == 0  # kept

    assert [one.kind for one in plan(office, case).changes].count("watch_added") == 2
    migrate(office, case)
    assert len(rows(office, case)["jobs"]) == 1 and len(rows(office, case)["waits"]) == 1
    office.do(commands.undo_migration, ADAM, case)
    assert rows(office, case) == before
    migrate(office, case)
    office.work()  # the message that was kept arrives after all
    assert office.open_elements(case) == ["thank"]

    other = office.start("simple", version=2)
    office.deploy(FIRST.replace("Ask {number}", "Third"))
    told = plan(office, other, to=3)
    assert sorted(one.element for one in told.changes if one.kind == "watch_removed") == ["late", "told"]
    migrate(office, other, to=3)
    assert (rows(office, other)["jobs"], rows(office, other)["waits"]) == ([], [])


def test_a_boundary_event_that_fired_once_does_not_fire_again(office: Office) -> None:
    office.deploy(with_events("PT1H"))
    case = office.start("simple")
    office.pass_time(hours=2)
    assert office.open_elements(case) == ["ask", "hurry"]
    office.deploy(with_events("PT2H"))
    migrate(office, case)
    office.pass_time(hours=9)
    assert office.open_elements(case) == ["ask", "hurry"]


def test_a_condition_that_holds_already_happens_after_the_change(office: Office) -> None:
    office.deploy(FIRST)
    case = office.start("simple", variables={"number": 7})
    second = process(
        "simple", start(), user("ask", "person", "boris.petrov"), boundary("big", "ask", conditional("number > 5")),
        user("check", "person", "emily.clark"), end(), end("checked"),
        chain("begin", "ask", "done"), chain("big", "check", "checked"),
    )  # fmt: skip
    office.deploy(second)
    migrate(office, case)
    assert office.open_elements(case) == ["ask"]
    office.work()
    assert office.open_elements(case) == ["check"]


def test_an_event_sub_process_begins_to_listen(office: Office) -> None:
    handler = element(
        "subProcess", "handler",
        f'<bpmn:startEvent id="h_begin" isInterrupting="false">{timer("PT3H")}</bpmn:startEvent>'
        + user("remind", "person", "emily.clark") + end("h_done") + chain("h_begin", "remind", "h_done"),
        ' triggeredByEvent="true"',
    )  # fmt: skip
    office.deploy(FIRST, simple(user("ask", "person", "boris.petrov"), handler))
    case = office.start("simple", variables={"number": 1}, version=1)
    migrate(office, case)
    office.pass_time(hours=4)
    assert office.open_elements(case) == ["ask", "remind"]


def test_behind_an_event_gateway_the_other_event_is_waited_for_too(office: Office) -> None:
    def waiting(*more: str, extra: str = "") -> str:
        return process(
            "events", start(), element("eventBasedGateway", "either"), catch("paid", message("paid")),
            user("thank", "person", "boris.petrov"), end(), *more,
            chain("begin", "either", "paid", "thank", "done"), extra, messages=("paid", "billed"),
        )  # fmt: skip

    later = catch("later", timer("PT4H")), user("chase", "person", "boris.petrov"), end("chased")
    office.deploy(
        waiting(catch("billed", message("billed")), end("x"), extra=chain("either", "billed", "x")),
        waiting(*later, extra=chain("either", "later", "chase", "chased")),
    )
    case = office.start("events", version=1, business_key="k")
    before = rows(office, case)
    migrate(office, case)
    assert [one[1] for one in rows(office, case)["waits"]] == ["paid"] and len(
        rows(office, case)["jobs"]
    ) == 1
    office.do(commands.undo_migration, ADAM, case)
    assert rows(office, case) == before
    migrate(office, case)
    office.pass_time(hours=5)
    assert office.open_elements(case) == ["chase"] and rows(office, case)["waits"] == []
