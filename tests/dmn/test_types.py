"""Item definitions, and the conversions at every boundary (DMN 1.5, 7.3.3 and 10.3.2.9.4)."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from bpm.dmn import read
from tests.dmn.models import (
    decision,
    definitions,
    input_data,
    item,
    knowledge,
    literal,
    required_input,
    required_knowledge,
    structure,
)  # fmt: skip

TYPES = (
    item("tStage", "string", '"new", "won"')
    + item("tStages", "string", '"new", "won"', many=True)
    + item("tFewStages", "string", '"new", "won"', many=True, constraint="count(?) < 3")
    + item("tSmall", "number", "[0..100]")
    + item("tTiny", "tSmall", "< 10")
    + item("tNumbers", "number", many=True)
    + item("tLists", "tNumbers", many=True)
    + structure("tPerson", {"name": "string", "age": "tSmall"})
    + item("tPeople", "tPerson", many=True)
    + item("tShort", "string", "string length(?) <= 3")
)


def given(type: str, value: Any) -> Any:
    """Return what a decision of this type makes of ``value``."""
    model = read(
        definitions(
            TYPES
            + input_data("value")
            + decision("out", literal("value"), type=type, requires=required_input("value"))
        )
    )
    assert not model.problems
    return model.evaluate("out", {"value": value}).value


PERSON = {"name": "Eva", "age": 40}


@pytest.mark.parametrize(
    ("type", "value", "expected"),
    [
        ("", "x", "x"),
        ("Any", [1], [1]),
        ("feel:string", "x", "x"),
        ("feel.string", "x", "x"),
        ("feel:number", "x", None),
        ("dateTime", "x", None),
        ("feel:dayTimeDuration", "x", None),
        ("yearMonthDuration", 1, None),
        ("number", [5], 5),
        ("number", [5, 6], None),
        ("number", [[5]], 5),
        ("list<number>", 5, [5]),
        ("list<tSmall>", [5, 6], [5, 6]),
        ("list<tSmall>", [5, 600], None),
        ("list", "x", ["x"]),
        ("tNumbers", 5, [5]),
        ("tNumbers", [5, None], [5, None]),
        ("tNumbers", [5, "x"], None),
        ("tNumbers", [], []),
        ("tLists", [[1], [2, 3]], [[1], [2, 3]]),
        ("tStage", "won", "won"),
        ("tStage", "lost", None),
        ("tStage", ["won"], "won"),
        ("tStages", ["won", "new"], ["won", "new"]),
        ("tStages", ["won", "lost"], None),
        ("tStages", "won", ["won"]),
        ("tFewStages", ["won", "new"], ["won", "new"]),
        ("tFewStages", ["won", "new", "new"], None),
        ("tTiny", 5, 5),
        ("tTiny", 50, None),
        ("tTiny", -5, None),
        ("tShort", "abc", "abc"),
        ("tShort", "abcd", None),
        ("tPerson", PERSON, PERSON),
        ("tPerson", {"name": "Eva", "age": 400}, None),
        ("tPerson", {"name": "Eva"}, None),
        ("tPerson", {"name": "Eva", "age": None}, {"name": "Eva", "age": None}),
        ("tPerson", {**PERSON, "more": 1}, {**PERSON, "more": 1}),
        ("tPerson", [PERSON], PERSON),
        ("tPerson", {"name": ["Eva"], "age": 40}, PERSON),
        ("tPeople", PERSON, [PERSON]),
        ("tPeople", [PERSON, {"name": 1, "age": 1}], None),
        ("context", PERSON, PERSON),
        ("context<name: string>", PERSON, PERSON),
        ("context<name: number>", PERSON, None),
        ("date and time", date(2026, 3, 3), datetime(2026, 3, 3, tzinfo=UTC)),
        ("dateTime", date(2026, 3, 3), datetime(2026, 3, 3, tzinfo=UTC)),
        ("date", datetime(2026, 3, 3, tzinfo=UTC), None),
        ("boolean", "true", None),
        ("string", True, None),
        ("number", "5", None),
    ],
)
def test_a_value_is_made_to_fit_its_type(type: str, value: Any, expected: Any) -> None:
    assert given(type, value) == expected
    assert isinstance(given(type, value), bool) is isinstance(expected, bool)


def test_inputs_parameters_and_results_are_converted_alike() -> None:
    model = read(
        definitions(
            TYPES
            + input_data("stage", "tStage")
            + knowledge("length", ["text: tShort"], literal("string length(text)"), type="number")
            + knowledge("wrong", [], literal('"x"'), type="number")
            + decision(
                "seen", literal('if stage = null then "none" else stage'), requires=required_input("stage")
            )
            + decision("short", literal('length(["abc"])'), requires=required_knowledge("#length"))
            + decision("long", literal('length("abcd")'), requires=required_knowledge("#length"))
            + decision("failing", literal("wrong()"), requires=required_knowledge("#wrong"))
        )
    )
    assert model.evaluate("seen", {"stage": "won"}).value == "won"
    assert model.evaluate("seen", {"stage": "lost"}).value == "none"
    assert model.evaluate("seen", {"stage": "lost"}).warnings == ["stage: string is no string"]
    assert model.evaluate("short", {}).value == 3
    assert model.evaluate("long", {}).value is None
    assert model.evaluate("failing", {}).value is None


def test_a_type_may_be_a_function() -> None:
    function = (
        '<itemDefinition name="tRate"><functionItem outputTypeRef="number"><parameters name="n" '
        'typeRef="number"/></functionItem></itemDefinition>'
    )
    model = read(
        definitions(
            function
            + knowledge("rate", ["n: number"], literal("n * 2"), type="tRate")
            + decision("two", literal("rate(1)"), requires=required_knowledge("#rate"))
            + decision("text", literal('(function(n: number) "x")(1)'))
            + decision("kept", literal("function(n: number) n"), type="tRate")
            + decision("unfit", literal("function() 1"), type="tRate")
        )
    )
    assert not model.problems
    assert model.evaluate("two", {}).value == 2
    assert model.evaluate("text", {}).value == "x"
    assert model.evaluate("kept", {}).value is not None
    assert model.evaluate("unfit", {}).value is None


def test_a_type_may_hold_itself_or_be_called_like_a_built_in_one() -> None:
    tree = (
        '<itemDefinition name="tTree"><itemComponent name="children" isCollection="true"><typeRef>tTree</typeRef>'
        "</itemComponent></itemDefinition>" + item("string", "string", '"a", "b"')
    )
    leaf: dict[str, Any] = {"children": []}
    model = read(
        definitions(
            tree
            + decision("tree", literal("{children: [{children: []}]}"), type="tTree")
            + decision("good", literal('"a"'), type="string")
            + decision("bad", literal('"c"'), type="string")
        )
    )
    assert not model.problems
    assert model.evaluate("tree", {}).value == {"children": [leaf]}
    assert model.evaluate("good", {}).value == "a"
    assert model.evaluate("bad", {}).value is None


def test_unknown_types_are_named_with_their_place() -> None:
    model = read(
        definitions(
            structure("tPerson", {"age": "tAge"})
            + decision("out", literal("{age: 1}"), type="tPerson")
            + decision("other", literal("1"), type="nowhere.tAge")
            + decision("broken", literal("1"), type="list<")
        )
    )
    assert model.problems == [
        ("age", "tPerson: age: There is no type tAge."),
        ("other", "other: There is no type nowhere.tAge."),
        ("broken", "broken: There is no type list<."),
    ]
    assert model.evaluate("out", {}).value == {"age": Decimal(1)}


@pytest.mark.parametrize(
    "namespace",
    [
        "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
        "http://www.omg.org/spec/DMN/20180521/MODEL/",
        "https://www.omg.org/spec/DMN/20191111/MODEL/",
        "https://www.omg.org/spec/DMN/20211108/MODEL/",
        "https://www.omg.org/spec/DMN/20230324/MODEL/",
    ],
)
def test_every_version_of_the_standard_is_read(namespace: str) -> None:
    xml = f"""<dmn:definitions xmlns:dmn="{namespace}" xmlns:feel="http://www.omg.org/spec/FEEL/20140401"
      xmlns:own="urn:own" id="d" name="Old" namespace="urn:own">
      <dmn:itemDefinition id="t" name="tSmall"><dmn:typeRef>feel:number</dmn:typeRef>
        <dmn:allowedValues id="a"><dmn:text>&lt; 10</dmn:text></dmn:allowedValues></dmn:itemDefinition>
      <dmn:decision id="small" name="small"><dmn:variable name="small" typeRef="own:tSmall"/>
        <dmn:literalExpression typeRef="feel:number"><dmn:text>5</dmn:text></dmn:literalExpression></dmn:decision>
      <dmn:decision id="big" name="big"><dmn:variable name="big" typeRef="own:tSmall"/>
        <dmn:literalExpression><dmn:text>50</dmn:text></dmn:literalExpression></dmn:decision>
    </dmn:definitions>"""
    model = read(xml.encode())
    assert not model.problems
    assert model.evaluate("small", {}).value == 5
    assert model.evaluate("big", {}).value is None
