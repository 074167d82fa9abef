"""Boxed expressions of every kind (DMN 1.5, 10.2.2)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from bpm.dmn import Model, read
from tests.dmn.models import decision, definitions, item, knowledge, literal, required_knowledge, table


def model_of(logic: str, before: str = "", requires: str = "", type: str = "") -> Model:
    model = read(definitions(before + decision("out", logic, requires=requires, type=type)))
    assert not model.problems
    return model


def value_of(logic: str, before: str = "", requires: str = "", type: str = "", **context: Any) -> Any:
    return model_of(logic, before, requires, type).evaluate("out", context).value


def entry(name: str, logic: str, type: str = "") -> str:
    kind = f'typeRef="{type}"' if type else ""
    variable = f'<variable name="{name}" {kind}/>' if name else ""
    return f"<contextEntry>{variable}{logic}</contextEntry>"


def context(*entries: str) -> str:
    return f"<context>{''.join(entries)}</context>"


def function(parameters: list[str], logic: str, kind: str = "") -> str:
    formal = "".join(f'<formalParameter name="{name}"/>' for name in parameters)
    return f"<functionDefinition {kind}>{formal}{logic}</functionDefinition>"


def invocation(called: str, **bindings: str) -> str:
    parts = "".join(
        f'<binding><parameter name="{name}"/>{logic}</binding>' for name, logic in bindings.items()
    )
    return f"<invocation>{called}{parts}</invocation>"


def test_a_context_reads_its_earlier_entries() -> None:
    entries = entry(" unit   price ", literal("5")) + entry("total", literal("unit price * 3"))
    assert value_of(context(entries)) == {"unit price": 5, "total": 15}
    assert value_of(context(entries, entry("", literal("total + 1")))) == 16


def test_entries_have_types_and_may_be_boxed_themselves() -> None:
    inner = context(entry("a", literal("[1]"), "number"), entry("b", literal('"x"'), "number"))
    assert value_of(context(entry("inner", inner))) == {"inner": {"a": 1, "b": None}}


def test_an_entry_twice_is_a_fault() -> None:
    model = read(definitions(decision("out", context(entry("a", literal("1")), entry("a", literal("2"))))))
    assert model.problems == [("out", "out: a: The name a is used twice.")]
    assert model.evaluate("out", {}).value is None


def test_lists_and_relations() -> None:
    assert value_of(f"<list>{literal('1')}<list>{literal('2')}</list></list>") == [1, [2]]
    rows = "".join(
        f"<row>{literal(name)}{literal(price)}</row>" for name, price in (('"a"', "1"), ('"b"', '"x"'))
    )
    relation = f'<relation><column name="name"/><column name="price" typeRef="number"/>{rows}</relation>'
    assert value_of(relation) == [{"name": "a", "price": 1}, {"name": "b", "price": None}]
    assert value_of('<relation><column name="a"/></relation>') == []


def test_a_conditional() -> None:
    logic = f"<conditional><if>{literal('n > 1')}</if><then>{literal('1')}</then><else>{literal('2')}</else></conditional>"
    assert value_of(logic, n=5) == 1
    assert value_of(logic, n=0) == 2
    assert value_of(logic, n=None) == 2


def test_iterators() -> None:
    each = f'<for iteratorVariable="line item"><in>{literal("[1, 2, 3]")}</in><return>{{}}</return></for>'
    assert value_of(each.format(literal("line item * 2"))) == [2, 4, 6]
    assert value_of(each.format(literal("count(partial) + line item"))) == [1, 3, 5]
    for kind, expected in (("some", True), ("every", False)):
        logic = f'<{kind} iteratorVariable="n"><in>{literal("[1, 2]")}</in><satisfies>{literal("n > 1")}</satisfies></{kind}>'
        assert value_of(logic) is expected
    nested = each.format(
        f'<for iteratorVariable="m"><in>{literal("[10..11]")}</in><return>{literal("line item + m")}</return></for>'
    )
    assert value_of(nested)[0] == [11, 12]
    assert (
        value_of(f'<for iteratorVariable="n"><in>{literal("null")}</in><return>{literal("n")}</return></for>')
        is None
    )


def test_a_filter() -> None:
    def kept(condition: str) -> Any:
        source = literal('[{n: 1, name: "a"}, {n: 5, name: "b"}]')
        return value_of(f"<filter><in>{source}</in><match>{literal(condition)}</match></filter>")

    assert kept("n > 3") == [{"n": 5, "name": "b"}]
    assert kept('item.name = "a"') == [{"n": 1, "name": "a"}]
    assert kept("n > 10") == []
    assert kept("2") == {"n": 5, "name": "b"}


def test_a_function_is_defined_and_invoked() -> None:
    add = function(["a", "b"], literal("a - b"))
    assert value_of(context(entry("f", add), entry("", literal("f(b: 1, a: 3)")))) == 2
    called = invocation(literal("f"), b=literal("1"), a=literal("3"))
    assert value_of(context(entry("f", add), entry("", called))) == 2
    assert value_of(invocation(literal("function(a) a + 1"), a=literal("1"))) == 2
    assert value_of(invocation(add, a=literal("5"), b=literal("1"))) == 4
    assert value_of(invocation(add, a=literal("5"))) is None
    assert value_of(invocation(add, a=literal("5"), b=literal("1"), c=literal("1"))) is None
    assert value_of(invocation(literal("1"), a=literal("5"))) is None
    assert value_of(invocation(literal("abs"), n=literal("-5"))) == 5


def test_a_function_keeps_what_it_saw_and_may_call_itself() -> None:
    factorial = function(["n"], literal("if n < 2 then 1 else n * factorial(n - 1)"))
    assert value_of(context(entry("factorial", factorial), entry("", literal("factorial(20)")))) == Decimal(
        2432902008176640000
    )
    outer = function(["a"], function(["b"], literal("a * 10 + b")))
    assert value_of(context(entry("f", outer), entry("", literal("f(1)(2)")))) == 12


@pytest.mark.parametrize("kind", ["Java", "PMML"])
def test_functions_of_other_kinds_are_named_and_give_null(kind: str) -> None:
    external = function(["a"], context(entry("class", literal('"java.lang.Math"'))), f'kind="{kind}"')
    model = read(definitions(decision("out", context(entry("f", external), entry("", literal("f(1)"))))))
    assert [place for place, _text in model.problems] == ["out"]
    assert kind in model.problems[0][1]
    result = model.evaluate("out", {})
    assert result.value is None
    assert result.warnings


def test_a_table_inside_a_context_or_a_function() -> None:
    route = table(["n"], ["who"], [(["< 10"], ['"head"']), (["-"], ['"director"'])], "FIRST")
    assert value_of(context(entry("n", literal("5")), entry("", route))) == "head"
    before = knowledge("route of", ["n: number"], route)
    needed = required_knowledge("#route_of")
    model = model_of(literal("[route of(5), route of(50)]"), before, needed)
    result = model.evaluate("out", {})
    assert result.value == ["head", "director"]
    assert [(match["table"], match["number"]) for match in result.matched] == [
        ("route of", 1),
        ("route of", 2),
    ]


def test_a_boxed_expression_has_a_type_of_its_own() -> None:
    types = item("tStage", "string", '"new"')
    text = '<literalExpression typeRef="{}"><text>"new"</text></literalExpression>'
    assert value_of(text.format("tStage"), types) == "new"
    assert value_of(text.format("number"), types) is None
    numbers = '<list typeRef="list&lt;number&gt;">{}</list>'
    assert value_of(numbers.format(literal("1") + literal("2"))) == [1, 2]
    assert value_of(numbers.format(literal('"x"'))) is None


def test_an_expression_in_another_language_is_named() -> None:
    model = read(
        definitions(
            decision(
                "out",
                '<literalExpression id="e" expressionLanguage="python"><text>1</text></literalExpression>',
            )
        )
    )
    assert model.problems == [("e", "out: Expressions in python are not understood.")]
