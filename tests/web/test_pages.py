"""The pages of people: own settings, the list of people, notices."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient

from bpm.clock import MovableClock
from bpm.notifications.commands import notify
from bpm.people.queries import members, required_person
from bpm.web.extensions import db
from tests.web.conftest import public_id

Browsers = Callable[[str], FlaskClient]


def test_absence_is_entered_and_taken_back(browser_of: Browsers) -> None:
    anna = browser_of("anna.nowak")
    form = {"starts_on": "2026-03-09", "ends_on": "2026-03-13", "substitute": "boris.petrov"}
    page = anna.post("/me/absences", data=form, follow_redirects=True).text
    assert "5 days of absence are entered." in page
    assert "Boris Petrov stands in" in page
    number = page.split("/me/absences/")[1].split("/")[0]
    assert (
        "Boris Petrov stands in" not in anna.post(f"/me/absences/{number}/remove", follow_redirects=True).text
    )


def test_a_faulty_absence_keeps_what_was_typed(browser_of: Browsers) -> None:
    form = {"starts_on": "2026-03-13", "ends_on": "2026-03-09", "substitute": ""}
    answer = browser_of("anna.nowak").post("/me/absences", data=form)
    assert answer.status_code == 422
    assert "The last day must not be before the first." in answer.text
    assert 'value="2026-03-13"' in answer.text


def test_somebody_elses_absence_is_not_taken_back(browser_of: Browsers) -> None:
    form = {"starts_on": "2026-03-09", "ends_on": "2026-03-13"}
    page = browser_of("anna.nowak").post("/me/absences", data=form, follow_redirects=True).text
    number = page.split("/me/absences/")[1].split("/")[0]
    assert browser_of("boris.petrov").post(f"/me/absences/{number}/remove").status_code == 404


def test_the_time_zone_changes_and_an_unknown_one_is_refused(browser_of: Browsers) -> None:
    anna = browser_of("anna.nowak")
    page = anna.post("/me/time-zone", data={"time_zone": "Asia/Tokyo"}, follow_redirects=True).text
    assert "Asia/Tokyo" in page
    assert anna.post("/me/time-zone", data={"time_zone": "Mars/Base"}).status_code == 422


def test_a_token_is_shown_once(browser_of: Browsers) -> None:
    anna = browser_of("anna.nowak")
    assert "bpm_" in anna.post("/me/tokens", data={"name": "shop"}).text
    page = anna.get("/me").text
    assert "shop" in page
    assert "<code>bpm_" not in page


def test_an_administrator_adds_and_changes_a_person(site: Flask, browser_of: Browsers) -> None:
    adam = browser_of("adam.kaminski")
    form = {
        "login": "zofia.maj",
        "name": "Zofia Maj",
        "email": "zofia@example.com",
        "department": "sales",
        "groups": ["seller"],
        "password": "a long enough one",
    }
    assert "Zofia Maj can log in now" in adam.post("/people/new", data=form, follow_redirects=True).text
    zofia = f"/people/{public_id(site, 'zofia.maj')}"
    assert "Zofia Maj" in adam.get(zofia).text
    adam.post(zofia, data={**form, "groups": ["lawyer"], "password": ""})
    with site.app_context():
        assert "zofia.maj" in [person.login for person in members(db.session(), "lawyer")]
        assert "zofia.maj" not in [person.login for person in members(db.session(), "seller")]
    assert site.test_client().post("/login", data=form).status_code == 302
    adam.post(f"{zofia}/active", data={"active": "0"})
    assert site.test_client().post("/login", data=form).status_code == 422


def test_a_faulty_person_keeps_what_was_typed(browser_of: Browsers) -> None:
    form = {"login": "zofia.maj", "name": "Zofia Maj", "email": "nowhere", "groups": ["seller"]}
    answer = browser_of("adam.kaminski").post("/people/new", data=form)
    assert answer.status_code == 422
    assert 'value="Zofia Maj"' in answer.text
    assert "anna@example.com" in answer.text


def test_a_notice_is_read_by_following_it(site: Flask, clock: MovableClock, browser_of: Browsers) -> None:
    with site.app_context():
        anna = required_person(db.session(), "anna.nowak")
        notice = notify(
            db.session(), clock.now(), anna, {"en": "Boris accepted the request."}, "/inbox"
        ).public_id
        db.session.commit()
    browser = browser_of("anna.nowak")
    assert browser.get("/frame/bell").text == "1"
    assert "Boris accepted the request." in browser.get("/notices").text
    assert browser_of("boris.petrov").post(f"/notices/{notice}").status_code == 404
    assert browser.post(f"/notices/{notice}").location == "/inbox"
    assert browser.get("/frame/bell").text == ""
