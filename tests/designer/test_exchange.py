# ruff: noqa: F811
"""What goes out and comes in, as people see it: files, pictures, words, and what an import says."""

from __future__ import annotations

import io
import zipfile

import docx
import pytest

from bpm.config import ROOT
from bpm.designer import diagram, imports
from bpm.designer.compare.values import Vocabulary
from bpm.designer.description import described
from bpm.engine.diagram.xml import parse
from bpm.language import using
from tests.designer.diagrams import runnable
from tests.designer.test_pages import ClientOf, Owner, leave, marta  # noqa: F401

pytestmark = pytest.mark.one_database


def drawn(key: str) -> str:
    """A process that can run, with its shapes."""
    return imports.with_drawing(runnable(key))


NOT_MARKED = runnable("leave").replace(' isExecutable="true"', ' isExecutable="false"')


@pytest.fixture
def published(marta: Owner, leave: str) -> str:
    marta.send(f"/processes/{leave}/draft", xml=runnable(leave), revision=1)
    marta.send(f"/processes/{leave}/publish", note="", revision=2)
    return leave


def brought(marta: Owner, text: str, name: str = "a.bpmn", **fields: str) -> str:
    """Import a file; return the page that follows, with what is said on it."""
    answer = marta.submit("/processes/import", file=(io.BytesIO(text.encode()), name), **fields)
    assert answer.status_code == 302, answer.text
    return str(answer.headers["Location"])


@pytest.mark.parametrize(
    ("kind", "begins"),
    [("bpmn", b"<?xml"), ("svg", b"<svg"), ("png", b"\x89PNG"), ("pdf", b"%PDF-"), ("docx", b"PK")],
)
def test_a_process_leaves_as_a_file_of_each_kind(
    marta: Owner,
    published: str,
    kind: str,
    begins: bytes,
) -> None:
    answer = marta.client.get(f"/processes/{published}/export.{kind}")

    assert answer.status_code == 200 and answer.data.startswith(begins)
    assert f'filename="{published}-1.{kind}"' in answer.headers["Content-Disposition"]
    assert marta.client.get(f"/processes/{published}/export.exe").status_code == 404


def test_the_words_of_a_process_name_each_step(marta: Owner, published: str) -> None:
    page = marta.client.get(f"/processes/{published}/words").text
    assert "Decide" in page and "Who may start it" in page

    file = marta.client.get(f"/processes/{published}/export.docx").data
    told = "\n".join(one.text for one in docx.Document(io.BytesIO(file)).paragraphs)
    assert "Decide" in told and any("image" in one for one in zipfile.ZipFile(io.BytesIO(file)).namelist())


def test_who_may_not_read_a_process_gets_no_file_of_it(
    marta: Owner,
    leave: str,
    client_of: ClientOf,
) -> None:
    for path in ("words", "export.png", "export.bpmn", "file"):
        assert client_of("anna.nowak").get(f"/processes/{leave}/{path}").status_code in (403, 404)


def test_the_shipped_approval_in_words() -> None:
    text = (ROOT / "processes" / "contract_approval.bpmn").read_bytes()
    with using("en"):
        told = described(parse(text), "contract_approval", Vocabulary())
    sentences = [line for part in told.parts for step in part.steps for line in step.sentences]
    assert told.title == "Contract approval and signing"
    assert any("If round_result is revise: step" in line for line in sentences)
    assert any(line.startswith("Buttons: Approve") for line in sentences)
    assert len({step.number for part in told.parts for step in part.steps}) == sum(
        len(part.steps) for part in told.parts
    )


def test_an_imported_file_is_kept_to_the_byte(marta: Owner) -> None:
    text = drawn("Travel_1").replace("<bpmn:process", "<!-- mine --><bpmn:process  ", 1)

    page = brought(marta, text)

    assert page.endswith("/processes/Travel_1/draw")
    assert marta.client.get("/processes/Travel_1/export.bpmn?of=draft").data == text.encode()


def test_a_file_in_another_encoding_comes_back_in_it() -> None:
    text = runnable("travel").replace('encoding="UTF-8"', 'encoding="ISO-8859-1"')
    if "ISO-8859-1" not in text:
        text = '<?xml version="1.0" encoding="ISO-8859-1"?>' + text.partition("?>")[2]
    content = text.replace("Decide", "Décide").encode("latin-1")

    kept = diagram.decoded(content)

    assert "Décide" in kept and diagram.encoded(kept) == content
    assert "Décide" in {one.get("name") for one in parse(kept.encode("utf-8")).iter()}
    assert diagram.encoded(kept.replace("Décide", "Решить")).startswith(
        b'<?xml version="1.0" encoding="UTF-8"'
    )


def test_a_drawing_that_is_not_executable_says_so_first(marta: Owner) -> None:
    page = brought(marta, NOT_MARKED.replace("leave", "trip"), as_new="1")

    assert "1 thing is to be done before it can run." in marta.client.get(page).text
    problems = marta.client.get("/processes/trip/problems").get_json()["problems"]
    assert problems[0]["message"].startswith("This drawing cannot run yet")
    assert problems[0]["fix"]["action"] == "set_attribute"


def test_a_file_without_shapes_is_drawn() -> None:
    kept = imports.with_drawing(runnable("bare"))

    assert next(parse(kept.encode()).iter("{*}BPMNShape"), None) is not None
    assert imports.with_drawing(kept) == kept


def test_what_is_doubtful_in_a_file_is_listed(marta: Owner) -> None:
    text = drawn("odd").replace(
        "</bpmndi:BPMNPlane>", '<bpmndi:BPMNShape id="x" bpmnElement="ghost"/></bpmndi:BPMNPlane>'
    )

    page = brought(marta, text)

    assert page.endswith("/processes/odd/file")
    shown = marta.client.get(page).text
    assert "shapes and arrows of elements that are not in it" in shown and "ghost" in shown


def test_a_second_file_of_the_same_key_becomes_a_process_of_its_own(marta: Owner, leave: str) -> None:
    refused = marta.submit("/processes/import", file=(io.BytesIO(runnable(leave).encode()), "a.bpmn"))
    assert refused.status_code == 409

    assert brought(marta, runnable(leave), as_new="1").endswith(f"/processes/{leave}_2/draw")
