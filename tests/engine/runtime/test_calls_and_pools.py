"""Calls of processes and global tasks; pools with messages between them (BPMN 2.0, 10.3.5, 9.3)."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.engine.diagrams import (
    ERROR,
    ESCALATION,
    MESSAGE,
    ROOTS,
    TERMINATE,
    boundary,
    catch,
    diagram,
    end,
    file,
    flow,
    flows,
    node,
    process,
    script,
    start,
    throw,
    user,
)
from tests.engine.runtime.world import World


@pytest.mark.parametrize(
    ("tag", "inner"),
    [("globalUserTask", ""), ("globalManualTask", ""), ("globalScriptTask", "<script>x := 5</script>"),
     ("globalTask", "")],
)  # fmt: skip
def test_a_global_task_runs_where_it_is_called(tag: str, inner: str) -> None:
    call = node("callActivity", "c", calledElement="shared")
    one = process(start(), call, user("after"), end(), flows("s-c c-after after-e"))
    case = World(file(one, roots=ROOTS + f'<{tag} id="shared" name="Shared">{inner}</{tag}>')).start()
    if tag in ("globalUserTask", "globalManualTask"):
        assert case.tasks() == ["c"]
        case.complete("c")
    assert case.tasks() == ["after"]
    assert case.variables == ({"x": Decimal(5)} if inner else {})


def test_pools_run_as_instances_of_their_own_and_message_flows_name_the_message() -> None:
    buyer = process(
        start("bs"), node("sendTask", "order"), node("receiveTask", "bill"), user("pay"), end("be"),
        flows("bs-order order-bill bill-pay pay-be"), key="buyer",
    )  # fmt: skip
    seller = process(
        start("ss", "<messageEventDefinition/>"), user("check"), node("sendTask", "answer"), end("se"),
        flows("ss-check check-answer answer-se"), key="seller",
    )  # fmt: skip
    pools = (
        '<collaboration id="co"><participant id="p1" processRef="buyer"/>'
        '<participant id="p2" processRef="seller"/>'
        '<messageFlow id="f1" sourceRef="order" targetRef="ss"/>'
        '<messageFlow id="f2" sourceRef="answer" targetRef="bill"/></collaboration>'
    )
    world = World(file(buyer, seller, roots=ROOTS + pools))
    bought = world.start("buyer")
    sold = world.cases[1]
    assert bought.tasks() == [] and sold.tasks() == ["check"]
    sold.complete("check")
    assert sold.run.completed and bought.tasks() == ["pay"]


def calling(called: str, *more: str, links: str = "s-c c-after after-e") -> str:
    call = node("callActivity", "c", calledElement="q")
    caller = process(start(), call, user("after"), end(), *more, flows(links))
    return file(caller, called)


def test_a_called_process_is_waited_for_and_returns_its_variables() -> None:
    called = process(start("s2"), user("u"), end("e2"), flows("s2-u u-e2"), key="q")
    world = World(calling(called))
    case = world.start(x=1)
    assert case.tasks() == [] and world.cases[1].tasks() == ["u"]
    world.cases[1].complete("u", y=2)
    assert case.tasks() == ["after"] and case.variables == {"x": Decimal(1), "y": Decimal(2)}


def test_errors_and_escalations_of_a_called_process_are_caught_at_the_call() -> None:
    called = process(
        start("s2"), throw("t", ESCALATION), user("u"), end("x", ERROR), flows("s2-t t-u u-x"), key="q"
    )
    edges = (
        boundary("b1", "c", ESCALATION, interrupting=False) + user("told") + boundary("b2", "c", ERROR)
        + user("failed") + end("e3") + flows("b1-told told-e3 b2-failed failed-e3")
    )  # fmt: skip
    world = World(calling(called, edges))
    case = world.start()
    assert case.tasks() == ["told"]
    world.cases[1].complete("u")
    assert case.tasks() == ["failed", "told"]


def test_terminate_in_a_called_process_ends_only_that() -> None:
    called = process(
        start("s2"), node("parallelGateway", "g"), user("u"), user("v"), end("e2", TERMINATE), end("e3"),
        flows("s2-g g-u g-v u-e2 v-e3"), key="q",
    )  # fmt: skip
    world = World(calling(called))
    case = world.start()
    world.cases[1].complete("u")
    assert case.tasks() == ["after"]


def test_an_interrupted_call_ends_the_called_process() -> None:
    called = process(start("s2"), user("u"), end("e2"), flows("s2-u u-e2"), key="q")
    edges = boundary("b", "c", MESSAGE) + user("n") + end("e3") + flows("b-n n-e3")
    world = World(calling(called, edges))
    case = world.start()
    world.message("paid", {})
    assert case.tasks() == ["n"] and world.cases[1].run.cancelled


def test_a_process_may_call_itself() -> None:
    call = node("callActivity", "c", calledElement="p")
    text = file(process(
        start(), script("w", "n := n + 1"), node("exclusiveGateway", "g", default="g_e"), call, end(),
        flow("g", "c", "n < 20"), flow("g", "e"), flows("s-w w-g c-e"),
    ))  # fmt: skip
    world = World(text)
    case = world.start(n=0)
    assert case.run.completed and case.variables["n"] == 20 and len(world.cases) == 20


def test_a_message_thrown_before_anybody_waits_is_kept() -> None:
    link = '<messageEventDefinition messageRef="root_m1"/>'
    text = diagram(
        start(), node("parallelGateway", "g"), throw("t", link), user("u"), catch("c", link), user("n"),
        end(), end("e2"), links="s-g g-t t-e g-u u-c c-n n-e2",
    )  # fmt: skip
    case = World(text).start()
    case.complete("u")
    assert case.tasks() == ["n"]
