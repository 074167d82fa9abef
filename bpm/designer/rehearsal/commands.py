"""Begins rehearsals, keeps what each deed made of them, goes back, and keeps the report of all paths.

What is done inside of a sandbox is none of the business of this module. Never commits.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from bpm.config import Settings
from bpm.designer import queries
from bpm.designer.queries import Source
from bpm.designer.rehearsal import beginning
from bpm.designer.rehearsal.models import Rehearsal, RehearsalStep
from bpm.designer.rehearsal.sandbox import Sandbox, entered
from bpm.errors import Conflict, Invalid, NotFound
from bpm.language import _
from bpm.people.models import Person

# a rehearsal nobody has touched for so long is thrown away
FORGOTTEN = timedelta(days=7)
MOST_STEPS = 200
# of a sandbox, packed; who makes that many documents should begin again
_LARGEST = 20_000_000


@dataclass(frozen=True)
class Kept:
    """A rehearsal as it stands now, without a transaction. ``changed``: the drawing is another by now."""

    key: str
    number: int
    words: str
    at: datetime
    image: bytes
    changed: bool
    report: dict[str, Any] | None


def drawing_of(source: Source) -> str:
    """Return the sign by which a drawing is known again."""
    return hashlib.sha256(source.xml.encode()).hexdigest()


def begin(session: Session, now: datetime, settings: Settings, actor: Person, key: str) -> None:
    """Begin the rehearsal of what the editor shows anew; an earlier one of the same person is gone then.

    Raises:
        CannotRun: the drawing has faults that forbid to run it.
        NotFound, NotAllowed: as ``designer.queries.source``.
    """
    source = queries.source(session, actor, key)
    image = beginning.begin(session, now, settings, key, source.xml)
    _forget(session, now, actor, key)
    row = Rehearsal(
        process_key=key, person_id=actor.id, drawing=drawing_of(source), began_at=now, changed_at=now
    )
    session.add(row)
    session.flush()
    session.add(RehearsalStep(rehearsal_id=row.id, number=0, words="", clock_at=now, image=image))
    session.flush()


def latest(session: Session, actor: Person, key: str) -> Kept | None:
    """Return the person's rehearsal of a process as it stands; None if there is none.

    Raises:
        NotFound, NotAllowed: as ``designer.queries.source``.
    """
    source = queries.source(session, actor, key)
    row = _row(session, actor, key)
    if row is None:
        return None
    step = _last(session, row)
    return Kept(
        key, step.number, step.words, step.clock_at, step.image, row.drawing != drawing_of(source), row.report
    )


def first_image(session: Session, actor: Person, key: str) -> tuple[bytes, datetime]:
    """Return the sandbox before anything was done in it, and the moment of its clock.

    Raises:
        NotFound: there is no rehearsal.
    """
    row = _required(session, actor, key)
    step = session.get_one(RehearsalStep, (row.id, 0))
    return step.image, step.clock_at


def done(kept: Kept, settings: Settings, deed: Callable[[Sandbox], str]) -> tuple[bytes, datetime, str]:
    """Do something in a copy of the sandbox; return it packed, the moment of its clock, and the words.

    Raises:
        Refusal: the engine refuses it; nothing has happened then.
    """
    with entered(kept.image, settings, kept.at) as sandbox:
        words = deed(sandbox)
        return sandbox.image.packed(), sandbox.now, words


def keep(
    session: Session, now: datetime, actor: Person, kept: Kept, image: bytes, at: datetime, words: str
) -> None:
    """Keep what a deed made of a rehearsal.

    Raises:
        Conflict: something else was done meanwhile, in another window.
        Invalid: it has become too long or too large.
    """
    row = _required(session, actor, kept.key)
    if _last(session, row).number != kept.number:
        raise Conflict(_("Something else was done in this rehearsal meanwhile. Look again."))
    if kept.number >= MOST_STEPS or len(image) > _LARGEST:
        raise Invalid(_("This rehearsal has become too long. Start again."), problems=[])
    session.add(
        RehearsalStep(rehearsal_id=row.id, number=kept.number + 1, words=words, clock_at=at, image=image)
    )
    row.changed_at = now
    session.flush()


def back(session: Session, now: datetime, actor: Person, key: str) -> None:
    """Take the last deed back.

    Raises:
        NotFound: there is no rehearsal.
        Conflict: nothing has been done yet.
    """
    row = _required(session, actor, key)
    step = _last(session, row)
    if step.number == 0:
        raise Conflict(_("Nothing has been done yet that could be taken back."))
    session.delete(step)
    row.changed_at = now
    session.flush()


def keep_report(session: Session, actor: Person, key: str, report: dict[str, Any]) -> None:
    """Keep what trying every path has found.

    Raises:
        NotFound: there is no rehearsal any more.
    """
    _required(session, actor, key).report = report
    session.flush()


def _row(session: Session, actor: Person, key: str, *, lock: bool = False) -> Rehearsal | None:
    question = select(Rehearsal).where(Rehearsal.process_key == key, Rehearsal.person_id == actor.id)
    return session.scalar(question.with_for_update() if lock else question)


def _required(session: Session, actor: Person, key: str) -> Rehearsal:
    row = _row(session, actor, key, lock=True)
    if row is None:
        raise NotFound(_("There is no rehearsal of this process. Begin one."))
    return row


def _last(session: Session, row: Rehearsal) -> RehearsalStep:
    number = session.scalar(
        select(func.max(RehearsalStep.number)).where(RehearsalStep.rehearsal_id == row.id)
    )
    return session.get_one(RehearsalStep, (row.id, number))


def _forget(session: Session, now: datetime, actor: Person, key: str) -> None:
    """Throw away the person's earlier rehearsal, and those of everybody that were left lying."""
    mine = (Rehearsal.process_key == key) & (Rehearsal.person_id == actor.id)
    old = session.scalars(select(Rehearsal.id).where(mine | (Rehearsal.changed_at < now - FORGOTTEN))).all()
    session.execute(delete(RehearsalStep).where(RehearsalStep.rehearsal_id.in_(old)))
    session.execute(delete(Rehearsal).where(Rehearsal.id.in_(old)))
