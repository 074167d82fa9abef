"""How tokens flow: gateways, conditions, joins, ends."""

from __future__ import annotations

from decimal import Decimal

from tests.engine.diagrams import (
    TERMINATE,
    diagram,
    end,
    flow,
    node,
    script,
    start,
    sub,
    user,
)
from tests.engine.runtime.world import World


def gateway(kind: str, key: str, **attributes: str) -> str:
    return node(f"{kind}Gateway", key, **attributes)


CHOICE = diagram(
    start(),
    gateway("exclusive", "g", default="g_c"),
    user("a"),
    user("b"),
    user("c"),
    end(),
    flow("g", "a", "amount > 100"),
    flow("g", "b", "=amount > 10"),
    flow("g", "c"),
    links="s-g a-e b-e c-e",
)


def test_exclusive_gateway_takes_the_first_true_flow_and_tells_why() -> None:
    world = World(CHOICE)
    assert world.start(amount=500).tasks() == ["a"]
    assert world.environment.data("gateway_decided") == [
        {
            "token": "3",
            "taken": ["g_a"],
            "conditions": [
                {"flow": "g_a", "text": "amount > 100", "values": {"amount": Decimal(500)}, "result": True}
            ],
        }
    ]
    assert world.start(amount=50).tasks() == ["b"]


def test_exclusive_gateway_takes_the_default_when_nothing_is_true() -> None:
    world = World(CHOICE)
    assert world.start(amount=5).tasks() == ["c"]
    assert world.start().tasks() == ["c"]
    decided = world.environment.data("gateway_decided")[-1]
    assert decided["taken"] == ["g_c"]
    assert [one["result"] for one in decided["conditions"]] == [None, None]


def test_no_true_flow_and_no_default_is_a_failure_that_can_be_retried() -> None:
    text = diagram(
        start(),
        gateway("exclusive", "g"),
        user("a"),
        user("b"),
        end(),
        flow("g", "a", 'way = "a"'),
        flow("g", "b", 'way = "b"'),
        links="s-g a-e b-e",
    )
    case = World(text).start()
    failure = case.run.failures()[0]
    assert (failure.element, failure.code) == ("g", "no_flow")
    case.run.set_variables({"way": "b"}, case.world.now)
    case.run.retry(failure.token, case.world.now)
    case.advance()
    assert case.tasks() == ["b"] and not case.run.failures()


def test_a_condition_that_is_no_yes_or_no_is_a_failure() -> None:
    case = World(CHOICE.replace("amount &gt; 100", "amount")).start(amount=5)
    assert case.run.failures()[0].code == "no_boolean"


def test_parallel_gateway_waits_for_every_branch() -> None:
    text = diagram(
        start(),
        gateway("parallel", "g"),
        user("a"),
        user("b"),
        gateway("parallel", "j"),
        user("c"),
        end(),
        links="s-g g-a g-b a-j b-j j-c c-e",
    )
    case = World(text).start()
    case.complete("a", x=1)
    assert case.tasks() == ["b"]
    case.complete("b", y=2)
    assert case.tasks() == ["c"]
    assert case.variables == {"x": 1, "y": 2}
    case.complete("c")
    assert case.run.completed and case.run.outcome == "e"


def test_parallel_branches_see_each_others_variables() -> None:
    text = diagram(
        start(),
        gateway("parallel", "g"),
        script("a", 'list := concatenate(list, ["a"])'),
        script("b", 'list := concatenate(list, ["b"])'),
        gateway("parallel", "j"),
        user("c"),
        end(),
        links="s-g g-a g-b a-j b-j j-c c-e",
    )
    assert World(text).start(list=[]).variables == {"list": ["a", "b"]}


INCLUSIVE = diagram(
    start(),
    gateway("inclusive", "g", default="g_c"),
    user("a"),
    user("b"),
    user("c"),
    gateway("inclusive", "j"),
    user("d"),
    end(),
    flow("g", "a", "x > 1"),
    flow("g", "b", "x > 2"),
    flow("g", "c"),
    links="s-g a-j b-j c-j j-d d-e",
)


