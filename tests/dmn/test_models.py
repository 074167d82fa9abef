"""Decision models as a whole: graphs, knowledge, services, types, imports, and refused files."""

from __future__ import annotations

import pytest

from bpm.dmn import DmnError, read
from tests.dmn.models import decision, definitions, literal, required_decision, required_knowledge


def test_a_decision_uses_the_decisions_it_requires() -> None:
    model = read(
        definitions(
            '<inputData id="amount" name="amount"><variable name="amount" typeRef="number"/></inputData>'
            + decision("fee", literal("amount * 0.1"))
            + decision("total", literal("amount + fee"), requires=required_decision("fee"))
        )
    )
    # names that the model declares must be required, others are simply read
    assert model.evaluate("total", {"amount": 100}).value is None
    assert model.evaluate("fee", {"amount": 100}).value is None


def test_required_inputs_and_decisions_are_seen() -> None:
    wanted = '<informationRequirement><requiredInput href="#amount"/></informationRequirement>'
    model = read(
        definitions(
            '<inputData id="amount" name="amount"><variable name="amount" typeRef="number"/></inputData>'
            + decision("fee", literal("amount * 0.1"), requires=wanted)
            + decision("total", literal("amount + fee"), requires=wanted + required_decision("fee"))
        )
    )
    assert model.evaluate("total", {"amount": 100}).value == 110
    assert model.evaluate("total", {"amount": "a hundred"}).value is None
    assert model.evaluate("total", {"amount": 100, "fee": 1}).value == 101
    assert [one.id for one in model.decisions] == ["fee", "total"]


def test_undeclared_variables_are_read_as_they_are() -> None:
    model = read(definitions(decision("greeting", literal('"Hello " + company.name'))))
    assert model.evaluate("greeting", {"company": {"name": "ACME"}}).value == "Hello ACME"


def test_knowledge_is_called_like_a_function() -> None:
    model = read(
        definitions(
            '<businessKnowledgeModel id="vat" name="with vat"><variable name="with vat"/><encapsulatedLogic>'
            '<formalParameter name="net" typeRef="number"/>' + literal("net * 1.23") + "</encapsulatedLogic>"
            "</businessKnowledgeModel>"
            + decision("gross", literal("with vat(100)"), requires=required_knowledge("#vat"))
        )
    )
    assert model.evaluate("gross", {}).value == 123


def test_a_decision_service_is_called_with_its_inputs() -> None:
    model = read(
        definitions(
            decision("fee", literal("5"))
            + decision("total", literal("fee + 1"), requires=required_decision("fee"))
            + '<decisionService id="service" name="service"><outputDecision href="#total"/>'
            '<inputDecision href="#fee"/></decisionService>'
            + decision("call", literal("service(10)"), requires=required_knowledge("#service"))
        )
    )
    assert model.evaluate("call", {}).value == 11
    assert model.evaluate_service("service", {"fee": 2}).value == 3


def test_allowed_values_hold() -> None:
    model = read(
        definitions(
            '<itemDefinition name="tStage"><typeRef>string</typeRef><allowedValues><text>"new", "won"</text>'
            "</allowedValues></itemDefinition>"
            + decision("good", literal('"won"'), type="tStage")
            + decision("bad", literal('"lost"'), type="tStage")
        )
    )
    assert model.evaluate("good", {}).value == "won"
    assert model.evaluate("bad", {}).value is None


def test_an_imported_model_is_used_by_its_prefix() -> None:
    library = read(
        definitions(
            '<itemDefinition name="tFee"><typeRef>number</typeRef></itemDefinition>'
            '<businessKnowledgeModel id="double" name="double"><variable name="double"/><encapsulatedLogic>'
            '<formalParameter name="n" typeRef="tFee"/>' + literal("n * 2") + "</encapsulatedLogic>"
            "</businessKnowledgeModel>",
            namespace="urn:library",
        )
    )
    xml = definitions(
        '<import name="lib" namespace="urn:library" importType="https://www.omg.org/spec/DMN/20230324/MODEL/"/>'
        + decision(
            "answer",
            literal("lib.double(21)"),
            type="lib.tFee",
            requires=required_knowledge("urn:library#double"),
        )
    )
    assert read(xml, [library]).evaluate("answer", {}).value == 42
    assert "lib" in read(xml).problems[0][1]


def test_a_faulty_expression_is_a_problem_and_gives_null() -> None:
    model = read(definitions(decision("bad", literal("1 +")) + decision("good", literal("1"))))
    assert len(model.problems) == 1
    assert model.evaluate("bad", {}).value is None
    assert model.evaluate("good", {}).value == 1


def test_a_circle_is_refused() -> None:
    model = read(
        definitions(
            decision("a", literal("b"), requires=required_decision("b"))
            + decision("b", literal("a"), requires=required_decision("a"))
        )
    )
    with pytest.raises(DmnError):
        model.evaluate("a", {})


@pytest.mark.parametrize(
    "xml",
    [
        b"",
        b"no xml",
        b"<definitions/>",
        b'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"/>',
        b'<!DOCTYPE definitions [<!ENTITY a "b">]><definitions '
        b'xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" name="&a;"/>',
        b'<!DOCTYPE definitions SYSTEM "file:///etc/passwd"><definitions '
        b'xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/"/>',
    ],
)
def test_what_is_no_decision_model_is_refused(xml: bytes) -> None:
    with pytest.raises(DmnError):
        read(xml)


def test_an_unknown_decision_is_named() -> None:
    with pytest.raises(DmnError, match="nowhere"):
        read(definitions(decision("a", literal("1")))).evaluate("nowhere", {})
