"""The library that ships can be loaded, once, and gives a newcomer something to start from."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bpm.engine.models import Process, ProcessVersion
from bpm.library import load_demo_records, load_library
from bpm.records import functions, queries
from bpm.records.models import Record


@pytest.fixture
def loaded(company: None, session: Session, now: datetime) -> None:
    functions.register()
    report = load_library(session, now)
    assert [str(line) for line in report if line.state == "refused"] == []


def test_every_file_is_published_and_a_second_load_changes_nothing(
    loaded: None, session: Session, now: datetime
) -> None:
    keys = set(session.scalars(select(Process.key)))
    assert {"contract_approval", "production_without_prepayment", "lead_race"} <= keys
    assert load_library(session, now) == []
    assert session.scalar(select(func.count(ProcessVersion.id))) == len(keys)


def test_names_of_what_ships_stand_in_three_languages(loaded: None, session: Session) -> None:
    for schema in queries.schemas(session):
        named = [schema, *schema.fields, *schema.stages, *(c for f in schema.fields for c in f.choices)]
        assert all(set(one.names) == {"en", "ru", "pl"} for one in named)
    for process in session.scalars(select(Process)):
        assert set(process.names) == {"en", "ru", "pl"}


def test_demo_records_are_added_to_an_empty_installation_only(
    loaded: None, session: Session, now: datetime
) -> None:
    made = load_demo_records(session, now)
    assert made == session.scalar(select(func.count(Record.id)))
    assert load_demo_records(session, now) == 0
    deals = queries.listing(session, _anyone(session), "deal", stage="awaiting_payment")
    assert deals.total >= 3


def _anyone(session: Session):  # type: ignore[no-untyped-def]
    from bpm.people.queries import person

    return person(session, "anna.nowak")
