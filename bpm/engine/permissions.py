"""Who may see and do what with processes, cases and tasks.

The one place of these rules: commands ask it, queries filter by it, pages ask it to show or hide a
button. ``person`` is always somebody; the program itself (None) is let through by the commands.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import Session

from bpm.engine.models import Instance, Process, ProcessVersion, TaskCandidate, UserTask
from bpm.files.rights import Reader
from bpm.people import queries as people
from bpm.people.models import Absence, Department, Membership, Person
from bpm.people.queries import MANAGER, PROCESS_OWNER, WORKER

OPEN = "open"


def can_start(session: Session, person: Person, process: Process, properties: Mapping[str, Any]) -> bool:
    """Tell whether a person may start a process: it is active, and he is named or nobody is."""
    if not process.active or not person.active:
        return False
    start = properties.get("start") or {}
    groups, persons = start.get("groups") or [], start.get("persons") or []
    if not groups and not persons:
        return True
    if person.login in persons or can_administer_process(person, process):
        return True
    return any(group.key in groups for group in people.groups_of(session, person))


def can_deploy(person: Person, process: Process | None) -> bool:
    """Tell whether a person may publish: administrators, process owners, the owner of this process."""
    if people.has_role(person, PROCESS_OWNER):
        return process is None or process.owner_id in (None, person.id) or people.is_administrator(person)
    return process is not None and process.owner_id == person.id and person.active


def may_review(session: Session, person: Person, process: Process) -> bool:
    """Tell whether a person is one of those who must look at a process before it is published."""
    if not person.active:
        return False
    if process.reviewer_id is not None:
        return process.reviewer_id == person.id
    return any(group.id == process.review_group_id for group in people.groups_of(session, person))


def needs_review(process: Process) -> bool:
    """Tell whether somebody must have looked at a process before it is published."""
    return process.reviewer_id is not None or process.review_group_id is not None


def can_administer_process(person: Person, process: Process) -> bool:
    """Tell whether a person may cancel, suspend and repair cases of a process."""
    return people.is_administrator(person) or (process.owner_id == person.id and person.active)


def works_for_all(person: Person) -> bool:
    """Tell whether a person (or program) may do the service steps of every process from outside."""
    return people.has_role(person, WORKER)


def sees_everything(person: Person) -> bool:
    """Tell whether a person may see every case: managers and administrators."""
    return people.has_role(person, MANAGER)


def can_see_instance(session: Session, person: Person, instance: Instance) -> bool:
    """Tell whether a person may see a case.

    He started it; he has or had a task in it or may take one; he owns the process; he manages
    whoever started it; or his role is manager or administrator.
    """
    if sees_everything(person) or instance.started_by_id == person.id:
        return True
    root = instance.root_id or instance.id
    condition = visible(session, person)
    return bool(session.scalar(select(exists().where(Instance.id == root, condition))))


def can_read_files(session: Session, reader: Reader, instance_id: int) -> bool:
    """Whoever may see a case may read its files."""
    instance, person = session.get(Instance, instance_id), session.get(Person, reader.id)
    return bool(instance and person and can_see_instance(session, person, instance))


def visible(session: Session, person: Person) -> ColumnElement[bool]:
    """Return the condition on root instances that ``person`` may see them."""
    if sees_everything(person):
        return Instance.id.is_not(None)
    return or_(
        Instance.started_by_id == person.id,
        Instance.id.in_(_roots_of_tasks(person)),
        Instance.id.in_(_roots_of_offers(person)),
        Instance.process_id.in_(select(Process.id).where(Process.owner_id == person.id)),
        Instance.started_by_id.in_(_managed_by(session, person)),
    )


def _roots_of_tasks(person: Person) -> Any:
    inner = Instance.__table__.alias("task_instance")
    # each column has an index of its own; "on behalf of" is always one of the first two
    held = or_(
        UserTask.assignee_id == person.id,
        UserTask.original_assignee_id == person.id,
        UserTask.completed_by_id == person.id,
    )
    return select(inner.c.root_id).join(UserTask, UserTask.instance_id == inner.c.id).where(held)


def _roots_of_offers(person: Person) -> Any:
    inner = Instance.__table__.alias("offer_instance")
    groups = select(Membership.group_id).where(Membership.person_id == person.id)
    offered = or_(TaskCandidate.person_id == person.id, TaskCandidate.group_id.in_(groups))
    return (
        select(inner.c.root_id)
        .join(UserTask, UserTask.instance_id == inner.c.id)
        .join(TaskCandidate, TaskCandidate.task_id == UserTask.id)
        .where(offered, UserTask.status == OPEN)
    )


def _managed_by(session: Session, person: Person) -> Any:
    """Everybody in the departments this person heads and in those below them."""
    headed = set(session.scalars(select(Department.id).where(Department.head_id == person.id)))
    below = set(headed)
    while below:
        below = set(session.scalars(select(Department.id).where(Department.parent_id.in_(below)))) - headed
        headed |= below
    return select(Person.id).where(Person.department_id.in_(headed))


def is_candidate(session: Session, person: Person, task_id: int) -> bool:
    """Tell whether a task is or was offered to a person, by name or through a group."""
    groups = select(Membership.group_id).where(Membership.person_id == person.id)
    offered = exists().where(
        TaskCandidate.task_id == task_id,
        or_(TaskCandidate.person_id == person.id, TaskCandidate.group_id.in_(groups)),
    )
    return bool(session.scalar(select(offered)))


def stands_in_for(session: Session, person: Person, absent_id: int | None, now: datetime) -> bool:
    """Tell whether ``absent_id`` is away today and ``person`` is who stands in for him."""
    if absent_id is None:
        return False
    # the cheap question first: is he named as anybody's substitute at all
    named = select(exists().where(Absence.person_id == absent_id))
    if not session.scalar(named):
        return False
    absent = session.get(Person, absent_id)
    if absent is None:
        return False
    substitute = people.substitute_of(session, absent, people.company_day(session, now))
    return substitute is not None and substitute.id == person.id


def on_own_request(person_id: int | None, task: Any, started_by_id: int | None) -> bool:
    """Tell whether deciding this task would be deciding on his own request."""
    return bool(task.approval) and person_id is not None and person_id == started_by_id


def can_see_task(session: Session, person: Person, task: UserTask, now: datetime) -> bool:
    """Tell whether a person may see a task: whoever it concerns, and whoever may see its case."""
    involved = (task.assignee_id, task.original_assignee_id, task.completed_by_id, task.on_behalf_of_id)
    if person.id in involved or is_candidate(session, person, task.id):
        return True
    if stands_in_for(session, person, task.assignee_id, now):
        return True
    return can_see_instance(session, person, task.instance)


def can_claim(session: Session, person: Person, task: UserTask) -> bool:
    """Tell whether a person may take a task that is offered to him."""
    if task.status != OPEN or task.assignee_id is not None or not person.active:
        return False
    if on_own_request(person.id, task, task.instance.started_by_id):
        return False
    return is_candidate(session, person, task.id)


def can_complete(session: Session, person: Person, task: UserTask, now: datetime) -> bool:
    """Tell whether a person may decide a task now: holder, candidate, or substitute of the holder."""
    if task.status != OPEN or task.instance.status != "active" or not person.active:
        return False
    if on_own_request(person.id, task, task.instance.started_by_id):
        return False
    if person.id in (task.assignee_id, task.original_assignee_id):
        return True
    if task.assignee_id is None:
        return is_candidate(session, person, task.id)
    return stands_in_for(session, person, task.assignee_id, now)


def can_delegate(session: Session, person: Person, task: UserTask) -> bool:
    """Tell whether a person may give a task to another: holder, his manager, owner, administrator."""
    if task.status != OPEN:
        return False
    if task.assignee_id == person.id or can_administer_process(person, task.instance.process):
        return True
    if task.assignee_id is None:
        return False
    holder = session.get(Person, task.assignee_id)
    manager = people.manager_of(session, holder) if holder is not None else None
    return manager is not None and manager.id == person.id


def can_cancel(person: Person, instance: Instance) -> bool:
    """Tell whether a person may cancel a case: its starter, the process owner, an administrator."""
    return instance.started_by_id == person.id or can_administer_process(person, instance.process)


def can_repair(person: Person, instance: Instance) -> bool:
    """Tell whether a person may suspend, resume and repair a case."""
    return can_administer_process(person, instance.process)


def can_read_version(session: Session, person: Person, version: ProcessVersion) -> bool:
    """Tell whether a person may read a diagram: whoever may start it, owners, managers."""
    if people.has_role(person, PROCESS_OWNER) or sees_everything(person):
        return True
    if version.process.owner_id == person.id:
        return True
    return can_start(session, person, version.process, version.properties)
