"""Everything that a task's card shows, read for one person at one moment.

Decides nothing: what is allowed is asked of ``engine.permissions``, what is valid of the engine.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask import url_for
from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from bpm.engine import form_check, permissions
from bpm.engine.functions import World
from bpm.engine.models import Comment, Instance, UserTask
from bpm.engine.tasks.commands import task_scope
from bpm.errors import NotFound, Refusal
from bpm.files.models import StoredFile
from bpm.files.queries import files_of
from bpm.forms import queries as forms
from bpm.forms import render
from bpm.forms.parts import Form
from bpm.forms.shown import ShownField
from bpm.history import queries as history
from bpm.history.names import Names
from bpm.history.sentences import Line, lines
from bpm.history.steps import record_of
from bpm.inbox import queries
from bpm.language import _, chosen
from bpm.people.models import Person
from bpm.web import moments

_MOST_LINES = 6
_EVENTS_READ = 120
DONE = "done"


@dataclass(frozen=True)
class OutcomeButton:
    """One button of a decision. ``kind``: how it looks."""

    key: str
    label: str
    kind: str
    comment: str


@dataclass(frozen=True)
class Closed:
    """Why nothing can be decided here any more, and what to do next."""

    text: str
    advice: str
    kind: str = "done"
    comment: str = ""
    case_id: str = ""


@dataclass
class Card:
    """A task as one person sees it."""

    task: UserTask
    title: str
    asked: str
    process_name: str
    help: str = ""
    form: Form | None = None
    shown: list[ShownField] = field(default_factory=list)
    moving: bool = False
    outcomes: list[OutcomeButton] = field(default_factory=list)
    errors: Mapping[str, str] = field(default_factory=dict)
    comment: str = ""
    comment_error: str = ""
    draft_at: datetime | None = None
    may_complete: bool = False
    may_claim: bool = False
    may_release: bool = False
    may_delegate: bool = False
    colleagues: Sequence[tuple[str, str]] = ()
    facts: list[tuple[str, Any]] = field(default_factory=list)
    comments: Sequence[Comment] = ()
    files: Sequence[StoredFile] = ()
    sentences: list[Line] = field(default_factory=list)

    @property
    def all_errors(self) -> dict[str, str]:
        """Errors by the name of their control, that of the comment box among them."""
        return {**self.errors, **({"task.comment": self.comment_error} if self.comment_error else {})}

    @property
    def takes_comment(self) -> bool:
        """Whether any button takes a comment; a task without buttons does."""
        return not self.outcomes or any(one.comment != "none" for one in self.outcomes)

    @property
    def always_comment(self) -> bool:
        """Whether every button needs a comment."""
        return bool(self.outcomes) and all(one.comment == "required" for one in self.outcomes)

    @property
    def comment_hint(self) -> str:
        """Which buttons need a comment."""
        needed = [one.label for one in self.outcomes if one.comment == "required"]
        return _("needed for: %(buttons)s", buttons=", ".join(needed)) if needed else _("optional")


def task_for(session: Session, now: datetime, person: Person, public_id: str) -> UserTask:
    """Return a task that the person may see.

    Raises:
        NotFound: there is none, or he may not know of it.
    """
    found = session.scalar(
        select(UserTask)
        .where(UserTask.public_id == public_id)
        .options(
            joinedload(UserTask.instance).joinedload(Instance.process),
            joinedload(UserTask.instance).joinedload(Instance.started_by),
            joinedload(UserTask.assignee),
            joinedload(UserTask.original_assignee),
            joinedload(UserTask.completed_by),
        )
    )
    if found is None or not permissions.can_see_task(session, person, found, now):
        raise NotFound(_("There is no such task, or it is not yours to see."))
    return found


def form_of(session: Session, task: UserTask) -> Form | None:
    """Return the form of a task; None if it has none or it can no longer be read."""
    try:
        return forms.form(session, task.form_key) if task.form_key else None
    except Refusal:
        return None


def card_of(
    session: Session,
    now: datetime,
    person: Person,
    task: UserTask,
    *,
    entries: Mapping[str, Any] | None = None,
    comment: str | None = None,
    errors: Mapping[str, str] | None = None,
) -> Card:
    """Return the card of a task.

    Args:
        entries: what was typed just now; without it the person's draft is shown.
        errors: by control name; that of the comment box is ``comment``.
    """
    instance, wrong = task.instance, dict(errors or {})
    names = Names(session, instance)
    card = Card(
        task=task,
        title=chosen(task.titles),
        asked=asked(task, now),
        process_name=chosen(instance.process.names, instance.process.key),
        comment_error=wrong.pop("comment", ""),
        errors=wrong,
    )
    _put_rights(session, now, person, card)
    _put_entries(session, person, card, entries, comment)
    _put_form(session, now, person, card, entries)
    _put_case(session, card, names)
    return card


def shown_fields(
    session: Session,
    now: datetime,
    person: Person,
    task: UserTask,
    form: Form,
    entries: Mapping[str, Any] | None,
    errors: Mapping[str, str],
    readonly: bool = False,
) -> list[ShownField]:
    """Return the fields of a task's form, ready to be drawn."""
    return render.fields(
        form,
        entries,
        errors,
        form_check.choices_for(session, now, person, task.instance_id),
        current=_scope(session, now, person, task),
        functions=World(session, now).functions,
        now=now,
        readonly=readonly,
    )


