"""Hand a letter to the mail server. Knows SMTP and nothing of tables."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from urllib.parse import parse_qs, unquote, urlsplit

from bpm.jobs.handlers import Hopeless

_TIMEOUT = 20.0  # seconds for each answer of the server


@dataclass(frozen=True)
class MailServer:
    """Where letters are handed in. ``security``: ``none``, ``starttls`` or ``tls``."""

    host: str
    port: int
    security: str = "none"
    user: str = ""
    password: str = ""


@dataclass(frozen=True)
class AttachedFile:
    """A file that goes with a letter."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True)
class Mail:
    """A letter on its way. ``message_id`` stays the same however often it is sent."""

    message_id: str
    sender: str
    recipient: str
    subject: str
    text: str
    html: str | None
    language: str
    written_at: datetime
    attachments: Sequence[AttachedFile] = ()


def parse_smtp_url(url: str) -> MailServer | None:
    """Read ``smtp://user:password@host:port?starttls=1`` or ``smtps://…``; None if it is empty.

    Ports left out are 587 with STARTTLS, 465 for ``smtps`` (RFC 8314) and 25 else. Marks such
    as ``@`` in user and password are written ``%40``.

    Raises:
        ValueError: the address cannot be used. The text does not repeat the password.
    """
    if not url:
        return None
    wrong = ValueError("SMTP_URL is not a mail server; write smtp://user:password@host:587?starttls=1.")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise wrong from None
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise wrong
    security = "tls" if parts.scheme == "smtps" else "none"
    if parse_qs(parts.query).get("starttls", ["0"])[-1].lower() in ("1", "true", "yes", "on"):
        if security == "tls":
            raise ValueError("SMTP_URL asks for smtps and for STARTTLS; take one of them.")
        security = "starttls"
    usual = {"none": 25, "starttls": 587, "tls": 465}[security]
    return MailServer(
        host=parts.hostname,
        port=port or usual,
        security=security,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )


def is_address(text: str) -> bool:
    """Return whether ``text`` is one bare e-mail address (RFC 5321) that a letter can go to."""
    if len(text) > 254 or parseaddr(text)[1] != text:
        return False
    local, at, domain = text.rpartition("@")
    if not (local and at and domain) or any(mark in text for mark in " ,;<>()\r\n\t\"'\\"):
        return False
    try:
        Address(addr_spec=text)
    except (ValueError, IndexError):
        return text.isprintable() and not text.isascii()
    return True


def as_message(mail: Mail) -> EmailMessage:
    """Return the letter as a message: text and HTML, attachments, marked as written by a program.

    Raises:
        ValueError: a header holds a line break.
    """
    message = EmailMessage(policy=SMTP)
    domain = sender_domain(mail.sender)
    message["From"] = mail.sender
    message["To"] = mail.recipient
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(mail.written_at)
    message["Message-ID"] = f"<{mail.message_id}@{domain}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday replies, please
    message["X-Auto-Response-Suppress"] = "All"
    message["Content-Language"] = mail.language
    message.set_content(mail.text)
    if mail.html is not None:
        message.add_alternative(mail.html, subtype="html")
    for file in mail.attachments:
        kind, _slash, subtype = file.media_type.partition("/")
        if kind in ("text", "multipart", "message") or not subtype:
            kind, subtype = "application", "octet-stream"
        message.add_attachment(file.content, maintype=kind, subtype=subtype, filename=file.name)
    return message


def send(server: MailServer, mail: Mail) -> None:
    """Hand the letter to the server.

    Raises:
        Hopeless: the server refuses this letter for good (a 5xx answer to the recipient or text).
        OSError, smtplib.SMTPException: it may work later.
    """
    try:
        message = as_message(mail)
    except ValueError as error:
        raise Hopeless(str(error)) from error
    domain = sender_domain(mail.sender)
    with _connect(server, domain) as connection:
        if server.user:
            connection.login(server.user, server.password)
        try:
            connection.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            code, answer = next(iter(error.recipients.values()))
            _refused(code, answer, error)
        except smtplib.SMTPResponseException as error:
            _refused(error.smtp_code, error.smtp_error, error)
        except smtplib.SMTPNotSupportedError as error:
            raise Hopeless(str(error)) from error


def sender_domain(sender: str) -> str:
    """Return what stands behind the ``@`` of the sender."""
    return parseaddr(sender)[1].rpartition("@")[2] or "localhost"


def _refused(code: int, answer: bytes | str, error: smtplib.SMTPException) -> None:
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    if code >= 500:
        raise Hopeless(f"{code} {text}") from error
    raise error


def _connect(server: MailServer, name: str) -> smtplib.SMTP:
    # a name of our own: asking the network for it can take long
    if server.security == "tls":
        return smtplib.SMTP_SSL(
            server.host, server.port, name, timeout=_TIMEOUT, context=ssl.create_default_context()
        )
    connection = smtplib.SMTP(server.host, server.port, name, timeout=_TIMEOUT)
    if server.security == "starttls":
        try:
            connection.starttls(context=ssl.create_default_context())
        except BaseException:
            connection.close()
            raise
    return connection
