"""The pages of the designer and what the editor asks for, as different people."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from tests.designer.diagrams import runnable, without_condition
from tests.designer.owner import Owner

ClientOf = Callable[[str], FlaskClient]


@pytest.fixture
def marta(client_of: ClientOf) -> Owner:
    return Owner(client_of("marta.dabrowska"))


@pytest.fixture
def leave(marta: Owner) -> str:
    """The key of a new process."""
    answer = marta.submit("/processes/new", name="Leave")
    assert answer.status_code == 302
    return str(answer.headers["Location"].split("/")[-2])


def test_a_process_is_made_drawn_published_and_listed(marta: Owner, leave: str) -> None:
    editor = marta.client.get(f"/processes/{leave}/draw")
    assert editor.status_code == 200 and 'data-revision="1"' in editor.text

    saved = marta.send(f"/processes/{leave}/draft", xml=runnable(leave), svg=None, revision=1).get_json()
    assert saved["revision"] == 2 and [one for one in saved["problems"] if one["severity"] == "error"] == []

    published = marta.send(f"/processes/{leave}/publish", note="First", revision=2)
    assert published.get_json() == {"number": 1}

    versions = marta.client.get(f"/processes/{leave}/versions").text
    assert "First" in versions and "Marta Dąbrowska" in versions
    assert "Leave" in marta.client.get("/processes").text
    assert marta.client.get(f"/processes/{leave}/versions/1").status_code == 200


def test_problems_come_back_with_every_save_and_stop_the_publication(marta: Owner, leave: str) -> None:
    saved = marta.send(f"/processes/{leave}/draft", xml=without_condition(leave), revision=1).get_json()
    assert {one["element"] for one in saved["problems"]} & {"how", "f2", "f3"}

    refused = marta.send(f"/processes/{leave}/publish", note="", revision=2)

    assert refused.status_code == 422
    assert all(one["message"] and one["severity"] for one in refused.get_json()["problems"])


def test_a_second_page_is_told_that_it_is_out_of_date(marta: Owner, leave: str) -> None:
    marta.send(f"/processes/{leave}/draft", xml=runnable(leave), revision=1, editor="a")

    answer = marta.send(f"/processes/{leave}/draft", xml=runnable(leave), revision=1, editor="b")

    assert answer.status_code == 409 and "Marta Dąbrowska" in answer.get_json()["detail"]


def test_the_draft_of_a_form_can_be_picked_with_its_fields(marta: Owner, leave: str) -> None:
    """Given a form that is being made, when a process is drawn, then it and its fields are offered."""
    made = marta.submit("/forms/new", title="Ask").headers["Location"].rpartition("/")[2]
    fields = [{"type": "number", "key": "days", "label": "Days", "validate": {"required": True}}]
    content = {"type": "default", "title": "Ask", "components": fields}
    assert marta.send(f"/forms/{made}/draft", content=content, revision=1, editor="a").status_code == 200

    picks = marta.client.get(f"/processes/{leave}/picks").get_json()

    assert made == "ask" and "ask" in [one["id"] for one in picks["forms"]]
    # the title is taken: the next one gets a key of its own
    assert marta.submit("/forms/new", title="Ask").headers["Location"].endswith("/forms/ask_2")


def test_what_can_be_picked_has_names_in_the_readers_language(marta: Owner, leave: str) -> None:
    picks = marta.client.get(f"/processes/{leave}/picks", headers={"Accept-Language": "ru"}).get_json()

    assert set(picks) == {
        "people",
        "groups",
        "departments",
        "forms",
        "connectors",
        "decisions",
        "processes",
        "recordTypes",
        "letters",
        "documents",
    }
    assert {"id": "lawyer", "name": "Юрист"} in picks["groups"]
    assert "letter" in [one["id"] for one in picks["connectors"]]
    assert all(one["name"] for kind in picks.values() for one in kind)


def test_export_import_restore_and_discard(marta: Owner, leave: str) -> None:
    marta.send(f"/processes/{leave}/draft", xml=runnable(leave), revision=1)
    marta.send(f"/processes/{leave}/publish", note="", revision=2)

    file = marta.client.get(f"/processes/{leave}/versions/1.bpmn?download=1")
    assert "attachment" in file.headers["Content-Disposition"] and b"startEvent" in file.data

    brought = marta.submit(f"/processes/{leave}/import", file=(io.BytesIO(file.data), "leave.bpmn"))
    assert brought.headers["Location"].endswith("/draw")
    assert marta.submit(f"/processes/{leave}/discard").status_code == 302
    assert marta.submit(f"/processes/{leave}/versions/1/restore").headers["Location"].endswith("/draw")
    assert marta.submit("/processes/import", file=(io.BytesIO(b"no diagram"), "a.bpmn")).status_code == 422


def test_a_stored_picture_can_do_nothing(marta: Owner, leave: str) -> None:
    svg = '<svg xmlns="http://www.w3.org/2000/svg" onload="x()"><script>x()</script><rect width="1"/></svg>'
    marta.send(f"/processes/{leave}/draft", xml=runnable(leave), svg=svg, revision=1)
    marta.send(f"/processes/{leave}/publish", note="", revision=2)

    picture = marta.client.get(f"/processes/{leave}/versions/1.svg")

    assert picture.mimetype == "image/svg+xml" and b"rect" in picture.data
    assert b"script" not in picture.data and b"onload" not in picture.data
    assert picture.headers["Content-Security-Policy"].startswith("default-src 'none'")


def test_the_dialog_of_publishing_says_who_must_look_before(marta: Owner, leave: str) -> None:
    marta.send(f"/processes/{leave}/draft", xml=runnable(leave), svg=None, revision=1)
    marta.send(f"/processes/{leave}/publish", note="First", revision=2)
    words = "Before it is published, Olga Ivanova must look at it."
    assert words not in marta.client.get(f"/processes/{leave}/draw").text

    marta.submit(f"/processes/{leave}/review/demand", who="person:olga.ivanova")

    page = marta.client.get(f"/processes/{leave}/draw").text
    assert words in page[page.index("publish-dialog") :]
    assert f'href="/processes/{leave}/review"' in page[page.index("publish-dialog") :]


@pytest.mark.one_database
@pytest.mark.parametrize(
    "path", ["", "/new", "/leave/draw", "/leave/draft.bpmn", "/leave/problems", "/leave/picks"]
)
def test_people_who_draw_nothing_see_nothing_of_the_designer(
    marta: Owner, leave: str, client_of: ClientOf, path: str
) -> None:
    assert client_of("anna.nowak").get(f"/processes{path}").status_code == 403


@pytest.mark.one_database
def test_nothing_is_changed_without_the_token_of_the_page(marta: Owner, leave: str) -> None:
    answer = marta.client.post(f"/processes/{leave}/draft", json={"xml": runnable(leave), "revision": 1})

    assert answer.status_code == 400


@pytest.mark.one_database
@pytest.mark.parametrize(
    "body", [b"", b"[]", b'{"xml": 1, "revision": 1}', b'{"xml": "<a/>", "revision": true}']
)
def test_what_no_editor_sends_is_refused(marta: Owner, leave: str, body: bytes) -> None:
    headers = {"X-CSRFToken": marta.token, "Accept": "application/json", "Content-Type": "application/json"}

    assert marta.client.post(f"/processes/{leave}/draft", data=body, headers=headers).status_code == 422


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("place", "body"),
    [
        ("draft", rb'{"xml": "\ud800", "revision": 1}'),
        ("draft", b"[" * 100_000),
    ],
)
def test_what_no_browser_sends_is_refused_in_words(marta: Owner, leave: str, place: str, body: bytes) -> None:
    answer = marta.client.post(
        f"/processes/{leave}/{place}",
        data=body,
        content_type="application/json",
        headers={"X-CSRFToken": marta.token, "Accept": "application/json"},
    )
    assert answer.status_code == 422
