"""What forms offer to a person: people, groups, records he may see, and files he may use.

``make_choices`` is handed to the engine's form check when the program is put together, so that
pages, the API and the check itself offer the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from bpm.engine.form_check import file_for
from bpm.engine.values import RecordReference
from bpm.errors import Refusal
from bpm.forms.choices import Choice, Choices, CompanyChoices
from bpm.people.models import Person
from bpm.records import queries as records
from bpm.records.models import Record


def make_choices(session: Session, now: datetime, actor: Person | None, instance_id: int | None) -> Choices:
    """Return what ``actor`` may choose in a form of a case; the program itself (None) gets no records."""

    def offer(record_type: str) -> Iterable[Choice]:
        return [_choice(record_type, one) for one in records.choices(session, actor, record_type)]

    def find(record_type: str, public_id: str) -> Choice | None:
        try:
            return _choice(record_type, records.record(session, actor, public_id, record_type))
        except Refusal:
            return None

    return CompanyChoices(
        session,
        records=offer if actor is not None else None,
        record=find,
        file=lambda public_id: file_for(session, actor, instance_id, public_id),
    )


def _choice(record_type: str, record: Record) -> Choice:
    return Choice(record.public_id, RecordReference(record_type, record.public_id), record.title)
