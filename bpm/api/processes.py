"""What is published, and starting it."""

from __future__ import annotations

from flask import Response, g
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from bpm.api import present, schemas
from bpm.api.blueprint import api
from bpm.api.reading import page, record_reference, typed
from bpm.engine import commands as engine
from bpm.engine import permissions
from bpm.engine.definitions import version_of
from bpm.engine.models import Process, ProcessVersion
from bpm.errors import NotFound
from bpm.language import _, chosen
from bpm.web.extensions import current_session
from bpm.web.request import clock


@api.operation("GET", "/processes", result=schemas.ProcessList, query=schemas.PageQuery)
def list_processes(query: schemas.PageQuery) -> schemas.ProcessList:
    """List the published processes the caller may start or read."""
    session = current_session()
    rows, following = page(
        session, select(Process).where(Process.active), Process.id, query.cursor, query.limit
    )
    items = []
    for process in rows:
        version = version_of(session, process.key)
        may_start = permissions.can_start(session, g.person, process, version.properties)
        if not may_start and not permissions.can_read_version(session, g.person, version):
            continue
        start = version.properties.get("start") or {}
        items.append(
            schemas.ProcessOut(
                key=process.key,
                name=chosen(process.names, process.key),
                names=process.names,
                version=version.number,
                start_form=start.get("form"),
                record_type=start.get("record_type"),
                may_start=may_start,
            )
        )
    return schemas.ProcessList(items=items, next=following)


def _readable(key: str, number: int | None = None) -> ProcessVersion:
    session = current_session()
    version = version_of(session, key, number)
    if not permissions.can_read_version(session, g.person, version):
        raise NotFound(_("There is no process “%(key)s”, or you may not see it.", key=key))
    return version


@api.operation("GET", "/processes/<key>/versions", result=schemas.VersionList, query=schemas.PageQuery)
def list_versions(key: str, query: schemas.PageQuery) -> schemas.VersionList:
    """List the versions of a process, the newest first."""
    process_id = _readable(key).process_id
    versions = (
        select(ProcessVersion)
        .where(ProcessVersion.process_id == process_id)
        .options(joinedload(ProcessVersion.published_by))
    )
    rows, following = page(current_session(), versions, ProcessVersion.id, query.cursor, query.limit)
    return schemas.VersionList(items=[version_out(row) for row in rows], next=following)


def version_out(row: ProcessVersion) -> schemas.VersionOut:
    """Return what is known of a version."""
    return schemas.VersionOut(
        process=row.process_key,
        number=row.number,
        note=row.note,
        published_at=row.published_at,
        published_by=present.person(row.published_by),
        hash=row.hash,
        suspended=row.suspended,
    )


@api.operation("GET", "/processes/<key>/versions/<int:number>", result=schemas.VersionOut)
def get_version(key: str, number: int) -> schemas.VersionOut:
    """Return what is known of one version."""
    return version_out(_readable(key, number))


@api.operation("GET", "/processes/<key>/versions/<int:number>.bpmn", media_type="application/xml")
def get_version_bpmn(key: str, number: int) -> Response:
    """Return the diagram of one version as BPMN 2.0 XML."""
    answer = Response(_readable(key, number).xml, mimetype="application/xml")
    answer.headers["Content-Disposition"] = f'attachment; filename="process-{number}.bpmn"'
    return answer


@api.operation("GET", "/processes/<key>/versions/<int:number>.svg", media_type="image/svg+xml")
def get_version_svg(key: str, number: int) -> Response:
    """Return the picture of one version, if it was published with one."""
    svg = _readable(key, number).svg
    if not svg:
        raise NotFound(_("This version was published without a picture."))
    answer = Response(svg, mimetype="image/svg+xml")
    answer.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'"
    return answer


@api.operation(
    "POST", "/processes/<key>/instances", result=schemas.InstanceOut, status=201, body=schemas.StartIn
)
def start_instance(key: str, body: schemas.StartIn) -> schemas.InstanceOut:
    """Start a case. The caller becomes its initiator; the start form's rules apply."""
    from bpm.api.instances import whole

    session, person = current_session(), g.person
    record = record_reference(session, person, body.record) if body.record else None
    row = engine.start(
        session,
        clock().now(),
        person,
        key,
        typed(session, person, body.variables),
        business_key=body.business_key,
        record=record,
        version=body.version,
        start_at=body.start_at,
    )
    session.flush()
    return whole(row)
