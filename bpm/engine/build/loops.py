"""Builds multi-instance activities, standard loops and votes around an activity."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bpm.engine.build.triggers import trigger
from bpm.engine.diagram.expressions import NAME, unmarked
from bpm.engine.diagram.xml import Node as Xml
from bpm.engine.diagram.xml import children, first, flag, reference, tag_of, text_of
from bpm.engine.runtime.specs.activities import Activity, UserTask
from bpm.engine.runtime.specs.behavior import KINDS, Behavior, Rule
from bpm.engine.runtime.specs.loops import Loop, MultiInstance, StandardLoop
from bpm.engine.runtime.specs.triggers import Trigger
from bpm.engine.runtime.specs.voting import RULES, Voting

if TYPE_CHECKING:
    from bpm.engine.build.builder import Builder

# what a user task sets beside its outcome
OUTCOME_SUFFIXES = ("", "_by", "_at", "_comment", "_on_behalf_of")


def wrap_in_loop(builder: Builder, node: Xml, looped: Xml | None, inner: Activity) -> Activity:
    """Return the loop around ``inner``."""
    loop: Loop
    if "voting" in inner.element.extensions:
        loop = _vote(builder, node, inner)
    elif looped is not None and tag_of(looped) == "standardLoopCharacteristics":
        loop = _standard(builder, looped, inner)
    else:
        loop = _multi_instance(builder, node, looped, inner)
    loop.inner = inner
    loop.for_compensation = inner.for_compensation
    inner.loop = loop
    inner.for_compensation = False
    return loop


def _standard(builder: Builder, looped: Xml, inner: Activity) -> Loop:
    loop = StandardLoop(builder.spec, inner.element)
    loop.before = flag(looped, "testBefore")
    condition, key = text_of(first(looped, "loopCondition")), inner.element.id
    if condition:
        loop.condition = builder.formula(condition, key, "loop condition")
    maximum = looped.get("loopMaximum") or text_of(first(looped, "loopMaximum"))
    if maximum:
        loop.maximum = builder.formula(maximum, key, "loop maximum")
    if not condition and not maximum:
        builder.problem(key, "endless_loop", "The loop has neither a condition nor a maximum.")
    return loop


def _multi_instance(builder: Builder, node: Xml, looped: Xml | None, inner: Activity) -> MultiInstance:
    loop, key = MultiInstance(builder.spec, inner.element), inner.element.id
    if looped is None:
        return loop
    loop.sequential = flag(looped, "isSequential")
    theirs = builder.read_extensions(looped).get("loop", {})
    collection = theirs.get("collection") or _data_name(builder, looped, "loopDataInputRef")
    cardinality = text_of(first(looped, "loopCardinality"))
    if collection:
        loop.collection = builder.formula(collection, key, "list")
    elif cardinality:
        loop.cardinality = builder.formula(cardinality, key, "number of instances")
    else:
        builder.problem(
            key,
            "no_collection",
            "The multi-instance activity says neither how often it runs nor over which list.",
        )
    loop.item = theirs.get("item") or _item_name(builder, looped, "inputDataItem")
    output = theirs.get("output_collection") or _data_name(builder, looped, "loopDataOutputRef")
    loop.output_collection = unmarked(output)[0] if output else None
    element = theirs.get("output_element") or _item_name(builder, looped, "outputDataItem")
    if element:
        loop.output_element = builder.formula(element, key, "output element")
        bare = unmarked(element)[0]
        if NAME.match(bare) and bare != loop.item:
            loop.local = frozenset({bare})
    for name in (loop.item, loop.output_collection):
        if name is not None:
            builder.check_name(name, key)
    completion = text_of(first(looped, "completionCondition"))
    if completion:
        loop.completion = builder.formula(completion, key, "completion condition")
    loop.behavior = _behaviour(builder, looped, key)
    return loop


def _behaviour(builder: Builder, looped: Xml, key: str) -> Behavior | None:
    """Compile which events are thrown when instances complete (BPMN 2.0, table 10.29)."""
    kind = looped.get("behavior") or "All"
    if kind == "Complex":
        rules = [_complex(builder, one, key) for one in children(looped, "complexBehaviorDefinition")]
        return Behavior(rules)
    if kind not in ("None", "One"):
        return None
    text = reference(looped.get(f"{kind.lower()}BehaviorEventRef"))
    definition = builder.references.event_definitions.get(text)
    if definition is None:
        builder.problem(
            key,
            "mi_behavior",
            "The multi-instance activity throws an event per instance (behavior %(what)s), but does not "
            "say which (%(attribute)s).",
            what=kind,
            attribute=f"{kind.lower()}BehaviorEventRef",
        )
        return None
    return Behavior([Rule(_thrown(builder, [definition], key))], only_first=kind == "One")


def _complex(builder: Builder, node: Xml, key: str) -> Rule:
    text = text_of(first(node, "condition"))
    condition = builder.formula(text or "null", key, "condition")
    if not text:
        builder.problem(key, "mi_behavior", "A behavior definition of “%(element)s” has no condition.",
                        element=key)  # fmt: skip
    event = first(node, "event")
    definitions = [] if event is None else builder.references.definitions_of(event)
    return Rule(_thrown(builder, definitions, key), condition)


def _thrown(builder: Builder, definitions: list[Xml], key: str) -> list[Trigger]:
    found = [trigger(builder, one, builder.elements[key]) for one in definitions]
    for one in found:
        if one.kind not in KINDS:
            builder.problem(
                key,
                "mi_behavior",
                "The instances of “%(element)s” cannot throw an event of the kind “%(kind)s”.",
                element=builder.elements[key].names.get("en") or key,
                kind=one.kind,
            )
    return found


def _item_name(builder: Builder, looped: Xml, tag: str) -> str | None:
    item = first(looped, tag)
    return None if item is None else builder.items.variable(item.get("id", ""))


def _data_name(builder: Builder, looped: Xml, tag: str) -> str | None:
    """Return the variable that a data reference stands for."""
    target = text_of(first(looped, tag))
    return builder.items.variable(target) if target else None


def _vote(builder: Builder, node: Xml, inner: Activity) -> MultiInstance:
    given: dict[str, Any] = inner.element.extensions["voting"]
    loop, key = MultiInstance(builder.spec, inner.element), inner.element.id
    loop.sequential = given["sequential"]
    if given["voters"]:
        loop.collection = builder.formula(given["voters"], key, "voters")
    else:
        builder.problem(key, "no_voters", "The vote does not say who votes.")
    loop.item, loop.output_collection = given["voter"], given["result"]
    tasks = _user_tasks(builder, inner)
    loop.local = frozenset(name for task in tasks for name in _own_names(task)) - {loop.item or ""}
    vote = next((task.work.vote_variable for task in tasks if task.work.vote_variable), None)
    if not tasks:
        builder.problem(key, "no_vote", "Nobody can vote: there is no user task in the vote.")
    if vote is None:
        # without an own variable for the vote the bare decision is kept
        outcome = tasks[0].work.outcome_variable if tasks else "outcome"
        vote_text = f"if {outcome} = null then null else {{decision: {outcome}, who: {given['voter']}}}"
        loop.output_element = builder.formula(vote_text, key, "vote")
    else:
        loop.output_element = builder.formula(vote, key, "vote")
    rule = given["rule"]
    compile_rule = builder.template if rule in RULES else builder.formula
    loop.voting = Voting(
        key,
        compile_rule(rule, key, "voting rule"),
        builder.formula(given["quorum"], key, "quorum") if given["quorum"] else None,
        frozenset(given["approvals"]),
        frozenset(given["revisions"]),
        frozenset(given["refusals"]),
    )
    if rule == "quorum" and not given["quorum"]:
        builder.problem(key, "no_quorum", "The voting rule “quorum” needs a number of approvals.")
    for name in (loop.item, loop.output_collection):
        builder.check_name(name, key)
    return loop


def _user_tasks(builder: Builder, inner: Activity) -> list[UserTask]:
    if isinstance(inner, UserTask):
        return [inner]
    return [
        spec
        for spec in builder.spec.task_specs.values()
        if isinstance(spec, UserTask) and _stands_in(spec, inner)
    ]


def _stands_in(spec: Any, container: Activity) -> bool:
    node = spec.loop or spec
    while node is not None and node is not container:
        node = node.parent_node
        node = getattr(node, "loop", None) if node is not container and getattr(node, "loop", None) else node
    return node is container


def _own_names(task: UserTask) -> list[str]:
    names = [task.work.outcome_variable + suffix for suffix in OUTCOME_SUFFIXES] if task.work.outcomes else []
    return names + ([task.work.vote_variable] if task.work.vote_variable else [])
