"""What the worker does for the engine: timers, service calls, deliveries, starts by the clock.

Registers the engine's kinds of jobs. Each handler is one command on one tree; a token that has
moved on meanwhile means that nothing is left to do.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from bpm.engine import (
    incidents,
    lifecycle,
    messages,
    service_steps,
    services,
    start_timers,
    subscriptions,
    timers,
    values,
)
from bpm.engine.incidents import Cause, NewIncident
from bpm.engine.models import Instance, ProcessVersion
from bpm.engine.services import ServiceCall, ServiceError, ServiceFailed
from bpm.engine.unit import SUSPENDED
from bpm.engine.work import Work, working
from bpm.engine.workflow import NoSuchToken
from bpm.errors import Refusal
from bpm.jobs.handlers import Handlers, Hopeless, InTransaction, Outside
from bpm.jobs.models import Job

_NEVER = datetime(9999, 1, 1, tzinfo=UTC)


def register(handlers: Handlers) -> None:
    """Register every kind of job the engine enqueues, except reminders and escalations."""
    handlers.register(timers.TIMER, InTransaction(run_timer, give_up=give_up))
    handlers.register(timers.CONTINUE, InTransaction(_continue, give_up=give_up))
    handlers.register(timers.RESULT, InTransaction(_late_result, give_up=give_up))
    handlers.register(timers.DELIVER, InTransaction(_deliver))
    handlers.register(timers.CANCEL, InTransaction(_cancel))
    handlers.register(timers.TIMER_START, InTransaction(_start_by_timer))
    handlers.register(timers.SERVICE, Outside(_prepare, _perform, _finish, give_up=_service_gave_up))


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
    if version is None or not version.process.active:
        return
    element = job.payload["element"]
    starts = {one["id"] for one in version.properties.get("start_events", ())}
    if element not in starts:
        return
    owner = version.process.owner
    lifecycle.start(
        session, now, None, version.process_key, {},
        version=version.number, start_event=element, initiator=owner.login if owner is not None else None,
    )  # fmt: skip
    start_timers.enqueue_next(session, now, version, element, job.payload["entry"])


# --- events and cancelling ------------------------------------------------------------------------


def _deliver(session: Session, now: datetime, job: Job) -> None:
    content = job.payload
    payload = dict(values.decode(content["payload"]))
    if content["kind"] == subscriptions.MESSAGE:
        messages.deliver(session, now, None, content["name"], content.get("correlation"), payload)
    elif content.get("only_root") is not None:
        messages.signal_one(session, now, content["name"], payload, content["only_root"])
    else:
        messages.signal(session, now, None, content["name"], payload, except_root=content.get("except_root"))


def _cancel(session: Session, now: datetime, job: Job) -> None:
    try:
        lifecycle.cancel(session, now, None, job.payload["instance"], job.payload.get("reason") or "")
    except Refusal:
        return  # it has ended by itself


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
    with _given_up_at_once():
        if caller.transactional(call.name):
            return _Prepared(call, True, None)
        return _Prepared(call, False, caller.prepare(session, now, call))


def _perform(prepared: _Prepared) -> tuple[_Prepared, Any]:
    if prepared.inside:
        return prepared, None
    try:
        with _given_up_at_once():
            return prepared, services.caller().perform(prepared.call, prepared.data)
    except ServiceError as error:
        return prepared, error


def _finish(session: Session, now: datetime, job: Job, performed: tuple[_Prepared, Any]) -> None:
    prepared, result = performed
    caller = services.caller()
    instance_id, token = job.payload["instance"], job.payload["token"]
    root = service_steps.root_of(session, instance_id)
    if root is None:
        return
    with working(session, now, None, root) as work:
        unit = work.unit(instance_id)
        if service_steps.waiting_step(unit, token) is None:
            return
        if prepared.inside:
            try:
                with _given_up_at_once(), session.begin_nested():
                    result = caller.call(session, now, prepared.call)
            except ServiceError as error:
                result = error
        elif not isinstance(result, ServiceError):
            with _given_up_at_once():
                result = caller.finish(session, now, prepared.call, result)
        if unit.row.status == SUSPENDED:
            _keep_result(work, unit.id, token, result)
        else:
            service_steps.answer(work, unit, token, result)


def _keep_result(work: Work, instance_id: int, token: str, result: Any) -> None:
    """The case was suspended during the call: its result waits until the case goes on."""
    if isinstance(result, ServiceError):
        kept: dict[str, Any] = {"error": [result.code, result.message]}
    else:
        kept = {"result": values.encode(dict(result), "result")}
    work.add_job(timers.token_job(timers.RESULT, instance_id, token, _NEVER, now=work.now, **kept))


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
        name = str(wait.details.get("connector") or "")
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
    instance = session.get(Instance, job.payload["instance"])
    if instance is None:
        return
    with working(session, now, None, instance.root_id or instance.id) as work:
        why = service_steps.reason(error)
        cause = Cause("The program could not go on with this case: %(why)s", why=why)
        work.open_incident(
            work.unit(instance.id), NewIncident(incidents.JOB, None, job.payload.get("token"), cause, job.id)
        )
