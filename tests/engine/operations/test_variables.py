"""Variables of a case are changed by hand, with everything that shows them or waits for them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import select

from bpm.engine import commands, queries
from bpm.engine.models import UserTask, VariableIndex
from bpm.errors import Conflict
from tests.engine.office import Office
from tests.engine.operations.moved import ADAM, NESTED
from tests.engine.processes import (
    MULTI,
    boundary,
    chain,
    conditional,
    end,
    process,
    start,
    user,
)


def test_variables_are_changed_and_everything_that_shows_them(office: Office) -> None:
    office.deploy(NESTED)
    case = office.start("nested", variables={"number": 1})

    office.do(commands.set_variables, ADAM, case, {"number": Decimal(9), "new": "x"}, reason="typing error")

    assert office.variables(case)["number"] == 9 and office.case(case).titles["en"] == "Case 9"
    with office.reading() as session:
        assert list(session.scalars(select(VariableIndex.value))) == ["9"]
        adam = office.person(session, ADAM)
        assert [one.public_id for one in queries.instances(session, adam, text="Case 9").items] == [case]
        changed = [one for one in office.history(case, "variable_changed") if one.data["name"] == "number"][
            -1
        ]
        assert (changed.data["old"], changed.data["new"], changed.actor_id) == (1, 9, adam.id)
    (told,) = office.history(case, "variables_set")
    assert told.data["names"] == ["new", "number"] and told.data["reason"] == "typing error"


def test_a_condition_that_is_waited_for_is_looked_at_again(office: Office) -> None:
    office.deploy(
        process(
            "watching",
            start(),
            user("ask", "person", "boris.petrov"),
            boundary("urgent", "ask", conditional("urgency > 5")),
            user("hurry", "person", "emily.clark"),
            end(),
            end("hurried"),
            chain("begin", "ask", "done"),
            chain("urgent", "hurry", "hurried"),
        )
    )
    case = office.start("watching", variables={"urgency": 1})
    office.do(commands.suspend, ADAM, case)
    office.do(commands.set_variables, ADAM, case, {"urgency": 6})
    assert office.open_elements(case) == ["ask"]  # suspended: nothing moves
    office.do(commands.resume, ADAM, case)
    assert office.open_elements(case) == ["hurry"]


def test_a_variable_of_one_of_several_is_changed_for_him_alone(office: Office) -> None:
    office.deploy(
        process(
            "several",
            start(),
            user("ask", "expression", "=who", loop=MULTI),
            end(),
            chain("begin", "ask", "done"),
        )
    )
    case = office.start("several", variables={"people": ["boris.petrov", "emily.clark"]})
    first = office.tasks(case)[0]
    office.do(commands.set_variables, ADAM, case, {"who": "maria.wojcik"}, element=first.token)
    with office.reading() as session:
        task = session.get_one(UserTask, first.id)
        assert commands.task_scope(session, office.now, None, task)["who"] == "maria.wojcik"
    assert "who" not in office.variables(case)
    with pytest.raises(Conflict, match="does not stand"):
        office.do(commands.set_variables, ADAM, case, {"who": "x"}, element="done")
