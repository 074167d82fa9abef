"""Find a record by a value of one of its fields."""

from __future__ import annotations

from typing import Any

from bpm.connectors.call import Call
from bpm.connectors.registry import Field, connector
from bpm.engine.values import RecordReference
from bpm.records import queries

_OWN = ("type", "values")


@connector(
    "record.find",
    {"en": "Find record", "ru": "Найти запись", "pl": "Znajdź rekord"},
    help={
        "en": "Finds the newest record that has one of these values. Every other input is a field; they are"
        " tried in their order.",
        "ru": "Находит самую новую запись с одним из этих значений. Остальные входы — поля; они"
        " пробуются по порядку.",
        "pl": "Znajduje najnowszy rekord z jedną z tych wartości. Pozostałe dane wejściowe to pola; są"
        " sprawdzane po kolei.",
    },
    inputs=[
        Field("type", {"en": "Type of record", "ru": "Тип записи", "pl": "Typ rekordu"}, required=True),
        Field("values", {"en": "Values", "ru": "Значения", "pl": "Wartości"}, "mapping"),
    ],
    outputs=[
        Field("record", {"en": "Record", "ru": "Запись", "pl": "Rekord"}, "record"),
        Field("found", {"en": "There is one", "ru": "Найдена", "pl": "Znaleziono"}, "yes_no"),
    ],
    open=True,
)
def run(call: Call) -> dict[str, Any]:
    """Look for the record; null if there is none."""
    type_key = call.required_text("type")
    given = {name: value for name, value in call.inputs.items() if name not in _OWN} | call.mapping("values")
    found = queries.find(call.session, type_key, given)
    reference = RecordReference(type_key, found.public_id) if found is not None else None
    return {"record": reference, "found": found is not None}
