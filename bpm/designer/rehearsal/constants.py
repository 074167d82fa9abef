"""With what a process compares its values: constants of conditions and decision tables, by name.

``amount > 500000`` tells that 499999, 500000 and 500001 are worth trying for ``amount``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from lxml import etree

from bpm import feel
from bpm.engine.definition import Definition
from bpm.feel import FeelError, tree
from bpm.feel.parser import Parser
from bpm.forms.expressions import bare

Samples = dict[str, list[Any]]


def of_texts(texts: Iterable[str]) -> Samples:
    """Return the values worth trying for each name that FEEL texts compare with a constant."""
    found: Samples = {}
    for text in texts:
        try:
            parsed = feel.parse(bare(text))
        except FeelError:
            continue
        for node in tree.walk(parsed):
            for name, constant in _compared(node):
                _add(found, name, constant)
    return found


def of_decision(xml: str) -> Samples:
    """Return the same of the tables of a DMN file: the columns are the names, the cells the constants."""
    found: Samples = {}
    for table in _parsed(xml).iter("{*}decisionTable"):
        names = ["".join(one.itertext()).strip() for one in table.iterfind("{*}input/{*}inputExpression")]
        for rule in table.iterfind("{*}rule"):
            cells = ["".join(one.itertext()).strip() for one in rule.iterfind("{*}inputEntry")]
            for name, cell in zip(names, cells, strict=False):
                for constant in _cell_constants(cell):
                    _add(found, name.rpartition(".")[2], constant)
    return found


def _parsed(xml: str) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    return etree.fromstring(xml.encode(), parser)


def texts_of(definition: Definition) -> list[str]:
    """Return the expressions that decide which way a case goes."""
    conditions = [flow.condition for flow in definition.flows.values() if flow.condition]
    triggers = [
        trigger.condition.text
        for node in definition.spec.task_specs.values()
        for trigger in getattr(node, "triggers", ())
        if trigger.condition is not None
    ]
    return [*conditions, *triggers]


def names_in(texts: Iterable[str]) -> set[str]:
    """Return the variables that FEEL texts read."""
    found: set[str] = set()
    for text in texts:
        try:
            found |= feel.compile(bare(text)).variables
        except FeelError:
            continue
    return found


def merged(parts: Iterable[Samples]) -> Samples:
    """Put several together, each value once."""
    found: Samples = {}
    for part in parts:
        for name, constants in part.items():
            kept = found.setdefault(name, [])
            kept += [one for one in constants if one not in kept]
    return found


def _compared(node: tree.Node) -> Iterator[tuple[str, Any]]:
    match node:
        case tree.Comparison(_operator, left, right):
            sides = [(left, right), (right, left)]
        case tree.Between(value, low, high):
            sides = [(value, low), (value, high)]
        case tree.In(value, tests):
            sides = [(value, part) for test in tests for part in tree.walk(test)]
        case _:
            return
    for subject, other in sides:
        name, constant = _name(subject), _literal(other)
        if name and constant is not None:
            yield name, constant


def _name(node: tree.Node) -> str:
    match node:
        case tree.Name(name) | tree.Path(_, name):
            return name
    return ""


def _literal(node: tree.Node) -> Any:
    match node:
        case tree.Literal(value):
            return value
        case tree.Negate(tree.Literal(Decimal() as value)):
            return -value
    return None


def _cell_constants(cell: str) -> Iterator[Any]:
    if not cell or cell == "-":
        return
    try:
        parsed = Parser(cell, frozenset()).cell()
    except FeelError:
        return
    for node in tree.walk(parsed):
        value = _literal(node)
        if value is not None:
            yield value


def _add(found: Samples, name: str, constant: Any) -> None:
    kept = found.setdefault(name, [])
    if isinstance(constant, bool):
        values: list[Any] = [True, False]
    elif isinstance(constant, Decimal):
        values = [constant, constant + 1, constant - 1]
    else:
        values = [constant]
    kept += [one for one in values if one not in kept]
