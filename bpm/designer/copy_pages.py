"""What becomes of a drawing that lost a race: it is gone on with, or thrown away."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, url_for
from werkzeug.wrappers import Response

from bpm.designer import copies
from bpm.language import _
from bpm.people.queries import PROCESS_OWNER
from bpm.web.extensions import current_session, db
from bpm.web.request import acting_person, needs_role, now

blueprint = Blueprint("copies", __name__)
for_owners = needs_role(PROCESS_OWNER)


@blueprint.post("/<key>/copies/<public_id>/take")
@for_owners
def take(key: str, public_id: str) -> Response:
    """Make a copy the draft; the draft so far becomes a copy."""
    copies.take(current_session(), now(), acting_person(), key, public_id)
    db.session.commit()
    flash(_("Your copy is the draft now. What was the draft before is kept as a copy."), "done")
    return redirect(url_for("designer.draw", key=key))


@blueprint.post("/<key>/copies/<public_id>/discard")
@for_owners
def discard(key: str, public_id: str) -> Response:
    """Throw a copy away."""
    copies.discard(current_session(), acting_person(), key, public_id)
    db.session.commit()
    flash(_("The copy was thrown away."), "done")
    return redirect(url_for("designer.versions", key=key))
