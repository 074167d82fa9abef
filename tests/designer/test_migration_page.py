"""Cases go over to another version on a page: who stands where, what would happen, go, undo."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from bpm.engine import commands as engine
from bpm.engine.models import Instance, ProcessVersion
from bpm.engine.operations.models import BulkOperation
from bpm.people.queries import required_person
from tests.engine.processes import APPROVAL

ClientOf = Callable[[str], FlaskClient]
PAGE = "/processes/approval/versions/1/migrate"


@pytest.fixture
def cases(app: Flask) -> list[str]:
    """Three requests on version 1; in version 2 the step at which they stand has another id."""
    installation = app.extensions["bpm"]
    app.config["WTF_CSRF_ENABLED"] = False
    with installation.database.writing() as session:
        now = installation.clock.now()
        anna = required_person(session, "anna.nowak")
        engine.deploy(session, now, None, APPROVAL)
        found = [
            engine.start(session, now, anna, "approval", {"number": number, "amount": 5}).public_id
            for number in (118, 119, 120)
        ]
        renamed = APPROVAL.replace('id="ask"', 'id="request"').replace('Ref="ask"', 'Ref="request"')
        engine.deploy(session, now, None, renamed)
    return found


def numbers(app: Flask, cases: list[str]) -> list[int]:
    """The versions on which the cases run."""
    with app.extensions["bpm"].database.reading() as session:
        return list(
            session.scalars(
                select(ProcessVersion.number)
                .join(Instance, Instance.version_id == ProcessVersion.id)
                .where(Instance.public_id.in_(cases))
                .order_by(Instance.id)
            )
        )


def operation(app: Flask, kind: str) -> str:
    with app.extensions["bpm"].database.reading() as session:
        question = select(BulkOperation.public_id).where(BulkOperation.kind == kind)
        return session.scalars(question.order_by(BulkOperation.id.desc())).first() or ""


def test_cases_are_looked_at_mapped_moved_and_put_back(
    app: Flask, client_of: ClientOf, cases: list[str], run_due: Callable[[], int]
) -> None:
    adam = client_of("adam.kaminski")
    # given a step that is gone: the page asks what it is now, and nothing can go yet
    page = adam.get(PAGE).text
    assert "3 cases run on this version" in page and "0 cases can go over" in page
    assert 'name="map:ask"' in page and '<option value="request"' in page
    assert "Move 3 cases" not in page
    # when it is said, the dry run tells of each case
    page = adam.get(f"{PAGE}?to=2&map:ask=request").text
    assert "3 cases can go over to version 2" in page and "Request 118" in page
    assert numbers(app, cases) == [1, 1, 1]
    # and two of them go over
    sent = {"to": "2", "map:ask": "request", "case": cases[:2]}
    assert adam.post(PAGE, data=sent).status_code == 303
    run_due()
    assert numbers(app, cases) == [2, 2, 1]
    # then they can be put back, as long as nothing has happened in them
    done = adam.get(f"{PAGE}?operation={operation(app, 'migrate')}").text
    assert "2 of 2 cases have gone over" in done and "Put 2 cases back" in done
    adam.post(f"{PAGE}/undo", data={"operation": operation(app, "migrate")})
    run_due()
    assert numbers(app, cases) == [1, 1, 1]
    again = adam.get(f"{PAGE}?operation={operation(app, 'migrate')}").text
    assert "Put 2 cases back" not in again


def test_who_does_not_own_the_process_moves_nothing(
    app: Flask, client_of: ClientOf, cases: list[str]
) -> None:
    for login in ("anna.nowak", "olga.ivanova"):
        client = client_of(login)
        assert client.get(PAGE).status_code in (403, 404)
        assert client.post(PAGE, data={"to": "2", "case": cases}).status_code in (403, 404)
    assert numbers(app, cases) == [1, 1, 1]


def test_nothing_chosen_is_said(client_of: ClientOf, cases: list[str]) -> None:
    answer = client_of("adam.kaminski").post(PAGE, data={"to": "2"})
    assert answer.status_code == 422 and "Choose at least one case." in answer.text


def test_a_version_and_a_process_are_switched_off_and_on(
    app: Flask, client_of: ClientOf, cases: list[str], run_due: Callable[[], int]
) -> None:
    adam = client_of("adam.kaminski")
    adam.post("/processes/approval/versions/2/suspend")
    assert "Suspended" in adam.get("/processes/approval/versions").text
    adam.post("/processes/approval/versions/2/resume")
    assert "Suspended" not in adam.get("/processes/approval/versions").text
    adam.post("/processes/approval/suspend", data={"cases": "1"})
    run_due()
    assert "nobody can start it" in adam.get("/processes/approval/versions").text
    adam.post("/processes/approval/resume")
    assert "nobody can start it" not in adam.get("/processes/approval/versions").text
