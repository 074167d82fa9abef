"""Give the next number of a register, once for each record."""

from __future__ import annotations

from typing import Any

from bpm.connectors.call import Call
from bpm.connectors.record_update import cause_of, record_of
from bpm.connectors.registry import Field, connector
from bpm.records import commands
from bpm.records.numbers import next_number
from bpm.records.queries import values_of
from bpm.records.view import schema_of


@connector(
    "register.number",
    {"en": "Register", "ru": "Зарегистрировать", "pl": "Zarejestruj"},
    help={
        "en": "Gives the next number of a register, such as 12/2026. A record that has a number keeps it.",
        "ru": "Присваивает следующий номер реестра, например 12/2026. Если у записи номер есть, он остаётся.",
        "pl": "Nadaje kolejny numer rejestru, np. 12/2026. Rekord, który ma numer, zachowuje go.",
    },
    inputs=[
        Field("register", {"en": "Register", "ru": "Реестр", "pl": "Rejestr"}, required=True),
        Field("record", {"en": "Record", "ru": "Запись", "pl": "Rekord"}, "record"),
    ],
    outputs=[Field("number", {"en": "Number", "ru": "Номер", "pl": "Numer"})],
)
def run(call: Call) -> dict[str, Any]:
    """Give the number; a record with the field ``register_number`` gets it there."""
    register = call.required_text("register")
    if call.value("record") is None:
        return {"number": next_number(call.session, call.now, register)}
    record = record_of(call)
    present = values_of(record).get("register_number")
    if present:
        return {"number": present}
    number = next_number(call.session, call.now, register)
    if "register_number" in schema_of(record).by_key:
        values = {"register_number": number}
        commands.change(call.session, call.now, None, record, values, cause=cause_of(call))
    return {"number": number}
