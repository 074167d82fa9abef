"""What somebody is told who came second: who decided or took the task, and when.

Words only; the rows are ``tasks/rows.py``'s.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from bpm.engine.tasks import rows as user_tasks
from bpm.errors import Conflict
from bpm.language import _, chosen, format_date, format_moment
from bpm.people.models import Person


def gone(session: Session, task: Any) -> Conflict:
    """Return the answer to a click on a task that is decided or withdrawn (processes 0.3, rule 5)."""
    person = session.get(Person, task.completed_by_id) if task.completed_by_id is not None else None
    details = {
        "status": task.status,
        "by": person.login if person else None,
        "name": person.name if person else None,
        "at": task.ended_at,
        "outcome": task.outcome,
    }
    when = {"day": format_date(task.ended_at), "time": format_moment(task.ended_at, "HH:mm")}
    if task.status == user_tasks.COMPLETED:
        label = next(
            (chosen(one["labels"], one["key"]) for one in task.outcomes if one["key"] == task.outcome), ""
        )
        if person is None:
            text = _("This task was completed on %(day)s at %(time)s.", **when)
        elif label:
            text = _("%(person)s decided this on %(day)s at %(time)s: %(outcome)s.", person=person.name,
                     outcome=label, **when)  # fmt: skip
        else:
            text = _("%(person)s completed this on %(day)s at %(time)s.", person=person.name, **when)
    elif person is not None and task.ended_because == "decided":
        text = _(
            "No longer needed: decided by %(person)s on %(day)s at %(time)s.", person=person.name, **when
        )
    elif task.ended_because == "cancelled":
        text = _("The case was cancelled on %(day)s at %(time)s.", **when)
    elif task.ended_because == "timer":
        text = _("The time for this task ran out on %(day)s at %(time)s.", **when)
    else:
        text = _(
            "This task was withdrawn on %(day)s at %(time)s, because the case went on without it.", **when
        )
    return Conflict(text, **details)


def taken(session: Session, task: Any) -> Conflict:
    """Return the answer to somebody who wanted a task that another person has."""
    person = session.get_one(Person, task.assignee_id)
    details = {"status": task.status, "by": person.login, "name": person.name, "at": task.claimed_at}
    if task.claimed_at is None:
        return Conflict(_("%(person)s has this task.", person=person.name), **details)
    text = _("%(person)s took this task on %(day)s at %(time)s.", person=person.name,
             day=format_date(task.claimed_at), time=format_moment(task.claimed_at, "HH:mm"))  # fmt: skip
    return Conflict(text, **details)
