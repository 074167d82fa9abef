"""Is the process alive, and can it serve? For load balancers; nobody has to log in."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify

from bpm import migration
from bpm.jobs.queries import oldest_due
from bpm.web.extensions import csrf, db
from bpm.web.request import now, open_to_all

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
    """Answer: the database can be reached, its tables are those of this program, and how far behind
    the workers are (which does not keep pages from being served)."""
    try:
        session = db.session()
        stands_at = migration.current(session.connection())
        waits_since = oldest_due(session, now())
    except Exception:
        return jsonify(status="unavailable", database="not reached"), 503
    found: dict[str, Any] = {"database": "reached", "tables": stands_at}
    found["oldest_due_job_seconds"] = (now() - waits_since).total_seconds() if waits_since else 0
    # without a mark the tables were made by a test or by hand
    if stands_at not in (None, migration.newest()):
        return jsonify(status="unavailable", needed=migration.newest(), **found), 503
    return jsonify(status="ok", **found), 200
