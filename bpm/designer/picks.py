"""What an owner can pick in the designer: people, groups, forms, connectors, decisions, records.

Each thing is ``{"id", "name", …}`` in the reader's language, so that the browser only shows it.
Owns no data of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote

from sqlalchemy import select
from sqlalchemy.orm import Session

from bpm.connectors import registry
from bpm.designer.library import forms
from bpm.dmn import queries as decisions
from bpm.dmn.elements import DecisionElement
from bpm.dmn.errors import DmnError
from bpm.dmn.models import Decision
from bpm.documents import queries as documents
from bpm.engine.models import Process
from bpm.forms import schema as form_schema
from bpm.language import chosen
from bpm.notifications import queries as letters
from bpm.people import queries as people
from bpm.records import queries as records
from bpm.records.schema import Field, RecordSchema

Pick = dict[str, Any]

# types of form and record fields, as conditions tell them apart
_TYPES = {
    "number": "number",
    "money": "number",
    "datetime": "date",
    "date": "date",
    "checkbox": "boolean",
    "yes_no": "boolean",
    "select": "choice",
    "radio": "choice",
    "choice": "choice",
    "person": "person",
    "checklist": "list",
    "taglist": "list",
    "dynamiclist": "list",
    "list": "list",
}


def everything(session: Session) -> dict[str, list[Pick]]:
    """Return all lists of the designer."""
    return {
        "people": [_pick(one.login, one.name) for one in people.people(session)],
        "groups": _named(people.groups(session)),
        "departments": _named(people.departments(session)),
        "forms": _by_name(form(*known) for known in forms.known(session)),
        "connectors": connectors(),
        "decisions": _by_name(_decision(session, row) for row in decisions.decisions(session)),
        "letters": [_pick(key, key) for key in letters.letter_keys(session)],
        "documents": _by_name(
            _pick(row.key, chosen(row.names, row.key)) for row in documents.templates(session)
        ),
        "processes": _processes(session),
        "recordTypes": [_record_type(one) for one in records.schemas(session)],
    }


def form(key: str, content: Mapping[str, Any], draft: bool) -> Pick:
    """Return a form with its fields; ``draft``: it is not published yet."""
    read, _problems = form_schema.examine(content)
    return _pick(key, chosen(read.title, key)) | {
        "fields": [_form_field(one) for one in read.fields()],
        "draft": draft,
        "address": f"/forms/{quote(key, safe='')}",
    }


def connectors() -> list[Pick]:
    """Return what automatic steps can do, as the connectors describe themselves."""
    picks = [
        _pick(one.key, chosen(one.names, one.key))
        | {
            "help": chosen(one.help, ""),
            "open": one.open,
            "inputs": [_connector_field(field) for field in one.inputs],
            "outputs": [_connector_field(field) for field in one.outputs],
        }
        for one in registry.connectors()
    ]
    return _by_name(picks)


def _decision(session: Session, row: Decision) -> Pick:
    """What a table asks for and what it answers, by the names that a process knows them under."""
    pick = _pick(row.key, chosen(row.names, row.key))
    try:
        model = decisions.model(session, row)
        element = model.find(row.key, DecisionElement)
    except DmnError:
        return pick | {"inputs": [], "outputs": []}
    table = element.table if isinstance(element, DecisionElement) else None
    asked = [one.name for one in model.inputs]
    asked += [one.text for one in (table.inputs if table else ()) if one.text.isidentifier()]
    return pick | {
        "inputs": [{"key": name} for name in dict.fromkeys(asked)],
        "outputs": [
            {"key": one.name, "label": one.label or one.name, "type": _TYPES.get(one.type.name, "text")}
            for one in (table.outputs if table else ())
            if one.name
        ],
    }


def _connector_field(field: registry.Field) -> Pick:
    pick: Pick = {
        "key": field.name,
        "label": chosen(field.labels, field.name),
        "kind": field.kind,
        "required": field.required,
        "help": chosen(field.help, ""),
    }
    if field.choices:
        pick["options"] = [_pick(value, chosen(names, value)) for value, names in field.choices.items()]
    return pick


def _form_field(component: form_schema.Component) -> Pick:
    field: Pick = {
        "key": component.key,
        "label": chosen(component.label, component.key or ""),
        "type": "list" if component.many else _TYPES.get(component.result or component.type, "text"),
        "required": component.required.always,
    }
    if component.options:
        field["options"] = [
            _pick(str(one.value), chosen(one.label, str(one.value))) for one in component.options
        ]
    return field


def _record_type(schema: RecordSchema) -> Pick:
    fields = [_record_field(one) for one in schema.fields]
    if schema.stages:
        stages = [_pick(stage.key, stage.name) for stage in schema.stages]
        fields.append(
            {"key": "stage", "label": schema.field_name("stage"), "type": "choice", "options": stages}
        )
    fields.append({"key": "responsible", "label": schema.field_name("responsible"), "type": "person"})
    return _pick(schema.key, schema.name) | {"fields": fields}


def _record_field(field: Field) -> Pick:
    pick: Pick = {"key": field.key, "label": field.name, "type": _TYPES.get(field.type, "text")}
    if field.choices:
        pick["options"] = [_pick(choice.key, choice.name) for choice in field.choices]
    return pick


def _processes(session: Session) -> list[Pick]:
    rows = session.scalars(select(Process).where(Process.active))
    return _by_name(_pick(row.key, chosen(row.names, row.key)) for row in rows)


def _by_name(picks: Iterable[Pick]) -> list[Pick]:
    return sorted(picks, key=lambda pick: pick["name"].casefold())


def _named(rows: Any) -> list[Pick]:
    return [_pick(row.key, chosen(row.names, row.key)) for row in rows]


def _pick(key: str, name: str) -> Pick:
    return {"id": key, "name": name}
