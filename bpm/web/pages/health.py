"""Is the process alive, and can it serve? For load balancers; nobody has to log in."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify
from sqlalchemy import text

from bpm.web.extensions import csrf, db
from bpm.web.request import open_to_all

blueprint = Blueprint("health", __name__)
csrf.exempt(blueprint)


@blueprint.get("/healthz")
@open_to_all
def alive() -> Response:
    """Answer: the process runs."""
    return jsonify(status="ok")


@blueprint.get("/readyz")
@open_to_all
def ready() -> tuple[Response, int]:
    """Answer: the database can be reached."""
    try:
        db.session.execute(text("SELECT 1"))
    except Exception:
        return jsonify(status="unavailable", database="not reached"), 503
    return jsonify(status="ok", database="reached"), 200
