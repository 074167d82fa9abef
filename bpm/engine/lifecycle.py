"""A case from its start to its end: start, cancel, suspend, resume, comment.

Each command is one piece of work on one tree of instances. Commits nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from bpm.engine import calls, definitions, events, form_check, permissions
from bpm.engine.functions import World, record_number
from bpm.engine.messages import subscriptions
from bpm.engine.models import Comment, Instance, ProcessVersion, UserTask
from bpm.engine.problems import StepFailed
from bpm.engine.runtime import placing
from bpm.engine.runtime.placing import Start
from bpm.engine.services import steps as service_steps
from bpm.engine.tables import JOB, TASK, connection_of
from bpm.engine.tasks import rows as tasks
from bpm.engine.timers import jobs as timers
from bpm.engine.unit import ACTIVE, SUSPENDED, Unit
from bpm.engine.values import RecordReference
from bpm.engine.work import Work, at_work, working
from bpm.errors import Conflict, Invalid, NotAllowed, NotFound
from bpm.jobs.models import Job
from bpm.language import _, chosen
from bpm.people.models import Person

_LONGEST_KEY = 200
_LONGEST_COMMENT = 20_000


def start(
    session: Session,
    now: datetime,
    actor: Person | None,
    process_key: str,
    variables: Mapping[str, Any] | None = None,
    *,
    business_key: str | None = None,
    record: RecordReference | None = None,
    version: int | None = None,
    start_event: str | None = None,
    initiator: str | None = None,
    payload: Mapping[str, Any] | None = None,
    start_at: Sequence[Start | str] = (),
) -> Instance:
    """Start a case and advance it until it waits.

    Started by a person, a process with a start form takes that form's values and its settings and
    drops everything else; without a form it takes any values. Started by the program, it takes all.

    Args:
        actor: who starts it and becomes its initiator; None: a timer, a message, a trigger.
        business_key: by which messages find the case; default: the id of its record.
        record: the record it is about; becomes the variable named by the record's type.
        version: number of the version; default: the newest.
        start_event: id of the start event; default: the plain one.
        initiator: login of the initiator if there is no actor.
        payload: what came with the message or signal of ``start_event``.
        start_at: elements at which the case begins instead of its start event; for the owner of the
            process and administrators. The start form is not asked then: any values are taken.

    Raises:
        NotFound: there is no such process or version.
        NotAllowed: the actor may not start it.
        Conflict: the process is switched off, or this version of it is suspended.
        Invalid: a value is wrong; ``details`` names each field.
    """
    found = definitions.version_of(session, process_key, version)
    _check_start(session, actor, found, elsewhere=bool(start_at))
    given = dict(variables or {})
    if actor is not None:
        _check_record(session, now, found, record)
    if actor is not None and not start_at:
        given = form_check.checked_start(session, now, actor, found.properties, given, record)
    if record is not None:
        given[record.type] = record
        business_key = business_key or str(record.id)
    given["initiator"] = actor.login if actor is not None else initiator
    with working(session, now, actor) as work:
        row = calls.new_row(
            work,
            found,
            business_key=_key(business_key),
            record_id=record_number(session, record) if record is not None else None,
            started_by_id=actor.id if actor is not None else None,
        )
        unit = Unit(work.world, row)
        unit.actor_id = work.actor_id
        try:
            unit.begin(calls.with_settings(unit, given), start_event, payload)
            if start_at:
                starts = [one if isinstance(one, Start) else Start(one) for one in start_at]
                placing.begin_at(unit.run, starts, now)
        except StepFailed as failed:
            raise Invalid(str(failed)) from failed
        work.add(unit)
        at = [one if isinstance(one, str) else one.element for one in start_at]
        told = {"process": process_key, "version": found.number, **({"at": at} if at else {})}
        unit.record("instance_started", None, **told)
        unit.entries.insert(0, unit.entries.pop())  # the first variables were recorded before it
        work.tell(events.INSTANCE_STARTED, unit)
        work.go_on(unit)
    form_check.keep_files(session, now, unit.id, None, given)
    return session.get_one(Instance, unit.id)


def _check_start(
    session: Session, actor: Person | None, version: ProcessVersion, *, elsewhere: bool = False
) -> None:
    process = version.process
    name = chosen(process.names, process.key)
    if not process.active:
        raise Conflict(_("The process “%(name)s” is switched off; it cannot be started.", name=name))
    if version.suspended:
        raise Conflict(
            _("Version %(number)s of “%(name)s” is suspended; no case can begin with it until somebody lets "
              "it go on.", number=version.number, name=name)
        )  # fmt: skip
    if actor is not None and not permissions.can_start(session, actor, process, version.properties):
        raise NotAllowed(_("You may not start the process “%(name)s”.", name=name))
    if elsewhere and actor is not None and not permissions.can_administer_process(actor, process):
        raise NotAllowed(
            _("Only the owner of the process or an administrator can let a case begin in the middle.")
        )


def _check_record(
    session: Session, now: datetime, version: ProcessVersion, record: RecordReference | None
) -> None:
    """A process that begins from a record needs one of the right type, at a stage that fits."""
    begins = version.properties.get("start") or {}
    types, stages = begins.get("record_types") or (), begins.get("record_stages") or ()
    name = chosen(version.process.names, version.process_key)
    if not types:
        return
    if record is None or record.type not in types:
        raise Invalid(
            _("The process “%(name)s” begins from a record (%(types)s); say from which.",
              name=name, types=", ".join(types))
        )  # fmt: skip
    stage = World(session, now).resolve(record).get("stage") if stages else None
    if stages and stage not in stages:
        raise Conflict(
            _("The process “%(name)s” cannot begin now: the record stands at the stage “%(stage)s”.",
              name=name, stage=stage)
        )  # fmt: skip


def _key(business_key: str | None) -> str | None:
    if business_key is None or business_key == "":
        return None
    if len(business_key) > _LONGEST_KEY or "\x00" in business_key:
        raise Invalid(_("The business key is longer than %(limit)s characters.", limit=_LONGEST_KEY))
    return business_key


def find(session: Session, actor: Person | None, public_id: str) -> Instance:
    """Return a case that the actor may see.

    Raises:
        NotFound: there is none, or he may not see it.
    """
    found = session.scalar(select(Instance).where(Instance.public_id == public_id))
    if found is None or (actor is not None and not permissions.can_see_instance(session, actor, found)):
        raise NotFound(_("There is no such case."))
    return found


def cancel(
    session: Session, now: datetime, actor: Person | None, instance_public_id: str, reason: str = ""
) -> Instance:
    """End a case and everything it waits for.

    Called from inside of the case itself (a service step that closes its record) it happens right
    after the present transaction, by a job.

    Raises:
        NotFound, NotAllowed: the case is not the actor's to cancel.
        Conflict: it has ended.
        Invalid: it was called by another case.
    """
    found = find(session, actor, instance_public_id)
    if actor is not None and not permissions.can_cancel(actor, found):
        raise NotAllowed(
            _("Only who started the case, the owner of its process or an administrator can cancel it.")
        )
    _check_root(found)
    if at_work(session) is not None:
        payload = {"instance": found.public_id, "reason": reason}
        timers.add_jobs(
            session,
            now,
            [timers.job_row(timers.CANCEL, payload, now, now=now, instance_id=None, unique_key=None)],
        )
        return found
    with working(session, now, actor, found.id) as work:
        unit = work.unit(found.id)
        _check_running(unit)
        unit.actor_id = work.actor_id
        work.why_withdrawn = "cancelled"
        _drop_waiting(work, unit)
        work.cancel(unit, reason or None)
    return found


def suspend(session: Session, now: datetime, actor: Person | None, instance_public_id: str) -> Instance:
    """Stop a case where it stands: tasks cannot be decided, timers do not run, messages are kept.

    Raises:
        NotFound, NotAllowed, Conflict, Invalid: as :func:`cancel`.
    """
    found = find(session, actor, instance_public_id)
    _check_repair(actor, found)
    _check_root(found)
    with working(session, now, actor, found.id) as work:
        root = work.unit(found.id)
        _check_running(root)
        if root.row.status == SUSPENDED:
            raise Conflict(_("The case is suspended already."))
        for unit in _tree(work, root):
            unit.row.status = SUSPENDED
            unit.actor_id = work.actor_id
            unit.record("instance_suspended", None)
        _drop_waiting(work, root)
    return found


def resume(session: Session, now: datetime, actor: Person | None, instance_public_id: str) -> Instance:
    """Let a suspended case go on; what became due meanwhile happens now.

    Raises:
        NotFound, NotAllowed, Invalid: as :func:`cancel`.
        Conflict: the case is not suspended.
    """
    found = find(session, actor, instance_public_id)
    _check_repair(actor, found)
    _check_root(found)
    with working(session, now, actor, found.id) as work:
        root = work.unit(found.id)
        if root.row.status != SUSPENDED:
            raise Conflict(_("The case is not suspended."))
        for unit in _tree(work, root):
            unit.row.status = ACTIVE
            unit.actor_id = work.actor_id
            unit.record("instance_resumed", None)
            _wait_again(work, unit)
            work.go_on(unit)
    return found


def comment(
    session: Session,
    now: datetime,
    actor: Person,
    instance_public_id: str,
    text: str,
    task: UserTask | None = None,
) -> Comment:
    """Say something about a case; everybody who sees the case can read it.

    Raises:
        NotFound: the actor may not see the case.
        Invalid: the text is empty or too long.
    """
    found = find(session, actor, instance_public_id)
    cleaned = text.strip().replace("\x00", "")
    if not cleaned:
        raise Invalid(_("Write a comment first."), comment=_("Write a comment first."))
    if len(cleaned) > _LONGEST_COMMENT:
        raise Invalid(_("The comment is longer than %(limit)s characters.", limit=_LONGEST_COMMENT))
    with working(session, now, actor, found.root_id or found.id) as work:
        unit = work.unit(found.id)
        unit.actor_id = actor.id
        unit.record("comment_added", task.element if task is not None else None, text=cleaned)
    said = Comment(
        instance_id=found.id,
        task_id=task.id if task is not None else None,
        author_id=actor.id,
        text=cleaned,
        at=now,
    )
    session.add(said)
    session.flush()
    return said


def _check_root(instance: Instance) -> None:
    if instance.parent_id is not None:
        raise Invalid(_("This case was called by another one. Do it there."))


def _check_running(unit: Unit) -> None:
    if unit.ended:
        raise Conflict(_("The case has ended already."))


def _check_repair(actor: Person | None, instance: Instance) -> None:
    if actor is not None and not permissions.can_repair(actor, instance):
        raise NotAllowed(_("Only the owner of the process or an administrator can do this."))


def _tree(work: Work, root: Unit) -> list[Unit]:
    """Return the root and every instance below it that has not ended."""
    numbers = work.session.scalars(
        select(Instance.id)
        .where(Instance.root_id == root.id, Instance.ended_at.is_(None))
        .order_by(Instance.id)
    ).all()
    return [work.unit(number) for number in numbers]


def _drop_waiting(work: Work, root: Unit) -> None:
    """Delete the jobs and subscriptions of a tree; results of services that came in are kept."""
    numbers = list(work.session.scalars(select(Instance.id).where(Instance.root_id == root.id)))
    subscriptions.remove_all(work.session, numbers)
    connection_of(work.session).execute(
        delete(JOB).where(JOB.c.instance_id.in_(numbers), JOB.c.kind != timers.RESULT)
    )


def _wait_again(work: Work, unit: Unit) -> None:
    """Write again what a suspended unit waits for; its tasks are still there."""
    answered = set(
        work.session.scalars(
            select(Job.unique_key).where(Job.instance_id == unit.id, Job.kind == timers.RESULT)
        )
    )
    unit.run.refresh_timers(work.now)  # a record may have changed meanwhile
    for wait in unit.run.waiting():
        if wait.kind == "user_task":
            _remind_again(work, unit, wait.token, wait.details.get("deadline"))
        elif wait.kind == "service":
            if timers.key_of(timers.RESULT, unit.id, wait.token) not in answered:
                service_steps.resume(work, unit, wait)
        elif wait.kind == "message":
            work.await_message(unit, wait)
        elif wait.kind != "call":
            work.opened(unit, wait)
    connection_of(work.session).execute(
        update(JOB).where(JOB.c.instance_id == unit.id, JOB.c.kind == timers.RESULT).values(due_at=work.now)
    )


def _remind_again(work: Work, unit: Unit, token: str, deadline: Mapping[str, Any] | None) -> None:
    table = TASK
    row = (
        connection_of(work.session)
        .execute(
            select(table).where(
                table.c.instance_id == unit.id, table.c.token == token, table.c.status == tasks.OPEN
            )
        )
        .first()
    )
    if row is not None and row.due_at is not None:
        for job in tasks.term_jobs(work.world, deadline or {}, dict(row._mapping)):
            work.add_job(job)
