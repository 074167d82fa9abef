"""Writes the file of a new decision table (DMN 1.3, which the editor in the browser reads)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lxml import etree

from bpm.designer.diagram import key_from
from bpm.designer.library.drafts import free_key

DMN = "https://www.omg.org/spec/DMN/20191111/MODEL/"
DI = "https://www.omg.org/spec/DMN/20191111/DMNDI/"
DC = "http://www.omg.org/spec/DMN/20180521/DC/"
# types of columns that people choose from, as DMN writes them
TYPES = ("string", "number", "boolean", "date")


@dataclass(frozen=True)
class Column:
    """A column: its words and the type of its values, one of ``TYPES``. ``key``: the field it reads."""

    label: str
    type: str = "string"
    key: str = ""


def new(key: str, name: str, inputs: Sequence[Column], outputs: Sequence[Column]) -> str:
    """Return a file with one decision: a table with these columns and one rule that fits everything."""
    root = etree.Element(_dmn("definitions"), nsmap={None: DMN, "dmndi": DI, "dc": DC})
    root.set("id", f"{key}_file")
    root.set("name", name)
    root.set("namespace", f"urn:bpm:decisions:{key}")
    decision = _add(root, "decision", id=key, name=name)
    _add(decision, "variable", id=f"{key}_variable", name=key)
    table = _add(decision, "decisionTable", id=f"{key}_table", hitPolicy="UNIQUE")
    taken: list[str] = [key]
    for number, column in enumerate(inputs, 1):
        variable = column.key or free_key(key_from(column.label, "input"), taken)
        taken.append(variable)
        holder = _add(table, "input", id=f"{key}_in{number}", label=column.label)
        expression = _add(holder, "inputExpression", id=f"{key}_in{number}_text", typeRef=column.type)
        _add(expression, "text").text = variable
    for number, column in enumerate(outputs, 1):
        variable = column.key or free_key(key_from(column.label, "result"), taken)
        taken.append(variable)
        identity = f"{key}_out{number}"
        _add(table, "output", id=identity, label=column.label, name=variable, typeRef=column.type)
    rule = _add(table, "rule", id=f"{key}_row1")
    for number in range(1, len(inputs) + 1):
        _add(_add(rule, "inputEntry", id=f"{key}_row1_in{number}"), "text").text = ""
    for number in range(1, len(outputs) + 1):
        _add(_add(rule, "outputEntry", id=f"{key}_row1_out{number}"), "text").text = ""
    drawing = etree.SubElement(
        etree.SubElement(root, f"{{{DI}}}DMNDI"), f"{{{DI}}}DMNDiagram", id=f"{key}_drawing"
    )
    shape = etree.SubElement(drawing, f"{{{DI}}}DMNShape", id=f"{key}_shape", dmnElementRef=key)
    etree.SubElement(shape, f"{{{DC}}}Bounds", height="80", width="180", x="160", y="100")
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True).decode("utf-8")


def _dmn(name: str) -> str:
    return f"{{{DMN}}}{name}"


def _add(parent: etree._Element, tag: str, /, **attributes: str) -> etree._Element:
    made = etree.SubElement(parent, _dmn(tag))
    for name, value in attributes.items():
        made.set(name, value)
    return made
