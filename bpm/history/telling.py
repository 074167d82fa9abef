"""What the sentences of the history are made of, shared by all kinds of events."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bpm.engine import values
from bpm.engine.models import HistoryEvent
from bpm.history.names import Names
from bpm.language import _

Data = Mapping[str, Any]


@dataclass(frozen=True)
class Reason:
    """One condition of a gateway: its words, the values it saw, and whether it was true."""

    way: str
    text: str
    seen: tuple[tuple[str, str], ...]
    result: bool | None


@dataclass(frozen=True)
class Change:
    """One variable that got another value."""

    name: str
    old: str
    new: str


@dataclass(frozen=True)
class Told:
    """What one kind of event says, before it becomes a line."""

    text: str
    icon: str = "circle-dot"
    kind: str = "idle"
    comment: str = ""
    technical: bool = False
    reasons: tuple[Reason, ...] = ()


def decoded(data: Data) -> dict[str, Any]:
    """Return an event's data with typed values; what cannot be read stays as it is."""
    try:
        found = values.decode(dict(data))
    except (ValueError, KeyError):
        return dict(data)
    return found if isinstance(found, dict) else {}


def who_did(event: HistoryEvent) -> str:
    """Who did it, and for whom."""
    if event.actor is None:
        return _("The program")
    if event.on_behalf_of is not None and event.on_behalf_of_id != event.actor_id:
        return _("%(person)s for %(other)s", person=event.actor.name, other=event.on_behalf_of.name)
    return event.actor.name


def change_of(event: HistoryEvent, names: Names) -> Change:
    """Return what became of one variable."""
    data = decoded(event.data)
    name = str(data.get("name", ""))
    return Change(
        names.variable(name), names.value(data.get("old"), name), names.value(data.get("new"), name)
    )
