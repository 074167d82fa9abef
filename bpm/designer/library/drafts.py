"""Changes drafts of forms and decisions: begin, keep, throw away, hand over to be published.

A draft is used by nothing. Every change names the revision it was made from, so that two people
who work at once do not overwrite each other.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Written:
    """A form or a decision model as text. ``base_number``: the publication it was made from."""

    name: str
    content: str
    base_number: int | None = None


def draft(session: Session, kind: str, key: str) -> LibraryDraft | None:
    """Return the draft of a form or of a decision model, or None."""
    found: LibraryDraft | None = session.scalar(_drafts(kind).where(LibraryDraft.key == key))
    return found


def locked(session: Session, kind: str, key: str) -> LibraryDraft | None:
    """Return a draft that is to be changed, or None."""
    query = select(LibraryDraft).where(LibraryDraft.kind == kind, LibraryDraft.key == key)
    return session.scalar(query.with_for_update())


def drafts(session: Session, kind: str) -> dict[str, LibraryDraft]:
    """Return all drafts of a kind by their keys."""
    return {one.key: one for one in session.scalars(_drafts(kind))}


def begin(
    session: Session, now: datetime, actor: Person, kind: str, key: str, written: Written
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
    return _add(session, now, actor, kind, key, written)


def keep(
    session: Session,
    now: datetime,
    actor: Person,
    kind: str,
    key: str,
    written: Written,
    *,
    revision: int,
    editor: str = "",
) -> LibraryDraft:
    """Keep what was made; it need not be finished.

    Args:
        revision: that of the draft it was made from; 0: it was made from a publication.
        editor: names the open page; the page that saved last may save again whatever revision it knows,
            because the answer to its last save may have been lost on the way.

    Raises:
        Conflict: somebody saved, published or threw away the draft meanwhile.
        Invalid: it is too large to be kept.
        NotFound: there is neither a draft nor a publication.
    """
    must_make(actor)
    must_fit(written)
    present = locked(session, kind, key)
    if present is None:
        if revision:
            raise Conflict(
                _(
                    "The draft was published or thrown away meanwhile. "
                    "Load the page again to go on from there."
                )
            )
        if written.base_number is None:
            raise NotFound(_("There is nothing called “%(key)s” here.", key=key))
        present = _add(session, now, actor, kind, key, written)
    else:
        if not editor or present.editor != editor:
            _must_be_at(present, revision)
        put(present, now, actor, written)
    present.editor = editor[:40]
    session.flush()
    return present


def put(present: LibraryDraft, now: datetime, actor: Person, written: Written) -> None:
    """Write over a draft."""
    present.name, present.content = written.name[:300], written.content
    present.saved_by_id, present.saved_by, present.saved_at = actor.id, actor, now
    present.revision += 1
    present.editor = ""


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


def must_fit(written: Written) -> None:
    """Refuse what is too large.

    Raises:
        Invalid: it is.
    """
    if len(written.content) > LONGEST:
        raise Invalid(_("This has become too large to be kept. Divide it in two."), problems=[])


def free_key(wanted: str, taken: Iterable[str]) -> str:
    """Return a key that is not taken: the wanted one, else with a number."""
    used = set(taken)
    candidates = (wanted if number == 1 else f"{wanted}_{number}" for number in range(1, len(used) + 2))
    return next(key for key in candidates if key not in used)


def _drafts(kind: str) -> Select[Any]:
    return select(LibraryDraft).where(LibraryDraft.kind == kind).options(joinedload(LibraryDraft.saved_by))


def _required(session: Session, kind: str, key: str) -> LibraryDraft:
    present = locked(session, kind, key)
    if present is None:
        raise NotFound(_("There is no draft of “%(key)s”.", key=key))
    return present


def _must_be_at(present: LibraryDraft, revision: int) -> None:
    if present.revision != revision:
        raise Conflict(_("%(who)s saved this on %(when)s, after you had opened it.", **_whose(present)))


def _whose(present: LibraryDraft) -> dict[str, str]:
    who = present.saved_by.name if present.saved_by else _("Somebody")
    return {"who": who, "when": format_moment(present.saved_at, "short")}


def _add(
    session: Session,
    now: datetime,
    actor: Person,
    kind: str,
    key: str,
    written: Written,
) -> LibraryDraft:
    made = LibraryDraft(
        kind=kind,
        key=key,
        name=written.name[:300],
        content=written.content,
        base_number=written.base_number,
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
