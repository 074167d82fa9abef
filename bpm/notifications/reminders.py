"""Reminds of a task before its term, and tells others when the term has passed.

The jobs are enqueued by the engine together with the task, as ``{"task": public id}`` and, for
an escalation, ``"to"``: ``manager`` (the default), ``group:key`` or ``person:login``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from bpm.config import Settings
from bpm.engine.models import UserTask
from bpm.engine.timers.jobs import ESCALATION, REMINDER
from bpm.engine.work import working
from bpm.jobs.handlers import Handlers, InTransaction
from bpm.jobs.models import Job
from bpm.language import _, chosen
from bpm.notifications.announcements import Telling, open_task
from bpm.notifications.audience import TASK_PAGE, holders, named, task_values
from bpm.people.models import Person
from bpm.people.queries import administrators, manager_of

# kinds of history events
REMINDED, ESCALATED = "task_reminded", "task_escalated"


def register(handlers: Handlers, settings: Settings) -> None:
    """Let the jobs ``task.reminder`` and ``task.escalation`` tell people."""

    def remind(session: Session, now: datetime, job: Job) -> None:
        task = open_task(session, public_id=job.payload["task"])
        if task is not None:
            _remind(Telling(session, now, settings, job), task, told=())
            _record(session, now, task, REMINDED, holders(session, task))

    def escalate(session: Session, now: datetime, job: Job) -> None:
        task = open_task(session, public_id=job.payload["task"])
        if task is not None:
            _escalate(Telling(session, now, settings, job), task)

    handlers.register(REMINDER, InTransaction(remind))
    handlers.register(ESCALATION, InTransaction(escalate))


def _remind(telling: Telling, task: UserTask, told: Sequence[Person]) -> None:
    """Write to whoever holds the task. ``told``: who was told that it is late."""
    late = task.due_at is not None and task.due_at <= telling.now
    names = ", ".join(person.name for person in told)
    for person in holders(telling.session, task):
        values = task_values(task, person, telling.settings) | {"late": late, "told": names}
        telling.letter(person, "reminder", values, task.instance)

        def text() -> str:
            title = chosen(task.titles)
            return (
                _("This is late: %(title)s", title=title) if late else _("Soon due: %(title)s", title=title)
            )

        telling.notice(person, text, TASK_PAGE.format(task.public_id), task.instance)


def _escalate(telling: Telling, task: UserTask) -> None:
    concerned = holders(telling.session, task)
    told = [
        person
        for person in _told_of_delay(telling.session, task, str(telling.job.payload.get("to") or "manager"))
        if person not in concerned
    ]
    names = ", ".join(person.name for person in concerned)
    for person in told:
        values = task_values(task, person, telling.settings) | {"holders": names}
        telling.letter(person, "escalation", values, task.instance)
        telling.notice(
            person,
            lambda: _("Late in your team: %(title)s", title=chosen(task.titles)),
            TASK_PAGE.format(task.public_id),
            task.instance,
        )
    _remind(telling, task, told)
    _record(telling.session, telling.now, task, ESCALATED, told)


def _record(session: Session, now: datetime, task: UserTask, kind: str, told: Sequence[Person]) -> None:
    """Write into the history of the case who was told."""
    instance = task.instance
    with working(session, now, None, instance.root_id or instance.id) as work:
        logins = [person.login for person in told]
        work.unit(instance.id).record(kind, task.element, task=task.public_id, persons=logins)


def _told_of_delay(session: Session, task: UserTask, to: str) -> Sequence[Person]:
    """Whom an escalation reaches; the administrators, where the diagram's answer is nobody."""
    if to == "manager":
        managers = [manager_of(session, holder) for holder in holders(session, task)]
        found = list({manager.id: manager for manager in managers if manager is not None}.values())
    else:
        found = list(named(session, to))
    return found or administrators(session)