def test_inclusive_gateway_joins_only_the_branches_that_were_taken() -> None:
    case = World(INCLUSIVE).start(x=3)
    assert case.tasks() == ["a", "b"]
    case.complete("a")
    assert case.tasks() == ["b"]
    case.complete("b")
    assert case.tasks() == ["d"]


def test_inclusive_gateway_goes_on_when_only_one_branch_was_taken() -> None:
    for x, task in ((2, "a"), (0, "c")):
        case = World(INCLUSIVE).start(x=x)
        case.complete(task)
        assert case.tasks() == ["d"]


def test_conditions_on_flows_out_of_a_step() -> None:
    text = diagram(
        start(),
        user("u", default="u_c"),
        user("a"),
        user("b"),
        user("c"),
        end(),
        flow("u", "a", "x > 1"),
        flow("u", "b", "x > 2"),
        flow("u", "c"),
        links="s-u a-e b-e c-e",
    )
    for x, tasks in ((3, ["a", "b"]), (2, ["a"]), (0, ["c"])):
        case = World(text).start()
        case.complete("u", x=x)
        assert case.tasks() == tasks


def test_several_flows_into_a_step_without_a_gateway_start_it_several_times() -> None:
    text = diagram(
        start(),
        gateway("parallel", "g"),
        script("a", "x := 1"),
        script("b", "y := 1"),
        user("u"),
        end(),
        links="s-g g-a g-b a-u b-u u-e",
    )
    assert World(text).start().tasks() == ["u", "u"]


def test_terminate_ends_only_its_own_sub_process() -> None:
    text = diagram(
        start(),
        sub(
            "sp",
            start("s2"),
            gateway("parallel", "g"),
            user("a"),
            user("b"),
            end("t", TERMINATE),
            end("e2"),
            flow("s2", "g"),
            flow("g", "a"),
            flow("g", "b"),
            flow("a", "t"),
            flow("b", "e2"),
        ),
        user("after"),
        end(),
        links="s-sp sp-after after-e",
    )
    world = World(text)
    case = world.start()
    case.complete("a")
    assert case.tasks() == ["after"]
    assert world.environment.told("element_cancelled") == ["b"]


def test_a_loop_of_a_thousand_rounds_costs_no_state_and_no_recursion() -> None:
    text = diagram(
        start(),
        script("i", "n := n + 1"),
        gateway("exclusive", "g", default="g_u"),
        user("u"),
        end(),
        flow("g", "i", "n < 1000"),
        flow("g", "u"),
        links="s-i i-g u-e",
    )
    case = World(text).start(n=0)
    assert case.tasks() == ["u"] and case.variables["n"] == 1000
    assert len(case.run.dump()) < 250


def test_the_untyped_task_passes_and_the_manual_task_waits() -> None:
    text = diagram(start(), node("task", "t"), node("manualTask", "m"), end(), links="s-t t-m m-e")
    case = World(text).start()
    assert case.tasks() == ["m"]
    assert case.wait("m").details["manual"] is True


def test_every_element_is_told_when_entered_and_left() -> None:
    world = World(diagram(start(), user("u"), end(), links="s-u u-e"))
    world.start().complete("u")
    assert world.environment.told("element_entered") == ["s", "u", "e"]
    assert world.environment.told("element_left") == ["s", "u", "e"]
    assert world.environment.told("flow_taken") == ["s_u", "u_e"]


def test_links_lead_on_at_their_partner() -> None:
    text = diagram(
        start(),
        node("intermediateThrowEvent", "l1", '<linkEventDefinition name="A"/>'),
        node("intermediateCatchEvent", "l2", '<linkEventDefinition name="A"/>'),
        user("u"),
        end(),
        links="s-l1 l2-u u-e",
    )
    assert World(text).start().tasks() == ["u"]
