"""Word templates: what they can say, what they cannot do, and what becomes of them."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from sqlalchemy.orm import Session

from bpm.documents import commands, pdf, queries, render
from bpm.documents.pdf import to_pdf
from bpm.documents.render import DocumentError, render_docx
from bpm.errors import NotAllowed, NotFound
from bpm.files.queries import files_of, open_stored
from bpm.files.store import FileStore
from bpm.files.types import DOCX
from bpm.language import using
from bpm.people.queries import required_person


def word(*paragraphs: str, rows: list[list[str]] | None = None) -> bytes:
    document = Document()
    for text in paragraphs:
        document.add_paragraph(text)
    if rows:
        table = document.add_table(rows=len(rows), cols=len(rows[0]))
        for row, texts in zip(table.rows, rows, strict=True):
            for cell, text in zip(row.cells, texts, strict=True):
                cell.text = text
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def read(content: bytes) -> Any:
    return Document(io.BytesIO(content))


def test_fills_text_and_a_table_row_for_each_line() -> None:
    # the loop tags need rows of their own
    template = word(
        "Договор № {{ number }} от {{ signed|date }}, {{ at|moment }}",
        rows=[
            ["{%tr for line in lines %}", ""],
            ["{{ line.name }}", "{{ line.price|money('RUB') }}"],
            ["{%tr endfor %}", ""],
        ],
    )
    values = {
        "number": "7/<A&B>",
        "signed": date(2026, 11, 21),
        "at": datetime(2026, 3, 3, 8, tzinfo=UTC),
        "lines": [
            {"name": "Стол", "price": Decimal("10.5")},
            {"name": "Стул & Ко <b>\x0b😀", "price": Decimal(2)},
        ],
    }

    with using("ru", "Europe/Warsaw"):
        filled = read(render_docx(template, values))

    text = " ".join(filled.paragraphs[0].text.split())
    assert text == "Договор № 7/<A&B> от 21 ноября 2026 г., 3 марта 2026, 09:00"
    # Babel writes no-break spaces
    rows = [[cell.text.replace("\xa0", " ") for cell in row.cells] for row in filled.tables[0].rows]
    assert rows == [["Стол", "10,50 ₽"], ["Стул & Ко <b>😀", "2,00 ₽"]]


@pytest.mark.parametrize(
    "template",
    [
        "{{ ''.__class__.__mro__ }}",
        "{{ lines.append(1) }}",
        "{{ cycler }}",
        "{{ range(10) }}",
        "{{ not_given }}",
        "{% for",
        "{{ 'a' * 4000000000 }}",
    ],
)
def test_refuses(template: str) -> None:
    with pytest.raises(DocumentError):
        render_docx(word(template), {"lines": []})


def test_template_without_an_end_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(render, "SECONDS", 2)
    loops = (
        "{% for a in x %}{% for b in x %}{% for c in x %}{% for d in x %}{% endfor %}" + "{% endfor %}" * 3
    )

    with pytest.raises(DocumentError, match="time or memory"):
        render_docx(word(loops), {"x": list(range(1000))})


def archive(**parts: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in parts.items():
            target.writestr(name, content)
    return buffer.getvalue()


@pytest.mark.parametrize(
    "content", [b"", b"text", archive(a=b"b"), archive(**{"word/document.xml": b"0" * (101 * 1024 * 1024)})]
)
def test_what_is_not_a_word_file_is_refused(content: bytes) -> None:
    with pytest.raises(DocumentError):
        render_docx(content, {})


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "files")


def test_published_template_becomes_a_file_of_its_case(
    session: Session, now: datetime, store: FileStore, company: None
) -> None:
    owner, seller = required_person(session, "adam.kaminski"), required_person(session, "anna.nowak")
    commands.publish(session, now, owner, "sheet", word("Old {{ number }}"), {"en": "Sheet"})
    newest = commands.publish(session, now, owner, "sheet", word("Sheet of {{ number }}"))
    assert (newest.number, newest.names) == (2, {"en": "Sheet"})
    assert commands.publish(session, now, owner, "sheet", newest.content).number == 2
    with pytest.raises(NotAllowed):
        commands.publish(session, now, seller, "sheet", word("mine"))
    assert [template.number for template in queries.templates(session)] == [2]

    (file,) = commands.make(session, store, now, owner, "sheet", {"number": Decimal(118)}, name="Sheet 118")

    assert (file.name, file.media_type) == ("Sheet 118.docx", DOCX)
    with open_stored(store, file) as stream:
        assert read(stream.read()).paragraphs[0].text == "Sheet of 118"
    assert files_of(session, instance_id=None) == []
    with pytest.raises(NotFound, match="nothing"):
        commands.make(session, store, now, owner, "nothing", {}, name="x")


# --- PDF ------------------------------------------------------------------------------------

LIBRE_OFFICE = """#!/bin/sh
# stands in for LibreOffice: understands --outdir
while [ $# -gt 1 ]; do [ "$1" = --outdir ] && folder="$2"; shift; done
{do}
"""


def libre_office(folder: Path, monkeypatch: pytest.MonkeyPatch, do: str) -> None:
    program = folder / "soffice"
    program.write_text(LIBRE_OFFICE.replace("{do}", do))
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")


def test_pdf_is_what_libre_office_wrote(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    libre_office(tmp_path, monkeypatch, 'printf "%%PDF-1.7 x" > "$folder/document.pdf"')

    assert to_pdf(b"word") == b"%PDF-1.7 x"
    assert commands.produce(word("x"), {}, as_pdf=True).pdf == b"%PDF-1.7 x"


@pytest.mark.parametrize("do", ["exit 0", 'echo nonsense > "$folder/document.pdf"', "exit 1"])
def test_success_without_a_pdf_is_not_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, do: str
) -> None:
    libre_office(tmp_path, monkeypatch, do)

    with pytest.raises(DocumentError):
        to_pdf(b"word")


def test_conversion_that_hangs_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    libre_office(tmp_path, monkeypatch, "sleep 60")

    with pytest.raises(DocumentError, match="1 second"):
        to_pdf(b"word", seconds=1)


def test_without_libre_office_there_is_no_pdf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(pdf, "_USUAL_PLACES", ())

    assert to_pdf(b"word") is None
