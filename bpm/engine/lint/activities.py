"""Rules about activities: loops over data, who performs them (BPMN 2.0, 10.3.1, 10.3.8)."""

from __future__ import annotations

from collections.abc import Iterator

from bpm.engine.diagram.xml import Node, children, first, reference, tag_of, text_of
from bpm.engine.lint.data import item_of, same_item
from bpm.engine.lint.walk import Diagram, error
from bpm.engine.problems import Problem

_PERFORMERS = ("resourceRole", "performer", "humanPerformer", "potentialOwner")
_LOOP_DATA = (
    ("loopDataInputRef", "inputDataItem", "dataInput"),
    ("loopDataOutputRef", "outputDataItem", "dataOutput"),
)


def loops(diagram: Diagram) -> Iterator[Problem]:
    """A multi-instance activity says how often, and its items are elements of its lists."""
    for loop in diagram.every("multiInstanceLoopCharacteristics"):
        activity = loop.getparent()
        if activity is None:
            continue
        if first(loop, "loopCardinality") is not None and first(loop, "loopDataInputRef") is not None:
            yield error(
                activity,
                "loop_twice",
                "“%(element)s” says by a number and by a list how often it is done; one of them is enough.",
            )
        for reference_tag, item_tag, data_tag in _LOOP_DATA:
            yield from _loop_data(diagram, activity, loop, reference_tag, item_tag, data_tag)
        yield from _behaviour(activity, loop)
    for loop in diagram.every("standardLoopCharacteristics"):
        maximum = loop.get("loopMaximum")
        if maximum is not None and maximum.strip().lstrip("-").isdecimal() and int(maximum) < 1:
            yield error(
                loop.getparent(), "loop_maximum", "“%(element)s” may be repeated at least once (loopMaximum)."
            )


def _loop_data(
    diagram: Diagram, activity: Node, loop: Node, reference_tag: str, item_tag: str, data_tag: str
) -> Iterator[Problem]:
    text, item = text_of(first(loop, reference_tag)), first(loop, item_tag)
    data = diagram.found(text)
    if not text or data is None:
        return
    if tag_of(data) in ("dataInput", "dataOutput"):
        io = first(activity, "ioSpecification")
        if tag_of(data) != data_tag or data.getparent() is not io:
            yield error(
                activity,
                "loop_data",
                "The list “%(id)s” that “%(element)s” goes through is no %(kind)s of it.",
                id=data.get("name") or text,
                kind=data_tag,
            )
    whole, part = item_of(diagram, data), item_of(diagram, item)
    if whole is None or item is None or part is None:
        return
    if not same_item(whole, part, scalar=True):
        yield error(
            activity,
            "loop_item",
            "The item “%(id)s” of “%(element)s” is not one element of the list “%(list)s”.",
            id=item.get("name") or item.get("id") or item_tag,
            list=data.get("name") or text,
        )


def _behaviour(activity: Node, loop: Node) -> Iterator[Problem]:
    """Who throws an event per instance says which (BPMN 2.0, table 10.31)."""
    needed = {"None": "noneBehaviorEventRef", "One": "oneBehaviorEventRef"}.get(loop.get("behavior", "All"))
    complex_one = loop.get("behavior") == "Complex" and first(loop, "complexBehaviorDefinition") is None
    if (needed and not loop.get(needed)) or complex_one:
        yield error(
            activity,
            "behavior_event",
            "“%(element)s” throws an event when instances are done (behavior %(what)s) but "
            "does not say which.",
            {"action": "remove_loop_attribute", "element": activity.get("id"), "name": "behavior"},
            what=loop.get("behavior"),
        )
    elif loop.get("behavior", "All") not in ("None", "One", "All", "Complex"):
        yield error(
            activity,
            "unknown_value",
            "“%(value)s” is no value of %(name)s (“%(element)s”).",
            {"action": "remove_loop_attribute", "element": activity.get("id"), "name": "behavior"},
            value=loop.get("behavior"),
            name="behavior",
        )


def performers(diagram: Diagram) -> Iterator[Problem]:
    """Who performs is said by a resource with parameters or by an expression, not by both."""
    for node in diagram.every(*_PERFORMERS):
        resource = first(node, "resourceRef")
        bindings = list(children(node, "resourceParameterBinding"))
        if resource is not None and first(node, "resourceAssignmentExpression") is not None:
            yield error(
                node.getparent(),
                "performer_twice",
                "Who does “%(element)s” is said twice: by a resource and by an expression.",
            )
        if resource is None and bindings:
            yield error(
                node.getparent(),
                "performer_parameters",
                "The performer of “%(element)s” has parameters but names no resource that they belong to.",
            )
        found = diagram.found(text_of(resource)) if resource is not None else None
        if resource is None or found is None or tag_of(found) != "resource":
            if resource is not None:
                yield error(
                    node.getparent(),
                    "performer_resource",
                    "The performer of “%(element)s” names the resource “%(id)s”, which does not exist.",
                    id=text_of(resource),
                )
            continue
        known = {one.get("id") for one in children(found, "resourceParameter")}
        for one in bindings:
            if reference(one.get("parameterRef")) not in known:
                yield error(
                    node.getparent(),
                    "performer_parameters",
                    "The performer of “%(element)s” gives “%(id)s”, which is no parameter of its resource.",
                    id=one.get("parameterRef") or "",
                )


__all__ = ["loops", "performers"]
