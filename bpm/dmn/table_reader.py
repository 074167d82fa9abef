"""XML of a decision table to a ``Table`` (DMN 1.5, 8.3). The orientation of its drawing does not matter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

from bpm.dmn import document
from bpm.dmn.run import nothing
from bpm.dmn.tables import AGGREGATIONS, POLICIES, Input, Output, Rule, Table
from bpm.feel.types import Type
from bpm.language import _

if TYPE_CHECKING:
    from bpm.dmn.boxed import Builder


def build_table(build: Builder, element: etree._Element, result: Type | None = None) -> Table:
    """Compile a decision table.

    Args:
        build: compiles its expressions and takes its faults.
        result: the type of the whole result, whose allowed values order a single output.
    """
    policy, aggregation = element.get("hitPolicy", "UNIQUE"), element.get("aggregation", "")
    if policy not in POLICIES or aggregation not in AGGREGATIONS:
        build.report(
            element, _("The hit policy %(name)s is unknown.", name=f"{policy} {aggregation}".strip())
        )
    inputs = [_input(build, column) for column in document.children(element, "input")]
    outputs = [_output(build, column) for column in document.children(element, "output")]
    if len(outputs) == 1 and outputs[0].order is None and result is not None:
        outputs[0].order = (result.element or result).tests
    if len(outputs) > 1 and len({column.name for column in outputs}) < len(outputs):
        build.report(element, _("Each output column needs a name of its own."))
    notes = [document.name_of(column) for column in document.children(element, "annotation")]
    rules = []
    for number, row in enumerate(document.children(element, "rule"), 1):
        rule = _rule(build, row, number, notes)
        if len(rule.tests) == len(inputs) and len(rule.results) == len(outputs):
            rules.append(rule)
        else:
            build.report(row, _("Rule %(number)s has not one cell for each column.", number=number))
    _check_inputs(build, element, rules)
    return Table(_name(element), policy, aggregation if policy == "COLLECT" else "", inputs, outputs, rules)


def _input(build: Builder, column: etree._Element) -> Input:
    expression = document.child(column, "inputExpression")
    source = "" if expression is None else document.text(expression, "text")
    allowed = document.child(column, "inputValues")
    return Input(
        source,
        column.get("label", ""),
        build.text(source, column) if source else nothing,
        build.type(expression),
        None if allowed is None else build.tests(document.text(allowed, "text"), column),
    )


def _output(build: Builder, column: etree._Element) -> Output:
    values = document.child(column, "outputValues")
    default = document.child(column, "defaultOutputEntry")
    kind = build.type(column)
    return Output(
        document.name_of(column),
        column.get("label", ""),
        kind,
        kind.tests if values is None else build.tests(document.text(values, "text"), column),
        None if default is None or not document.text(default, "text") else build.literal(default),
    )


def _rule(build: Builder, row: etree._Element, number: int, notes: list[str]) -> Rule:
    cells = list(document.children(row, "inputEntry"))
    texts = [document.text(cell, "text") for cell in cells]
    results = list(document.children(row, "outputEntry"))
    remarks = [document.text(cell, "text") for cell in document.children(row, "annotationEntry")]
    description = document.text(row, "description")
    annotations = {
        (notes[index] if index < len(notes) else "") or str(index + 1): remark
        for index, remark in enumerate(remarks)
        if remark
    }
    if description:
        annotations["description"] = description
    return Rule(
        document.identity(row) or str(number),
        number,
        [build.tests(source, cell) for source, cell in zip(texts, cells, strict=True)],
        [build.literal(cell) for cell in results],
        texts,
        [document.text(cell, "text") for cell in results],
        annotations,
    )


def _check_inputs(build: Builder, element: etree._Element, rules: list[Rule]) -> None:
    """Report input columns that ask about nothing although their cells want to know something."""
    for index, column in enumerate(document.children(element, "input")):
        expression = document.child(column, "inputExpression")
        if expression is not None and document.text(expression, "text"):
            continue
        if any(rule.texts[index] not in ("", "-") for rule in rules):
            build.report(column, _("The column has no expression."))


def _name(element: etree._Element) -> str:
    named = (document.name_of(one) for one in element.iterancestors())
    return document.plain_name(element.get("label", "")) or next(filter(None, named), "")
