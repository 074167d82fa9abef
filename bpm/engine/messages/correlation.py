"""BPMN correlation: by which properties a message finds the one case it is meant for.

Owns correlation keys (BPMN 2.0, 8.4.2): read from the diagram, found in a payload by retrieval
expressions (key-based), or in the variables of a case by bindings (context-based). Knows no table.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from bpm.engine.diagram.expressions import Formula, Surroundings, written
from bpm.engine.diagram.xml import Node as Xml
from bpm.engine.diagram.xml import bpmn, children, first, reference, text_of
from bpm.engine.problems import StepFailed
from bpm.feel.values import Function

if TYPE_CHECKING:
    from bpm.engine.build.builder import Builder
    from bpm.engine.definition import Definition
    from bpm.engine.runtime.kernel import Kernel
    from bpm.engine.runtime.scopes import Scope

LONGEST = 200

# of one wait: how its key is found in a payload, and the key; None: it takes the first message that has one
Key = tuple[str, str | None]


@dataclass(frozen=True, eq=False)
class KeyRule:
    """How one correlation key is found in the payload of one message.

    ``bindings``: the variables that a case compares with, of a context-based key.
    """

    key: str
    paths: tuple[tuple[str, Formula], ...]
    bindings: tuple[Formula, ...] | None = None
    scheme: str = field(init=False)

    def __post_init__(self) -> None:
        named = json.dumps([[name, path.text] for name, path in self.paths])
        object.__setattr__(self, "scheme", hashlib.sha256(named.encode()).hexdigest()[:40])

    def of_payload(self, payload: Mapping[str, Any], around: Surroundings) -> str | None:
        """Return the key that a payload holds; None if a property of it is missing."""
        context = {**payload, "message": payload}
        try:
            return text_of_key([path.evaluate(context, around) for _name, path in self.paths])
        except StepFailed:
            return None  # what cannot be found is not there

    def of_case(self, kernel: Kernel, scope: Scope) -> str | None:
        """Return the key that a case waits with now.

        Raises:
            StepFailed: a binding cannot be evaluated.
        """
        if self.bindings is None:
            return kernel.correlations.get(self.key)
        found = text_of_key([kernel.evaluate(one, scope) for one in self.bindings])
        return found or ""  # no message has an empty key: it waits until its variables are there


@dataclass(frozen=True)
class Address:
    """Whom a message is meant for, as far as its sender says.

    ``conversation``: public id of the case that threw it, if it named no correlation. ``keys``: the
    BPMN keys that the sender knows, by scheme.
    """

    correlation: str | None = None
    conversation: str | None = None
    keys: Mapping[str, str] = field(default_factory=dict)

    def key(self, rule: KeyRule, payload: Mapping[str, Any], around: Surroundings) -> str | None:
        """Return the key of a message for receivers of one scheme."""
        found = rule.of_payload(payload, around) or self.keys.get(rule.scheme)
        if found is None and self.correlation is not None and len(rule.paths) == 1:
            return text_of_key([self.correlation])
        return found


def text_of_key(values: Sequence[Any]) -> str | None:
    """Return a composite key as text; None if one of its values is missing."""
    texts = []
    for one in values:
        reference_held = getattr(one, "reference", None)
        one = reference_held.id if reference_held is not None else one
        # a name that is no variable may be that of a function of FEEL
        if one is None or one == "" or isinstance(one, Function):
            return None
        texts.append(written(one))
    return stored(json.dumps(texts, ensure_ascii=False))


def stored(text: str) -> str:
    """Return a correlation as it is kept: one that is too long stands there as its SHA-256."""
    if len(text) <= LONGEST:
        return text
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def keys_of_wait(rules: Sequence[KeyRule], kernel: Kernel, scope: Scope) -> list[list[str | None]]:
    """Return the keys of a wait: those the case has, else that the first message may bring one.

    Raises:
        StepFailed: a binding cannot be evaluated.
    """
    found = [(rule.scheme, rule.of_case(kernel, scope)) for rule in rules]
    known: list[list[str | None]] = [[scheme, text] for scheme, text in found if text is not None]
    return known or [[scheme, None] for scheme, _text in found]


def learn(kernel: Kernel, rules: Sequence[KeyRule], payload: Mapping[str, Any]) -> bool:
    """Take over the keys that a message brings and the case does not have yet; true if there were any.

    The first message sent or received fills a key, those after it are compared (BPMN 2.0, 8.4.2).
    """
    learned = False
    for rule in rules:
        if rule.bindings is None and rule.key not in kernel.correlations:
            text = rule.of_payload(payload, kernel.around())
            if text is not None:
                kernel.correlations[rule.key] = text
                learned = True
    return learned


@lru_cache(maxsize=500)
def rules_of(definition: Definition) -> Mapping[str, KeyRule]:
    """Return every rule of a diagram by its scheme."""
    return {
        rule.scheme: rule
        for node in definition.spec.task_specs.values()
        for trigger in getattr(node, "triggers", ())
        for rule in trigger.keys
    }


@lru_cache(maxsize=500)
def watches_variables(definition: Definition) -> bool:
    """Tell whether a diagram has context-based keys, which change with the variables of a case."""
    return any(rule.bindings is not None for rule in rules_of(definition).values())


# --- reading the diagram --------------------------------------------------------------------------


def read_rules(builder: Builder, message: Xml, element: str) -> tuple[KeyRule, ...]:
    """Return the rules for one message: of each key whose properties can all be found in it."""
    root = message.getroottree().getroot()
    wanted = message.get("id", "")
    paths: dict[str, Formula] = {}
    for one in root.iter(bpmn("correlationProperty")):
        for retrieval in children(one, "correlationPropertyRetrievalExpression"):
            if wanted and reference(retrieval.get("messageRef")) == wanted:
                text = text_of(first(retrieval, "messagePath"))
                name = one.get("id", "")
                paths[name] = builder.formula(text or "null", element, f"correlation property {name}")
    rules = []
    for key in root.iter(bpmn("correlationKey")):
        names = [reference(one.text) for one in children(key, "correlationPropertyRef")]
        if names and all(name in paths for name in names):
            bindings = _bindings(builder, key.get("id", ""), names, element)
            rules.append(KeyRule(key.get("id", ""), tuple((name, paths[name]) for name in names), bindings))
    return tuple(rules)


def _bindings(builder: Builder, key: str, names: Iterable[str], element: str) -> tuple[Formula, ...] | None:
    for subscription in children(builder.process, "correlationSubscription"):
        if reference(subscription.get("correlationKeyRef")) != key:
            continue
        given = {
            reference(one.get("correlationPropertyRef")): text_of(first(one, "dataPath"))
            for one in children(subscription, "correlationPropertyBinding")
        }
        return tuple(
            builder.formula(given.get(name) or "null", element, f"correlation property {name}")
            for name in names
        )
    return None


__all__ = [
    "Address",
    "Key",
    "KeyRule",
    "keys_of_wait",
    "learn",
    "read_rules",
    "rules_of",
    "stored",
    "text_of_key",
    "watches_variables",
]
