"""Multi-instance activities, votes and loops."""

from __future__ import annotations

import pytest

from tests.engine.diagrams import (
    OUTCOMES,
    boundary,
    diagram,
    end,
    flow,
    loop,
    script,
    service,
    start,
    sub,
    timer,
    user,
    voting,
)
from tests.engine.runtime.world import Case, World


def looped(characteristics: str) -> str:
    return diagram(start(), user("u", characteristics), user("n"), end(), links="s-u u-n n-e")


def answer(case: Case, item: str, **values: object) -> None:
    """Complete the task of one item."""
    wait = next(one for one in case.waits("user_task") if one.scope.get("item") == item)
    case.run.complete(wait.token, values, case.world.now)
    case.advance()


def test_results_are_in_the_order_of_the_items_and_the_item_is_local() -> None:
    case = World(looped(loop("=items"))).start(items=["x", "y", "z"])
    assert case.tasks() == ["u", "u", "u"]
    for item in ("z", "x", "y"):
        answer(case, item, res=item.upper(), remark=item)
    assert case.tasks() == ["n"]
    assert case.variables == {"items": ["x", "y", "z"], "outs": ["X", "Y", "Z"], "remark": "y"}


def test_completion_condition_sees_counters_and_collected_results() -> None:
    condition = "count(outs[item = true]) * 2 > nrOfInstances"
    case = World(looped(loop("=items", completion=condition))).start(items=["a", "b", "c", "d"])
    answer(case, "d", res=True)
    answer(case, "a", res=False)
    answer(case, "b", res=True)
    assert case.tasks() == ["u"]
    answer(case, "c", res=True)
    assert case.tasks() == ["n"]
    case = World(looped(loop("=items", completion="nrOfCompletedInstances >= 2"))).start(
        items=["a", "b", "c"]
    )
    answer(case, "b", res=1)
    answer(case, "c", res=2)
    assert case.tasks() == ["n"] and case.variables["outs"] == [None, 1, 2]


def test_sequential_takes_one_after_the_other_and_null_items_too() -> None:
    case = World(looped(loop("=items", sequential=True))).start(items=["a", None, "c"])
    for number in range(3):
        assert case.tasks() == ["u"]
        case.complete("u", res=number)
    assert case.tasks() == ["n"] and case.variables["outs"] == [0, 1, 2]


def test_an_empty_list_passes_and_null_is_a_failure() -> None:
    assert World(looped(loop("=items"))).start(items=[]).tasks() == ["n"]
    assert World(looped(loop("=items"))).start().run.failures()[0].code == "no_list"


def test_cardinality_and_standard_loop() -> None:
    times = (
        "<multiInstanceLoopCharacteristics><loopCardinality>n + 1</loopCardinality>"
        "</multiInstanceLoopCharacteristics>"
    )
    assert World(looped(times)).start(n=2).tasks() == ["u", "u", "u"]
    again = (
        '<standardLoopCharacteristics loopMaximum="5"><loopCondition>again = true</loopCondition>'
        "</standardLoopCharacteristics>"
    )
    case = World(looped(again)).start()
    case.complete("u", again=True)
    case.complete("u", again=False)
    assert case.tasks() == ["n"]


def test_an_interrupted_activity_leaves_no_results_behind() -> None:
    text = diagram(
        start(),
        user("u", loop("=items")),
        boundary("b", "u", timer("PT1H")),
        user("n"),
        end(),
        links="s-u u-e b-n n-e",
    )
    case = World(text).start(items=["a", "b"])
    answer(case, "a", res=1)
    case.world.pass_time(hours=2)
    assert case.tasks() == ["n"] and "outs" not in case.variables


VOTE = diagram(
    start(),
    user("u", extensions=voting("=rule", quorum="=2") + OUTCOMES),
    user("n"),
    end(),
    links="s-u u-n n-e",
)


def vote(case: Case, who: str, decision: str) -> None:
    """Answer as the store does: outcome and vote variable."""
    wait = next(one for one in case.waits("user_task") if one.scope.get("approver") == who)
    told = {"who": who, "decision": decision, "comment": None}
    case.run.complete(wait.token, {"decision": decision, "vote": told}, case.world.now)
    case.advance()


