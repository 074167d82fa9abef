"""The pages of records, as a browser without scripts uses them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html

from tests.stories.office import token_of

ClientOf = Callable[[str], FlaskClient]


@pytest.fixture
def anna(app: Flask, client_of: ClientOf) -> FlaskClient:
    app.extensions["bpm"].load_demo_records()
    return client_of("anna.nowak")


def page_of(client: FlaskClient, address: str) -> Any:
    answer = client.get(address)
    assert answer.status_code == 200
    return html.fromstring(answer.get_data(as_text=True))


def address_of(client: FlaskClient, kind: str, title: str) -> str:
    links = page_of(client, f"/records/{kind}").cssselect("tbody a")
    return next(str(link.get("href")) for link in links if title in link.text_content())


def test_lists_and_empty_lists(anna: FlaskClient) -> None:
    assert "Deals" in page_of(anna, "/records").text_content()
    page = page_of(anna, "/records/deal?stage=awaiting_payment&text=kitchen")
    assert [link.text_content() for link in page.cssselect("tbody a")] == ["Kitchen doors, 40 pieces"]
    assert "Nothing fits this filter" in page_of(anna, "/records/deal?text=nothing").text_content()
    assert anna.get("/records/planet").status_code == 404


def test_make_change_move_and_delete(anna: FlaskClient) -> None:
    token = token_of(anna, "/records/company/new")
    refused = anna.post(
        "/records/company/new", data={"csrf_token": token, "name": "", "credit_limit": "many"}
    )
    assert refused.status_code == 422 and "many" in refused.get_data(as_text=True)
    made = anna.post("/records/company/new", data={"csrf_token": token, "name": "Omega", "phone": "1"})
    assert made.status_code == 302
    address = made.headers["Location"]
    card = page_of(anna, address).text_content()
    assert "Omega" in card and "Anna Nowak created it" in card
    form = page_of(anna, f"{address}/edit")
    seen = form.cssselect("input[name='record.revision']")[0].get("value")
    entries = {"csrf_token": token, "record.revision": seen}
    saved = anna.post(f"{address}/edit", data={**entries, "name": "Omega 2", "phone": ""})
    assert saved.status_code == 302
    assert "Anna Nowak changed: Name, Telephone" in page_of(anna, address).text_content()
    stale = anna.post(f"{address}/edit", data={**entries, "name": "Omega 3"})
    assert stale.status_code == 409 and "Omega 3" in stale.get_data(as_text=True)
    assert anna.post(f"{address}/delete", data={"csrf_token": token}).status_code == 302
    assert anna.get(address).status_code == 404


def test_the_card_offers_what_can_be_started_at_this_stage(anna: FlaskClient) -> None:
    waiting = page_of(anna, address_of(anna, "deal", "Kitchen doors"))
    new = page_of(anna, address_of(anna, "deal", "Reception desk"))
    starts = [link.text_content().strip() for link in waiting.cssselect("a.button[href^='/start/']")]
    assert starts == ["Start without prepayment"]
    assert [link.text_content().strip() for link in new.cssselect("a.button[href^='/start/']")] == [
        "Approve contract"
    ]


def test_a_payment_adds_to_what_is_paid(anna: FlaskClient) -> None:
    address = address_of(anna, "deal", "Kitchen doors")
    token = token_of(anna, address)
    wrong = anna.post(f"{address}/events/payment", data={"csrf_token": token, "amount": "-5", "paid_on": "x"})
    assert wrong.status_code == 422
    for amount in ("1000", "500.50"):
        data = {"csrf_token": token, "amount": amount, "paid_on": "2026-03-03"}
        assert anna.post(f"{address}/events/payment", data=data).status_code == 302
    assert "1,500.5" in page_of(anna, address).text_content()


def test_answers_of_the_client_need_a_case_that_waits(anna: FlaskClient) -> None:
    address = address_of(anna, "contract", "Delta")
    token = token_of(anna, address)
    assert anna.post(f"{address}/events/client_signed", data={"csrf_token": token}).status_code == 409
    assert anna.post(f"{address}/events/nonsense", data={"csrf_token": token}).status_code == 404


def test_the_card_speaks_russian_and_polish(anna: FlaskClient) -> None:
    address = address_of(anna, "deal", "Kitchen doors")
    token = token_of(anna, address)
    for language, stage in (("ru", "Ожидание оплаты"), ("pl", "Oczekiwanie na płatność")):
        anna.post("/me/appearance", data={"csrf_token": token, "language": language})
        assert stage in page_of(anna, address).text_content()


def test_strangers_see_nothing(app: Flask) -> None:
    assert app.test_client().get("/records/deal").status_code == 302
