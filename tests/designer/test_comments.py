"""Conversations about elements: who may, who is told, settled and opened again, nothing runs in them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from bpm.designer import commands, comments, looking
from bpm.designer.models import Draft
from bpm.errors import Invalid, NotFound
from bpm.notifications.models import Notice
from bpm.people.models import Person
from tests.designer.diagrams import runnable

KEY = "leave"


@pytest.fixture
def draft(session: Session, now: datetime, marta: Person) -> Draft:
    commands.create_draft(session, now, marta, "Leave")
    return commands.save_draft(session, now, marta, KEY, runnable(KEY), svg=None, revision=1)


def notices(session: Session, person: Person) -> list[str]:
    return [one.texts["en"] for one in session.scalars(select(Notice).where(Notice.person_id == person.id))]


def test_who_is_mentioned_is_told_may_look_and_answers(
    session: Session, now: datetime, marta: Person, olga: Person, draft: Draft
) -> None:
    with pytest.raises(NotFound):
        comments.say(session, now, olga, KEY, "Hello", element="decide")

    first = comments.say(session, now, marta, KEY, "@olga.ivanova, is two days enough?", element="decide")
    assert notices(session, olga) == ["Marta Dąbrowska mentioned you in a comment on “Leave”."]
    assert looking.may_look(session, olga, KEY)

    comments.say(session, now, olga, KEY, "Three would be better.", thread=first.thread.public_id)

    assert notices(session, marta) == ["Olga Ivanova answered in a conversation about “Leave”."]
    (thread,) = comments.threads(session, KEY)
    assert [one.text for one in thread.comments][1] == "Three would be better."


def test_people_are_found_in_the_text_and_addresses_are_not(
    session: Session, marta: Person, olga: Person
) -> None:
    found = comments.parts(session, "Ask @olga.ivanova, not olga@anna.nowak or @nobody. @Marta.Dabrowska!")
    assert [one.person for one in found if one.person] == ["Olga Ivanova", "Marta Dąbrowska"]
    assert "".join(one.text for one in found).startswith("Ask @olga.ivanova, not olga@anna.nowak")


def test_only_those_who_draw_bring_somebody_in(
    session: Session, now: datetime, marta: Person, olga: Person, draft: Draft
) -> None:
    thread = comments.say(session, now, marta, KEY, "@olga.ivanova?", element="decide").thread

    with pytest.raises(Invalid) as refused:
        comments.say(session, now, olga, KEY, "@anna.nowak knows", thread=thread.public_id)
    assert "Anna Nowak" in refused.value.text


def test_a_conversation_is_settled_and_an_answer_opens_it_again(
    session: Session, now: datetime, marta: Person, draft: Draft
) -> None:
    thread = comments.say(session, now, marta, KEY, "Why?", element="decide").thread
    comments.resolve(session, now, marta, KEY, thread.public_id)
    assert thread.resolved_by is marta and comments.number_open(session, KEY) == 0

    comments.say(session, now, marta, KEY, "Still: why?", thread=thread.public_id)

    assert comments.number_open(session, KEY) == 1


def test_what_was_said_of_the_draft_stays_with_the_version(
    session: Session, now: datetime, marta: Person, draft: Draft
) -> None:
    comments.say(session, now, marta, KEY, "Why?", element="decide")
    commands.publish(session, now, marta, KEY, revision=2)

    assert [one.version for one in comments.threads(session, KEY, version=1, every=False)] == [1]
    assert comments.threads(session, KEY, version=None, every=False) == []


@pytest.mark.parametrize("text", ["", "  \n ", "x" * 5001])
def test_a_comment_says_something(
    session: Session, now: datetime, marta: Person, draft: Draft, text: str
) -> None:
    with pytest.raises(Invalid):
        comments.say(session, now, marta, KEY, text, element="decide")


def test_nothing_in_a_comment_runs(app: Flask, client_of: Callable[[str], FlaskClient]) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    adam = client_of("adam.kaminski")
    said = {
        "text": "<script>alert(1)</script> @adam.kaminski <b>",
        "element": "approve_contract",
        "version": "1",
    }
    assert adam.post("/processes/contract_approval/comments", data=said).status_code == 303

    page = adam.get("/processes/contract_approval/comments").text

    assert "<script>alert" not in page and "&lt;script&gt;alert(1)" in page
    assert 'title="@adam.kaminski">Adam Kamiński</span>' in page


def test_nobody_is_led_to_a_strange_address(app: Flask, client_of: Callable[[str], FlaskClient]) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    said = {"text": "a", "element": "start", "version": "1", "back": "https://elsewhere.example/"}
    answer = client_of("adam.kaminski").post("/processes/contract_approval/comments", data=said)
    assert answer.headers["Location"].startswith("/processes/contract_approval/comments#thread-")
