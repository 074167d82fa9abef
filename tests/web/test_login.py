"""Logging in and out, the demo people, and pages that need somebody."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from bpm.clock import MovableClock
from bpm.config import Settings
from bpm.people import commands, demo
from bpm.people.login import LIMIT_HERE, WINDOW
from bpm.web.extensions import db
from tests.web.conftest import change, public_id

RIGHT = "a quiet little river"


@pytest.fixture
def with_password(site: Flask) -> None:
    change(site, "anna.nowak", lambda anna: commands.set_password(db.session(), None, anna, RIGHT))


def enter(client: FlaskClient, login: str = "anna.nowak", password: str = RIGHT, **more: str) -> int:
    return client.post("/login", data={"login": login, "password": password, **more}).status_code


def test_a_page_asks_a_stranger_to_log_in_and_leads_back(client: FlaskClient, with_password: None) -> None:
    answer = client.get("/inbox?tab=team")
    assert answer.status_code == 302
    assert answer.location == "/login?next=/inbox?tab%3Dteam"
    answer = client.post("/login", data={"login": "anna.nowak", "password": RIGHT, "next": "/inbox?tab=team"})
    assert answer.location == "/inbox?tab=team"
    assert client.get("/inbox").status_code == 200


def test_a_script_is_told_instead_of_led_away(client: FlaskClient) -> None:
    for headers in ({"HX-Request": "true"}, {"Accept": "application/json"}):
        answer = client.get("/inbox", headers=headers)
        assert answer.status_code == 401
        assert "Log in again" in answer.json["detail"]


@pytest.mark.parametrize(
    "address", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:x"]
)
def test_nobody_is_led_to_another_site(client: FlaskClient, with_password: None, address: str) -> None:
    answer = client.post("/login", data={"login": "anna.nowak", "password": RIGHT, "next": address})
    assert answer.location == "/"


def test_a_wrong_password_keeps_the_login_and_says_so(client: FlaskClient, with_password: None) -> None:
    answer = client.post("/login", data={"login": "anna.nowak", "password": "wrong"})
    assert answer.status_code == 422
    assert "do not belong together" in answer.text
    assert 'value="anna.nowak"' in answer.text


def test_guessing_is_stopped_for_a_while(
    client: FlaskClient, with_password: None, clock: MovableClock
) -> None:
    assert [enter(client, password="wrong") for _ in range(LIMIT_HERE)] == [422] * LIMIT_HERE
    assert enter(client) == 429
    clock.advance(WINDOW * 2)
    assert enter(client) == 302


def test_logging_out_ends_the_session(browser_of: Callable[[str], FlaskClient]) -> None:
    anna = browser_of("anna.nowak")
    assert anna.get("/inbox").status_code == 200
    assert anna.post("/logout").location == "/login"
    assert anna.get("/inbox").status_code == 302


def test_a_new_password_ends_other_sessions(site: Flask, browser_of: Callable[[str], FlaskClient]) -> None:
    anna = browser_of("anna.nowak")
    change(site, "anna.nowak", lambda person: commands.set_password(db.session(), None, person, RIGHT))
    assert anna.get("/inbox").status_code == 302


def test_the_demo_people_are_offered_by_name_and_department(client: FlaskClient) -> None:
    page = client.get("/login", headers={"Accept-Language": "pl"}).text
    for words in ("Anna Nowak", "Boris Petrov", "Finanse i prawo", "Kierownik sprzedaży"):
        assert words in page


def test_demo_people_are_not_offered_when_the_company_is_not_loaded(
    make_site: Callable[[Settings], Flask], settings: Settings
) -> None:
    page = make_site(settings).test_client().get("/login").text
    assert "demo" not in page
    assert "bpm user add" in page


def test_demo_people_are_not_offered_when_switched_off(
    site: Flask, make_site: Callable[[Settings], Flask], settings: Settings
) -> None:
    client = make_site(replace(settings, demo=False)).test_client()
    assert "Anna Nowak" not in client.get("/login").text
    assert client.post("/login/demo", data={"person": public_id(site, "anna.nowak")}).status_code == 404


def test_a_retired_demo_person_is_not_let_in(site: Flask, client: FlaskClient) -> None:
    anna = public_id(site, "anna.nowak")
    with site.app_context():
        demo.retire_demo(db.session())
        db.session.commit()
    assert "Anna Nowak" not in client.get("/login").text
    assert client.post("/login/demo", data={"person": anna}).status_code == 404


def test_a_real_person_is_never_let_in_without_password(site: Flask, client: FlaskClient) -> None:
    change(site, "anna.nowak", lambda person: setattr(person, "demo", False))
    assert client.post("/login/demo", data={"person": public_id(site, "anna.nowak")}).status_code == 404


def test_a_form_without_its_token_is_refused(site: Flask, client: FlaskClient) -> None:
    site.config["WTF_CSRF_ENABLED"] = True
    answer = client.post("/login/demo", data={"person": public_id(site, "anna.nowak")})
    assert answer.status_code == 400
    assert "out of date" in answer.text
