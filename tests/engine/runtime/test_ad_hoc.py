"""Ad-hoc sub-processes: order, completion, cancelling the rest (BPMN 2.0, 13.3.5)."""

from __future__ import annotations

from tests.engine.diagrams import (
    MESSAGE,
    boundary,
    diagram,
    end,
    flows,
    start,
    sub,
    user,
)
from tests.engine.runtime.world import World


def ad_hoc(*content: str, condition: str = "", **attributes: str) -> str:
    inner = f"<completionCondition>{condition}</completionCondition>" if condition else ""
    held = sub("h", *content, inner, tag="adHocSubProcess", **attributes)
    return diagram(start(), held, user("after"), end(), links="s-h h-after after-e")


ABC = (user("a"), user("b"), user("c"))


def test_parallel_all_are_open_at_once_and_it_ends_with_the_last() -> None:
    case = World(ad_hoc(*ABC)).start()
    for key in "bca":
        assert key in case.tasks() and "after" not in case.tasks()
        case.complete(key)
    assert case.tasks() == ["after"]


def test_sequential_one_after_the_other() -> None:
    case = World(ad_hoc(*ABC, ordering="Sequential")).start()
    for key in "abc":
        assert case.tasks() == [key]
        case.complete(key)
    assert case.tasks() == ["after"]


def test_the_condition_ends_it_and_cancels_the_rest() -> None:
    case = World(ad_hoc(*ABC, condition="done = true")).start()
    case.complete("a")
    assert case.tasks() == ["b", "c"]
    case.complete("b", done=True)
    assert case.tasks() == ["after"]


def test_the_condition_lets_the_rest_end() -> None:
    case = World(ad_hoc(*ABC, condition="done = true", cancelRemainingInstances="false")).start()
    case.complete("a", done=True)
    assert case.tasks() == ["b", "c"]
    case.complete("b")
    case.complete("c")
    assert case.tasks() == ["after"]


def test_sequential_ends_by_its_condition() -> None:
    case = World(ad_hoc(*ABC, ordering="Sequential", condition="done = true")).start()
    case.complete("a", done=True)
    assert case.tasks() == ["after"]


def test_flows_inside_are_followed() -> None:
    content = (user("a"), user("b"), user("c"), flows("a-b"))
    case = World(ad_hoc(*content)).start()
    assert case.tasks() == ["a", "c"]
    case.complete("a")
    assert case.tasks() == ["b", "c"]
    case = World(ad_hoc(*content, ordering="Sequential")).start()
    for key in "abc":
        assert case.tasks() == [key]
        case.complete(key)
    assert case.tasks() == ["after"]


def test_a_condition_that_fails_is_an_incident_of_the_sub_process_that_can_be_retried() -> None:
    condition = "if fine = true then true else count(for i in 1..999999999 return i) = 1"
    case = World(ad_hoc(*ABC, condition=condition)).start()
    case.complete("a")
    failure = case.run.failures()[0]
    assert failure.element == "h" and case.tasks() == ["b", "c"]
    case.run.set_variables({"fine": True}, case.world.now)
    case.run.retry(failure.token, case.world.now)
    case.advance()
    assert case.tasks() == ["after"]


def test_a_boundary_event_interrupts_it() -> None:
    text = ad_hoc(*ABC).replace("</process>", boundary("b9", "h", MESSAGE) + user("n") + end("e9")
                                + flows("b9-n n-e9") + "</process>")  # fmt: skip
    world = World(text)
    case = world.start()
    world.message("paid", {})
    assert case.tasks() == ["n"]
