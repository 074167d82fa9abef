"""Sub-processes, joins, votes, called cases, compensation and services over a change of the version."""

from __future__ import annotations

from sqlalchemy import select

from bpm.engine import commands
from bpm.engine.models import ExternalTask, Instance
from bpm.engine.services import caller as services
from bpm.jobs.models import Job
from tests.engine.migration.migrated import ADAM, DEADLINE, FIRST, migrate, plan, rows
from tests.engine.office import Office
from tests.engine.processes import (
    boundary,
    call,
    chain,
    element,
    end,
    extension,
    flow,
    outcomes,
    process,
    service,
    start,
    sub,
    timer,
    user,
)
from tests.engine.small_services import SmallServices


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
        flow("compute", "look", "number > 100"),
        flow("compute", "done", "number < 0"),
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
