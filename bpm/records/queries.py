"""Reads of records: types, lists, one record, its changes and cases.

Changes nothing. Every person with an account may see every record of this first floor; cases are
shown only to those who may see them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session, joinedload

from bpm.engine import search
from bpm.engine.models import Instance
from bpm.engine.permissions import can_see_instance
from bpm.errors import NotAllowed, NotFound
from bpm.files.rights import Reader
from bpm.language import _
from bpm.people.models import Person
from bpm.records.models import Record, RecordChange, RecordType
from bpm.records.schema import RecordSchema, read
from bpm.records.view import comparable, resolve, schema_of, values_of

PER_PAGE = 50


@dataclass(frozen=True)
class RecordPage:
    """One page of a list. ``total``: how many fit the filters; pages count from 1."""

    rows: Sequence[Record]
    total: int
    page: int
    per_page: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.per_page))


def schemas(session: Session) -> list[RecordSchema]:
    """Return all record types in the order in which they are listed."""
    kinds = session.scalars(select(RecordType).order_by(RecordType.position, RecordType.key))
    return [read(kind.definition) for kind in kinds]


def schema(session: Session, key: str) -> RecordSchema:
    """Return one record type.

    Raises:
        NotFound: there is none with this key.
    """
    definition = session.scalar(select(RecordType.definition).where(RecordType.key == key))
    if definition is None:
        raise NotFound(_("There is no record type “%(key)s”.", key=key))
    return read(definition)


def counts(session: Session, actor: Person | None) -> dict[str, int]:
    """Return how many records of each type there are."""
    _may_read(actor)
    rows = session.execute(
        select(RecordType.key, func.count(Record.id))
        .join(Record, Record.type_id == RecordType.id)
        .where(Record.deleted_at.is_(None))
        .group_by(RecordType.key)
    )
    return {key: int(count) for key, count in rows}


def stage_counts(session: Session, actor: Person | None, type_key: str) -> dict[str, int]:
    """Return how many records of a type stand at each stage."""
    _may_read(actor)
    rows = session.execute(
        _of_type(select(Record.stage, func.count(Record.id)), type_key).group_by(Record.stage)
    )
    return {stage: count for stage, count in rows if stage}


def listing(
    session: Session,
    actor: Person | None,
    type_key: str,
    *,
    stage: str | None = None,
    text: str = "",
    responsible: str | None = None,
    page: int = 1,
    per_page: int = PER_PAGE,
) -> RecordPage:
    """Return records of one type, the last changed first.

    Args:
        text: words that must all occur in the record's texts.
        responsible: log-in name of the responsible person.
    """
    _may_read(actor)
    conditions: list[ColumnElement[bool]] = []
    if stage:
        conditions.append(Record.stage == stage)
    if responsible:
        conditions.append(Record.responsible.has(Person.login == responsible))
    conditions.append(search.matches(Record.search_text, text))
    total = session.scalar(_of_type(select(func.count(Record.id)), type_key).where(*conditions)) or 0
    page = max(1, page)
    rows = session.scalars(
        _of_type(select(Record), type_key)
        .where(*conditions)
        .options(joinedload(Record.responsible), joinedload(Record.type))
        .order_by(Record.changed_at.desc(), Record.id.desc())
        .offset((page - 1) * per_page)
        .limit(per_page)
    ).all()
    return RecordPage(rows, total, page, per_page)


def record(session: Session, actor: Person | None, public_id: str, type_key: str | None = None) -> Record:
    """Return one record.

    Raises:
        NotFound: there is none, it is deleted, or it is of another type.
        NotAllowed: nobody is logged in.
    """
    _may_read(actor)
    found = session.scalar(select(Record).where(Record.public_id == public_id, Record.deleted_at.is_(None)))
    if found is None or (type_key is not None and found.type.key != type_key):
        raise NotFound(_("This record does not exist, or it was deleted."))
    return found


def stored(session: Session, public_id: str) -> Record | None:
    """Return a record for the program itself, None if there is none or it is deleted."""
    return session.scalar(select(Record).where(Record.public_id == public_id, Record.deleted_at.is_(None)))


def can_read_files(session: Session, reader: Reader, record_id: int) -> bool:
    """Whoever may see a record may read its files; those of a deleted record nobody."""
    person, found = session.get(Person, reader.id), session.get(Record, record_id)
    return bool(person and person.active and found and found.deleted_at is None)


def changes(session: Session, record: Record, limit: int = 200) -> Sequence[RecordChange]:
    """Return what happened to a record, the newest first."""
    return session.scalars(
        select(RecordChange)
        .where(RecordChange.record_id == record.id)
        .options(joinedload(RecordChange.actor))
        .order_by(RecordChange.id.desc())
        .limit(limit)
    ).all()


def cases(session: Session, actor: Person | None, record: Record, limit: int = 50) -> list[Instance]:
    """Return the cases that began from a record or changed it, the newest first.

    Only those that ``actor`` may see.
    """
    rows = session.scalars(
        select(Instance)
        .where(_belongs_to(record))
        .order_by(Instance.started_at.desc(), Instance.id.desc())
        .limit(limit)
    )
    return [instance for instance in rows if actor and can_see_instance(session, actor, instance)]


def has_running_case(session: Session, record: Record) -> bool:
    """Tell whether a case that began from the record, or changed it, is still open."""
    return bool(running_cases(session, record))


def running_cases(session: Session, record: Record) -> Sequence[Instance]:
    """Return the open cases that began from the record or changed it, whoever may see them."""
    return session.scalars(
        select(Instance)
        .where(_belongs_to(record), Instance.status.in_(("active", "suspended")))
        .order_by(Instance.id)
    ).all()


def lock_cases(session: Session, record: Record) -> None:
    """Lock the rows of the open cases of a record, so that no step of theirs runs beside this transaction."""
    roots = {case.root_id or case.id for case in running_cases(session, record)}
    if roots:
        session.execute(
            select(Instance.id).where(Instance.id.in_(roots)).order_by(Instance.id).with_for_update()
        )


def _belongs_to(record: Record) -> ColumnElement[bool]:
    changed_it = select(RecordChange.instance_id).where(
        RecordChange.record_id == record.id, RecordChange.instance_id.is_not(None)
    )
    return or_(Instance.record_id == record.id, Instance.id.in_(changed_it))


def find(session: Session, type_key: str, values: Mapping[str, Any]) -> Record | None:
    """Return the newest record of a type that has one of these field values, tried in their order.

    Empty values are passed over. Texts are compared without regard to case and accents, telephone
    and tax numbers by their digits alone.
    """
    for key, wanted in values.items():
        sign = comparable(key, wanted)
        if not sign:
            continue
        candidates = session.scalars(
            _of_type(select(Record), type_key)
            .where(search.matches(Record.search_text, sign))
            .order_by(Record.id.desc())
        )
        for candidate in candidates:
            if comparable(key, values_of(candidate).get(key)) == sign:
                return cast(Record, candidate)
    return None


def choices(
    session: Session, actor: Person | None, type_key: str, text: str = "", limit: int = 200
) -> list[Record]:
    """Return records that a link field offers, by title."""
    _may_read(actor)
    query = _of_type(select(Record), type_key).where(search.matches(Record.search_text, text))
    return list(session.scalars(query.order_by(Record.title).limit(limit)))


def _of_type(query: Any, type_key: str) -> Any:
    """Narrow a query of records, whatever it selects, to one type without the deleted ones."""
    kind = select(RecordType.id).where(RecordType.key == type_key).scalar_subquery()
    return query.where(Record.type_id == kind, Record.deleted_at.is_(None))


def _may_read(actor: Person | None) -> None:
    if actor is None or not actor.active:
        raise NotAllowed(_("Log in to see records."))


__all__ = [
    "RecordPage",
    "can_read_files",
    "cases",
    "changes",
    "choices",
    "counts",
    "find",
    "has_running_case",
    "listing",
    "lock_cases",
    "record",
    "resolve",
    "running_cases",
    "schema",
    "schema_of",
    "schemas",
    "stage_counts",
    "stored",
    "values_of",
]
