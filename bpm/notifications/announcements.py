"""Tells people what the engine's events mean for them: letters and lines under the bell.

Runs in jobs. Whoever caused an event himself is not written to about it, and of a task that is
already done nobody hears any more.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bpm.config import Settings
from bpm.engine import definitions, events
from bpm.engine.models import Comment, Incident, Instance, UserTask
from bpm.engine.operations.incidents import cause_text
from bpm.errors import Invalid
from bpm.jobs.handlers import Handlers, InTransaction
from bpm.jobs.models import Job
from bpm.language import _, chosen, using
from bpm.notifications import commands, letter_text, queries
from bpm.notifications.audience import (
    CASE_PAGE,
    TASK_PAGE,
    case_values,
    holders,
    language_of,
    task_values,
)
from bpm.notifications.letter_text import LetterError
from bpm.notifications.listeners import ANNOUNCE
from bpm.notifications.queries import in_every_language
from bpm.people.models import Person
from bpm.people.queries import administrators

_log = logging.getLogger(__name__)
_MOST_DECISIONS = 20


def register(handlers: Handlers, settings: Settings) -> None:
    """Let jobs of the kind ``announce`` tell people."""
    tellers: dict[str, Callable[[Telling], None]] = {
        events.TASK_CREATED: _tell_of_task,
        events.TASK_ASSIGNED: _tell_of_task,
        events.TASK_WITHDRAWN: _tell_of_withdrawal,
        events.INSTANCE_ENDED: _tell_of_end,
        events.INCIDENT_OPENED: _tell_of_incident,
    }

    def run(session: Session, now: datetime, job: Job) -> None:
        teller = tellers.get(job.payload["what"])
        if teller is not None:
            teller(Telling(session, now, settings, job))

    handlers.register(ANNOUNCE, InTransaction(run))


@dataclass(frozen=True)
class Telling:
    """One job at work: writes letters and notices under keys made from the job."""

    session: Session
    now: datetime
    settings: Settings
    job: Job

    @property
    def actor_id(self) -> int | None:
        """Whose deed caused this; he knows already."""
        return self.job.payload.get("actor")

    def letter(self, person: Person, template: str, values: Mapping[str, Any], instance: Instance) -> None:
        """Write a standard letter; a published one that cannot be filled in gives way to the shipped one."""
        language = language_of(person, self.settings)
        common: dict[str, Any] = {
            "person": person,
            "values": values,
            "language": language,
            "time_zone": self.settings.time_zone,
            "unique_key": f"{template}:{self.job.public_id}:{person.id}",
            "instance_id": instance.id,
            "kind": template,
        }
        try:
            try:
                commands.write_letter(self.session, self.now, template=template, **common)
            except LetterError as error:
                _log.warning(
                    "The letter %r cannot be used, the standard one goes out: %s", template, error.text
                )
                shipped = queries.shipped_letter(template) or {}
                named = {"name": person.name} | dict(values)
                zone = person.time_zone or self.settings.time_zone
                filled = letter_text.render(shipped, named, language, zone)
                commands.write_letter(
                    self.session, self.now, subject=filled.subject, text=filled.text, **common
                )
        except Invalid as error:
            _log.warning("No letter %r to %s: %s", template, person.login, error.text)

    def notice(self, person: Person, text: Callable[[], str], link: str, instance: Instance) -> None:
        """Put a line under the bell of a person; ``text`` is called in each language."""
        commands.notify(
            self.session,
            self.now,
            person,
            in_every_language(text),
            link,
            unique_key=f"{self.job.kind}:{self.job.public_id}:{person.id}",
            instance_id=instance.id,
        )


def open_task(session: Session, task_id: int | None = None, public_id: str | None = None) -> UserTask | None:
    """Return a task that still waits for somebody, by either of its numbers."""
    question = select(UserTask).where(UserTask.status == "open")
    if task_id is not None:
        question = question.where(UserTask.id == task_id)
    else:
        question = question.where(UserTask.public_id == public_id)
    return session.scalar(question)


def _tell_of_task(telling: Telling) -> None:
    task = open_task(telling.session, task_id=telling.job.payload["task"])
    if task is None:
        return
    for person in holders(telling.session, task):
        if person.id == telling.actor_id:
            continue
        telling.letter(person, "assignment", task_values(task, person, telling.settings), task.instance)
        telling.notice(person, lambda: chosen(task.titles), TASK_PAGE.format(task.public_id), task.instance)


def _tell_of_withdrawal(telling: Telling) -> None:
    task = telling.session.get(UserTask, telling.job.payload["task"])
    holder = task.assignee if task is not None else None
    if task is None or holder is None or holder.id == telling.actor_id or not holder.active:
        return
    decided_by = task.completed_by.name if task.completed_by is not None else ""

    def text() -> str:
        title = chosen(task.titles)
        if task.ended_because == "decided" and decided_by:
            return _(
                "%(person)s has decided, you need not any more: %(title)s", person=decided_by, title=title
            )
        if task.ended_because == "timer":
            return _("The time is over, the task was taken back: %(title)s", title=title)
        return _("The task was taken back: %(title)s", title=title)

    telling.notice(holder, text, CASE_PAGE.format(task.instance.public_id), task.instance)


def _tell_of_end(telling: Telling) -> None:
    instance = telling.session.get(Instance, telling.job.payload["instance"])
    if instance is None or instance.parent_id is not None:
        return
    starter = instance.started_by
    if starter is None or not starter.active or starter.id == telling.actor_id:
        return
    with using(language_of(starter, telling.settings)):
        values = case_values(instance, starter, telling.settings) | {
            "status": instance.status,
            "outcome": _outcome_name(telling.session, instance),
            "reason": telling.job.payload.get("reason") or "",
            "decisions": _decisions(telling.session, instance),
        }
    telling.letter(starter, "outcome", values, instance)
    telling.notice(
        starter,
        lambda: _(
            "%(title)s: %(outcome)s",
            title=chosen(instance.titles),
            outcome=_outcome_name(telling.session, instance),
        ),
        CASE_PAGE.format(instance.public_id),
        instance,
    )


def _outcome_name(session: Session, instance: Instance) -> str:
    """How a case ended, in the present language: the name of its end, as it is drawn."""
    if instance.status == "cancelled":
        return _("withdrawn")
    if instance.status == "failed":
        return _("stopped by an error")
    element = None
    if instance.outcome:
        element = definitions.of_version(session, instance.version).elements.get(instance.outcome)
    return chosen(element.names if element is not None else None) or _("finished")


def _decisions(session: Session, instance: Instance) -> list[dict[str, Any]]:
    """What people decided on the way, the last ones, in the present language."""
    question = select(UserTask).where(UserTask.instance_id == instance.id, UserTask.status == "completed")
    tasks = session.scalars(question.order_by(UserTask.id.desc()).limit(_MOST_DECISIONS)).all()
    decided = [task for task in reversed(tasks) if task.outcome and task.completed_by_id]
    said = select(Comment.task_id, Comment.text).where(Comment.task_id.in_([task.id for task in decided]))
    comments = {row.task_id: row.text for row in session.execute(said)}
    return [
        {
            "title": chosen(task.titles),
            "who": task.completed_by.name if task.completed_by is not None else "",
            "decision": _label(task),
            "comment": comments.get(task.id, ""),
        }
        for task in decided
    ]


def _label(task: UserTask) -> str:
    labels = {outcome["key"]: outcome.get("labels") for outcome in task.outcomes}
    return chosen(labels.get(task.outcome or ""), task.outcome or "")


def _tell_of_incident(telling: Telling) -> None:
    incident = telling.session.get(Incident, telling.job.payload["incident"])
    if incident is None or incident.resolved_at is not None:
        return
    instance = incident.instance
    concerned = {person.id: person for person in administrators(telling.session)}
    owner = instance.process.owner
    if owner is not None and owner.active:
        concerned[owner.id] = owner
    for person in concerned.values():
        with using(language_of(person, telling.settings)):
            why = {"why": cause_text(incident.cause), "element": _step_name(telling.session, incident)}
        values = case_values(instance, person, telling.settings) | why
        telling.letter(person, "incident", values, instance)
        telling.notice(
            person,
            lambda: _("Something needs your help: %(title)s", title=chosen(instance.titles)),
            CASE_PAGE.format(instance.public_id),
            instance,
        )


def _step_name(session: Session, incident: Incident) -> str:
    elements = definitions.of_version(session, incident.instance.version).elements
    element = elements.get(incident.element or "")
    return chosen(element.names if element is not None else None)
