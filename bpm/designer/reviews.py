"""A look by a second person before a draft is published: asked for, approved, sent back, demanded.

An approval is of what was seen: as soon as the diagram changes it counts no longer. That publishing is
refused without one is the engine's rule (``deployment.deploy``), so that no way leads around it.
Commits nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload

from bpm.designer import looking
from bpm.designer.models import Draft, Review
from bpm.designer.telling import tell
from bpm.engine import permissions
from bpm.engine.models import Process
from bpm.errors import Conflict, Invalid, NotAllowed, NotFound
from bpm.language import _, chosen
from bpm.people import queries as people
from bpm.people.models import Group, Person

ASKED, APPROVED, SENT_BACK, WITHDRAWN, PUBLISHED = "asked", "approved", "sent_back", "withdrawn", "published"
_LONGEST = 5_000


def content_of(xml: str) -> str:
    """Return what tells one diagram from another (SHA-256)."""
    return hashlib.sha256(xml.encode("utf-8")).hexdigest()


# --- who must look --------------------------------------------------------------------------------


def demand(session: Session, actor: Person, key: str, *, person: str = "", group: str = "") -> Process:
    """Say who must have looked at a process before it is published; neither: nobody must.

    Args:
        person, group: a login, or the key of a group of whose members one must look.

    Raises:
        NotFound: nothing was published under this key yet, or there is no such person or group.
        NotAllowed: the actor neither owns the process nor is an administrator.
    """
    process = looking.process_of(session, key)
    if process is None:
        raise NotFound(_("Publish the process first; then it can be said who must look at its next version."))
    if not permissions.can_administer_process(actor, process):
        raise NotAllowed(_("Only the owner of the process or an administrator can do this."))
    reviewer = people.required_person(session, person) if person else None
    found = session.scalar(select(Group).where(Group.key == group)) if group and not person else None
    if group and not person and found is None:
        raise NotFound(_("There is no group “%(key)s”.", key=group))
    process.reviewer_id = reviewer.id if reviewer is not None else None
    process.review_group_id = found.id if found is not None else None
    session.flush()
    session.refresh(process, ["reviewer", "review_group"])
    return process


def demanded(process: Process | None) -> str:
    """Return who must look, in words; empty if nobody must."""
    if process is None:
        return ""
    if process.reviewer is not None:
        return process.reviewer.name
    return chosen(process.review_group.names, process.review_group.key) if process.review_group else ""


def awaited(session: Session, actor: Person, process: Process | None) -> str:
    """Return who must look before ``actor`` can publish, in words; empty if nobody must."""
    if process is None or permissions.may_review(session, actor, process):
        return ""
    return demanded(process)


def candidates(session: Session, actor: Person, key: str) -> Sequence[Person]:
    """Return whom the actor can ask for a look: those whom the process demands, else everybody else."""
    process = looking.process_of(session, key)
    everybody = [one for one in people.people(session) if one.id != actor.id]
    if process is None or not permissions.needs_review(process):
        return everybody
    return [one for one in everybody if permissions.may_review(session, one, process)]


# --- asking and answering -------------------------------------------------------------------------


def ask(
    session: Session,
    now: datetime,
    actor: Person,
    key: str,
    login: str,
    words: str = "",
    *,
    base_url: str = "",
) -> Review:
    """Ask somebody to look at the draft; who was asked before is asked no longer.

    Raises:
        NotAllowed: the actor may not draw this process.
        NotFound: there is no draft or no such person.
        Invalid: the person cannot be the one who looks.
    """
    looking.must_draw(session, actor, key)
    draft = _draft(session, key)
    reviewer = people.person(session, login)
    if reviewer is None or reviewer not in candidates(session, actor, key):
        raise Invalid(_("Choose somebody else than yourself who may look at this process."), problems=[])
    _withdraw(session, key)
    review = Review(
        process_key=key,
        content=content_of(draft.xml),
        state=ASKED,
        words=words.strip()[:_LONGEST],
        answer="",
        asked_by_id=actor.id,
        asked_at=now,
        reviewer_id=reviewer.id,
    )
    session.add(review)
    session.flush()
    tell(
        session, now, reviewer,
        lambda: _(
            "%(who)s asks you to look at the draft of “%(process)s”.", who=actor.name, process=draft.name
        ),
        f"/processes/{key}/review", base_url=base_url, about=f"review:{review.public_id}", text=review.words,
    )  # fmt: skip
    return review


def answer(
    session: Session,
    now: datetime,
    actor: Person,
    key: str,
    *,
    approve: bool,
    text: str,
    content: str,
    base_url: str = "",
) -> Review:
    """Approve the draft or send it back.

    Args:
        content: of the diagram that the reviewer saw.

    Raises:
        NotFound: nobody asked the actor for a look.
        Conflict: the draft was changed while he looked.
        Invalid: it is sent back without a word.
    """
    review = open_review(session, key)
    if review is None or review.reviewer_id != actor.id:
        raise NotFound(_("Nobody waits for your look at this process (any more)."))
    draft = _draft(session, key)
    text = text.strip()[:_LONGEST]
    if not approve and not text:
        raise Invalid(_("Say what should be changed."), problems=[])
    if approve and content != content_of(draft.xml):
        raise Conflict(_("The draft was changed while you looked. Look at what is new, then approve."))
    review.state = APPROVED if approve else SENT_BACK
    review.answer, review.answered_at, review.content = text, now, content_of(draft.xml)
    session.flush()

    def words() -> str:
        known = {"who": actor.name, "process": draft.name}
        if approve:
            return _("%(who)s approved the draft of “%(process)s”. It can be published.", **known)
        return _("%(who)s sent the draft of “%(process)s” back.", **known)

    tell(
        session, now, review.asked_by, words, f"/processes/{key}/review",
        base_url=base_url, about=f"review:{review.public_id}:{review.state}", text=text,
    )  # fmt: skip
    return review


def withdraw(session: Session, actor: Person, key: str) -> None:
    """Take the question back.

    Raises:
        NotAllowed: the actor may not draw this process.
    """
    looking.must_draw(session, actor, key)
    _withdraw(session, key)


# --- reading --------------------------------------------------------------------------------------


def open_review(session: Session, key: str) -> Review | None:
    """Return the question that waits for an answer."""
    return session.scalar(
        select(Review)
        .where(Review.process_key == key, Review.state == ASKED)
        .options(joinedload(Review.reviewer), joinedload(Review.asked_by))
        .order_by(Review.id.desc())
        .limit(1)
    )


def latest(session: Session, key: str) -> Review | None:
    """Return the last question about the present draft, whatever became of it."""
    found = session.scalar(
        select(Review).where(Review.process_key == key).order_by(Review.id.desc()).limit(1)
    )
    return found if found is not None and found.state not in (PUBLISHED, WITHDRAWN) else None


def approval_of(session: Session, draft: Draft) -> Review | None:
    """Return the approval of exactly this draft."""
    review = latest(session, draft.process_key)
    if review is None or review.state != APPROVED or review.content != content_of(draft.xml):
        return None
    return review


def waiting_for(session: Session, person: Person) -> Sequence[tuple[Review, Draft]]:
    """Return the drafts at which a person was asked to look, oldest question first."""
    rows = session.execute(
        select(Review, Draft)
        .join(Draft, Draft.process_key == Review.process_key)
        .where(Review.reviewer_id == person.id, Review.state == ASKED)
        .options(joinedload(Review.asked_by))
        .order_by(Review.id)
    )
    return [(review, draft) for review, draft in rows]


# --- publishing -----------------------------------------------------------------------------------


def published(session: Session, key: str, number: int) -> None:
    """The draft became a version: what was open is over."""
    session.execute(
        update(Review)
        .where(Review.process_key == key, Review.state.in_((ASKED, APPROVED, SENT_BACK)))
        .values(state=PUBLISHED, version=number)
    )


def _withdraw(session: Session, key: str) -> None:
    session.execute(
        update(Review)
        .where(Review.process_key == key, Review.state.in_((ASKED, APPROVED, SENT_BACK)))
        .values(state=WITHDRAWN)
    )


def _draft(session: Session, key: str) -> Draft:
    draft = looking.draft_of(session, key)
    if draft is None:
        raise NotFound(_("There is no draft of the process “%(key)s”.", key=key))
    return draft
