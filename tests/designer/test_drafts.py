"""Drafts: made, saved by one or by two, published, thrown away, restored, imported."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from bpm.designer import commands, queries
from bpm.designer.models import Draft
from bpm.engine.problems import CannotRun
from bpm.errors import Conflict, Invalid, NotAllowed, NotFound
from bpm.people.models import Person
from tests.designer.diagrams import runnable, without_condition

pytestmark = pytest.mark.usefixtures("company")


@pytest.fixture
def draft(session: Session, now: datetime, marta: Person) -> Draft:
    return commands.create_draft(session, now, marta, "Leave")


def saved(
    session: Session, now: datetime, who: Person, draft: Draft, xml: str, revision: int, **more: str
) -> Draft:
    return commands.save_draft(session, now, who, draft.process_key, xml, svg=None, revision=revision, **more)


def test_a_new_process_begins_empty_with_a_key_made_of_its_name(
    session: Session, now: datetime, marta: Person
) -> None:
    draft = commands.create_draft(session, now, marta, "Отпуск и źródło №1")

    assert draft.process_key == "otpusk_i_zrodlo_1"
    assert 'name="Отпуск и źródło №1"' in draft.xml
    assert queries.source(session, marta, draft.process_key).revision == 1


def test_two_processes_of_one_name_get_two_keys(
    session: Session, now: datetime, marta: Person, draft: Draft
) -> None:
    assert commands.create_draft(session, now, marta, "Leave").process_key == "leave_2"


@pytest.mark.parametrize("name", ["", "   ", "x" * 201])
def test_a_process_needs_a_name(session: Session, now: datetime, marta: Person, name: str) -> None:
    with pytest.raises(Invalid):
        commands.create_draft(session, now, marta, name)


def test_only_process_owners_draw(session: Session, now: datetime, anna: Person, draft: Draft) -> None:
    with pytest.raises(NotAllowed):
        commands.create_draft(session, now, anna, "Mine")
    with pytest.raises(NotAllowed):
        saved(session, now, anna, draft, runnable("leave"), 1)
    with pytest.raises(NotAllowed):
        queries.source(session, anna, "leave")


def test_saving_counts_revisions_and_follows_the_name(
    session: Session, now: datetime, marta: Person, draft: Draft
) -> None:
    saved(session, now, marta, draft, runnable("leave", "Holiday"), 1)

    source = queries.source(session, marta, "leave")
    assert (source.revision, source.name) == (2, "Holiday")


def test_who_saves_an_older_revision_is_told_who_was_faster_and_when(
    session: Session, now: datetime, marta: Person, adam: Person, draft: Draft
) -> None:
    saved(session, now, adam, draft, runnable("leave"), 1, editor="page of Adam")

    with pytest.raises(Conflict) as refused:
        saved(session, now, marta, draft, runnable("leave", step="Mine"), 1, editor="page of Marta")

    assert "Adam Kamiński" in refused.value.text and "03/03/2026" in refused.value.text
    assert 'name="Decide"' in queries.source(session, marta, "leave").xml


def test_a_page_may_repeat_a_save_whose_answer_was_lost(
    session: Session, now: datetime, marta: Person, draft: Draft
) -> None:
    saved(session, now, marta, draft, runnable("leave"), 1, editor="page")

    again = saved(session, now, marta, draft, runnable("leave", step="Later"), 1, editor="page")

    assert again.revision == 3 and 'name="Later"' in again.xml


@pytest.mark.parametrize(
    "xml",
    ["no xml", "<a/>", runnable("another"), runnable("leave").replace("<bpmn:def", "<!DOCTYPE a><bpmn:def")],
)
def test_what_is_no_diagram_of_the_process_is_not_saved(
    session: Session, now: datetime, marta: Person, draft: Draft, xml: str
) -> None:
    with pytest.raises(Invalid):
        saved(session, now, marta, draft, xml, 1)


def test_publishing_makes_a_version_and_ends_the_draft(
    session: Session, now: datetime, marta: Person, draft: Draft
) -> None:
    saved(session, now, marta, draft, runnable("leave"), 1)

    version = commands.publish(session, now, marta, "leave", revision=2, note=" First ")

    assert (version.number, version.note, version.published_by_id) == (1, "First", marta.id)
    source = queries.source(session, marta, "leave")
    assert (source.revision, source.draft, source.number) == (0, None, 1)


def test_a_diagram_that_cannot_run_is_not_published(
    session: Session, now: datetime, marta: Person, draft: Draft
) -> None:
    saved(session, now, marta, draft, without_condition("leave"), 1)

    with pytest.raises(CannotRun) as refused:
        commands.publish(session, now, marta, "leave", revision=2)

    assert {one.element for one in refused.value.problems} & {"how", "f2", "f3"}
    assert queries.source(session, marta, "leave").revision == 2
    assert queries.problems(without_condition("leave")) == [
        queries.told(one) for one in refused.value.problems
    ]


def test_nobody_publishes_what_somebody_else_has_changed_meanwhile(
    session: Session, now: datetime, marta: Person, adam: Person, draft: Draft
) -> None:
    saved(session, now, adam, draft, runnable("leave"), 1)

    with pytest.raises(Conflict):
        commands.publish(session, now, marta, "leave", revision=1)


def test_a_save_after_the_draft_was_published_is_a_conflict(
    session: Session, now: datetime, marta: Person, draft: Draft
) -> None:
    saved(session, now, marta, draft, runnable("leave"), 1)
    commands.publish(session, now, marta, "leave", revision=2)

    with pytest.raises(Conflict):
        saved(session, now, marta, draft, runnable("leave", step="Late"), 2)


def test_the_next_change_begins_a_draft_of_the_published_version(
    session: Session, now: datetime, marta: Person, draft: Draft
) -> None:
    saved(session, now, marta, draft, runnable("leave"), 1)
    commands.publish(session, now, marta, "leave", revision=2)

    next_draft = commands.save_draft(
        session, now, marta, "leave", runnable("leave", step="New"), svg=None, revision=0
    )

    assert (next_draft.revision, next_draft.base_version) == (1, 1)
    assert commands.publish(session, now, marta, "leave", revision=1).number == 2


def test_an_older_version_comes_back_as_a_draft_unless_one_would_be_lost(
    session: Session, now: datetime, marta: Person, draft: Draft
) -> None:
    saved(session, now, marta, draft, runnable("leave", step="First"), 1)
    commands.publish(session, now, marta, "leave", revision=2)
    commands.save_draft(session, now, marta, "leave", runnable("leave", step="Second"), svg=None, revision=0)

    with pytest.raises(Conflict):
        commands.restore(session, now, marta, "leave", 1)

    commands.publish(session, now, marta, "leave", revision=1)
    assert 'name="First"' in commands.restore(session, now, marta, "leave", 1).xml
    with pytest.raises(NotFound):
        commands.restore(session, now, marta, "leave", 9)


def test_a_draft_thrown_away_leaves_the_published_version(
    session: Session, now: datetime, marta: Person, draft: Draft
) -> None:
    saved(session, now, marta, draft, runnable("leave"), 1)
    commands.publish(session, now, marta, "leave", revision=2)
    commands.save_draft(session, now, marta, "leave", runnable("leave", step="No"), svg=None, revision=0)

    commands.discard(session, marta, "leave")

    assert 'name="Decide"' in queries.source(session, marta, "leave").xml
    with pytest.raises(NotFound):
        commands.discard(session, marta, "leave")


def test_an_imported_file_becomes_a_draft_under_its_own_key(
    session: Session, now: datetime, marta: Person
) -> None:
    draft = commands.import_diagram(session, now, marta, runnable("travel", "Travel").encode())

    assert (draft.process_key, draft.name) == ("travel", "Travel")
    with pytest.raises(Conflict):
        commands.import_diagram(session, now, marta, runnable("travel").encode())


def test_a_file_imported_into_a_process_takes_its_key(
    session: Session, now: datetime, marta: Person, draft: Draft
) -> None:
    saved(session, now, marta, draft, runnable("leave"), 1)
    commands.publish(session, now, marta, "leave", revision=2)

    commands.import_diagram(session, now, marta, runnable("travel", step="Brought").encode(), key="leave")

    assert commands.publish(session, now, marta, "leave", revision=1).number == 2
    assert 'bpmnElement="leave"' in queries.version(session, marta, "leave", 2).xml


def test_the_list_shows_drafts_versions_and_who_may_draw(
    session: Session, now: datetime, marta: Person, adam: Person, draft: Draft
) -> None:
    saved(session, now + timedelta(minutes=5), marta, draft, runnable("leave"), 1)
    commands.publish(session, now, marta, "leave", revision=2)
    commands.create_draft(session, now, adam, "Arrival")

    rows = {row.key: row for row in queries.processes(session, adam)}

    assert list(rows) == ["arrival", "leave"]
    assert (rows["arrival"].number, rows["arrival"].draft is not None) == (None, True)
    assert (rows["leave"].number, rows["leave"].draft, rows["leave"].may_draw) == (1, None, True)
