"""Copies of forms and decisions that lost a race: kept, shown, taken as the draft, thrown away.

Two people change one draft at once, one saves first: what the other has made is kept beside the draft,
as ``bpm.designer.copies`` keeps drawings. Commits nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from bpm.designer.library import drafts
from bpm.designer.library.drafts import Written
from bpm.designer.library.models import LibraryCopy, LibraryDraft
from bpm.errors import Invalid, NotFound
from bpm.language import _
from bpm.people.models import Person

# a page that goes on saving writes into its own copy; no more than these are kept of one thing
_MOST = 50


def copies(session: Session, kind: str, key: str) -> Sequence[LibraryCopy]:
    """Return the copies of a form or of a decision model, newest first."""
    return session.scalars(
        select(LibraryCopy)
        .where(LibraryCopy.kind == kind, LibraryCopy.key == key)
        .options(joinedload(LibraryCopy.saved_by))
        .order_by(LibraryCopy.id.desc())
    ).all()


def copy(session: Session, kind: str, key: str, public_id: str) -> LibraryCopy:
    """Return one copy.

    Raises:
        NotFound: there is no such copy.
    """
    found = next((one for one in copies(session, kind, key) if one.public_id == public_id), None)
    if found is None:
        raise NotFound(_("There is no such copy; somebody took it or threw it away."))
    return found


def keep(
    session: Session, now: datetime, actor: Person, kind: str, key: str, written: Written, *, editor: str
) -> LibraryCopy:
    """Keep what somebody made while another saved the draft; the same page overwrites its own copy.

    Raises:
        NotAllowed: the actor is no process owner.
        Invalid: it is too large, or there are too many copies.
    """
    drafts.must_make(actor)
    drafts.must_fit(written)
    present, page = copies(session, kind, key), editor[:40]
    mine = (one for one in present if page and one.editor == page and one.saved_by_id == actor.id)
    found = next(mine, None)
    if found is None:
        if len(present) >= _MOST:
            raise Invalid(_("There are too many copies of this. Throw some away first."), problems=[])
        found = LibraryCopy(kind=kind, key=key, editor=page)
        session.add(found)
    found.name, found.content, found.base_number = written.name[:300], written.content, written.base_number
    found.saved_by_id, found.saved_by, found.saved_at = actor.id, actor, now
    session.flush()
    return found


def take(session: Session, now: datetime, actor: Person, kind: str, key: str, public_id: str) -> LibraryDraft:
    """Go on with a copy: it becomes the draft, and the draft so far becomes a copy in its place.

    Raises:
        NotAllowed: the actor is no process owner.
        NotFound: there is no such copy.
    """
    drafts.must_make(actor)
    found, draft = copy(session, kind, key, public_id), drafts.locked(session, kind, key)
    written = Written(found.name, found.content, found.base_number)
    if draft is None:
        session.delete(found)
        return drafts.begin(session, now, actor, kind, key, written)
    found.name, found.content, found.base_number = draft.name, draft.content, draft.base_number
    found.saved_by, found.saved_at, found.editor = draft.saved_by, draft.saved_at, ""
    drafts.put(draft, now, actor, written)
    session.flush()
    return draft


def discard(session: Session, actor: Person, kind: str, key: str, public_id: str) -> None:
    """Throw a copy away.

    Raises:
        NotAllowed: the actor is no process owner.
        NotFound: there is no such copy.
    """
    drafts.must_make(actor)
    session.delete(copy(session, kind, key, public_id))
    session.flush()
