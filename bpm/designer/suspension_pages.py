"""Buttons that switch a process or one of its versions off and on again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from bpm.engine import commands as engine
from bpm.errors import Conflict
from bpm.language import _
from bpm.web.extensions import current_session, db
from bpm.web.request import acting_person, now

blueprint = Blueprint("suspension", __name__)


@blueprint.post("/<key>/versions/<int:number>/suspend")
def suspend_version(key: str, number: int) -> Response:
    """Let no case begin with a version any more."""
    return _do(key, engine.suspend_version, _("Version %(number)s is suspended.", number=number), number)


@blueprint.post("/<key>/versions/<int:number>/resume")
def resume_version(key: str, number: int) -> Response:
    """Let cases begin with a version again."""
    return _do(key, engine.resume_version, _("Version %(number)s can be used again.", number=number), number)


@blueprint.post("/<key>/suspend")
def suspend_process(key: str) -> Response:
    """Let nobody start the process any more."""
    return _do(key, engine.suspend_process, _("The process cannot be started any more."))


@blueprint.post("/<key>/resume")
def resume_process(key: str) -> Response:
    """Let people start the process again."""
    return _do(key, engine.resume_process, _("The process can be started again."))


def _do(key: str, deed: Callable[..., Any], words: str, *of_version: int) -> Response:
    """Do it; with “cases” the running ones too, and then to their progress."""
    try:
        operation = deed(
            current_session(), now(), acting_person(), key, *of_version, cases=bool(request.form.get("cases"))
        )
        db.session.commit()
    except Conflict as refusal:
        db.session.rollback()
        flash(refusal.text, "late")
        return redirect(url_for("designer.versions", key=key), 303)
    flash(words, "done")
    if operation is not None:
        return redirect(url_for("operators.operation", public_id=operation.public_id), 303)
    return redirect(url_for("designer.versions", key=key), 303)
