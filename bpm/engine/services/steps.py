"""Service steps: run at once inside the transaction, as a job outside of it, or by a program outside.

Owns what happens around a call: savepoint, time limit, result, BPMN error, repetition, incident. The
connectors themselves come through ``caller.py``, the programs outside through ``external_tasks.py``.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from bpm.engine import values
from bpm.engine.models import Instance
from bpm.engine.operations import incidents
from bpm.engine.operations.incidents import Cause, NewIncident
from bpm.engine.problems import StepFailed
from bpm.engine.runtime.outside import Wait
from bpm.engine.runtime.specs.activities import EXTERNAL
from bpm.engine.services import caller as services
from bpm.engine.services import external_rows
from bpm.engine.services.attempts import Attempts
from bpm.engine.services.caller import ServiceCall, ServiceError, ServiceFailed
from bpm.engine.services.external_rows import NEVER
from bpm.engine.timers import jobs as timers
from bpm.engine.unit import Unit
from bpm.language import _

if TYPE_CHECKING:
    from bpm.engine.work import Work

_log = logging.getLogger(__name__)


def is_external(wait: Wait) -> bool:
    """Whether a program outside does the work of a service step."""
    return wait.details.get("connector") == EXTERNAL


def call_of(unit: Unit, wait: Wait) -> ServiceCall:
    """Return the call that a waiting service step makes.

    Raises:
        StepFailed: an input cannot be evaluated.
    """
    initiator = wait.scope.get("initiator")
    details = wait.details
    limit = attempts_of(wait).limit
    return ServiceCall(
        name=str(details.get("connector") or ""),
        inputs=dict(details.get("inputs") or {}),
        instance_id=unit.id,
        instance_public_id=unit.row.public_id,
        element=wait.element,
        key=f"{unit.row.public_id}:{wait.token}",
        initiator=initiator if isinstance(initiator, str) else None,
        seconds=limit.total_seconds() if limit is not None else None,
        error_of=details.get("error_of") or services.no_error,
    )


def attempts_of(wait: Wait) -> Attempts:
    """Return how often a step is tried."""
    found = wait.details.get("attempts")
    return found if isinstance(found, Attempts) else Attempts()


def begin(work: Work, unit: Unit, wait: Wait) -> bool:
    """Handle a service step that was reached; True if its token can go on at once.

    Raises:
        StepFailed: an input cannot be evaluated.
    """
    if is_external(wait):
        work.opened(unit, wait)
        external_rows.add(work.session, external_rows.new_row(work.now, unit, wait))
        return False
    call = call_of(unit, wait)
    caller = services.caller()
    try:
        if not caller.transactional(call.name):
            work.opened(unit, wait)
            work.add_job(job_of(work.now, unit, wait, work.now))
            return False
        result: Any = call_inside(work.session, work.now, call)
    except ServiceError as error:
        result = error
    except OperationalError:
        raise  # the database itself: the whole command is tried again by whoever called it
    except Exception as error:
        _failed_inside(work, unit, wait, call, error)
        return False
    if isinstance(result, ServiceError):
        if not is_caught(work, unit, wait.token, result.code):
            _failed_inside(work, unit, wait, call, uncaught(result))
            return False
        unit.settled.add(wait.token)
        unit.run.throw_error(wait.token, result.code, result.message, work.now)
        return True
    unit.settled.add(wait.token)
    unit.run.complete(wait.token, result, work.now)
    return True


def begin_again(work: Work, unit: Unit, wait: Wait) -> None:
    """Let a waiting step be done once more: its former job or task is gone, or has given up."""
    if is_external(wait):
        external_rows.remove(work.session, unit.id, [wait.token])
        external_rows.add(work.session, external_rows.new_row(work.now, unit, wait))
    else:
        work.add_job(job_of(work.now, unit, wait, work.now))


def resume(work: Work, unit: Unit, wait: Wait) -> None:
    """Go on with a step whose case was suspended: a job was dropped, a task of programs outside waits."""
    if not is_external(wait):
        work.add_job(job_of(work.now, unit, wait, work.now))


def job_of(now: datetime, unit: Unit, wait: Wait, due_at: datetime) -> dict[str, Any]:
    """Return the job that does a service step."""
    kept = attempts_of(wait).as_json()
    more = {"attempts": kept} if kept else {}
    return timers.token_job(
        timers.SERVICE, unit.id, wait.token, due_at, now=now, element=wait.element, **more
    )


def call_inside(session: Session, now: datetime, call: ServiceCall) -> dict[str, Any]:
    """Run a connector inside the transaction; what it wrote is undone if it fails or takes too long.

    Raises:
        ServiceFailed, ServiceError: as the connector says.
    """
    begun = time.monotonic()
    with session.begin_nested():
        result = services.caller().call(session, now, call)
        if call.seconds is not None and time.monotonic() - begun > call.seconds:
            raise too_slow(call)
        _check_answer(call, result)
    return result


def too_slow(call: ServiceCall) -> ServiceFailed:
    """Return the failure of an attempt that took longer than it may."""
    return ServiceFailed(
        _("The service “%(name)s” took longer than %(limit)s seconds.", name=call.name, limit=call.seconds)
    )


def _check_answer(call: ServiceCall, result: Mapping[str, Any]) -> None:
    """Raise the BPMN error that the diagram sees in an answer."""
    try:
        error = call.error_of(result)
    except StepFailed as failed:
        raise ServiceFailed(str(failed), again=False) from failed
    if error is not None:
        raise ServiceError(*error)


def checked(call: ServiceCall, result: dict[str, Any]) -> dict[str, Any]:
    """Return an answer that is no BPMN error.

    Raises:
        ServiceError: the diagram says that it is one.
        ServiceFailed: its condition cannot be evaluated.
    """
    _check_answer(call, result)
    return result


def is_caught(work: Work, unit: Unit, token: str, code: str) -> bool:
    """Tell whether a BPMN error is caught here or by a caller; if not, it is an incident and not the
    end of the case."""
    while not unit.run.catches(token, code):
        row = unit.row
        if row.parent_id is None or row.parent_token is None:
            return False
        unit, token = work.unit(row.parent_id), row.parent_token
    return True


def uncaught(error: ServiceError) -> ServiceFailed:
    """Return the failure that a BPMN error is which nobody catches."""
    return ServiceFailed(f"{error.code} {error.message}".strip(), again=False)


def _failed_inside(work: Work, unit: Unit, wait: Wait, call: ServiceCall, error: Exception) -> None:
    """Try again by a job, or open an incident at once if that makes no sense."""
    pauses = attempts_of(wait).pauses
    again = (not isinstance(error, ServiceFailed) or error.again) and bool(pauses)
    if not isinstance(error, ServiceFailed):
        _log.warning("Service %s failed in %s.", call.name, call.key, exc_info=error)
    unit.record("service_failed", wait.element, token=wait.token, service=call.name, why=reason(error))
    work.opened(unit, wait)
    if again:
        job = job_of(work.now, unit, wait, work.now + pauses[0])
        # the job counts the attempt that failed here
        work.add_job({**job, "failures": 1})
    else:
        work.open_incident(unit, incident_of(wait.element, wait.token, call.name, error))


def incident_of(
    element: str | None, token: str, name: str, error: Exception, job_id: int | None = None
) -> NewIncident:
    """Return the incident of a service step that has failed for good."""
    cause = Cause("The service “%(service)s” failed: %(why)s", service=name, why=reason(error))
    return NewIncident(incidents.SERVICE, element, token, cause, job_id)


def reason(error: Exception) -> str:
    """Return why a service failed, for people."""
    return error.text if isinstance(error, ServiceFailed) else f"{type(error).__name__}: {error}"[:500]


def waiting_step(unit: Unit, token: str) -> Wait | None:
    """Return the service step that a token stands at, or None if it has moved on."""
    if unit.ended:
        return None
    return next((wait for wait in unit.run.waiting() if wait.token == token and wait.kind == "service"), None)


def root_of(session: Session, instance_id: int) -> int | None:
    """Return the root of an instance; None if it is gone."""
    row = session.get(Instance, instance_id)
    return (row.root_id or row.id) if row is not None else None


def answer(work: Work, unit: Unit, token: str, result: Any) -> bool:
    """Move a service step on with its result or its BPMN error; False if it no longer waits."""
    wait = waiting_step(unit, token)
    if wait is None:
        return False
    if isinstance(result, ServiceError):
        if not is_caught(work, unit, token, result.code):
            name = name_of(wait)
            work.open_incident(unit, incident_of(wait.element, token, name, uncaught(result)))
            return True
        unit.run.throw_error(token, result.code, result.message, work.now)
    else:
        unit.run.complete(token, result, work.now)
    work.resolve_incidents(unit, "done", tokens=[token])
    work.go_on(unit)
    return True


def keep_result(work: Work, instance_id: int, token: str, result: Any) -> None:
    """The case was suspended during the call: its result waits until the case goes on."""
    if isinstance(result, ServiceError):
        kept: dict[str, Any] = {"error": [result.code, result.message]}
    else:
        kept = {"result": values.encode(dict(result), "result")}
    work.add_job(timers.token_job(timers.RESULT, instance_id, token, NEVER, now=work.now, **kept))


def name_of(wait: Wait) -> str:
    """Return what people call the service of a step: its connector, or its topic."""
    inputs = wait.details.get("inputs") or {}
    return str(inputs.get("topic") if is_external(wait) else wait.details.get("connector") or "")
