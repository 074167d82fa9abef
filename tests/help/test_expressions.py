"""The help page cannot lie: each example gives what is shown, each function is there, in each language."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from bpm import feel, worktime
from bpm.engine.diagram import expressions
from bpm.engine.diagram.expression_check import check
from bpm.engine.functions import World
from bpm.feel.functions import BUILTINS
from bpm.feel.static import sample_type
from bpm.help.chapters import CHAPTERS
from bpm.help.company import functions_at
from bpm.help.functions import GROUPS
from bpm.help.functions.people import PEOPLE
from bpm.help.lesson import NOW, Example, Function, case_values
from bpm.help.trial import Row, read, tried, written
from bpm.language import using

pytestmark = pytest.mark.one_database

ClientOf = Callable[[str], FlaskClient]
EXAMPLES = [example for chapter in CHAPTERS for example in chapter.examples]
FUNCTIONS = [function for group in GROUPS for function in group.functions]
ALL = [*EXAMPLES, *(function.example for function in FUNCTIONS)]
AROUND = expressions.Surroundings(NOW, functions_at(NOW))


def evaluated(text: str) -> object:
    return feel.evaluate(text, case_values(), now=NOW, functions=functions_at(NOW))


def of_form(form: str) -> list[Example]:
    return [example for example in ALL if example.form == form]


def text_of(example: Example) -> str:
    return example.text


@pytest.mark.parametrize("example", of_form("expression"), ids=text_of)
def test_each_expression_gives_what_is_shown(example: Example) -> None:
    value, shown = evaluated(expressions.unmarked(example.text)[0]), evaluated(example.result)

    assert value == shown
    assert type(value) is type(shown)


@pytest.mark.parametrize("example", of_form("cell"), ids=text_of)
def test_each_cell_fits_or_not_as_shown(example: Example) -> None:
    fits = feel.unary(example.text).matches(evaluated(example.value), case_values())

    assert fits is evaluated(example.result)


@pytest.mark.parametrize("example", of_form("title"), ids=text_of)
def test_each_title_reads_as_shown(example: Example) -> None:
    assert expressions.template(example.text).evaluate(case_values(), AROUND) == evaluated(example.result)


@pytest.mark.parametrize("example", of_form("term"), ids=text_of)
def test_each_term_is_over_when_it_is_shown(example: Example, company: None, session: Session) -> None:
    due = worktime.due(NOW, example.text, worktime.company_calendar(session))

    assert due == evaluated(example.result)


@pytest.mark.parametrize("example", ALL, ids=text_of)
def test_the_check_finds_nothing_wrong_with_an_example(example: Example) -> None:
    kinds = {"expression": "expression", "cell": "tests", "title": "template", "term": "timer"}
    known = {name: sample_type(value) for name, value in case_values().items()}

    # null compared with a number cannot be told, which the page says itself
    assert check(example.text, kinds[example.form], known).findings == ()  # type: ignore[arg-type]


def test_each_function_of_the_language_and_of_ours_is_there_once() -> None:
    names = [function.name for function in FUNCTIONS]

    assert sorted(names) == sorted({*BUILTINS, *(function.name for function in PEOPLE.functions)})
    for function in FUNCTIONS:
        assert function.name in feel.compile(function.text).called, function.name


@pytest.mark.parametrize("function", PEOPLE.functions, ids=lambda function: function.name)
def test_our_functions_do_in_the_demo_company_what_is_shown(
    function: Function, app: Flask, now: datetime
) -> None:
    with app.extensions["bpm"].database.reading() as session:
        real = World(session, now).functions
        value = feel.evaluate(function.text, case_values(), now=now, functions=real)

    if function.name == "email_of":  # the demo company may have another domain
        assert str(value).startswith("anna.nowak@")
    else:
        assert value == evaluated(function.result)


def test_our_functions_are_all_that_the_engine_offers(app: object, session: Session, now: datetime) -> None:
    shown = {function.name for function in PEOPLE.functions}

    assert set(World(session, now).functions) - set(BUILTINS) == shown
    assert set(functions_at(now)) - set(BUILTINS) == shown


# ------------------------------------------------------------------------------------ trying


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("1 200 000", "1200000"),
        ("12,5", "12.5"),
        ("-3", "-3"),
        ("Delta", '"Delta"'),
        ('"118"', '"118"'),
        ("yes", "true"),
        ("Нет", "false"),
        ("2026-03-03", '@"2026-03-03"'),
        ("P2D", '@"P2D"'),
        ("[1, 2]", "[1, 2]"),
        ("{a: 1}", "{a: 1}"),
        ("[broken", '"[broken"'),
        ("", "null"),
        ("[1..5)", "[1..5)"),
    ],
)
def test_values_are_read_as_people_type_them_and_written_as_expressions_do(typed: str, value: str) -> None:
    assert written(read(typed)) == value
    assert feel.evaluate(value) == read(typed)


def test_a_trial_tells_the_result_and_how_it_came_about() -> None:
    trial = tried("amount > limit", [Row("amount", "1 200 000"), Row("limit", "500000")], NOW)

    assert trial.result == "true"
    assert trial.parts == (("amount", "1200000"), ("limit", "500000"))


def test_names_of_the_examples_have_their_values_unless_others_are_given() -> None:
    assert tried("company.name", [], NOW).rows == (
        Row("company", '{name: "Delta", city: "Warsaw", regular: true}'),
    )
    assert tried("amount + 1", [Row("amount", "1")], NOW).result == "2"


def test_a_fault_is_told_with_its_place() -> None:
    trial = tried("amount >> 5", [], NOW)

    assert trial.result is None and trial.error is not None
    assert trial.marked(trial.error) == ("amount >", ">", " 5")


@pytest.mark.parametrize(
    "text",
    ["count(for i in 1..100000, j in 1..100000 return i)", "9**9**9**9", "(" * 500, "sort(1..50, f)", "\ud800", "x" * 60_000,
     'matches("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", "(a+)+$")', "__import__(1)", "string join(for i in 1..40000 return string(i))"],
)  # fmt: skip
def test_what_asks_for_too_much_is_refused_or_answered_never_broken(text: str) -> None:
    trial = tried(text, [], NOW)

    assert trial.result is not None or trial.error is not None


# ------------------------------------------------------------------------------------ the page


@pytest.fixture
def anna(client_of: ClientOf) -> FlaskClient:
    return client_of("anna.nowak")


@pytest.mark.parametrize(
    ("language", "heading", "words"),
    [
        ("en", "Expressions", "how many items"),
        ("ru", "Выражения", "сколько элементов"),
        ("pl", "Wyrażenia", "ile elementów"),
    ],
)
def test_the_page_shows_all_in_the_readers_language(
    anna: FlaskClient, language: str, heading: str, words: str
) -> None:
    _speak(anna, language)

    page = unescape(anna.get("/help/expressions").text)

    assert f"<h1>{heading}</h1>" in page and words in page
    for example in ALL:
        assert example.text in page and example.result in page
    with using(language):
        for chapter in CHAPTERS:
            assert str(chapter.title) in page and all(str(one) in page for one in chapter.words)


def _speak(client: FlaskClient, language: str) -> None:
    token = re.search(r'name="csrf-token" content="([^"]+)"', client.get("/me").text)
    assert token
    client.post("/me/appearance", data={"csrf_token": token[1], "language": language})


def test_it_can_be_tried_without_a_script(anna: FlaskClient) -> None:
    page = anna.get("/help/expressions?expression=amount+*+2&name=amount&value=21").text
    assert "<code>42</code>" in page

    part = anna.get("/help/expressions/try?expression=amount+%3E%3E+2&name=amount&value=21").text
    assert "<mark>&gt;</mark>" in part and 'aria-invalid="true"' in part and "<html" not in part


def test_functions_are_found_without_a_script(anna: FlaskClient) -> None:
    page = anna.get("/help/expressions?find=round").text

    assert "round half up" in page and "string join</code>" not in page
    assert "data-filter-none hidden" in page
    assert "No function fits" in anna.get("/help/expressions?find=zzzz").text


def test_what_is_typed_is_shown_as_text(anna: FlaskClient) -> None:
    page = anna.get('/help/expressions?expression="<script>alert(1)</script>"&name=<b>&value=<i>').text

    assert "<script>alert" not in page and "<b>" not in page and "<i>" not in page


def test_strangers_are_asked_to_log_in(app: Flask) -> None:
    assert app.test_client().get("/help/expressions").status_code == 302
