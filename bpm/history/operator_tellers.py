"""The sentences of what operators do to a case: moved it, changed its values or its version."""

from __future__ import annotations

from collections.abc import Callable

from bpm.engine.models import HistoryEvent
from bpm.history.names import Names
from bpm.history.telling import Data, Told
from bpm.language import _, in_quotes


def _moved(event: HistoryEvent, data: Data, names: Names, who: str) -> Told:
    away, there = _steps(data, "cancelled", names), _steps(data, "started", names)
    if away and there:
        text = _("%(person)s moved the case from %(away)s to %(there)s.", person=who, away=away, there=there)
    elif there:
        text = _("%(person)s let the case go on at %(there)s too.", person=who, there=there)
    else:
        text = _("%(person)s took the case away from %(away)s.", person=who, away=away)
    return Told(text, "route", "running", str(data.get("reason") or ""))


def _steps(data: Data, which: str, names: Names) -> str:
    found = dict.fromkeys(in_quotes(names.element(one.get("element"))) for one in data.get(which) or ())
    return ", ".join(found)


def _variables_set(event: HistoryEvent, data: Data, names: Names, who: str) -> Told:
    labels = ", ".join(names.variable(str(name)) for name in data.get("names") or ())
    text = _("%(person)s changed by hand: %(values)s.", person=who, values=labels)
    return Told(text, "pencil", "running", str(data.get("reason") or ""))


def _migrated(event: HistoryEvent, data: Data, names: Names, who: str) -> Told:
    text = _(
        "%(person)s let the case go on with version %(to)s instead of %(number)s.",
        person=who, to=data.get("to"), number=data.get("version"),
    )  # fmt: skip
    return Told(text, "git-branch", "running", str(data.get("reason") or ""))


def _undone(event: HistoryEvent, data: Data, names: Names, who: str) -> Told:
    text = _("%(person)s put the case back to version %(to)s.", person=who, to=data.get("to"))
    return Told(text, "undo-2", "running")


OPERATORS: dict[str, Callable[[HistoryEvent, Data, Names, str], Told]] = {
    "tokens_moved": _moved,
    "variables_set": _variables_set,
    "instance_migrated": _migrated,
    "migration_undone": _undone,
}
