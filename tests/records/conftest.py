"""Records in a company with the shipped record types."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy.orm import Session

from bpm.engine.values import RecordReference
from bpm.people.models import Person
from bpm.people.queries import required_person
from bpm.records import commands
from bpm.records.models import Record
from bpm.records.schema import shipped


@pytest.fixture
def anna(company: None, session: Session) -> Person:
    for schema in shipped():
        commands.define(session, schema.source)
    return required_person(session, "anna.nowak")


@pytest.fixture
def make(anna: Person, session: Session, now: datetime) -> Callable[..., Record]:
    """Make a record as Anna: ``make("company", name="Delta")``."""

    def create(kind: str, **values: Any) -> Record:
        return commands.create(session, now, anna, kind, values)

    return create


def reference(record: Record) -> RecordReference:
    return RecordReference(record.type.key, record.public_id)
