"""Language, colours, the rail, policies, error pages: what is on every page."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from bpm.web import frame
from tests.web.conftest import change

Browsers = Callable[[str], FlaskClient]


@pytest.mark.parametrize(
    ("browser", "page"), [("pl-PL,pl;q=0.9", "pl"), ("ru", "ru"), ("fr", "en"), ("", "en")]
)
def test_the_language_follows_the_browser_at_first(client: FlaskClient, browser: str, page: str) -> None:
    assert f'<html lang="{page}"' in client.get("/login", headers={"Accept-Language": browser}).text


def test_a_stranger_chooses_a_language_and_keeps_it_after_logging_in(
    client: FlaskClient, site: Flask
) -> None:
    assert client.post("/me/appearance", data={"language": "ru", "back": "/login"}).location == "/login"
    assert '<html lang="ru"' in client.get("/login", headers={"Accept-Language": "pl"}).text


def test_the_persons_own_language_and_colours_win(site: Flask, browser_of: Browsers) -> None:
    anna = browser_of("anna.nowak")
    anna.post("/me/appearance", data={"language": "pl", "theme": "dark"})
    page = anna.get("/inbox", headers={"Accept-Language": "ru"}).text
    assert '<html lang="pl" data-theme="dark">' in page
    anna.post("/me/appearance", data={"theme": "auto"})
    assert "data-theme=" not in anna.get("/inbox").text.split("<head>")[0]


def test_the_rail_shows_each_only_what_is_his(browser_of: Browsers) -> None:
    def places(login: str) -> list[bool]:
        page = browser_of(login).get("/inbox").text
        return [f'href="{address}"' in page for address in ("/inbox", "/processes", "/people")]

    assert places("anna.nowak") == [True, False, False]
    assert places("marta.dabrowska") == [True, True, False]
    assert places("adam.kaminski") == [True, True, True]


def test_a_place_has_its_number(site: Flask, browser_of: Browsers) -> None:
    frame.count(site, "inbox", lambda _session, person, _now: len(person.login))
    anna = browser_of("anna.nowak")
    assert '<span class="count" data-count="inbox">10</span>' in anna.get("/inbox").text
    answer = anna.get("/frame/rail")
    assert ">10</span>" in answer.text
    assert anna.get("/frame/rail", headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304


@pytest.mark.parametrize("address", ["/processes", "/people", "/people/new"])
def test_a_page_of_another_role_is_refused(browser_of: Browsers, address: str) -> None:
    answer = browser_of("anna.nowak").get(address)
    assert answer.status_code == 403
    assert "another role" in answer.text


@pytest.mark.parametrize("address", ["/login", "/nowhere", "/refuse/409", "/fail", "/healthz"])
def test_every_page_carries_the_policies(client: FlaskClient, address: str) -> None:
    headers = client.get(address).headers
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "private, no-cache"


def test_nothing_is_inline(client: FlaskClient, browser_of: Browsers) -> None:
    adam = browser_of("adam.kaminski")
    pages = [
        client.get("/login").text,
        *(adam.get(page).text for page in ("/inbox", "/me", "/people", "/notices")),
    ]
    for page in pages:
        assert " style=" not in page
        assert "<style" not in page
        assert " onclick=" not in page
        assert all("src=" in tag for tag in page.split("<script")[1:])


def test_the_session_cookie_is_closed_to_scripts_and_other_sites(client: FlaskClient) -> None:
    cookie = client.post("/me/appearance", data={"language": "ru"}).headers["Set-Cookie"]
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (403, "Only Ann Nowak can do this."),
        (404, "There is no contract 118."),
        (409, "Boris accepted this request at 9:40."),
        (422, "The sum must be a number."),
    ],
)
def test_a_refusal_is_a_page_that_says_why(client: FlaskClient, status: int, words: str) -> None:
    answer = client.get(f"/refuse/{status}")
    assert answer.status_code == status
    assert words in answer.text
    assert "<html" in answer.text


def test_a_refusal_is_a_problem_document_for_scripts(client: FlaskClient) -> None:
    answer = client.get("/refuse/422", headers={"Accept": "application/json"})
    assert answer.mimetype == "application/problem+json"
    assert answer.json["code"] == "invalid"
    assert answer.json["errors"] == {"sum": "not a number"}


def test_a_fault_of_ours_tells_nothing_of_the_inside(client: FlaskClient) -> None:
    answer = client.get("/fail")
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert "Nothing was changed" in answer.text


def test_an_unknown_address_is_said_in_the_readers_frame(browser_of: Browsers) -> None:
    answer = browser_of("anna.nowak").get("/nowhere")
    assert answer.status_code == 404
    assert "Anna Nowak" in answer.text


def test_health_needs_nobody(client: FlaskClient) -> None:
    assert client.get("/healthz").json == {"status": "ok"}
    ready = client.get("/readyz").json or {}
    assert (ready["status"], ready["database"], ready["oldest_due_job_seconds"]) == ("ok", "reached", 0)


def test_the_style_sheet_is_kept_for_ever_under_its_hash(client: FlaskClient) -> None:
    page = client.get("/login").text
    address = "/look-" + page.split("/look-")[1].split('"')[0]
    answer = client.get(address, headers={"Accept-Encoding": "gzip"})
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.headers["Content-Encoding"] == "gzip"
    assert client.get("/look-0123456789.css").status_code == 404


def test_who_left_sees_nothing_any_more(site: Flask, browser_of: Browsers) -> None:
    anna = browser_of("anna.nowak")
    change(site, "anna.nowak", lambda person: setattr(person, "active", False))
    assert anna.get("/inbox").status_code == 302
