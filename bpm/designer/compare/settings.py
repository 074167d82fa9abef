"""Sentences about the settings of one step: what the dialect says of it, compared in people's words.

One generic comparison over ``words.DESCRIBED``; the few things that people say otherwise (who may start,
comments on buttons, what a letter says) have words of their own.
"""

from __future__ import annotations

from collections.abc import Iterator

from bpm.designer.compare import words
from bpm.designer.compare.subjects import Subject, canonical
from bpm.designer.compare.values import Vocabulary, is_long, listed, quoted
from bpm.designer.compare.words import Attribute, Described
from bpm.engine import dialect
from bpm.engine.diagram.xml import Node, local_name, text_of
from bpm.language import _, in_quotes, lazy

_BODY = {"help": "text", "title": "text"}
_COMMENTS = {
    "required": lazy("button “%(name)s” now asks for a comment"),
    "optional": lazy("button “%(name)s” now takes a comment if one is given"),
    "none": lazy("button “%(name)s” no longer takes a comment"),
}
_WHO = ("groups", "persons")


class Settings:
    """Compares what two versions of one subject say in our own elements."""

    def __init__(self, old: Subject, new: Subject, vocabulary: Vocabulary) -> None:
        self._old, self._new, self._vocabulary = old, new, vocabulary

    def sentences(self) -> Iterator[str]:
        """Yield what differs, without the name of the step."""
        for tag in dict.fromkeys((*self._old.ours, *self._new.ours)):
            before, after = self._old.ours.get(tag, []), self._new.ours.get(tag, [])
            if [canonical(one) for one in before] == [canonical(one) for one in after]:
                continue
            described = words.DESCRIBED.get(tag)
            found = list(self._of_tag(tag, described, before, after)) if described else []
            name = described.name if described else in_quotes(tag)
            yield from found or [_("other settings (%(what)s)", what=name)]

    def _of_tag(self, tag: str, described: Described, before: list[Node], after: list[Node]) -> Iterator[str]:
        if tag == "condition":
            yield from self._rows(before, after)
        elif described.key:
            yield from self._several(tag, described, before, after)
        else:
            old, new = next(iter(before), None), next(iter(after), None)
            yield from self._attributes(tag, described, old, new)
            yield from self._inner(tag, described, old, new)

    # --- attributes -------------------------------------------------------------------------------

    def _attributes(
        self, tag: str, described: Described, old: Node | None, new: Node | None
    ) -> Iterator[str]:
        if tag == "start":
            yield from self._who_may_start(old, new)
        if tag == "assignment":
            yield from self._who_does_it(old, new)
            return
        for name, attribute in described.attributes.items():
            if (tag == "start" and name in _WHO) or name == described.key:
                continue
            if _goes_without_saying(attribute, name, old, new):
                continue
            before, after = value_of(tag, old, name), value_of(tag, new, name)
            if before != after:
                yield self._changed(attribute, before, after)

    def _changed(self, attribute: Attribute, old: str, new: str) -> str:
        name, told = str(attribute.name), self._vocabulary
        if old and new and is_long(attribute.kind, old, new):
            return _("%(what)s changed", what=name)
        if not old:
            return _("%(what)s: now %(new)s", what=name, new=told.told(attribute.kind, new))
        if not new:
            return _("%(what)s: no longer %(old)s", what=name, old=told.told(attribute.kind, old))
        return _("%(what)s %(change)s", what=name, change=told.change(attribute.kind, old, new))

    def _who_may_start(self, old: Node | None, new: Node | None) -> Iterator[str]:
        parts = []
        for name, kind, word in (("groups", "groups", _("group")), ("persons", "people", "")):
            before, after = (listed(value_of("start", node, name)) for node in (old, new))
            for sign, some in (("+", [one for one in after if one not in before]),
                               ("−", [one for one in before if one not in after])):  # fmt: skip
                parts += [
                    " ".join(filter(None, (sign, word, self._vocabulary.name(kind, one)))) for one in some
                ]
        if not parts:
            return
        if not any(value_of("start", new, name) for name in _WHO):
            parts.append(_("now everybody"))
        elif not any(value_of("start", old, name) for name in _WHO):
            parts.append(_("before, everybody"))
        yield _("Who may start: %(who)s", who=", ".join(parts))

    def _who_does_it(self, old: Node | None, new: Node | None) -> Iterator[str]:
        before, after = self._who(old), self._who(new)
        if before != after:
            yield _("who does it: %(old)s → %(new)s", old=before, new=after)

    def _who(self, node: Node | None) -> str:
        if node is None:
            return _("nobody yet")
        to, value = dialect.attribute(node, "to"), node.get("value") or ""
        lists = {"person": "people", "group": "groups", "head_of_department": "departments"}
        if to in lists and value:
            name = self._vocabulary.name(lists[to], value)
            return {
                "person": name,
                "group": _("somebody of “%(group)s”", group=name),
                "head_of_department": _("the head of “%(department)s”", department=name),
            }[to]
        kind = str(words.VALUES["assignment"].get(to, to))
        return f"{kind} {quoted(value.removeprefix('='))}" if value else kind

    # --- several of a kind ------------------------------------------------------------------------

    def _inner(self, tag: str, described: Described, old: Node | None, new: Node | None) -> Iterator[str]:
        for part in described.parts:
            before, after = (
                [one for one in (() if node is None else node) if local_name(one) == part]
                for node in (old, new)
            )
            if [canonical(one) for one in before] == [canonical(one) for one in after]:
                continue
            connector = (
                value_of("connector", new if new is not None else old, "name") if tag == "connector" else ""
            )
            found = list(self._several(part, words.DESCRIBED[part], before, after, connector))
            yield from found or [_("the order of: %(what)s", what=words.DESCRIBED[part].name)]

    def _several(
        self, tag: str, described: Described, before: list[Node], after: list[Node], connector: str = ""
    ) -> Iterator[str]:
        old, new = by_key(described, before), by_key(described, after)
        for key in dict.fromkeys((*old, *new)):
            one, other = old.get(key), new.get(key)
            if one is not None and other is not None and canonical(one) == canonical(other):
                continue
            name = self._name_of(tag, described, other if other is not None else one, key, connector)
            if one is None or other is None:
                word = _("new %(what)s “%(name)s”") if one is None else _("%(what)s “%(name)s” was removed")
                yield word % {"what": described.name, "name": name}
            else:
                yield from self._one(tag, described, name, one, other)

    def _name_of(self, tag: str, described: Described, node: Node | None, key: str, connector: str) -> str:
        if described.key == "language":
            return str(words.VALUES["language"].get(key, key))
        if tag == "input" and connector:
            return self._vocabulary.input(connector, key)
        return value_of(tag, node, described.shown) or key

    def _one(self, tag: str, described: Described, name: str, old: Node, new: Node) -> Iterator[str]:
        found: list[str] = []
        called = f"{described.name} {in_quotes(name)}"
        for attribute_name, attribute in described.attributes.items():
            before, after = value_of(tag, old, attribute_name), value_of(tag, new, attribute_name)
            if before == after:
                continue
            if attribute.kind == "comment":
                found.append(str(_COMMENTS.get(after, _COMMENTS["optional"])) % {"name": name})
            elif (
                attribute_name in ("value", "text") and tag in ("input", "label", "help")
            ) or tag == "translation":
                found.append(self._text(described, attribute, name, before, after))
            else:
                found.append(f"{called}: {self._changed(attribute, before, after)}")
        for inner in self._inner(tag, described, old, new):
            found.append(f"{called}: {inner}")
        yield from found or [_("other settings (%(what)s)", what=called)]

    def _text(self, described: Described, attribute: Attribute, name: str, old: str, new: str) -> str:
        """Tell of a text: short ones are shown, long ones only named."""
        if not old or not new or is_long("long", old, new):
            return _("text of %(what)s “%(name)s” changed", what=described.name, name=name)
        change = f"{quoted(old)} → {quoted(new)}"
        return _("%(what)s “%(name)s”: %(change)s", what=described.name, name=name, change=change)

    def _rows(self, before: list[Node], after: list[Node]) -> Iterator[str]:
        """The rows are an editor's; what runs is the expression, which is told of by itself."""
        if any(canonical(one) for one in (*before, *after)):
            yield _("rows of the condition")


def _goes_without_saying(attribute: Attribute, name: str, old: Node | None, new: Node | None) -> bool:
    """Of what came or went as a whole only what was given is told, and not what it is counted in."""
    if old is not None and new is not None:
        return False
    given = old if old is not None else new
    is_body = given is not None and _BODY.get(local_name(given)) == name
    return attribute.kind == "calendar" or not (is_body or (given is not None and name in given.attrib))


def value_of(tag: str, node: Node | None, name: str) -> str:
    """Return an attribute of one of our elements, or its text; its default where it is left out."""
    if node is None or not name:
        return ""
    return text_of(node) if _BODY.get(tag) == name else dialect.attribute(node, name)


def by_key(described: Described, nodes: list[Node]) -> dict[str, Node]:
    """Return elements of one kind by what tells them apart; a second one of a key by its place too."""
    found: dict[str, Node] = {}
    for node in nodes:
        key = node.get(described.key) or "" if described.key else ""
        number = 1
        while (unique := key if number == 1 else f"{key} ({number})") in found:
            number += 1
        found[unique] = node
    return found
