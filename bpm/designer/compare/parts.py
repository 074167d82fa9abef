"""Sentences about what BPMN itself says of a step: attributes, times, conditions, scripts, repetition."""

from __future__ import annotations

from collections.abc import Iterator

from bpm.designer.compare import words
from bpm.designer.compare.naming import named
from bpm.designer.compare.subjects import Diagram, Subject, canonical
from bpm.designer.compare.values import Vocabulary, quoted
from bpm.designer.compare.words import Attribute
from bpm.engine import dialect
from bpm.engine.diagram.xml import Node, local_name, tag_of, text_of
from bpm.language import _

_OURS = f"{{{dialect.URI}}}*"
_TOLD_ELSEWHERE = ("extensionElements", "incoming", "outgoing")
_ENDS = ("name", "sourceRef", "targetRef")


class Parts:
    """Compares the standard's own settings of one subject in two versions."""

    def __init__(
        self, old_diagram: Diagram, new_diagram: Diagram, old: Subject, new: Subject, vocabulary: Vocabulary
    ) -> None:
        self._diagrams = (old_diagram, new_diagram)
        self._old, self._new, self._vocabulary = old, new, vocabulary

    def sentences(self) -> Iterator[str]:
        """Yield what differs, without the name of the step."""
        yield from self._attributes()
        yield from self._lists_of_ways()
        others = False
        for name in dict.fromkeys((*self._old.parts, *self._new.parts)):
            before, after = self._old.parts.get(name, []), self._new.parts.get(name, [])
            if name in _TOLD_ELSEWHERE or list(map(canonical, before)) == list(map(canonical, after)):
                continue
            if name.endswith("EventDefinition"):
                if before and after:
                    yield from self._event(before[0], after[0])
            elif name in words.PARTS:
                inner = list(self._within(before, after))
                yield from inner or [self._part(words.PARTS[name], before, after)]
            else:
                others = True
        if others or self._old.foreign != self._new.foreign:
            yield _("other settings changed, which this program does not know")

    def _attributes(self) -> Iterator[str]:
        before, after = self._old.attributes, self._new.attributes
        for name in dict.fromkeys((*before, *after)):
            old, new = before.get(name, ""), after.get(name, "")
            if old == new or name in _ENDS:
                continue
            if name not in words.STANDARD:
                yield _("other settings (%(what)s)", what=name.rpartition("}")[2])
            else:
                yield self._attribute(words.STANDARD[name], old, new)

    def _lists_of_ways(self) -> Iterator[str]:
        """What the file lists beside the arrows; tools that write no such lists are not told of."""
        if not all(diagram.lists_ways for diagram in self._diagrams):
            return
        for name, end in (("incoming", "targetRef"), ("outgoing", "sourceRef")):
            written = [
                sorted(text_of(one) for one in subject.parts.get(name, ()))
                for subject in (self._old, self._new)
            ]
            drawn = [
                {way.id for way in diagram.flows.values() if way.node.get(end) == self._new.id}
                for diagram in self._diagrams
            ]
            if written[0] != written[1] and drawn[0] == drawn[1]:
                yield _("the file lists other ways at it than are drawn")

    def _attribute(self, attribute: Attribute, old: str, new: str) -> str:
        left, right = self._diagrams
        if attribute.kind in ("way", "element"):
            before, after = named(left, old or None), named(right, new or None)
            return _("%(what)s: %(old)s → %(new)s", what=attribute.name, old=before, new=after)
        before, after = (
            self._vocabulary.told(attribute.kind, one) if one else _("nothing") for one in (old, new)
        )
        return _("%(what)s: %(old)s → %(new)s", what=attribute.name, old=before, new=after)

    def _part(self, attribute: Attribute, before: list[Node], after: list[Node]) -> str:
        if attribute.kind == "elements":
            return self._members(attribute, before, after)
        old, new = (" ".join(text_of(one) for one in some) for some in (before, after))
        if attribute.kind == "script":
            return self._script(attribute, old, new)
        if attribute.kind == "block" or old == new:
            return _("%(what)s changed", what=attribute.name)
        if attribute.kind == "condition":
            old, new = old.removeprefix("="), new.removeprefix("=")
        if not old:
            return _("%(what)s: now %(new)s", what=attribute.name, new=quoted(new))
        if not new:
            return _("%(what)s: no longer %(old)s", what=attribute.name, old=quoted(old))
        if attribute.kind == "long" and max(len(old), len(new)) > 60:
            return _("%(what)s changed", what=attribute.name)
        return _("%(what)s %(change)s", what=attribute.name, change=f"{quoted(old)} → {quoted(new)}")

    def _within(self, before: list[Node], after: list[Node]) -> Iterator[str]:
        """What our own elements within a part say, if both versions have the part."""
        if len(before) != 1 or len(after) != 1:
            return
        old, new = ({local_name(one): one for one in some[0].iter(_OURS)} for some in (before, after))
        for tag in dict.fromkeys((*old, *new)):
            described = words.DESCRIBED.get(tag)
            for name, attribute in described.attributes.items() if described is not None else ():
                left, right = (some[tag].get(name) or "" if tag in some else "" for some in (old, new))
                if left != right:
                    yield self._attribute(attribute, left, right)

    def _members(self, attribute: Attribute, before: list[Node], after: list[Node]) -> str:
        old, new = ([text_of(one) for one in some] for some in (before, after))
        left, right = self._diagrams
        came = [f"+ {named(right, one)}" for one in new if one not in old]
        went = [f"− {named(left, one)}" for one in old if one not in new]
        if not came and not went:
            return _("the order of: %(what)s", what=attribute.name)
        return _("%(what)s: %(change)s", what=attribute.name, change=", ".join((*came, *went)))

    @staticmethod
    def _script(attribute: Attribute, old: str, new: str) -> str:
        """Name the values whose computation differs."""

        def lines(text: str) -> dict[str, str]:
            found: dict[str, str] = {}
            name = ""
            for line in text.splitlines():
                left, sign, right = line.partition(":=")
                if sign and left.strip().isidentifier():
                    name = left.strip()
                    found[name] = right.strip()
                else:
                    found[name] = f"{found.get(name, '')} {line.strip()}".strip()
            return found

        before, after = lines(old), lines(new)
        values = [
            one for one in dict.fromkeys((*before, *after)) if before.get(one) != after.get(one) and one
        ]
        if not values:
            return _("%(what)s changed", what=attribute.name)
        if len(values) == 1 and before.get(values[0]) and after.get(values[0]):
            change = f"{quoted(before[values[0]])} → {quoted(after[values[0]])}"
            return _("computes “%(value)s” otherwise: %(change)s", value=values[0], change=change)
        return _("%(what)s changed: %(values)s", what=attribute.name, values=", ".join(values))

    # --- events -----------------------------------------------------------------------------------

    def _event(self, old: Node, new: Node) -> Iterator[str]:
        """What an event of the same kind waits for: a time, a message …"""
        found = []
        for name in dict.fromkeys((*old.attrib, *new.attrib)):
            before, after = old.get(name) or "", new.get(name) or ""
            if before != after and name in words.STANDARD:
                found.append(self._attribute(words.STANDARD[str(name)], before, after))
        for child in dict.fromkeys(tag_of(one) or local_name(one) for one in (*old, *new)):
            before_part, after_part = (
                next((one for one in node if (tag_of(one) or local_name(one)) == child), None)
                for node in (old, new)
            )
            if (
                before_part is not None
                and after_part is not None
                and canonical(before_part) == canonical(after_part)
            ):
                continue
            found.append(self._event_part(child, before_part, after_part))
        yield from found or [_("other settings of what it waits for")]

    def _event_part(self, name: str, old: Node | None, new: Node | None) -> str:
        before, after = text_of(old), text_of(new)
        if name in words.TIMES and before != after:
            told = [self._vocabulary.told("term", one) if one else _("nothing") for one in (before, after)]
            return _("%(what)s: %(old)s → %(new)s", what=words.TIMES[name], old=told[0], new=told[1])
        if name == "condition" and before != after:
            return _("condition %(old)s → %(new)s", old=quoted(before), new=quoted(after))
        if name == "extensionElements":
            calendars = [self._calendar(one) for one in (old, new)]
            if calendars[0] != calendars[1]:
                return _("time counts in: %(old)s → %(new)s", old=calendars[0], new=calendars[1])
        return _("other settings of what it waits for")

    def _calendar(self, holder: Node | None) -> str:
        found = next((one for one in (() if holder is None else holder) if local_name(one) == "timer"), None)
        return self._vocabulary.told(
            "calendar", (found.get("calendar") if found is not None else "") or "clock"
        )

    @staticmethod
    def event_change(name: str, old: str, new: str) -> str:
        """Return the sentence that an event waits for something else."""
        before, after = (words.EVENTS.get(one, one) for one in (old, new))
        return _("%(name)s: is about %(new)s instead of %(old)s", name=name, old=before, new=after)
