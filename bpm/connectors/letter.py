"""Send a letter: to people of the company or to any address, from a published letter or typed text."""

from __future__ import annotations

from typing import Any

from bpm.connectors.call import Call
from bpm.connectors.registry import Field, connector
from bpm.language import using
from bpm.notifications.audience import case_values
from bpm.notifications.commands import write_letter
from bpm.people.models import Person

_OWN = ("to", "subject", "text", "template", "values", "attachments", "language")


@connector(
    "letter",
    {"en": "Send letter", "ru": "Отправить письмо", "pl": "Wyślij list"},
    help={
        "en": "Writes a letter to people or addresses. Take a published letter, or type subject and text."
        " Every other input is a value that the published letter may use.",
        "ru": "Пишет письмо сотрудникам или на адреса. Выберите опубликованное письмо или введите тему и"
        " текст. Остальные входы — значения, которые использует опубликованное письмо.",
        "pl": "Pisze list do osób lub na adresy. Wybierz opublikowany list albo wpisz temat i treść."
        " Pozostałe dane wejściowe to wartości, których używa opublikowany list.",
    },
    inputs=[
        Field("to", {"en": "To", "ru": "Кому", "pl": "Do"}, "people", required=True),
        Field("template", {"en": "Published letter", "ru": "Шаблон письма", "pl": "Szablon listu"}, "letter"),
        Field("subject", {"en": "Subject", "ru": "Тема", "pl": "Temat"}),
        Field("text", {"en": "Text", "ru": "Текст", "pl": "Treść"}, "long_text"),
        Field("values", {"en": "Values", "ru": "Значения", "pl": "Wartości"}, "mapping"),
        Field("attachments", {"en": "Files", "ru": "Файлы", "pl": "Pliki"}, "files"),
        Field("language", {"en": "Language", "ru": "Язык", "pl": "Język"}),
    ],
    outputs=[
        Field("id", {"en": "First letter", "ru": "Первое письмо", "pl": "Pierwszy list"}),
        Field("letters", {"en": "Letters", "ru": "Письма", "pl": "Listy"}, "list"),
        Field("number", {"en": "How many", "ru": "Сколько", "pl": "Ile"}, "number"),
    ],
    open=True,
)
def run(call: Call) -> dict[str, Any]:
    """Write one letter to each recipient; a repeated call writes none a second time."""
    attachments = [file.public_id for file in call.stored_files("attachments")]
    given = {name: value for name, value in call.inputs.items() if name not in _OWN} | call.mapping("values")
    written = []
    for recipient in call.recipients("to"):
        person = recipient if isinstance(recipient, Person) else None
        address = recipient if isinstance(recipient, str) else recipient.email
        letter = write_letter(
            call.session,
            call.now,
            person=person,
            address=None if person else address,
            template=call.text("template") or None,
            subject=call.text("subject"),
            text=call.text("text"),
            values=_case(call, person) | given,
            language=call.text("language") or call.settings.language,
            time_zone=call.settings.time_zone,
            attachments=attachments,
            unique_key=f"{call.key}:{address}"[:200],
            instance_id=call.instance_id,
        )
        written.append(letter.public_id)
    return {"id": written[0], "letters": written, "number": len(written)}


def _case(call: Call, reader: Person | None) -> dict[str, Any]:
    """What every published letter may say about the case; people outside get no link to our pages."""
    if reader is not None:
        return case_values(call.instance, reader, call.settings)
    with using(call.text("language") or call.settings.language):
        sender = call.initiator
        known = case_values(call.instance, sender, call.settings) if sender is not None else {}
    return {name: value for name, value in known.items() if name != "link"}
