"""What people do with user tasks: take, give back, give to another, decide.

Owns the rights of these deeds and the answer to somebody who came second. The rows are written
by ``tasks/rows.py``, the case is moved by ``work.py``.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import insert
from sqlalchemy.orm import Session

from bpm.db import new_public_id
from bpm.engine import events, form_check, permissions
from bpm.engine.models import UserTask
from bpm.engine.runtime.outside import Wait
from bpm.engine.tables import COMMENT, connection_of
from bpm.engine.tasks import rows as user_tasks
from bpm.engine.tasks.answers import gone, taken
from bpm.engine.unit import SUSPENDED, Unit
from bpm.engine.work import Work, working
from bpm.errors import Conflict, Invalid, NotAllowed, NotFound
from bpm.language import _
from bpm.people import queries as people
from bpm.people.models import Person

_LONGEST_COMMENT = 20_000
# the outcome of a task that has no buttons of its own
DONE = "done"


class _Right(NamedTuple):
    """By what right somebody acts: for himself, or on behalf of whoever is away."""

    on_behalf_of_id: int | None = None


def complete(
    session: Session,
    now: datetime,
    actor: Person | None,
    task_public_id: str,
    outcome: str | None = None,
    values: Mapping[str, Any] | None = None,
    comment: str = "",
    on_behalf_of: str | None = None,
) -> UserTask:
    """Decide a task and let the case go on.

    A task that is offered to several is taken by deciding it. Sets the variables of the form, the
    outcome's variable with ``…_by``, ``…_at``, ``…_comment``, and the vote if one is taken.

    Args:
        actor: who decides; None: the program (tests, migrations).
        outcome: key of the button; left out where the task has none.
        values: entries of the form; without a form, any values a variable can hold.
        on_behalf_of: login of the absent person for whom he acts; checked if given.

    Raises:
        NotFound: there is no such task for the actor.
        NotAllowed: he may see it, but not decide it.
        Conflict: it is decided, withdrawn, taken by another, or its case is suspended;
            ``details`` hold ``by``, ``name``, ``at``, ``outcome``.
        Invalid: outcome, comment or a field is wrong.
    """
    task = user_tasks.read(session, task_public_id)
    with working(session, now, actor, task.root_id) as work:
        unit = work.unit(task.instance_id)
        if unit.row.revision != task.instance_revision:
            task = user_tasks.read(session, task_public_id)  # somebody was faster
        right = _right_to_decide(work, actor, task)
        _check_active(unit)
        behalf_id = _agreed_behalf(work, right, on_behalf_of)
        chosen_outcome = _chosen_outcome(task, outcome)
        said = _said(chosen_outcome, comment)
        key = str(chosen_outcome["key"]) if chosen_outcome else (DONE if not task.outcomes else None)
        given = form_check.checked_values(
            session,
            work.world,
            actor,
            task.form_key,
            values or {},
            current=lambda: _scope_of(unit, task.token),
            outcome=key,
            instance_id=task.instance_id,
        )
        _decide(work, unit, task, actor, behalf_id, key, said, given)
        new = user_tasks.write_completed(
            session, task, outcome=key, now=now, actor_id=work.actor_id, on_behalf_of_id=behalf_id
        )
    return user_tasks.as_object(session, task, new, unit.row)


def _decide(
    work: Work,
    unit: Unit,
    task: Any,
    actor: Person | None,
    behalf_id: int | None,
    key: str | None,
    said: str,
    given: dict[str, Any],
) -> None:
    """Move the case: variables, history, and whatever follows."""
    unit.actor_id, unit.on_behalf_of_id = work.actor_id, behalf_id
    behalf = work.directory.by_id(behalf_id).login if behalf_id is not None else None
    unit.record(
        "task_completed", task.element,
        task=task.public_id, outcome=key, comment=said or None, on_behalf_of=behalf,
    )  # fmt: skip
    login = actor.login if actor is not None else None
    variables = {**given, **_outcome_variables(unit, task, key, said, login, behalf, work.now, given)}
    if given:
        form_check.keep_files(work.session, work.now, unit.id, task.id, given)
    if said and actor is not None:
        connection_of(work.session).execute(
            insert(COMMENT),
            {
                "public_id": new_public_id(), "instance_id": unit.id, "task_id": task.id,
                "author_id": actor.id, "text": said, "at": work.now,
            },
        )  # fmt: skip
    unit.settled.add(task.token)
    unit.run.complete(task.token, variables, work.now)
    work.forget_terms(task)
    work.resolve_incidents(unit, "done", tokens=[task.token])
    work.why_withdrawn = "decided"
    work.tell(
        events.TASK_COMPLETED, unit,
        task_id=task.id, task_public_id=task.public_id, data={"outcome": key, "comment": said},
    )  # fmt: skip
    work.go_on(unit)


def _outcome_variables(
    unit: Unit,
    task: Any,
    key: str | None,
    said: str,
    login: str | None,
    behalf: str | None,
    now: datetime,
    given: Mapping[str, Any],
) -> dict[str, Any]:
    if not task.outcomes:
        return {}
    extensions = unit.definition.elements[task.element].extensions
    name = extensions.get("outcome_variable") or "outcome"
    vote = extensions.get("vote_variable")
    found: dict[str, Any] = {
        name: key,
        f"{name}_by": login,
        f"{name}_at": now,
        f"{name}_comment": said or None,
    }
    if vote:
        found[vote] = {
            "who": login, "on_behalf_of": behalf, "decision": key, "comment": said or None,
            "file": form_check.first_file(given), "at": now,
        }  # fmt: skip
    return found


def claim(session: Session, now: datetime, actor: Person, task_public_id: str) -> UserTask:
    """Take a task that is offered to several. Taking it twice does nothing.

    Raises:
        NotFound, NotAllowed: it is not offered to the actor.
        Conflict: somebody took or decided it before; ``details`` hold ``by``, ``name``, ``at``.
    """
    task = user_tasks.read(session, task_public_id)
    with working(session, now, actor, task.root_id) as work:
        unit = work.unit(task.instance_id)
        task = user_tasks.read(session, task_public_id)
        _check_open(work, actor, task)
        if task.assignee_id == actor.id:
            return session.get_one(UserTask, task.id)
        if not permissions.is_candidate(session, actor, task.id):
            raise _not_yours(work, actor, task)
        if task.assignee_id is not None:
            raise taken(work.session, task)
        _check_own_request(actor, task)
        _check_active(unit)
        user_tasks.set_holder(
            session,
            task,
            assignee_id=actor.id,
            original_id=task.original_assignee_id,
            claimed_at=now,
            offered=False,
        )
        unit.actor_id = actor.id
        unit.record("task_claimed", task.element, task=task.public_id)
        work.tell(events.TASK_ASSIGNED, unit, task_id=task.id, data={"how": "claimed"})
    return session.get_one(UserTask, task.id)


def release(session: Session, now: datetime, actor: Person, task_public_id: str) -> UserTask:
    """Give a taken task back to everybody it was offered to.

    Raises:
        NotFound, NotAllowed: the actor does not hold it.
        Conflict: it is decided already.
        Invalid: it was never offered to several.
    """
    task = user_tasks.read(session, task_public_id)
    with working(session, now, actor, task.root_id) as work:
        unit = work.unit(task.instance_id)
        task = user_tasks.read(session, task_public_id)
        _check_open(work, actor, task)
        if task.assignee_id != actor.id and not people.is_administrator(actor):
            raise _not_yours(work, actor, task)
        if task.claimed_at is None:
            raise Invalid(
                _("This task was given to one person. Give it to another instead of giving it back.")
            )
        _check_active(unit)
        user_tasks.set_holder(
            session, task, assignee_id=None, original_id=None, claimed_at=None, offered=True
        )
        unit.actor_id = actor.id
        unit.record("task_released", task.element, task=task.public_id)
    return session.get_one(UserTask, task.id)


def delegate(
    session: Session, now: datetime, actor: Person | None, task_public_id: str, login: str, comment: str = ""
) -> UserTask:
    """Give a task to another person; also how an administrator fills a task that has nobody.

    Raises:
        NotFound, NotAllowed: the actor is neither holder, his manager, process owner nor administrator.
        Conflict: it is decided already.
        Invalid: there is no such active person, or he would decide on his own request.
    """
    task = user_tasks.read(session, task_public_id)
    with working(session, now, actor, task.root_id) as work:
        unit = work.unit(task.instance_id)
        task = user_tasks.read(session, task_public_id)
        _check_open(work, actor, task)
        if actor is not None:
            held = session.get_one(UserTask, task.id)
            if not permissions.can_delegate(session, actor, held):
                raise _not_yours(work, actor, task)
        new = people.person(session, login)
        if new is None or not new.active:
            raise Invalid(_("There is no active person “%(login)s”.", login=login), errors={"person": login})
        _check_own_request(new, task)
        _check_active(unit)
        user_tasks.set_holder(
            session, task, assignee_id=new.id, original_id=task.original_assignee_id,
            claimed_at=None if task.assignee_id is not None else task.claimed_at, offered=False,
        )  # fmt: skip
        unit.actor_id = work.actor_id
        unit.record(
            "task_delegated", task.element, task=task.public_id, to=new.login, comment=comment or None
        )
        work.resolve_incidents(unit, "assigned", tokens=[task.token], kind="assignment")
        work.tell(events.TASK_ASSIGNED, unit, task_id=task.id, data={"how": "delegated"})
    return session.get_one(UserTask, task.id)


# --- rights and answers ---------------------------------------------------------------------------


def _right_to_decide(work: Work, actor: Person | None, task: Any) -> _Right:
    _check_open(work, actor, task)
    if actor is None:
        return _Right()
    if not actor.active:
        raise NotAllowed(_("Your account is switched off."))
    session = work.session
    if task.assignee_id == actor.id:
        _check_own_request(actor, task)
        own = permissions.on_own_request(task.original_assignee_id, task, task.started_by_id)
        return _Right(None if own else task.original_assignee_id)
    if task.original_assignee_id == actor.id:
        _check_own_request(actor, task)
        return _Right()
    offered = permissions.is_candidate(session, actor, task.id)
    if offered and task.assignee_id is None:
        _check_own_request(actor, task)
        return _Right()
    if permissions.stands_in_for(session, actor, task.assignee_id, work.now):
        _check_own_request(actor, task)
        return _Right(task.assignee_id)
    if offered:
        raise taken(work.session, task)
    raise _not_yours(work, actor, task)


def _check_open(work: Work, actor: Person | None, task: Any) -> None:
    if task.status == user_tasks.OPEN:
        return
    if actor is not None:
        held = work.session.get_one(UserTask, task.id)
        if not permissions.can_see_task(work.session, actor, held, work.now):
            raise NotFound(_("There is no such task."))
    raise gone(work.session, task)


def _not_yours(work: Work, actor: Person | None, task: Any) -> NotFound | NotAllowed:
    held = work.session.get_one(UserTask, task.id)
    if actor is not None and permissions.can_see_task(work.session, actor, held, work.now):
        return NotAllowed(_("This task is not yours to decide."))
    return NotFound(_("There is no such task."))


def _check_own_request(actor: Person | None, task: Any) -> None:
    if actor is not None and permissions.on_own_request(actor.id, task, task.started_by_id):
        raise NotAllowed(_("Nobody decides on his own request."))


def _check_active(unit: Unit) -> None:
    if unit.row.status == SUSPENDED:
        raise Conflict(_("The case is suspended. An administrator can let it go on."))
    if unit.ended:
        raise Conflict(_("The case has ended already."))


def _agreed_behalf(work: Work, right: _Right, login: str | None) -> int | None:
    """Check the person on whose behalf somebody says he acts."""
    if login is None:
        return right.on_behalf_of_id
    person = work.directory.person(login)
    if person is None or person.id != right.on_behalf_of_id:
        raise NotAllowed(_("You do not stand in for %(login)s in this task.", login=login))
    return person.id


def _chosen_outcome(task: Any, key: str | None) -> Mapping[str, Any] | None:
    if not task.outcomes:
        if key not in (None, "", DONE):
            raise Invalid(_("This task has no decision “%(key)s”.", key=key), errors={"outcome": key})
        return None
    for outcome in task.outcomes:
        if outcome["key"] == key:
            return dict(outcome)
    known = ", ".join(str(outcome["key"]) for outcome in task.outcomes)
    text = _("Choose one of the decisions: %(keys)s.", keys=known)
    raise Invalid(text, errors={"outcome": text})


def _said(outcome: Mapping[str, Any] | None, comment: str) -> str:
    said = comment.strip().replace("\x00", "")
    wanted = (outcome or {}).get("comment") or "optional"
    if wanted == "required" and not said:
        text = _("Write a comment: this decision needs one.")
        raise Invalid(text, errors={"comment": text})
    if len(said) > _LONGEST_COMMENT:
        text = _("The comment is longer than %(limit)s characters.", limit=_LONGEST_COMMENT)
        raise Invalid(text, errors={"comment": text})
    return "" if wanted == "none" else said


def waiting_task(unit: Unit, token: str) -> Wait | None:
    """Return the wait of an open task."""
    return next((wait for wait in unit.run.waiting() if wait.token == token), None)


def _scope_of(unit: Unit, token: str) -> Mapping[str, Any]:
    wait = waiting_task(unit, token)
    return wait.scope if wait is not None else {}


def task_scope(session: Session, now: datetime, actor: Person | None, task: UserTask) -> Mapping[str, Any]:
    """Return the variables that are visible at a task, for its page; reads only.

    Raises:
        NotFound: the actor may not see the task.
    """
    if actor is not None and not permissions.can_see_task(session, actor, task, now):
        raise NotFound(_("There is no such task."))
    unit = Work(session, now, actor, None).unit(task.instance_id)
    wait = waiting_task(unit, task.token) if unit.row.state is not None else None
    return wait.scope if wait is not None else unit.run.variables()
