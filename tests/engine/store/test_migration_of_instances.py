"""Running cases go on with another version: what stays, what moves, what cannot, and back again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bpm.engine import commands
from bpm.engine.migration import commands as migration_commands
from bpm.engine.migration import queries as migration_queries
from bpm.engine.migration.commands import CannotMigrate
from bpm.engine.migration.plan import InstancePlan
from bpm.engine.models import Comment, EventSubscription, ExternalTask, Incident, Instance, UserTask
from bpm.engine.operations.models import InstanceMigration
from bpm.engine.services import caller as services
from bpm.errors import Conflict, Invalid, NotAllowed, NotFound
from bpm.jobs.models import Job
from bpm.people.models import Person
from tests.engine.store.conftest import Office
from tests.engine.store.diagrams import (
    APPROVAL,
    boundary,
    call,
    catch,
    chain,
    element,
    end,
    extension,
    message,
    outcomes,
    process,
    script,
    service,
    start,
    timer,
    user,
)
from tests.engine.store.test_failures import SmallServices
from tests.engine.store.test_moving import MULTI, conditional, sub, waits_are_written

ADAM = "adam.kaminski"


def plan(
    office: Office, case: str, to: int = 2, mapping: dict[str, str | None] | None = None
) -> InstancePlan:
    found = office.do(migration_commands.plan, ADAM, case, to, mapping)
    assert isinstance(found, InstancePlan)
    return found


def migrate(office: Office, case: str, to: int = 2, mapping: dict[str, str | None] | None = None) -> None:
    office.do(commands.migrate, ADAM, case, to, mapping, reason="a better process")
    waits_are_written(office, case)


def rows(office: Office, case: str) -> dict[str, Any]:
    """Everything that is stored of a case but for its history, revisions and row numbers."""
    with office.reading() as session:
        row = session.scalars(select(Instance).where(Instance.public_id == case)).one()
        tasks = session.scalars(select(UserTask).where(UserTask.instance_id == row.id).order_by(UserTask.id))
        jobs = session.scalars(select(Job).where(Job.instance_id == row.id))
        subscribed = session.scalars(select(EventSubscription).where(EventSubscription.instance_id == row.id))
        incidents = session.scalars(select(Incident).where(Incident.instance_id == row.id))
        return {
            "case": (row.version_id, row.titles, row.search_text, row.status, row.state),
            "tasks": [
                (one.id, one.token, one.element, one.titles, one.form_key, one.outcomes, one.status, one.assignee_id,
                 one.claimed_at, one.due_at, one.sort_at, one.priority, one.search_text)
                for one in tasks
            ],
            "jobs": sorted((one.kind, one.unique_key or "", str(one.due_at), str(one.payload)) for one in jobs),
            "waits": sorted((one.kind, one.name, one.token, one.element, one.correlation) for one in subscribed),
            "incidents": [(one.kind, one.element, one.token) for one in incidents],
        }  # fmt: skip


def simple(ask: str, *more: str, path: tuple[str, ...] = ("begin", "ask", "done"), **how: Any) -> str:
    return process("simple", start(), ask, *more, end(), chain(*path), **how)


FIRST = simple(user("ask", "person", "boris.petrov", title="Ask {number}"))
DEADLINE = '<bpm:deadline due="P3D"/>'


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


# --- timers and events ----------------------------------------------------------------------------


def with_events(term: str, *more: str, name: str = "paid") -> str:
    return process(
        "simple",
        start(),
        user("ask", "person", "boris.petrov"),
        boundary("late", "ask", timer(term), interrupting=False),
        boundary("told", "ask", message(name)),
        user("hurry", "person", "emily.clark"),
        *more,
        end("late_done"),
        end(),
        chain("begin", "ask", "done"),
        chain("late", "hurry", "late_done"),
        chain("told", "thank", "told_done"),
        user("thank", "person", "emily.clark"),
        end("told_done"),
        messages=("paid", "billed"),
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


# --- structure ------------------------------------------------------------------------------------


def test_a_step_is_put_into_a_new_sub_process_but_not_taken_out_of_one(office: Office) -> None:
    inside = [start("in"), user("ask", "person", "boris.petrov"), end("out"), chain("in", "ask", "out")]
    wrapped = process(
        "simple", start(), sub("around", *inside), boundary("late", "around", timer("PT5H")),
        user("chase", "person", "emily.clark"), end(), end("chased"),
        chain("begin", "around", "done"), chain("late", "chase", "chased"),
    )  # fmt: skip
    office.deploy(FIRST, wrapped)
    case = office.start("simple", variables={"number": 1}, version=1)
    before = rows(office, case)
    assert {one.kind for one in plan(office, case).changes} >= {"scope_added"}
    migrate(office, case)
    office.do(commands.undo_migration, ADAM, case)
    assert rows(office, case) == before
    migrate(office, case)
    (reason,) = plan(office, case, to=1).reasons[:1]
    assert "Around" in reason.capitalize() or "around" in reason
    office.pass_time(hours=6)
    assert office.open_elements(case) == ["chase"]


FORK = [
    start(), element("parallelGateway", "split"), user("left", "person", "boris.petrov"),
    user("right", "person", "emily.clark"), element("parallelGateway", "join"), end(),
]  # fmt: skip


def test_a_waiting_join_remembers_who_came(office: Office) -> None:
    paths = chain("begin", "split", "left", "join", "done"), chain("split", "right", "join")
    office.deploy(process("fork", *FORK, *paths))
    case = office.start("fork")
    office.complete("boris.petrov", "left", case=case)
    renamed = "".join(paths).replace('id="f_left_join"', 'id="arrives"')
    office.deploy(process("fork", *FORK, renamed))
    migrate(office, case)
    office.complete("emily.clark", "right", case=case)
    assert office.case(case).status == "completed"


def test_a_join_that_waits_for_fewer_goes_on_and_a_lost_flow_is_refused(office: Office) -> None:
    third = user("third", "person", "maria.wojcik")
    office.deploy(
        process(
            "fork",
            *FORK,
            third,
            chain("begin", "split", "left", "join", "done"),
            chain("split", "right", "join"),
            chain("split", "third", "join"),
        ),
        process(
            "fork", *FORK, chain("begin", "split", "left", "join", "done"), chain("split", "right", "join")
        ),
    )
    case = office.start("fork", version=1)
    for login, step in (("boris.petrov", "left"), ("emily.clark", "right")):
        office.complete(login, step, case=case)
    other = office.start("fork", version=1)
    office.complete("maria.wojcik", "third", case=other)
    reasons = plan(office, other).reasons
    assert any("f_third_join" in one for one in reasons)
    assert plan(office, other, mapping={"f_third_join": "f_left_join"}).possible

    assert not plan(office, case).possible  # Maria's task has no place
    office.do(commands.move, ADAM, case, cancel=["third"])
    migrate(office, case)
    office.work()
    assert office.case(case).status == "completed"


VOTE = '<bpm:voting rule="all" voters="=people" voter="who" result="votes"/>'


def approval(title: str, step: str = "approve", note: str = "") -> str:
    return process(
        "approval2", start(),
        user(step, "expression", "=who", title=title, more=VOTE + note, buttons=outcomes("approve", "reject", vote="vote")),
        user("after", "person", "maria.wojcik"), end(), chain("begin", step, "after", "done"),
    )  # fmt: skip


def test_an_approval_goes_over_with_one_of_three_done(office: Office) -> None:
    office.deploy(approval("Approve {number}"))
    case = office.start(
        "approval2", variables={"number": 5, "people": ["boris.petrov", "emily.clark", "olga.ivanova"]}
    )
    office.complete("boris.petrov", "approve", "approve", case=case)
    office.deploy(approval("Agree to {number}", "agree", DEADLINE))
    before = rows(office, case)

    told = plan(office, case, mapping={"approve": "agree"})
    assert told.possible and [(one.element, one.action) for one in told.steps] == [("approve", "moves")]
    migrate(office, case, mapping={"approve": "agree"})
    office.do(commands.undo_migration, ADAM, case)
    assert rows(office, case) == before
    migrate(office, case, mapping={"approve": "agree"})

    assert office.open_elements(case) == ["agree", "agree"]
    assert {one.titles["en"] for one in office.tasks(case)} == {"Agree to 5"}
    for login in ("emily.clark", "olga.ivanova"):
        office.complete(login, "agree", "approve", case=case)
    assert office.open_elements(case) == ["after"]
    assert len(office.variables(case)["votes"]) == 3


def test_a_called_case_stays_attached(office: Office) -> None:
    caller = process(
        "caller",
        start(),
        call("callee", "simple"),
        user("after", "person", "boris.petrov"),
        end(),
        chain("begin", "callee", "after", "done"),
    )
    office.deploy(FIRST, caller, caller.replace('"callee"', '"service"').replace("_callee", "_service"))
    case = office.start("caller", variables={"number": 1}, version=1)
    migrate(office, case, mapping={"callee": "service"})
    with office.reading() as session:
        called = session.scalars(select(Instance).where(Instance.parent_id.is_not(None))).one().public_id
    office.deploy(FIRST.replace("Ask {number}", "Do {number}"))
    migrate(office, called)
    assert office.tasks(case)[0].titles["en"] == "Do 1"
    office.complete("boris.petrov", "ask", case=case)
    assert office.open_elements(case) == ["after"]


def test_what_may_have_to_be_undone_is_not_forgotten_in_silence(office: Office) -> None:
    def trip(book: str) -> str:
        undo = element(
            "userTask",
            "unbook",
            extension('<bpm:assignment to="person" value="boris.petrov"/>'),
            ' isForCompensation="true"',
        )
        link = '<bpmn:association id="a" sourceRef="oops" targetRef="unbook"/>'
        return process(
            "trip", start(), element("scriptTask", book, "<bpmn:script>booked := true</bpmn:script>"),
            boundary("oops", book, '<bpmn:compensateEventDefinition/>'), undo, link,
            user("pay", "person", "boris.petrov"), element("intermediateThrowEvent", "back", "<bpmn:compensateEventDefinition/>"),
            end(), chain("begin", book, "pay", "back", "done"),
        )  # fmt: skip

    office.deploy(trip("book"), trip("reserve"))
    case = office.start("trip", version=1)
    (reason,) = plan(office, case).reasons
    assert "may have to be undone" in reason and "book" in reason
    given_up = plan(office, case, mapping={"book": None})
    assert given_up.possible and "forgotten" in {one.kind for one in given_up.changes}
    migrate(office, case, mapping={"book": "reserve"})
    office.complete("boris.petrov", "pay", case=case)
    assert office.open_elements(case) == ["unbook"]


def test_an_incident_goes_along_and_is_tried_again_with_the_mended_step(office: Office) -> None:
    way = process(
        "broken",
        start(),
        element("exclusiveGateway", "compute"),
        user("look", "person", "boris.petrov"),
        end(),
        chain("begin", "compute"),
        _conditional("compute", "look", "number > 100"),
        _conditional("compute", "done", "number < 0"),
        chain("look", "done"),
    )
    office.deploy(way, way.replace("number &gt; 100", "number &gt; 1"))
    case = office.start("broken", variables={"number": 5}, version=1)
    (incident,) = office.incidents()
    before = rows(office, case)
    migrate(office, case)
    office.do(commands.undo_migration, ADAM, case)
    assert rows(office, case) == before
    migrate(office, case)
    office.do(commands.retry, ADAM, incident.public_id)
    assert office.open_elements(case) == ["look"]


def _conditional(source: str, target: str, condition: str) -> str:
    from tests.engine.store.diagrams import flow

    return flow(source, target, condition)


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


# --- what pages ask -------------------------------------------------------------------------------


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


# --- services -------------------------------------------------------------------------------------


def served(step: str, name: str = "fetch") -> str:
    return process(
        "served",
        start(),
        step,
        user("after", "person", "boris.petrov"),
        end(),
        chain("begin", name, "after", "done"),
    )


def services_of(office: Office, case: str) -> list[tuple[str, str]]:
    """Which steps wait for a service: of ours (job) or for programs outside (topic)."""
    with office.reading() as session:
        number = select(Instance.id).where(Instance.public_id == case).scalar_subquery()
        jobs = session.scalars(select(Job).where(Job.instance_id == number, Job.kind == "service"))
        tasks = session.scalars(select(ExternalTask).where(ExternalTask.instance_id == number))
        found = [("job", str(one.payload["element"])) for one in jobs]
        return sorted(found + [(one.topic, one.element) for one in tasks])


def test_a_service_step_goes_over_with_its_job_or_to_others(office: Office) -> None:
    connectors = SmallServices()
    with services.using(connectors):
        office.deploy(
            served(service("fetch", "call")),
            served(service("look_up", "call"), "look_up"),
            served(service("look_up", "external", {"topic": "data"}), "look_up"),
            served(service("look_up", "external", {"topic": "more data"}), "look_up"),
        )
        case = office.start("served", version=1)
        assert services_of(office, case) == [("job", "fetch")]
        before = rows(office, case)
        migrate(office, case, 2, {"fetch": "look_up"})
        assert services_of(office, case) == [("job", "look_up")]
        office.do(commands.undo_migration, ADAM, case)
        assert rows(office, case) == before
        migrate(office, case, 2, {"fetch": "look_up"})
        migrate(office, case, 3)
        assert services_of(office, case) == [("data", "look_up")]
        migrate(office, case, 4)
        assert services_of(office, case) == [("more data", "look_up")]
        office.do(commands.undo_migration, ADAM, case)
        assert services_of(office, case) == [("data", "look_up")]
        migrate(office, case, 2)
        office.work()
    assert office.open_elements(case) == ["after"] and len(connectors.calls) == 1
