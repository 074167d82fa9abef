"""From a diagram to sentences in the reader's language; knows neither pages nor files."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from bpm.designer.compare.values import Vocabulary
from bpm.designer.description import sentences
from bpm.designer.description.order import Flows
from bpm.engine import dialect
from bpm.engine.diagram import vendor
from bpm.engine.diagram.xml import Node, children, first, flag, reference, tag_of, text_of
from bpm.language import _, chosen, language

_PARTS = ("subProcess", "transaction", "adHocSubProcess")


@dataclass(frozen=True)
class Step:
    """One step. ``number``: “3” or, inside of another step, “3.1”; ``sentences``: what happens in it."""

    id: str
    number: str
    name: str
    sentences: tuple[str, ...]
    depth: int = 0


@dataclass(frozen=True)
class Part:
    """One process of the file with its steps; ``name`` is that of its pool where there are several."""

    name: str
    steps: tuple[Step, ...]


@dataclass
class Description:
    """A whole diagram. ``facts``: what is known of the process as a whole, as term and text."""

    title: str
    about: str
    facts: list[tuple[str, str]] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)


def described(root: Node, key: str, vocabulary: Vocabulary) -> Description:
    """Tell a diagram in words.

    Args:
        key: of the process that it is about; others in the file are told after it.
        vocabulary: what people, groups, forms and services are called.
    """
    processes = list(children(root, "process"))
    own = next((one for one in processes if one.get("id") == key), processes[0] if processes else None)
    if own is None:
        return Description(key, "")
    given = read(own)
    for setting in given.get("settings", ()):
        vocabulary.settings[setting["name"]] = chosen(setting["label"], setting["name"])
    title = chosen(dialect.named(own), "") or _pool(root, own) or key
    found = Description(title, _help(own, given), _facts(given, vocabulary))
    told = [own, *(one for one in processes if one is not own)]
    several = sum(1 for one in told if Flows(one).steps) > 1
    for process in told:
        steps = tuple(_Telling(root, process, vocabulary).steps())
        if steps:
            name = chosen(dialect.named(process), "") or _pool(root, process)
            found.parts.append(Part(name if several else "", steps))
    return found


def read(node: Node) -> dict[str, Any]:
    """Return what our dialect and, where it says nothing, those of others say of an element."""
    found = dialect.read(node)
    vendor.read(node, found)
    return found


def _help(process: Node, given: dict[str, Any]) -> str:
    text = given.get("help") or text_of(first(process, "documentation"))
    return str(chosen(text, "") if isinstance(text, dict) else text)


def _pool(root: Node, process: Node) -> str:
    for collaboration in children(root, "collaboration"):
        for pool in children(collaboration, "participant"):
            if reference(pool.get("processRef")) == process.get("id"):
                return " ".join(pool.get("name", "").split())
    return ""


def _facts(given: dict[str, Any], vocabulary: Vocabulary) -> list[tuple[str, str]]:
    start = given.get("start") or {}
    who = [vocabulary.name("groups", one) for one in start.get("groups", ())]
    who += [vocabulary.name("people", one) for one in start.get("persons", ())]
    found = [(_("Who may start it"), ", ".join(who) if who else _("everybody"))]
    if start.get("record_types"):
        text = vocabulary.told("record_types", ", ".join(start["record_types"]))
        found.append((_("Started from"), text))
    if start.get("form"):
        found.append((_("Form at the start"), vocabulary.told("form", start["form"])))
    if given.get("owner"):
        found.append((_("Owner"), vocabulary.name("people", given["owner"])))
    return found


class _Telling:
    def __init__(self, root: Node, process: Node, vocabulary: Vocabulary) -> None:
        self.root, self.process, self.vocabulary = root, process, vocabulary
        self.numbers: dict[str, str] = {}
        self.names: dict[str, str] = {}
        self.lanes = {
            reference(text_of(member)): " ".join(lane.get("name", "").split())
            for lane in process.iter("{*}lane")
            for member in children(lane, "flowNodeRef")
        }

    def steps(self) -> list[Step]:
        self._number(self.process, "")
        return self._told(self.process, 0)

    def _number(self, container: Node, before: str) -> None:
        flows = Flows(container)
        for number, key in enumerate((one for one in flows.ordered() if not flows.is_silent(one)), 1):
            node = flows.steps[key]
            self.numbers[key] = f"{before}{number}"
            self.names[key] = _name(node)
            if tag_of(node) in _PARTS:
                self._number(node, f"{self.numbers[key]}.")

    def _told(self, container: Node, depth: int) -> list[Step]:
        flows = Flows(container)
        order = [key for key in flows.ordered() if not flows.is_silent(key)]
        found = []
        for place, key in enumerate(order):
            node = flows.steps[key]
            following = order[place + 1] if place + 1 < len(order) else None
            lines = sentences.of(node, read(node), self.vocabulary, self.root, self.lanes.get(key, ""))
            if depth and tag_of(node) == "startEvent" and not flag(container, "triggeredByEvent"):
                lines = []
            if tag_of(node) == "parallelGateway" and len(flows.into[key]) > 1:
                lines = [_("It waits until all that leads here has arrived.")]
            if reference(node.get("attachedToRef")) in flows.steps:
                host = self._step(reference(node.get("attachedToRef")))
                lines = [sentences.at_the_edge(node, host), *lines]
            lines += self._ways(flows, key, following)
            name = self.names[key] or sentences.kind(node)
            found.append(Step(key, self.numbers[key], name, tuple(line for line in lines if line), depth))
            if tag_of(node) in _PARTS:
                found += self._told(node, depth + 1)
        return found

    def _ways(self, flows: Flows, key: str, following: str | None) -> list[str]:
        node, ways = flows.steps[key], flows.out[key]
        targets = [flows.target(way) for way in ways]
        if not ways:
            return []
        if len(ways) == 1 and first(ways[0], "conditionExpression") is None:
            step = targets[0]
            return [] if step == following else [_("Then it goes on with %(step)s.", step=self._step(step))]
        if tag_of(node) in ("parallelGateway", "eventBasedGateway"):
            return [sentences.all_ways(node, [self._step(step) for step in targets])]
        default = node.get("default")
        told = [sentences.ways_begin(node)]
        for way in sorted(ways, key=lambda one: one.get("id") == default):
            words = sentences.condition(way, self.vocabulary)
            step, name = self._step(flows.target(way)), " ".join(way.get("name", "").split())
            told.append(sentences.way(words, step, name, is_default=way.get("id") == default))
        return told

    def _step(self, key: str) -> str:
        name, number = self.names.get(key, ""), self.numbers.get(key, "?")
        if name:
            return _("step %(number)s “%(name)s”", number=number, name=name)
        return _("step %(number)s", number=number)


def _name(node: Node) -> str:
    names = dialect.named(node)
    return " ".join((names.get(language()) or names.get("en") or "").split())
