"""What one step does, in sentences: who, form, deadline, buttons, conditions, times, messages."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from bpm.designer.compare import words
from bpm.designer.compare.values import Vocabulary, quoted, term
from bpm.engine import dialect
from bpm.engine.diagram.xml import Node, children, first, flag, local_name, reference, tag_of, text_of
from bpm.language import _, chosen, lazy

_PLAIN = "[^\\W\\d]\\w*"
_OPERATORS: dict[str, Any] = {
    "=": lazy("is"), "!=": lazy("is not"), ">": lazy("is more than"), ">=": lazy("is at least"),
    "<": lazy("is less than"), "<=": lazy("is at most"), "in": lazy("is one of"),
    "contains": lazy("contains"), "empty": lazy("is empty"), "filled": lazy("is filled in"),
}  # fmt: skip


def kind(node: Node) -> str:
    """Return in one or two words what an element is."""
    return str(words.KINDS.get(tag_of(node)) or _("Element"))


def of(node: Node, given: dict[str, Any], vocabulary: Vocabulary, root: Node, lane: str) -> list[str]:
    """Return what happens in a step; which way it goes on is told by others.

    Args:
        given: what the dialects say of it.
        lane: the lane it stands in, empty without one.
    """
    tag = tag_of(node)
    told = _TELLERS.get(tag, _nothing)(node, given, vocabulary, root)
    if lane and tag in ("userTask", "manualTask", "task") and "assignment" not in given:
        told.insert(0, _("Who does it: %(who)s.", who=lane))
    return [*told, *_repeated(node)]


def at_the_edge(node: Node, host: str) -> str:
    """Say which step an event waits beside, and whether it ends it."""
    if flag(node, "cancelActivity", True):
        return _("While %(step)s is under way; what is done there ends then.", step=host)
    return _("While %(step)s is under way, which goes on.", step=host)


def all_ways(node: Node, steps: list[str]) -> str:
    """Say that all ways are taken, or that of the first event."""
    if tag_of(node) == "eventBasedGateway":
        return _("It waits for whatever comes first: %(steps)s.", steps=", ".join(steps))
    return _("At the same time it goes on with %(steps)s.", steps=", ".join(steps))


def ways_begin(node: Node) -> str:
    """Say how many of the ways may be taken."""
    if tag_of(node) == "exclusiveGateway":
        return _("It goes on one of these ways:")
    return _("It goes on each of these ways that fits:")


def way(condition_words: str, step: str, name: str, *, is_default: bool) -> str:
    """Say when one way is taken and where it leads."""
    if is_default:
        return _("Otherwise: %(step)s.", step=step)
    if condition_words:
        return _("If %(condition)s: %(step)s.", condition=condition_words, step=step)
    return _("“%(name)s”: %(step)s.", name=name, step=step) if name else _("To %(step)s.", step=step)


def condition(flow: Node, vocabulary: Vocabulary) -> str:
    """Return the condition of a way: its rows in words, else the expression itself."""
    for one in dialect.ours(flow):
        rows = [row for row in one if local_name(row) == "rule"]
        if local_name(one) == "condition" and rows:
            joined = _(" or ") if one.get("match") == "any" else _(" and ")
            return joined.join(_row(row, vocabulary) for row in rows)
    text = text_of(first(flow, "conditionExpression")).removeprefix("=").strip()
    found = re.fullmatch(rf'({_PLAIN}) = "([^"]*)"', text)
    if found:
        name = vocabulary.settings.get(found[1], found[1])
        return _("%(field)s is “%(value)s”", field=name, value=found[2])
    return " ".join(text.split())


def _row(row: Node, vocabulary: Vocabulary) -> str:
    name, operator, value = row.get("field", ""), row.get("op", "="), row.get("value", "")
    known = str(_OPERATORS.get(operator, operator))
    return " ".join(part for part in (vocabulary.settings.get(name, name), known, value) if part)


def _nothing(_node: Node, _given: dict[str, Any], _vocabulary: Vocabulary, _root: Node) -> list[str]:
    return []


def _user_task(node: Node, given: dict[str, Any], vocabulary: Vocabulary, _root: Node) -> list[str]:
    voting = given.get("voting")
    told = [_vote(voting, vocabulary) if voting else _who(given, vocabulary)]
    if given.get("form"):
        told.append(_("Form: %(form)s.", form=vocabulary.told("form", given["form"])))
    told += _deadline(given.get("deadline") or {}, vocabulary)
    outcomes = given.get("outcomes") or ()
    if outcomes:
        told.append(_("Buttons: %(buttons)s.", buttons=", ".join(_button(one) for one in outcomes)))
    return told


def _who(given: dict[str, Any], vocabulary: Vocabulary) -> str:
    assignment = given.get("assignment")
    if assignment:
        value = assignment.get("value") or ""
        to = assignment["to"]
        if to in ("person", "group") and value:
            who = vocabulary.told("who", value)
        elif value:
            who = f"{vocabulary.told('assignment', to)}: {vocabulary.told('who', value)}"
        else:
            who = vocabulary.told("assignment", to)
        return _("Who does it: %(who)s.", who=who)
    candidates = given.get("candidate_groups") or given.get("candidate_users")
    if isinstance(candidates, str) and candidates:
        return _("Who does it: %(who)s.", who=vocabulary.told("groups", candidates))
    return ""


def _vote(voting: dict[str, Any], vocabulary: Vocabulary) -> str:
    return _(
        "Several people decide (%(who)s), %(order)s: %(rule)s.",
        who=vocabulary.told("expression", voting["voters"].removeprefix("=")),
        order=vocabulary.told("order", "sequential" if voting["sequential"] else "parallel"),
        rule=vocabulary.told("rule", voting["rule"]),
    )


def _deadline(deadline: dict[str, Any], vocabulary: Vocabulary) -> list[str]:
    told = []
    if deadline.get("due"):
        told.append(_("It is to be done within: %(term)s.", term=vocabulary.told("term", deadline["due"])))
    if deadline.get("remind_before"):
        before = vocabulary.told("term", deadline["remind_before"])
        told.append(_("A reminder comes before that: %(term)s.", term=before))
    if deadline.get("escalate_to"):
        after = vocabulary.told("term", deadline.get("escalate_after") or "0d")
        who = vocabulary.told("target", deadline["escalate_to"])
        told.append(_("When it is late (%(term)s), this is told to: %(who)s.", term=after, who=who))
    return told


def _button(outcome: dict[str, Any]) -> str:
    label = chosen(outcome["labels"], outcome["key"])
    if outcome.get("comment") == "required":
        return _("%(button)s (with a comment)", button=label)
    return str(label)


def _service(node: Node, given: dict[str, Any], vocabulary: Vocabulary, root: Node) -> list[str]:
    name = (given.get("connector") or {}).get("name") or given.get("task_type")
    if name:
        return [_("The program does this: %(what)s.", what=vocabulary.told("connector", name))]
    message = _referred(root, node, "messageRef")
    return [_("It sends the message %(name)s.", name=quoted(message))] if message else []


def _receive(node: Node, _given: dict[str, Any], _vocabulary: Vocabulary, root: Node) -> list[str]:
    message = _referred(root, node, "messageRef")
    return [_("It waits for the message %(name)s.", name=quoted(message))] if message else []


def _script(node: Node, _given: dict[str, Any], vocabulary: Vocabulary, _root: Node) -> list[str]:
    names = re.findall(rf"^\s*({_PLAIN})\s*:=", text_of(first(node, "script")), re.M)
    known = dict.fromkeys(vocabulary.settings.get(name, name) for name in names)
    return [_("The program computes: %(names)s.", names=", ".join(known))] if known else []


def _table(_node: Node, given: dict[str, Any], vocabulary: Vocabulary, _root: Node) -> list[str]:
    key = (given.get("decision") or {}).get("key")
    return [_("A table decides: %(table)s.", table=vocabulary.told("decision", key))] if key else []


def _call(node: Node, given: dict[str, Any], vocabulary: Vocabulary, _root: Node) -> list[str]:
    called = (given.get("called") or {}).get("process") or reference(node.get("calledElement"))
    if not called:
        return []
    return [_("The process %(name)s runs, and is waited for.", name=vocabulary.told("process", called))]


def _start(node: Node, given: dict[str, Any], vocabulary: Vocabulary, root: Node) -> list[str]:
    event = _event(node, vocabulary, root)
    return [_("It begins by itself: %(event)s.", event=event)] if event else [_("Somebody starts it.")]


def _catch(node: Node, _given: dict[str, Any], vocabulary: Vocabulary, root: Node) -> list[str]:
    event = _event(node, vocabulary, root)
    return [_("It waits: %(event)s.", event=event)] if event else []


def _boundary(node: Node, _given: dict[str, Any], vocabulary: Vocabulary, root: Node) -> list[str]:
    event = _event(node, vocabulary, root)
    return [_("When this happens: %(event)s.", event=event)] if event else []


def _throw(node: Node, given: dict[str, Any], vocabulary: Vocabulary, root: Node) -> list[str]:
    told = _service(node, given, vocabulary, root)
    event = _event(node, vocabulary, root)
    return told or ([_("It tells others: %(event)s.", event=event)] if event else [])


def _end(node: Node, given: dict[str, Any], vocabulary: Vocabulary, root: Node) -> list[str]:
    if first(node, "terminateEventDefinition") is not None:
        return [_("Everything ends here, also what is still under way.")]
    return [*_throw(node, given, vocabulary, root), _("This way ends here.")]


def _event(node: Node, vocabulary: Vocabulary, root: Node) -> str:
    for one in node:
        tag = tag_of(one)
        if tag == "timerEventDefinition":
            return _time(one, vocabulary)
        if tag.endswith("EventDefinition"):
            name = _referred(root, one, f"{tag.removesuffix('EventDefinition')}Ref") or one.get("name", "")
            known = str(words.EVENTS.get(tag) or _("an event"))
            return f"{known} {quoted(name)}" if name else known
    return ""


def _time(definition: Node, vocabulary: Vocabulary) -> str:
    for one in children(definition, "timeDuration", "timeDate", "timeCycle"):
        text = text_of(one)
        if tag_of(one) == "timeDuration":
            return _("after %(term)s", term=vocabulary.told("term", text))
        return _("at %(moment)s", moment=quoted(text)) if tag_of(one) == "timeDate" else _cycle(text)
    return str(words.EVENTS["timerEventDefinition"])


def _cycle(text: str) -> str:
    found = re.fullmatch(r"R(\d*)/(P.+)", text)
    if found:
        return _("every %(term)s", term=term(found[2]))
    return _("again and again: %(when)s", when=quoted(text))


def _referred(root: Node, node: Node, name: str) -> str:
    key = reference(node.get(name))
    found = next((one for one in root if key and one.get("id") == key), None)
    return "" if found is None else (found.get("name") or key)


def _repeated(node: Node) -> list[str]:
    if first(node, "standardLoopCharacteristics") is not None:
        return [_("It is repeated as long as its condition holds.")]
    several = first(node, "multiInstanceLoopCharacteristics")
    if several is None or any(local_name(one) == "voting" for one in dialect.ours(node)):
        return []
    if flag(several, "isSequential"):
        return [_("It is done several times, one after the other.")]
    return [_("It is done several times at once.")]


_TELLERS: dict[str, Callable[[Node, dict[str, Any], Vocabulary, Node], list[str]]] = {
    "userTask": _user_task, "manualTask": _user_task, "serviceTask": _service, "sendTask": _service,
    "receiveTask": _receive, "scriptTask": _script, "businessRuleTask": _table, "callActivity": _call,
    "startEvent": _start, "intermediateCatchEvent": _catch, "boundaryEvent": _boundary,
    "intermediateThrowEvent": _throw, "endEvent": _end,
}  # fmt: skip
