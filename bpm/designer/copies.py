"""Copies of drawings that lost a race: kept, shown, taken as the draft, thrown away.

Two people draw at once, one saves first: what the other has drawn is kept beside the draft.
Commits nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from bpm.designer import commands, diagram, looking
from bpm.designer.models import Draft, DraftCopy
from bpm.designer.svg import sanitised
from bpm.engine.diagram.xml import parse
from bpm.errors import Invalid, NotFound
from bpm.language import _
from bpm.people.models import Person

# a page that goes on saving writes into its own copy; no more than these are kept of one process
_MOST = 50


def copies(session: Session, actor: Person, key: str) -> Sequence[DraftCopy]:
    """Return the copies of a process, newest first; none for those who may not look."""
    if not looking.may_look(session, actor, key):
        return []
    return session.scalars(
        select(DraftCopy)
        .where(DraftCopy.process_key == key)
        .options(joinedload(DraftCopy.saved_by))
        .order_by(DraftCopy.id.desc())
    ).all()


def keep(
    session: Session, now: datetime, actor: Person, key: str, xml: str, *, svg: str | None, editor: str
) -> DraftCopy:
    """Keep what somebody drew while another saved the draft; the same page overwrites its own copy.

    Raises:
        NotAllowed: the actor may not draw this process.
        Invalid: the text is no diagram of this process, or there are too many copies.
    """
    looking.must_draw(session, actor, key)
    root = parse(xml.encode("utf-8"))
    if not diagram.is_of(root, key):
        raise Invalid(_("The diagram is of another process (“%(key)s”).", key=diagram.key_of(root)))
    found = session.scalar(
        select(DraftCopy).where(
            DraftCopy.process_key == key, DraftCopy.editor == editor[:40], DraftCopy.saved_by_id == actor.id
        )
    )
    if found is None or not editor:
        if len(copies(session, actor, key)) >= _MOST:
            raise Invalid(_("There are too many copies of this process. Throw some away first."), problems=[])
        found = DraftCopy(process_key=key, editor=editor[:40], saved_by_id=actor.id)
        session.add(found)
    found.xml, found.svg, found.name = xml, sanitised(svg), diagram.name_of(root)[:300]
    found.saved_by, found.saved_at = actor, now
    session.flush()
    return found


def take(session: Session, now: datetime, actor: Person, key: str, public_id: str) -> Draft:
    """Go on with a copy: it becomes the draft, and the draft so far becomes a copy in its place.

    Raises:
        NotAllowed: the actor may not draw this process.
        NotFound: there is no such copy.
    """
    looking.must_draw(session, actor, key)
    copy = _required(session, key, public_id)
    draft = session.scalar(select(Draft).where(Draft.process_key == key).with_for_update())
    xml, svg = copy.xml, copy.svg
    if draft is None:
        session.delete(copy)
        session.flush()
        return commands.save_draft(session, now, actor, key, xml, svg=svg, revision=0)
    copy.xml, copy.svg, copy.name = draft.xml, draft.svg, draft.name
    copy.saved_by_id, copy.saved_at, copy.editor = draft.saved_by_id, draft.saved_at, ""
    return commands.save_draft(session, now, actor, key, xml, svg=svg, revision=draft.revision)


def discard(session: Session, actor: Person, key: str, public_id: str) -> None:
    """Throw a copy away.

    Raises:
        NotAllowed: the actor may not draw this process.
        NotFound: there is no such copy.
    """
    looking.must_draw(session, actor, key)
    session.delete(_required(session, key, public_id))
    session.flush()


def _required(session: Session, key: str, public_id: str) -> DraftCopy:
    found = session.scalar(
        select(DraftCopy).where(DraftCopy.process_key == key, DraftCopy.public_id == public_id)
    )
    if found is None:
        raise NotFound(_("There is no such copy; somebody took it or threw it away."))
    return found
