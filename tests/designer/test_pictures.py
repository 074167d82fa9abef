"""Pictures and documents made on the server, on a machine that has no fonts of its own."""

from __future__ import annotations

import re

import pytest

from bpm.config import ROOT
from bpm.designer import fonts, pictures
from bpm.designer.compare.values import Vocabulary
from bpm.designer.description import Description, described
from bpm.engine.diagram.xml import parse
from bpm.language import using

PROCESS = ROOT / "processes" / "contract_approval.bpmn"


@pytest.fixture
def no_fonts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "_of_system", dict)


def told() -> Description:
    return described(parse(PROCESS.read_bytes()), "contract_approval", Vocabulary())


def letters(document: bytes) -> str:
    """All letters that a PDF can be searched for: those its tables of Unicode name (ISO 32000-1, 9.10.3)."""
    found: set[int] = set()
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", document, re.DOTALL):
        if b"beginbfchar" in stream:
            found |= {int(code, 16) for code in re.findall(rb"<[0-9A-F]{4}> <([0-9A-F]{4})>", stream)}
    return "".join(map(chr, sorted(found)))


@pytest.mark.usefixtures("no_fonts")
@pytest.mark.parametrize(
    ("language", "some"), [("ru", "СогласвниеёйщЖ"), ("pl", "ąęłśćżó"), ("en", "Contra")]
)
def test_a_document_has_the_letters_of_our_languages(language: str, some: str) -> None:
    """Given a machine without fonts, when a process is told in a PDF, then no letter is lost."""
    with using(language):
        words = told()
        document = pictures.pdf(pictures.svg(PROCESS.read_text("utf-8"), None, "x"), words)

    wanted = set(some) & set(str(words))
    assert len(wanted) >= 5 and wanted <= set(letters(document))


@pytest.mark.usefixtures("no_fonts")
def test_a_letter_that_no_font_has_is_told_by_its_number() -> None:
    words = Description("A 中 B", "")

    document = pictures.pdf(pictures.svg(PROCESS.read_text("utf-8"), None, "x"), words)

    assert set("A[U+4E2D]B") <= set(letters(document)) and "?" not in letters(document)


def test_the_letters_of_pictures_come_with_the_program() -> None:
    assert len(fonts.regular()) == len(fonts.bold()) == 3
    assert fonts.picture_family() in ("Arial", "Liberation Sans", fonts.FAMILY)


def test_a_picture_names_the_steps_in_the_readers_language() -> None:
    for language, name in (("en", "Approval round"), ("ru", "Круг согласования")):
        with using(language):
            assert name in pictures.svg(PROCESS.read_text("utf-8"), None, "x")
