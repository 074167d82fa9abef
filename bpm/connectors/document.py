"""Make a document from a published Word template, as Word file and, if wanted, as PDF."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bpm.connectors.call import Call
from bpm.connectors.registry import Field, connector
from bpm.documents.commands import Produced, keep_documents, produce
from bpm.documents.queries import template
from bpm.engine.services.caller import ServiceCall
from bpm.engine.values import FileReference
from bpm.files.models import StoredFile
from bpm.language import chosen, using

_OWN = ("template", "name", "values", "pdf", "language")


@dataclass(frozen=True)
class _Prepared:
    content: bytes
    values: dict[str, Any]
    as_pdf: bool
    language: str
    time_zone: str


@connector(
    "document",
    {"en": "Make document", "ru": "Сформировать документ", "pl": "Utwórz dokument"},
    help={
        "en": "Fills a Word template and keeps the file with the case. Every other input is a value that"
        " the template may use. The PDF needs LibreOffice on the server; without it there is the Word file.",
        "ru": "Заполняет шаблон Word и сохраняет файл в деле. Остальные входы — значения для шаблона."
        " Для PDF на сервере нужен LibreOffice; без него остаётся файл Word.",
        "pl": "Wypełnia szablon Word i zachowuje plik w sprawie. Pozostałe dane wejściowe to wartości dla"
        " szablonu. PDF wymaga LibreOffice na serwerze; bez niego powstaje plik Word.",
    },
    inputs=[
        Field("template", {"en": "Template", "ru": "Шаблон", "pl": "Szablon"}, "document", required=True),
        Field("name", {"en": "File name", "ru": "Имя файла", "pl": "Nazwa pliku"}),
        Field("values", {"en": "Values", "ru": "Значения", "pl": "Wartości"}, "mapping"),
        Field("pdf", {"en": "As PDF too", "ru": "И в PDF", "pl": "Także PDF"}, "yes_no"),
        Field("language", {"en": "Language", "ru": "Язык", "pl": "Język"}),
    ],
    outputs=[
        Field(
            "file",
            {"en": "File (PDF if made)", "ru": "Файл (PDF, если есть)", "pl": "Plik (PDF, jeśli jest)"},
            "file",
        ),
        Field("word", {"en": "Word file", "ru": "Файл Word", "pl": "Plik Word"}, "file"),
        Field("pdf", {"en": "PDF", "ru": "PDF", "pl": "PDF"}, "file"),
    ],
    open=True,
)
class Document:
    """Fills the template while no transaction is open; keeping the files commits with the step."""

    def prepare(self, call: Call) -> _Prepared:
        """Read the template and the values."""
        given = {name: value for name, value in call.inputs.items() if name not in _OWN}
        instance = call.instance
        language = call.text("language") or call.settings.language
        with using(language):
            case = {
                "title": chosen(instance.titles),
                "process": chosen(instance.process.names, instance.process.key),
                "started_by": instance.started_by.name if instance.started_by is not None else "",
                "started_at": instance.started_at,
                "now": call.now,
                "language": language,
            }
        return _Prepared(
            content=template(call.session, call.required_text("template")).content,
            values=case | given | call.mapping("values"),
            as_pdf=call.is_on("pdf"),
            language=language,
            time_zone=call.settings.time_zone,
        )

    def perform(self, service: ServiceCall, prepared: _Prepared) -> Produced:
        """Fill the template. Nothing outside is touched, so a repetition does no harm."""
        with using(prepared.language, prepared.time_zone):
            return produce(prepared.content, prepared.values, as_pdf=prepared.as_pdf)

    def finish(self, call: Call, result: Produced) -> dict[str, Any]:
        """Keep the files with the case."""
        name = call.text("name") or call.required_text("template")
        kept = keep_documents(
            call.session, call.files, call.now, None, name, result, instance_id=call.instance_id
        )
        references = [_reference(file) for file in kept]
        return {
            "file": references[0],
            "word": references[-1],
            "pdf": references[0] if result.pdf is not None else None,
        }


def _reference(file: StoredFile) -> FileReference:
    return FileReference(file.public_id, file.name, file.size, file.media_type)
