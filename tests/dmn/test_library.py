"""The library of published decisions, on both databases."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from bpm.clock import MovableClock
from bpm.dmn import commands, queries
from bpm.errors import Invalid, NotAllowed, NotFound
from bpm.people.models import Person
from tests.dmn.models import decision, definitions, literal, required_knowledge, table

ROUTE = table(["amount"], ["who"], [(["< 1000"], ['"head"']), (["-"], ['"director"'])], "FIRST")


@pytest.fixture
def now(clock: MovableClock) -> datetime:
    return clock.now()


def test_a_published_decision_is_evaluated(session: Session, now: datetime) -> None:
    rows = commands.publish(session, now, None, definitions(decision("route", ROUTE)))
    assert [(row.key, row.number, row.names) for row in rows] == [("route", 1, {"en": "route"})]
    result = queries.evaluate(session, "route", {"amount": 5}, now)
    assert result.value == "head"
    assert result.matched[0]["rule"] == "r1"


def test_only_a_change_makes_a_new_number(session: Session, now: datetime) -> None:
    xml = definitions(decision("route", ROUTE))
    first = commands.publish(session, now, None, xml)
    assert commands.publish(session, now, None, xml) == first
    changed = commands.publish(session, now, None, definitions(decision("route", literal('"nobody"'))))
    assert changed[0].number == 2
    newest = queries.decision(session, "route")
    assert newest is changed[0]
    assert queries.evaluate(session, "route", {}, now).value == "nobody"
    assert [row.number for row in queries.decisions(session)] == [2]


def test_a_model_may_import_a_published_one(session: Session, now: datetime) -> None:
    commands.publish(
        session,
        now,
        None,
        definitions(
            '<businessKnowledgeModel id="double" name="double"><variable name="double"/><encapsulatedLogic>'
            '<formalParameter name="n"/>'
            + literal("n * 2")
            + "</encapsulatedLogic></businessKnowledgeModel>"
            + decision("any", literal("1")),
            namespace="urn:library",
        ),
    )
    answer = decision("answer", literal("lib.double(21)"), requires=required_knowledge("urn:library#double"))
    imports = '<import name="lib" namespace="urn:library" importType="DMN"/>'
    commands.publish(session, now, None, definitions(imports + answer))
    assert queries.evaluate(session, "answer", {}, now).value == 42


@pytest.mark.parametrize(
    "xml",
    [b"<nonsense/>", definitions(""), definitions(decision("a", literal("1 +")))],
    ids=["no model", "no decision", "faulty expression"],
)
def test_what_cannot_be_used_is_refused(session: Session, now: datetime, xml: bytes) -> None:
    with pytest.raises(Invalid):
        commands.publish(session, now, None, xml)


def test_only_process_owners_publish(session: Session, now: datetime) -> None:
    somebody = Person(login="eva", name="Eva", email="eva@example.com", active=True)
    session.add(somebody)
    session.flush()
    with pytest.raises(NotAllowed):
        commands.publish(session, now, somebody, definitions(decision("route", ROUTE)))


def test_an_unknown_decision_is_named(session: Session, now: datetime) -> None:
    with pytest.raises(NotFound, match="nowhere"):
        queries.evaluate(session, "nowhere", {}, now)
