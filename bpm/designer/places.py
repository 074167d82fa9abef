"""Where everything in a drawing should stand, for the editor: BPMN in, places out. Keeps nothing."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, request

from bpm.designer.layout import positions
from bpm.people.queries import PROCESS_OWNER
from bpm.web.request import needs_role

blueprint = Blueprint("places", __name__)
for_owners = needs_role(PROCESS_OWNER)


@blueprint.post("/layout")
@for_owners
def layout() -> Response:
    """The places of everything in the diagram that was sent (BPMN 2.0 XML)."""
    return jsonify(positions(request.get_data(cache=False)))
