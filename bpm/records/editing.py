"""The form in which people enter a record: made from its type's fields, drawn and checked by ``bpm.forms``.

Owns which form field stands for which record field. Stores nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sqlalchemy.orm import Session

from bpm.engine.values import RecordReference
from bpm.errors import Refusal
from bpm.forms import schema as forms
from bpm.forms.choices import Choice, CompanyChoices
from bpm.forms.parts import Form
from bpm.people.models import Person
from bpm.records import queries
from bpm.records.models import Record
from bpm.records.schema import Field, RecordSchema

_TYPES = {
    "text": "textfield",
    "long_text": "textarea",
    "number": "number",
    "money": "money",
    "date": "datetime",
    "datetime": "datetime",
    "yes_no": "checkbox",
    "choice": "select",
    "person": "person",
    "record": "record",
    "file": "filepicker",
}
_RESPONSIBLE = {
    "type": "person",
    "key": "responsible",
    "label": {"en": "Responsible", "ru": "Ответственный", "pl": "Osoba odpowiedzialna"},
}


def form_of(schema: RecordSchema) -> Form:
    """Return the form by which a person enters or changes a record of this type."""
    components = [_component(each) for each in schema.fields if not each.set_by_process]
    return forms.read({"type": "default", "components": [*(c for c in components if c), _RESPONSIBLE]})


def form_of_fields(fields: Iterable[Field]) -> Form:
    """Return a form that asks for these fields only."""
    return forms.read({"type": "default", "components": [c for c in map(_component, fields) if c]})


def choices_of(
    session: Session, actor: Person, file: Callable[[str], Any | None] | None = None
) -> CompanyChoices:
    """Return what the link and person fields of a record offer to ``actor``."""

    def offer(record_type: str) -> list[Choice]:
        return [_choice(record) for record in queries.choices(session, actor, record_type)]

    def find(record_type: str, public_id: str) -> Choice | None:
        try:
            return _choice(queries.record(session, actor, public_id, record_type))
        except Refusal:
            return None

    return CompanyChoices(session, records=offer, record=find, file=file)


def _component(field: Field) -> Mapping[str, Any] | None:
    kind = _TYPES.get(field.item or "text" if field.type == "list" else field.type)
    if field.type == "list" and field.item not in ("person", "record", "file"):
        return None
    component: dict[str, Any] = {"type": kind, "key": field.key, "label": dict(field.names)}
    if field.type == "list":
        component["multiple"] = True
    if field.required:
        component["validate"] = {"required": True}
    if kind == "datetime":
        component["subtype"] = field.type
    if kind == "select":
        component["values"] = [{"value": one.key, "label": dict(one.names)} for one in field.choices]
    if kind == "record":
        component["recordType"] = field.record_type
    return component


def _choice(record: Record) -> Choice:
    return Choice(record.public_id, RecordReference(record.type.key, record.public_id), record.title)
