"""Timers whose date stands in a record: which they are, and that they are set anew when it changes.

Owns ``timer_record``. The new date is read by a job, under the lock of the case.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from bpm.engine.runtime.outside import Wait
from bpm.engine.tables import TIMER_RECORD, connection_of
from bpm.engine.timers import jobs as timers
from bpm.jobs.commands import enqueue


def rows_of(instance_id: int, wait: Wait) -> list[dict[str, Any]]:
    """Return the rows that tie a timer to the records it was worked out from."""
    return [{"instance_id": instance_id, "token": wait.token, "record": one} for one in wait.records]


def add(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows."""
    if rows:
        connection_of(session).execute(insert(TIMER_RECORD), list(rows))


def remove(session: Session, instance_id: int, tokens: Collection[str]) -> None:
    """Delete the rows of timers that are over or set anew."""
    of_tokens = TIMER_RECORD.c.token.in_(sorted(tokens))
    connection_of(session).execute(
        delete(TIMER_RECORD).where(TIMER_RECORD.c.instance_id == instance_id, of_tokens)
    )


def record_changed(session: Session, now: datetime, record: str) -> int:
    """Have the timers set anew that wait for a date of this record, earlier or later.

    Args:
        record: public id of the record that has just changed.

    Returns:
        How many cases are concerned.
    """
    question = select(TIMER_RECORD.c.instance_id).where(TIMER_RECORD.c.record == record).distinct()
    numbers = list(connection_of(session).execute(question.order_by(TIMER_RECORD.c.instance_id)).scalars())
    for number in numbers:
        enqueue(
            session, timers.REFRESH, {"instance": number}, now,
            now=now, instance_id=number, unique_key=f"{number}:refresh",
        )  # fmt: skip
    return len(numbers)
