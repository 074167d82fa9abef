"""Read letters, letter templates and notices."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from bpm.config import LANGUAGES, ROOT
from bpm.db import latest_published
from bpm.errors import NotAllowed, NotFound
from bpm.language import _, using
from bpm.notifications.letter_text import LetterError
from bpm.notifications.models import LetterTemplate, Notice, OutgoingLetter
from bpm.people.models import Person
from bpm.people.queries import is_administrator

_LIBRARY = ROOT / "letters"


def letter_content(session: Session, key: str) -> Mapping[str, Any]:
    """Return the newest publication of a letter, or the one that ships if none was published.

    Raises:
        LetterError: there is no letter of that name.
    """
    published = latest_published(session, LetterTemplate, key)
    if published is not None:
        return published.content
    shipped = shipped_letter(key)
    if shipped is None:
        raise LetterError(_("There is no letter “%(key)s”. Publish it, or choose another one.", key=key))
    return shipped


@cache
def shipped_letter(key: str) -> Mapping[str, Any] | None:
    """Return a letter of the library that ships, None if there is none of that name."""
    if not key.replace("_", "").replace("-", "").isalnum():
        return None
    path = _LIBRARY / f"{key}.json"
    if not path.is_file():
        return None
    content: Mapping[str, Any] = json.loads(path.read_text("utf-8"))
    return content


def letter_keys(session: Session) -> list[str]:
    """Return the names of all letters, published or shipped."""
    published = set(session.scalars(select(LetterTemplate.key).distinct()))
    return sorted(published | {path.stem for path in _LIBRARY.glob("*.json")})


def may_administer(actor: Person | None) -> bool:
    """Say whether somebody may see every letter."""
    return is_administrator(actor)


def must_administer(actor: Person | None) -> None:
    """Refuse whoever is no administrator.

    Raises:
        NotAllowed
    """
    if not may_administer(actor):
        raise NotAllowed(_("Only administrators can see the outbox."))


def outgoing_letters(
    session: Session,
    actor: Person | None,
    *,
    state: str | None = None,
    text: str = "",
    before_id: int | None = None,
    limit: int = 50,
) -> Sequence[OutgoingLetter]:
    """Return letters, the newest first, a page at a time.

    Args:
        text: must occur in the recipient or the subject.

    Raises:
        NotAllowed: ``actor`` is no administrator.
    """
    must_administer(actor)
    question = select(OutgoingLetter).order_by(OutgoingLetter.id.desc()).limit(limit)
    if state:
        question = question.where(OutgoingLetter.state == state)
    if before_id is not None:
        question = question.where(OutgoingLetter.id < before_id)
    if text.strip():
        wanted = text.strip()
        question = question.where(
            or_(
                OutgoingLetter.recipient.icontains(wanted, autoescape=True),
                OutgoingLetter.subject.icontains(wanted, autoescape=True),
            )
        )
    return session.scalars(question).all()


def outgoing_letter(session: Session, actor: Person | None, public_id: str) -> OutgoingLetter:
    """Return one letter, for administrators and for the person it was written to.

    Raises:
        NotFound: there is none, or ``actor`` may not read it.
    """
    letter = stored_letter(session, public_id)
    allowed = letter is not None and (
        is_administrator(actor) or (actor is not None and letter.person_id == actor.id)
    )
    if letter is None or not allowed:
        raise NotFound(_("There is no such letter, or you may not read it."))
    return letter


def stored_letter(session: Session, public_id: str) -> OutgoingLetter | None:
    """Return one letter without asking who wants to read it; for the program itself."""
    return session.scalar(select(OutgoingLetter).where(OutgoingLetter.public_id == public_id))


def notices(
    session: Session, actor: Person, *, before_id: int | None = None, limit: int = 50
) -> Sequence[Notice]:
    """Return the person's notices, the newest first."""
    question = select(Notice).where(Notice.person_id == actor.id)
    if before_id is not None:
        question = question.where(Notice.id < before_id)
    return session.scalars(question.order_by(Notice.created_at.desc(), Notice.id.desc()).limit(limit)).all()


def notice(session: Session, actor: Person, public_id: str) -> Notice:
    """Return one of the person's own notices.

    Raises:
        NotFound: he has no such notice.
    """
    found = session.scalar(select(Notice).where(Notice.public_id == public_id, Notice.person_id == actor.id))
    if found is None:
        raise NotFound(_("There is no such notice."))
    return found


def number_unread(session: Session, actor: Person) -> int:
    """Return how many notices the person has not read."""
    unread = select(func.count()).select_from(Notice)
    return session.scalar(unread.where(Notice.person_id == actor.id, Notice.read_at.is_(None))) or 0


def in_every_language(text: Callable[[], str]) -> dict[str, str]:
    """Return what ``text`` gives in each language: ``in_every_language(lambda: _("Hello"))``."""
    texts = {}
    for language in LANGUAGES:
        with using(language):
            texts[language] = text()
    return texts
