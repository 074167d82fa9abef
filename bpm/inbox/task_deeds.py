"""What people do on the page of a task: decide, take, put back, hand over, comment, keep a draft.

Each request is one transaction, committed here; rights are checked by the commands.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import Response, flash, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from bpm.engine import commands
from bpm.engine.models import UserTask
from bpm.errors import Conflict, Invalid, Refusal
from bpm.forms import submission
from bpm.forms.words import plain as readable
from bpm.inbox import card as cards
from bpm.inbox import commands as drafts
from bpm.inbox.blueprint import blueprint, current_session
from bpm.inbox.task_pages import COMMENT, OUTCOME, render
from bpm.inbox.uploads import keep_one, keep_uploads
from bpm.language import _, chosen
from bpm.web.request import acting_person, now, settings


@blueprint.post("/tasks/<public_id>/decide")
def decide(public_id: str) -> AnyResponse:
    """Decide a task by one press, or add and remove rows of its form."""
    session, person, moment = current_session(), acting_person(), now()
    task = cards.task_for(session, moment, person, public_id)
    form, comment = cards.form_of(session, task), request.form.get(COMMENT, "")
    entries: dict[str, Any] = submission.read(form, request.form) if form is not None else {}
    try:
        files = keep_uploads(session, moment, person, settings(), form, task.instance_id)
    except Invalid as refusal:
        session.rollback()
        return AnyResponse(render(task, entries, comment, {"": refusal.text}), 422, mimetype="text/html")
    if form is not None and files:
        entries = submission.read(form, request.form, files)
    change = submission.row_change(request.form)
    if change is not None:
        session.commit()  # files that came along are not sent a second time
        return AnyResponse(
            render(task, submission.with_change(entries, change), comment), mimetype="text/html"
        )
    try:
        with session.begin_nested():
            decided = commands.complete(
                session, moment, person, public_id, request.form.get(OUTCOME) or None, entries, comment
            )
            drafts.drop_drafts(session, decided)
        session.commit()
    except Conflict as refusal:
        session.rollback()
        return _too_late(public_id, refusal, entries, comment)
    except Invalid as refusal:
        session.commit()
        return _wrong(task, refusal, entries, comment)
    flash(_said(decided), "done")
    return redirect(url_for("inbox.page"), 303)


def _wrong(task: UserTask, refusal: Invalid, entries: Mapping[str, Any], comment: str) -> AnyResponse:
    errors = dict(refusal.details.get("errors") or {})
    if "comment" in refusal.details:
        errors["comment"] = str(refusal.details["comment"])
    if not errors:
        errors[""] = refusal.text
    return AnyResponse(render(task, entries, comment, errors), 422, mimetype="text/html")


def _said(task: UserTask) -> str:
    label = next((one.label for one in cards.buttons(task) if one.key == task.outcome), "")
    title = chosen(task.titles)
    return (
        _("%(title)s: %(outcome)s.", title=title, outcome=label)
        if label
        else _("%(title)s: done.", title=title)
    )


def _too_late(public_id: str, refusal: Conflict, entries: Mapping[str, Any], comment: str) -> AnyResponse:
    """Say who was faster and when; nothing that was typed is lost."""
    session, person, moment = current_session(), acting_person(), now()
    task = cards.task_for(session, moment, person, public_id)
    closed = cards.why_closed(session, moment, person, task)
    form = cards.form_of(session, task)
    labels = {field.key: chosen(field.label, field.key or "") for field in form.fields()} if form else {}
    typed = [(labels.get(name, name), readable(value)) for name, value in entries.items() if value]
    if task.completed_by_id == person.id and task.status == "completed":
        heading = _("You have decided this already")
    elif closed is not None:
        heading = _("Somebody was faster") if task.status != "open" or task.assignee else closed.text
    else:
        heading = _("This cannot be done now")
    page = render_template(
        "inbox/conflict.html",
        heading=heading,
        title=chosen(task.titles),
        text=closed.text if closed else refusal.text,
        advice=closed.advice if closed else _("Load the task again and try once more."),
        case_id=task.instance.public_id,
        comment=comment,
        typed=typed,
    )
    return AnyResponse(page, 409, mimetype="text/html")


@blueprint.post("/tasks/<public_id>/claim")
def claim(public_id: str) -> AnyResponse:
    """Take a task that is offered to several; the first press wins."""
    return _deed(
        public_id,
        lambda: commands.claim(current_session(), now(), acting_person(), public_id),
        _("It is yours now."),
    )


@blueprint.post("/tasks/<public_id>/release")
def release(public_id: str) -> AnyResponse:
    """Put a task back for the others."""
    return _deed(
        public_id,
        lambda: commands.release(current_session(), now(), acting_person(), public_id),
        _("The others can take it again."),
        stay=False,
    )


@blueprint.post("/tasks/<public_id>/delegate")
def delegate(public_id: str) -> AnyResponse:
    """Hand a task over to a colleague."""
    login, reason = request.form.get("person", ""), request.form.get("reason", "").strip()
    return _deed(
        public_id,
        lambda: commands.delegate(current_session(), now(), acting_person(), public_id, login, reason),
        _("The task is handed over."),
        stay=False,
    )


@blueprint.post("/tasks/<public_id>/comment")
def comment(public_id: str) -> AnyResponse:
    """Add a comment or a file to the case."""
    session, person, moment = current_session(), acting_person(), now()
    task = cards.task_for(session, moment, person, public_id)
    text, upload = request.form.get("text", "").strip(), request.files.get("file")

    def add() -> None:
        if upload is not None and upload.filename:
            keep_one(
                session,
                moment,
                person,
                settings(),
                upload.filename,
                upload.stream,
                instance_id=task.instance_id,
            )
        if text:
            commands.comment(session, moment, person, task.instance.public_id, text, task)

    if not text and not (upload and upload.filename):
        flash(_("Write something or choose a file first."), "waiting")
        return redirect(url_for("inbox.task", public_id=public_id), 303)
    return _deed(public_id, add, _("It is added to the case."))


@blueprint.post("/tasks/<public_id>/save-draft")
def save_draft(public_id: str) -> AnyResponse:
    """Keep what was typed so far."""
    session, person, moment = current_session(), acting_person(), now()
    task = cards.task_for(session, moment, person, public_id)
    form = cards.form_of(session, task)
    entries = submission.read(form, request.form) if form is not None else {}
    drafts.save_draft(session, moment, person, task, entries, request.form.get(COMMENT, ""))
    session.commit()
    answer: Response = jsonify(saved_at=moment.isoformat())
    return answer


def _deed(public_id: str, deed: Callable[[], Any], done: str, *, stay: bool = True) -> AnyResponse:
    """Do it, commit, and say so; a refusal is said on the page to which the person returns."""
    session = current_session()
    try:
        deed()
        session.commit()
    except Conflict as refusal:
        session.rollback()
        return _too_late(public_id, refusal, {}, "")
    except Refusal as refusal:
        session.rollback()
        if refusal.status in (403, 404):
            raise
        flash(refusal.text, "late")
        stay = True
    else:
        flash(done, "done")
    return redirect(url_for("inbox.task", public_id=public_id) if stay else url_for("inbox.page"), 303)
