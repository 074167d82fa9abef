"""Looks for cases that wait for nothing: no task, event, job, incident or called case would move them.

A command never leaves such a case behind; a lost row, a restored backup or a fault of ours may. Each
becomes an incident, within a minute. Also clears away what has expired.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, exists, false, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, aliased

from bpm.db import Database, Setting
from bpm.engine import calls
from bpm.engine.messages import subscriptions
from bpm.engine.models import EventSubscription, ExternalTask, Incident, Instance, UserTask
from bpm.engine.operations import incidents
from bpm.engine.operations.incidents import Cause, NewIncident
from bpm.engine.runtime.outside import Wait
from bpm.engine.services.steps import begin_again
from bpm.engine.timers import jobs as timers
from bpm.engine.unit import ACTIVE, SUSPENDED, Unit
from bpm.engine.work import Work, working
from bpm.jobs.models import Job

EVERY = timedelta(seconds=20)
# how many cases one statement looks at, so that no transaction is long
_STRIDE = 5000
_LAST = "stalls_looked"
_log = logging.getLogger(__name__)


def look(database: Database, now: datetime, every: timedelta = EVERY) -> int:
    """Open an incident for each case that stands still; return how many.

    Of several processes that look at once, one does: the others find that it was done just now.
    """
    with database.writing() as session:
        kept = session.get(Setting, _LAST, with_for_update=True)
        if kept is not None and now - datetime.fromisoformat(kept.value["at"]) < every:
            return 0
        kept = kept or Setting(key=_LAST, value={})
        kept.value = {"at": now.isoformat()}
        try:
            with session.begin_nested():
                session.add(kept)
        except IntegrityError:
            return 0  # another process looks for the very first time at this moment
        subscriptions.forget_expired(session, now)
    opened, after = 0, 0
    while True:
        with database.reading() as session:
            last = _end_of_stride(session, after)
            found = [] if last is None else list(session.execute(_standing(after, last)))
        if last is None:
            return opened
        after = last
        for number, root in found:
            opened += _open(database, now, number, root)


def _end_of_stride(session: Session, after: int) -> int | None:
    """Return the number of the last case of the next stride; None if there is none."""
    stride = (
        select(Instance.id)
        .where(Instance.status == ACTIVE, Instance.id > after)
        .order_by(Instance.id)
        .limit(_STRIDE)
        .subquery()
    )
    numbers = session.scalars(select(stride.c.id).order_by(stride.c.id.desc()).limit(1))
    return numbers.first()


def _standing(after: int, last: int) -> Select[int, int | None]:
    return (
        select(Instance.id, Instance.root_id)
        .where(Instance.id > after, Instance.id <= last, *_waits_for_nothing())
        .order_by(Instance.id)
    )


def _waits_for_nothing() -> tuple[ColumnElement[bool], ...]:
    """Each part is one look into an index by the number of the case, the likeliest first."""
    child = aliased(Instance)
    return (
        Instance.status == ACTIVE,
        ~exists().where(UserTask.instance_id == Instance.id, UserTask.status == "open"),
        ~exists().where(Job.instance_id == Instance.id, Job.dead == false()),
        ~exists().where(EventSubscription.instance_id == Instance.id),
        ~exists().where(ExternalTask.instance_id == Instance.id),
        ~exists().where(child.parent_id == Instance.id, child.status.in_((ACTIVE, SUSPENDED))),
        ~exists().where(Incident.instance_id == Instance.id, Incident.resolved_at.is_(None)),
    )


def _open(database: Database, now: datetime, number: int, root: int | None) -> int:
    """Open the incident of a case, if it still stands still under its lock."""
    with database.writing() as session, working(session, now, None, root or number) as work:
        if session.scalar(select(Instance.id).where(Instance.id == number, *_waits_for_nothing())) is None:
            return 0
        _log.warning("Case %s waits for nothing.", number)
        cause = Cause("The case neither waits for anything nor has ended.")
        work.open_incident(work.unit(number), NewIncident(incidents.STUCK, None, None, cause))
        return 1


def restore(work: Work, unit: Unit) -> None:
    """Write again what a case waits for, where its rows are gone."""
    for wait in unit.run.waiting():
        if wait.kind == "service":
            timers.remove_jobs(work.session, [timers.key_of(timers.SERVICE, unit.id, wait.token)])
            begin_again(work, unit, wait)
        elif wait.kind == "call":
            if not _is_called(work, unit, wait):
                calls.open_child(work, unit, wait)
        elif wait.kind != "user_task" or not _has_task(work, unit, wait):
            work.take_wait(unit, wait)


def _has_task(work: Work, unit: Unit, wait: Wait) -> bool:
    of_token = (UserTask.instance_id == unit.id, UserTask.token == wait.token, UserTask.status == "open")
    return work.session.scalar(select(UserTask.id).where(*of_token)) is not None


def _is_called(work: Work, unit: Unit, wait: Wait) -> bool:
    of_token = (Instance.parent_id == unit.id, Instance.parent_token == wait.token)
    running = Instance.status.in_((ACTIVE, SUSPENDED))
    return work.session.scalar(select(Instance.id).where(*of_token, running)) is not None
