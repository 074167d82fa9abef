"""Rules for diagrams: expressions, scripts, texts and the file itself.

What each demands and what to do; the checks stand one floor up.
"""

from __future__ import annotations

from bpm.engine.lint.rules.rule import Rule
from bpm.language import lazy

EXPRESSION_RULES: tuple[Rule, ...] = (
    Rule(
        "natural_language",
        "error",
        "8.4.6",
        lazy("In a process that runs every expression is a formal one."),
        lazy("Mark it as formal, if a machine can read it."),
    ),
    Rule(
        "empty_expression",
        "error",
        "8.4.6",
        lazy("An expression says something."),
        lazy("Write it, or take it out."),
    ),
    Rule(
        "no_yes_or_no", "error", "8.4.6", lazy("A condition is true or false."), lazy("Write a comparison.")
    ),
    Rule(
        "expression_language",
        "error",
        "8.4.6",
        lazy("Expressions are written in FEEL."),
        lazy("Write the expression in FEEL."),
    ),
    Rule(
        "not_feel", "error", "", lazy("An expression can be read as FEEL."), lazy("Correct the expression.")
    ),
    Rule(
        "not_feel_name",
        "error",
        "",
        lazy("An expression uses functions that FEEL knows."),
        lazy("Correct the expression."),
    ),
    Rule(
        "not_a_script",
        "error",
        "10.3.3",
        lazy("A script is made of FEEL assignments, one a line."),
        lazy("Write lines such as total := price * 2."),
    ),
    Rule(
        "script_language",
        "error",
        "10.3.3",
        lazy("Scripts are written in FEEL."),
        lazy("Write the script as FEEL assignments."),
    ),
    Rule(
        "script_format",
        "error",
        "10.3.3",
        lazy("A script says in which language it is written."),
        lazy("Write feel as the format, and the script in FEEL."),
    ),
    Rule(
        "no_script",
        "warning",
        "10.3.3",
        lazy("A script step has a script."),
        lazy("Write the script, or take the step out."),
    ),
    Rule(
        "media_type",
        "error",
        "8.3.1",
        lazy("The format of a text is a media type."),
        lazy("Write text/plain, or remove the format."),
    ),
    Rule(
        "bad_address",
        "error",
        "8.1, 8.4.6",
        lazy("Languages and namespaces are valid addresses (URI)."),
        lazy("Correct the address."),
    ),
    Rule(
        "import_incomplete",
        "error",
        "8.1.1",
        lazy("An import says its kind, its namespace and its place."),
        lazy("Complete it, or take it out."),
    ),
    Rule(
        "import_type",
        "error",
        "8.1.1",
        lazy("An import is of a kind that is known: XML Schema, WSDL, BPMN or DMN."),
        lazy("Correct the kind, or take it out."),
    ),
    Rule(
        "import_ignored",
        "warning",
        "8.1.1",
        lazy("The file has everything it needs in itself."),
        lazy("Copy what is needed into the file."),
    ),
    Rule("too_big", "error", "", lazy("A file is not bigger than the limit."), lazy("Split it.")),
    Rule(
        "too_deep", "error", "", lazy("Elements are not nested without bounds."), lazy("Simplify the file.")
    ),
    Rule(
        "doctype", "error", "", lazy("A file has no document type definition."), lazy("Remove the DOCTYPE.")
    ),
    Rule(
        "not_bpmn", "error", "8.1", lazy("The file is a BPMN 2.0 diagram."), lazy("Save it as BPMN 2.0 XML.")
    ),
    Rule(
        "not_xml",
        "error",
        "8.1",
        lazy("The file is well-formed XML."),
        lazy("Save it again, or correct the place that is named."),
    ),
    Rule(
        "no_fix",
        "error",
        "",
        lazy("A fault that is to be mended is still there."),
        lazy("Check the diagram again."),
    ),
)
