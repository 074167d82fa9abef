"""The inbox: what waits for whom, and deciding it."""

from __future__ import annotations

from typing import Any

from flask import g, request
from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import joinedload, selectinload

from bpm.api import present, schemas
from bpm.api.blueprint import api
from bpm.api.reading import match, page, show_revision, typed
from bpm.engine import commands as engine
from bpm.engine import permissions, search
from bpm.engine.models import Instance, Process, TaskCandidate, UserTask
from bpm.errors import NotAllowed, NotFound
from bpm.forms import queries as forms
from bpm.language import _
from bpm.people import queries as people
from bpm.people.models import Group, Membership, Person
from bpm.web.extensions import current_session
from bpm.web.request import clock


@api.operation("GET", "/tasks", result=schemas.TaskList, query=schemas.TaskQuery)
def list_tasks(query: schemas.TaskQuery) -> schemas.TaskList:
    """List tasks. ``assignee=me``: mine; ``candidate=me``: those I may take; neither: both."""
    session = current_session()
    wanted = _with_people(select(UserTask)).where(UserTask.status == query.status)
    if query.assignee:
        wanted = wanted.where(UserTask.assignee_id == _somebody(query.assignee).id)
    if query.candidate:
        wanted = wanted.where(UserTask.assignee_id.is_(None), _offered(query.candidate))
    if query.instance:
        family = select(Instance.root_id).where(Instance.public_id == query.instance)
        wanted = wanted.where(
            UserTask.instance.has(or_(Instance.public_id == query.instance, Instance.root_id.in_(family)))
        )
    if query.process:
        wanted = wanted.where(UserTask.instance.has(Instance.process.has(Process.key == query.process)))
    if query.text:
        wanted = wanted.where(search.matches(UserTask.search_text, query.text))
    if not (query.assignee or query.candidate) and not permissions.sees_everything(g.person):
        wanted = wanted.where(_mine_in(query))
    rows, following = page(session, wanted, UserTask.id, query.cursor, query.limit)
    return schemas.TaskList(items=[present.task(row) for row in rows], next=following)


def _with_people(query: Select[Any]) -> Select[Any]:
    return query.options(
        joinedload(UserTask.assignee),
        joinedload(UserTask.completed_by),
        joinedload(UserTask.on_behalf_of),
        joinedload(UserTask.instance).joinedload(Instance.process),
        selectinload(UserTask.candidates).joinedload(TaskCandidate.group),
        selectinload(UserTask.candidates).joinedload(TaskCandidate.person),
    )


def _somebody(login: str) -> Person:
    """Whose tasks are wanted; others' are for those who see everything, and for their managers."""
    session, caller = current_session(), g.person
    person = caller if login == "me" else people.person(session, login)
    if person is None:
        raise NotFound(_("There is no person “%(login)s”.", login=login))
    manager = people.manager_of(session, person)
    allowed = person.id == caller.id or permissions.sees_everything(caller) or manager == caller
    if not allowed:
        raise NotAllowed(_("You may not see the tasks of %(name)s.", name=person.name))
    return person


def _offered(to: str) -> ColumnElement[bool]:
    if to.startswith("group:"):
        key = to.removeprefix("group:")
        groups = {group.key for group in people.groups_of(current_session(), g.person)}
        if key not in groups and not permissions.sees_everything(g.person):
            raise NotAllowed(_("You are not a member of the group “%(key)s”.", key=key))
        return UserTask.candidates.any(TaskCandidate.group.has(Group.key == key))
    person = _somebody(to)
    groups_of = select(Membership.group_id).where(Membership.person_id == person.id)
    return UserTask.candidates.any(
        or_(TaskCandidate.person_id == person.id, TaskCandidate.group_id.in_(groups_of))
    )


def _mine_in(query: schemas.TaskQuery) -> ColumnElement[bool]:
    own = or_(UserTask.assignee_id == g.person.id, UserTask.completed_by_id == g.person.id, _offered("me"))
    if query.instance:
        own = or_(own, UserTask.instance.has(permissions.visible(current_session(), g.person)))
    return own


def _task(public_id: str) -> UserTask:
    session = current_session()
    row = session.scalar(_with_people(select(UserTask)).where(UserTask.public_id == public_id))
    if row is None or not permissions.can_see_task(session, g.person, row, clock().now()):
        raise NotFound(_("There is no such task, or you may not see it."))
    return row  # type: ignore[no-any-return]


def _whole(row: UserTask) -> schemas.TaskOut:
    session, person, now = current_session(), g.person, clock().now()
    session.refresh(row)
    form = forms.form(session, row.form_key) if row.form_key else None
    fields = list(form.content.get("components", [])) if form is not None else []
    may = []
    if row.status == "open":
        if row.assignee_id is None and permissions.can_claim(session, person, row):
            may.append("claim")
        if permissions.can_complete(session, person, row, now):
            may.append("complete")
        if permissions.can_delegate(session, person, row):
            may.append("delegate")
        if row.assignee_id == person.id and row.candidates:
            may.append("release")
    show_revision(row.revision)
    return present.whole_task(row, engine.task_scope(session, now, person, row), fields, may)


@api.operation("GET", "/tasks/<public_id>", result=schemas.TaskOut)
def get_task(public_id: str) -> schemas.TaskOut:
    """Return one task: its form, its buttons, the case's variables, what the caller may do."""
    row = _task(public_id)
    match(row.revision)
    return _whole(row)


def _same_revision(public_id: str) -> None:
    """Compare ``If-Match`` under the lock of the case, or the task could change until the deed."""
    if not request.if_match:
        return
    session, row = current_session(), _task(public_id)
    root = row.instance.root_id or row.instance_id
    session.execute(select(Instance.id).where(Instance.id == root).with_for_update())
    session.refresh(row, ["revision"])
    match(row.revision)
    session.expire(row)


@api.operation("POST", "/tasks/<public_id>/claim", result=schemas.TaskOut)
def claim_task(public_id: str) -> schemas.TaskOut:
    """Take a task that is offered to several; 409 names who was faster, and when."""
    _same_revision(public_id)
    return _whole(engine.claim(current_session(), clock().now(), g.person, public_id))


@api.operation("POST", "/tasks/<public_id>/release", result=schemas.TaskOut)
def release_task(public_id: str) -> schemas.TaskOut:
    """Give a taken task back to those it was offered to."""
    _same_revision(public_id)
    return _whole(engine.release(current_session(), clock().now(), g.person, public_id))


@api.operation("POST", "/tasks/<public_id>/delegate", result=schemas.TaskOut, body=schemas.DelegateIn)
def delegate_task(public_id: str, body: schemas.DelegateIn) -> schemas.TaskOut:
    """Hand a task over to a colleague."""
    _same_revision(public_id)
    row = engine.delegate(current_session(), clock().now(), g.person, public_id, body.to, body.comment)
    return _whole(row)


@api.operation("POST", "/tasks/<public_id>/complete", result=schemas.TaskSummary, body=schemas.CompleteIn)
def complete_task(public_id: str, body: schemas.CompleteIn) -> schemas.TaskSummary:
    """Decide a task: the button pressed, the form's values, a comment where the button asks for one.

    409 if somebody was faster, saying who and when; 422 names each field that needs attention.
    """
    _same_revision(public_id)
    session, person = current_session(), g.person
    row = engine.complete(
        session,
        clock().now(),
        person,
        public_id,
        body.outcome,
        typed(session, person, body.values),
        body.comment,
    )
    show_revision(row.revision)
    # nobody is offered a decided task any more, so its candidates are not read
    return present.task(row, offered=False)
