"""Our dialect: the elements of ``urn:bpm:dialect:1`` inside ``extensionElements``.

Reads them into plain dictionaries under the names that ``definition.Element.extensions`` tells.
``dialect.json`` describes the elements; browser and server share it.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from bpm.engine.diagram.xml import Node, bpmn, children, local_name, namespace_of, tag_of, text_of

URI = "urn:bpm:dialect:1"
LANGUAGES = ("en", "ru", "pl")


@cache
def descriptor() -> dict[str, Any]:
    """Return the descriptor that browser and server share."""
    content: dict[str, Any] = json.loads(Path(__file__).with_name("dialect.json").read_text("utf-8"))
    return content


@cache
def tags() -> dict[str, dict[str, Any]]:
    """Return the described types by tag (``formRef``)."""
    return {one["name"][0].lower() + one["name"][1:]: one for one in descriptor()["types"]}


@cache
def defaults(tag: str) -> dict[str, str]:
    """Return the default values of a tag's attributes."""
    return {one["name"]: one["default"] for one in tags()[tag]["properties"] if "default" in one}


@cache
def attributes(tag: str) -> frozenset[str]:
    """Return the attributes that a tag may have."""
    return frozenset(one["name"] for one in tags()[tag]["properties"] if one.get("isAttr"))


def ours(node: Node) -> list[Node]:
    """Return the elements of our dialect that belong to a BPMN element."""
    found = []
    for holder in children(node, "extensionElements"):
        found += [child for child in holder if namespace_of(child) == URI]
    return found


def attribute(node: Node, name: str) -> str:
    """Return an attribute of one of our elements, or its default."""
    found = node.get(name)
    return defaults(local_name(node)).get(name, "") if found is None else found.strip()


def named(node: Node) -> dict[str, str]:
    """Return the name of a BPMN element in each language it has one."""
    return _by_language(
        node.get("name", "").strip(),
        {
            attribute(one, "language"): attribute(one, "name")
            for one in ours(node)
            if local_name(one) == "translation" and attribute(one, "name")
        },
    )


def _by_language(text: str, others: dict[str, str]) -> dict[str, str]:
    """Return a text and its translations by language.

    The text itself counts as English. Where English is one of the translations it is in another language, and
    whoever has no translation reads it.
    """
    if not text:
        return others
    if "en" not in others:
        return {"en": text, **others}
    return {**dict.fromkeys(LANGUAGES, text), **others}


def read(node: Node) -> dict[str, Any]:
    """Return what our dialect says of a BPMN element."""
    found: dict[str, Any] = {}
    for one in ours(node):
        reader = _READERS.get(local_name(one))
        if reader is not None:
            reader(one, found)
    title = found.pop("title", None)
    if title or "titles" in found:
        found["titles"] = _by_language(title or "", found.get("titles", {}))
        # a title in one language only must not hide the name in the others
        for language, name in named(node).items() if not title else ():
            found["titles"].setdefault(language, name)
    return found


def _translation(node: Node, found: dict[str, Any]) -> None:
    if attribute(node, "title"):
        found.setdefault("titles", {})[attribute(node, "language")] = attribute(node, "title")


def _title(node: Node, found: dict[str, Any]) -> None:
    found.setdefault("title", text_of(node))


def _help(node: Node, found: dict[str, Any]) -> None:
    """A help text without a language is one text; with languages, texts by language."""
    language, known = attribute(node, "language"), found.get("help")
    if not language and known is None:
        found["help"] = text_of(node)
        return
    texts = known if isinstance(known, dict) else {"en": known} if known else {}
    found["help"] = {**texts, language or "en": text_of(node)}


def _start(node: Node, found: dict[str, Any]) -> None:
    found["start"] = {
        "form": attribute(node, "form") or None,
        "record_type": next(iter(_listed(attribute(node, "recordType"))), None),
        "record_types": _listed(attribute(node, "recordType")),
        "groups": _listed(attribute(node, "groups")),
        "persons": _listed(attribute(node, "persons")),
        "button": _labels(node, attribute(node, "button")) or None,
        "record_stages": _listed(attribute(node, "recordStages")),
    }


def _owner(node: Node, found: dict[str, Any]) -> None:
    found["owner"] = attribute(node, "person") or None


def _settings(node: Node, found: dict[str, Any]) -> None:
    found["settings"] = [
        {"name": attribute(one, "name"), "value": attribute(one, "value"), "label": _label(one)}
        for one in node
        if local_name(one) == "setting"
    ]


def _searchable(node: Node, found: dict[str, Any]) -> None:
    found["searchable"] = _listed(attribute(node, "variables"))


def _assignment(node: Node, found: dict[str, Any]) -> None:
    found["assignment"] = {"to": attribute(node, "to"), "value": attribute(node, "value") or None}


def _form_ref(node: Node, found: dict[str, Any]) -> None:
    found["form"] = attribute(node, "key") or None


