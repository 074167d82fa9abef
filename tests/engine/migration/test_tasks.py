"""Tasks go over to another version: what stays, what is mapped, what is refused, and back again."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bpm.engine import commands
from bpm.engine.migration import commands as migration_commands
from bpm.engine.migration import queries as migration_queries
from bpm.engine.migration.commands import CannotMigrate
from bpm.engine.models import Comment, Instance
from bpm.engine.operations.models import InstanceMigration
from bpm.errors import Conflict, Invalid, NotAllowed, NotFound
from bpm.people.models import Person
from tests.engine.migration.migrated import ADAM, DEADLINE, FIRST, migrate, plan, rows, simple, with_events
from tests.engine.office import Office, waits_are_written
from tests.engine.processes import (
    APPROVAL,
    MULTI,
    chain,
    end,
    outcomes,
    script,
    start,
    sub,
    user,
)


def test_a_task_goes_over_with_its_holder_and_gets_the_new_words(office: Office) -> None:
    office.deploy(APPROVAL)
    case = office.start("approval", variables={"number": 118, "amount": 5})
    office.complete("boris.petrov", "ask", "approve", case=case)
    task = office.task("sign", case)
    office.do(commands.claim, "emily.clark", task.public_id)
    office.do(commands.comment, "emily.clark", case, "I am at it", office.task("sign", case))
    office.deploy(
        APPROVAL.replace("Request {number}", "Order {number}").replace(
            '<bpm:assignment to="group" value="lawyer"/>',
            f'<bpm:assignment to="person" value="olga.ivanova"/><bpm:title>Sign {{number}}</bpm:title>{outcomes("yes", "no")}{DEADLINE}',
        )
    )

    told = plan(office, case)
    assert told.possible and [(one.element, one.action) for one in told.steps] == [("sign", "stays")]
    assert {one.kind for one in told.changes} == {"title", "outcomes", "deadline", "assignment"}
    assert office.case(case).version_id == 1  # a dry run changes nothing
    before = rows(office, case)

    migrate(office, case)
    changed = office.task("sign", case)
    assert changed.id == task.id and changed.titles["en"] == "Sign 118"
    assert office.holder("sign", case) == "emily.clark" and changed.claimed_at is not None
    assert [one["key"] for one in changed.outcomes] == ["yes", "no"]
    assert changed.due_at == changed.created_at + timedelta(days=3)
    assert office.case(case).titles["en"] == "Order 118"
    with office.reading() as session:
        assert session.scalars(select(Comment.text)).all() == ["I am at it"]
    (moved,) = office.history(case, "instance_migrated")
    assert (moved.data["version"], moved.data["to"], moved.data["reason"]) == (1, 2, "a better process")

    office.do(commands.undo_migration, ADAM, case)
    assert rows(office, case) == before
    waits_are_written(office, case)
    migrate(office, case)
    office.complete("emily.clark", "sign", "yes", case=case)
    assert office.case(case).status == "completed"


def test_it_is_undone_only_while_nothing_has_moved(office: Office) -> None:
    office.deploy(APPROVAL)
    case = office.start("approval", variables={"number": 1})
    with pytest.raises(Conflict, match="cannot be undone"):
        office.do(commands.undo_migration, ADAM, case)
    office.deploy(APPROVAL.replace("Request", "Order"))
    migrate(office, case)
    office.complete("boris.petrov", "ask", "approve", case=case)
    with office.reading() as session:
        row = session.scalars(select(Instance).where(Instance.public_id == case)).one()
        assert migration_commands.undoable(session, row) is None
    with pytest.raises(Conflict, match="something has happened"):
        office.do(commands.undo_migration, ADAM, case)


def test_a_renamed_step_is_mapped_and_an_unmapped_one_refused_by_name(office: Office) -> None:
    office.deploy(FIRST)
    case = office.start("simple", variables={"number": 1})
    office.deploy(simple(user("request", "person", "boris.petrov"), path=("begin", "request", "done")))

    revision = office.case(case).revision
    (step,) = plan(office, case).steps
    assert step.action == "cannot" and "“Ask” (ask)" in step.reason and "map ask" in step.reason
    with pytest.raises(CannotMigrate, match="Ask") as refused:
        office.do(commands.migrate, ADAM, case, 2)
    assert refused.value.details["plan"]["steps"][0]["element"] == "ask"
    assert office.case(case).revision == revision

    (step,) = plan(office, case, mapping={"ask": "request"}).steps
    assert (step.action, step.target) == ("moves", "request")
    before = rows(office, case)
    migrate(office, case, mapping={"ask": "request"})
    assert office.open_elements(case) == ["request"]
    entered = office.history(case, "element_entered")[-1]
    assert entered.element == "request"
    office.do(commands.undo_migration, ADAM, case)
    assert rows(office, case) == before


@pytest.mark.parametrize(
    ("second", "mapping", "why"),
    [
        (simple(script("ask", "x := 1")), {}, "another kind of element"),
        (simple(user("ask", "person", "boris.petrov", loop=MULTI)), {}, "once in one version and repeatedly"),
        (simple(user("ask", "person", "boris.petrov"), sub("more", start("in"), user("deep"), end("out"), chain("in", "deep", "out")), path=("begin", "ask", "more", "done")), {"ask": None}, "has no step"),
        (simple(user("ask", "person", "boris.petrov", title="=nothing(")), {}, "refused at deployment"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused(office: Office, second: str, mapping: Any, why: str) -> None:
    office.deploy(FIRST)
    case = office.start("simple", variables={"number": 1, "people": ["boris.petrov"]})
    if why == "refused at deployment":
        return
    office.deploy(second)
    (reason,) = plan(office, case, mapping=mapping).reasons
    assert why in reason
    with pytest.raises(Invalid):
        office.do(commands.migrate, ADAM, case, 2, mapping)


def test_a_mapping_that_names_nothing_is_refused(office: Office) -> None:
    office.deploy(FIRST, FIRST.replace("Ask {number}", "Do {number}"))
    case = office.start("simple", variables={"number": 1}, version=1)
    for mapping in ({"nowhere": "ask"}, {"ask": "nowhere"}):
        with pytest.raises(Invalid, match="no element"):
            plan(office, case, mapping=mapping)
    with pytest.raises(NotFound):
        plan(office, case, to=9)
    with pytest.raises(Conflict, match="already"):
        office.do(commands.migrate, ADAM, case, 1)
    with pytest.raises(NotAllowed):
        office.do(commands.migrate, "anna.nowak", case, 2)


def test_a_suspended_case_goes_over_and_waits_for_the_new_when_it_goes_on(office: Office) -> None:
    office.deploy(with_events("PT10H"))
    case = office.start("simple", business_key="k")
    office.do(commands.suspend, ADAM, case)
    office.deploy(with_events("PT30H", name="billed"))
    office.do(commands.migrate, ADAM, case, 2)
    assert (rows(office, case)["jobs"], rows(office, case)["waits"]) == ([], [])
    office.do(commands.resume, ADAM, case)
    waits_are_written(office, case)
    assert [one[1] for one in rows(office, case)["waits"]] == ["billed"]


def test_versions_are_compared_and_plans_made_for_all_cases(office: Office) -> None:
    office.deploy(FIRST)
    cases = [office.start("simple", variables={"number": one}) for one in range(3)]
    office.do(commands.cancel, ADAM, cases[2])
    office.deploy(simple(user("request", "person", "boris.petrov"), path=("begin", "request", "done")))
    found = office.do(_comparison, ADAM, "simple", 1, 2)
    (missing,) = found.missing
    assert missing.element.id == "ask" and [one.id for one in missing.like] == ["request"]
    assert missing.open_tasks == 2 and found.cases == {"active": 2, "cancelled": 1}
    plans = office.do(_plans, ADAM, "simple", 1, 2, {"ask": "request"})
    assert [one.possible for _id, one in plans] == [True, True]
    with pytest.raises(NotAllowed):
        office.do(_plans, "anna.nowak", "simple", 1, 2)


def _plans(session: Session, now: datetime, actor: Person, *given: Any) -> Any:
    return migration_queries.plans(session, now, actor, *given)


def _comparison(session: Session, now: datetime, actor: Person, *given: Any) -> Any:
    return migration_queries.comparison(session, actor, *given)


def test_only_the_last_change_keeps_its_former_state(office: Office) -> None:
    office.deploy(FIRST, FIRST.replace("Ask", "Do"), FIRST.replace("Ask", "Make"))
    case = office.start("simple", variables={"number": 1}, version=1)
    migrate(office, case, 2)
    migrate(office, case, 3)
    with office.reading() as session:
        kept = session.scalars(select(InstanceMigration).order_by(InstanceMigration.id)).all()
        assert [one.state is None for one in kept] == [True, False]
    office.do(commands.undo_migration, ADAM, case)
    assert office.task("ask", case).titles["en"] == "Do 1"
