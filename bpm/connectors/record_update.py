"""Change a record: fields, stage or responsible person."""

from __future__ import annotations

from typing import Any

from bpm.connectors.call import Call, failed
from bpm.connectors.registry import Field, connector
from bpm.engine.values import RecordReference
from bpm.language import _
from bpm.records import commands
from bpm.records.checks import reference_of
from bpm.records.models import Record
from bpm.records.queries import stored

_OWN = ("record", "values")


@connector(
    "record.update",
    {"en": "Update record", "ru": "Обновить запись", "pl": "Zaktualizuj rekord"},
    help={
        "en": "Changes a record. Every other input is a field of the record, or “stage” or “responsible”.",
        "ru": "Меняет запись. Остальные входы — поля записи либо «stage» (этап) или «responsible»"
        " (ответственный).",
        "pl": "Zmienia rekord. Pozostałe dane wejściowe to pola rekordu albo „stage” (etap) lub „responsible”"
        " (osoba odpowiedzialna).",
    },
    inputs=[
        Field("record", {"en": "Record", "ru": "Запись", "pl": "Rekord"}, "record", required=True),
        Field("values", {"en": "Values", "ru": "Значения", "pl": "Wartości"}, "mapping"),
    ],
    outputs=[
        Field("record", {"en": "Record", "ru": "Запись", "pl": "Rekord"}, "record"),
        Field(
            "changed", {"en": "Something changed", "ru": "Что-то изменилось", "pl": "Coś zmieniono"}, "yes_no"
        ),
    ],
    open=True,
)
def run(call: Call) -> dict[str, Any]:
    """Change the record on behalf of the case; an empty value empties its field."""
    record = record_of(call)
    given = {name: value for name, value in call.inputs.items() if name not in _OWN}
    change = commands.change(
        call.session, call.now, None, record, given | call.mapping("values"), cause=cause_of(call)
    )
    return {"record": RecordReference(record.type.key, record.public_id), "changed": change is not None}


def record_of(call: Call) -> Record:
    """Return the record that the input ``record`` names.

    Raises:
        ServiceFailed: there is none, or it was deleted.
    """
    _type, public_id = reference_of(call.value("record"))
    record = stored(call.session, public_id)
    if record is None:
        raise failed(_("The record of this step does not exist any more."))
    return record


def cause_of(call: Call) -> commands.Cause:
    """Return what the history of the record names as the cause."""
    return commands.Cause(call.instance_id, call.element)
