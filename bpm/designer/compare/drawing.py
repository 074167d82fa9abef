"""What differs on the paper only: moved shapes, arrows drawn otherwise, colours. All moves: one sentence."""

from __future__ import annotations

from bpm.designer.compare.changes import Difference
from bpm.designer.compare.naming import named
from bpm.designer.compare.subjects import FLOWS, Canonical, Diagram
from bpm.language import _, ngettext

_NAMED = 3


def compare_drawings(old: Diagram, new: Diagram, found: Difference) -> None:
    """Add what differs between the shapes of elements that are in both versions."""
    moved, bent, restyled = [], [], []
    for key, shape in new.shapes.items():
        before = old.shapes.get(key)
        if before == shape or (before is None and key not in old.subjects):
            continue
        subject = new.subjects.get(key)
        if before is not None and _style(before) != _style(shape):
            restyled.append(key)
        elif subject is not None and subject.tag in (*FLOWS,):
            bent.append(key)
        else:
            moved.append(key)
    gone = [key for key in old.shapes if key not in new.shapes and key in new.subjects]
    for key in restyled:
        found.say(
            "moved", _("%(name)s is drawn otherwise (colour, open or closed)", name=named(new, key)), key
        )
    for key in gone:
        found.say("moved", _("%(name)s is no longer drawn", name=named(new, key)), key)
    _say_moves(new, found, moved, bent)
    if not (moved or bent or restyled or gone) and old.paper != new.paper:
        found.say("moved", _("The drawing as a whole has other settings"))


def _say_moves(new: Diagram, found: Difference, moved: list[str], bent: list[str]) -> None:
    if not moved and not bent:
        return
    parts = []
    if moved:
        parts.append(_("Moved on the paper: %(names)s", names=_list(new, moved)))
    if bent and not moved:
        parts.append(_("Drawn along another line: %(names)s", names=_list(new, bent)))
    elif bent:
        parts.append(ngettext("%(num)s arrow runs otherwise", "%(num)s arrows run otherwise", len(bent)))
    found.say("moved", "; ".join(parts), *moved, *bent)


def _list(diagram: Diagram, keys: list[str]) -> str:
    names = ", ".join(named(diagram, key) for key in keys[:_NAMED])
    others = len(keys) - _NAMED
    if others <= 0:
        return names
    return names + " " + ngettext("and %(num)s more", "and %(num)s more", others)


def _style(shape: Canonical) -> Canonical:
    """Everything of a shape but where it and its label are."""
    return shape[1]  # type: ignore[no-any-return]
