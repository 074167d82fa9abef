"""What the page of a rehearsal shows: what can happen next, what has happened, letters, papers, tokens.

Reads an opened sandbox; what it returns needs no database any more.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from bpm.designer.rehearsal import beginning, waits
from bpm.designer.rehearsal.sandbox import Sandbox
from bpm.engine import form_check
from bpm.engine.functions import World
from bpm.engine.models import Incident, Instance, UserTask
from bpm.engine.operations.incidents import cause_text
from bpm.engine.runtime.scopes import readable
from bpm.engine.tasks import commands as task_commands
from bpm.engine.timers import jobs as timers
from bpm.engine.values import RecordReference
from bpm.errors import Refusal
from bpm.files.models import StoredFile
from bpm.forms import queries as forms
from bpm.forms import render
from bpm.forms.parts import Component, Form
from bpm.forms.shown import ShownField
from bpm.history import diagram, queries, waiting
from bpm.history.names import Names
from bpm.history.sentences import Line, lines
from bpm.language import _, chosen
from bpm.notifications.models import Notice, OutgoingLetter
from bpm.people.models import Person
from bpm.people.queries import required_person
from bpm.records import queries as records
from bpm.web import moments

Pairs = list[tuple[str, str]]
_MOST_LINES = 400
_MOST_OTHERS = 200
_MOST_TEXT = 300


@dataclass(frozen=True)
class Typed:
    """What somebody typed into one of the forms of the page, shown again because it was refused.

    ``what``: the id of the task, or of the start event.
    """

    what: str = ""
    login: str = ""
    record: str = ""
    comment: str = ""
    entries: Mapping[str, Any] | None = None
    errors: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Asked:
    """A form that can be sent: of a task, or of a start. ``buttons``: key, words, look."""

    id: str
    title: str
    note: str
    people: Pairs
    login: str
    shown: list[ShownField] = field(default_factory=list)
    moving: bool = False
    has_files: bool = False
    errors: Mapping[str, str] = field(default_factory=dict)
    buttons: list[tuple[str, str, str]] = field(default_factory=list)
    comment: str = ""
    takes_comment: bool = False
    records: Pairs = field(default_factory=list)
    record: str = ""
    needs_record: bool = False
    others: Pairs = field(default_factory=list)


@dataclass(frozen=True)
class Next:
    """A button with words: something that may happen. ``deed`` and ``value`` are sent."""

    deed: str
    value: str
    words: str
    button: str
    details: Pairs = field(default_factory=list)
    more: Pairs = field(default_factory=list)


@dataclass(frozen=True)
class Paper:
    """A letter that would go out, or a line under somebody's bell. ``id``: ``letter-1``, ``bell-1``."""

    id: str
    whom: str
    subject: str
    text: str
    at: datetime


@dataclass
class View:
    """Everything that the page shows."""

    now: datetime
    started: bool
    ended: str
    starts: list[Asked]
    tasks: list[Asked]
    coming: list[Next]
    arrivals: list[Next]
    calls: list[Next]
    troubles: list[Next]
    story: list[Line]
    papers: list[Paper]
    files: Sequence[tuple[str, str, int]]
    state: str


def of(sandbox: Sandbox, key: str, actor: str, typed: Typed | None = None) -> View:
    """Return what the page shows.

    Args:
        actor: log-in name of who rehearses; he reads the forms of tasks that nobody holds.
    """
    with sandbox.database.reading() as session:
        return _Reader(session, sandbox.now, key, actor, typed or Typed()).view()


