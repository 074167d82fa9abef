"""How instances begin: start events, receive tasks and event gateways that start, no start at all."""

from __future__ import annotations

import pytest

from bpm.engine.build.compile import compile_process
from tests.engine.diagrams import (
    MESSAGE,
    REFUSED,
    SIGNAL,
    catch,
    conditional,
    diagram,
    end,
    node,
    start,
    sub,
    timer,
    user,
)
from tests.engine.runtime.world import World

SEVERAL = diagram(
    start("plain"), user("a"), start("paid", MESSAGE), user("b"), start("stop", SIGNAL), user("c"), end(),
    links="plain-a a-e paid-b b-e stop-c c-e",
)  # fmt: skip


def test_each_start_event_begins_an_instance_of_its_own() -> None:
    world = World(SEVERAL)
    assert world.start().tasks() == ["a"]
    assert world.message("paid", {"sum": 5})
    assert world.cases[1].tasks() == ["b"] and world.cases[1].variables == {"message": {"sum": 5}}
    assert world.start(start_event="stop").tasks() == ["c"]
    assert len(world.cases) == 3


def test_a_start_event_with_several_triggers_takes_any_of_them() -> None:
    text = diagram(start("s", MESSAGE + REFUSED + timer("R/P1D", "timeCycle")), user("u"), end(),
                   links="s-u u-e")  # fmt: skip
    definition = compile_process(text)
    assert [(one.id, one.kind) for one in definition.start_events] == [
        ("s", "message"),
        ("s:1", "message"),
        ("s:2", "timer"),
    ]
    assert dict(definition.messages_starting) == {"paid": "s", "refused": "s:1"}
    world = World(text)
    world.message("refused", {"why": "price"})
    assert world.cases[0].tasks() == ["u"] and world.cases[0].variables == {"message": {"why": "price"}}


def test_a_parallel_multiple_start_event_needs_all_of_its_triggers() -> None:
    text = diagram(start("s", MESSAGE + REFUSED, parallelMultiple="true"), user("u"), end(), links="s-u u-e")
    for first, second in (("paid", "refused"), ("refused", "paid")):
        world = World(text)
        world.message(first, {})
        case = world.cases[0]
        assert case.tasks() == [] and [wait.name for wait in case.waits("message")] == [second]
        world.message(second, {})
        assert len(world.cases) == 1 and case.tasks() == ["u"]


def test_a_receive_task_that_instantiates_takes_the_message_that_begins_the_instance() -> None:
    text = diagram(
        node("receiveTask", "r", messageRef="root_m1", instantiate="true"), user("u"), end(), links="r-u u-e"
    )
    assert dict(compile_process(text).messages_starting) == {"paid": "r"}
    world = World(text)
    world.message("paid", {"sum": 1})
    assert world.cases[0].tasks() == ["u"] and world.cases[0].variables == {"message": {"sum": 1}}
    assert world.environment.told("element_entered") == ["r", "u"]


def test_a_receive_task_in_the_flow_is_waited_for() -> None:
    text = diagram(
        start(), node("receiveTask", "r", messageRef="root_m1"), user("u"), end(), links="s-r r-u u-e"
    )
    world = World(text)
    assert not world.message("paid", {}), "it starts nothing"
    case = world.start()
    assert case.tasks() == []
    world.message("paid", {})
    assert case.tasks() == ["u"]


def event_gateway(kind: str) -> str:
    gate = node("eventBasedGateway", "g", instantiate="true", eventGatewayType=kind)
    return diagram(
        gate, catch("a", MESSAGE), catch("b", REFUSED), user("ua"), user("ub"), end(), end("e2"),
        links="g-a g-b a-ua b-ub ua-e ub-e2",
    )  # fmt: skip


@pytest.mark.parametrize(("message", "task"), [("paid", "ua"), ("refused", "ub")])
def test_an_exclusive_event_gateway_begins_with_the_first_event_and_forgets_the_others(
    message: str, task: str
) -> None:
    world = World(event_gateway("Exclusive"))
    world.message(message, {})
    case = world.cases[0]
    assert case.tasks() == [task] and not case.waits("message")
    case.complete(task)
    assert case.run.completed


def test_a_parallel_event_gateway_begins_with_the_first_event_and_awaits_the_others() -> None:
    world = World(event_gateway("Parallel"))
    world.message("refused", {})
    case = world.cases[0]
    assert case.tasks() == ["ub"] and [wait.name for wait in case.waits("message")] == ["paid"]
    case.complete("ub")
    assert not case.run.completed
    world.message("paid", {})
    assert len(world.cases) == 1 and case.tasks() == ["ua"]
    case.complete("ua")
    assert case.run.completed


def test_receive_tasks_behind_an_instantiating_gateway() -> None:
    gate = node("eventBasedGateway", "g", instantiate="true")
    text = diagram(
        gate, node("receiveTask", "a", messageRef="root_m1"), node("receiveTask", "b", messageRef="root_m2"),
        user("ua"), user("ub"), end(), end("e2"), links="g-a g-b a-ua b-ub ua-e ub-e2",
    )  # fmt: skip
    world = World(text)
    world.message("refused", {"x": 1})
    assert world.cases[0].tasks() == ["ub"] and world.cases[0].variables == {"message": {"x": 1}}


def test_a_conditional_start_waits_until_its_condition_holds() -> None:
    text = diagram(start("s", conditional("amount > 5")), user("u"), end(), links="s-u u-e")
    world = World(text)
    assert world.start(amount=9).tasks() == ["u"]
    case = world.start(amount=1)
    assert case.tasks() == []
    case.run.set_variables({"amount": 7}, world.now)
    case.advance()
    assert case.tasks() == ["u"]


def test_without_a_start_event_everything_begins_that_no_flow_leads_to() -> None:
    text = diagram(
        user("a"), user("b"), node("parallelGateway", "j"), user("c"), user("d"), links="a-j b-j j-c"
    )
    case = World(text).start()
    assert case.tasks() == ["a", "b", "d"]
    case.complete("a")
    case.complete("b")
    assert case.tasks() == ["c", "d"]
    case.complete("c")
    case.complete("d")
    assert case.run.completed


def test_without_a_start_event_a_gateway_can_begin_and_undoing_steps_do_not() -> None:
    undo = node("scriptTask", "undo", "<script>x := 1</script>", isForCompensation="true")
    back = node("boundaryEvent", "back", "<compensateEventDefinition/>", attachedToRef="a")
    tie = '<association id="tie" sourceRef="back" targetRef="undo"/>'
    text = diagram(node("parallelGateway", "g"), user("a"), user("b"), undo, back, tie, links="g-a g-b")
    case = World(text).start()
    assert case.tasks() == ["a", "b"] and case.variables == {}


def test_a_sub_process_without_a_start_event_begins_everywhere() -> None:
    text = diagram(start(), sub("sp", user("a"), user("b")), user("c"), end(), links="s-sp sp-c c-e")
    case = World(text).start()
    assert case.tasks() == ["a", "b"]
    case.complete("a")
    case.complete("b")
    assert case.tasks() == ["c"]
