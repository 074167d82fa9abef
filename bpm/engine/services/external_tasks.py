"""Service steps that programs outside do: fetched and locked, completed, failed, given back.

The words and rules are those of Camunda 7's external tasks. A lock is a lease: when it ends,
anybody may fetch the task again; whoever comes back too late is told who has it now.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, select
from sqlalchemy.orm import Session

from bpm.engine import permissions
from bpm.engine.functions import World
from bpm.engine.models import ExternalTask, Instance, Process
from bpm.engine.runtime.specs.activities import LOCAL
from bpm.engine.services import steps as service_steps
from bpm.engine.services.caller import ServiceError, ServiceFailed
from bpm.engine.services.external_rows import NEVER
from bpm.engine.unit import ACTIVE, SUSPENDED, Unit, read_row
from bpm.engine.values import hold
from bpm.engine.work import Work, working
from bpm.errors import Conflict, Invalid, NotAllowed, NotFound
from bpm.language import _
from bpm.people.models import Person

MOST_AT_ONCE = 1000
LONGEST_LOCK = timedelta(days=366)
_LONGEST_NAME = 200
_LONGEST_TEXT = 20_000
# attempts of a task for which neither the diagram nor a worker said a number
_USUAL_RETRIES = 3


@dataclass(frozen=True)
class Topic:
    """What a worker asks for: tasks of one topic, for how long, and which variables it needs.

    ``variables``: None means all that the step sees. ``processes``: keys; empty means any.
    """

    name: str
    lock_for: timedelta
    variables: Sequence[str] | None = None
    processes: Sequence[str] = ()
    business_key: str | None = None


@dataclass(frozen=True)
class Fetched:
    """A task that a worker has locked, with its variables."""

    task: ExternalTask
    instance: Instance
    variables: Mapping[str, Any] = field(default_factory=dict)


def fetch_and_lock(
    session: Session,
    now: datetime,
    actor: Person | None,
    worker: str,
    topics: Sequence[Topic],
    most: int = 10,
    *,
    by_priority: bool = False,
) -> list[Fetched]:
    """Lock the oldest tasks of some topics for a worker.

    Two workers at once never get the same task: PostgreSQL skips rows that another transaction
    has locked (SKIP LOCKED), SQLite has one writer at a time.

    Args:
        most: how many tasks at most, over all topics.
        by_priority: the most urgent ones first.

    Raises:
        NotAllowed: the actor is neither a worker nor an administrator and owns no process.
        Invalid: a name, number or time cannot be used.
    """
    _check_worker(worker)
    if not 0 < most <= MOST_AT_ONCE:
        raise Invalid(_("Between 1 and %(limit)s tasks can be fetched at once.", limit=MOST_AT_ONCE))
    allowed = _allowed_processes(session, actor)
    found: list[Fetched] = []
    for topic in topics:
        if not timedelta() < topic.lock_for <= LONGEST_LOCK:
            raise Invalid(_("A lock lasts at least a millisecond and at most a year."))
        if len(found) >= most:
            break
        for task in _lock(session, now, worker, topic, most - len(found), allowed, by_priority):
            fetched = _with_variables(session, now, task, topic)
            if fetched is not None:
                found.append(fetched)
    session.flush()
    return found


def _lock(
    session: Session,
    now: datetime,
    worker: str,
    topic: Topic,
    most: int,
    allowed: Any,
    by_priority: bool,
) -> Sequence[ExternalTask]:
    question = (
        select(ExternalTask)
        .join(Instance, Instance.id == ExternalTask.instance_id)
        .where(
            ExternalTask.topic == topic.name,
            ExternalTask.available_at <= now,
            Instance.status == ACTIVE,
        )
        .limit(most)
        .with_for_update(skip_locked=True, of=ExternalTask)
        .execution_options(populate_existing=True)
    )
    if allowed is not None:
        question = question.where(ExternalTask.process_id.in_(allowed))
    if topic.processes:
        keys = select(Process.id).where(Process.key.in_(list(topic.processes)))
        question = question.where(ExternalTask.process_id.in_(keys))
    if topic.business_key is not None:
        question = question.where(Instance.business_key == topic.business_key)
    if by_priority:
        question = question.order_by(ExternalTask.priority.desc(), ExternalTask.id)
    else:
        question = question.order_by(ExternalTask.available_at, ExternalTask.id)
    tasks = session.scalars(question).all()
    for task in tasks:
        task.worker, task.available_at = worker, now + topic.lock_for
    return tasks


def _with_variables(session: Session, now: datetime, task: ExternalTask, topic: Topic) -> Fetched | None:
    """Read what the step sees; None if it was left while it was being fetched."""
    unit = Unit(World(session, now), read_row(session, task.instance_id, lock=False))
    wait = service_steps.waiting_step(unit, task.token)
    if wait is None:
        return None
    given = dict(wait.details.get("inputs") or {})
    given.pop("topic", None)
    seen = {**unit.run.values_at(task.token), **given}
    if topic.variables is not None:
        seen = {name: seen[name] for name in topic.variables if name in seen}
    return Fetched(task, session.get_one(Instance, task.instance_id), seen)


def complete(
    session: Session,
    now: datetime,
    actor: Person | None,
    public_id: str,
    worker: str,
    variables: Mapping[str, Any] | None = None,
    local_variables: Mapping[str, Any] | None = None,
) -> None:
    """Complete a task: the case goes on.

    Args:
        variables: become variables of the case, or what the output mapping of the step reads.
        local_variables: only the output mapping reads them.

    Raises:
        NotFound: there is no such task (any more).
        NotAllowed: the actor may not work on it.
        Conflict: the worker does not hold its lock; ``details`` names who does.
        CannotHold: a value cannot be kept.
    """
    result = {
        **hold(dict(variables or {}), "variables"),
        LOCAL: hold(dict(local_variables or {}), "variables"),
    }
    with _held(session, now, actor, public_id, worker) as (work, unit, task):
        _go_on(work, unit, task, result)


def bpmn_error(
    session: Session,
    now: datetime,
    actor: Person | None,
    public_id: str,
    worker: str,
    code: str,
    message: str = "",
    variables: Mapping[str, Any] | None = None,
) -> None:
    """Throw a BPMN error at the step; if nothing in the diagram catches it, it is an incident.

    Raises:
        Invalid: there is no code.
        Otherwise as :func:`complete`.
    """
    if not code.strip():
        raise Invalid(_("Say which error: its code is empty."))
    given = hold(dict(variables or {}), "variables")
    with _held(session, now, actor, public_id, worker) as (work, unit, task):
        if given:
            unit.run.write_at(task.token, given, now)
        task.error_message = message[:_LONGEST_TEXT] or None
        _go_on(work, unit, task, ServiceError(code.strip(), message))


def fail(
    session: Session,
    now: datetime,
    actor: Person | None,
    public_id: str,
    worker: str,
    error_message: str,
    error_details: str = "",
    retries: int | None = None,
    retry_after: timedelta = timedelta(),
) -> None:
    """Tell that an attempt failed: the task can be fetched again later, or is an incident.

    Args:
        retries: how many attempts are left; 0: an incident. Left out: one less than before.
        retry_after: how long nobody may fetch it.

    Raises:
        Invalid: a negative number or time.
        Otherwise as :func:`complete`.
    """
    if (retries is not None and retries < 0) or not timedelta() <= retry_after <= LONGEST_LOCK:
        raise Invalid(_("The number of retries and the wait before the next one cannot be negative."))
    with _held(session, now, actor, public_id, worker) as (work, unit, task):
        left = retries if retries is not None else (task.retries or _USUAL_RETRIES) - 1
        task.retries, task.worker = left, None
        task.available_at = now + retry_after if left > 0 else NEVER
        task.error_message = error_message[:_LONGEST_TEXT]
        task.error_details = error_details[:_LONGEST_TEXT] or None
        wait = service_steps.waiting_step(unit, task.token)
        unit.record(
            "service_failed", task.element, token=task.token, service=task.topic, why=error_message[:500]
        )
        if left <= 0 and wait is not None:
            failed = ServiceFailed(error_message[:500] or _("The program outside gave no reason."))
            work.open_incident(unit, service_steps.incident_of(task.element, task.token, task.topic, failed))


def extend_lock(
    session: Session, now: datetime, actor: Person | None, public_id: str, worker: str, lock_for: timedelta
) -> datetime:
    """Let a lock last for ``lock_for`` from now on; return when it ends.

    Raises:
        As :func:`complete`; also Conflict: the lock has ended already.
    """
    _check_worker(worker)
    if not timedelta() < lock_for <= LONGEST_LOCK:
        raise Invalid(_("A lock lasts at least a millisecond and at most a year."))
    task = find(session, actor, public_id, lock=True)
    _check_holder(task, worker)
    if task.available_at <= now:
        raise Conflict(_("The lock has ended. Fetch the task again."), holder=None)
    task.available_at = now + lock_for
    session.flush()
    return task.available_at


def unlock(session: Session, now: datetime, actor: Person | None, public_id: str) -> None:
    """Give a task back: anybody may fetch it now.

    Raises:
        NotFound, NotAllowed: as :func:`complete`.
    """
    task = find(session, actor, public_id, lock=True)
    task.worker = None
    if task.available_at != NEVER:
        task.available_at = now
    session.flush()


class _held:
    """The work on the case of a task whose lock the worker has: the case first, then the task, so
    that locks are taken in the same order everywhere."""

    def __init__(
        self, session: Session, now: datetime, actor: Person | None, public_id: str, worker: str
    ) -> None:
        _check_worker(worker)
        self._session, self._actor, self._worker = session, actor, worker
        self._public_id = public_id
        found = find(session, actor, public_id)
        root = service_steps.root_of(session, found.instance_id)
        self._working = working(session, now, actor, root)
        self._instance_id = found.instance_id

    def __enter__(self) -> tuple[Work, Unit, ExternalTask]:
        work = self._working.__enter__()
        try:
            task = find(self._session, self._actor, self._public_id, lock=True)
            _check_holder(task, self._worker)
            unit = work.unit(self._instance_id)
            unit.actor_id = work.actor_id
        except BaseException as error:
            self._working.__exit__(type(error), error, error.__traceback__)
            raise
        return work, unit, task

    def __exit__(self, *error: Any) -> None:
        if error[0] is None:
            self._session.flush()
        self._working.__exit__(*error)


def _go_on(work: Work, unit: Unit, task: ExternalTask, result: Any) -> None:
    token = task.token
    if unit.row.status == SUSPENDED:
        service_steps.keep_result(work, unit.id, token, result)
        task.available_at, task.worker = NEVER, None
        return
    if isinstance(result, ServiceError) and not service_steps.is_caught(work, unit, token, result.code):
        task.available_at, task.worker = NEVER, None
    if not service_steps.answer(work, unit, token, result):
        raise NotFound(_("There is no such task (any more)."))


def listing(session: Session, actor: Person | None) -> Select[Any]:
    """Return the question for the tasks that the actor may work on.

    Raises:
        NotAllowed: he may work on none.
    """
    question = select(ExternalTask)
    allowed = _allowed_processes(session, actor)
    return question if allowed is None else question.where(ExternalTask.process_id.in_(allowed))


def locked(now: datetime) -> Any:
    """Return the condition of tasks that a worker holds now."""
    return and_(ExternalTask.worker.is_not(None), ExternalTask.available_at > now)


def find(session: Session, actor: Person | None, public_id: str, *, lock: bool = False) -> ExternalTask:
    """Return one task that the actor may work on; ``lock`` holds its row.

    Raises:
        NotFound, NotAllowed
    """
    question = select(ExternalTask).where(ExternalTask.public_id == public_id)
    if lock:
        question = question.with_for_update()
    task = session.scalar(question.execution_options(populate_existing=True))
    allowed = _allowed_processes(session, actor)
    if task is None or (
        allowed is not None and session.scalar(allowed.where(Process.id == task.process_id)) is None
    ):
        raise NotFound(_("There is no such task (any more)."))
    return task


def _allowed_processes(session: Session, actor: Person | None) -> Any:
    """Return the question for the processes whose tasks the actor may work on; None: all.

    Raises:
        NotAllowed: there are none.
    """
    if actor is None or permissions.works_for_all(actor):
        return None
    owned = select(Process.id).where(Process.owner_id == actor.id)
    if not actor.active or session.scalar(owned.limit(1)) is None:
        raise NotAllowed(
            _("Only programs with the role “worker”, owners of processes and administrators do this.")
        )
    return owned


def _check_worker(worker: str) -> None:
    if not 0 < len(worker.strip()) <= _LONGEST_NAME or "\x00" in worker:
        raise Invalid(_("A worker needs an id of at most %(limit)s characters.", limit=_LONGEST_NAME))


def _check_holder(task: ExternalTask, worker: str) -> None:
    """A worker whose lock has ended may still finish, as long as nobody else has fetched the task."""
    if task.worker == worker:
        return
    if task.worker is None:
        raise Conflict(
            _(
                "“%(worker)s” does not hold the lock of this task, nobody does. Fetch it first.",
                worker=worker,
            ),
            holder=None,
        )
    raise Conflict(
        _("“%(worker)s” has lost the lock of this task: “%(holder)s” holds it.",
          worker=worker, holder=task.worker),
        holder=task.worker, locked_until=task.available_at.isoformat(),
    )  # fmt: skip
