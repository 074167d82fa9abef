"""Turns rows into the shapes of the API. Reads, changes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy.orm import Session

from bpm.api import schemas
from bpm.engine import values
from bpm.engine.models import Incident, Instance, TaskCandidate, UserTask
from bpm.engine.operations.incidents import cause_text
from bpm.history.waiting import Waiting
from bpm.language import chosen
from bpm.people.models import Person
from bpm.records.models import Record


def person(somebody: Person | None) -> schemas.PersonRef | None:
    """Return login and name."""
    return schemas.PersonRef(login=somebody.login, name=somebody.name) if somebody else None


def task(row: UserTask, *, offered: bool = True) -> schemas.TaskSummary:
    """Return a task as lists show it; without ``offered`` nobody is named to whom it is offered."""
    return schemas.TaskSummary(**_task_facts(row, row.candidates if offered else ()))


def _task_facts(row: UserTask, candidates: Iterable[TaskCandidate]) -> dict[str, Any]:
    return {
        "id": row.public_id,
        "title": chosen(row.titles, row.element),
        "instance": row.instance.public_id,
        "process": row.instance.process.key,
        "element": row.element,
        "status": row.status,
        "assignee": person(row.assignee),
        "candidates": [found for one in candidates if (found := person(one.person))],
        "candidate_groups": [one.group.key for one in candidates if one.group],
        "outcome": row.outcome,
        "outcomes": [
            schemas.OutcomeOut(
                key=one["key"],
                label=chosen(one.get("labels"), one["key"]),
                comment=one.get("comment", "optional"),
                tone=one.get("tone", "neutral"),
            )
            for one in row.outcomes or ()
        ],
        "form": row.form_key,
        "priority": row.priority,
        "created_at": row.created_at,
        "due_at": row.due_at,
        "ended_at": row.ended_at,
        "completed_by": person(row.completed_by),
        "on_behalf_of": person(row.on_behalf_of),
    }


def whole_task(
    row: UserTask, variables: Mapping[str, Any], fields: list[dict[str, Any]], may: list[str]
) -> schemas.TaskOut:
    """Return a task with what its form sees and what the caller may do with it."""
    return schemas.TaskOut(
        **_task_facts(row, row.candidates),
        variables=plain(variables),
        fields=fields,
        may=may,
        revision=row.revision,
    )


def instance(session: Session, row: Instance) -> schemas.InstanceSummary:
    """Return a case as lists show it."""
    return schemas.InstanceSummary(**_instance_facts(session, row))


def _instance_facts(session: Session, row: Instance) -> dict[str, Any]:
    record = session.get(Record, row.record_id) if row.record_id is not None else None
    return {
        "id": row.public_id,
        "process": row.process.key,
        "version": row.version.number,
        "title": chosen(row.titles, chosen(row.process.names, row.process.key)),
        "status": row.status,
        "outcome": row.outcome,
        "business_key": row.business_key,
        "record": record.public_id if record else None,
        "started_by": person(row.started_by),
        "started_at": row.started_at,
        "ended_at": row.ended_at,
    }


def whole_instance(
    session: Session,
    row: Instance,
    variables: Mapping[str, Any],
    waits: list[schemas.WaitOut],
    incidents: list[Incident],
) -> schemas.InstanceOut:
    """Return a case with everything that is known of it now."""
    return schemas.InstanceOut(
        **_instance_facts(session, row),
        variables=plain(variables),
        waits_for=waits,
        incidents=[incident(one) for one in incidents],
        parent=row.parent.public_id if row.parent else None,
        revision=row.revision,
    )


def wait(found: Waiting, name: str) -> schemas.WaitOut:
    """Return one thing that a case waits for."""
    held = found.task
    candidates = held.candidates if held is not None else []
    who = [held.assignee] if held is not None and held.assignee else [one.person for one in candidates]
    return schemas.WaitOut(
        kind="user_task" if held is not None else "incident" if found.incident is not None else found.kind,
        element=found.element or "",
        name=name,
        since=found.since,
        due=found.due_at,
        task=held.public_id if held is not None else None,
        who=[ref for one in who if (ref := person(one))],
        groups=[one.group.key for one in candidates if one.group],
    )


def incident(row: Incident) -> schemas.IncidentOut:
    """Return an incident with its cause in words."""
    return schemas.IncidentOut(
        id=row.public_id,
        instance=row.instance.public_id,
        element=row.element,
        kind=row.kind,
        message=cause_text(row.cause),
        created_at=row.created_at,
        resolved_at=row.resolved_at,
        resolution=row.resolution,
    )


def plain(variables: Mapping[str, Any]) -> dict[str, Any]:
    """Return typed values as plain JSON."""
    shown = values.to_json(dict(variables))
    assert isinstance(shown, dict)
    return shown
