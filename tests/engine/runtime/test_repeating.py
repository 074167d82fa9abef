"""Multi-instance activities and standard loops: how often, over what, until when (BPMN 2.0, 13.3.6, 13.3.7)."""

from __future__ import annotations

from decimal import Decimal

import pytest

from bpm.engine.problems import CannotRun
from tests.engine.diagrams import (
    MESSAGE,
    boundary,
    diagram,
    end,
    flow,
    flows,
    loop,
    node,
    script,
    start,
    sub,
    user,
)
from tests.engine.runtime.world import World


def often(cardinality: str, completion: str = "", *, sequential: bool = False) -> str:
    condition = f"<completionCondition>{completion}</completionCondition>" if completion else ""
    return (
        f'<multiInstanceLoopCharacteristics isSequential="{str(sequential).lower()}">'
        f"<loopCardinality>{cardinality}</loopCardinality>{condition}</multiInstanceLoopCharacteristics>"
    )


def around(activity: str) -> str:
    return diagram(start(), activity, user("after"), end(), links="s-u u-after after-e")


@pytest.mark.parametrize("sequential", [False, True])
@pytest.mark.parametrize(("cardinality", "times"), [("0", 0), ("1", 1), ("3", 3), ("n + 1", 3)])
def test_it_runs_as_often_as_the_cardinality_says(cardinality: str, times: int, sequential: bool) -> None:
    case = World(around(user("u", often(cardinality, sequential=sequential)))).start(n=2)
    for _time in range(times):
        assert "after" not in case.tasks()
        case.complete("u")
    assert case.tasks() == ["after"]


@pytest.mark.parametrize("cardinality", ["-1", "1.5", '"many"', "null", "true", "missing"])
def test_another_cardinality_is_an_incident_and_can_be_corrected(cardinality: str) -> None:
    case = World(around(user("u", often(f"if fixed = true then 1 else {cardinality}")))).start()
    failure = case.run.failures()[0]
    assert (failure.element, failure.code) == ("u", "no_cardinality")
    case.run.set_variables({"fixed": True}, case.world.now)
    case.run.retry(failure.token, case.world.now)
    case.advance()
    assert case.tasks() == ["u"]


@pytest.mark.parametrize("prefix", ["nr", "number"])
def test_the_completion_condition_reads_the_counters(prefix: str) -> None:
    counters = [
        "OfInstances = 4",
        "OfActiveInstances = 2",
        "OfCompletedInstances = 2",
        "OfTerminatedInstances = 0",
    ]
    condition = " and ".join(prefix + one for one in counters)
    case = World(around(user("u", often("4", condition)))).start()
    case.complete("u")
    assert len(case.tasks()) == 3
    case.complete("u")
    assert case.tasks() == ["after"]


def test_a_sequential_one_counts_one_active_instance() -> None:
    case = World(
        around(user("u", often("4", "nrOfActiveInstances = 0 and loopCounter = 2", sequential=True)))
    )
    started = case.start()
    started.complete("u")
    started.complete("u")
    assert started.tasks() == ["after"]


@pytest.mark.parametrize("sequential", [False, True])
def test_items_may_be_null_and_results_keep_the_order_of_the_items(sequential: bool) -> None:
    text = around(user("u", loop("=items", sequential=sequential)))
    case = World(text).start(items=["a", None, "c"])
    for _time in range(3):
        wait = case.waits("user_task")[0]
        case.complete("u", res=case.run.scope_of(wait.token).get("item"))
    assert case.variables["outs"] == ["a", None, "c"]


@pytest.mark.parametrize("inner", ["sub-process", "call"])
@pytest.mark.parametrize("sequential", [False, True])
def test_sub_processes_and_calls_are_repeated(inner: str, sequential: bool) -> None:
    how = loop("=items", sequential=sequential)
    if inner == "call":
        mapping = '<bpm:mapping><bpm:input name="x" value="=item"/><bpm:output value="=y" target="res"/></bpm:mapping>'
        activity = node("callActivity", "u", how, mapping, calledElement="other")
    else:
        activity = sub(
            "u", how, start("s2"), user("t"), script("w", "res := y"), end("e2"), flows("s2-t t-w w-e2")
        )
    case = World(around(activity)).start(items=[1, 2])
    for number in (1, 2):
        case.complete("u" if inner == "call" else "t", y=number * 10)
    assert case.tasks() == ["after"] and case.variables["outs"] == [Decimal(10), Decimal(20)]
    assert "loopCounter" not in case.variables


