"""The moving parts of the frame, asked for by open pages: the rail's numbers and the bell's."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request

from bpm.web.frame import Frame

blueprint = Blueprint("frame", __name__, url_prefix="/frame")


@blueprint.get("/rail")
def rail() -> Response:
    """The entries of the rail, with their numbers."""
    return _unless_known(render_template("rail.html", section=request.args.get("section", "")))


@blueprint.get("/bell")
def bell() -> Response:
    """How many notices are unread; nothing for none."""
    return _unless_known(str(Frame().unread_notices or ""))


def _unless_known(text: str) -> Response:
    answer = Response(text, mimetype="text/html")
    answer.add_etag()
    answer.make_conditional(request)
    return answer
