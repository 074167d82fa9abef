"""Joins that do not wait for everybody: complex gateways, inclusive joins in loops, token quantities."""

from __future__ import annotations

import pytest

from tests.engine.diagrams import diagram, end, flow, flows, node, script, start, sub, user
from tests.engine.runtime.world import World


def complex_gateway(condition: str = "activationCount >= 1", **attributes: str) -> str:
    inner = f"<activationCondition>{condition}</activationCondition>" if condition else ""
    return node("complexGateway", "j", inner, **attributes)


def joined(condition: str, *, branches: str = "abc", extra: str = "", **attributes: str) -> str:
    """Return a split into tasks, a complex join, a task ``n`` and a loop back to the split if it says so."""
    content = [
        start(),
        node("exclusiveGateway", "m"),
        node("parallelGateway", "g"),
        user("n"),
        end(),
    ]
    content += [user(key) for key in branches] + [complex_gateway(condition, **attributes), extra]
    content += [
        node("exclusiveGateway", "x", default="x_e"),
        flow("x", "m", 'way = "again"'),
        flow("x", "e"),
    ]
    ways = " ".join(f"g-{key} {key}-j" for key in branches)
    return diagram(*content, links=f"s-m m-g j-n n-x {ways}")


@pytest.mark.parametrize(("needed", "condition"), [(1, "activationCount >= 1"), (2, "activationCount >= 2"),
                                                   (3, "activationCount = 3")])  # fmt: skip
def test_n_out_of_m_tokens_fire_once_and_the_others_are_taken(needed: int, condition: str) -> None:
    case = World(joined(condition)).start()
    for count, key in enumerate("bac", 1):
        case.complete(key)
        assert case.tasks().count("n") == (1 if count >= needed else 0)
    case.complete("n")
    assert case.run.completed


def test_after_its_reset_the_gateway_fires_again() -> None:
    case = World(joined("activationCount >= 1")).start()
    for _round in range(3):
        for key in "cba":
            case.complete(key)
        assert case.tasks() == ["n"]
        case.complete("n", way="again")
        assert case.tasks() == ["a", "b", "c"]


def test_a_token_of_the_next_round_waits_for_the_reset() -> None:
    """A second token on a flow that has been consumed counts for the next start."""
    case = World(joined("activationCount >= 1")).start()
    case.complete("a")
    case.complete("n", way="again")
    assert case.tasks() == ["a", "b", "b", "c", "c"]
    case.complete("a")
    assert case.tasks() == ["b", "b", "c", "c"], "b and c of the first round are still missing"
    case.complete("b")
    case.complete("c")
    assert case.tasks() == ["b", "c", "n"], "reset, and fired by the token that waited"


def test_the_condition_reads_variables_and_single_flows() -> None:
    case = World(joined("b_j.activationCount > 0 and ok = true")).start(ok=True)
    case.complete("a")
    assert case.tasks() == ["b", "c"]
    case.complete("b")
    assert case.tasks() == ["c", "n"]


def test_flows_for_the_start_and_flows_for_the_reset() -> None:
    text = diagram(
        start(), node("parallelGateway", "g"), user("a"), user("b"), user("n"), user("r"), end(),
        complex_gateway(), flow("j", "n", "waitingForStart"), flow("j", "r", "not(waitingForStart)"),
        links="s-g g-a g-b a-j b-j n-e r-e",
    )  # fmt: skip
    case = World(text).start()
    case.complete("b")
    assert case.tasks() == ["a", "n"]
    case.complete("a")
    assert case.tasks() == ["n", "r"]


def test_the_reset_does_not_wait_for_a_token_that_cannot_come() -> None:
    text = diagram(
        start(), node("inclusiveGateway", "g", default="g_c"), user("a"), user("b"), user("c"), user("n"),
        user("r"), end(), complex_gateway(), flow("g", "a", "true"), flow("g", "b", "both"), flow("g", "c"),
        flow("j", "n", "waitingForStart"), flow("j", "r", "not(waitingForStart)"),
        links="s-g a-j b-j c-j n-e r-e",
    )  # fmt: skip
    case = World(text).start(both=False)
    case.complete("a")
    assert case.tasks() == ["n", "r"]
    case = World(text).start(both=True)
    case.complete("a")
    assert case.tasks() == ["b", "n"]


def test_without_a_condition_it_joins_what_can_come() -> None:
    case = World(joined("")).start()
    for key in "abc":
        assert "n" not in case.tasks()
        case.complete(key)
    assert case.tasks() == ["n"]


