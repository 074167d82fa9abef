"""What the parts of a diagram are called in a sentence: by name, else by kind and neighbour."""

from __future__ import annotations

from bpm.designer.compare import words
from bpm.designer.compare.subjects import FLOWS, Diagram, Subject
from bpm.language import _, in_quotes, language

NAMED_BY_KIND = ("message", "signal", "error", "escalation", "dataStore", "dataObject")


def own_name(subject: Subject) -> str:
    """Return the name that the author gave, in the reader's language as far as it is translated."""
    for translation in subject.ours.get("translation", ()):
        if translation.get("language") == language() and translation.get("name"):
            return str(translation.get("name"))
    return (subject.node.get("name") or "").strip()


def kind(subject: Subject) -> str:
    """Return in one or two words what a subject is."""
    if subject.tag == "userTask" and len(list(_outcomes(subject))) > 1:
        return _("Approval")
    return str(words.KINDS.get(subject.tag) or _("Element"))


def named(diagram: Diagram, key: str | None) -> str:
    """Return what a subject is called within a sentence, with quotation marks around a name."""
    subject = diagram.subjects.get(key or "")
    if subject is None:
        return in_quotes(key) if key else _("nothing")
    if subject.tag == "process":
        return _("The process")
    if subject.tag in FLOWS:
        return _way(diagram, subject)
    name = own_name(subject)
    if name:
        known = in_quotes(name)
        if subject.tag in NAMED_BY_KIND:
            return _("%(kind)s %(name)s", kind=kind(subject), name=known)
        return known
    return _nameless(diagram, subject)


def _way(diagram: Diagram, subject: Subject) -> str:
    ends = {
        "source": _short(diagram, subject.node.get("sourceRef")),
        "target": _short(diagram, subject.node.get("targetRef")),
    }
    name = own_name(subject)
    if name:
        return _("Way “%(name)s” from %(source)s to %(target)s", name=name, **ends)
    return _("Way from %(source)s to %(target)s", **ends)


def _short(diagram: Diagram, key: str | None) -> str:
    """Name an end of a way without telling of its own ways again."""
    subject = diagram.subjects.get(key or "")
    if subject is None:
        return in_quotes(key or "?")
    name = own_name(subject)
    return in_quotes(name) if name else f"{kind(subject)} ({subject.id})"


def _nameless(diagram: Diagram, subject: Subject) -> str:
    """Tell of a step without a name by what is before or after it; its id tells those alike apart."""
    before = [one for one in diagram.flows.values() if one.node.get("targetRef") == subject.id]
    for way in before:
        source = diagram.subjects.get(way.node.get("sourceRef") or "")
        if source is not None and own_name(source):
            return _(
                "%(kind)s after “%(name)s” (%(id)s)", kind=kind(subject), name=own_name(source), id=subject.id
            )
    for way in diagram.ways_from(subject.id):
        target = diagram.subjects.get(way.node.get("targetRef") or "")
        if target is not None and own_name(target):
            return _(
                "%(kind)s before “%(name)s” (%(id)s)",
                kind=kind(subject),
                name=own_name(target),
                id=subject.id,
            )
    return f"{kind(subject)} ({subject.id})"


def _outcomes(subject: Subject) -> list[object]:
    return [one for holder in subject.ours.get("outcomes", ()) for one in holder]
