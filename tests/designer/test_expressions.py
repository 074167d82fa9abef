"""The check of an expression as one types: what is told, where, and in whose language."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from bpm.engine.lint.check import lint
from bpm.language import using
from tests.designer.diagrams import runnable
from tests.designer.test_pages import Owner

pytestmark = pytest.mark.one_database

ClientOf = Callable[[str], FlaskClient]
ADDRESS = "/processes/expressions/check"
NAMES = {
    "amount": "number",
    "client": "string",
    "signed": "date",
    "agreed": "boolean",
    "votes": "list",
    "other": "",
}


@pytest.fixture
def marta(client_of: ClientOf) -> Owner:
    return Owner(client_of("marta.dabrowska"))


@pytest.fixture
def ask(marta: Owner) -> Callable[..., dict[str, Any]]:
    """Ask as the side panel does; the answer, each finding with the part of the text it is about."""

    def asked(kind: str, text: str, **more: Any) -> dict[str, Any]:
        answer = marta.send(ADDRESS, kind=kind, text=text, **{"names": NAMES, **more})
        assert answer.status_code == 200, answer.text
        told: dict[str, Any] = answer.get_json()
        for one in told["findings"]:
            one["place"] = text[one["position"] : one["position"] + one["length"]]
        return told

    return asked


Ask = Callable[..., dict[str, Any]]


@pytest.mark.parametrize(
    ("kind", "text", "result"),
    [
        ("condition", "=amount > 500000 and agreed", "yes or no"),
        ("condition", "", ""),
        ("condition", "${amount > 500000 && client == 'Delta'}", "yes or no"),
        ("condition", "other", ""),
        ("expression", "amount * 2", "a number"),
        ("expression", "manager_of(initiator)", ""),
        ("expression", 'signed + @"P14D"', "a date"),
        ("expression", "votes[decision = \"approve\"]", "a list"),
        ("tests", "> 500000, [1..5], not(amount)", ""),
        ("tests", "-", ""),
        ("template", "Contract of {client} for {amount}", "a text"),
        ("template", "Two braces {{ are one", "a text"),
        ("value", "only a text, not an expression: a > ", "a text"),
        ("value", "=amount + 1", "a number"),
        ("script", "total := amount * 1.23\n\nlarge := total > 5\n  and agreed", ""),
        ("timer", "2wd", "a moment or a term"),
        ("timer", "R3/PT1H", "a moment or a term"),
        ("timer", "=signed", "a date"),
    ],
)  # fmt: skip
def test_what_is_right_is_told_with_what_it_gives(ask: Ask, kind: str, text: str, result: str) -> None:
    assert ask(kind, text) == {"ok": True, "result": result, "findings": []}


@pytest.mark.parametrize(
    ("kind", "text", "place", "words"),
    [
        ("condition", "=amount > ", "", "ends too early"),
        ("condition", "amount >> 5", ">", "where a value is expected"),
        ("expression", "coutn(votes)", "coutn", "Did you mean “count”?"),
        ("expression", "frobnicate_all(votes)", "frobnicate_all", "There is no function"),
        ("condition", "amount is large", "amount is large", "Is a sign missing"),
        ("tests", "> 5, < ", "", "ends too early"),
        ("template", "For {client} and {1 +} more", "}", "ends too early"),
        ("template", "For {client", "{", "never closed"),
        ("value", "=1 +", "", "ends too early"),
        ("script", "total := 1\nlarge := total >> 5", ">", "where a value is expected"),
        ("script", "this is no assignment", "this", "gives a value a name"),
        ("timer", "2 weeks", "weeks", "does not fit"),
    ],
)  # fmt: skip
def test_what_cannot_run_is_told_with_its_place(
    ask: Ask, kind: str, text: str, place: str, words: str
) -> None:
    told = ask(kind, text)

    assert not told["ok"]
    assert [(one["severity"], one["place"]) for one in told["findings"]] == [("error", place)]
    assert words in told["findings"][0]["message"]


@pytest.mark.parametrize(
    ("kind", "text", "place", "words"),
    [
        ("condition", "amout > 5", "amout", "Did you mean “amount”?"),
        ("condition", "zzz > 5", "zzz", "is not known in this process"),
        ("tests", "> amout", "amout", "Did you mean “amount”?"),
        ("template", "{client}: {amout}", "amout", "Did you mean “amount”?"),
        ("script", "total := amount\nsum := totl + 1", "totl", "Did you mean “total”?"),
        ("condition", "amount + 1", "amount + 1", "has to give yes or no, but this gives a number"),
        ("condition", 'amount > "much"', 'amount > "much"', "cannot be compared"),
        ("expression", "client * 2", "* 2", "has no result"),
        ("timer", "=amount", "=amount", "a date or a length of time is needed"),
    ],
)  # fmt: skip
def test_what_hardly_works_is_a_warning(ask: Ask, kind: str, text: str, place: str, words: str) -> None:
    told = ask(kind, text)

    assert told["ok"]
    assert [one["severity"] for one in told["findings"]] == ["warning"]
    assert place in told["findings"][0]["place"]
    assert words in told["findings"][0]["message"]


def test_fields_of_the_record_are_known_and_followed(ask: Ask) -> None:
    assert (
        ask("condition", '=deal.amount > 5 and deal.company.name = "Delta"', record="deal")["findings"] == []
    )

    (told,) = ask("condition", "=deal.amuont > 5", record="deal")["findings"]

    assert told["place"] == "deal.amuont"
    assert ask("condition", '=deal.amount = "much"', record="deal")["findings"] != []


def test_other_names_are_not_warned_of_where_the_drawing_cannot_know_them(ask: Ask) -> None:
    assert ask("condition", "payload_of_the_message = 1", complete=False)["findings"] == []


@pytest.mark.parametrize(
    ("language", "kind", "text", "words"),
    [
        ("ru", "condition", "amout > 5", "Возможно, имелось в виду «amount»?"),
        ("pl", "condition", "amout > 5", "Czy chodziło o „amount”?"),
        ("ru", "expression", "coutn(votes)", "Нет функции «coutn»"),
        ("pl", "expression", "coutn(votes)", "Nie ma funkcji „coutn”"),
        ("ru", "condition", "amount + 1", "число"),
        ("pl", "condition", "amount + 1", "liczb"),
    ],
)  # fmt: skip
def test_it_is_told_in_the_readers_language(
    marta: Owner, ask: Ask, language: str, kind: str, text: str, words: str
) -> None:
    marta.submit("/me/appearance", language=language)

    (told,) = ask(kind, text)["findings"]

    assert words in told["message"]
    with using(language):
        assert told["message"] != words


@pytest.mark.parametrize(
    ("text", "runs"),
    [
        ("=approver", True),
        ("=amout", True),
        ("=manager_of(initiator)", True),
        ("=amount + ", False),
        ("=coutn(votes)", False),
        ("=amount is large", False),
    ],
)
def test_the_check_of_the_whole_drawing_says_the_same(ask: Ask, text: str, runs: bool) -> None:
    given = 'to="person" value="olga.ivanova"'
    drawing = runnable("leave").replace(given, f'to="expression" value="{text}"')

    assert any(problem.severity == "error" for problem in lint(drawing)) is not runs
    assert ask("expression", text)["ok"] is runs


def test_what_cannot_be_read_is_refused(marta: Owner) -> None:
    for given in ({}, {"kind": "condition", "text": 5, "names": {}}, {"kind": "python", "text": "1", "names": {}},
                  {"kind": "condition", "text": "1", "names": []},
                  {"kind": "condition", "text": "1" * 60_000, "names": {}}):  # fmt: skip
        assert marta.send(ADDRESS, **given).status_code == 422


def test_an_endless_nest_is_an_answer_not_a_fault(ask: Ask) -> None:
    assert not ask("condition", "(" * 5_000 + "1")["ok"]


def test_only_those_who_draw_may_ask(client_of: ClientOf) -> None:
    anna = Owner(client_of("anna.nowak"))

    assert anna.send(ADDRESS, kind="condition", text="1", names={}).status_code in (400, 403)


def test_fields_of_forms_have_the_type_of_their_answers(marta: Owner, ask: Ask) -> None:
    form = str(marta.submit("/forms/new", title="Leave").headers["Location"].rpartition("/")[2])
    parts = [
        {"type": "number", "key": "days", "label": "Days"},
        {"type": "datetime", "subtype": "date", "key": "first_day", "label": "From"},
        {"type": "select", "key": "kind", "label": "Kind", "values": [{"value": "paid", "label": "Paid"}]},
        {"type": "checkbox", "key": "urgent", "label": "Urgent"},
    ]
    content = {"type": "default", "title": "Leave", "components": parts}
    assert marta.send(f"/forms/{form}/draft", content=content, revision=1, editor="a").status_code == 200
    known = {"forms": [form], "names": dict.fromkeys(("days", "first_day", "kind", "urgent"), "")}

    assert ask("condition", 'days > 5 and first_day > today() and kind = "paid" and urgent', **known) == {
        "ok": True,
        "result": "yes or no",
        "findings": [],
    }
    for wrong in ('days = "many"', "first_day > 5", "kind + 1 = 2", "days and urgent"):
        assert ask("condition", wrong, **known)["findings"], wrong
