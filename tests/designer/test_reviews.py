"""A second person looks before a version is published: asked, approved, sent back, demanded."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bpm.designer import commands, looking, reviews
from bpm.designer.models import Draft
from bpm.engine.commands import deploy
from bpm.errors import Conflict, Invalid, NotAllowed, NotFound
from bpm.notifications.models import Notice, OutgoingLetter
from bpm.people.models import Person
from bpm.people.queries import required_person
from tests.designer.diagrams import runnable

pytestmark = pytest.mark.usefixtures("company")
KEY = "leave"


@pytest.fixture
def draft(session: Session, now: datetime, marta: Person) -> Draft:
    """A published process of Marta's with a draft of its second version."""
    commands.create_draft(session, now, marta, "Leave")
    commands.save_draft(session, now, marta, KEY, runnable(KEY), svg=None, revision=1)
    commands.publish(session, now, marta, KEY, revision=2)
    return commands.save_draft(session, now, marta, KEY, runnable(KEY, step="Second"), svg=None, revision=0)


def approved(session: Session, now: datetime, olga: Person, draft: Draft) -> None:
    reviews.answer(session, now, olga, KEY, approve=True, text="Fine", content=reviews.content_of(draft.xml))


def test_who_is_asked_hears_of_it_and_may_look(
    session: Session, now: datetime, marta: Person, olga: Person, draft: Draft
) -> None:
    assert not looking.may_look(session, olga, KEY)

    reviews.ask(session, now, marta, KEY, "olga.ivanova", "Is the term long enough?", base_url="http://x")

    assert looking.may_look(session, olga, KEY) and not looking.may_draw(session, olga, KEY)
    (entry,) = reviews.waiting_for(session, olga)
    assert entry[0].words == "Is the term long enough?" and entry[1].name == "Leave"
    notice = session.scalars(select(Notice).where(Notice.person_id == olga.id)).one()
    assert notice.link == "/processes/leave/review" and "Marta Dąbrowska asks you" in notice.texts["en"]
    letter = session.scalars(select(OutgoingLetter).where(OutgoingLetter.person_id == olga.id)).one()
    assert "http://x/processes/leave/review" in letter.text


def test_an_approval_is_recorded_in_the_version(
    session: Session, now: datetime, marta: Person, olga: Person, draft: Draft
) -> None:
    reviews.ask(session, now, marta, KEY, "olga.ivanova")
    approved(session, now, olga, draft)

    version = commands.publish(session, now, marta, KEY, revision=1, note="Two")

    assert version.reviewed_by is olga and reviews.latest(session, KEY) is None
    assert reviews.waiting_for(session, olga) == []


def test_a_version_that_nobody_looked_at_names_nobody(
    session: Session, now: datetime, marta: Person, draft: Draft
) -> None:
    assert commands.publish(session, now, marta, KEY, revision=1).reviewed_by is None


def test_what_is_demanded_stops_every_way_of_publishing(
    session: Session, now: datetime, marta: Person, olga: Person, draft: Draft
) -> None:
    reviews.demand(session, marta, KEY, person="olga.ivanova")

    with pytest.raises(NotAllowed) as refused:
        commands.publish(session, now, marta, KEY, revision=1)
    assert "Olga Ivanova" in refused.value.text
    with pytest.raises(NotAllowed):
        deploy(session, now, marta, draft.xml)

    reviews.ask(session, now, marta, KEY, "olga.ivanova")
    approved(session, now, olga, draft)
    assert commands.publish(session, now, marta, KEY, revision=1).number == 2


def test_whoever_publishes_reads_beforehand_who_must_look(
    session: Session, now: datetime, marta: Person, olga: Person, draft: Draft
) -> None:
    process = looking.process_of(session, KEY)
    assert reviews.awaited(session, marta, process) == ""

    reviews.demand(session, marta, KEY, person="olga.ivanova")

    assert reviews.awaited(session, marta, process) == "Olga Ivanova"
    # who must look may publish by herself
    assert reviews.awaited(session, olga, process) == ""
    # and what was never published is nobody's to look at
    assert reviews.awaited(session, marta, None) == ""


def test_somebody_of_a_group_may_be_demanded(
    session: Session, now: datetime, marta: Person, draft: Draft
) -> None:
    reviews.demand(session, marta, KEY, group="lawyer")

    names = {one.login for one in reviews.candidates(session, marta, KEY)}
    assert "emily.clark" in names and "olga.ivanova" not in names
    with pytest.raises(Invalid):
        reviews.ask(session, now, marta, KEY, "olga.ivanova")

    emily = required_person(session, "emily.clark")
    reviews.ask(session, now, marta, KEY, "emily.clark")
    approved(session, now, emily, draft)
    assert commands.publish(session, now, marta, KEY, revision=1).reviewed_by is emily


def test_a_change_after_the_approval_needs_another_look(
    session: Session, now: datetime, marta: Person, olga: Person, draft: Draft
) -> None:
    reviews.demand(session, marta, KEY, person="olga.ivanova")
    reviews.ask(session, now, marta, KEY, "olga.ivanova")
    approved(session, now, olga, draft)
    commands.save_draft(session, now, marta, KEY, runnable(KEY, step="Third"), svg=None, revision=1)

    with pytest.raises(NotAllowed):
        commands.publish(session, now, marta, KEY, revision=2)


def test_nobody_approves_what_she_did_not_see(
    session: Session, now: datetime, marta: Person, olga: Person, draft: Draft
) -> None:
    reviews.ask(session, now, marta, KEY, "olga.ivanova")
    seen = reviews.content_of(draft.xml)
    commands.save_draft(session, now, marta, KEY, runnable(KEY, step="Third"), svg=None, revision=1)

    with pytest.raises(Conflict):
        reviews.answer(session, now, olga, KEY, approve=True, text="", content=seen)


def test_it_is_sent_back_with_words_and_the_owner_hears_them(
    session: Session, now: datetime, marta: Person, olga: Person, draft: Draft
) -> None:
    reviews.ask(session, now, marta, KEY, "olga.ivanova")
    with pytest.raises(Invalid):
        reviews.answer(session, now, olga, KEY, approve=False, text=" ", content="")

    reviews.answer(session, now, olga, KEY, approve=False, text="Too short a term", content="")

    notice = session.scalars(select(Notice).where(Notice.person_id == marta.id)).one()
    assert "sent the draft of “Leave” back" in notice.texts["en"]
    assert reviews.approval_of(session, draft) is None
    with pytest.raises(NotFound):  # it is answered
        approved(session, now, olga, draft)


def test_only_owners_ask_and_demand_and_nobody_looks_at_her_own(
    session: Session, now: datetime, marta: Person, olga: Person, draft: Draft
) -> None:
    with pytest.raises(NotAllowed):
        reviews.ask(session, now, olga, KEY, "anna.nowak")
    with pytest.raises(NotAllowed):
        reviews.demand(session, olga, KEY, person="olga.ivanova")
    with pytest.raises(Invalid):
        reviews.ask(session, now, marta, KEY, "marta.dabrowska")
    with pytest.raises(NotFound):
        approved(session, now, olga, draft)
