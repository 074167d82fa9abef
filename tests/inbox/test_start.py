"""Starting processes from their pages."""

from __future__ import annotations

import io

from flask.testing import FlaskClient

from tests.inbox.holiday import ask, words


def test_what_may_be_started_stands_on_the_start_page(anna: FlaskClient) -> None:
    assert "Holiday request" in words(anna.get("/start"))
    assert "Ask for a holiday" in words(anna.get("/start/holiday"))


def test_it_speaks_the_language_of_the_reader(anna: FlaskClient) -> None:
    page = words(anna.get("/start/holiday", headers={"Accept-Language": "ru"}))

    assert "Заявка на отпуск" in page
    assert "Дней" in page


def test_a_condition_shows_the_field_it_asks_for_after_sending(anna: FlaskClient) -> None:
    answer = anna.post("/start/holiday", data={"days": "14", "first": "2026-04-01", "why": ""})

    assert answer.status_code == 422
    assert "Why so long?: Fill this in." in words(answer)


def test_the_fields_alone_follow_the_entries(anna: FlaskClient) -> None:
    short = anna.post("/start/holiday/fields", data={"days": "3"}).get_data(as_text=True)
    long = anna.post("/start/holiday/fields", data={"days": "14"}).get_data(as_text=True)

    assert 'class="field" hidden' in short
    assert 'class="field" hidden' not in long


def test_rows_are_added_without_script(anna: FlaskClient) -> None:
    answer = anna.post("/start/holiday", data={"days": "3", "first": "", "form.add_row": "handed"})

    assert answer.status_code == 200
    assert 'name="handed-0-what"' in answer.get_data(as_text=True)
    assert 'value="3"' in answer.get_data(as_text=True)


def test_a_file_is_not_lost_by_an_error_elsewhere(anna: FlaskClient) -> None:
    data = {"days": "", "first": "2026-04-01", "papers": (io.BytesIO(b"%PDF-1.4"), "ticket.pdf")}

    answer = anna.post("/start/holiday", data=data, content_type="multipart/form-data")

    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    kept = page.split('name="papers" value="')[1].split('"')[0]
    case = ask(anna, papers=kept)
    assert "ticket.pdf" in words(anna.get(f"{case}?view=files"))


def test_the_start_leads_to_the_case(anna: FlaskClient) -> None:
    assert "Holiday of Anna Nowak, 3 days" in words(anna.get(ask(anna)))


def test_unknown_processes_are_not_found(anna: FlaskClient) -> None:
    assert anna.get("/start/nothing").status_code == 404
    assert anna.post("/start/nothing").status_code == 404


def test_any_value_survives_or_is_refused_with_a_reason(anna: FlaskClient) -> None:
    for value in ("__class__", "typename", "😀 zażółć", "{{ 7 * 7 }}", "<script>alert(1)</script>"):
        case = ask(anna, days=14, why=value)
        page = anna.get(f"{case}?view=data").get_data(as_text=True)
        assert value.replace("<", "&lt;").replace(">", "&gt;") in page

    refused = anna.post("/start/holiday", data={"days": "14", "first": "2026-04-01", "why": "x" * 100_000})
    assert refused.status_code == 422
    assert "20,000" in words(refused)
