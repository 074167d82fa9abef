"""Rules about what is not supported: told by name, never skipped in silence."""

from __future__ import annotations

from collections.abc import Iterator

from bpm.engine import dialect, vendor
from bpm.engine.lint_walk import ACTIVITIES, FLOW_NODES, containers, error, flow_nodes, warning
from bpm.engine.problems import Problem
from bpm.engine.xml import CAMUNDA, ZEEBE, Node, bpmn, children, first, flag, local_name, namespace_of, tag_of

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
_ROOTS_NOT_SUPPORTED = (
    "choreography",
    "globalChoreographyTask",
    "globalConversation",
    "conversation",
)


def not_supported(root: Node) -> Iterator[Problem]:
    """Refuse, by name, elements that would not be run."""
    for node in root:
        if tag_of(node) in _ROOTS_NOT_SUPPORTED:
            yield error(
                node, "not_supported", "%(what)s is not supported (“%(element)s”).", what=tag_of(node)
            )
    for container in containers(root):
        for node in container:
            if tag_of(node) and tag_of(node) not in _KNOWN_IN_CONTAINERS:
                yield error(
                    node, "not_supported", "%(what)s is not supported (“%(element)s”).", what=tag_of(node)
                )
        for node in flow_nodes(container):
            if not node.get("id"):
                yield error(
                    node, "no_id", "A step without an id stands in “%(where)s”.", where=container.get("id")
                )
            if tag_of(node) == "receiveTask" and flag(node, "instantiate"):
                yield error(
                    node,
                    "not_supported",
                    "%(what)s is not supported (“%(element)s”).",
                    what="A receive task that starts the process",
                )
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


def compensation(root: Node) -> Iterator[Problem]:
    """Compensation of one activity names an activity of the same container that can be undone."""
    for container in containers(root):
        here = {node.get("id") for node in flow_nodes(container)}
        for node in flow_nodes(container):
            definition = first(node, "compensateEventDefinition")
            target = definition.get("activityRef") if definition is not None else None
            if (
                target
                and tag_of(node) != "boundaryEvent"
                and target not in here
                and not _is_around(container, target)
            ):
                yield error(
                    node,
                    "compensation_target",
                    "“%(element)s” undoes “%(target)s”, which does not stand in its process.",
                    target=target,
                )


def _is_around(container: Node, target: str) -> bool:
    parent = container.getparent()
    return parent is not None and any(child.get("id") == target for child in parent)


def languages(root: Node) -> Iterator[Problem]:
    """Refuse expressions that say they are written in another language than FEEL."""
    for node in root.iter(bpmn("conditionExpression"), bpmn("condition"), bpmn("completionCondition")):
        language = (node.get("language") or "").lower().rpartition("/")[2]
        if language and not any(known in language for known in ("feel", "juel", "expr")):
            yield error(
                node,
                "expression_language",
                "The condition at “%(element)s” is written in %(language)s; conditions are written in FEEL.",
                language=node.get("language"),
            )


def foreign(root: Node) -> Iterator[Problem]:
    """Refuse what Camunda or Zeebe would run as code or on their servers."""
    for node in root.iter(*(bpmn(tag) for tag in (*FLOW_NODES, "process", "sequenceFlow"))):
        found: dict[str, object] = {}
        vendor.read(node, found)
        for what in found.get("foreign", ()):  # type: ignore[attr-defined]
            yield error(node, "foreign", "“%(what)s” at “%(element)s” is not supported here.", what=what)


def our_dialect(root: Node) -> Iterator[Problem]:
    """Our own elements are spelled right and stand where they count."""
    for node in root.iter():
        space = namespace_of(node)
        if space == dialect.URI:
            yield from _ours(node)
        elif space not in (CAMUNDA, ZEEBE, "") and tag_of(node) == "" and _inside_extensions(node):
            continue
    for activity in root.iter(*(bpmn(tag) for tag in ACTIVITIES)):
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


def _inside_extensions(node: Node) -> bool:
    parent = node.getparent()
    return parent is not None and tag_of(parent) == "extensionElements"


__all__ = ["compensation", "foreign", "languages", "not_supported", "our_dialect"]
