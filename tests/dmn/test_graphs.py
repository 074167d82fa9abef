"""Requirement graphs: who sees what; knowledge models, services, imports (DMN 1.5, 6.2, 6.3, 10.4)."""

from __future__ import annotations

from typing import Any

import pytest

from bpm.dmn import DmnError, Model, read
from tests.dmn.models import (
    decision,
    definitions,
    imported,
    input_data,
    item,
    knowledge,
    literal,
    required_decision,
    required_input,
    required_knowledge,
    table,
)  # fmt: skip


def model_of(*parts: str, others: tuple[Model, ...] = (), namespace: str = "urn:test") -> Model:
    model = read(definitions("".join(parts), namespace), others)
    assert not model.problems
    return model


def service(
    name: str, outputs: list[str], *, data: list[str] | None = None, decisions: list[str] | None = None
) -> str:
    lists = (("outputDecision", outputs), ("inputDecision", decisions or []), ("inputData", data or []))
    parts = "".join(f'<{kind} href="#{one}"/>' for kind, names in lists for one in names)
    return f'<decisionService id="{name.replace(" ", "_")}" name="{name}">{parts}</decisionService>'


# ---------------------------------------------------------------- what an element sees


def test_only_what_is_required_is_seen() -> None:
    model = model_of(
        input_data("a"),
        input_data("b"),
        decision("first", literal("a"), requires=required_input("a")),
        decision(
            "second", literal("[a, b, first]"), requires=required_input("b") + required_decision("first")
        ),
    )
    assert model.evaluate("second", {"a": 1, "b": 2}).value == [None, 2, 1]


def test_authority_is_for_people_only() -> None:
    authority = '<authorityRequirement><requiredInput href="#a"/></authorityRequirement>'
    source = '<knowledgeSource id="law" name="law"/>'
    requirement = '<authorityRequirement><requiredAuthority href="#law"/></authorityRequirement>'
    model = model_of(
        input_data("a"), source, decision("out", literal("[a, law]"), requires=authority + requirement)
    )
    assert model.evaluate("out", {"a": 1}).value == [None, None]


def test_a_knowledge_model_sees_its_parameters_and_what_it_requires_only() -> None:
    model = model_of(
        input_data("a"),
        knowledge("helper", ["n"], literal("n * 10")),
        knowledge("sees", ["n"], literal("[n, a, helper(n)]"), requires=required_knowledge("#helper")),
        knowledge("blind", ["n"], literal("[n, helper(n)]")),
        decision("out", literal("[sees(1), blind(1)]"),
                 requires=required_input("a") + required_knowledge("#sees") + required_knowledge("#blind")),
        decision("indirect", literal("helper(1)"), requires=required_knowledge("#sees")),
    )  # fmt: skip
    assert model.evaluate("out", {"a": 5}).value == [[1, None, 10], [1, None]]
    assert model.evaluate("indirect", {}).value is None


def test_what_was_decided_before_does_not_answer_for_the_decision_itself() -> None:
    model = model_of(
        input_data("n"),
        decision("half", literal("n / 2"), requires=required_input("n")),
        decision("more", literal("half + 1"), requires=required_decision("half")),
    )
    assert model.evaluate("half", {"n": 10, "half": 77}).value == 5
    assert model.evaluate("more", {"n": 10, "half": 77}).value == 78


def test_names_of_any_kind() -> None:
    model = model_of(
        '<inputData id="a" name=" Größe   in m "><variable name="Größe in m"/></inputData>',
        '<inputData id="b" name="profit-loss 2026"><variable name="profit-loss 2026"/></inputData>',
        '<inputData id="c" name="Customer\'s share + fee"><variable name="Customer\'s share + fee"/></inputData>',
        decision("out", literal("[Größe  in m * 2, profit-loss 2026 - 1, Customer's share + fee * 2]"),
                 requires="".join(map(required_input, "abc"))),
    )  # fmt: skip
    context = {"Größe in m": 2, "profit-loss 2026": 3, "Customer's share + fee": 4}
    assert model.evaluate("out", context).value == [4, 2, 8]
    assert model.evaluate("  out ", context).value == [4, 2, 8]


def test_a_fault_in_one_decision_leaves_the_others() -> None:
    model = read(
        definitions(
            decision("bad", literal("1 +"))
            + decision("typed", literal('"x"'), type="number")
            + decision(
                "good",
                literal("[bad, typed, 1]"),
                requires=required_decision("bad") + required_decision("typed"),
            )
        )
    )
    result = model.evaluate("good", {})
    assert result.value == [None, None, 1]
    assert [warning.partition(":")[0] for warning in result.warnings] == ["bad", "typed"]