def test_an_interrupted_one_leaves_nothing_behind() -> None:
    text = diagram(start(), user("u", loop("=items")), boundary("b", "u", MESSAGE), user("n"), end(), end("e2"),
                   links="s-u u-e b-n n-e2")  # fmt: skip
    world = World(text)
    case = world.start(items=[1, 2, 3])
    case.complete("u", res=1)
    world.message("paid", {})
    assert case.tasks() == ["n"] and "outs" not in case.variables


def test_several_tokens_run_the_activity_several_times_apart() -> None:
    text = diagram(
        start(), node("parallelGateway", "g"), script("a", "x := 1"), script("b", "x := 1"),
        user("u", often("2")), user("after"), end(), links="s-g g-a g-b a-u b-u u-after after-e",
    )  # fmt: skip
    case = World(text).start()
    assert case.tasks() == ["u"] * 4
    case.complete("u")
    case.complete("u")
    assert sorted(case.tasks()) == ["after", "u", "u"] or case.tasks() == ["u", "u"]
    case.complete("u")
    case.complete("u")
    assert case.tasks() == ["after", "after"]


def standard(condition: str = "", **attributes: str) -> str:
    text = "".join(f' {name}="{value}"' for name, value in attributes.items())
    inner = f"<loopCondition>{condition}</loopCondition>" if condition else ""
    return f"<standardLoopCharacteristics{text}>{inner}</standardLoopCharacteristics>"


@pytest.mark.parametrize(
    ("how", "times"),
    [
        (standard("n &lt; 3"), 3),
        (standard("n &lt; 0"), 1),
        (standard("n &lt; 0", testBefore="true"), 0),
        (standard("n &lt; 3", testBefore="true"), 3),
        (standard("n &lt; 5", loopMaximum="2"), 2),
        (standard(loopMaximum="4"), 4),
        (standard("loopCounter &lt; 2"), 2),
    ],
)
def test_standard_loop(how: str, times: int) -> None:
    activity = node("scriptTask", "u", how + "<script>n := n + 1</script>")
    case = World(around(activity)).start(n=0)
    assert case.tasks() == ["after"] and case.variables["n"] == times


def test_a_sub_process_is_looped_and_left_early_by_its_boundary_event() -> None:
    inner = sub("u", standard("true"), start("s2"), user("t"), end("e2"), flows("s2-t t-e2"))
    text = diagram(start(), inner, boundary("b", "u", MESSAGE), user("n"), end(), end("e3"),
                   links="s-u u-e b-n n-e3")  # fmt: skip
    world = World(text)
    case = world.start()
    for _round in range(3):
        case.complete("t")
        assert case.tasks() == ["t"]
    world.message("paid", {})
    assert case.tasks() == ["n"]


def test_ten_thousand_rounds() -> None:
    text = diagram(
        start(), script("i", "n := n + 1"), node("exclusiveGateway", "g", default="g_u"), user("u"), end(),
        flow("g", "i", "n &lt; 10000".replace("&lt;", "<")), flow("g", "u"), links="s-i i-g u-e",
    )  # fmt: skip
    world = World(text)
    world.steps = 5000
    case = world.start(n=0)
    assert case.tasks() == ["u"] and case.variables["n"] == 10_000 and len(case.run.dump()) < 250
    looped = node("scriptTask", "u", standard("n &lt; 10000") + "<script>n := n + 1</script>")
    world = World(around(looped))
    world.steps = 5000
    assert world.start(n=0).variables["n"] == 10_000


def test_a_loop_that_never_ends_becomes_an_incident() -> None:
    world = World(around(node("scriptTask", "u", standard("true") + "<script>n := 1</script>")))
    world.steps = 5000
    assert [failure.code for failure in world.start().run.failures()] == ["too_many"]


@pytest.mark.parametrize("depth", [31, 1000])
def test_scopes_nested_too_deeply_are_refused_with_a_reason(depth: int) -> None:
    content = user("u")
    for level in range(depth):
        content = sub(f"sp{level}", content)
    with pytest.raises(CannotRun) as refused:
        World(diagram(start(), content, end(), links=f"s-sp{depth - 1} sp{depth - 1}-e"))
    assert {problem.code for problem in refused.value.problems} & {"nested_too_deeply", "too_deep"}
