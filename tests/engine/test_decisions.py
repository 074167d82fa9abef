"""Decisions that cases ask: published ones, with what they import, on the company's time."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy.orm import Session

from bpm.config import ROOT
from bpm.dmn import commands, queries
from bpm.engine.functions import World
from bpm.engine.problems import StepFailed
from bpm.errors import NotFound
from tests.dmn.models import decision, definitions, literal, required_knowledge
from tests.engine.office import Office
from tests.engine.processes import chain, element, end, extension, process, start, user

# already Wednesday in Warsaw
LATE_ON_TUESDAY = datetime(2026, 3, 3, 23, 30, tzinfo=UTC)

LIBRARY = definitions(
    '<businessKnowledgeModel id="double" name="double"><variable name="double"/><encapsulatedLogic>'
    '<formalParameter name="n"/>'
    + literal("n * 2")
    + "</encapsulatedLogic></businessKnowledgeModel>"
    + decision("any", literal("1")),
    namespace="urn:library",
)
IMPORTING = definitions(
    '<import name="lib" namespace="urn:library" importType="DMN"/>'
    + decision("answer", literal("lib.double(half)"), requires=required_knowledge("urn:library#double"))
)


def publish(session: Session, *models: bytes) -> None:
    for model in models:
        commands.publish(session, LATE_ON_TUESDAY, None, model)


def test_a_shipped_decision_gives_its_value_and_the_rule_that_matched(session: Session) -> None:
    publish(session, (ROOT / "decisions" / "prepayment_route.dmn").read_bytes())

    value, matched = World(session, LATE_ON_TUESDAY).decide(
        "prepayment_route", {"amount": 400_000, "overdue_debt": 0, "exposure": 0, "credit_limit": 1}
    )

    assert value == 2
    assert [(one["table"], one["rule"], one["number"]) for one in matched] == [
        ("Who allows production without prepayment", "prepayment_route_row3", 3)
    ]


def test_a_decision_uses_what_its_model_imports(session: Session) -> None:
    publish(session, LIBRARY, IMPORTING)

    assert World(session, LATE_ON_TUESDAY).decide("answer", {"half": 21}) == (42, [])


def test_a_decision_knows_people_and_the_day_at_the_company(session: Session, company: None) -> None:
    texts = {"head": 'manager_of("anna.nowak")', "day": "string(today())", "hour": "now().hour"}
    publish(session, definitions("".join(decision(key, literal(text)) for key, text in texts.items())))
    world = World(session, LATE_ON_TUESDAY)

    assert [world.decide(key, {})[0] for key in texts] == ["olga.ivanova", "2026-03-04", 0]


def test_a_model_is_compiled_once(session: Session) -> None:
    publish(session, LIBRARY, IMPORTING)
    World(session, LATE_ON_TUESDAY).decide("answer", {"half": 1})
    compiled = queries._compiled.cache_info().misses

    World(session, LATE_ON_TUESDAY).decide("answer", {"half": 2})

    assert queries._compiled.cache_info().misses == compiled


def test_an_unknown_decision_is_named(session: Session) -> None:
    with pytest.raises(NotFound, match="nowhere"):
        World(session, LATE_ON_TUESDAY).decide("nowhere", {})


def test_a_decision_that_never_ends_is_a_failure_of_its_step(office: Office) -> None:
    endless = "count(for a in 1..9999, b in 1..9999 return a)"
    with office.database.writing() as session:
        publish(session, definitions(decision("endless", literal(endless))))
        with pytest.raises(StepFailed, match="endless"):
            World(session, LATE_ON_TUESDAY).decide("endless", {})
    asked = extension('<bpm:decision key="endless" result="found"/>')
    rules = element("businessRuleTask", "rules", asked)
    after = user("after", "initiator")
    office.deploy(process("ask", start(), rules, after, end(), chain("begin", "rules", "after", "done")))

    office.start("ask")

    (incident,) = office.incidents()
    assert (incident.kind, incident.element) == ("step", "rules")
