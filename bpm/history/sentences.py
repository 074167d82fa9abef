"""Turns rows of the history into sentences that people read: who, on whose behalf, what, and why.

Every kind of event has a sentence; those that say nothing to people (a flow taken, a token
entered) are marked technical, and changes of variables are folded under what caused them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from bpm.engine.models import HistoryEvent
from bpm.history.names import Names
from bpm.history.tellers import TELLERS, unknown
from bpm.history.telling import Change, Reason, change_of, decoded, who_did
from bpm.language import _
from bpm.people.models import Person


@dataclass
class Line:
    """One thing that happened, in words. ``icon`` and ``kind`` (a state) dress it."""

    seq: int
    at: datetime
    actor: Person | None
    text: str
    icon: str = ""
    kind: str = "idle"
    comment: str = ""
    technical: bool = False
    event: str = ""
    element: str | None = None
    reasons: tuple[Reason, ...] = ()
    changes: list[Change] = field(default_factory=list)
    # who got the task, where one line tells of several
    people: list[str] = field(default_factory=list)

    @property
    def first_values(self) -> bool:
        """Whether none of the changed variables had a value before."""
        return not any(change.old for change in self.changes)


def lines(events: Iterable[HistoryEvent], names: Names, *, technical: bool = False) -> list[Line]:
    """Return the events as lines, in their order.

    Args:
        technical: tell also of events that mean nothing to people, and of each variable by itself.
    """
    told: list[Line] = []
    for event in events:
        if event.kind == "variable_changed" and not technical:
            change = change_of(event, names)
            worth_telling = change.old or change.new
            if told and worth_telling and not names.is_bookkeeping(str(event.data.get("name"))):
                told[-1].changes.append(change)
            continue
        if not technical and told and _joins(told[-1], event):
            _join(told[-1], event, names)
            continue
        line = _line(event, names)
        if technical or not line.technical:
            told.append(line)
    return told


def _joins(line: Line, event: HistoryEvent) -> bool:
    """Whether an event is one more of the same: the same step given to another person at the same moment."""
    return (
        event.kind == line.event == "task_created"
        and (event.element, event.at) == (line.element, line.at)
        and bool(line.people)
        and _plain_assignee(event) is not None
    )


def _join(line: Line, event: HistoryEvent, names: Names) -> None:
    line.people.append(names.person(_plain_assignee(event)))
    line.text = _(
        "“%(step)s” went to: %(people)s.", step=names.element(line.element), people=", ".join(line.people)
    )


def _plain_assignee(event: HistoryEvent) -> str | None:
    """Who got a task, unless there is more to say about it."""
    assignee, original = event.data.get("assignee"), event.data.get("original")
    return assignee if assignee and original in (None, assignee) else None


def _line(event: HistoryEvent, names: Names) -> Line:
    data = decoded(event.data)
    tell = TELLERS.get(event.kind, unknown)
    who = who_did(event)
    told = tell(event, data, names, who)
    return Line(
        event.seq,
        event.at,
        event.actor,
        told.text,
        "" if event.actor is not None and told.kind in ("done", "idle") else told.icon,
        told.kind,
        told.comment,
        told.technical,
        event.kind,
        event.element,
        told.reasons,
        people=[names.person(login)] if (login := _plain_assignee(event)) else [],
    )