def _scope(session: Session, now: datetime, person: Person, task: UserTask) -> Mapping[str, Any]:
    try:
        return task_scope(session, now, person, task)
    except Refusal:
        return {}


def asked(task: UserTask, now: datetime) -> str:
    """Say who asked for this, when, and who else holds it."""
    starter = task.instance.started_by
    if starter is not None:
        text = _("Asked by %(person)s %(when)s", person=starter.name, when=moments.ago(task.created_at, now))
    else:
        text = _("Here %(when)s", when=moments.since(task.created_at, now))
    original = task.original_assignee
    if original is not None and original.id != task.assignee_id:
        text += " · " + _("in place of %(person)s", person=original.name)
    return text


def buttons(task: UserTask) -> list[OutcomeButton]:
    """Return the buttons of a task: the first positive one is the primary; none drawn means Done."""
    if not task.outcomes:
        return [OutcomeButton(DONE, _("Done"), "primary", "optional")]
    found: list[OutcomeButton] = []
    leading = next((one["key"] for one in task.outcomes if one.get("tone") == "positive"), None)
    for one in task.outcomes:
        kind = "primary" if one["key"] == leading else ("negative" if one.get("tone") == "negative" else "")
        label = chosen(one.get("labels"), one["key"])
        found.append(OutcomeButton(one["key"], label, kind, one.get("comment") or "optional"))
    return found


def _put_rights(session: Session, now: datetime, person: Person, card: Card) -> None:
    task = card.task
    card.may_complete = permissions.can_complete(session, person, task, now)
    card.may_claim = permissions.can_claim(session, person, task)
    card.may_release = task.status == "open" and task.assignee_id == person.id and task.claimed_at is not None
    card.may_delegate = permissions.can_delegate(session, person, task)
    card.outcomes = buttons(task)
    if card.may_delegate:
        card.colleagues = [(one.login, one.name) for one in queries.colleagues(session, person)]


def _put_entries(
    session: Session, person: Person, card: Card, entries: Mapping[str, Any] | None, comment: str | None
) -> None:
    card.comment = comment or ""
    if entries is not None or not card.may_complete:
        return
    kept = queries.draft(session, card.task, person)
    if kept is not None:
        card.draft_at = kept.saved_at
        card.comment = str(kept.values.get("comment") or "")


def _put_form(
    session: Session, now: datetime, person: Person, card: Card, entries: Mapping[str, Any] | None
) -> None:
    card.form = form_of(session, card.task)
    if card.form is None:
        return
    if entries is None and card.draft_at is not None:
        kept = queries.draft(session, card.task, person)
        entries = kept.values.get("values") if kept is not None else None
    readonly = not card.may_complete
    card.shown = shown_fields(session, now, person, card.task, card.form, entries, card.errors, readonly)
    card.moving = any(one.moves for one in card.form.components)


