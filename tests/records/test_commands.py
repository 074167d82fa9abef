"""Records are made and changed with typed checks, and each change leaves a row of history."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.orm import Session

from bpm.errors import Conflict, Invalid, NotAllowed, NotFound
from bpm.language import using
from bpm.people.models import Person
from bpm.records import commands, queries, sentences
from bpm.records.commands import Cause
from bpm.records.models import Record
from bpm.records.view import schema_of
from tests.records.conftest import reference

Make = Callable[..., Record]


def test_a_new_record_begins_at_the_first_stage_and_has_a_number(make: Make) -> None:
    company = make("company", name="Delta")
    first = make("contract", company=reference(company), amount=10)
    second = make("contract", company=reference(company), amount=20)
    assert (first.stage, second.stage, company.stage) == ("draft", "draft", None)
    assert (first.number, second.number) == (1, 2)
    assert second.title == "2, Delta"
    assert queries.values_of(second)["number"] == "2"


def test_repeat_sales_begin_at_a_stage_of_their_own(make: Make) -> None:
    assert make("deal", name="Doors").stage == "new"
    assert make("deal", name="Doors again", funnel="repeat").stage == "expected"


@pytest.mark.parametrize(
    ("kind", "field", "given", "kept"),
    [
        ("deal", "amount", "1 200,50", Decimal("1200.50")),
        ("deal", "amount", 5, Decimal(5)),
        ("deal", "made_to_order", "yes", True),
        ("deal", "last_paid_on", "2026-03-31", date(2026, 3, 31)),
        ("lead", "wake_at", "2026-03-31T10:00:00+02:00", datetime(2026, 3, 31, 8, tzinfo=UTC)),
        ("lead", "source", "site", "site"),
        ("lead", "need", "typename __class__ 🙂", "typename __class__ 🙂"),
    ],
)
def test_values_are_kept_typed(make: Make, kind: str, field: str, given: Any, kept: Any) -> None:
    assert queries.values_of(make(kind, name="x", **{field: given}))[field] == kept


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("kind", "field", "given"),
    [
        ("deal", "amount", "ten"),
        ("deal", "amount", "1.234"),
        ("deal", "amount", "NaN"),
        ("deal", "made_to_order", "perhaps"),
        ("deal", "last_paid_on", "31 March"),
        ("deal", "company", "nowhere"),
        ("deal", "responsible", "nobody"),
        ("deal", "stage", "draft"),
        ("deal", "colour", "red"),
        ("deal", "production_allowed", True),
        ("lead", "source", "moon"),
        ("lead", "name", "x" * 501),
        ("lead", "need", "x" * 100_000),
        ("lead", "need", "\x00"),
    ],
)
def test_what_cannot_be_used_is_refused_by_name(make: Make, kind: str, field: str, given: Any) -> None:
    with pytest.raises(Invalid) as refusal:
        make(kind, **{"name": "x", field: given})
    assert list(refusal.value.details["errors"]) == [field]


def test_required_fields(make: Make) -> None:
    with pytest.raises(Invalid) as refusal:
        make("contract", number="7")
    assert set(refusal.value.details["errors"]) == {"company", "amount"}


def test_a_link_leads_to_a_record_of_its_type(make: Make) -> None:
    contact = make("contact", name="Ewa")
    with pytest.raises(Invalid):
        make("deal", name="Doors", company=reference(contact))


def test_each_change_is_remembered_with_old_and_new(
    make: Make, anna: Person, session: Session, now: datetime
) -> None:
    deal = make("deal", name="Doors", amount=10)

    commands.change(session, now, anna, deal, {"amount": 20, "responsible": "boris.petrov", "name": "Doors"})
    commands.move_stage(session, now, anna, deal, "agreed")
    commands.change(session, now, None, deal, {"production_allowed": True}, cause=Cause(7, "allow_record"))

    kinds = [change.kind for change in queries.changes(session, deal)]
    assert kinds == ["changed", "moved", "changed", "created"]
    by_case, _moved, changed, _created = queries.changes(session, deal)
    assert changed.changes == {"amount": [10, 20], "responsible": [None, "boris.petrov"]}
    assert (by_case.instance_id, by_case.element, by_case.actor_id) == (7, "allow_record", None)
    told = [
        one.text for one in sentences.happenings(session, schema_of(deal), queries.changes(session, deal))
    ]
    assert told[1] == "Anna Nowak moved it to “Client agreed”"
    with using("ru"):
        moved = sentences.happenings(session, schema_of(deal), queries.changes(session, deal))[1]
        assert "Клиент согласен" in moved.text


def test_nothing_new_leaves_no_row(make: Make, anna: Person, session: Session, now: datetime) -> None:
    deal = make("deal", name="Doors", amount=10)
    assert commands.change(session, now, anna, deal, {"amount": "10", "name": "Doors"}) is None
    assert len(queries.changes(session, deal)) == 1


def test_a_stale_form_is_refused(make: Make, anna: Person, session: Session, now: datetime) -> None:
    deal = make("deal", name="Doors")
    seen = deal.revision
    commands.change(session, now, anna, deal, {"amount": 1}, revision=seen)
    with pytest.raises(Conflict) as refusal:
        commands.change(session, now, anna, deal, {"amount": 2}, revision=seen)
    assert "Anna Nowak" in refusal.value.text


def test_a_deleted_record_is_nowhere(make: Make, anna: Person, session: Session, now: datetime) -> None:
    deal = make("deal", name="Doors")
    commands.delete(session, now, anna, deal)
    with pytest.raises(NotFound):
        queries.record(session, anna, deal.public_id)
    assert queries.resolve(session, reference(deal)) is None
    assert queries.listing(session, anna, "deal").total == 0
    with pytest.raises(Conflict):
        commands.change(session, now, anna, deal, {"amount": 1})


def test_nobody_and_former_colleagues_write_nothing(
    make: Make, anna: Person, session: Session, now: datetime
) -> None:
    deal = make("deal", name="Doors")
    anna.active = False
    for actor in (None, anna):
        with pytest.raises(NotAllowed):
            commands.change(session, now, actor, deal, {"amount": 1})
        with pytest.raises(NotAllowed):
            queries.listing(session, actor, "deal")
