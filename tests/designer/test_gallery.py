"""The gallery of ready processes, and taking one as a start."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from lxml import etree

from bpm.engine.lint.check import lint

pytestmark = pytest.mark.one_database

ClientOf = Callable[[str], FlaskClient]


def test_each_shipped_process_is_shown_with_picture_and_needs(client_of: ClientOf) -> None:
    page = client_of("marta.dabrowska").get("/processes/new/gallery").text

    assert page.count('<svg xmlns="http://www.w3.org/2000/svg"') == page.count("Use as a start") == 3
    assert "Contract approval and signing" in page and "Lawyer" in page


def test_one_is_taken_as_a_start_and_the_original_stays(client_of: ClientOf) -> None:
    client = client_of("marta.dabrowska")
    token = re.search(r'name="csrf-token" content="([^"]+)"', client.get("/processes/new").text)
    data = {"csrf_token": token[1] if token else "", "name": "Approval of leases"}

    answer = client.post("/processes/new/gallery/contract_approval", data=data)

    assert answer.headers["Location"] == "/processes/approval_of_leases/draw"
    draft = client.get("/processes/approval_of_leases/draft.bpmn").data
    assert [one.text for one in lint(draft) if one.severity == "error"] == []
    process = etree.fromstring(draft).find("{*}process")
    assert process is not None and process.get("name") == "Approval of leases"
    assert "Уведомить инициатора" in draft.decode()
    assert client.get("/processes/contract_approval/versions/1").status_code == 200
    again = client.post("/processes/new/gallery/contract_approval", data=data)
    assert again.headers["Location"] == "/processes/approval_of_leases_2/draw"


def test_who_draws_no_processes_sees_no_gallery(client_of: ClientOf) -> None:
    assert client_of("boris.petrov").get("/processes/new/gallery").status_code == 403