def test_the_rules_of_every_table_behind_a_decision_are_told() -> None:
    rate = table(["amount"], ["rate"], [(["< 100"], ["1"]), ([">= 100"], ["2"])])
    who = table(["rate"], ["who"], [(["1"], ['"eva"']), (["2"], ['"jan"'])])
    model = model_of(
        input_data("amount", "number"),
        decision("rate", rate, requires=required_input("amount")),
        decision("who", who, requires=required_decision("rate")),
        decision(
            "both", literal("[who, who, rate]"), requires=required_decision("who") + required_decision("rate")
        ),
    )
    result = model.evaluate("both", {"amount": 500})
    assert result.value == ["jan", "jan", 2]
    assert [(one["table"], one["rule"], one["annotations"]) for one in result.matched] == [
        ("rate", "r2", {"why": "reason 2"}),
        ("who", "r2", {"why": "reason 2"}),
    ]


def test_recursion_and_its_end() -> None:
    model = model_of(
        knowledge("factorial", ["n: number"], literal("if n < 2 then 1 else n * factorial(n - 1)"),
                  requires=required_knowledge("#factorial")),
        knowledge("even number", ["n"], literal("if n = 0 then true else odd number(n - 1)"),
                  requires=required_knowledge("#odd_number")),
        knowledge("odd number", ["n"], literal("if n = 0 then false else even number(n - 1)"),
                  requires=required_knowledge("#even_number")),
        decision("out", literal("[factorial(5), even number(7)]"),
                 requires=required_knowledge("#factorial") + required_knowledge("#even_number")),
    )  # fmt: skip
    assert model.evaluate("out", {}).value == [120, False]


def test_circles_and_missing_elements_are_problems() -> None:
    model = read(
        definitions(
            decision("a", literal("b"), requires=required_decision("b"))
            + decision("b", literal("a"), requires=required_decision("a"))
            + decision("c", literal("1"), requires=required_decision("nowhere"))
        )
    )
    assert [place for place, _text in model.problems] == ["a", "b", "c"]
    assert model.evaluate("c", {}).value == 1
    with pytest.raises(DmnError):
        model.evaluate("a", {})


# ---------------------------------------------------------------- services

SERVICE = (
    input_data("amount", "number"),
    decision("rate", literal("0.1")),
    decision("fee", literal("amount * rate"), requires=required_input("amount") + required_decision("rate")),
    decision("total", literal("amount + fee"), requires=required_input("amount") + required_decision("fee")),
)


def test_a_service_takes_data_and_then_decisions() -> None:
    model = model_of(
        *SERVICE,
        service("one output", ["total"], data=["amount"], decisions=["rate"]),
        decision("out", literal("[one output(100, 0.5), one output(rate: 0.2, amount: 100), one output(1), "
                                'one output(100, 0.5, 1), one output("x", 1)]'),
                 requires=required_knowledge("#one_output")),
    )  # fmt: skip
    assert model.evaluate("out", {}).value == [150, 120, None, None, None]
    assert model.evaluate_service("one output", {"amount": 100, "rate": 1}).value == 200


def test_a_service_with_several_outputs_gives_a_context() -> None:
    model = model_of(
        *SERVICE,
        service("two", ["fee", "total"], data=["amount"]),
        decision("out", literal("two(100).fee"), requires=required_knowledge("#two")),
    )
    assert model.evaluate("out", {}).value == 10
    assert model.evaluate_service("two", {"amount": 100}).value == {"fee": 10, "total": 110}


def test_a_service_sees_nothing_of_its_caller() -> None:
    model = model_of(
        *SERVICE,
        service("closed", ["total"]),
        decision(
            "out",
            literal("[amount, closed()]"),
            requires=required_input("amount") + required_knowledge("#closed"),
        ),
    )
    assert model.evaluate("out", {"amount": 100, "fee": 1}).value == [100, None]


def test_a_service_is_invoked_like_a_function() -> None:
    called = (
        "<invocation>" + literal("one output")
        + f'<binding><parameter name="rate"/>{literal("1")}</binding>'
        + f'<binding><parameter name="amount"/>{literal("5")}</binding></invocation>'
    )  # fmt: skip
    model = model_of(
        *SERVICE,
        service("one output", ["total"], data=["amount"], decisions=["rate"]),
        decision("out", called, requires=required_knowledge("#one_output")),
    )
    assert model.evaluate("out", {}).value == 10


