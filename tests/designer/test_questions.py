"""A process made from questions: typed on the pages, drawn, checked, run."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import product

import pytest
from flask.testing import FlaskClient

from bpm.designer.questions.answers import RULES, STARTS, Answers, Asked, from_text
from bpm.designer.questions.commands import preview
from bpm.designer.questions.forms import forms
from bpm.engine.lint.check import lint
from bpm.forms import schema
from tests.designer.places import faults
from tests.designer.questioner import Questions

pytestmark = pytest.mark.one_database

ClientOf = Callable[[str], FlaskClient]
FIELDS = [
    Asked("Sum", "money", True),
    Asked("Kind", "choice", True, "supply, service"),
    Asked("Contract file", "file"),
    Asked("Зачем", "long_text"),
]


@pytest.fixture
def questions(client_of: ClientOf) -> Questions:
    return Questions(client_of("marta.dabrowska"))


@pytest.mark.parametrize(("start", "rule", "back"), list(product(STARTS, RULES, (True, False))))
def test_whatever_is_answered_the_process_has_no_fault(start: str, rule: str, back: bool) -> None:
    for approvers, order in product(
        (["person:olga.ivanova"], ["group:lawyer", "manager", "head:sales"]), ("parallel", "sequential")
    ):
        answers = Answers(
            "Contract {approval}", start, record_type="contract", stages=["draft"], message="order.received",
            prepared_by="group:lawyer", fields=FIELDS, approvers=approvers, order=order, rule=rule, send_back=back,
            document="approval_sheet", approved_stage="approved", rejected_stage="refused", task="Register",
            task_by="group:lawyer",
        )  # fmt: skip
        xml = preview(answers)

        assert [(one.element, one.text) for one in lint(xml.encode())] == []
        assert faults(xml) == []
        assert all(schema.read(content) for content in forms(answers, "k").values())
        assert from_text(answers.as_text()) == answers


def test_what_was_typed_survives_going_back_and_forth(questions: Questions) -> None:
    questions.answer(name="Leave", start="person")
    questions.answer()
    questions.answer("add", **{"field-0-label": "Days", "field-0-type": "number"})
    questions.answer("back")
    questions.answer("back")

    assert questions.step == "start"
    assert questions.page.xpath('//input[@name="name"]/@value') == ["Leave"]
    questions.answer()
    questions.answer()
    assert questions.page.xpath('//input[@name="field-0-label"]/@value') == ["Days"]
    assert "Who asks fills in: Days." in questions.said
    questions.answer("remove-0")
    assert "Days" not in questions.said


def test_what_is_missing_is_said_where_it_is_missing(questions: Questions) -> None:
    questions.answer(name="")
    assert questions.status == 422 and questions.step == "start"
    questions.answer(name="Leave", start="schedule")
    questions.answer()
    assert "Say who fills in what is needed" in questions.page.text_content()
    questions.answer(prepared_by="group:lawyer")
    questions.answer(**{"field-0-label": "Kind", "field-0-type": "choice"})
    assert questions.status == 422 and questions.page.xpath('//input[@name="field-0-choices"]')
    questions.answer(**{"field-0-choices": "a, b"})
    questions.answer()
    assert "Say who approves." in questions.page.text_content()


def test_answers_that_nobody_typed_are_refused(client_of: ClientOf) -> None:
    client = client_of("marta.dabrowska")
    token = re.search(r'name="csrf-token" content="([^"]+)"', client.get("/processes/new").text)
    data = {"csrf_token": token[1] if token else "", "answers": "[" * 5000, "step": "end"}

    assert client.post("/processes/new/questions", data=data).status_code == 422
    assert client.post("/processes/new/questions", data={**data, "answers": "{}"}).status_code == 422
