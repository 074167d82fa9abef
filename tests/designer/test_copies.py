"""Two people draw at once: both drawings are kept, and either can be gone on with."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from bpm.designer import commands, copies, looking
from bpm.designer.models import Draft
from bpm.errors import NotAllowed, NotFound
from bpm.people.models import Person
from bpm.people.queries import required_person
from tests.designer.diagrams import runnable

pytestmark = pytest.mark.usefixtures("company")
KEY = "leave"


@pytest.fixture
def draft(session: Session, now: datetime, adam: Person, marta: Person) -> Draft:
    """Marta began, Adam saved; Marta, who had opened it before, comes too late."""
    commands.create_draft(session, now, marta, "Leave")
    return commands.save_draft(session, now, adam, KEY, runnable(KEY, step="Adams"), svg=None, revision=1)


def late(session: Session, now: datetime, marta: Person, step: str = "Martas") -> str:
    copy = copies.keep(session, now, marta, KEY, runnable(KEY, step=step), svg=None, editor="page of Marta")
    return copy.public_id


def test_what_came_too_late_is_kept_under_a_name_and_a_time(
    session: Session, now: datetime, marta: Person, draft: Draft
) -> None:
    public_id = late(session, now, marta)

    found = copies.copies(session, marta, KEY)
    assert [one.public_id for one in found] == [public_id]
    assert looking.copy_label(found[0]).startswith("Marta Dąbrowska’s copy of 03/03/2026")
    assert "Martas" in looking.shown(session, marta, KEY, f"copy-{public_id}").xml
    assert "Adams" in looking.shown(session, marta, KEY, "draft").xml


def test_the_same_page_goes_on_saving_into_its_copy(
    session: Session, now: datetime, marta: Person, draft: Draft
) -> None:
    first = late(session, now, marta)
    second = late(session, now + timedelta(minutes=1), marta, "Later")

    assert first == second and "Later" in copies.copies(session, marta, KEY)[0].xml


def test_who_goes_on_with_hers_keeps_his(
    session: Session, now: datetime, marta: Person, draft: Draft
) -> None:
    public_id = late(session, now, marta)

    copies.take(session, now, marta, KEY, public_id)

    assert "Martas" in looking.shown(session, marta, KEY, "draft").xml
    (kept,) = copies.copies(session, marta, KEY)
    assert "Adams" in kept.xml and looking.copy_label(kept).startswith("Adam Kamiński")


def test_a_copy_outlives_the_draft_and_becomes_one(
    session: Session, now: datetime, adam: Person, marta: Person, draft: Draft
) -> None:
    public_id = late(session, now, marta)
    commands.publish(session, now, adam, KEY, revision=2)

    # the publication made Adam the owner; he takes Marta's drawing over
    taken = copies.take(session, now, adam, KEY, public_id)

    assert "Martas" in taken.xml and copies.copies(session, adam, KEY) == []


def test_a_copy_is_thrown_away_once(session: Session, now: datetime, marta: Person, draft: Draft) -> None:
    public_id = late(session, now, marta)
    copies.discard(session, marta, KEY, public_id)

    with pytest.raises(NotFound):
        copies.discard(session, marta, KEY, public_id)


def test_only_those_who_draw_see_and_take_copies(
    session: Session, now: datetime, marta: Person, draft: Draft
) -> None:
    public_id = late(session, now, marta)
    anna = required_person(session, "anna.nowak")

    assert copies.copies(session, anna, KEY) == []
    with pytest.raises(NotFound):
        looking.shown(session, anna, KEY, f"copy-{public_id}")
    with pytest.raises(NotAllowed):
        copies.take(session, now, anna, KEY, public_id)