def test_a_knowledge_model_is_called_from_outside() -> None:
    model = model_of(knowledge("twice", ["n: number"], literal("n * 2")))
    assert model.evaluate_service("twice", {"n": 4}).value == 8
    assert model.evaluate_service("twice", {"n": "x"}).value is None


# ---------------------------------------------------------------- imports


def library(namespace: str = "urn:library") -> Model:
    return model_of(
        item("tStage", "string", '"new", "won"'),
        input_data("amount", "number"),
        decision("half", literal("amount / 2"), requires=required_input("amount")),
        knowledge("with vat", ["net"], literal("net * 1.23")),
        namespace=namespace,
    )


def test_imported_elements_stand_below_the_name_of_their_import() -> None:
    model = model_of(
        imported("my lib", "urn:library"),
        input_data("amount", "number"),
        decision("out", literal("[amount, my lib.amount, my lib.half, my lib.with vat(100)]"),
                 requires=required_input("amount") + required_input("urn:library#amount")
                 + required_decision("urn:library#half")
                 + required_knowledge("urn:library#with_vat")),
        decision("stage", literal('"lost"'), type="my lib.tStage"),
        others=(library(),),
    )  # fmt: skip
    expected = [1, 8, 4, 123]
    assert model.evaluate("out", {"amount": 1, "my lib": {"amount": 8}}).value == expected
    assert model.evaluate("out", {"amount": 1, "urn:library#amount": 8}).value == expected
    assert model.evaluate("out", {"amount": 1}).value == [1, None, None, 123]
    assert model.evaluate("stage", {}).value is None


def test_an_import_without_a_name_adds_its_names_to_ones_own() -> None:
    model = model_of(
        imported("", "urn:library"),
        item("tStage", "number"),
        decision("out", literal("[amount, with vat(100)]"),
                 requires=required_input("urn:library#amount") + required_knowledge("urn:library#with_vat")),
        decision("stage", literal("5"), type="tStage"),
        others=(library(),),
    )  # fmt: skip
    assert model.evaluate("out", {"amount": 8}).value == [8, 123]
    assert model.evaluate("stage", {}).value == 5


def test_the_same_names_in_two_models_and_imports_of_imports() -> None:
    one, two = library("urn:one"), library("urn:two")
    middle = model_of(
        imported("first", "urn:one"),
        decision("half", literal("first.half + 100"),
                 requires=required_decision("urn:one#half")),
        others=(one,), namespace="urn:middle",
    )  # fmt: skip
    halves = required_decision("urn:middle#half") + required_decision("urn:two#half")
    top = model_of(
        imported("m", "urn:middle"),
        imported("second", "urn:two"),
        decision("out", literal("[m.half, second.half]"), requires=halves),
        decision("stage", literal('"won"'), type="m.first.tStage"),
        others=(one, two, middle),
    )
    context: dict[str, Any] = {"m": {"first": {"amount": 2}}, "second": {"amount": 6}}
    assert top.evaluate("out", context).value == [101, 3]
    assert top.evaluate("out", {"urn:one#amount": 4, "urn:two#amount": 8}).value == [102, 4]
    assert top.evaluate("stage", {}).value == "won"


def test_an_input_reached_by_two_imports_may_have_two_values() -> None:
    base = library("urn:base")

    def between(name: str) -> Model:
        return model_of(
            imported("base", "urn:base"),
            decision("half", literal("base.half"), requires=required_decision("urn:base#half")),
            others=(base,), namespace=f"urn:{name}",
        )  # fmt: skip

    top = model_of(
        imported("left", "urn:left"),
        imported("right", "urn:right"),
        decision("out", literal("[left.half, right.half]"),
                 requires=required_decision("urn:left#half") + required_decision("urn:right#half")),
        others=(base, between("left"), between("right")),
    )  # fmt: skip
    context = {"left": {"base": {"amount": 2}}, "right": {"base": {"amount": 4}}}
    assert top.evaluate("out", context).value == [1, 2]
    assert top.evaluate("out", {"urn:base#amount": 8}).value == [4, 4]
    assert top.evaluate("out", {"amount": 8}).value == [4, 4]


def test_other_imports_are_passed_over() -> None:
    pmml = '<import name="score" namespace="urn:score" importType="http://www.dmg.org/PMML-4_3"/>'
    assert model_of(pmml, decision("out", literal("1"))).evaluate("out", {}).value == 1
