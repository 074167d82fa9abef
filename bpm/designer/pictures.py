"""The picture of a diagram as a file: SVG, PNG, and documents that hold it with the process in words.

Needs no browser: the picture that the editor stored is used, else one is drawn here.
"""

from __future__ import annotations

import io
import re

import docx
import resvg_py
from docx.shared import Cm, Pt
from fpdf import FPDF
from fpdf.fonts import TTFFont

from bpm.designer import fonts
from bpm.designer.description import Description
from bpm.designer.sketch import sketch
from bpm.engine import dialect
from bpm.engine.diagram.xml import bpmn, parse
from bpm.language import _, chosen, language

# what the pages' own colours become where there is no page
_INK, _PAPER = "#22201c", "#ffffff"
_SHARPNESS, _WIDEST = 2.0, 6_000
# of a page of Word, in centimetres
_TEXT_WIDTH = 15.2
_VIEW_BOX = re.compile(r'viewBox="[-\d.e]+[ ,]+[-\d.e]+[ ,]+([\d.e]+)[ ,]+([\d.e]+)"')


def svg(xml: str, stored: str | None, title: str) -> str:
    """Return the picture of a diagram with fixed colours.

    Args:
        stored: the picture as the editor made it, where there is one.
        title: what a screen reader says.
    """
    if stored:
        return stored
    steps = parse(xml.encode("utf-8")).iter(bpmn("*"))
    names = {one.get("id", ""): name for one in steps if (name := chosen(dialect.named(one), ""))}
    drawn = sketch(xml, names, title)
    return drawn.replace("currentColor", _INK)


def png(picture: str) -> bytes:
    """Return an SVG as PNG on white paper, twice as large as it is."""
    family = fonts.picture_family()
    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=picture,
            background=_PAPER,
            zoom=_zoom(picture),
            font_files=[str(file) for file in (*fonts.regular(), *fonts.bold())],
            font_family=family,
            sans_serif_family=family,
        )
    )


def _zoom(picture: str) -> float:
    """Sharp, but no picture that fills the memory."""
    found = _VIEW_BOX.search(picture[:2_000])
    largest = max(float(found[1]), float(found[2])) if found else _WIDEST
    return min(_SHARPNESS, _WIDEST / max(largest, 1.0))


def pdf(picture: str, told: Description) -> bytes:
    """Return a PDF: the picture on a page of its own, then the process in words."""
    document = _Document()
    document.head(told.title)
    _put_picture(document, png(picture))
    document.add_page(orientation="portrait")
    document.head(_("%(name)s in words", name=told.title))
    _tell(document, told)
    return bytes(document.output())


def word(picture: str, told: Description) -> bytes:
    """Return a Word file with the picture and the process in words."""
    document = docx.Document()
    document.core_properties.title = told.title
    document.core_properties.language = language()
    document.add_heading(told.title, 0)
    if told.about:
        document.add_paragraph(told.about)
    document.add_picture(io.BytesIO(png(picture)), width=Cm(_TEXT_WIDTH))
    for term, text in told.facts:
        paragraph = document.add_paragraph()
        paragraph.add_run(f"{term}: ").bold = True
        paragraph.add_run(text)
    for part in told.parts:
        document.add_heading(part.name or _("Steps"), 1)
        for step in part.steps:
            paragraph = document.add_paragraph()
            paragraph.paragraph_format.left_indent = Cm(0.8 * step.depth)
            paragraph.paragraph_format.space_after = Pt(6)
            paragraph.add_run(f"{step.number}. {step.name}").bold = True
            for sentence in step.sentences:
                paragraph.add_run("\n" + sentence)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


class _Document(FPDF):
    """A4 with page numbers, in the program's own letters."""

    def __init__(self) -> None:
        super().__init__(orientation="landscape", format="A4")
        self.set_auto_page_break(True, margin=18)
        regular, bold, other = fonts.regular(), fonts.bold(), fonts.broad()
        pairs = [*zip(regular, bold, strict=True), *([(other, other)] if other else [])]
        for number, (light, strong) in enumerate(pairs):
            self.add_font(f"text{number}", "", light)
            self.add_font(f"text{number}", "B", strong)
        # a letter that the first does not have is taken from the next
        self.set_fallback_fonts([f"text{number}" for number in range(1, len(pairs))])
        self.letters = [font for font in self.fonts.values() if isinstance(font, TTFFont)]
        self.family = "text0"
        self.add_page()

    def head(self, text: str) -> None:
        self.set_title(text)
        self.set_font(self.family, "B", 16)
        self.line_of(text, 9)
        self.ln(2)

    def line_of(self, text: str, height: float, indent: float = 0) -> None:
        """Write a paragraph."""
        text = "".join(one if self._has(one) else f"[U+{ord(one):04X}]" for one in text)
        self.set_x(self.l_margin + indent)
        self.multi_cell(0, height, text, align="L", new_x="LMARGIN", new_y="NEXT")

    def _has(self, letter: str) -> bool:
        """Whether a font has a letter; one that none has is told by its number, never left out."""
        return letter.isspace() or any(ord(letter) in font.cmap for font in self.letters)

    def footer(self) -> None:
        self.set_y(-12)
        self.set_font(self.family, "", 9)
        self.cell(0, 6, str(self.page_no()), align="R")


def _put_picture(document: _Document, content: bytes) -> None:
    room = document.h - document.get_y() - 18
    document.image(io.BytesIO(content), x=document.l_margin, w=document.epw, h=room, keep_aspect_ratio=True)


def _tell(document: _Document, told: Description) -> None:
    document.set_font(document.family, "", 11)
    for text in (told.about, *(f"{term}: {text}" for term, text in told.facts)):
        if text:
            document.line_of(text, 6)
    for part in told.parts:
        document.ln(3)
        document.set_font(document.family, "B", 13)
        document.line_of(part.name or _("Steps"), 8)
        for step in part.steps:
            document.ln(1.5)
            document.set_font(document.family, "B", 11)
            document.line_of(f"{step.number}. {step.name}", 6, 6 * step.depth)
            document.set_font(document.family, "", 11)
            for sentence in step.sentences:
                document.line_of(sentence, 5.5, 6 * step.depth)


__all__ = ["pdf", "png", "svg", "word"]
