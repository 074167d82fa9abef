"""Running the installation: jobs, incidents, health, figures, and the API's own description."""

from __future__ import annotations

from hmac import compare_digest

from flask import Blueprint, Response, g, jsonify, request
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from bpm.api import present, schemas
from bpm.api.blueprint import VERSION, api
from bpm.api.framework import describe
from bpm.api.reading import page, typed
from bpm.engine import commands as engine
from bpm.engine import permissions
from bpm.engine.messages.subscriptions import number_expired
from bpm.engine.models import Incident, Instance, UserTask
from bpm.errors import NotAllowed
from bpm.jobs.figures import JOBS, gauges
from bpm.jobs.models import Job
from bpm.jobs.queries import number_dead, number_due, number_running, oldest_due
from bpm.language import _
from bpm.people.queries import is_administrator
from bpm.web.extensions import current_session
from bpm.web.pages.health import alive, ready
from bpm.web.request import clock, open_to_all, settings
from bpm.web.timing import REQUESTS

health = Blueprint("operations", __name__)


@api.operation("GET", "/jobs", result=schemas.JobList, query=schemas.PageQuery)
def list_jobs(query: schemas.PageQuery) -> schemas.JobList:
    """List what has to happen later, for administrators."""
    if not is_administrator(g.person):
        raise NotAllowed(_("Only administrators see the jobs."))
    session = current_session()
    rows, following = page(session, select(Job), Job.id, query.cursor, query.limit)
    numbers = {row.instance_id for row in rows if row.instance_id is not None}
    names = dict(
        session.execute(select(Instance.id, Instance.public_id).where(Instance.id.in_(numbers))).all()
    )
    items = [
        schemas.JobOut(
            id=row.public_id,
            kind=row.kind,
            instance=names.get(row.instance_id) if row.instance_id is not None else None,
            due_at=row.due_at,
            failures=row.failures,
            dead=row.dead,
            last_error=row.last_error,
        )
        for row in rows
    ]
    return schemas.JobList(items=items, next=following)


@api.operation("GET", "/incidents", result=schemas.IncidentList, query=schemas.PageQuery)
def list_incidents(query: schemas.PageQuery) -> schemas.IncidentList:
    """List the open incidents of the cases the caller may see."""
    session = current_session()
    wanted = (
        select(Incident)
        .join(Incident.instance)
        .where(Incident.resolved_at.is_(None), permissions.visible(session, g.person))
        .options(joinedload(Incident.instance))
    )
    rows, following = page(session, wanted, Incident.id, query.cursor, query.limit)
    return schemas.IncidentList(items=[present.incident(row) for row in rows], next=following)


@api.operation("POST", "/incidents/<public_id>/retry", result=schemas.IncidentOut, body=schemas.RetryIn)
def retry_incident(public_id: str, body: schemas.RetryIn) -> schemas.IncidentOut:
    """Try the failed step again, skip it, go on elsewhere, or cancel the case."""
    session = current_session()
    engine.retry(
        session,
        clock().now(),
        g.person,
        public_id,
        body.action,
        values=typed(session, g.person, body.values),
        start=body.start,
        reason=body.reason,
    )
    session.flush()
    row = session.scalars(select(Incident).where(Incident.public_id == public_id)).one()
    session.refresh(row)
    return present.incident(row)


@api.operation("GET", "/openapi.json", scope=None)
def get_openapi() -> Response:
    """Return this description."""
    return jsonify(describe(api, VERSION))


@api.operation("GET", "/healthz", scope=None)
def healthz() -> Response:
    """Tell that the process lives; the same as /healthz."""
    return alive()


@api.operation("GET", "/readyz", scope=None)
def readyz() -> tuple[Response, int]:
    """Tell whether the program can serve; the same as /readyz."""
    return ready()


@api.operation("GET", "/metrics", media_type="text/plain", scope=None)
def metrics() -> Response:
    """Return figures for Prometheus (text format 0.0.4); the same as /metrics."""
    return _figures()


@health.get("/metrics", endpoint="metrics")
@open_to_all
def metrics_at_root() -> Response:
    """Figures for Prometheus (text format 0.0.4)."""
    return _figures()


def _figures() -> Response:
    token = settings().metrics_token
    if token and not compare_digest(
        request.headers.get("Authorization", "").encode(), f"Bearer {token}".encode()
    ):
        return Response("The figures need the token of BPM_METRICS_TOKEN.\n", 401, mimetype="text/plain")
    session, now = current_session(), clock().now()
    waited = oldest_due(session, now)
    active = select(func.count(Instance.id)).where(Instance.status == "active")
    tasks = select(func.count(UserTask.id)).where(UserTask.status == "open")
    incidents = select(func.count(Incident.id)).where(Incident.resolved_at.is_(None))
    figures: dict[str, tuple[str, float]] = {
        "bpm_instances_active": ("Cases that run.", session.scalar(active) or 0),
        "bpm_user_tasks_open": ("Tasks that wait for people.", session.scalar(tasks) or 0),
        "bpm_incidents_open": ("Failures that wait for somebody.", session.scalar(incidents) or 0),
        "bpm_jobs_due": ("Jobs that could run now, counted up to 100,000.", number_due(session, now)),
        "bpm_jobs_running": ("Jobs of cases at work now, on any node.", number_running(session)),
        "bpm_jobs_dead": ("Jobs that gave up.", number_dead(session)),
        "bpm_messages_expired": ("Messages nobody waited for in time.", number_expired(session)),
        "bpm_oldest_due_job_seconds": (
            "How far the workers are behind.", (now - waited).total_seconds() if waited else 0
        ),
    }  # fmt: skip
    text = gauges(figures) + JOBS.text() + REQUESTS.text()
    return Response(text, mimetype="text/plain; version=0.0.4")