def _outcomes(node: Node, found: dict[str, Any]) -> None:
    found["outcome_variable"] = attribute(node, "variable") or "outcome"
    found["vote_variable"] = attribute(node, "vote") or None
    found["outcomes"] = [_outcome(one) for one in node if local_name(one) == "outcome"]


def _label(node: Node) -> str | dict[str, str]:
    """Return the label of a setting: one text, or texts by language where it has several."""
    labels = _labels(node, attribute(node, "label"))
    return labels if len(labels) > 1 else attribute(node, "label")


def _labels(node: Node, label: str) -> dict[str, str]:
    """Return the texts of a button by language."""
    return _by_language(
        label,
        {
            attribute(one, "language"): attribute(one, "text")
            for one in node
            if local_name(one) == "label" and attribute(one, "text")
        },
    )


def _outcome(node: Node) -> dict[str, Any]:
    labels = _labels(node, attribute(node, "label"))
    return {
        "key": attribute(node, "key"),
        "labels": labels or {"en": attribute(node, "key")},
        "comment": attribute(node, "comment"),
        "tone": attribute(node, "tone"),
    }


def _deadline(node: Node, found: dict[str, Any]) -> None:
    found["deadline"] = {
        "due": attribute(node, "due") or None,
        "calendar": attribute(node, "calendar"),
        "remind_before": attribute(node, "remindBefore") or None,
        "escalate_after": attribute(node, "escalateAfter") or None,
        "escalate_to": attribute(node, "escalateTo") or None,
    }


def _priority(node: Node, found: dict[str, Any]) -> None:
    found["priority"] = attribute(node, "value") or None


def _voting(node: Node, found: dict[str, Any]) -> None:
    found["voting"] = {
        "rule": attribute(node, "rule"),
        "voters": attribute(node, "voters"),
        "voter": attribute(node, "voter"),
        "quorum": attribute(node, "quorum") or None,
        "result": attribute(node, "result"),
        "sequential": attribute(node, "order") == "sequential",
        "approvals": _listed(attribute(node, "approvals")),
        "revisions": _listed(attribute(node, "revisions")),
        "refusals": _listed(attribute(node, "refusals")),
    }


def _connector(node: Node, found: dict[str, Any]) -> None:
    errors = [
        {name: attribute(one, name) for name in ("when", "code", "message")}
        for one in node
        if local_name(one) == "error"
    ]
    found["connector"] = {"name": attribute(node, "name"), **_pairs(node), "errors": errors}


def _retry(node: Node, found: dict[str, Any]) -> None:
    found["retry"] = {name: attribute(node, name) for name in ("tries", "wait", "timeout")}


def _decision(node: Node, found: dict[str, Any]) -> None:
    found["decision"] = {"key": attribute(node, "key"), "result": attribute(node, "result") or None}


def _mapping(node: Node, found: dict[str, Any]) -> None:
    found["mapping"] = _pairs(node)


def _pairs(node: Node) -> dict[str, Any]:
    inputs = [(attribute(one, "name"), attribute(one, "value")) for one in node if local_name(one) == "input"]
    outputs = [
        (attribute(one, "value"), attribute(one, "target")) for one in node if local_name(one) == "output"
    ]
    return {"inputs": inputs, "outputs": outputs}


def _called(node: Node, found: dict[str, Any]) -> None:
    found["called"] = {"binding": attribute(node, "binding"), "version": attribute(node, "version") or None}


def _correlation(node: Node, found: dict[str, Any]) -> None:
    found["correlation"] = attribute(node, "value") or None


def _loop(node: Node, found: dict[str, Any]) -> None:
    found["loop"] = {
        "collection": attribute(node, "collection") or None,
        "item": attribute(node, "item") or None,
        "output_collection": attribute(node, "result") or None,
        "output_element": attribute(node, "resultItem") or None,
    }


def _timer(node: Node, found: dict[str, Any]) -> None:
    found["working"] = attribute(node, "calendar") == "working"


_READERS = {
    "translation": _translation,
    "title": _title,
    "help": _help,
    "start": _start,
    "owner": _owner,
    "settings": _settings,
    "searchable": _searchable,
    "assignment": _assignment,
    "formRef": _form_ref,
    "outcomes": _outcomes,
    "deadline": _deadline,
    "priority": _priority,
    "voting": _voting,
    "connector": _connector,
    "retry": _retry,
    "decision": _decision,
    "mapping": _mapping,
    "called": _called,
    "correlation": _correlation,
    "timer": _timer,
    "loop": _loop,
}


def _listed(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def is_described(node: Node) -> bool:
    """Whether the descriptor knows one of our elements."""
    return local_name(node) in tags()


__all__ = [
    "URI",
    "attributes",
    "bpmn",
    "descriptor",
    "is_described",
    "named",
    "ours",
    "read",
    "tag_of",
    "tags",
]
