"""The outbox page, in the whole application."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient

from bpm.notifications import commands
from bpm.people.queries import required_person

Browser = Callable[[str], FlaskClient]


def write(app: Flask, login: str, subject: str) -> str:
    installation = app.extensions["bpm"]
    with installation.database.writing() as session:
        person = required_person(session, login)
        letter = commands.write_letter(
            session,
            installation.clock.now(),
            person=person,
            subject=subject,
            text="Hello <b>\n\nOpen the task: http://localhost/tasks/1",
        )
    installation.worker.run_until_idle()
    return letter.public_id


def test_administrator_reads_what_was_kept(app: Flask, client_of: Browser) -> None:
    public_id = write(app, "anna.nowak", "About <118>")
    browser = client_of("adam.kaminski")

    page = browser.get("/outbox").text
    assert "About &lt;118&gt;" in page
    assert "anna.nowak@example.com" in page
    assert "There is no mail server yet" in page
    letter = browser.get(f"/outbox/{public_id}").text
    assert "Hello &lt;b&gt;" in letter
    assert 'href="http://localhost/tasks/1"' in letter
    assert "About" not in browser.get("/outbox?text=nothing+like+it").text
    assert "About" in browser.get("/outbox?state=kept&text=118").text


def test_others_read_their_own_letters_only(app: Flask, client_of: Browser) -> None:
    public_id = write(app, "anna.nowak", "About 118")

    assert client_of("anna.nowak").get(f"/outbox/{public_id}").status_code == 200
    assert client_of("anna.nowak").get("/outbox").status_code == 403
    assert client_of("boris.petrov").get(f"/outbox/{public_id}").status_code == 404
    assert client_of("boris.petrov").post(f"/outbox/{public_id}/send").status_code in (400, 403)


def test_long_outbox_has_pages(app: Flask, client_of: Browser) -> None:
    for number in range(51):
        write(app, "anna.nowak", f"Number {number:03}")
    browser = client_of("adam.kaminski")

    first = browser.get("/outbox?text=Number").text
    assert "Number 050" in first
    assert "Number 000" not in first
    before = first.partition("before=")[2].partition('"')[0]
    assert "Number 000" in browser.get(f"/outbox?text=Number&before={before}").text
