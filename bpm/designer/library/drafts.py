"""Changes drafts of forms and decisions: begin, keep, throw away, hand over to be published.

A draft is used by nothing. Every change names the revision it was made from, so that two people
who work at once do not overwrite each other.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from bpm.designer.library.models import LibraryDraft
from bpm.errors import Conflict, Invalid, NotAllowed, NotFound
from bpm.language import _, format_moment
from bpm.people.models import Person
from bpm.people.queries import PROCESS_OWNER, has_role

LONGEST = 1_000_000


def draft(session: Session, kind: str, key: str) -> LibraryDraft | None:
    """Return the draft of a form or of a decision model, or None."""
    found: LibraryDraft | None = session.scalar(_drafts(kind).where(LibraryDraft.key == key))
    return found


def drafts(session: Session, kind: str) -> dict[str, LibraryDraft]:
    """Return all drafts of a kind by their keys."""
    return {one.key: one for one in session.scalars(_drafts(kind))}


def begin(
    session: Session,
    now: datetime,
    actor: Person,
    kind: str,
    key: str,
    *,
    name: str,
    content: str,
    base_number: int | None = None,
) -> LibraryDraft:
    """Begin a draft.

    Raises:
        NotAllowed: the actor is no process owner.
        Conflict: there is one already; names who saved it and when.
    """
    must_make(actor)
    present = draft(session, kind, key)
    if present is not None:
        raise Conflict(
            _(
                "There is a draft already, saved by %(who)s on %(when)s. Publish it or throw it away first.",
                **_whose(present),
            )
        )
    return _add(session, now, actor, kind, key, name, content, base_number)


def keep(
    session: Session,
    now: datetime,
    actor: Person,
    kind: str,
    key: str,
    *,
    name: str,
    content: str,
    revision: int,
    editor: str = "",
    base_number: int | None = None,
) -> LibraryDraft:
    """Keep what was made.

    Args:
        revision: that of the draft it was made from; 0: it was made from the publication ``base_number``.
        editor: names the open page; the page that saved last may save again whatever revision it knows,
            because the answer to its last save may have been lost on the way.

    Raises:
        Conflict: somebody saved, published or threw away the draft meanwhile.
        Invalid: it is too large to be kept.
        NotFound: there is neither a draft nor a publication.
    """
    must_make(actor)
    if len(content) > LONGEST:
        raise Invalid(_("This has become too large to be kept. Divide it in two."), problems=[])
    present = _locked(session, kind, key)
    if present is None:
        if revision:
            raise Conflict(
                _(
                    "The draft was published or thrown away meanwhile. "
                    "Load the page again to go on from there."
                )
            )
        if base_number is None:
            raise NotFound(_("There is nothing called “%(key)s” here.", key=key))
        present = _add(session, now, actor, kind, key, name, content, base_number)
    else:
        if not editor or present.editor != editor:
            _must_be_at(present, revision)
        present.name, present.content = name[:300], content
        present.saved_by_id, present.saved_by, present.saved_at = actor.id, actor, now
        present.revision += 1
    present.editor = editor[:40]
    session.flush()
    return present


def discard(session: Session, actor: Person, kind: str, key: str) -> None:
    """Throw the draft away; what is published stays.

    Raises:
        NotFound: there is no draft.
    """
    must_make(actor)
    session.delete(_required(session, kind, key))
    session.flush()


def ready(session: Session, actor: Person, kind: str, key: str, revision: int) -> LibraryDraft:
    """Return the draft that is to be published, locked.

    Raises:
        Conflict: somebody changed it meanwhile.
        NotFound: there is none.
    """
    must_make(actor)
    present = _required(session, kind, key)
    _must_be_at(present, revision)
    return present


def must_make(actor: Person) -> None:
    """Refuse whoever is no process owner.

    Raises:
        NotAllowed: he is none.
    """
    if not has_role(actor, PROCESS_OWNER):
        raise NotAllowed(_("Only process owners make forms and decisions. Ask an administrator."))


def free_key(wanted: str, taken: Iterable[str]) -> str:
    """Return a key that is not taken: the wanted one, else with a number."""
    used = set(taken)
    candidates = (wanted if number == 1 else f"{wanted}_{number}" for number in range(1, len(used) + 2))
    return next(key for key in candidates if key not in used)


def _drafts(kind: str) -> Select[Any]:
    return select(LibraryDraft).where(LibraryDraft.kind == kind).options(joinedload(LibraryDraft.saved_by))


def _locked(session: Session, kind: str, key: str) -> LibraryDraft | None:
    query = select(LibraryDraft).where(LibraryDraft.kind == kind, LibraryDraft.key == key)
    return session.scalar(query.with_for_update())


def _required(session: Session, kind: str, key: str) -> LibraryDraft:
    present = _locked(session, kind, key)
    if present is None:
        raise NotFound(_("There is no draft of “%(key)s”.", key=key))
    return present


def _must_be_at(present: LibraryDraft, revision: int) -> None:
    if present.revision != revision:
        raise Conflict(
            _(
                "%(who)s saved this on %(when)s. Load the page again to go on from there; "
                "download what you have made first if you want to keep it.",
                **_whose(present),
            )
        )


def _whose(present: LibraryDraft) -> dict[str, str]:
    who = present.saved_by.name if present.saved_by else _("Somebody")
    return {"who": who, "when": format_moment(present.saved_at, "short")}


def _add(
    session: Session,
    now: datetime,
    actor: Person,
    kind: str,
    key: str,
    name: str,
    content: str,
    base_number: int | None,
) -> LibraryDraft:
    made = LibraryDraft(
        kind=kind,
        key=key,
        name=name[:300],
        content=content,
        base_number=base_number,
        revision=1,
        saved_by_id=actor.id,
        saved_at=now,
    )
    made.saved_by = actor
    try:
        with session.begin_nested():
            session.add(made)
    except IntegrityError as error:
        raise Conflict(_("Somebody began a draft at the same moment. Load the page again.")) from error
    return made
