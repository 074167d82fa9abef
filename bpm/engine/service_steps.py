"""Service steps: run at once inside the transaction, or as a job outside of it.

Owns what happens around a call: savepoint, result, BPMN error, repetition, incident. The
connectors themselves come through ``services.py``.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from bpm.engine import definitions, incidents, services, timers
from bpm.engine.incidents import Cause, NewIncident
from bpm.engine.models import Instance
from bpm.engine.outside import Wait
from bpm.engine.services import ServiceCall, ServiceError, ServiceFailed
from bpm.engine.unit import Unit

if TYPE_CHECKING:
    from bpm.engine.work import Work

_log = logging.getLogger(__name__)
# the wait before the second try of a step that failed inside the transaction
_FIRST_PAUSE = timedelta(minutes=1)


def call_of(unit: Unit, wait: Wait) -> ServiceCall:
    """Return the call that a waiting service step makes.

    Raises:
        StepFailed: an input cannot be evaluated.
    """
    initiator = wait.scope.get("initiator")
    return ServiceCall(
        name=str(wait.details.get("connector") or ""),
        inputs=dict(wait.details.get("inputs") or {}),
        instance_id=unit.id,
        instance_public_id=unit.row.public_id,
        element=wait.element,
        key=f"{unit.row.public_id}:{wait.token}",
        initiator=initiator if isinstance(initiator, str) else None,
    )


def begin(work: Work, unit: Unit, wait: Wait) -> bool:
    """Handle a service step that was reached; True if its token can go on at once.

    Raises:
        StepFailed: an input cannot be evaluated.
    """
    call = call_of(unit, wait)
    caller = services.caller()
    try:
        if not caller.transactional(call.name):
            _enqueue(work, unit, wait, work.now)
            return False
        with work.session.begin_nested():
            result = caller.call(work.session, work.now, call)
    except ServiceError as error:
        if not _is_caught(unit):
            _failed_inside(work, unit, wait, call, _uncaught(error))
            return False
        unit.settled.add(wait.token)
        unit.run.throw_error(wait.token, error.code, error.message, work.now)
        return True
    except OperationalError:
        raise  # the database itself: the whole command is tried again by whoever called it
    except Exception as error:
        _failed_inside(work, unit, wait, call, error)
        return False
    unit.settled.add(wait.token)
    unit.run.complete(wait.token, result, work.now)
    return True


def _is_caught(unit: Unit) -> bool:
    """Tell whether a BPMN error may be caught; if not, it is an incident and not the end of the case."""
    return definitions.catches_errors(unit.definition) or unit.row.parent_id is not None


def _uncaught(error: ServiceError) -> ServiceFailed:
    return ServiceFailed(f"{error.code} {error.message}".strip(), again=False)


def _enqueue(work: Work, unit: Unit, wait: Wait, due_at: datetime) -> None:
    work.opened(unit, wait)
    work.add_job(
        timers.token_job(timers.SERVICE, unit.id, wait.token, due_at, now=work.now, element=wait.element)
    )


def _failed_inside(work: Work, unit: Unit, wait: Wait, call: ServiceCall, error: Exception) -> None:
    """Try again by a job, or open an incident at once if that makes no sense."""
    again = not isinstance(error, ServiceFailed) or error.again
    if not isinstance(error, ServiceFailed):
        _log.warning("Service %s failed in %s.", call.name, call.key, exc_info=error)
    unit.record("service_failed", wait.element, token=wait.token, service=call.name, why=reason(error))
    if again:
        _enqueue(work, unit, wait, work.now + _FIRST_PAUSE)
    else:
        work.opened(unit, wait)
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
        if not _is_caught(unit):
            name = str(wait.details.get("connector") or "")
            work.open_incident(unit, incident_of(wait.element, token, name, _uncaught(result)))
            return True
        unit.run.throw_error(token, result.code, result.message, work.now)
    else:
        unit.run.complete(token, result, work.now)
    work.resolve_incidents(unit, "done", tokens=[token])
    work.go_on(unit)
    return True
