"""One deed on many cases: done by jobs, one case in one transaction, with progress.

Owns ``bulk_operation`` and ``bulk_item``. A job does one case and enqueues its successor, so a killed
worker repeats nothing, other work is never kept waiting, and an operation can be stopped.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, literal, select
from sqlalchemy.orm import Session

from bpm.engine import lifecycle, values
from bpm.engine.migration import commands as migration_commands
from bpm.engine.models import Incident, Instance, Process, ProcessVersion
from bpm.engine.operations import moving, repair
from bpm.engine.operations.models import BulkItem, BulkOperation
from bpm.engine.runtime.placing import Start
from bpm.errors import Conflict, Invalid, NotAllowed, NotFound, Refusal
from bpm.jobs.commands import cancel as cancel_jobs
from bpm.jobs.commands import enqueue
from bpm.jobs.handlers import Handlers, InTransaction
from bpm.jobs.models import Job
from bpm.language import _, using
from bpm.people import queries as people
from bpm.people.models import Person

JOB = "engine.bulk"
RUNNING, DONE, STOPPED = "running", "done", "stopped"
WAITING, FAILED = "waiting", "failed"
# of the jobs claimed together, everything else runs before
_PRIORITY = -10
_MOST = 10_000
_LONGEST_REASON = 2000

Parameters = Mapping[str, Any]
Deed = Callable[[Session, datetime, Person, Instance, Parameters], object]


# --- the deeds ------------------------------------------------------------------------------------


def _cancel(session: Session, now: datetime, actor: Person, case: Instance, given: Parameters) -> None:
    lifecycle.cancel(session, now, actor, case.public_id, str(given.get("reason") or ""))


def _suspend(session: Session, now: datetime, actor: Person, case: Instance, given: Parameters) -> None:
    lifecycle.suspend(session, now, actor, case.public_id)


def _resume(session: Session, now: datetime, actor: Person, case: Instance, given: Parameters) -> None:
    lifecycle.resume(session, now, actor, case.public_id)


def _retry(session: Session, now: datetime, actor: Person, case: Instance, given: Parameters) -> None:
    """Deal with every open incident of the case and of the cases it called."""
    family = select(Instance.id).where((Instance.id == case.id) | (Instance.root_id == case.id))
    found = session.scalars(
        select(Incident.public_id)
        .where(Incident.instance_id.in_(family), Incident.resolved_at.is_(None))
        .order_by(Incident.id)
    ).all()
    if not found:
        raise Conflict(_("Nothing has failed in the case (any more)."))
    for incident in found:
        try:
            repair.retry(
                session, now, actor, incident, given.get("action", "retry"), values=given.get("values") or {}
            )
        except Conflict:
            continue  # settled by what was done about the one before


def _move(session: Session, now: datetime, actor: Person, case: Instance, given: Parameters) -> None:
    start = [Start(one["element"], one.get("variables") or {}) for one in given.get("start") or ()]
    moving.move(
        session, now, actor, case.public_id,
        cancel=given.get("cancel") or (), start=start, reason=str(given.get("reason") or ""),
    )  # fmt: skip


def _migrate(session: Session, now: datetime, actor: Person, case: Instance, given: Parameters) -> None:
    migration_commands.migrate(
        session, now, actor, case.public_id, int(given["to"]), given.get("mapping") or {},
        reason=str(given.get("reason") or ""),
    )  # fmt: skip


def _migrate_back(session: Session, now: datetime, actor: Person, case: Instance, given: Parameters) -> None:
    migration_commands.undo(session, now, actor, case.public_id)


def _set_variables(session: Session, now: datetime, actor: Person, case: Instance, given: Parameters) -> None:
    moving.set_variables(
        session, now, actor, case.public_id, given["values"], reason=str(given.get("reason") or "")
    )


_DEEDS: dict[str, Deed] = {
    "cancel": _cancel,
    "suspend": _suspend,
    "resume": _resume,
    "retry": _retry,
    "move": _move,
    "migrate": _migrate,
    "migrate_back": _migrate_back,
    "set_variables": _set_variables,
}
KINDS = tuple(_DEEDS)
# these are done at the outermost case and concern what it called
_WHOLE_TREES = ("cancel", "suspend", "resume", "retry", "set_variables")


# --- ordering one ---------------------------------------------------------------------------------


def create(
    session: Session,
    now: datetime,
    actor: Person | None,
    kind: str,
    parameters: Parameters,
    *,
    instances: Sequence[str] | None = None,
    selection: Mapping[str, Any] | None = None,
) -> BulkOperation:
    """Order a deed on many cases; it is done by the workers, in the name of ``actor``.

    Args:
        kind: one of ``KINDS``.
        parameters: of the deed, as its command takes them: ``reason``; of migrate ``to`` and ``mapping``;
            of set_variables ``values``; of move ``cancel`` and ``start``; of retry ``action`` and ``values``.
        instances: public ids of the cases; or
        selection: ``process``, ``version``, ``status``, ``with_incidents``; at least a process.

    Raises:
        NotAllowed: the actor administers no process.
        NotFound: one of the cases is not his to repair.
        Invalid: the kind or its parameters cannot be used; no case fits.
    """
    if actor is not None and not may_order(session, actor):
        raise NotAllowed(_("Only owners of processes and administrators can do this."))
    _check(kind, parameters)
    wanted = _chosen(session, actor, instances) if instances is not None else _selected(kind, selection or {})
    if actor is not None and not people.is_administrator(actor):
        wanted = wanted.where(Instance.process_id.in_(select(Process.id).where(Process.owner_id == actor.id)))
    operation = BulkOperation(
        kind=kind,
        parameters=values.encode(dict(parameters), "parameters"),
        selection={"instances": len(instances)} if instances is not None else dict(selection or {}),
        status=RUNNING,
        created_by_id=actor.id if actor is not None else None,
        created_at=now,
        total=0,
        done=0,
        failed=0,
    )
    session.add(operation)
    session.flush()
    rows = wanted.with_only_columns(literal(operation.id), Instance.id, literal(WAITING))
    session.execute(insert(BulkItem).from_select(["operation_id", "instance_id", "status"], rows))
    operation.total = _count(session, operation)
    _check_number(session, operation, instances)
    _enqueue(session, now, operation)
    session.flush()
    return operation


def may_order(session: Session, actor: Person) -> bool:
    """Tell whether a person may do anything to many cases: administrators and owners of a process."""
    if people.is_administrator(actor):
        return True
    owned = select(Process.id).where(Process.owner_id == actor.id).limit(1)
    return actor.active and session.scalar(owned) is not None


def _check(kind: str, given: Parameters) -> None:
    if kind not in _DEEDS:
        known = ", ".join(KINDS)
        raise Invalid(_("There is no deed “%(kind)s”. Choose one of: %(kinds)s.", kind=kind, kinds=known))
    for name, value in given.items():
        if name not in _TAKES[kind] or not _SHAPES[name](value):
            raise Invalid(_("The parameter “%(name)s” cannot be used with “%(kind)s”.", name=name, kind=kind))
    if kind == "migrate" and given.get("to") is None:
        raise Invalid(_("Say to which version the cases go over."))
    if kind == "set_variables":
        moving.check_names(given.get("values") or {})
    if kind == "move" and not (given.get("start") or given.get("cancel")):
        raise Invalid(_("Say what is taken away, or where something begins."))


def _is_mapping(value: Any) -> bool:
    if not isinstance(value, dict):
        return False
    return all(isinstance(one, str) and (two is None or isinstance(two, str)) for one, two in value.items())


def _is_start(value: Any) -> bool:
    if not isinstance(value, dict) or set(value) - {"element", "variables"}:
        return False
    return isinstance(value.get("element"), str) and isinstance(value.get("variables") or {}, dict)


_SHAPES: dict[str, Callable[[Any], bool]] = {
    "reason": lambda value: isinstance(value, str),
    "to": lambda value: value is None or (isinstance(value, int) and not isinstance(value, bool)),
    "mapping": _is_mapping,
    "values": lambda value: isinstance(value, dict),
    "action": lambda value: value in ("retry", "skip"),
    "cancel": lambda value: isinstance(value, list) and all(isinstance(one, str) for one in value),
    "start": lambda value: isinstance(value, list) and all(_is_start(one) for one in value),
}
_TAKES = {
    "cancel": {"reason"},
    "suspend": {"reason"},
    "resume": {"reason"},
    "retry": {"reason", "action", "values"},
    "move": {"reason", "cancel", "start"},
    "migrate": {"reason", "to", "mapping"},
    "migrate_back": {"reason"},
    "set_variables": {"reason", "values"},
}


def _chosen(session: Session, actor: Person | None, instances: Sequence[str]) -> Any:
    if len(instances) > _MOST:
        raise Invalid(_("At most %(limit)s cases can be named; use a selection for more.", limit=_MOST))
    return select(Instance).where(Instance.public_id.in_(list(dict.fromkeys(instances))))


def _selected(kind: str, selection: Mapping[str, Any]) -> Any:
    key, number, status = selection.get("process"), selection.get("version"), selection.get("status")
    if not key:
        raise Invalid(_("Name the cases, or the process whose cases are meant."))
    of_process = Instance.process_id.in_(select(Process.id).where(Process.key == key))
    wanted = select(Instance).where(of_process, Instance.ended_at.is_(None))
    if number is not None:
        version = select(ProcessVersion.id).where(
            ProcessVersion.process_key == key, ProcessVersion.number == number
        )
        wanted = wanted.where(Instance.version_id.in_(version))
    if status is not None:
        wanted = wanted.where(Instance.status == status)
    if selection.get("with_incidents"):
        wanted = wanted.where(Instance.open_incidents > 0)
    return wanted.where(Instance.parent_id.is_(None)) if kind in _WHOLE_TREES else wanted


def _check_number(session: Session, operation: BulkOperation, instances: Sequence[str] | None) -> None:
    if instances is not None and operation.total < len(set(instances)):
        known = select(BulkItem.instance_id).where(BulkItem.operation_id == operation.id)
        found = set(session.scalars(select(Instance.public_id).where(Instance.id.in_(known))))
        strange = next(one for one in instances if one not in found)
        raise NotFound(_("There is no case “%(id)s” that you could repair.", id=strange[:40]))
    if operation.total == 0 and instances is not None:
        raise Invalid(_("Choose at least one case."))


def _count(session: Session, operation: BulkOperation) -> int:
    question = select(func.count()).select_from(BulkItem).where(BulkItem.operation_id == operation.id)
    return session.scalar(question) or 0


def _enqueue(session: Session, now: datetime, operation: BulkOperation) -> None:
    enqueue(
        session, JOB, {"operation": operation.id}, now,
        now=now, unique_key=f"bulk:{operation.id}", priority=_PRIORITY,
    )  # fmt: skip


def find(session: Session, actor: Person, public_id: str) -> BulkOperation:
    """Return an operation of the actor; administrators see all.

    Raises:
        NotFound: there is none.
    """
    found = session.scalar(select(BulkOperation).where(BulkOperation.public_id == public_id))
    if found is None or (found.created_by_id != actor.id and not people.is_administrator(actor)):
        raise NotFound(_("There is no such operation."))
    return found


def operations(session: Session, actor: Person) -> Any:
    """Return the question for the operations that a person may see."""
    wanted = select(BulkOperation)
    return wanted if people.is_administrator(actor) else wanted.where(BulkOperation.created_by_id == actor.id)


def failures(session: Session, operation: BulkOperation, limit: int = 100) -> Sequence[BulkItem]:
    """Return the cases with which it failed, and why."""
    return session.scalars(
        select(BulkItem)
        .where(BulkItem.operation_id == operation.id, BulkItem.status == FAILED)
        .order_by(BulkItem.instance_id)
        .limit(limit)
    ).all()


def stop(session: Session, now: datetime, actor: Person, public_id: str) -> BulkOperation:
    """Do no further case; what is done stays done.

    Raises:
        NotFound: there is no such operation of the actor.
        Conflict: it is over.
    """
    found = find(session, actor, public_id)
    session.refresh(found, with_for_update=True)
    if found.status != RUNNING:
        raise Conflict(_("This is over already."))
    found.status, found.ended_at = STOPPED, now
    cancel_jobs(session, unique_key=f"bulk:{found.id}")
    session.flush()
    return found


# --- doing it -------------------------------------------------------------------------------------


def register(handlers: Handlers) -> None:
    """Register the job that does the next case of an operation."""
    handlers.register(JOB, InTransaction(run_next, give_up=_give_up))


def run_next(session: Session, now: datetime, job: Job) -> None:
    """Do one case and enqueue the next."""
    operation = _running(session, job)
    if operation is None:
        return
    actor, item = operation.created_by, _next(session, operation)
    if actor is None or not actor.active:
        operation.status, operation.ended_at = STOPPED, now
        return
    if item is not None:
        with using(actor.language or "en"):
            _finish(operation, item, _done(session, now, operation, item, actor))
    _go_on(session, now, operation)


def _running(session: Session, job: Job) -> BulkOperation | None:
    operation = session.get(BulkOperation, job.payload["operation"], with_for_update=True)
    return operation if operation is not None and operation.status == RUNNING else None


def _next(session: Session, operation: BulkOperation) -> BulkItem | None:
    return session.scalar(
        select(BulkItem)
        .where(BulkItem.operation_id == operation.id, BulkItem.status == WAITING)
        .order_by(BulkItem.instance_id)
        .limit(1)
    )


def _done(
    session: Session, now: datetime, operation: BulkOperation, item: BulkItem, actor: Person
) -> str | None:
    """Do it; return why it was refused, None if it was done."""
    given = values.decode(operation.parameters)
    try:
        with session.begin_nested():
            _DEEDS[operation.kind](session, now, actor, item.instance, given)
    except Refusal as refusal:
        return refusal.text
    return None


def _finish(operation: BulkOperation, item: BulkItem, reason: str | None) -> None:
    if reason is None:
        item.status = DONE
        operation.done += 1
    else:
        item.status, item.reason = FAILED, reason[:_LONGEST_REASON]
        operation.failed += 1


def _go_on(session: Session, now: datetime, operation: BulkOperation) -> None:
    session.flush()
    if _next(session, operation) is None:
        operation.status, operation.ended_at = DONE, now
        session.flush()
    else:
        _enqueue(session, now, operation)


def _give_up(session: Session, now: datetime, job: Job, error: Exception) -> None:
    """A case with which the program itself failed time and again: go on with the others."""
    operation = _running(session, job)
    item = _next(session, operation) if operation is not None else None
    if operation is not None and item is not None:
        _finish(operation, item, f"{type(error).__name__}: {error}")
        _go_on(session, now, operation)
