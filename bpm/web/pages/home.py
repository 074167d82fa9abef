"""The address "/": leads to the first place of the person, which is the inbox."""

from __future__ import annotations

from flask import Blueprint, redirect, url_for
from werkzeug.wrappers import Response

from bpm.web.frame import Frame

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
def page() -> Response:
    """Lead to what waits for the person."""
    entries = Frame().entries
    return redirect(entries[0].href if entries else url_for("me.page"))
