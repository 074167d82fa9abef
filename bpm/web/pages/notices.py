"""The notices under the bell: what happened that the person should know."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from bpm.notifications import commands, queries
from bpm.web.extensions import current_session, db
from bpm.web.request import acting_person, now, safe_address

blueprint = Blueprint("notices", __name__, url_prefix="/notices")


@blueprint.get("")
def page() -> str:
    """List the newest notices."""
    person = acting_person()
    return render_template(
        "web/notices.html",
        notices=queries.notices(current_session(), person),
        unread=queries.number_unread(current_session(), person),
    )


@blueprint.post("/<public_id>")
def follow(public_id: str) -> Response:
    """Mark a notice as read and lead to what it is about."""
    notice = commands.mark_read(current_session(), now(), acting_person(), public_id)
    db.session.commit()
    return redirect(safe_address(notice.link, url_for("notices.page")))


@blueprint.post("/read")
def read_all() -> Response:
    """Mark all notices as read."""
    commands.mark_all_read(current_session(), now(), acting_person())
    db.session.commit()
    return redirect(url_for("notices.page"))
