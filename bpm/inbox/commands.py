"""Keeps and drops drafts: what somebody typed into a task and has not sent yet.

Decisions themselves belong to ``engine.commands``.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from bpm.engine.models import UserTask
from bpm.errors import Conflict, Invalid
from bpm.inbox.models import TaskDraft
from bpm.language import _
from bpm.people.models import Person

MOST_CHARACTERS = 400_000


def save_draft(
    session: Session, now: datetime, actor: Person, task: UserTask, values: Mapping[str, Any], comment: str
) -> None:
    """Keep the entries of ``actor`` in an open task, over those kept before.

    Args:
        values: entries as ``forms.submission.read`` gives them, files as public ids.

    Raises:
        Conflict: the task is no longer open.
        Invalid: the entries are too long to keep.
    """
    if task.status != "open":
        raise Conflict(_("This task is finished; there is nothing left to save in it."))
    kept = {"values": plain(values), "comment": comment}
    if _length(kept) > MOST_CHARACTERS:
        raise Invalid(_("This is too long to be kept as a draft. Shorten it."))
    row = session.get(TaskDraft, (task.id, actor.id))
    if row is None:
        session.add(TaskDraft(task_id=task.id, person_id=actor.id, values=kept, saved_at=now))
    else:
        row.values, row.saved_at = kept, now


def drop_drafts(session: Session, task: UserTask) -> None:
    """Forget everybody's entries in a task."""
    session.execute(delete(TaskDraft).where(TaskDraft.task_id == task.id))


def plain(value: Any) -> Any:
    """Return entries as JSON: files become their ids, characters that no database holds go."""
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if isinstance(value, str):
        return value.replace("\x00", "").encode("utf-8", "ignore").decode("utf-8")
    identifier = getattr(value, "id", None)
    if isinstance(identifier, str):
        return identifier
    return value if isinstance(value, bool | int | None) else str(value)


def _length(value: Any) -> int:
    if isinstance(value, Mapping):
        return sum(len(str(key)) + _length(one) for key, one in value.items())
    if isinstance(value, list):
        return sum(map(_length, value))
    return len(str(value))
