"""The address of the mail server."""

from __future__ import annotations

import pytest

from bpm.notifications.smtp import MailServer, parse_smtp_url


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("", None),
        ("smtp://mail.example", MailServer("mail.example", 25)),
        ("smtp://mail.example:2525", MailServer("mail.example", 2525)),
        ("smtp://mail.example?starttls=1", MailServer("mail.example", 587, "starttls")),
        ("smtps://ann:p%40ss@mail.example", MailServer("mail.example", 465, "tls", "ann", "p@ss")),
    ],
)
def test_mail_server_is_read_from_its_url(url: str, server: MailServer | None) -> None:
    assert parse_smtp_url(url) == server


@pytest.mark.parametrize(
    "url",
    ["mail.example", "http://mail.example", "smtp://", "smtp://ann:secret@mail.example:port"]
    + ["smtps://ann:secret@mail.example?starttls=1"],
)
def test_what_is_none_is_refused_without_telling_the_password(url: str) -> None:
    with pytest.raises(ValueError, match="SMTP_URL") as refusal:
        parse_smtp_url(url)
    assert "secret" not in str(refusal.value)
