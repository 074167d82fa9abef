"""Notify people: a line under their bell, and a letter too if wanted."""

from __future__ import annotations

from typing import Any

from bpm.config import LANGUAGES
from bpm.connectors.call import Call, failed
from bpm.connectors.registry import Field, connector
from bpm.language import _, chosen, using
from bpm.notifications import letter_text
from bpm.notifications.audience import CASE_PAGE, case_values, language_of
from bpm.notifications.commands import notify, write_letter
from bpm.notifications.queries import letter_content
from bpm.people.models import Person


@connector(
    "notify",
    {"en": "Notify", "ru": "Уведомить", "pl": "Powiadom"},
    help={
        "en": "Puts a line under the bell of each person, and writes a letter too if you switch that on."
        " Type the line, or take a published letter: its subject is the line.",
        "ru": "Показывает строку под колокольчиком у каждого, а если включить — пишет и письмо."
        " Введите строку или выберите опубликованное письмо: строкой станет его тема.",
        "pl": "Pokazuje wiersz pod dzwonkiem każdej osoby, a jeśli to włączysz, pisze też list."
        " Wpisz wiersz albo wybierz opublikowany list: wierszem będzie jego temat.",
    },
    inputs=[
        Field("to", {"en": "Whom", "ru": "Кого", "pl": "Kogo"}, "people", required=True),
        Field("text", {"en": "Text", "ru": "Текст", "pl": "Treść"}, "long_text"),
        Field(
            "text_ru",
            {"en": "Text, Russian", "ru": "Текст по-русски", "pl": "Treść po rosyjsku"},
            "long_text",
        ),
        Field(
            "text_pl", {"en": "Text, Polish", "ru": "Текст по-польски", "pl": "Treść po polsku"}, "long_text"
        ),
        Field("template", {"en": "Published letter", "ru": "Шаблон письма", "pl": "Szablon listu"}, "letter"),
        Field("values", {"en": "Values", "ru": "Значения", "pl": "Wartości"}, "mapping"),
        Field("link", {"en": "Page", "ru": "Страница", "pl": "Strona"}),
        Field("letter", {"en": "Letter too", "ru": "И письмом", "pl": "Także listem"}, "yes_no"),
    ],
    outputs=[Field("number", {"en": "How many", "ru": "Скольких", "pl": "Ile osób"}, "number")],
)
def run(call: Call) -> dict[str, Any]:
    """Notify each person; a repeated call notifies nobody a second time."""
    link = call.text("link") or CASE_PAGE.format(call.service.instance_public_id)
    if not link.startswith("/") or link.startswith("//"):
        raise failed(_("“%(link)s” is not a page of this program; it must begin with /.", link=link))
    told = call.people("to")
    for person in told:
        texts = _texts(call, person)
        notify(
            call.session,
            call.now,
            person,
            texts,
            link,
            unique_key=f"{call.key}:{person.id}",
            instance_id=call.instance_id,
        )
        if call.is_on("letter"):
            _write(call, person, texts, link)
    return {"number": len(told)}


def _texts(call: Call, person: Person) -> dict[str, str]:
    """The line in every language: typed, or the subject of the published letter."""
    template = call.text("template")
    if not template:
        texts = {"en": call.required_text("text")}
        return texts | {one: own for one in LANGUAGES if (own := call.text(f"text_{one}"))}
    content = letter_content(call.session, template)
    time_zone = person.time_zone or call.settings.time_zone
    values = _values(call, person)
    return {one: letter_text.render(content, values, one, time_zone).subject for one in LANGUAGES}


def _values(call: Call, person: Person) -> dict[str, Any]:
    return case_values(call.instance, person, call.settings) | {"name": person.name} | call.mapping("values")


def _write(call: Call, person: Person, texts: dict[str, str], link: str) -> None:
    template = call.text("template")
    if template:
        values = _values(call, person)
    else:
        with using(language_of(person, call.settings)):
            values = {"title": chosen(call.instance.titles), "text": chosen(texts)}
    write_letter(
        call.session,
        call.now,
        person=person,
        template=template or "notice",
        values=values | {"link": call.settings.address + link},
        language=call.settings.language,
        time_zone=call.settings.time_zone,
        unique_key=f"{call.key}:{person.email}"[:200],
        instance_id=call.instance_id,
    )
