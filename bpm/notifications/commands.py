"""Write letters and notices, publish letter templates.

A letter is a row and a job of the same transaction, so it goes out if and only if what it tells
of was committed. Its text is final when it is written: a later change of the template or of the
values does not alter it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bpm import language as words
from bpm.db import latest_published, new_public_id, next_publication_number
from bpm.errors import Invalid, NotAllowed
from bpm.jobs import commands as jobs
from bpm.language import _
from bpm.notifications import letter_text, queries
from bpm.notifications.letter_text import LetterError
from bpm.notifications.models import LetterTemplate, Notice, OutgoingLetter
from bpm.notifications.smtp import is_address
from bpm.people.models import Person
from bpm.people.queries import PROCESS_OWNER, has_role
from bpm.worktime import company_calendar

LETTER_JOB = "letter"
QUEUED, SENT, KEPT, FAILED = "queued", "sent", "kept", "failed"

_SETTLE = (
    update(Notice)
    .where(
        Notice.instance_id == bindparam("of_instance"),
        Notice.link == bindparam("about"),
        Notice.read_at.is_(None),
    )
    .values(read_at=bindparam("at"))
)
Written = TypeVar("Written", OutgoingLetter, Notice)


def publish_letter(
    session: Session, now: datetime, actor: Person | None, key: str, content: Mapping[str, Any]
) -> LetterTemplate:
    """Publish a letter under ``key`` with the next number; the same content again changes nothing.

    Args:
        actor: a process owner or administrator; None: the program itself (command line, library).
        content: ``{"en": {"subject": …, "text": …}, "ru": …, "pl": …}``; see ``letter_text``.

    Raises:
        NotAllowed: ``actor`` may not publish.
        LetterError: the letter cannot be used; the text says why.
    """
    if actor is not None and not has_role(actor, PROCESS_OWNER):
        raise NotAllowed(_("Only process owners can publish letters."))
    letter_text.check(content)
    packed = json.dumps(content, sort_keys=True, ensure_ascii=False).encode()
    digest = hashlib.sha256(packed).hexdigest()
    newest = latest_published(session, LetterTemplate, key)
    if newest is not None and newest.hash == digest:
        return newest
    template = LetterTemplate(
        key=key,
        number=next_publication_number(session, LetterTemplate, key),
        hash=digest,
        content=dict(content),
        published_at=now,
        published_by_id=actor.id if actor is not None else None,
    )
    session.add(template)
    session.flush()
    return template


def write_letter(
    session: Session,
    now: datetime,
    *,
    person: Person | None = None,
    address: str | None = None,
    template: str | None = None,
    subject: str = "",
    text: str = "",
    values: Mapping[str, Any] | None = None,
    language: str | None = None,
    time_zone: str | None = None,
    attachments: Sequence[str] = (),
    unique_key: str | None = None,
    instance_id: int | None = None,
    kind: str | None = None,
) -> OutgoingLetter:
    """Write a letter and let a job send it.

    Args:
        person or address: to whom; exactly one of them.
        template: key of a published letter, filled in with ``values``; without it ``subject``
            and ``text`` are the letter, word for word.
        language: of a letter to an address; a person's own language comes first. None: that of
            the present work.
        time_zone: likewise, for the times in the letter; None: that of the company calendar.
        attachments: public ids of stored files, already checked by the caller.
        unique_key: names the effect: with a key that was used before, the letter written then
            is returned and no second one goes out.
        kind: for the outbox; the template's key if left out.

    Raises:
        LetterError: the template is missing or cannot be filled in, or the letter is empty.
        Invalid: the address is not one.
    """
    recipient = person.email if person is not None else (address or "").strip()
    if not is_address(recipient):
        raise Invalid(_("“%(address)s” is not an e-mail address.", address=recipient or "—"))
    language = (person.language if person is not None else None) or language or words.language()
    time_zone = (person.time_zone if person is not None else None) or time_zone
    time_zone = time_zone or str(company_calendar(session).zone)
    if template is not None:
        content = queries.letter_content(session, template)
        named = {"name": person.name if person is not None else recipient} | dict(values or {})
        rendered = letter_text.render(content, named, language, time_zone)
    elif subject.strip() and text.strip():
        rendered = letter_text.plain(subject, text, language)
    else:
        raise LetterError(_("A letter needs a subject and a text."))
    written, new = _insert_once(
        session,
        OutgoingLetter,
        {
            "public_id": (public_id := new_public_id()),
            "message_id": f"letter.{public_id}",
            "unique_key": unique_key,
            "kind": kind or template or "letter",
            "recipient": recipient,
            "person_id": person.id if person is not None else None,
            "subject": rendered.subject,
            "text": rendered.text,
            "html": rendered.html,
            "language": rendered.language,
            "attachments": list(attachments),
            "instance_id": instance_id,
            "state": QUEUED,
            "created_at": now,
        },
    )
    if new:
        _enqueue(session, now, written)
    return written


def send_again(session: Session, now: datetime, actor: Person, public_id: str) -> OutgoingLetter:
    """Send a letter that failed, or that was kept while there was no mail server.

    Raises:
        NotFound, NotAllowed: there is no such letter, or ``actor`` is no administrator.
        Invalid: it was sent or is on its way.
    """
    letter = queries.outgoing_letter(session, actor, public_id)
    queries.must_administer(actor)
    if letter.state not in (FAILED, KEPT):
        raise Invalid(_("This letter was sent already or is on its way."))
    letter.state, letter.error = QUEUED, None
    _enqueue(session, now, letter)
    session.flush()
    return letter


def notify(
    session: Session,
    now: datetime,
    person: Person,
    texts: Mapping[str, str],
    link: str = "",
    *,
    unique_key: str | None = None,
    instance_id: int | None = None,
) -> Notice:
    """Put a line under a person's bell.

    Args:
        texts: ``{"en": …, "ru": …, "pl": …}``; see ``in_every_language``.
        link: address of one of our pages, beginning with ``/``.
        unique_key: with a key that was used before nothing is added.

    Raises:
        ValueError: ``link`` leads elsewhere.
    """
    if link and (not link.startswith("/") or link.startswith("//")):
        raise ValueError("A notice links to pages of ours only.")
    written, _new = _insert_once(
        session,
        Notice,
        {
            "public_id": new_public_id(),
            "unique_key": unique_key,
            "person_id": person.id,
            "texts": {language: text[:1000] for language, text in texts.items()},
            "link": link,
            "instance_id": instance_id,
            "created_at": now,
        },
    )
    return written


def mark_read(session: Session, now: datetime, actor: Person, public_id: str) -> Notice:
    """Mark one of the person's own notices as read.

    Raises:
        NotFound: he has no such notice.
    """
    notice = queries.notice(session, actor, public_id)
    if notice.read_at is None:
        notice.read_at = now
    session.flush()
    return notice


def mark_all_read(session: Session, now: datetime, actor: Person) -> None:
    """Mark all notices of the person as read."""
    session.execute(
        update(Notice).where(Notice.person_id == actor.id, Notice.read_at.is_(None)).values(read_at=now)
    )


def settle(session: Session, now: datetime, instance_id: int, link: str) -> None:
    """Mark everybody's notices about something that is over as read."""
    settled = {"at": now, "of_instance": instance_id, "about": link}
    session.connection().execute(_SETTLE, settled)
    for held in session.identity_map.values():
        if isinstance(held, Notice) and held.instance_id == instance_id:
            session.expire(held, ["read_at"])


def _enqueue(session: Session, now: datetime, letter: OutgoingLetter) -> None:
    # not a job of the instance: a letter still goes out when its case has ended
    payload = {"letter": letter.public_id}
    key = f"letter:{letter.public_id}"
    jobs.enqueue(session, LETTER_JOB, payload, now, now=now, unique_key=key, priority=jobs.LOW)


def _insert_once(session: Session, table: type[Written], values: dict[str, Any]) -> tuple[Written, bool]:
    """Add a row unless its unique key is taken; return the row and whether it is new."""
    if values["unique_key"] is None:
        row = table(**values)
        session.add(row)
        session.flush()
        return row, True
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = insert(table).values(values).on_conflict_do_nothing(index_elements=["unique_key"])
    added: Written | None = session.scalar(statement.returning(table))
    if added is not None:
        return added, True
    return session.scalars(select(table).where(table.unique_key == values["unique_key"])).one(), False
