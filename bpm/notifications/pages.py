"""The outbox of administrators: what was written to whom, and what became of it.

This module stands above ``web``, unlike the rest of its package.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from bpm.files.queries import stored_file
from bpm.language import _
from bpm.notifications import commands, queries
from bpm.notifications.commands import FAILED, KEPT, QUEUED, SENT
from bpm.people.queries import ADMINISTRATOR
from bpm.web.extensions import current_session, db
from bpm.web.filters import status_word
from bpm.web.request import acting_person, needs_role, now, settings

blueprint = Blueprint("outbox", __name__, url_prefix="/outbox", template_folder="templates")
_PAGE = 50
_STATES = (QUEUED, SENT, KEPT, FAILED)


@blueprint.get("")
@needs_role(ADMINISTRATOR)
def letters() -> str:
    """List the letters, the newest first."""
    state, text = request.args.get("state", ""), request.args.get("text", "").strip()
    before = request.args.get("before", type=int)
    found = queries.outgoing_letters(
        current_session(),
        acting_person(),
        state=state if state in _STATES else None,
        text=text,
        before_id=before,
        limit=_PAGE + 1,
    )
    filters: dict[str, Any] = {name: value for name, value in (("state", state), ("text", text)) if value}
    shown = found[:_PAGE]
    return render_template(
        "notifications/outbox.html",
        letters=shown,
        states=[(key, status_word(key)) for key in _STATES],
        state=state,
        text=text,
        narrowed=bool(filters),
        has_server=bool(settings().smtp_url),
        newest=url_for("outbox.letters", **filters) if before else None,
        older=url_for("outbox.letters", **filters, before=shown[-1].id) if len(found) > _PAGE else None,
    )


@blueprint.get("/<public_id>")
def letter(public_id: str) -> str:
    """Show one letter to administrators and to whom it was written."""
    found = queries.outgoing_letter(current_session(), acting_person(), public_id)
    names = [stored_file(current_session(), attached) for attached in found.attachments]
    return render_template(
        "notifications/letter.html",
        letter=found,
        attached=[file.name for file in names if file is not None],
        may_send=queries.may_administer(acting_person()) and found.state in (KEPT, FAILED),
        may_list=queries.may_administer(acting_person()),
        has_server=bool(settings().smtp_url),
    )


@blueprint.post("/<public_id>/send")
@needs_role(ADMINISTRATOR)
def send(public_id: str) -> Response:
    """Send a letter that failed or was kept."""
    commands.send_again(current_session(), now(), acting_person(), public_id)
    db.session.commit()
    flash(_("The letter is on its way."), "done")
    return redirect(url_for("outbox.letter", public_id=public_id))
