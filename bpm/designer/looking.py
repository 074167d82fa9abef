"""Who may look at what is drawn before it runs, and the diagram that a name stands for.

Whoever may draw a process, whoever was asked for a look, and whoever was mentioned in a comment.
Names in addresses: ``draft``, the number of a version, ``copy-`` and the public id of a kept copy.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from bpm.designer import queries
from bpm.designer.library.models import LibraryCopy
from bpm.designer.models import Draft, DraftCopy, ElementComment, Mention, Review, Thread
from bpm.engine import permissions
from bpm.engine.models import Process
from bpm.errors import NotAllowed, NotFound
from bpm.language import _, chosen, format_moment
from bpm.people.models import Person

DRAFT = "draft"
COPY = "copy-"


@dataclass(frozen=True)
class Shown:
    """One diagram to look at. ``name``: as it stands in addresses; ``label``: in words."""

    name: str
    label: str
    xml: str
    number: int | None = None


def process_of(session: Session, key: str) -> Process | None:
    """Return the published process of a key; None while there is only a draft."""
    return session.scalar(select(Process).where(Process.key == key))


def draft_of(session: Session, key: str) -> Draft | None:
    """Return the draft of a process."""
    return session.scalar(select(Draft).where(Draft.process_key == key))


def may_draw(session: Session, person: Person, key: str) -> bool:
    """Tell whether a person may change the drawing of a process."""
    return permissions.can_deploy(person, process_of(session, key))


def may_look(session: Session, person: Person, key: str) -> bool:
    """Tell whether a person may look at the draft of a process and comment on it."""
    if may_draw(session, person, key):
        return True
    if not person.active:
        return False
    process = process_of(session, key)
    demanded = process is not None and permissions.needs_review(process)
    if process is not None and demanded and permissions.may_review(session, person, process):
        return True
    asked = exists().where(Review.process_key == key, Review.reviewer_id == person.id)
    mentioned = exists().where(
        Mention.person_id == person.id,
        Mention.comment_id == ElementComment.id,
        ElementComment.thread_id == Thread.id,
        Thread.process_key == key,
    )
    return bool(session.scalar(select(asked | mentioned)))


def must_look(session: Session, person: Person, key: str) -> None:
    """Refuse whoever may not look.

    Raises:
        NotFound: he may not know of it.
    """
    if not may_look(session, person, key):
        raise NotFound(_("There is no process “%(key)s”, or you may not see it.", key=key))


def must_draw(session: Session, person: Person, key: str) -> None:
    """Refuse whoever may not change the drawing.

    Raises:
        NotAllowed
    """
    if not may_draw(session, person, key):
        raise NotAllowed(_("You may not draw this process. Its owner or an administrator can."))


def shown(session: Session, actor: Person, key: str, name: str) -> Shown:
    """Return the diagram that a name stands for.

    Raises:
        NotFound: there is none of that name.
        NotAllowed: the actor may not see it.
    """
    if name.isdigit() and len(name) < 9:
        version = queries.version(session, actor, key, int(name))
        return Shown(name, _("Version %(number)s", number=version.number), version.xml, version.number)
    must_look(session, actor, key)
    if name == DRAFT:
        draft = draft_of(session, key)
        if draft is None:
            raise NotFound(_("There is no draft of the process “%(key)s”.", key=key))
        return Shown(name, _("Draft"), draft.xml)
    if name.startswith(COPY):
        copy = session.scalar(
            select(DraftCopy).where(
                DraftCopy.process_key == key, DraftCopy.public_id == name.removeprefix(COPY)
            )
        )
        if copy is not None:
            return Shown(name, copy_label(copy), copy.xml)
    raise NotFound(_("There is no version “%(name)s” of this process.", name=name[:40]))


def _may_read(session: Session, actor: Person, key: str) -> bool:
    try:
        queries.versions(session, actor, key)
    except NotAllowed:
        return False
    return True


def copy_label(copy: DraftCopy | LibraryCopy) -> str:
    """Return what a copy is called: whose it is, and of when."""
    who = copy.saved_by.name if copy.saved_by is not None else _("Somebody")
    return _("%(who)s’s copy of %(when)s", who=who, when=format_moment(copy.saved_at, "short"))


def choices(session: Session, actor: Person, key: str) -> list[tuple[str, str]]:
    """Return everything that can be looked at, newest first: name in addresses and words."""
    found = []
    if may_look(session, actor, key):
        if draft_of(session, key) is not None:
            found.append((DRAFT, _("Draft")))
        copies = session.scalars(
            select(DraftCopy).where(DraftCopy.process_key == key).order_by(DraftCopy.id.desc())
        )
        found += [(COPY + one.public_id, copy_label(one)) for one in copies]
    if process_of(session, key) is not None and _may_read(session, actor, key):
        found += [
            (str(one.number), _("Version %(number)s", number=one.number))
            for one in queries.versions(session, actor, key)
        ]
    return found


def title_of(process: Process) -> str:
    """Return what a process is called."""
    return chosen(process.names, process.key)
