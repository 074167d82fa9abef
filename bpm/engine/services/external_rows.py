"""The rows of service steps that programs outside do: made when a step is reached, gone when it is left.

Owns how ``external_task`` is written from inside of a case; who may fetch what stands in
``services/external_tasks.py``.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import bindparam, delete, insert
from sqlalchemy.orm import Session

from bpm.db import new_public_id
from bpm.engine.diagram.expressions import written
from bpm.engine.problems import StepFailed
from bpm.engine.runtime.outside import Wait
from bpm.engine.services.attempts import Attempts
from bpm.engine.tables import EXTERNAL_TASK, connection_of
from bpm.engine.unit import Unit

# of a task that nobody may fetch until its incident is dealt with
NEVER = datetime(9999, 1, 1, tzinfo=UTC)
_LONGEST_TOPIC = 200
_LARGEST_PRIORITY = 2**31 - 1

_ADD = insert(EXTERNAL_TASK)
_REMOVE = delete(EXTERNAL_TASK).where(
    EXTERNAL_TASK.c.instance_id == bindparam("of_instance"),
    EXTERNAL_TASK.c.token.in_(bindparam("tokens", expanding=True)),
)


def new_row(now: datetime, unit: Unit, wait: Wait) -> dict[str, Any]:
    """Return the row of a step that was reached.

    Raises:
        StepFailed: its topic or priority cannot be used.
    """
    topic = written((wait.details.get("inputs") or {}).get("topic")).strip()
    if not 0 < len(topic) <= _LONGEST_TOPIC:
        raise StepFailed("“%(element)s” has no topic under which it could be fetched.", element=wait.element)
    attempts = wait.details.get("attempts")
    said = attempts if isinstance(attempts, Attempts) and attempts != Attempts() else None
    return {
        "public_id": new_public_id(),
        "instance_id": unit.id,
        "process_id": unit.row.process_id,
        "element": wait.element,
        "token": wait.token,
        "topic": topic,
        "priority": _priority(wait),
        "retries": said.tries if said is not None else None,
        "worker": None,
        "available_at": now,
        "error_message": None,
        "error_details": None,
        "created_at": now,
    }


def _priority(wait: Wait) -> int:
    given = wait.details.get("priority") or 0
    try:
        number = int(given)
    except (TypeError, ValueError):
        raise StepFailed(
            "The priority of “%(element)s” is “%(value)s”, which is no whole number.",
            element=wait.element,
            value=given,
        ) from None
    return max(-_LARGEST_PRIORITY, min(_LARGEST_PRIORITY, number))


def add(session: Session, row: dict[str, Any]) -> None:
    """Insert the row of a step."""
    connection_of(session).execute(_ADD, row)


def remove(session: Session, instance_id: int, tokens: Collection[str]) -> None:
    """Delete the rows of steps that were left."""
    wanted = sorted(tokens)
    for start in range(0, len(wanted), 500):
        parameters = {"of_instance": instance_id, "tokens": wanted[start : start + 500]}
        connection_of(session).execute(_REMOVE, parameters)
