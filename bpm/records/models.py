"""Leads, deals, contracts, contacts, companies: types, records, and what happened to them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bpm.db import Base, Numbered, Public, Reference
from bpm.people.models import Person


class RecordType(Numbered, Base):
    """A kind of record: its names, fields and stages, as ``records/schema.py`` reads them."""

    __tablename__ = "record_type"

    key: Mapped[str] = mapped_column(String(60), unique=True)
    position: Mapped[int] = mapped_column(Integer, default=0)
    # {"names": {…}, "fields": [...], "stages": [...], "title": "…"}
    definition: Mapped[dict[str, Any]]
    last_number: Mapped[int] = mapped_column(Integer, default=0)


class Record(Public, Base):
    """One lead, deal, contract …"""

    __tablename__ = "record"

    type_id: Mapped[int] = mapped_column(ForeignKey("record_type.id"))
    number: Mapped[int] = mapped_column(Integer)
    title: Mapped[str] = mapped_column(String(300))
    stage: Mapped[str | None] = mapped_column(String(60))
    responsible_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    # typed values in the encoding of ``bpm/engine/values.py``; links to records by public id
    values: Mapped[dict[str, Any]]
    search_text: Mapped[str] = mapped_column(Text, default="")
    revision: Mapped[int] = mapped_column(Integer, default=1)
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    changed_at: Mapped[datetime]
    deleted_at: Mapped[datetime | None]

    type: Mapped[RecordType] = relationship()
    responsible: Mapped[Person | None] = relationship(foreign_keys=[responsible_id])

    __mapper_args__ = {"version_id_col": revision}
    __table_args__ = (
        Index("ix_record_list", "type_id", "stage", "changed_at"),
        Index("uq_record_number", "type_id", "number", unique=True),
    )


class RecordChange(Numbered, Base):
    """One change of one record: who or what did it, and each field's old and new value."""

    __tablename__ = "record_change"

    record_id: Mapped[int] = mapped_column(ForeignKey("record.id"), index=True)
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    instance_id: Mapped[int | None] = mapped_column(Reference, index=True)
    element: Mapped[str | None] = mapped_column(String(120))
    kind: Mapped[str] = mapped_column(String(40))
    # {"field": [old, new], …}
    changes: Mapped[dict[str, Any]]

    actor: Mapped[Person | None] = relationship()
