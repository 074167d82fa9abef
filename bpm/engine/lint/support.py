"""Rules about what is not supported: told by name, never skipped in silence."""

from __future__ import annotations

from collections.abc import Iterator

from bpm.engine import dialect
from bpm.engine.diagram import vendor
from bpm.engine.diagram.elements import ACTIVITIES, FLOW_NODES
from bpm.engine.diagram.references import EVENT_DEFINITIONS
from bpm.engine.diagram.xml import Node, children, first, local_name, namespace_of, tag_of
from bpm.engine.lint.walk import Diagram, error, warning
from bpm.engine.problems import Problem

_KNOWN_IN_CONTAINERS = {
    *FLOW_NODES,
    "sequenceFlow",
    "association",
    "textAnnotation",
    "group",
    "dataObject",
    "dataObjectReference",
    "dataStoreReference",
    "laneSet",
    "extensionElements",
    "documentation",
    "ioSpecification",
    "incoming",
    "outgoing",
    "property",
    "standardLoopCharacteristics",
    "multiInstanceLoopCharacteristics",
    "auditing",
    "monitoring",
    "supports",
    "resourceRole",
    "performer",
    "humanPerformer",
    "potentialOwner",
    "completionCondition",
    "dataInputAssociation",
    "dataOutputAssociation",
    "category",
    "artifact",
    "correlationSubscription",
    "ioBinding",
    "supportedInterfaceRef",
}
_KNOWN_ROOTS = {
    "import", "extension", "relationship", "documentation", "extensionElements",
    "process", "collaboration", "itemDefinition", "message", "signal", "error", "escalation",
    "resource", "interface", "category", "correlationProperty", "dataStore", "endPoint", "partnerEntity",
    "partnerRole", "globalTask", "globalUserTask", "globalManualTask", "globalScriptTask",
    "globalBusinessRuleTask", "choreography", "globalChoreographyTask", "globalConversation",
    "conversation", "property", *EVENT_DEFINITIONS,
}  # fmt: skip


def not_supported(diagram: Diagram) -> Iterator[Problem]:
    """Refuse, by name, elements that would not be run or stand where nothing reads them."""
    for node in diagram.root:
        if tag_of(node) and tag_of(node) not in _KNOWN_ROOTS:
            yield error(
                node,
                "misplaced",
                "The %(what)s “%(element)s” stands outside of every process, where nothing reads it.",
                {"action": "remove_element", "element": node.get("id")},
                what=tag_of(node),
            )
    for scope in diagram.scopes:
        for node in scope.node:
            if tag_of(node) and tag_of(node) not in _KNOWN_IN_CONTAINERS:
                yield error(
                    node,
                    "not_supported",
                    "%(what)s is not supported (“%(element)s”).",
                    {"action": "remove_element", "element": node.get("id")},
                    what=tag_of(node),
                )
        for node in scope.nodes:
            if tag_of(node) == "scriptTask":
                yield from _script(node)


def _script(node: Node) -> Iterator[Problem]:
    language = (node.get("scriptFormat") or "feel").lower().rpartition("/")[2].removeprefix("x-")
    has_script = first(node, "script") is not None
    theirs = any(
        local_name(one) == "script" for holder in children(node, "extensionElements") for one in holder
    )
    if language != "feel" and has_script:
        yield error(
            node,
            "script_language",
            "The script “%(element)s” is written in %(language)s; scripts are FEEL assignments, "
            "such as “total := a + b”.",
            language=node.get("scriptFormat"),
        )
    if not has_script and not theirs:
        yield warning(node, "no_script", "The script step “%(element)s” has no script, so it does nothing.")


def foreign(diagram: Diagram) -> Iterator[Problem]:
    """Refuse what Camunda or Zeebe would run as code or on their servers."""
    for node in diagram.every(*FLOW_NODES, "process", "sequenceFlow"):
        found: dict[str, object] = {}
        vendor.read(node, found)
        for what in found.get("foreign", ()):  # type: ignore[attr-defined]
            yield error(node, "foreign", "“%(what)s” at “%(element)s” is not supported here.", what=what)


def left_out(diagram: Diagram) -> Iterator[Problem]:
    """Tell what stands in the file for another engine and does nothing here."""
    for node in diagram.every(*FLOW_NODES, "process"):
        found: dict[str, object] = {}
        vendor.read(node, found)
        for what in found.get("left_out", ()):  # type: ignore[attr-defined]
            yield warning(
                node,
                "left_out",
                "“%(what)s” at “%(element)s” is not taken over: draw the form and choose it.",
                what=what,
            )


def our_dialect(diagram: Diagram) -> Iterator[Problem]:
    """Our own elements are spelled right and stand where they count."""
    for node in diagram.root.iter():
        if namespace_of(node) == dialect.URI:
            yield from _ours(node)
    for activity in diagram.every(*ACTIVITIES):
        yield from _outcomes(activity)


def _ours(node: Node) -> Iterator[Problem]:
    name = local_name(node)
    if not dialect.is_described(node):
        yield error(node, "unknown_extension", "There is no extension “bpm:%(name)s”.", name=name)
        return
    for attribute in node.attrib:
        if not str(attribute).startswith("{") and str(attribute) not in dialect.attributes(name):
            yield warning(
                node,
                "unknown_attribute",
                "“bpm:%(name)s” has no attribute “%(attribute)s”.",
                name=name,
                attribute=str(attribute),
            )


def _outcomes(activity: Node) -> Iterator[Problem]:
    keys: list[str] = []
    for one in dialect.ours(activity):
        if local_name(one) == "outcomes":
            keys += [outcome.get("key") or "" for outcome in one if local_name(outcome) == "outcome"]
    if len(keys) != len(set(keys)):
        yield error(activity, "duplicate_outcome", "Two buttons of “%(element)s” have the same key.")
    if any(not key for key in keys):
        yield error(activity, "outcome_key", "A button of “%(element)s” has no key.")


__all__ = ["foreign", "left_out", "not_supported", "our_dialect"]