def _put_case(session: Session, card: Card, names: Names) -> None:
    task, instance = card.task, card.task.instance
    element = names.definition.elements.get(task.element) if names.definition else None
    card.help = chosen(element.extensions.get("help")) if element and element.extensions.get("help") else ""
    link = Markup('<a href="{}">{}</a>')
    address = url_for("history.case", public_id=instance.public_id)
    card.facts.append((_("Case"), link.format(address, chosen(instance.titles) or card.process_name)))
    record = record_of(session, instance)
    if record is not None:
        address = url_for("records.card", type_key=record.type.key, public_id=record.public_id)
        card.facts.append((_("Record"), link.format(address, record.title)))
    card.comments = history.comments(session, instance)
    card.files = files_of(session, instance_id=instance.id)
    events = history.events(session, instance, last=_EVENTS_READ)
    card.sentences = list(reversed(lines(events, names)))[:_MOST_LINES]


def why_closed(session: Session, now: datetime, person: Person, task: UserTask) -> Closed | None:
    """Say why this task is not the person's to decide any more; None while it is his, or open to him."""
    words = {"when": moments.ago(task.ended_at or task.claimed_at or task.created_at, now)}
    case_id = task.instance.public_id
    if task.status == "completed":
        who = task.completed_by.name if task.completed_by is not None else _("The program")
        label = next((one.label for one in buttons(task) if one.key == task.outcome), "")
        if task.completed_by_id == person.id:
            text = _("You decided this %(when)s: %(outcome)s.", outcome=label, **words)
        else:
            text = _("%(person)s decided this %(when)s: %(outcome)s.", person=who, outcome=label, **words)
        return Closed(text, _("Nothing is left for you to do here."), "done", _said(session, task), case_id)
    if task.status == "withdrawn":
        return Closed(
            _withdrawn(task, words["when"]), _("Nothing is left for you to do here."), "idle", "", case_id
        )
    if task.instance.status == "suspended":
        return Closed(
            _("The case is paused."),
            _("You can decide as soon as it goes on; what you typed is kept as a draft."),
            "waiting",
            "",
            case_id,
        )
    if task.assignee is not None and not permissions.can_complete(session, person, task, now):
        if task.claimed_at is not None and permissions.is_candidate(session, person, task.id):
            text = _(
                "%(person)s took this task %(when)s.",
                person=task.assignee.name,
                when=moments.ago(task.claimed_at, now),
            )
            return Closed(text, _("It is in good hands; look for another one."), "done", "", case_id)
        return Closed(
            _("This task is %(person)s's to decide.", person=task.assignee.name),
            _("You may read along and comment."),
            "idle",
            "",
            case_id,
        )
    return None


def _withdrawn(task: UserTask, when: str) -> str:
    if task.ended_because == "decided" and task.completed_by is not None:
        return _("No longer needed: %(person)s decided %(when)s.", person=task.completed_by.name, when=when)
    if task.ended_because == "timer":
        return _("The time for this task ran out %(when)s.", when=when)
    if task.ended_because == "cancelled":
        return _("The case was stopped %(when)s.", when=when)
    return _("This task was withdrawn %(when)s, because the case went on without it.", when=when)


def _said(session: Session, task: UserTask) -> str:
    query = select(Comment.text).where(Comment.task_id == task.id, Comment.author_id == task.completed_by_id)
    return session.scalar(query.order_by(Comment.id.desc()).limit(1)) or ""


def notice(task: UserTask, person: Person) -> str:
    """Say who else sees an open task, so that nobody is surprised."""
    if task.assignee_id is not None:
        return ""
    others = [
        one.person.name for one in task.candidates if one.person is not None and one.person_id != person.id
    ]
    groups = [chosen(one.group.names, one.group.key) for one in task.candidates if one.group is not None]
    if not others and not groups:
        return ""
    return _(
        "Others see this task too: %(people)s. The first press counts.", people=", ".join([*groups, *others])
    )
