"""The page of the gallery, and taking one of its processes as a start."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from bpm.designer.gallery import commands, queries
from bpm.language import _
from bpm.people.queries import PROCESS_OWNER
from bpm.web.extensions import current_session, db
from bpm.web.request import acting_person, needs_role, now

blueprint = Blueprint("gallery", __name__)
for_owners = needs_role(PROCESS_OWNER)


@blueprint.get("/new/gallery")
@for_owners
def page() -> str:
    """The shipped processes with their pictures."""
    return render_template("designer/gallery.html", shown=queries.shown(current_session()))


@blueprint.post("/new/gallery/<shipped>")
@for_owners
def take(shipped: str) -> AnyResponse:
    """Copy one as a draft of one's own and open it."""
    name = request.form.get("name", "").strip()
    draft = commands.take(current_session(), now(), acting_person(), shipped, name)
    db.session.commit()
    flash(_("This copy is yours: change what you like, and publish it."), "done")
    return redirect(url_for("designer.draw", key=draft.process_key))
