"""Tells somebody about a drawing: a line under the bell and a letter, each in his own language."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from bpm.errors import Invalid
from bpm.language import language, using
from bpm.notifications import commands as notifications
from bpm.notifications.queries import in_every_language
from bpm.people.models import Person

_log = logging.getLogger(__name__)


def tell(
    session: Session,
    now: datetime,
    person: Person,
    words: Callable[[], str],
    link: str,
    *,
    base_url: str,
    about: str,
    text: str = "",
) -> None:
    """Tell one person.

    Args:
        words: returns the sentence in the language of the moment.
        link: address of a page of ours; ``base_url`` is what stands before it in a letter.
        about: names what happened; the same is never told twice to the same person.
        text: what somebody wrote, for the letter.
    """
    notifications.notify(
        session, now, person, in_every_language(words), link, unique_key=f"{about}:{person.id}"
    )
    with using(person.language or language()):
        subject = words()
    body = "\n\n".join(part for part in (subject, text, base_url.rstrip("/") + link) if part)
    try:
        notifications.write_letter(
            session, now, person=person, subject=subject[:200], text=body,
            unique_key=f"{about}:letter:{person.id}", kind="designer",
        )  # fmt: skip
    except Invalid as error:  # no address: the bell rings all the same
        _log.warning("No letter to %s: %s", person.login, error.text)
