"""The language of letters: what it can say, and what it cannot do."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.orm import Session

from bpm.errors import NotAllowed
from bpm.notifications import commands, letter_text, queries
from bpm.notifications.letter_text import LetterError
from bpm.people.models import Person
from bpm.people.queries import required_person

WARSAW = "Europe/Warsaw"


def fill(text: str, language: str = "en", **values: Any) -> str:
    content = {language: {"subject": "s", "text": text}}
    return letter_text.render(content, values, language, WARSAW).text


@pytest.mark.parametrize(
    ("template", "values", "text"),
    [
        ("{{ deal.amount }} EUR", {"deal": {"amount": Decimal("1200000.50")}}, "1,200,000.5 EUR"),
        ("{{ day|date }}", {"day": date(2026, 3, 3)}, "3 March 2026"),
        ("{{ at|moment }}", {"at": datetime(2026, 3, 3, 8, tzinfo=UTC)}, "Tuesday, 3 March 2026, 09:00"),
        ("{{ missing|default('none') }}", {}, "none"),
        ("{{ empty }}!", {"empty": None}, "!"),
        ("{% for x in xs %}{{ x }}{% if not loop.last %}, {% endif %}{% endfor %}", {"xs": [1, 2]}, "1, 2"),
        ("{{ agreed }}", {"agreed": True}, "yes"),
        ("{{ xs[1] }}", {"xs": ["a", "b"]}, "b"),
        ("{{ d.items }}", {"d": {"items": "mine"}}, "mine"),
        ("{{ said }}", {"said": "{{ 1 }} <b> & {% if %}"}, "{{ 1 }} <b> & {% if %}"),
    ],
)
def test_values_are_written_as_people_write_them(template: str, values: dict[str, Any], text: str) -> None:
    assert fill(template, **values) == text + "\n"


@pytest.mark.parametrize(
    "template",
    [
        "{{ ''.__class__.__mro__ }}",
        "{{ name.__init__ }}",
        "{{ name.upper() }}",
        "{{ 'a' * 50000000 }}",
        "{{ 'a' ~ 'b' }}",
        "{{ range(10) }}",
        "{{ cycler }}",
        "{{ name|attr('upper') }}",
        "{{ name|format }}",
        "{% for a in xs %}{% for b in xs %}{% endfor %}{% endfor %}",
        "{% include 'x' %}",
        "{% set a = 1 %}",
        "{% macro m() %}{% endmacro %}",
        "{{ self }}",
        "{{ not_given }}",
        "{% if",
        "{{ xs.append }}",
    ],
)
def test_everything_else_is_refused(template: str) -> None:
    with pytest.raises(LetterError):
        fill(template, name="Ann", xs=[1, 2])


def test_letter_does_not_grow_without_end() -> None:
    with pytest.raises(LetterError, match="100000"):
        fill("{% for x in xs %}" + "a" * 1000 + "{% endfor %}", xs=list(range(1000)))


def test_page_form_says_the_same_and_no_markup_gets_in() -> None:
    content = {
        "en": {
            "subject": "s",
            "text": "{{ name }}\n\nOpen: https://bpm.example/?a=1&b=2\n\nsee http://x.example.",
        }
    }

    html = letter_text.render(content, {"name": "<script>alert(1)</script>"}, "en", WARSAW).html

    assert "<script>" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert 'href="https://bpm.example/?a=1&amp;b=2"' in html
    assert '<a href="http://x.example">http://x.example</a>.' in html


def test_letter_falls_back_to_english() -> None:
    content = {"en": {"subject": "s", "text": "Hello"}}

    assert letter_text.render(content, {}, "pl", WARSAW).language == "en"


@pytest.mark.parametrize("key", ["assignment", "escalation", "incident", "notice", "outcome", "reminder"])
def test_every_shipped_letter_speaks_three_languages(key: str) -> None:
    content = queries.shipped_letter(key)

    assert content is not None
    letter_text.check(content)
    assert {"en", "ru", "pl"} <= set(content)


@pytest.mark.parametrize(
    "content",
    [{}, {"de": {"subject": "s", "text": "t"}}, {"en": {"subject": "", "text": "t"}}, {"en": "text"}],
)
def test_letter_without_words_is_refused(content: dict[str, Any]) -> None:
    with pytest.raises(LetterError):
        letter_text.check(content)


def test_publication_is_numbered_and_the_same_again_changes_nothing(
    session: Session, now: datetime, company: None
) -> None:
    owner: Person = required_person(session, "adam.kaminski")
    first = {"en": {"subject": "One", "text": "Hello"}}

    assert commands.publish_letter(session, now, owner, "mine", first).number == 1
    assert commands.publish_letter(session, now, None, "mine", first).number == 1
    assert (
        commands.publish_letter(
            session, now, owner, "mine", {"en": {"subject": "Two", "text": "Hello"}}
        ).number
        == 2
    )
    assert queries.letter_content(session, "mine")["en"]["subject"] == "Two"
    assert "mine" in queries.letter_keys(session)
    with pytest.raises(NotAllowed):
        commands.publish_letter(session, now, required_person(session, "anna.nowak"), "mine", first)


@pytest.mark.parametrize("key", ["nothing", "../letters/assignment", ""])
def test_letter_that_does_not_exist_is_named(session: Session, key: str) -> None:
    with pytest.raises(LetterError):
        queries.letter_content(session, key)