@pytest.mark.parametrize(
    ("rule", "answers", "ended_after"),
    [
        ("all", ["approve", "revise", "approve", "approve"], 4),
        ("all", ["approve", "reject", "", ""], 2),
        ("majority", ["approve", "approve", "approve", ""], 3),
        ("majority", ["approve", "revise", "reject", ""], 3),
        ("first", ["revise", "", "", ""], 1),
        ("quorum", ["approve", "approve", "", ""], 2),
        ("quorum", ["reject", "reject", "revise", ""], 3),
    ],
)
def test_voting_rules(rule: str, answers: list[str], ended_after: int) -> None:
    """Given four voters, when they answer, then the round ends exactly when its rule says."""
    case = World(VOTE).start(approvers=["a", "b", "c", "d"], rule=rule)
    for number, (who, decision) in enumerate(zip("abcd", answers, strict=True), 1):
        if not decision:
            break
        assert "n" not in case.tasks()
        vote(case, who, decision)
        assert ("n" in case.tasks()) == (number == ended_after)
    assert case.tasks() == ["n"]
    assert [one["decision"] for one in case.variables["votes"]] == [one for one in answers if one]
    assert "decision" not in case.variables and "vote" not in case.variables


def test_votes_stand_in_the_order_of_the_voters() -> None:
    case = World(VOTE).start(approvers=["a", "b", "c"], rule="all")
    for who in ("c", "a", "b"):
        vote(case, who, "approve")
    assert [one["who"] for one in case.variables["votes"]] == ["a", "b", "c"]


def test_a_rule_of_ones_own_counts_votes() -> None:
    case = World(VOTE.replace('"=rule"', '"=n_approve >= 1 and n_answered >= 2"')).start(
        approvers=["a", "b", "c"]
    )
    vote(case, "a", "revise")
    vote(case, "b", "approve")
    assert case.tasks() == ["n"]


def test_an_unknown_rule_is_a_failure_not_a_silent_approval() -> None:
    case = World(VOTE).start(approvers=["a"], rule="sometimes")
    assert case.run.failures()[0].code == "no_voting_rule"


def test_the_voter_is_the_assignee_by_default() -> None:
    case = World(VOTE).start(approvers=["ann"], rule="all")
    assert case.wait("u").details["assignment"]["value"] == "ann"


def test_a_vote_over_a_sub_process_with_a_step_after_each_answer() -> None:
    inside = sub(
        "sp",
        start("s2"),
        user("u", extensions=OUTCOMES),
        service("tell"),
        end("e2"),
        flow("s2", "u"),
        flow("u", "tell"),
        flow("tell", "e2"),
        extensions=voting("all"),
    )
    case = World(diagram(start(), inside, user("n"), end(), links="s-sp sp-n n-e")).start(
        approvers=["a", "b", "c"]
    )
    vote(case, "b", "reject")
    assert case.tasks() == ["u", "u"]
    case.complete("tell")
    assert case.tasks() == ["n"]
    assert [one["who"] for one in case.variables["votes"]] == ["b"]


def test_sequential_vote_asks_one_after_the_other() -> None:
    text = VOTE.replace('result="votes"', 'result="votes" order="sequential"')
    case = World(text).start(approvers=["a", "b", "c"], rule="all")
    vote(case, "a", "approve")
    assert len(case.waits("user_task")) == 1
    vote(case, "b", "reject")
    assert case.tasks() == ["n"]


def test_multi_instance_inside_a_multi_instance() -> None:
    inner = sub(
        "sp",
        start("s2"),
        user("u", loop("=item", output="inner")),
        script("c", "res := sum(inner)"),
        end("e2"),
        flow("s2", "u"),
        flow("u", "c"),
        flow("c", "e2"),
        inner=loop("=items"),
    )
    case = World(diagram(start(), inner, user("n"), end(), links="s-sp sp-n n-e")).start(items=[[1, 2], [3]])
    for _count in range(3):
        wait = case.waits("user_task")[0]
        case.run.complete(wait.token, {"res": wait.scope["item"]}, case.world.now)
        case.advance()
    assert case.tasks() == ["n"] and case.variables["outs"] == [3, 3]


def test_positions_count_the_open_instances() -> None:
    case = World(VOTE).start(approvers=["a", "b", "c"], rule="all")
    vote(case, "a", "approve")
    assert case.run.positions() == {"u": 2}
