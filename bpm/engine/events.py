"""What happened in the engine, told to the floors above: notifications, records, reports.

Listeners run in the same transaction as the command that caused the event, after all of its rows
but the jobs are written: what they write is kept or lost with it. Knows none of its listeners.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bpm.engine.models import Incident, Instance, UserTask

TASK_CREATED = "task_created"
TASK_ASSIGNED = "task_assigned"
TASK_COMPLETED = "task_completed"
TASK_WITHDRAWN = "task_withdrawn"
INSTANCE_STARTED = "instance_started"
INSTANCE_ENDED = "instance_ended"
INCIDENT_OPENED = "incident_opened"
KINDS = (
    TASK_CREATED,
    TASK_ASSIGNED,
    TASK_COMPLETED,
    TASK_WITHDRAWN,
    INSTANCE_STARTED,
    INSTANCE_ENDED,
    INCIDENT_OPENED,
)


@dataclass(frozen=True, slots=True)
class Event:
    """One event. ``actor_id``: the person whose deed caused it, None for the program itself."""

    kind: str
    at: datetime
    instance_id: int
    task_id: int | None = None
    task_public_id: str | None = None
    incident_id: int | None = None
    actor_id: int | None = None
    data: Mapping[str, Any] = field(default_factory=dict)

    def instance(self, session: Session) -> Instance:
        """Read the instance in which it happened."""
        return session.get_one(Instance, self.instance_id)

    def task(self, session: Session) -> UserTask:
        """Read the task; only for the ``task_…`` kinds."""
        return session.get_one(UserTask, self.task_id)

    def incident(self, session: Session) -> Incident:
        """Read the incident; only for ``incident_opened``."""
        return session.get_one(Incident, self.incident_id)


# rows of jobs (``timers.job_row``) that are added together with those of the engine, or nothing
Left = list[dict[str, Any]]
Listener = Callable[[Session, datetime, Event], Left | None]


class Listeners:
    """Who wants to hear of which kind of event."""

    def __init__(self) -> None:
        self._by_kind: dict[str, list[Listener]] = {}

    def listen(self, kind: str, listener: Listener) -> None:
        """Call ``listener`` for each event of ``kind``; the same listener is registered once.

        Raises:
            ValueError: there is no such kind.
        """
        if kind not in KINDS:
            raise ValueError(f"There is no event {kind!r}.")
        present = self._by_kind.setdefault(kind, [])
        if listener not in present:
            present.append(listener)

    def forget(self, kind: str, listener: Listener) -> None:
        """Take a listener off again."""
        self._by_kind[kind].remove(listener)

    def tell(self, session: Session, now: datetime, event: Event) -> Left:
        """Call everybody who listens to the kind of ``event``, in the order of registration.

        Returns:
            The jobs that they leave behind.
        """
        left: Left = []
        for listener in self._by_kind.get(event.kind, ()):
            left += listener(session, now, event) or ()
        return left


LISTENERS = Listeners()
listen = LISTENERS.listen


@contextmanager
def listening(kind: str, listener: Listener) -> Iterator[None]:
    """Listen within the block only."""
    LISTENERS.listen(kind, listener)
    try:
        yield
    finally:
        LISTENERS.forget(kind, listener)
