"""The library of published decisions, on both databases."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from bpm.clock import MovableClock
from bpm.dmn import commands, queries
from bpm.errors import Invalid, NotAllowed, NotFound
from bpm.people.models import Person
from tests.dmn.models import (
    decision,
    definitions,
    imported,
    knowledge,
    literal,
    required_knowledge,
    table,
)  # fmt: skip

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


def test_a_model_without_decisions_is_published_for_others(session: Session, now: datetime) -> None:
    library = definitions(
        '<itemDefinition name="tFee"><typeRef>number</typeRef></itemDefinition>'
        + knowledge("double", ["n"], literal("n * 2")),
        namespace="urn:library",
        name="Fees",
    )
    first = commands.publish(session, now, None, library)
    assert [(row.key, row.number, row.names) for row in first] == [("urn:library", 1, {"en": "Fees"})]
    assert commands.publish(session, now, None, library) == first
    assert queries.decisions(session) == []
    with pytest.raises(NotFound):
        queries.evaluate(session, "urn:library", {}, now)

    answer = decision(
        "answer",
        literal("lib.double(21)"),
        type="lib.tFee",
        requires=required_knowledge("urn:library#double"),
    )
    commands.publish(session, now, None, definitions(imported("lib", "urn:library") + answer))
    assert queries.evaluate(session, "answer", {}, now).value == 42
    assert [row.key for row in queries.decisions(session)] == ["answer"]


def test_a_model_shared_by_two_imports_is_read_before_both(session: Session, now: datetime) -> None:
    base, middle, top = "urn:base", "urn:middle", "urn:top"
    one = definitions(knowledge("one", [], literal("1")), namespace=base)
    two = definitions(
        imported("base", base)
        + knowledge("two", [], literal("base.one() + 1"), requires=required_knowledge(f"{base}#one")),
        namespace=middle,
    )
    needed = required_knowledge(f"{base}#one") + required_knowledge(f"{middle}#two")
    three = decision("three", literal("base.one() + middle.two()"), requires=needed)
    for xml in (one, two):
        commands.publish(session, now, None, xml)
    for order in ((base, middle), (middle, base)):
        imports = "".join(imported(namespace.removeprefix("urn:"), namespace) for namespace in order)
        commands.publish(session, now, None, definitions(imports + three, namespace=top))
        assert queries.evaluate(session, "three", {}, now).value == 3


def test_models_that_import_each_other_are_refused(session: Session, now: datetime) -> None:
    commands.publish(session, now, None, definitions(decision("a", literal("1")), namespace="urn:a"))
    commands.publish(
        session,
        now,
        None,
        definitions(imported("a", "urn:a") + decision("b", literal("2")), namespace="urn:b"),
    )
    circle = definitions(imported("b", "urn:b") + decision("a", literal("3")), namespace="urn:a")
    with pytest.raises(Invalid, match="urn:a → urn:b → urn:a"):
        commands.publish(session, now, None, circle)


def test_a_refusal_names_the_element_and_its_place(session: Session, now: datetime) -> None:
    faulty = definitions(decision("route", table(["amount"], ["who"], [(["-"], ['"a"']), (["<"], ['"b"'])])))
    with pytest.raises(Invalid, match="route: rule 2: amount: ") as refused:
        commands.publish(session, now, None, faulty)
    assert [one["element"] for one in refused.value.details["problems"]] == ["r2"]
