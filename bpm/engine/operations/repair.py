"""What is done about an incident: try again, go past the step, move on elsewhere, or cancel the case.

Owns the rights and the meaning of each way for each kind of incident. The causes are mended
elsewhere: in the diagram, the data, the company's people.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from bpm.engine import events, lifecycle, permissions
from bpm.engine.models import Incident, UserTask
from bpm.engine.operations import incidents, stalls
from bpm.engine.operations.moving import check_names, move_in
from bpm.engine.problems import StepFailed
from bpm.engine.runtime.outside import Wait
from bpm.engine.runtime.placing import Start
from bpm.engine.runtime.workflow import NoSuchToken
from bpm.engine.services.steps import begin_again, is_external, job_of, waiting_step
from bpm.engine.tasks import rows as user_tasks
from bpm.engine.tasks.assignment import assign
from bpm.engine.tasks.commands import waiting_task
from bpm.engine.timers import jobs as timers
from bpm.engine.unit import SUSPENDED, Unit
from bpm.engine.work import Work, working
from bpm.errors import Conflict, Invalid, NotAllowed, NotFound
from bpm.jobs.commands import enqueue, revive
from bpm.language import _
from bpm.people.models import Person

Action = Literal["retry", "skip", "move", "cancel"]


def retry(
    session: Session,
    now: datetime,
    actor: Person | None,
    incident_public_id: str,
    action: Action = "retry",
    *,
    values: Mapping[str, Any] | None = None,
    start: Sequence[Start | str] = (),
    reason: str = "",
) -> Incident:
    """Deal with an incident.

    ``retry`` tries the step again; ``skip`` goes past it, with ``values`` in place of its results;
    ``move`` takes its token away and goes on at ``start``; ``cancel`` cancels the case. What fails
    again opens a new incident.

    Raises:
        NotFound: there is no such incident for the actor.
        NotAllowed: he is neither the owner of the process nor an administrator.
        Conflict: it is dealt with already, or the case is suspended.
        Invalid: this kind of incident cannot be skipped; a value cannot be kept; nothing can begin
            at ``start``.
    """
    found = session.scalar(select(Incident).where(Incident.public_id == incident_public_id))
    if found is None:
        raise NotFound(_("There is no such incident."))
    instance = found.instance
    if actor is not None and not permissions.can_repair(actor, instance):
        if not permissions.can_see_instance(session, actor, instance):
            raise NotFound(_("There is no such incident."))
        raise NotAllowed(_("Only the owner of the process or an administrator can do this."))
    with working(session, now, actor, instance.root_id or instance.id) as work:
        session.refresh(found)
        if found.resolved_at is not None:
            raise Conflict(_("This incident is dealt with already."), at=found.resolved_at)
        unit = work.unit(found.instance_id)
        if unit.row.status == SUSPENDED and action != "cancel":
            raise Conflict(_("The case is suspended. Let it go on first."))
        _close(work, unit, found, action)
        if action == "retry":
            _try_again(work, unit, found)
        elif action == "skip":
            _go_past(work, unit, found, values or {})
        elif action == "move":
            _move(work, unit, found, start, reason)
        elif action != "cancel":
            raise Invalid(_("Choose retry, skip, move or cancel."))
    if action == "cancel":
        root = session.get_one(type(instance), instance.root_id or instance.id)
        if root.ended_at is None:
            lifecycle.cancel(session, now, None, root.public_id, reason="incident")
    return found


def _close(work: Work, unit: Unit, incident: Incident, action: str) -> None:
    incident.resolved_at = work.now
    incident.resolved_by_id = work.actor_id
    incident.resolution = action
    work.session.flush()
    unit.row.open_incidents = max(0, unit.row.open_incidents - 1)
    unit.actor_id = work.actor_id
    unit.record("incident_resolved", incident.element, incident=incident.kind, how=action)


def _try_again(work: Work, unit: Unit, incident: Incident) -> None:
    if incident.kind == incidents.STEP and incident.token is not None:
        try:
            unit.run.retry(incident.token, work.now)
        except NoSuchToken:
            return
        unit.known_failures.discard(incident.token)
        work.go_on(unit)
    elif incident.kind == incidents.SERVICE and incident.token is not None:
        wait = waiting_step(unit, incident.token)
        if wait is not None and is_external(wait):
            begin_again(work, unit, wait)
        elif wait is not None:
            _call_again(work, unit, wait)
    elif incident.kind == incidents.ASSIGNMENT and incident.token is not None:
        _assign_again(work, unit, incident)
    elif incident.kind == incidents.JOB and incident.job_id is not None:
        revive(work.session, work.now, incident.job_id)
    elif incident.kind == incidents.STUCK:
        stalls.restore(work, unit)
        work.go_on(unit)
    else:
        work.go_on(unit)


def _call_again(work: Work, unit: Unit, wait: Wait) -> None:
    job = job_of(work.now, unit, wait, work.now)
    enqueue(
        work.session, timers.SERVICE, job["payload"], work.now,
        now=work.now, instance_id=unit.id, unique_key=job["unique_key"],
    )  # fmt: skip


def _assign_again(work: Work, unit: Unit, incident: Incident) -> None:
    """Look again who gets a task that nobody could be found for."""
    token = incident.token or ""
    wait = waiting_task(unit, token)
    question = select(UserTask).where(
        UserTask.instance_id == unit.id, UserTask.token == token, UserTask.status == user_tasks.OPEN
    )
    task = work.session.scalar(question)
    if wait is None or task is None or task.assignee_id is not None:
        return
    try:
        assigned = assign(work.directory, wait.details, wait.scope.get("initiator"), approval=task.approval)
    except StepFailed as failed:
        raise Invalid(str(failed)) from failed
    if assigned.problem is not None:
        cause = assigned.problem
        work.open_incident(unit, incidents.NewIncident(incidents.ASSIGNMENT, task.element, token, cause))
        return
    user_tasks.fill(work.session, task, assigned)
    unit.record("task_assigned", task.element, task=task.public_id,
                assignee=assigned.assignee.login if assigned.assignee else None)  # fmt: skip
    work.tell(events.TASK_ASSIGNED, unit, task_id=task.id, data={"how": "assigned"})


def _go_past(work: Work, unit: Unit, incident: Incident, values: Mapping[str, Any]) -> None:
    if incident.kind not in (incidents.STEP, incidents.SERVICE) or incident.token is None:
        raise Invalid(_("This incident cannot be skipped."))
    if values:
        check_names(values)
    try:
        unit.run.skip(incident.token, values, work.now)
    except NoSuchToken:
        raise Invalid(_("This step cannot be skipped: it has moved on or decides the way.")) from None
    unit.known_failures.discard(incident.token)
    work.go_on(unit)


def _move(work: Work, unit: Unit, incident: Incident, start: Sequence[Start | str], reason: str) -> None:
    """Let the case go on elsewhere; an incident of the whole case has no token to be taken away."""
    if not start:
        raise Invalid(_("Say where the case goes on."))
    token = (incident.token or "").partition(":")[0]
    starts = [one if isinstance(one, Start) else Start(one) for one in start]
    if token:
        unit.known_failures.discard(token)
    move_in(work, unit, [token] if token else [], starts, reason)
