"""The job that sends one letter. Without a mail server the letter is kept for the outbox."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bpm.config import Settings
from bpm.errors import NotFound
from bpm.files.queries import open_stored, stored_file
from bpm.files.store import FileStore
from bpm.jobs.handlers import Handlers, Hopeless, Outside, Retry
from bpm.jobs.models import Job
from bpm.language import _
from bpm.notifications import smtp
from bpm.notifications.commands import FAILED, KEPT, LETTER_JOB, SENT, notify
from bpm.notifications.models import OutgoingLetter
from bpm.notifications.queries import in_every_language, stored_letter
from bpm.notifications.smtp import AttachedFile, Mail
from bpm.people.queries import administrators

# what most mail servers take in one letter, before it grows by a third in transport
MOST_ATTACHED = 18 * 1024 * 1024
_RETRIES = Retry(tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360)))


def register(handlers: Handlers, settings: Settings, store: FileStore) -> None:
    """Let jobs of the kind ``letter`` be sent through the mail server of the settings.

    Raises:
        ValueError: ``SMTP_URL`` is not a mail server.
    """
    server = smtp.parse_smtp_url(settings.smtp_url)

    def prepare(session: Session, now: datetime, job: Job) -> Mail | None:
        letter = stored_letter(session, job.payload["letter"])
        if letter is None or letter.state in (SENT, KEPT):
            return None
        if server is None:
            letter.state = KEPT
            return None
        return _mail(session, letter, settings.mail_from, store)

    def perform(mail: Mail) -> None:
        assert server is not None
        smtp.send(server, mail)

    handlers.register(
        LETTER_JOB,
        Outside(prepare=prepare, perform=perform, finish=_sent, give_up=_failed, retries=_RETRIES),
    )


def _mail(session: Session, letter: OutgoingLetter, sender: str, store: FileStore) -> Mail:
    return Mail(
        message_id=letter.message_id,
        sender=sender,
        recipient=letter.recipient,
        subject=letter.subject,
        text=letter.text,
        html=letter.html,
        language=letter.language,
        written_at=letter.created_at,
        attachments=_attached(session, letter, store),
    )


def _attached(session: Session, letter: OutgoingLetter, store: FileStore) -> list[AttachedFile]:
    files = [stored_file(session, public_id) for public_id in letter.attachments]
    known = [file for file in files if file is not None]
    if len(known) < len(files):
        raise Hopeless("A file that was to be attached does not exist any more.")
    if sum(file.size for file in known) > MOST_ATTACHED:
        raise Hopeless("The attached files are larger than 18 MB together.")
    attached = []
    for file in known:
        try:
            with open_stored(store, file) as stream:
                attached.append(AttachedFile(file.name, file.media_type, stream.read()))
        except NotFound as error:
            raise Hopeless(error.text) from error
    return attached


def _sent(session: Session, now: datetime, job: Job, result: None) -> None:
    letter = stored_letter(session, job.payload["letter"])
    if letter is not None:
        letter.state, letter.sent_at, letter.error = SENT, now, None


def _failed(session: Session, now: datetime, job: Job, error: Exception) -> None:
    letter = stored_letter(session, job.payload["letter"])
    if letter is None:
        return
    letter.state, letter.error = FAILED, str(error)[:2000]
    recipient = letter.recipient
    texts = in_every_language(
        lambda: _("The letter to %(recipient)s could not be sent.", recipient=recipient)
    )
    for administrator in administrators(session):
        notify(
            session,
            now,
            administrator,
            texts,
            f"/outbox/{letter.public_id}",
            unique_key=f"letter-failed:{letter.public_id}:{administrator.id}",
        )
