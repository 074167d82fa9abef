"""Somebody who answers the questions for a new process, on the pages."""

from __future__ import annotations

from typing import Any

from flask.testing import FlaskClient
from lxml import html


class Questions:
    """Somebody who answers on the pages."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.page = html.fromstring(client.get("/processes/new/questions").text)
        self.status = 200
        self.address = ""

    def answer(self, go: str = "next", **given: Any) -> None:
        """Fill in and press a button; what the page holds already is sent along."""
        form = self.page.xpath('//form[@data-testid="questions"]')[0]
        sent = {name: value for name, value in form.form_values() if name != "go"}
        sent |= {name.replace("__", "-"): value for name, value in given.items()}
        answer = self.client.post("/processes/new/questions", data={**sent, "go": go})
        self.status, self.address = answer.status_code, answer.headers.get("Location", "")
        if answer.status_code != 302:
            self.page = html.fromstring(answer.text)

    @property
    def said(self) -> str:
        return " ".join(self.page.xpath('//ol[@class="questions-said"]')[0].text_content().split())

    @property
    def step(self) -> str:
        return str(self.page.xpath('//input[@name="step"]/@value')[0])


def describe(questions: Questions) -> str:
    """Answer all questions: contract approval by two, at once; return the key of the process."""
    questions.answer(name="Contract approval", start="person")
    questions.answer()
    questions.answer(
        **{"field-0-label": "Sum", "field-0-type": "money", "field-0-required": "1", "field-1-label": "Why"}
    )
    questions.answer("add", **{"approver-0": "person:olga.ivanova"})
    questions.answer(**{"approver-1": "person:emily.clark", "order": "parallel", "rule": "all"})
    questions.answer(days="2", remind="1", send_back="yes")
    questions.answer(letter="1", task="Register the contract", task_by="initiator")
    assert questions.status == 302, questions.page.text_content()
    return questions.address.split("/")[-2]