def test_a_condition_that_is_null_does_not_hold() -> None:
    case = World(joined("activationCount >= limit")).start()
    case.complete("a")
    assert "n" not in case.tasks() and not case.run.failures(), "null is not true"
    case.run.set_variables({"limit": 2}, case.world.now)
    case.complete("b")
    assert "n" in case.tasks()


def test_a_complex_split_chooses_by_conditions() -> None:
    text = diagram(
        start(), node("complexGateway", "j", default="j_c"), user("a"), user("b"), user("c"), end(),
        flow("j", "a", "x > 1"), flow("j", "b", "x > 2"), flow("j", "c"), links="s-j a-e b-e c-e",
    )  # fmt: skip
    assert World(text).start(x=3).tasks() == ["a", "b"]
    assert World(text).start(x=0).tasks() == ["c"]


def test_an_inclusive_join_inside_a_loop_waits_only_for_what_can_reach_it() -> None:
    text = diagram(
        start(), node("exclusiveGateway", "m"), node("inclusiveGateway", "g", default="g_a"), user("a"),
        user("b"), node("inclusiveGateway", "j"), user("n"), node("exclusiveGateway", "x", default="x_e"), end(),
        flow("g", "a"), flow("g", "b", "both"), flow("x", "m", "again"), flow("x", "e"),
        flow("g", "c", "both"), user("c"),
        links="s-m m-g a-j b-j c-j j-n n-x",
    )  # fmt: skip
    case = World(text).start(both=True)
    case.complete("b")
    case.complete("c")
    assert case.tasks() == ["n"]
    case.complete("n", again=True, both=False)
    assert case.tasks() == ["a"]
    case.complete("a")
    case.complete("n", again=False)
    assert case.run.completed


def test_an_inclusive_join_waits_for_a_token_on_its_way_over_another_step() -> None:
    text = diagram(
        start(), node("parallelGateway", "g"), user("a"), user("b1"), user("b2"), node("inclusiveGateway", "j"),
        user("n"), end(), links="s-g g-a g-b1 b1-b2 a-j b2-j j-n n-e",
    )  # fmt: skip
    case = World(text).start()
    case.complete("a")
    assert case.tasks() == ["b1"]
    case.complete("b1")
    assert case.tasks() == ["b2"]
    case.complete("b2")
    assert case.tasks() == ["n"]


def test_an_inclusive_join_does_not_wait_for_a_branch_that_ended() -> None:
    text = diagram(
        start(), node("parallelGateway", "g"), user("a"), user("b"), node("exclusiveGateway", "x", default="x_e2"),
        node("inclusiveGateway", "j"), user("n"), end(), end("e2"), flow("x", "j", "go"), flow("x", "e2"),
        links="s-g g-a g-b b-x a-j j-n n-e",
    )  # fmt: skip
    case = World(text).start()
    case.complete("a")
    case.complete("b", go=False)
    assert case.tasks() == ["n"]


def test_a_parallel_join_takes_one_token_of_each_flow_and_keeps_the_rest() -> None:
    text = diagram(
        start(), node("parallelGateway", "g"), script("a1", "x := 1"), script("a2", "x := 1"), user("a"),
        user("b"), node("parallelGateway", "j"), user("n"), end(),
        links="s-g g-a1 g-a2 a1-a a2-a g-b a-j b-j j-n n-e",
    )  # fmt: skip
    case = World(text).start()
    case.complete("a")
    case.complete("a")
    assert case.tasks() == ["b"]
    case.complete("b")
    assert case.tasks() == ["n"], "the second token of a waits for a second one of b"
    case.complete("n")
    assert not case.run.completed and case.run.stalled()


def test_start_and_completion_quantity() -> None:
    text = diagram(
        start(), user("a", completionQuantity="3"), user("b", startQuantity="2"), end(), links="s-a a-b b-e"
    )
    case = World(text).start()
    case.complete("a")
    assert case.tasks() == ["b"], "the third token waits for a fourth"
    case.complete("b")
    assert case.run.stalled()


def test_quantities_inside_a_sub_process_end_with_it() -> None:
    inner = sub("sp", start("s2"), user("a", completionQuantity="4"), user("b", startQuantity="2"), end("e2"),
                flows("s2-a a-b b-e2"))  # fmt: skip
    case = World(diagram(start(), inner, user("n"), end(), links="s-sp sp-n n-e")).start()
    case.complete("a")
    assert case.tasks() == ["b", "b"]
    case.complete("b")
    case.complete("b")
    assert case.tasks() == ["n"]
