"""Conversations about the elements of a diagram, in which people are named by ``@login``.

Text is kept as it was typed and is always shown escaped. Who is mentioned may look at the process
and answer; only those who draw it can bring somebody in. Commits nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, joinedload, selectinload

from bpm.designer import looking, queries
from bpm.designer.models import ElementComment, Mention, Thread
from bpm.designer.telling import tell
from bpm.engine import permissions
from bpm.errors import Invalid, NotFound
from bpm.language import _
from bpm.people import queries as people
from bpm.people.models import Person

_LONGEST = 5_000
_MENTION = re.compile(r"(?<![\w.@-])@([a-z0-9][a-z0-9._-]*[a-z0-9])", re.IGNORECASE)


@dataclass(frozen=True)
class Part:
    """A piece of a comment. ``person``: it names this one."""

    text: str
    person: str = ""


# --- saying ---------------------------------------------------------------------------------------


def say(
    session: Session,
    now: datetime,
    actor: Person,
    key: str,
    text: str,
    *,
    element: str = "",
    thread: str = "",
    version: int | None = None,
    base_url: str = "",
) -> ElementComment:
    """Begin a conversation about an element, or answer in one; answering a settled one opens it again.

    Args:
        element: id in the diagram; thread: public id of a conversation. One of them.
        version: which version was looked at; None is the draft.

    Raises:
        NotFound: the actor may not look at the process, or there is no such conversation.
        Invalid: nothing was said, or somebody was named who cannot be.
    """
    must_read(session, actor, key, version)
    text = text.replace("\r\n", "\n").strip()
    if not text or len(text) > _LONGEST:
        raise Invalid(_("Write a comment of at most %(limit)s letters.", limit=_LONGEST), problems=[])
    named = _mentioned(session, actor, key, text)
    if thread:
        conversation = _thread(session, key, thread)
        conversation.resolved_at = conversation.resolved_by_id = None
    else:
        _must_exist(session, actor, key, element, version)
        conversation = Thread(process_key=key, element=element, version=version, began_at=now)
        session.add(conversation)
    comment = ElementComment(thread=conversation, author_id=actor.id, text=text, at=now)
    session.add(comment)
    session.flush()
    session.add_all(Mention(comment_id=comment.id, person_id=one.id) for one in named)
    session.flush()
    _tell(session, now, actor, key, comment, named, base_url)
    return comment


def resolve(
    session: Session, now: datetime, actor: Person, key: str, public_id: str, *, resolved: bool = True
) -> Thread:
    """Settle a conversation, or open it again.

    Raises:
        NotFound: the actor may not look at the process, or there is no such conversation.
    """
    found = _thread(session, key, public_id)
    must_read(session, actor, key, found.version)
    found.resolved_at = now if resolved else None
    found.resolved_by = actor if resolved else None
    session.flush()
    return found


def published(session: Session, key: str, number: int) -> None:
    """The draft became a version: what was said of the one was said of the other."""
    session.execute(
        update(Thread).where(Thread.process_key == key, Thread.version.is_(None)).values(version=number)
    )


# --- reading --------------------------------------------------------------------------------------


def must_read(session: Session, actor: Person, key: str, version: int | None) -> None:
    """Refuse whoever may neither look at the draft nor read the version.

    Raises:
        NotFound
    """
    if looking.may_look(session, actor, key):
        return
    process = looking.process_of(session, key)
    if process is not None and version is not None and permissions.can_administer_process(actor, process):
        return
    raise NotFound(_("There is no process “%(key)s”, or you may not see it.", key=key))


def threads(
    session: Session, key: str, *, version: int | None = None, every: bool = True
) -> Sequence[Thread]:
    """Return the conversations about a process, open ones first.

    Args:
        every: those about whatever version; else only about ``version`` (None: the draft).
    """
    question = (
        select(Thread)
        .where(Thread.process_key == key)
        .options(
            joinedload(Thread.resolved_by), selectinload(Thread.comments).joinedload(ElementComment.author)
        )
        .order_by(Thread.resolved_at.is_not(None), Thread.id)
    )
    if not every:
        question = question.where(Thread.version.is_(None) if version is None else Thread.version == version)
    return session.scalars(question.execution_options(populate_existing=True)).all()


def number_open(session: Session, key: str) -> int:
    """Return how many conversations about a process are not settled."""
    question = select(func.count()).select_from(Thread)
    return session.scalar(question.where(Thread.process_key == key, Thread.resolved_at.is_(None))) or 0


def parts(session: Session, text: str, names: dict[str, str] | None = None) -> list[Part]:
    """Return a comment in pieces: plain text, and people by name.

    Args:
        names: of people by login, where many comments are shown.
    """
    names = {one.login: one.name for one in people.people(session)} if names is None else names
    return list(_parts(text, names))


def _parts(text: str, names: dict[str, str]) -> Iterator[Part]:
    end = 0
    for found in _MENTION.finditer(text):
        login = found[1].lower()
        if login not in names:
            continue
        if found.start() > end:
            yield Part(text[end : found.start()])
        yield Part(found[0], names[login])
        end = found.end()
    if end < len(text):
        yield Part(text[end:])


def names_of_people(session: Session) -> dict[str, str]:
    """Return the names of active people by login."""
    return {one.login: one.name for one in people.people(session)}


def as_json(session: Session, thread: Thread, names: dict[str, str]) -> dict[str, Any]:
    """Return a conversation as the designer shows it."""
    return {
        "id": thread.public_id,
        "element": thread.element,
        "version": thread.version,
        "resolved_by": thread.resolved_by.name if thread.resolved_by and thread.resolved_at else None,
        "resolved": thread.resolved_at is not None,
        "comments": [
            {
                "author": one.author.name,
                "at": one.at,
                "parts": [{"text": part.text, "person": part.person} for part in _parts(one.text, names)],
            }
            for one in thread.comments
        ],
    }


# --- within ---------------------------------------------------------------------------------------


def _mentioned(session: Session, actor: Person, key: str, text: str) -> list[Person]:
    logins = dict.fromkeys(found[1].lower() for found in _MENTION.finditer(text))
    found = [
        one for one in (people.person(session, login) for login in logins) if one is not None and one.active
    ]
    if looking.may_draw(session, actor, key):
        return found
    strangers = [one.name for one in found if not looking.may_look(session, one, key)]
    if strangers:
        raise Invalid(
            _("%(who)s may not see this draft. Only those who draw the process can bring somebody in.",
              who=", ".join(strangers)),
            problems=[],
        )  # fmt: skip
    return found


def _tell(
    session: Session,
    now: datetime,
    actor: Person,
    key: str,
    comment: ElementComment,
    named: Sequence[Person],
    base_url: str,
) -> None:
    """Tell those who are named, and those who spoke in the conversation before."""
    process, draft = looking.process_of(session, key), looking.draft_of(session, key)
    title = draft.name if draft is not None else looking.title_of(process) if process is not None else key
    link = f"/processes/{key}/comments#thread-{comment.thread.public_id}"

    def mentioned() -> str:
        return _("%(who)s mentioned you in a comment on “%(process)s”.", who=actor.name, process=title)

    def answered() -> str:
        return _("%(who)s answered in a conversation about “%(process)s”.", who=actor.name, process=title)

    told = {actor.id}
    for one in named:
        if one.id not in told:
            told.add(one.id)
            tell(session, now, one, mentioned, link, base_url=base_url,
                 about=f"mention:{comment.public_id}", text=comment.text)  # fmt: skip
    for earlier in comment.thread.comments:
        one = earlier.author
        if one.id not in told and one.active:
            told.add(one.id)
            tell(session, now, one, answered, link, base_url=base_url,
                 about=f"comment:{comment.public_id}", text=comment.text)  # fmt: skip


def _thread(session: Session, key: str, public_id: str) -> Thread:
    found = session.scalar(select(Thread).where(Thread.process_key == key, Thread.public_id == public_id))
    if found is None:
        raise NotFound(_("There is no such conversation."))
    return found


def _must_exist(session: Session, actor: Person, key: str, element: str, version: int | None) -> None:
    """A conversation is about something that is drawn; one just drawn may not be saved yet."""
    if not element or len(element) > 200:
        raise Invalid(_("Choose the step that the comment is about."), problems=[])
    if version is not None:
        queries.version(session, actor, key, version)
