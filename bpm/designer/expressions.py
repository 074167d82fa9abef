"""The check of an expression as somebody types it: what the browser sends, and what it is told.

Knows which values the fields of forms and records hold; the check itself stands in the engine.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, cast

from sqlalchemy.orm import Session

from bpm.designer.library import forms
from bpm.engine.diagram.expression_check import KINDS, LONGEST, Check, Kind, check
from bpm.errors import Invalid
from bpm.feel.static import known_type
from bpm.feel.types import ANY, Type
from bpm.forms import schema as form_schema
from bpm.forms.schema import Component, Form
from bpm.language import _
from bpm.records import queries as records
from bpm.records.schema import Field, RecordSchema

_MOST_NAMES, _MOST_FORMS = 2_000, 50
# how many links of records are followed: deal.company.responsible is two
_LINKS = 3
_COMPONENTS = {
    "textfield": "string",
    "textarea": "string",
    "number": "number",
    "money": "number",
    "checkbox": "boolean",
    "person": "string",
    "checklist": "list",
    "taglist": "list",
    "dynamiclist": "list",
}
_RESULTS = {"number": "number", "money": "number", "text": "string", "boolean": "boolean"}
_MOMENTS = {"date": "date", "datetime": "date and time", "time": "time"}
_FIELDS = {
    "text": "string",
    "long_text": "string",
    "number": "number",
    "money": "number",
    "date": "date",
    "datetime": "date and time",
    "yes_no": "boolean",
    "choice": "string",
    "person": "string",
    "list": "list",
}
_OF_EVERY_RECORD = {
    "id": "string",
    "type": "string",
    "title": "string",
    "number": "number",
    "stage": "string",
    "responsible": "string",
    "created_at": "date and time",
    "changed_at": "date and time",
}


def checked(session: Session, given: Mapping[str, Any]) -> dict[str, Any]:
    """Check what an editor sent and answer it as JSON.

    Args:
        given: ``text``; ``kind``, one of those of the engine; ``names``: the variables of the
            drawing with the names of their types; ``forms``: the keys of its forms; ``record``: the type
            of record the process runs on; ``complete``: false where other names may be known too.

    Raises:
        Invalid: it cannot be read.
    """
    text, kind, names = given.get("text"), given.get("kind"), given.get("names")
    if (
        not isinstance(text, str)
        or kind not in KINDS
        or not isinstance(names, dict)
        or len(names) > _MOST_NAMES
        or len(text) > LONGEST
    ):
        raise Invalid(_("The browser sent something that cannot be read. Load the page again."), problems=[])
    known = {str(name): known_type(str(word)) for name, word in names.items()}
    known |= form_types(session, given.get("forms"))
    known |= record_type(session, given.get("record"))
    return _told(check(text, cast(Kind, kind), known, complete=given.get("complete") is not False))


def form_types(session: Session, keys: Any) -> dict[str, Type]:
    """Return the fields of forms with the types of their answers; unknown forms are passed over."""
    return {
        field.key: known_type(_type_of_component(field))
        for form in _forms(session, keys)
        for field in form.fields()
        if field.key
    }


def _forms(session: Session, keys: Any) -> Iterator[Form]:
    for key in keys[:_MOST_FORMS] if isinstance(keys, list) else ():
        content = forms.newest(session, key) if isinstance(key, str) else None
        if content is not None:
            yield form_schema.examine(content)[0]


def _type_of_component(component: Component) -> str:
    """Return the name of the type of the value that a field of a form gives; empty if it may vary."""
    if component.many:
        return "list"
    if component.type == "datetime":
        return _MOMENTS.get(component.subtype, "")
    if component.result:
        return _RESULTS.get(component.result, "")
    if component.options and all(isinstance(option.value, str) for option in component.options):
        return "string"
    return _COMPONENTS.get(component.type, "")


def record_type(session: Session, key: Any) -> dict[str, Type]:
    """Return the variable that holds a record of a type, with its fields; nothing for an unknown type."""
    schemas = {schema.key: schema for schema in records.schemas(session)} if key else {}
    return {str(key): _type_of_record(schemas[key], schemas, _LINKS)} if key in schemas else {}


def _type_of_record(schema: RecordSchema, schemas: Mapping[str, RecordSchema], links: int) -> Type:
    fields = {name: known_type(word) for name, word in _OF_EVERY_RECORD.items()}
    for field in schema.fields:
        fields[field.key] = _type_of_field(field, schemas, links)
        fields[f"{field.key}_name"] = Type("string") if field.choices else ANY
    return Type("context", fields=tuple(fields.items()))


def _type_of_field(field: Field, schemas: Mapping[str, RecordSchema], links: int) -> Type:
    linked = schemas.get(field.record_type or "") if field.type == "record" else None
    if linked is not None and links > 0:
        return _type_of_record(linked, schemas, links - 1)
    return known_type(_FIELDS.get(field.type, "Any"))


def _told(found: Check) -> dict[str, Any]:
    return {
        "ok": found.ok,
        "result": found.result,
        "findings": [
            {
                "severity": one.severity,
                "message": one.text,
                "position": one.start,
                "length": one.end - one.start,
            }
            for one in found.findings
        ],
    }
