"""How texts of a diagram are read: FEEL, marks of other tools, texts with parts; never Python."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from bpm.engine.diagram import expressions
from bpm.engine.diagram.expressions import NotAnExpression, Surroundings, formula, template, unmarked, value

AROUND = Surroundings(datetime(2026, 3, 2, tzinfo=UTC), {"owner": lambda record: "ann"})


def evaluated(text: str, **variables: Any) -> Any:
    return value(text).evaluate(variables, AROUND)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("=1 + 2", 3),
        ("${amount > 5 && !done}", True),
        ("${amount gt 5 and way == 'mail'}", True),
        ("#{ !done }", True),
        ("${!(amount < 5 || done)}", True),
        ("plain text", "plain text"),
        ("Contract {number}, {upper case(way)}", "Contract 118, MAIL"),
        ("{missing}{{not an expression}}", "{not an expression}"),
        ('{ {a: "}"}.a }', "}"),
        ("=owner(deal)", "ann"),
    ],
)
def test_values(text: str, expected: Any) -> None:
    if expected is None:
        with pytest.raises(NotAnExpression):
            value(text)
    else:
        assert evaluated(text, amount=7, number=118, way="mail", done=False, deal={}) == expected


def test_texts_of_other_tools_keep_their_quotes() -> None:
    assert unmarked("${way == 'a == b'}") == ('way="a == b"', True) or evaluated(
        "${way == 'a == b'}", way="a == b"
    )


def test_a_script_is_made_of_assignments() -> None:
    found = expressions.assignments('a := 1\n\nb := if a > 0\n  then "x"\n  else "y"\n')
    assert [(name, one.evaluate({"a": 1}, AROUND)) for name, one in found] == [("a", 1), ("b", "x")]


@pytest.mark.parametrize("text", ["import os", "x = 1", "print('a')", "a.b := 1", "1 := 2", "x := "])
def test_anything_else_is_no_script(text: str) -> None:
    with pytest.raises(NotAnExpression):
        expressions.assignments(text)


def test_names_of_another_language_are_found() -> None:
    assert expressions.foreign_words(formula("import os")) == "import os"
    assert expressions.foreign_words(formula('__import__("os")')) == "__import__()"
    assert expressions.foreign_words(formula("owner(deal) + sum(list)")) is None


def test_titles_show_values_as_people_write_them() -> None:
    shown = template("{n} {day} {yes} {list} {deal}").evaluate(
        {"n": 5, "day": "x", "yes": True, "list": ["a", "b"], "deal": {"name": "Delta"}}, AROUND
    )
    assert shown == "5 x true a, b Delta"
