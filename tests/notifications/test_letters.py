"""Letters from writing to arrival, through a real mail server."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from bpm.clock import MovableClock
from bpm.db import Database
from bpm.errors import Invalid, NotAllowed, NotFound
from bpm.files import commands as files
from bpm.files.store import FileStore
from bpm.jobs import queries as job_queries
from bpm.jobs.worker import Worker
from bpm.notifications import commands, queries
from bpm.notifications.models import OutgoingLetter
from bpm.people.queries import person, required_person
from tests.notifications.mailbox import Mailbox, mail_server

WorkerWith = Callable[[str], Worker]
Letters = Callable[[], list[OutgoingLetter]]
TEXT = "Good morning!\n\nOpen the task: https://bpm.example/tasks/1\n"


def write(database: Database, clock: MovableClock, address: str = "ann@example.com", **more: object) -> str:
    with database.writing() as session:
        letter = commands.write_letter(
            session,
            clock.now(),
            **({"address": address, "subject": "Contract № 118 – żółć", "text": TEXT} | more),  # type: ignore[arg-type]
        )
        return letter.public_id


def test_letter_arrives_in_both_forms_and_says_that_a_program_wrote_it(
    database: Database, clock: MovableClock, worker_with: WorkerWith, mailbox: Mailbox, letters: Letters
) -> None:
    write(database, clock)

    worker_with(mailbox.url).run_until_idle()

    (letter,) = letters()
    assert (letter.state, letter.sent_at) == ("sent", clock.now())
    (arrived,) = mailbox.letters
    assert arrived["Subject"] == "Contract № 118 – żółć"
    assert arrived["To"] == "ann@example.com"
    assert arrived["From"] == "bpm@company.example"
    assert arrived["Auto-Submitted"] == "auto-generated"
    assert arrived["Message-ID"] == f"<{letter.message_id}@company.example>"
    text = arrived.get_body(("plain",))
    html = arrived.get_body(("html",))
    assert text is not None and html is not None
    assert text.get_content().replace("\r\n", "\n") == TEXT
    assert '<a href="https://bpm.example/tasks/1"' in html.get_content()


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
def test_letter_is_sent_with_log_in_and_files(
    database: Database, clock: MovableClock, worker_with: WorkerWith, store: FileStore
) -> None:
    with database.writing() as session:
        file = files.keep(session, store, clock.now(), None, "Договор.pdf", b"%PDF-1.7 ...", limit=1000)
    write(database, clock, attachments=[file.public_id])

    with mail_server(with_login=True) as mailbox:
        worker_with(mailbox.url).run_until_idle()

    (attached,) = mailbox.letters[0].iter_attachments()
    assert (attached.get_filename(), attached.get_content_type()) == ("Договор.pdf", "application/pdf")
    assert attached.get_content() == b"%PDF-1.7 ..."


def test_without_a_mail_server_letters_are_kept_and_can_be_sent_later(
    database: Database,
    clock: MovableClock,
    company: None,
    worker_with: WorkerWith,
    mailbox: Mailbox,
    letters: Letters,
) -> None:
    public_id = write(database, clock)
    worker_with("").run_until_idle()
    assert [letter.state for letter in letters()] == ["kept"]

    with database.writing() as session:
        administrator = required_person(session, "adam.kaminski")
        commands.send_again(session, clock.now(), administrator, public_id)
    worker_with(mailbox.url).run_until_idle()

    assert [letter.state for letter in letters()] == ["sent"]
    assert len(mailbox.letters) == 1


def test_letter_is_tried_again_while_the_server_says_later(
    database: Database, clock: MovableClock, worker_with: WorkerWith, mailbox: Mailbox, letters: Letters
) -> None:
    write(database, clock)
    mailbox.answers["ann@example.com"] = ["451 come back later"]
    worker = worker_with(mailbox.url)

    worker.run_until_idle()
    assert [letter.state for letter in letters()] == ["queued"]
    clock.advance(timedelta(minutes=1))
    worker.run_until_idle()

    assert [letter.state for letter in letters()] == ["sent"]


def test_letter_that_is_refused_for_good_fails_and_administrators_know(
    database: Database,
    clock: MovableClock,
    company: None,
    worker_with: WorkerWith,
    mailbox: Mailbox,
    letters: Letters,
) -> None:
    public_id = write(database, clock)
    mailbox.answers["ann@example.com"] = ["550 no such mailbox"]

    worker_with(mailbox.url).run_until_idle()

    (letter,) = letters()
    assert letter.state == "failed"
    assert "no such mailbox" in (letter.error or "")
    with database.reading() as session:
        (notice,) = queries.notices(session, required_person(session, "adam.kaminski"))
        assert notice.link == f"/outbox/{public_id}"
        assert "ann@example.com" in notice.texts["pl"]


def test_server_that_is_away_is_tried_five_times(
    database: Database, clock: MovableClock, worker_with: WorkerWith, letters: Letters
) -> None:
    write(database, clock)
    worker = worker_with("smtp://127.0.0.1:1")

    for _attempt in range(6):
        assert [letter.state for letter in letters()] == ["queued"]
        worker.run_until_idle()
        clock.advance(timedelta(hours=6))

    assert [letter.state for letter in letters()] == ["failed"]


def test_same_effect_never_writes_a_second_letter(
    database: Database, clock: MovableClock, letters: Letters
) -> None:
    first = write(database, clock, unique_key="a")
    second = write(database, clock, unique_key="a", text="other")

    assert first == second
    assert len(letters()) == 1
    with database.reading() as session:
        assert len(job_queries.jobs(session, kind="letter")) == 1


@pytest.mark.one_database
@pytest.mark.parametrize(
    "address",
    ["", "ann", "ann@", "@example.com", "ann@example.com\nBcc: all@example.com", "a@b.c, d@e.f", "<ann@b.c>"]
    + ["Ann <ann@example.com>", "a" * 250 + "@b.pl", "ann @example.com"],
)
def test_what_is_not_one_address_is_refused(session: Session, clock: MovableClock, address: str) -> None:
    with pytest.raises(Invalid):
        commands.write_letter(session, clock.now(), address=address, subject="s", text="t")


def test_line_breaks_in_a_subject_do_not_become_headers(
    database: Database, clock: MovableClock, worker_with: WorkerWith, mailbox: Mailbox
) -> None:
    write(database, clock, subject="Hello\r\nBcc: everybody@example.com")

    worker_with(mailbox.url).run_until_idle()

    (arrived,) = mailbox.letters
    assert arrived["Bcc"] is None
    assert arrived["Subject"] == "Hello Bcc: everybody@example.com"


def test_letter_speaks_the_language_and_time_of_its_reader(
    database: Database, clock: MovableClock, company: None
) -> None:
    with database.writing() as session:
        reader = required_person(session, "boris.petrov")
        reader.language, reader.time_zone = "ru", "Asia/Tokyo"
        letter = commands.write_letter(
            session,
            clock.now(),
            person=reader,
            template="assignment",
            values={
                "title": "Договор 118", "process": "Согласование", "started_by": "Anna", "due": clock.now(),
                "link": "https://bpm.example/tasks/1", "shared": False, "stands_in_for": "",
            },
        )  # fmt: skip

    assert letter.subject == "Ваша очередь: Договор 118"
    assert "3 марта 2026, 17:00" in letter.text
    assert letter.language == "ru"


def test_only_administrators_and_the_reader_see_a_letter(
    database: Database, clock: MovableClock, company: None
) -> None:
    with database.writing() as session:
        anna, boris = required_person(session, "anna.nowak"), required_person(session, "boris.petrov")
        administrator = required_person(session, "adam.kaminski")
        letter = commands.write_letter(session, clock.now(), person=anna, subject="s", text="t")
        for reader in (anna, administrator):
            assert queries.outgoing_letter(session, reader, letter.public_id).id == letter.id
        for stranger in (boris, None):
            with pytest.raises(NotFound):
                queries.outgoing_letter(session, stranger, letter.public_id)
        with pytest.raises(NotAllowed):
            queries.outgoing_letters(session, anna)
        found = queries.outgoing_letters(session, administrator, state="queued", text="ANNA.")
        assert [one.id for one in found] == [letter.id]


def test_notices_are_the_persons_own(database: Database, clock: MovableClock, company: None) -> None:
    with database.writing() as session:
        anna, boris = person(session, "anna.nowak"), person(session, "boris.petrov")
        assert anna is not None and boris is not None
        texts = queries.in_every_language(lambda: "Hello")
        notice = commands.notify(session, clock.now(), anna, texts, "/tasks/1", unique_key="n")
        assert commands.notify(session, clock.now(), anna, texts, "/tasks/1", unique_key="n").id == notice.id
        commands.notify(session, clock.now(), anna, texts)

        assert queries.number_unread(session, anna) == 2
        with pytest.raises(NotFound):
            commands.mark_read(session, clock.now(), boris, notice.public_id)
        commands.mark_read(session, clock.now(), anna, notice.public_id)
        assert queries.number_unread(session, anna) == 1
        commands.mark_all_read(session, clock.now(), anna)
        assert queries.number_unread(session, anna) == 0
        for link in ("https://evil.example/", "//evil.example"):
            with pytest.raises(ValueError, match="pages of ours"):
                commands.notify(session, clock.now(), anna, texts, link)
