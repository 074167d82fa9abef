"""Rules about texts: expressions that a machine can read, media types, addresses (BPMN 2.0, 8.4.6)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bpm.engine.diagram import expressions
from bpm.engine.diagram.xml import XSI, Node, first, flag, id_of, tag_of, text_of
from bpm.engine.lint.walk import Diagram, error, warning
from bpm.engine.problems import Problem

# elements of the type Expression, which is natural language unless they say FormalExpression
_EXPRESSIONS = ("conditionExpression", "condition", "completionCondition", "activationCondition",
                "loopCondition", "loopCardinality", "timeDate", "timeDuration", "timeCycle")  # fmt: skip
# elements whose text is a formal expression by the schema or holds one
_NEEDS_TEXT = (*_EXPRESSIONS, "transformation", "from", "to", "formalExpression", "messagePath", "dataPath")
_YES_OR_NO = (
    "conditionExpression",
    "condition",
    "completionCondition",
    "loopCondition",
    "activationCondition",
)
_LITERAL = re.compile(r'[+-]?\d+(\.\d+)?\Z|"[^"]*"\Z')
_MEDIA_TYPE = re.compile(r"[A-Za-z0-9][\w!#$&^.+-]*/[A-Za-z0-9][\w!#$&^.+-]*(\s*;\s*[\w-]+=\S+)*\Z")
_URI = re.compile(r"(?:[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2}|[^\x00-\x7f])*\Z")
_IMPORTS = (
    "http://www.w3.org/2001/XMLSchema",
    "http://www.w3.org/TR/wsdl20",
    "http://www.w3.org/ns/wsdl",
    "http://schemas.xmlsoap.org/wsdl",
    "http://www.omg.org/spec/BPMN/20100524/MODEL",
    "http://www.omg.org/spec/DMN/",
    "https://www.omg.org/spec/DMN/",
)


def formal_expressions(diagram: Diagram) -> Iterator[Problem]:
    """In a process that may run every expression is a formal one, and not empty (BPMN 2.0, 8.4.6).

    A file that names no expression language is read as FEEL, marked as formal or not; one that names
    another uses the means of the standard, so it has to mark what is formal.
    """
    strict = not _is_ours(diagram.root.get("expressionLanguage"))
    for node in diagram.every(*_NEEDS_TEXT):
        owner = node.getparent()
        if owner is None or tag_of(owner) == "complexBehaviorDefinition":
            continue
        text = text_of(node)
        if not text and tag_of(node) not in (
            "conditionExpression",
            "condition",
            "timeDate",
            "timeDuration",
            "timeCycle",
        ):
            yield error(
                _holder(node),
                "empty_expression",
                "The %(what)s at “%(element)s” is empty.",
                what=tag_of(node),
            )
        elif (
            strict
            and text
            and tag_of(node) in _EXPRESSIONS
            and not _is_formal(node, text)
            and diagram.runs(node)
        ):
            yield error(
                _holder(node),
                "natural_language",
                "The %(what)s “%(text)s” at “%(element)s” counts as natural language, which cannot be run: "
                "it is not marked as a formal expression (xsi:type).",
                {"action": "make_formal", "element": id_of(node), "child": tag_of(node)},
                what=tag_of(node),
                text=text[:100],
            )
        if tag_of(node) in _YES_OR_NO and _LITERAL.match(expressions.unmarked(text)[0]):
            yield error(
                _holder(node),
                "no_yes_or_no",
                "The %(what)s “%(text)s” at “%(element)s” is always the same and neither true nor false.",
                what=tag_of(node),
                text=text[:100],
            )


def _holder(node: Node) -> Node | None:
    """Return the element a person knows by name: the flow, step or event around an expression."""
    current = node.getparent()
    while current is not None and (
        not current.get("id") or tag_of(current).endswith(("EventDefinition", "Association"))
    ):
        if tag_of(current) == "process":
            break
        current = current.getparent()
    return current


def _is_formal(node: Node, text: str) -> bool:
    kind = (node.get(f"{{{XSI}}}type") or "").rpartition(":")[2]
    if kind:
        return kind == "tFormalExpression"
    return bool(node.get("language")) or expressions.unmarked(text)[1]


def _is_ours(language: str | None) -> bool:
    return language is None or any(known in language.lower() for known in ("feel", "juel", "uel"))


def languages(diagram: Diagram) -> Iterator[Problem]:
    """Refuse expressions that say they are written in another language than FEEL."""
    for node in diagram.every(*_EXPRESSIONS):
        language = (node.get("language") or "").lower().rpartition("/")[2]
        if language and not any(known in language for known in ("feel", "juel", "expr")):
            yield error(
                _holder(node),
                "expression_language",
                "The expression at “%(element)s” is written in %(language)s; expressions are written in "
                "FEEL.",
                language=node.get("language"),
            )


def media_types(diagram: Diagram) -> Iterator[Problem]:
    """The format of a text is a media type such as text/plain (BPMN 2.0, 8.3.1)."""
    for node in diagram.every("documentation", "textAnnotation"):
        text = node.get("textFormat")
        if text is not None and not _MEDIA_TYPE.match(text.strip()):
            yield error(
                node if node.get("id") else node.getparent(),
                "media_type",
                "“%(text)s” at “%(element)s” is no format of a text, such as text/plain.",
                {"action": "remove_attribute", "element": node.get("id"), "name": "textFormat"}
                if node.get("id")
                else None,
                text=text,
            )


def addresses(diagram: Diagram) -> Iterator[Problem]:
    """Languages and namespaces are named by addresses that are written correctly (RFC 3986)."""
    named = [
        (diagram.root, name)
        for name in ("expressionLanguage", "typeLanguage", "targetNamespace", "exporterUri")
    ]
    named += [(node, "language") for node in diagram.every(*_NEEDS_TEXT)]
    named += [
        (node, "implementation")
        for node in diagram.every("serviceTask", "sendTask", "receiveTask", "userTask", "businessRuleTask")
    ]
    for node, name in named:
        text = node.get(name)
        if text is not None and not _URI.match(text.strip()) and not text.strip().startswith("##"):
            yield error(
                _holder(node) if tag_of(node) in _NEEDS_TEXT else node,
                "bad_address",
                "“%(text)s” (%(name)s) at “%(element)s” is no valid address (URI).",
                text=text,
                name=name,
            )


def imports(diagram: Diagram) -> Iterator[Problem]:
    """An import says what kind of file it is, its namespace and where it is (BPMN 2.0, 8.1.1)."""
    for node in diagram.every("import"):
        kind = (node.get("importType") or "").strip()
        missing = [name for name in ("importType", "location", "namespace") if node.get(name) is None]
        if missing:
            yield error(node, "import_incomplete", "An import does not say its %(name)s.", name=missing[0])
        elif not kind.startswith(_IMPORTS):
            yield error(
                node,
                "import_type",
                "“%(location)s” is imported as “%(kind)s”, which is no known kind of file.",
                location=node.get("location"),
                kind=kind,
            )
        else:
            yield warning(
                node,
                "import_ignored",
                "The imported file “%(location)s” is not read.",
                location=node.get("location"),
            )


def scripts(diagram: Diagram) -> Iterator[Problem]:
    """A script says its language, and that language is FEEL (BPMN 2.0, 10.3.3)."""
    for node in diagram.every("scriptTask", "globalScriptTask"):
        script = text_of(first(node, "script"))
        if not script or node.get("scriptFormat") or node.get("scriptLanguage"):
            continue
        try:
            expressions.assignments(script)
        except expressions.NotAnExpression:
            yield error(
                node,
                "script_format",
                "The script “%(element)s” does not say its language (scriptFormat), and it is not FEEL.",
            )


def enumerations(diagram: Diagram) -> Iterator[Problem]:
    """Attributes with fixed values have one of them."""
    for tag, name, values in (
        ("adHocSubProcess", "ordering", ("Parallel", "Sequential")),
        ("eventBasedGateway", "eventGatewayType", ("Exclusive", "Parallel")),
        ("association", "associationDirection", ("None", "One", "Both")),
        ("process", "processType", ("None", "Public", "Private")),
        ("itemDefinition", "itemKind", ("Information", "Physical")),
    ):
        for node in diagram.every(tag):
            value = node.get(name)
            if value is not None and value not in values:
                yield error(
                    node,
                    "unknown_value",
                    "“%(value)s” is no value of %(name)s (“%(element)s”).",
                    {"action": "remove_attribute", "element": node.get("id"), "name": name},
                    value=value,
                    name=name,
                )
    for tag, names in (
        ("process", ("isExecutable", "isClosed")),
        ("boundaryEvent", ("cancelActivity", "parallelMultiple")),
        ("startEvent", ("isInterrupting", "parallelMultiple")),
        ("subProcess", ("triggeredByEvent",)),
        ("eventBasedGateway", ("instantiate",)),
        ("receiveTask", ("instantiate",)),
        ("multiInstanceLoopCharacteristics", ("isSequential",)),
        ("standardLoopCharacteristics", ("testBefore",)),
    ):
        for node in diagram.every(tag):
            for name in names:
                if node.get(name) is not None and not _is_boolean(node, name):
                    yield error(
                        node,
                        "unknown_value",
                        "“%(value)s” is no value of %(name)s (“%(element)s”).",
                        {"action": "remove_attribute", "element": node.get("id"), "name": name},
                        value=node.get(name),
                        name=name,
                    )


def _is_boolean(node: Node, name: str) -> bool:
    return flag(node, name) or (node.get(name) or "").strip() in ("false", "0")