class _Reader:
    def __init__(self, session: Session, now: datetime, key: str, actor: str, typed: Typed) -> None:
        self._session, self._now, self._key = session, now, key
        self._actor, self._typed = actor, typed
        self._waits = waits.read(session, now)
        self._names: dict[int, Names] = {}

    def view(self) -> View:
        cases = self._session.scalars(select(Instance).order_by(Instance.id)).all()
        mine = next((one for one in cases if one.version.process_key == self._key), None)
        return View(
            now=self._now,
            started=bool(cases),
            ended=self._ended(mine) if mine is not None else "",
            starts=[] if cases else self._starts(),
            tasks=[self._task(task) for task in self._waits.tasks],
            coming=self._coming(),
            arrivals=self._arrivals(),
            calls=self._calls(),
            troubles=self._troubles(),
            story=self._story(cases),
            papers=self._papers(),
            files=self._files(),
            state=json.dumps(self._state(mine) if mine is not None else {}),
        )

    # --- beginning -------------------------------------------------------------------------------

    def _starts(self) -> list[Asked]:
        version = beginning.version_of(self._session, self._key)
        allowed = waits.starters(self._session, version)
        people = [(one.login, one.name) for one in allowed]
        found = []
        for event in version.properties.get("start_events") or ():
            typed = self._typed if self._typed.what == event["id"] else Typed()
            mine = [one for one, _name in people if one == self._actor]  # oneself, where that is allowed
            login = typed.login or next(iter(mine or dict(people)), "")
            asked = Asked(event["id"], "", "", people, login, errors=typed.errors)
            if event["kind"] == "none":
                self._fill_start(asked, typed, version.properties, event)
            else:
                asked.title = _("“%(event)s” happens", event=event.get("name") or event["id"])
                asked.buttons = [("start_at", _("Let it happen"), "primary")]
            found.append(asked)
        return found

    def _fill_start(
        self, asked: Asked, typed: Typed, properties: Mapping[str, Any], event: Mapping[str, Any]
    ) -> None:
        begins = properties.get("start") or {}
        asked.title = _("Begin a case")
        asked.buttons = [("start", chosen(begins.get("button")) or _("Begin"), "primary")]
        asked.records = self._records(properties)
        asked.needs_record = bool(beginning.record_types(properties))
        known = [one for one, _title in asked.records]
        asked.record = typed.record if typed.record in known else (known[0] if known else "")
        form = self._form(begins.get("form") or event.get("form"))
        if form is None or not asked.login:
            return
        current: dict[str, Any] = {"initiator": asked.login}
        if asked.record:
            record = records.stored(self._session, asked.record)
            if record is not None:
                reference = RecordReference(record.type.key, record.public_id)
                current[record.type.key] = readable(reference, World(self._session, self._now))
        self._draw(asked, form, current, typed, None)

    def _records(self, properties: Mapping[str, Any]) -> Pairs:
        stages = (properties.get("start") or {}).get("record_stages") or ()
        person = required_person(self._session, self._actor)
        found = []
        for kind in beginning.record_types(properties):
            name = records.schema(self._session, kind).name
            rows = records.listing(self._session, person, kind, per_page=100).rows
            found += [
                (one.public_id, f"{name}: {one.title}") for one in rows if not stages or one.stage in stages
            ]
        return found

    # --- tasks -----------------------------------------------------------------------------------

    def _task(self, task: UserTask) -> Asked:
        typed = self._typed if self._typed.what == task.public_id else Typed()
        able = waits.actors(self._session, self._now, task)
        people = [(one.login, one.name) for one in able]
        logins = [login for login, _name in people]
        login = typed.login or (logins[0] if logins else "")
        asked = Asked(
            task.public_id, chosen(task.titles), self._holder(task), people, login,
            errors=typed.errors, comment=typed.comment,
        )  # fmt: skip
        asked.others = self._others(logins)
        asked.buttons, comments = _buttons(task)
        asked.takes_comment = any(one != "none" for one in comments)
        form = self._form(task.form_key)
        if form is not None:
            self._draw(asked, form, self._scope(task, login), typed, task.instance_id)
        return asked

    def _holder(self, task: UserTask) -> str:
        sentence = waiting.for_task(task, self._now)
        return sentence.text

    def _others(self, logins: list[str]) -> Pairs:
        everybody = select(Person.login, Person.name).where(Person.active).order_by(Person.name)
        everybody = everybody.limit(_MOST_OTHERS)
        return [(login, name) for login, name in self._session.execute(everybody) if login not in logins]

    def _scope(self, task: UserTask, login: str) -> Mapping[str, Any]:
        try:
            person = required_person(self._session, login or self._actor)
            return task_commands.task_scope(self._session, self._now, person, task)
        except Refusal:
            return {}

    def _form(self, key: str | None) -> Form | None:
        try:
            return forms.form(self._session, key) if key else None
        except Refusal:
            return None

    def _draw(
        self, asked: Asked, form: Form, current: Mapping[str, Any], typed: Typed, instance_id: int | None
    ) -> None:
        person = required_person(self._session, asked.login or self._actor)
        asked.shown = render.fields(
            form,
            typed.entries,
            typed.errors,
            form_check.choices_for(self._session, self._now, person, instance_id),
            current=current,
            functions=World(self._session, self._now).functions,
            now=self._now,
        )
        asked.moving = any(_moves(one) for one in form.components)
        asked.has_files = any(one.type == "filepicker" and one.readonly is not True for one in form.fields())

    # --- time, messages, services, failures ------------------------------------------------------

    def _coming(self) -> list[Next]:
        words = {
            timers.REMINDER: _("A reminder goes out"),
            timers.ESCALATION: _("Somebody is told that it is late"),
            timers.SERVICE: _("What has failed is tried again"),
        }
        found = [
            Next(
                "skip",
                one.at.isoformat(),
                words.get(one.kind) or _("“%(step)s”", step=self._of(one.instance_id, one.element)),
                _("Skip to %(when)s", when=moments.whole(one.at)),
            )
            for one in self._waits.coming
            if one.kind in (timers.TIMER, *words) and one.at > self._now
        ]
        return list({(one.value, one.words): one for one in found}.values())  # at one moment: one skip

    def _arrivals(self) -> list[Next]:
        return [
            Next(
                "send", str(one.id), self._of(one.instance_id, one.element),
                _("Pretend that the signal “%(name)s” arrives", name=one.name) if one.kind == "signal"
                else _("Pretend that the message “%(name)s” arrives", name=one.name),
            )
            for one in self._waits.arrivals
        ]  # fmt: skip

    def _calls(self) -> list[Next]:
        return [
            Next(
                "answer",
                f"{one.instance_id}:{one.token}",
                self._of(one.instance_id, one.element),
                _("It answers"),
                [(name, self._shown(one.instance_id, value)) for name, value in one.inputs.items()],
                [(code, _("It ends with the error %(code)s", code=code)) for code in one.codes],
            )
            for one in self._waits.calls
        ]

    def _shown(self, instance_id: int, value: Any) -> str:
        return self._names_of(instance_id).value(value)[:_MOST_TEXT]

    def _troubles(self) -> list[Next]:
        return [
            Next(
                "retry", one.public_id,
                f"{self._of(one.instance_id, one.element)}: {cause_text(one.cause)}".removeprefix(": "),
                _("Try again"),
            )
            for one in self._waits.incidents
        ]  # fmt: skip

    # --- what has happened -----------------------------------------------------------------------

    def _ended(self, case: Instance) -> str:
        if case.ended_at is None:
            return ""
        name = self._names_of(case.id).end(case.outcome)
        return _("The case has ended: %(end)s.", end=name) if name else _("The case has ended.")

    def _story(self, cases: Sequence[Instance]) -> list[Line]:
        found: list[tuple[datetime, int, int, Line]] = []
        for case in cases:
            events = queries.events(self._session, case, last=_MOST_LINES)
            told = lines(events, self._names_of(case.id))
            found += [(line.at, case.id, number, line) for number, line in enumerate(told)]
        found.sort(key=lambda one: one[:3], reverse=True)
        for number, (_at, _case, _number, line) in enumerate(found):
            line.seq = len(found) - number  # of several cases: told apart in the page
        return [line for _at, _case, _number, line in found]

    def _papers(self) -> list[Paper]:
        letters = self._session.scalars(select(OutgoingLetter).order_by(OutgoingLetter.id)).all()
        notices = self._session.scalars(
            select(Notice).options(joinedload(Notice.person)).order_by(Notice.id)
        ).all()
        found = [
            Paper(f"letter-{one.id}", one.recipient, one.subject, one.text, one.created_at) for one in letters
        ]
        found += [
            Paper(f"bell-{one.id}", one.person.name, chosen(one.texts), "", one.created_at) for one in notices
        ]
        return sorted(found, key=lambda one: one.at)[::-1]

    def _files(self) -> list[tuple[str, str, int]]:
        # what people have sent along has a sender
        made = select(StoredFile).where(
            StoredFile.instance_id.is_not(None), StoredFile.created_by_id.is_(None)
        )
        made = made.order_by(StoredFile.id)
        return [(one.public_id, one.name, one.size) for one in self._session.scalars(made)]

    def _state(self, case: Instance) -> dict[str, Any]:
        names = self._names_of(case.id)
        events = queries.events(self._session, case, kinds=diagram.KINDS)
        incidents = self._session.scalars(select(Incident).where(Incident.instance_id == case.id)).all()
        standing = waiting.of_case(self._session, self._now, case, names)
        return {**diagram.state(case, events, incidents, standing, names), "notes": {}}

    def _of(self, instance_id: int | None, element: str | None) -> str:
        return self._names_of(instance_id).element(element) if instance_id is not None else ""

    def _names_of(self, instance_id: int) -> Names:
        if instance_id not in self._names:
            self._names[instance_id] = Names(self._session, self._session.get_one(Instance, instance_id))
        return self._names[instance_id]


def _buttons(task: UserTask) -> tuple[list[tuple[str, str, str]], list[str]]:
    """The buttons of a task, the first positive one leading, and whether each takes a comment."""
    if not task.outcomes:
        return [("", _("Done"), "primary")], ["optional"]
    leading = next((one["key"] for one in task.outcomes if one.get("tone") == "positive"), None)
    found = []
    for one in task.outcomes:
        look = "primary" if one["key"] == leading else ("negative" if one.get("tone") == "negative" else "")
        found.append((one["key"], chosen(one.get("labels"), one["key"]), look))
    return found, [one.get("comment") or "optional" for one in task.outcomes]


def _moves(component: Component) -> bool:
    return bool(component.hide) or any(_moves(one) for one in component.components)
