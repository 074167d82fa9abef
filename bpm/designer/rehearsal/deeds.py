"""What the buttons of the page do: reads what was sent, and does it in the sandbox."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bpm import feel
from bpm.designer.rehearsal import beginning, view
from bpm.designer.rehearsal.sandbox import Sandbox
from bpm.engine.models import UserTask
from bpm.engine.values import FileReference, RecordReference
from bpm.errors import Conflict, Invalid
from bpm.feel import FeelError
from bpm.forms import queries as forms
from bpm.forms import submission
from bpm.forms.parts import Form
from bpm.forms.submission import MultiValues
from bpm.language import _, chosen
from bpm.people.queries import required_person
from bpm.records import queries as records
from bpm.web import moments

LOGIN, COMMENT, RECORD, SAMPLE = "rehearsal.as", "task.comment", "start.record", "rehearsal.sample"
# of a file that is only tried out, more need not be kept
_MOST_KEPT = 100_000
_SAMPLE = ("example.pdf", b"%PDF-1.4\n% made up for a rehearsal\n")


@dataclass(frozen=True)
class Sent:
    """A press on a button. ``value``: what it was about."""

    deed: str
    value: str
    fields: MultiValues
    uploads: Mapping[str, list[Any]]
    key: str
    actor: str

    def text(self, name: str) -> str:
        """Return one field, empty if it was not sent."""
        return next((str(one) for one in self.fields.getlist(name)), "")


def do(sandbox: Sandbox, sent: Sent) -> str:
    """Do what was asked for; return it in words.

    Raises:
        Refusal: the engine refuses it.
        Conflict: there is no such button.
    """
    deed = _DEEDS.get(sent.deed)
    if deed is None:
        raise Conflict(_("This cannot be done any more. Look again."))
    return deed(sandbox, sent)


def typed(sandbox: Sandbox, sent: Sent, errors: Mapping[str, str] | None = None) -> view.Typed:
    """Return what was typed, to be shown again."""
    with sandbox.database.reading() as session:
        form = _start_form(session, sent.key) if sent.deed == "start" else _task_form(session, sent.value)
    entries = submission.read(form, sent.fields) if form is not None else {}
    change = submission.row_change(sent.fields)
    if change is not None:
        entries = submission.with_change(entries, change)
    return view.Typed(
        sent.value, sent.text(LOGIN), sent.text(RECORD), sent.text(COMMENT), entries, dict(errors or {})
    )


def _start(sandbox: Sandbox, sent: Sent) -> str:
    with sandbox.database.reading() as session:
        form = _start_form(session, sent.key)
        record = records.stored(session, sent.text(RECORD)) if sent.text(RECORD) else None
        types = beginning.record_types(beginning.version_of(session, sent.key).properties)
        reference = RecordReference(record.type.key, record.public_id) if record is not None else None
    if types and reference is None:
        text = _("Choose what it is about.")
        raise Invalid(text, errors={RECORD: text})
    login = sent.text(LOGIN)
    sandbox.start(sent.key, login, _entries(sandbox, sent, form, login), reference)
    return _("%(person)s began a case.", person=_name(sandbox, login))


def _start_at(sandbox: Sandbox, sent: Sent) -> str:
    sandbox.start_at(sent.key, sent.value, sent.text(LOGIN) or None)
    return _("A case began by itself.")


def _decide(sandbox: Sandbox, sent: Sent) -> str:
    with sandbox.database.reading() as session:
        form = _task_form(session, sent.value)
        title, label = _task_words(session, sent)
    login = sent.text(LOGIN)
    entries = _entries(sandbox, sent, form, login)
    sandbox.decide(login, sent.value, sent.text("task.outcome") or None, entries, sent.text(COMMENT))
    return _("%(person)s: “%(task)s” – %(outcome)s", person=_name(sandbox, login), task=title, outcome=label)


def _skip(sandbox: Sandbox, sent: Sent) -> str:
    try:
        until = datetime.fromisoformat(sent.value)
    except ValueError as error:
        raise Conflict(_("This cannot be done any more. Look again.")) from error
    sandbox.skip(until)
    return _("It became %(when)s.", when=moments.whole(until))


def _send(sandbox: Sandbox, sent: Sent) -> str:
    sandbox.send(_number(sent.value), _values(sent.text("brings")))
    return _("What was waited for arrived.")


def _answer(sandbox: Sandbox, sent: Sent) -> str:
    instance, token = _place(sent.value)
    sandbox.answer(instance, token, _answered(sent.text("brings")))
    return _("A service answered.")


def _fail(sandbox: Sandbox, sent: Sent) -> str:
    instance, token = _place(sent.value)
    sandbox.fail(instance, token, sent.text("code"))
    return _("A service failed.")


def _retry(sandbox: Sandbox, sent: Sent) -> str:
    with sandbox.database.reading() as session:
        version = beginning.version_of(session, sent.key)
        owner = version.process.owner
        login = owner.login if owner is not None else sent.actor
    sandbox.retry(sent.value, login)
    return _("It was tried again.")


_DEEDS: Mapping[str, Callable[[Sandbox, Sent], str]] = {
    "start": _start,
    "start_at": _start_at,
    "decide": _decide,
    "skip": _skip,
    "send": _send,
    "answer": _answer,
    "fail": _fail,
    "retry": _retry,
}


def _entries(sandbox: Sandbox, sent: Sent, form: Form | None, login: str) -> dict[str, Any]:
    if form is None:
        return {}
    kept: dict[str, list[Any]] = {}
    for name in submission.file_names(form, sent.uploads.keys()):
        for upload in sent.uploads[name]:
            if upload.filename:
                content = upload.read(_MOST_KEPT)
                kept.setdefault(name, []).append(_reference(sandbox, login, upload.filename, content))
    if sent.text(SAMPLE):
        for field in form.fields():
            if field.type == "filepicker" and field.key and field.key not in kept:
                kept[field.key] = [_reference(sandbox, login, *_SAMPLE)]
    return submission.read(form, sent.fields, kept)


def _reference(sandbox: Sandbox, login: str, name: str, content: bytes) -> FileReference:
    file = sandbox.keep_file(login, name, content)
    return FileReference(file.public_id, file.name, file.size, file.media_type)


def _start_form(session: Session, key: str) -> Form | None:
    properties = beginning.version_of(session, key).properties
    plain: Mapping[str, Any] = next(
        (one for one in properties.get("start_events") or () if one["kind"] == "none"), {}
    )
    wanted = (properties.get("start") or {}).get("form") or plain.get("form")
    return forms.form(session, wanted) if wanted else None


def _task_form(session: Session, task: str) -> Form | None:
    wanted = session.scalar(select(UserTask.form_key).where(UserTask.public_id == task))
    return forms.form(session, wanted) if wanted else None


def _task_words(session: Session, sent: Sent) -> tuple[str, str]:
    task = session.scalar(select(UserTask).where(UserTask.public_id == sent.value))
    if task is None:
        raise Conflict(_("This cannot be done any more. Look again."))
    labels = {one["key"]: chosen(one.get("labels"), one["key"]) for one in task.outcomes}
    return chosen(task.titles), labels.get(sent.text("task.outcome"), _("Done"))


def _name(sandbox: Sandbox, login: str) -> str:
    with sandbox.database.reading() as session:
        return required_person(session, login).name


def _number(text: str) -> int:
    if not text.isdecimal() or len(text) > 15:
        raise Conflict(_("This cannot be done any more. Look again."))
    return int(text)


def _place(text: str) -> tuple[int, str]:
    instance, _colon, token = text.partition(":")
    return _number(instance), token


def _values(text: str) -> dict[str, Any]:
    """Read lines ``name = value``; a value that is no expression is a text.

    Raises:
        Invalid: a line has no name.
    """
    found: dict[str, Any] = {}
    for line in text.splitlines():
        if not line.strip():
            continue
        name, equals, value = line.partition("=")
        name = name.strip()
        if not equals or not name.isidentifier():
            raise Invalid(_("Write one value a line, like: amount = 100"), problems=[])
        try:
            read = feel.evaluate(value.strip(), {})
        except FeelError:
            read = None
        found[name] = value.strip() if read is None and value.strip() != "null" else read
    return found


def _answered(text: str) -> dict[str, Any]:
    """Return what a service answers: names and values, and the same as the content of a web answer."""
    text = text.strip()
    if text.startswith(("{", "[")):
        try:
            body = json.loads(text, parse_float=Decimal, parse_int=Decimal)
        except ValueError as error:
            raise Invalid(
                _("The answer says it is JSON and is not: %(why)s", why=str(error)), problems=[]
            ) from error
    else:
        body = _values(text)
    own = body if isinstance(body, dict) else {}
    return {**own, "status": Decimal(200), "body": body, "headers": {}}
