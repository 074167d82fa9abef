"""Service steps that write letters, tell people, and make documents."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from sqlalchemy import select
from sqlalchemy.orm import Session

from bpm.clock import MovableClock
from bpm.config import LANGUAGES
from bpm.connectors import registry
from bpm.db import Database
from bpm.documents import commands as documents
from bpm.engine.values import FileReference
from bpm.files import commands as files
from bpm.files.models import StoredFile
from bpm.files.queries import open_stored
from bpm.files.store import FileStore
from bpm.notifications.commands import publish_letter
from bpm.people.queries import required_person
from tests.engine.processes import chain, end, process, service, start, user
from tests.office import Office, open_office


@pytest.fixture
def office(database: Database, clock: MovableClock, company: None, tmp_path: Path) -> Iterator[Office]:
    with open_office(database, clock, tmp_path) as office:
        yield office


def run(office: Office, connector: str, inputs: dict[str, str], **variables: Any) -> str:
    """Run a case of one service step, its outputs becoming the variable ``answer``."""
    step = service("step", connector, inputs, {"answer": "=result"})
    wait = user("wait", "person", "anna.nowak")
    office.deploy(process("one", start(), step, wait, end(), chain("begin", "step", "wait", "done")))
    case = office.start("one", **variables)
    office.work()
    return case


def text_of_incident(office: Office) -> str:
    (incident,) = office.incidents()
    return str(incident.cause["values"]["why"])


# --- every connector ------------------------------------------------------------------------


@pytest.mark.parametrize("connector", registry.connectors(), ids=lambda connector: connector.key)
def test_connector_describes_itself_in_every_language(connector: registry.Connector) -> None:
    described = [connector.names, *(field.labels for field in [*connector.inputs, *connector.outputs])]

    assert all(texts.get(language) for texts in described for language in LANGUAGES)


def test_designer_is_told_what_is_wrong_with_a_step() -> None:
    notify = registry.required("notify")

    assert notify.problems(["to", "text"]) == []
    assert notify.problems(["text", "colour"]) == ["“Whom” is not given.", "Notify takes no input “colour”."]
    assert registry.required("letter").problems(["to", "number"]) == []
    assert registry.get("nothing") is None


def test_unknown_service_is_an_incident_that_names_it(office: Office) -> None:
    run(office, "teleport", {})

    assert "teleport" in text_of_incident(office)


# --- letter ---------------------------------------------------------------------------------


def test_letter_goes_to_people_groups_and_addresses_once_each(office: Office) -> None:
    run(
        office,
        "letter",
        {
            "to": '=[initiator, "group:lawyer", "client@example.com", "anna.nowak"]',
            "subject": "About {number}",
            "text": "Dear all, {amount}",
        },
        number="118",
        amount=5,
    )

    people = ["anna.nowak", "emily.clark", "katarzyna.lis", "pavel.smirnov", "client"]
    assert office.letters("letter") == [(one, "About 118") for one in people]
    assert office.letter("client").text == "Dear all, 5\n"


def test_published_letter_takes_the_other_inputs_and_knows_the_case(office: Office) -> None:
    content = {
        "en": {
            "subject": "{{ process }}: {{ number }}",
            "text": "{{ title }} for {{ name }}: {{ price|number }}",
        }
    }
    with office.database.writing() as session:
        publish_letter(session, office.clock.now(), None, "offer", content)

    run(office, "letter", {"to": "=initiator", "template": "offer", "number": "=n", "price": "=10.50"}, n="7")

    assert office.letters("offer") == [("anna.nowak", "One: 7")]
    assert office.letter("anna.nowak").text == "One for Anna Nowak: 10.5\n"


def test_what_a_person_typed_is_never_a_template(office: Office) -> None:
    run(office, "letter", {"to": "=initiator", "subject": "s", "text": "=said"}, said="{{ 7 * 7 }} {% if %}")

    assert office.letter("anna.nowak").text == "{{ 7 * 7 }} {% if %}\n"


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("inputs", "said"),
    [
        ({"subject": "s", "text": "t"}, "To"),
        ({"to": "nobody.known", "subject": "s", "text": "t"}, "nobody.known"),
        ({"to": "=initiator", "template": "no_such_letter"}, "no_such_letter"),
        ({"to": "not an@address", "subject": "s", "text": "t"}, "not an@address"),
        ({"to": "=initiator"}, "subject"),
    ],
)
def test_letter_that_cannot_be_written_is_an_incident_in_plain_words(
    office: Office, inputs: dict[str, str], said: str
) -> None:
    run(office, "letter", inputs)

    assert said in text_of_incident(office)
    assert office.letters("letter") == []


def keep_file(session: Session, office: Office, instance_id: int | None = None) -> FileReference:
    store: FileStore = office.installation.files
    file = files.keep(
        session, store, office.clock.now(), None, "offer.pdf", b"%PDF-1.7", limit=100, instance_id=instance_id
    )
    return FileReference(file.public_id, file.name, file.size, file.media_type)


def test_letter_carries_files_of_its_case_and_no_others(office: Office) -> None:
    inputs = {"to": "=initiator", "subject": "s", "text": "t", "attachments": "=file"}
    with office.database.writing() as session:
        mine = keep_file(session, office)
    run(office, "letter", inputs, file=mine)
    assert office.letter("anna.nowak").attachments == [mine.id]

    elsewhere = user("wait", "person", "boris.petrov")
    office.deploy(process("other", start(), elsewhere, end(), chain("begin", "wait", "done")))
    other = office.case(office.start("other", login="boris.petrov"))
    with office.database.writing() as session:
        theirs = keep_file(session, office, other.id)
    run(office, "letter", inputs, file=theirs)
    assert "offer.pdf" in text_of_incident(office)


# --- notify ---------------------------------------------------------------------------------


def test_notice_appears_under_the_bell_and_as_a_letter_if_wanted(office: Office) -> None:
    case = run(
        office,
        "notify",
        {
            "to": "group:head_sales",
            "text": "Debt of {company}",
            "text_ru": "Долг {company}",
            "letter": "=true",
        },
        company="Delta",
    )

    assert office.bell("olga.ivanova") == ["Debt of Delta"]
    letter = office.letter("olga.ivanova")
    assert "Debt of Delta" in letter.text
    assert f"https://bpm.example/cases/{case}" in letter.text


def test_notice_links_to_pages_of_ours_only(office: Office) -> None:
    run(office, "notify", {"to": "=initiator", "text": "t", "link": "https://evil.example"})

    assert "evil.example" in text_of_incident(office)


# --- document -------------------------------------------------------------------------------


def test_document_is_made_of_the_case_and_kept_with_it(office: Office) -> None:
    document = Document()
    document.add_paragraph("{{ title }}, {{ started_by }}: {{ rows[0].name }} & {{ total|number }}")
    buffer = io.BytesIO()
    document.save(buffer)
    with office.database.writing() as session:
        owner = required_person(session, "adam.kaminski")
        documents.publish(session, office.clock.now(), owner, "sheet", buffer.getvalue())

    case = run(
        office,
        "document",
        {"template": "sheet", "name": "Sheet {n}", "rows": "=rows", "total": "=1000.5"},
        n="118",
        rows=[{"name": "A&B"}],
    )

    with office.database.reading() as session:
        file = session.scalars(select(StoredFile).where(StoredFile.instance_id == office.case(case).id)).one()
        assert file.name == "Sheet 118.docx"
        with open_stored(office.installation.files, file) as stream:
            text = Document(io.BytesIO(stream.read())).paragraphs[0].text
    assert text == "One, Anna Nowak: A&B & 1,000.5"
    assert office.task("wait")


def test_document_whose_template_asks_for_more_is_an_incident(office: Office) -> None:
    run(office, "document", {"template": "no_such_template"})

    assert "no_such_template" in text_of_incident(office)
