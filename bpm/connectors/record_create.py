"""Make a record, unless one with the same telephone, address or number is there already."""

from __future__ import annotations

from typing import Any

from bpm.connectors.call import Call
from bpm.connectors.record_update import cause_of
from bpm.connectors.registry import Field, connector
from bpm.engine.values import RecordReference
from bpm.records import commands, queries

_OWN = ("type", "match", "values")


@connector(
    "record.create",
    {"en": "Create record", "ru": "Создать запись", "pl": "Utwórz rekord"},
    help={
        "en": "Makes a record. Every other input is a field of it. With “Same by” a record that has one of"
        " these values already is taken instead, and its empty fields are filled in.",
        "ru": "Создаёт запись. Остальные входы — её поля. Если заполнено «Совпадение по», берётся уже"
        " существующая запись с таким значением, и её пустые поля заполняются.",
        "pl": "Tworzy rekord. Pozostałe dane wejściowe to jego pola. Gdy podano „Zgodność według”, brany jest"
        " istniejący rekord z taką wartością, a jego puste pola są uzupełniane.",
    },
    inputs=[
        Field("type", {"en": "Type of record", "ru": "Тип записи", "pl": "Typ rekordu"}, required=True),
        Field(
            "match",
            {"en": "Same by", "ru": "Совпадение по", "pl": "Zgodność według"},
            help={
                "en": "Fields, divided by commas: tax_number, phone, email",
                "ru": "Поля через запятую: tax_number, phone, email",
                "pl": "Pola po przecinku: tax_number, phone, email",
            },
        ),
        Field("values", {"en": "Values", "ru": "Значения", "pl": "Wartości"}, "mapping"),
    ],
    outputs=[
        Field("record", {"en": "Record", "ru": "Запись", "pl": "Rekord"}, "record"),
        Field("created", {"en": "It is new", "ru": "Создана новая", "pl": "Jest nowy"}, "yes_no"),
    ],
    open=True,
)
def run(call: Call) -> dict[str, Any]:
    """Make the record on behalf of the case, or take the one that is the same."""
    type_key = call.required_text("type")
    given = {name: value for name, value in call.inputs.items() if name not in _OWN} | call.mapping("values")
    given = {name: value for name, value in given.items() if value not in (None, "")}
    match = [name.strip() for name in call.text("match").split(",") if name.strip()]
    found = queries.find(call.session, type_key, {name: given.get(name) for name in match})
    if found is not None:
        known = queries.values_of(found)
        new = {
            name: value
            for name, value in given.items()
            if known.get(name) in (None, "") and name not in ("stage", "responsible")
        }
        commands.change(call.session, call.now, None, found, new, cause=cause_of(call))
        return {"record": RecordReference(type_key, found.public_id), "created": False}
    record = commands.create(call.session, call.now, None, type_key, given, cause=cause_of(call))
    return {"record": RecordReference(type_key, record.public_id), "created": True}
