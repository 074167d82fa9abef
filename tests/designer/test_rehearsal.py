"""Rehearsing a process: everything happens on the true engine, and nothing of it is real."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import select

from bpm.db import Base, Database
from tests.designer.diagrams import runnable, without_condition

ClientOf = Callable[[str], FlaskClient]
OURS = {"rehearsal", "rehearsal_step"}


class Rehearsing:
    """A process owner at the page of a rehearsal, without script."""

    def __init__(self, client: FlaskClient, key: str) -> None:
        self.client = client
        self.address = f"/processes/{key}/rehearse"
        self.page: Any = None

    def begin(self) -> Rehearsing:
        self._post(f"{self.address}/begin", {})
        return self

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", str(self.page.text_content()))

    def press(self, button: str, **entries: Any) -> Rehearsing:
        """Press the first button of that name, after filling in some fields of its form."""
        found = [
            (form, one)
            for form in self.page.forms
            for one in form.iter("button")
            if " ".join(one.text_content().split()) == button
        ]
        assert found, f"no button {button!r} in {self.text[:3000]}"
        form, pressed = found[0]
        values = dict(form.form_values())
        values |= {name.replace("__", "."): value for name, value in entries.items()}
        if pressed.get("name"):
            values[pressed.get("name")] = pressed.get("value")
        return self._post(form.action, values)

    def _post(self, address: str, values: dict[str, Any]) -> Rehearsing:
        if self.page is None:
            self._read(self.client.get("/processes/new"))
        token = self.page.xpath("//meta[@name='csrf-token']/@content")[0]
        self._read(self.client.post(address, data={**values, "csrf_token": token}, follow_redirects=True))
        return self

    def _read(self, answer: Any) -> None:
        self.status = answer.status_code
        self.page = html.document_fromstring(answer.get_data(as_text=True))


@pytest.fixture
def everything(app: Flask) -> Callable[[], dict[str, list[Any]]]:
    """All rows of the real database, but those of rehearsals."""
    database: Database = app.extensions["bpm"].database

    def dump() -> dict[str, list[Any]]:
        with database.reading() as session:
            return {
                table.name: sorted(repr(tuple(row)) for row in session.execute(select(table)))
                for table in Base.metadata.sorted_tables
                if table.name not in OURS
            }

    return dump


@pytest.fixture
def owner(client_of: ClientOf) -> FlaskClient:
    return client_of("adam.kaminski")


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    """Every attempt to reach another machine by mail or HTTP."""
    from bpm.connectors import outgoing
    from bpm.notifications import smtp

    tried: list[Any] = []
    monkeypatch.setattr(outgoing, "call", lambda *given, **more: tried.append(given))
    monkeypatch.setattr(smtp, "send", lambda *given, **more: tried.append(given))
    yield tried


def test_a_case_is_played_to_its_end_and_nothing_real_changes(
    owner: FlaskClient, everything: Callable[[], dict[str, list[Any]]], no_network: list[Any]
) -> None:
    page = Rehearsing(owner, "lead_race")
    before = everything()

    page.begin()
    assert page.status == 200 and "Nothing here is real" in page.text
    page.press("Offer to the sellers")
    assert "Take request Example" in page.text
    page.press("Accept")
    assert "Process request Example" in page.text and "What happened and why" in page.text
    page.press("Convert to deal")
    assert page.status == 200, page.text[:2000]

    assert "The case has ended: Converted." in page.text
    assert "Why this way" in page.text and "Notice to" in page.text
    page.press("Try every path")
    assert "5 of 5 ends were reached" in page.text
    assert everything() == before
    assert no_network == []


def test_time_is_skipped_and_letters_are_shown(owner: FlaskClient) -> None:
    page = Rehearsing(owner, "lead_race").begin().press("Offer to the sellers")
    words = next(
        " ".join(one.text_content().split())
        for one in page.page.iter("button")
        if "Skip to" in one.text_content()
    )

    page.press(words)

    assert "Letter to" in page.text and "Nobody" in page.text


def test_a_step_is_taken_back(owner: FlaskClient) -> None:
    page = Rehearsing(owner, "lead_race").begin().press("Offer to the sellers").press("Accept")
    assert "Process request Example" in page.text

    page.press("Back one step")

    assert "Take request Example" in page.text and "Process request Example" not in page.text


def test_what_is_missing_in_a_form_is_said_and_kept(owner: FlaskClient) -> None:
    page = Rehearsing(owner, "production_without_prepayment").begin()

    page.press("Start without prepayment", pay_by="2026-03-20")

    assert page.status == 422 and "Fill this in." in page.text
    assert page.page.xpath("//input[@name='pay_by']/@value") == ["2026-03-20"]
    page.press("Start without prepayment", reason="A good client")
    assert page.status == 200 and "Allow production without prepayment" in page.text


def test_somebody_whose_task_it_is_not_is_refused_as_in_life(owner: FlaskClient) -> None:
    page = Rehearsing(owner, "lead_race").begin().press("Offer to the sellers")

    page.press("Accept", rehearsal__as="natalia.morozova")

    assert page.status == 422 and "There is no such task" in page.text


def test_an_older_window_cannot_act(owner: FlaskClient) -> None:
    page = Rehearsing(owner, "lead_race").begin().press("Offer to the sellers")
    old = page.page
    page.press("Accept")
    page.page = old

    page.press("Accept")

    assert "Something else was done in this rehearsal meanwhile" in page.text


def test_a_draft_with_faults_is_not_rehearsed_but_explained(owner: FlaskClient) -> None:
    page = Rehearsing(owner, "x")
    page._read(owner.get("/processes/new"))
    token = page.page.xpath("//meta[@name='csrf-token']/@content")[0]
    owner.post("/processes/new", data={"name": "Leave", "csrf_token": token})
    headers = {"X-CSRFToken": token}
    body = {"xml": without_condition("leave"), "svg": None, "revision": 1}
    owner.post("/processes/leave/draft", json=body, headers=headers)

    broken = Rehearsing(owner, "leave").begin()
    assert broken.status == 422 and "This drawing cannot be rehearsed yet" in broken.text

    body = {"xml": runnable("leave"), "svg": None, "revision": 2}
    owner.post("/processes/leave/draft", json=body, headers=headers)
    assert "What happens now" in broken.begin().text


def test_only_who_may_draw_rehearses(client_of: ClientOf) -> None:
    assert client_of("anna.nowak").get("/processes/lead_race/rehearse").status_code == 403
