"""Several people vote on one thing: all, one refusal, a requester among them."""

from __future__ import annotations

import pytest

from bpm.engine import commands
from bpm.errors import Conflict
from tests.engine.office import Office
from tests.engine.processes import (
    chain,
    end,
    outcomes,
    process,
    start,
    user,
)

VOTING = process(
    "voting",
    start(),
    user(
        "vote",
        "person",
        "=voter",
        more='<bpm:voting rule="all" voters="=approvers" voter="voter" result="votes" order="parallel"'
        ' refusals="reject"/>',
        buttons=outcomes("approve", "reject", vote="vote"),
    ),
    user("after", "initiator"),
    end(),
    chain("begin", "vote", "after", "done"),
)


def test_all_approve_in_any_order_and_the_votes_stand_in_order(office: Office) -> None:
    office.deploy(VOTING)
    names = ["emily.clark", "katarzyna.lis", "pavel.smirnov"]
    case = office.start("voting", variables={"approvers": names})
    assert office.open_elements(case) == ["vote"] * 3
    for login in reversed(names):
        office.complete(login, "vote", "approve", case=case)
    assert office.open_elements(case) == ["after"]
    votes = office.variables(case)["votes"]
    assert [vote["who"] for vote in votes] == names


def test_one_refusal_withdraws_the_other_votes(office: Office) -> None:
    office.deploy(VOTING)
    case = office.start("voting", variables={"approvers": ["emily.clark", "katarzyna.lis", "pavel.smirnov"]})
    open_task = office.task("vote", case, "pavel.smirnov")
    office.complete("emily.clark", "vote", "reject", case=case)
    assert office.open_elements(case) == ["after"]
    assert len(office.tasks(case, "withdrawn")) == 2
    with pytest.raises(Conflict, match="decided by Emily Clark") as refused:
        office.do(commands.complete, "pavel.smirnov", open_task.public_id, "approve")
    assert refused.value.details["by"] == "emily.clark"


def test_a_requester_among_the_voters_is_replaced(office: Office) -> None:
    office.deploy(VOTING)
    case = office.start("voting", variables={"approvers": ["anna.nowak", "emily.clark"]})
    with office.reading() as session:
        from bpm.people.models import Person

        holders = {session.get_one(Person, task.assignee_id).login for task in office.tasks(case)}
    assert holders == {"olga.ivanova", "emily.clark"}


@pytest.mark.parametrize(
    ("rule", "answers", "gone", "after"),
    [
        # two of five are no majority, two of three are
        ("majority", {"emily.clark": "approve", "katarzyna.lis": "approve"}, 2, ["after"]),
        ("majority", {"emily.clark": "approve"}, 2, ["vote", "vote"]),
        ("all", {"emily.clark": "approve"}, 2, ["vote", "vote"]),
        # whoever answers first would have decided: nobody has
        ("first", {}, 4, ["vote"]),
    ],
)
def test_when_a_voter_is_taken_out_the_votes_of_the_others_are_judged_anew(
    office: Office, rule: str, answers: dict[str, str], gone: int, after: list[str]
) -> None:
    office.deploy(VOTING.replace('rule="all"', f'rule="{rule}"'))
    voters = ["emily.clark", "katarzyna.lis", "pavel.smirnov", "olga.ivanova", "marta.dabrowska"]
    case = office.start("voting", variables={"approvers": voters})
    for login, answer in answers.items():
        office.complete(login, "vote", answer, case=case)
    for login in voters[-gone:]:
        token = office.task("vote", case, login).token
        office.do(commands.move, "adam.kaminski", case, cancel=[token])
    assert office.open_elements(case) == after
    if after == ["after"]:
        assert len(office.variables(case)["votes"]) == len(answers)
        (ended,) = office.history(case, "vote_ended")
        assert ended.data["n_all"] == len(voters) - gone and ended.data["n_approve"] == len(answers)
