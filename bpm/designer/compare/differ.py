"""Compares two diagrams: steps, ways, settings, and where things are drawn.

Nothing that differs is passed over: what no sentence of its own tells of is “other settings”.
"""

from __future__ import annotations

from bpm.designer.compare.changes import Difference
from bpm.designer.compare.drawing import compare_drawings
from bpm.designer.compare.naming import NAMED_BY_KIND, kind, named, own_name
from bpm.designer.compare.parts import Parts
from bpm.designer.compare.settings import Settings
from bpm.designer.compare.subjects import FLOWS, Diagram, Subject, own_attributes
from bpm.designer.compare.values import Vocabulary, quoted
from bpm.engine import dialect
from bpm.engine.diagram.xml import Node
from bpm.language import _, ngettext

_STEPS_WITHIN = ("subProcess", "transaction", "adHocSubProcess")


def compare(old: Node, new: Node, vocabulary: Vocabulary | None = None) -> Difference:
    """Return what differs between two versions, in the order of the newer one.

    Args:
        vocabulary: what people, groups, forms … are called.
    """
    return _Comparison(Diagram(old), Diagram(new), vocabulary or Vocabulary()).done()


class _Comparison:
    def __init__(self, old: Diagram, new: Diagram, vocabulary: Vocabulary) -> None:
        self.old, self.new, self.vocabulary = old, new, vocabulary
        self.found = Difference()

    def done(self) -> Difference:
        self._learn_settings()
        steps = [one for one in self.new.subjects.values() if one.tag not in FLOWS]
        ways = [one for one in self.new.subjects.values() if one.tag in FLOWS]
        for one in steps:
            self._subject(one)
        for one in self.old.subjects.values():
            if one.id not in self.new.subjects and one.tag not in FLOWS:
                self._removed(one)
        for one in ways:
            self._subject(one)
        for one in self.old.subjects.values():
            if one.id not in self.new.subjects and one.tag in FLOWS:
                self._removed_way(one)
        for one in steps:
            self._order_of_ways(one)
        compare_drawings(self.old, self.new, self.found)
        self._rest()
        return self.found

    def _learn_settings(self) -> None:
        """Expressions that name a setting of the process are told by its label."""
        for diagram in (self.old, self.new):
            for one in diagram.root.iter(f"{{{dialect.URI}}}setting"):
                if one.get("name") and one.get("label"):
                    self.vocabulary.settings[str(one.get("name"))] = str(one.get("label"))

    def _subject(self, new: Subject) -> None:
        old = self.old.subjects.get(new.id)
        if old is not None:
            self._both(old, new)
        elif new.tag in FLOWS:
            self._added_way(new)
        else:
            self._added(new)

    # --- coming and going -------------------------------------------------------------------------

    def _added(self, one: Subject) -> None:
        self.found.mark("added", one.id)
        if one.parent in self.new.subjects and one.parent not in self.old.subjects:
            return  # told of with what it is in
        text = _("%(name)s was added (%(kind)s)", name=named(self.new, one.id), kind=kind(one))
        if own_name(one) == "" or one.tag in NAMED_BY_KIND:
            text = _("%(name)s was added", name=named(self.new, one.id))
        self.found.say("added", text + self._within(self.new, one), one.id)

    def _removed(self, one: Subject) -> None:
        self.found.mark("removed", one.id)
        if one.parent in self.old.subjects and one.parent not in self.new.subjects:
            return
        text = _("%(name)s was removed (%(kind)s)", name=named(self.old, one.id), kind=kind(one))
        if own_name(one) == "" or one.tag in NAMED_BY_KIND:
            text = _("%(name)s was removed", name=named(self.old, one.id))
        self.found.say("removed", text + self._within(self.old, one), one.id)

    @staticmethod
    def _within(diagram: Diagram, one: Subject) -> str:
        """Count what came or went with a sub-process."""
        if one.tag not in _STEPS_WITHIN:
            return ""
        number = sum(1 for key in diagram.inside(one.id) if diagram.subjects[key].tag not in FLOWS)
        return (
            " " + ngettext("with %(num)s step inside", "with %(num)s steps inside", number) if number else ""
        )

    def _added_way(self, way: Subject) -> None:
        self.found.mark("added", way.id)
        ends = (way.node.get("sourceRef"), way.node.get("targetRef"))
        if any(end in self.new.subjects and end not in self.old.subjects for end in ends):
            return
        self.found.say("added", _("%(way)s is new", way=named(self.new, way.id)), way.id)

    def _removed_way(self, way: Subject) -> None:
        self.found.mark("removed", way.id)
        ends = (way.node.get("sourceRef"), way.node.get("targetRef"))
        if any(end in self.old.subjects and end not in self.new.subjects for end in ends):
            return
        self.found.say("removed", _("%(way)s was removed", way=named(self.old, way.id)), way.id)

    # --- in both versions -------------------------------------------------------------------------

    def _both(self, old: Subject, new: Subject) -> None:
        elsewhere = self._is_elsewhere(old.parent, new.parent)
        if old.content == new.content and not elsewhere:
            return
        before = len(self.found.changes)
        name = named(self.old if new.tag not in FLOWS else self.new, new.id)
        if old.tag != new.tag or old.event != new.event:
            self._kind(old, new, name)
        if own_name(old) != own_name(new) or old.node.get("name") != new.node.get("name"):
            self._name(old, new, name)
        if elsewhere:
            self._say(new, name, _("is now in %(where)s", where=named(self.new, new.parent)))
        if new.tag in FLOWS:
            self._ends(old, new)
        for text in Settings(old, new, self.vocabulary).sentences():
            self._say(new, name, text)
        for text in Parts(self.old, self.new, old, new, self.vocabulary).sentences():
            self._say(new, name, text)
        if len(self.found.changes) == before and self._means_something(old, new):
            self.found.say("changed", _("Other settings of %(name)s changed", name=name), new.id)

    def _is_elsewhere(self, old: str | None, new: str | None) -> bool:
        """Whether something went into another part; what holds it may just have another id."""
        return old != new and (old in self.new.subjects or new in self.old.subjects)

    @staticmethod
    def _means_something(old: Subject, new: Subject) -> bool:
        """Ways that came or went stand in the lists of their steps too: they were told of already."""
        lists = ("incoming", "outgoing")
        left, right = (
            [one for one in content[2] if one[0] not in lists] for content in (old.content, new.content)
        )
        return left != right or (*old.content[:2], *old.content[3:]) != (*new.content[:2], *new.content[3:])

    def _say(self, subject: Subject, name: str, text: str) -> None:
        if subject.tag == "process" and text[:1].isupper():
            self.found.say("changed", text, subject.id)
        else:
            self.found.say("changed", _("%(name)s: %(what)s", name=name, what=text), subject.id)

    def _kind(self, old: Subject, new: Subject, name: str) -> None:
        if old.tag != new.tag:
            text = _("%(name)s: was “%(old)s”, is “%(new)s” now", name=name, old=kind(old), new=kind(new))
        else:
            text = Parts.event_change(name, old.event, new.event)
        self.found.say("changed", text, new.id)

    def _name(self, old: Subject, new: Subject, name: str) -> None:
        before = own_name(old) if own_name(old) != own_name(new) else old.node.get("name") or ""
        after = own_name(new) if own_name(old) != own_name(new) else new.node.get("name") or ""
        if new.tag in FLOWS or not before:
            named_now = quoted(after) if after else _("nothing")
            text = _("%(name)s: its words are now %(words)s", name=name, words=named_now)
        elif not after:
            text = _("%(name)s has no name any more", name=quoted(before))
        else:
            text = _("%(old)s is now called %(new)s", old=quoted(before), new=quoted(after))
        self.found.say("changed", text, new.id)

    def _ends(self, old: Subject, new: Subject) -> None:
        for attribute in ("sourceRef", "targetRef"):
            before, after = old.node.get(attribute), new.node.get(attribute)
            if before == after:
                continue
            old_end, new_end = named(self.old, before), named(self.new, after)
            if attribute == "targetRef":
                source = named(self.new, new.node.get("sourceRef"))
                text = _("The way from %(source)s leads to %(new)s instead of %(old)s",
                         source=source, old=old_end, new=new_end)  # fmt: skip
            else:
                target = named(self.new, new.node.get("targetRef"))
                text = _("The way to %(target)s comes from %(new)s instead of %(old)s",
                         target=target, old=old_end, new=new_end)  # fmt: skip
            self.found.say("changed", text, new.id)

    def _order_of_ways(self, new: Subject) -> None:
        """The first way that fits is taken, in the order of the file."""
        if new.tag != "exclusiveGateway" or new.id not in self.old.subjects:
            return
        before = [one.id for one in self.old.ways_from(new.id)]
        after = [one.id for one in self.new.ways_from(new.id)]
        kept = [one for one in before if one in after]
        if kept != [one for one in after if one in before]:
            text = _("%(name)s: its ways are tried in another order", name=named(self.new, new.id))
            self.found.say("changed", text, new.id)

    def _rest(self) -> None:
        """What belongs to no element."""
        same = own_attributes(self.old.root) == own_attributes(self.new.root)
        if not same or sorted(self.old.rest, key=repr) != sorted(self.new.rest, key=repr):
            self.found.say("changed", _("Other parts of the file changed, which are not drawn"))
