"""Which tours of pages somebody has seen: asked by the page, answered when the tour is left."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from bpm.errors import NotFound
from bpm.language import _
from bpm.people.commands import leave_tour
from bpm.web.extensions import db
from bpm.web.request import acting_person

blueprint = Blueprint("tours", __name__)
TOURS = ("designer",)


@blueprint.get("/tours/<name>")
def seen(name: str) -> Response:
    """Say whether the person has seen a tour."""
    return jsonify(seen=_known(name) in (acting_person().tours_seen or ()))


@blueprint.post("/tours/<name>")
def leave(name: str) -> Response:
    """Remember that the person has seen a tour, or did not want to."""
    leave_tour(acting_person(), _known(name))
    db.session.commit()
    return jsonify(seen=True)


def _known(name: str) -> str:
    if name not in TOURS:
        raise NotFound(_("There is no such tour."))
    return name
