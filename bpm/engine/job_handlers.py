"""What the worker does for the engine: timers, service calls, deliveries, starts by the clock.

Registers the engine's kinds of jobs. Each handler is one command on one tree; a token that has
moved on meanwhile means that nothing is left to do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from queue import Empty, Queue
from threading import Thread
from typing import Any, NamedTuple

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bpm.engine import lifecycle, values
from bpm.engine.messages import delivery as messages
from bpm.engine.models import Instance, ProcessVersion
from bpm.engine.operations import bulk, incidents
from bpm.engine.operations.incidents import Cause, NewIncident
from bpm.engine.runtime.workflow import NoSuchToken
from bpm.engine.services import caller as services
from bpm.engine.services import steps as service_steps
from bpm.engine.services.attempts import Attempts
from bpm.engine.services.caller import ServiceCall, ServiceError, ServiceFailed
from bpm.engine.timers import jobs as timers
from bpm.engine.timers import starts as start_timers
from bpm.engine.unit import SUSPENDED
from bpm.engine.work import Work, working
from bpm.errors import Refusal
from bpm.jobs.commands import RUNNING, change
from bpm.jobs.handlers import Handlers, Hopeless, InTransaction, Outside, Retry
from bpm.jobs.models import Job

_PATIENCE = timedelta(minutes=2)


def register(handlers: Handlers) -> None:
    """Register every kind of job the engine enqueues, except reminders and escalations."""
    handlers.register(timers.TIMER, InTransaction(run_timer, give_up=give_up))
    handlers.register(timers.CONTINUE, InTransaction(_continue, give_up=give_up))
    handlers.register(timers.RESULT, InTransaction(_late_result, give_up=give_up))
    handlers.register(timers.DELIVER, InTransaction(_deliver, give_up=_delivery_gave_up))
    handlers.register(timers.CANCEL, InTransaction(_cancel, give_up=_cancel_gave_up))
    handlers.register(timers.TIMER_START, InTransaction(_start_by_timer, give_up=_start_gave_up))
    handlers.register(timers.REFRESH, InTransaction(_refresh_timers, give_up=give_up))
    bulk.register(handlers)
    handlers.register(
        timers.SERVICE,
        Outside(_prepare, _perform, _finish, give_up=_service_gave_up, retries=_retries, patience=_PATIENCE),
    )


# --- timers ---------------------------------------------------------------------------------------


def run_timer(session: Session, now: datetime, job: Job) -> None:
    """Let the timer of a token fire."""
    instance_id, token = job.payload["instance"], job.payload["token"]
    root = service_steps.root_of(session, instance_id)
    if root is None:
        return
    with working(session, now, None, root) as work:
        unit = work.unit(instance_id)
        if unit.ended or unit.row.status == SUSPENDED:
            return
        work.why_withdrawn = "timer"
        try:
            fired = unit.run.fire_timer(token, now)
        except NoSuchToken:
            return
        if fired:
            work.go_on(unit)
            return
        # its date has moved since the job was made
        for wait in unit.run.waiting():
            if wait.token == token and wait.kind == "timer" and wait.due_at is not None:
                work.add_job(timers.token_job(timers.TIMER, unit.id, token, wait.due_at, now=now))


def _continue(session: Session, now: datetime, job: Job) -> None:
    instance_id = job.payload["instance"]
    root = service_steps.root_of(session, instance_id)
    if root is None:
        return
    with working(session, now, None, root) as work:
        work.go_on(work.unit(instance_id), continued=int(job.payload.get("continued", 1)))


def _start_by_timer(session: Session, now: datetime, job: Job) -> None:
    version = session.get(ProcessVersion, job.payload["version"])
    if version is None or not version.process.active or version.suspended:
        return
    element = job.payload["element"]
    starts = {one["id"] for one in version.properties.get("start_events", ())}
    if element not in starts:
        return
    if version.suspended:
        start_timers.enqueue_next(session, now, version, element, job.payload["entry"])
        return
    owner = version.process.owner
    lifecycle.start(
        session, now, None, version.process_key, {},
        version=version.number, start_event=element, initiator=owner.login if owner is not None else None,
    )  # fmt: skip
    start_timers.enqueue_next(session, now, version, element, job.payload["entry"])


def _start_gave_up(session: Session, now: datetime, job: Job, error: Exception) -> None:
    """This start failed for good and its job stays as the trace of it; those after it go on."""
    version = session.get(ProcessVersion, job.payload["version"])
    if version is not None and version.process.active:
        start_timers.enqueue_next(session, now, version, job.payload["element"], job.payload["entry"])


def _refresh_timers(session: Session, now: datetime, job: Job) -> None:
    """Set the timers of a case anew: a record has changed that says when they are due."""
    instance_id = job.payload["instance"]
    root = service_steps.root_of(session, instance_id)
    if root is None:
        return
    with working(session, now, None, root) as work:
        unit = work.unit(instance_id)
        if not unit.ended and unit.row.status != SUSPENDED and unit.run.refresh_timers(now):
            work.go_on(unit)


# --- events and cancelling ------------------------------------------------------------------------


def _deliver(session: Session, now: datetime, job: Job) -> None:
    messages.run_job(session, now, job.payload)


def _cancel(session: Session, now: datetime, job: Job) -> None:
    try:
        lifecycle.cancel(session, now, None, job.payload["instance"], job.payload.get("reason") or "")
    except Refusal:
        return  # it has ended by itself


def _delivery_gave_up(session: Session, now: datetime, job: Job, error: Exception) -> None:
    """The incident stands where the message or signal was thrown; one from outside has no such place."""
    thrower: int = job.payload.get("thrower") or 0
    root = service_steps.root_of(session, thrower)
    if root is None:
        return
    with working(session, now, None, root) as work:
        cause = Cause(
            "“%(name)s” could not be delivered: %(why)s",
            name=job.payload["name"],
            why=service_steps.reason(error),
        )
        work.open_incident(
            work.unit(thrower), NewIncident(incidents.JOB, job.payload.get("element"), None, cause, job.id)
        )


def _cancel_gave_up(session: Session, now: datetime, job: Job, error: Exception) -> None:
    number = session.scalar(select(Instance.id).where(Instance.public_id == job.payload["instance"]))
    if number is not None:
        _open_for_job(session, now, number, job, error)


# --- service calls --------------------------------------------------------------------------------


@contextmanager
def _given_up_at_once() -> Iterator[None]:
    """Let the job give up at once where a service says that trying again makes no sense."""
    try:
        yield
    except ServiceFailed as failed:
        if failed.again:
            raise
        raise Hopeless(failed.text) from failed


def _retries(job: Job) -> Retry:
    """Return how often the step of a job is tried, as the diagram says."""
    return Retry(Attempts.from_json(job.payload.get("attempts") or {}).pauses)


class _Prepared(NamedTuple):
    call: ServiceCall
    inside: bool
    data: Any


def _prepare(session: Session, now: datetime, job: Job) -> _Prepared | None:
    """Read the inputs of a service step; None if it no longer waits."""
    instance_id, token = job.payload["instance"], job.payload["token"]
    if service_steps.root_of(session, instance_id) is None:
        return None
    unit = Work(session, now, None, None).unit(instance_id)
    if unit.ended or unit.row.status == SUSPENDED:
        return None
    wait = service_steps.waiting_step(unit, token)
    if wait is None:
        return None
    call = service_steps.call_of(unit, wait)
    caller = services.caller()
    _extend_lease(session, now, call)
    with _given_up_at_once():
        if caller.transactional(call.name):
            return _Prepared(call, True, None)
        return _Prepared(call, False, caller.prepare(session, now, call))


def _extend_lease(session: Session, now: datetime, call: ServiceCall) -> None:
    """Nobody else may take the job while an attempt lasts as long as it may."""
    if call.seconds is not None and call.seconds > _PATIENCE.total_seconds():
        until = now + timedelta(seconds=call.seconds) + _PATIENCE
        change(session, update(Job).where(Job.id == session.info.get(RUNNING)).values(due_at=until))


def _perform(prepared: _Prepared) -> tuple[_Prepared, Any]:
    """Call outside of any transaction; what takes longer than it may is left to itself and has failed."""
    if prepared.inside:
        return prepared, None
    call, caller = prepared.call, services.caller()
    try:
        with _given_up_at_once():
            if call.seconds is None:
                return prepared, caller.perform(call, prepared.data)
            return prepared, _within(call, lambda: caller.perform(call, prepared.data))
    except ServiceError as error:
        return prepared, error


def _within(call: ServiceCall, perform: Callable[[], Any]) -> Any:
    """Return what ``perform`` brings.

    Raises:
        ServiceFailed: it took too long; nobody waits for it any more.
    """
    answers: Queue[tuple[Any, BaseException | None]] = Queue(1)

    def run() -> None:
        try:
            answers.put((perform(), None))
        except BaseException as error:
            answers.put((None, error))

    Thread(target=run, name=f"service-{call.name}", daemon=True).start()
    try:
        result, error = answers.get(timeout=call.seconds)
    except Empty:
        raise service_steps.too_slow(call) from None
    if error is not None:
        raise error
    return result


def _finish(session: Session, now: datetime, job: Job, performed: tuple[_Prepared, Any]) -> None:
    prepared, result = performed
    call, caller = prepared.call, services.caller()
    instance_id, token = job.payload["instance"], job.payload["token"]
    root = service_steps.root_of(session, instance_id)
    if root is None:
        return
    with working(session, now, None, root) as work:
        unit = work.unit(instance_id)
        wait = service_steps.waiting_step(unit, token)
        if wait is None:
            return
        # the step as it is seen under the lock, which may be another object than when it was prepared
        call = replace(call, error_of=wait.details.get("error_of") or services.no_error)
        try:
            with _given_up_at_once(), session.begin_nested():
                if prepared.inside:
                    result = service_steps.call_inside(session, now, call)
                elif not isinstance(result, ServiceError):
                    result = service_steps.checked(call, caller.finish(session, now, call, result))
        except ServiceError as error:
            result = error
        if unit.row.status == SUSPENDED:
            service_steps.keep_result(work, unit.id, token, result)
        else:
            service_steps.answer(work, unit, token, result)


def _late_result(session: Session, now: datetime, job: Job) -> None:
    kept = job.payload
    result = ServiceError(*kept["error"]) if "error" in kept else values.decode(kept["result"])
    complete_service(session, now, kept["instance"], kept["token"], result)


def complete_service(session: Session, now: datetime, instance_id: int, token: str, result: Any) -> bool:
    """Move a service step on with its results by name, or with a ``ServiceError``.

    Returns:
        False if it no longer waits.
    """
    root = service_steps.root_of(session, instance_id)
    if root is None:
        return False
    with working(session, now, None, root) as work:
        return service_steps.answer(work, work.unit(instance_id), token, result)


def fail_service(
    session: Session, now: datetime, instance_id: int, token: str, error: Exception, job_id: int | None = None
) -> bool:
    """Open the incident of a service step that has failed for good; False if it no longer waits."""
    root = service_steps.root_of(session, instance_id)
    if root is None:
        return False
    with working(session, now, None, root) as work:
        unit = work.unit(instance_id)
        wait = service_steps.waiting_step(unit, token)
        if wait is None:
            return False
        name = service_steps.name_of(wait)
        unit.record(
            "service_failed", wait.element, token=token, service=name, why=service_steps.reason(error)
        )
        work.open_incident(unit, service_steps.incident_of(wait.element, token, name, error, job_id))
    return True


def _service_gave_up(session: Session, now: datetime, job: Job, error: Exception) -> None:
    if isinstance(error, Hopeless):
        error = ServiceFailed(str(error), again=False)
    fail_service(session, now, job.payload["instance"], job.payload["token"], error, job.id)


def give_up(session: Session, now: datetime, job: Job, error: Exception) -> None:
    """Open an incident for a job of the engine itself that failed time and again."""
    _open_for_job(session, now, job.payload["instance"], job, error)


def _open_for_job(session: Session, now: datetime, instance_id: int, job: Job, error: Exception) -> None:
    root = service_steps.root_of(session, instance_id)
    if root is None:
        return
    with working(session, now, None, root) as work:
        why = service_steps.reason(error)
        cause = Cause("The program could not go on with this case: %(why)s", why=why)
        unit = work.unit(instance_id)
        work.open_incident(
            unit,
            NewIncident(incidents.JOB, job.payload.get("element"), job.payload.get("token"), cause, job.id),
        )
