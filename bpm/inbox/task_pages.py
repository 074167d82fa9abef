"""The page of one task, and the parts of it that stay fresh while it is open."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from bpm.engine.models import UserTask
from bpm.forms import submission
from bpm.history.pages import fresh
from bpm.inbox import card as cards
from bpm.inbox import lists
from bpm.inbox.blueprint import blueprint, current_session
from bpm.web.request import acting_person, now

OUTCOME, COMMENT = "task.outcome", "task.comment"


@blueprint.get("/tasks/<public_id>")
def task(public_id: str) -> str:
    """One task: what it is about, its form, and the buttons that decide it."""
    session, person, moment = current_session(), acting_person(), now()
    return render(cards.task_for(session, moment, person, public_id))


def render(
    found: UserTask,
    entries: Mapping[str, Any] | None = None,
    comment: str | None = None,
    errors: Mapping[str, str] | None = None,
) -> str:
    """Draw the page of a task, with what was typed and what is wrong with it."""
    session, person, moment = current_session(), acting_person(), now()
    filters = lists.filters_of_request()
    card = cards.card_of(session, moment, person, found, entries=entries, comment=comment, errors=errors)
    closed = cards.why_closed(session, moment, person, found)
    return render_template(
        "inbox/task.html",
        card=card,
        closed=closed,
        notice="" if closed else cards.notice(found, person),
        list_heading=lists.heading(filters),
        file_address=file_address,
        **lists.listed(session, moment, person, filters, found.public_id),
    )


@blueprint.get("/tasks/<public_id>/state")
def state(public_id: str) -> AnyResponse:
    """Whether the task is still to be decided, for pages that stay open."""
    session, person, moment = current_session(), acting_person(), now()
    found = cards.task_for(session, moment, person, public_id)
    closed = cards.why_closed(session, moment, person, found)
    notice = "" if closed else cards.notice(found, person)
    return fresh(render_template("inbox/state.html", closed=closed, notice=notice))


@blueprint.post("/tasks/<public_id>/fields")
def fields(public_id: str) -> AnyResponse:
    """The fields again, with those that the entries make appear or vanish."""
    session, person, moment = current_session(), acting_person(), now()
    found = cards.task_for(session, moment, person, public_id)
    form = cards.form_of(session, found)
    shown = []
    if form is not None:
        shown = cards.shown_fields(
            session, moment, person, found, form, submission.read(form, request.form), {}
        )
    text = render_template("inbox/fields.html", shown=shown, file_address=file_address)
    return AnyResponse(text, mimetype="text/html")


def file_address(public_id: str) -> str:
    """The address of a stored file."""
    return url_for("inbox.file", public_id=public_id)
