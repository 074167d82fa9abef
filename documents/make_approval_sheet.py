"""Makes approval_sheet.docx, the Word template of the approval sheet: python documents/make_approval_sheet.py

The marks in it are docxtpl's; ``{%tr … %}`` repeats a row of a table. Change the template in Word,
or change this script and run it again.
"""

from __future__ import annotations

from pathlib import Path

from docx import Document
from docx.document import Document as DocumentObject
from docx.enum.section import WD_ORIENT
from docx.shared import Cm, Pt, RGBColor
from docx.table import Table

HERE = Path(__file__).parent
GREY = RGBColor(0x55, 0x55, 0x55)

DECISION = (
    "{%% if vote.decision == 'approve' %%}%s{%% elif vote.decision == 'approve_c' %%}%s"
    "{%% elif vote.decision == 'revise' %%}%s{%% else %%}%s{%% endif %%}"
)
WORDS = {
    "en": {
        "title": "Approval sheet",
        "facts": ("Contract", "Company", "Sum", "Asked by", "Agreed file"),
        "round": "Round {{ round.round }}",
        "columns": ("Who", "Decision", "When", "Comment"),
        "decision": DECISION % ("Approved", "Approved with comments", "Sent for revision", "Refused"),
        "behalf": "on behalf of",
    },
    "ru": {
        "title": "Лист согласования",
        "facts": ("Договор", "Компания", "Сумма", "Инициатор", "Согласованный файл"),
        "round": "Круг {{ round.round }}",
        "columns": ("Кто", "Решение", "Когда", "Комментарий"),
        "decision": DECISION % ("Согласовано", "Согласовано с замечаниями", "На доработку", "Отклонено"),
        "behalf": "за сотрудника:",
    },
    "pl": {
        "title": "Karta uzgodnień",
        "facts": ("Umowa", "Firma", "Kwota", "Zlecający", "Uzgodniony plik"),
        "round": "Runda {{ round.round }}",
        "columns": ("Kto", "Decyzja", "Kiedy", "Komentarz"),
        "decision": DECISION % ("Zatwierdzono", "Zatwierdzono z uwagami", "Do poprawy", "Odrzucono"),
        "behalf": "w zastępstwie:",
    },
}
VALUES = ("{{ number }}", "{{ company }}", "{{ amount }}", "{{ initiator }}", "{{ file }}")


def build() -> DocumentObject:
    """Return the template: one part for each language, of which one is kept when it is filled in."""
    document = Document()
    section = document.sections[0]
    section.orientation = WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2)
    style = document.styles["Normal"]
    style.font.name, style.font.size = "Calibri", Pt(10.5)
    for place, language in enumerate(WORDS):
        document.add_paragraph(f"{{%p {'if' if place == 0 else 'elif'} language == '{language}' %}}")
        _part(document, language)
    document.add_paragraph("{%p endif %}")
    return document


def _part(document: DocumentObject, language: str) -> None:
    words = WORDS[language]
    document.add_heading(str(words["title"]), level=0)
    facts = document.add_table(rows=0, cols=2)
    for name, value in zip(words["facts"], VALUES, strict=True):
        cells = facts.add_row().cells
        cells[0].text, cells[1].text = name, value
        cells[0].paragraphs[0].runs[0].font.color.rgb = GREY
    _widths(facts, (4, 13))
    document.add_paragraph("{%p for round in rounds %}")
    document.add_heading(str(words["round"]), level=2)
    table = document.add_table(rows=1, cols=4, style="Light Grid Accent 1")
    for cell, name in zip(table.rows[0].cells, words["columns"], strict=True):
        cell.text = name
    table.add_row().cells[0].text = "{%tr for vote in round.votes %}"
    cells = table.add_row().cells
    cells[0].text = (
        "{{ vote.who }}{% if vote.on_behalf_of %} ("
        + str(words["behalf"])
        + " {{ vote.on_behalf_of }}){% endif %}"
    )
    cells[1].text = str(words["decision"])
    cells[2].text = "{{ vote.at|moment }}"
    cells[3].text = "{{ vote.comment or '' }}"
    table.add_row().cells[0].text = "{%tr endfor %}"
    _widths(table, (4.5, 4, 3.5, 5))
    document.add_paragraph("{%p endfor %}")


def _widths(table: Table, centimetres: tuple[float, ...]) -> None:
    for row in table.rows:
        for cell, width in zip(row.cells, centimetres, strict=True):
            cell.width = Cm(width)


if __name__ == "__main__":
    build().save(str(HERE / "approval_sheet.docx"))
