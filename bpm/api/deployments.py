"""POST /deployments: diagrams, forms and decision tables, all or none."""

from __future__ import annotations

from flask import Response, g, request

from bpm.api import schemas
from bpm.api.blueprint import api
from bpm.api.framework import decimal_json
from bpm.api.problems import problem
from bpm.errors import Invalid
from bpm.language import _
from bpm.publishing import File, publish
from bpm.web.extensions import current_session
from bpm.web.request import clock


@api.operation(
    "POST",
    "/deployments",
    result=schemas.Deployment,
    status=201,
    query=schemas.DeploymentQuery,
    consumes="multipart/form-data",
    scope="deploy",
)
def create_deployment(query: schemas.DeploymentQuery) -> schemas.Deployment | Response:
    """Publish files: BPMN, forms (JSON) and DMN, all of them or none.

    Send them as multipart/form-data under any names, or one of them as the body. With
    ``?dry_run=true`` nothing is kept. A refusal (422) lists ``problems`` with file and element.
    """
    note = request.form.get("note", "") if request.files else request.args.get("note", "")
    outcome = publish(current_session(), clock().now(), g.person, _files(), note=note, dry_run=query.dry_run)
    problems = [
        schemas.DeploymentProblem(
            file=one.file,
            element=one.element,
            severity=one.severity,
            message=one.message,
            code=one.code,
            advice=one.advice,
            fix=one.fix,
        )
        for one in outcome.problems
    ]
    if outcome.refused:
        current_session().rollback()
        faults = [one for one in problems if one.severity == "error"]
        detail = faults[0].message if len(faults) == 1 else _("%(count)s problems.", count=len(faults))
        return problem(422, _("Cannot be published"), detail, problems=[one.model_dump() for one in problems])
    deployed = [
        schemas.DeployedItem(file=one.file, kind=one.kind, key=one.key, version=one.version, name=one.name)
        for one in outcome.published
    ]
    return schemas.Deployment(deployed=deployed, problems=problems, dry_run=query.dry_run)


def _files() -> list[File]:
    uploads = [(upload.filename or name, upload.read()) for name, upload in request.files.items(multi=True)]
    if uploads:
        return uploads
    body = request.get_data()
    if not body.strip():
        raise Invalid(_("Send at least one file."))
    if request.is_json and (listed := _listed(body)):
        return listed
    return [(request.args.get("file", "body"), body)]


def _listed(body: bytes) -> list[File]:
    """``{"files": [{"name": …, "content": …}]}``, for callers without multipart."""
    try:
        given = decimal_json(body)
    except ValueError:
        return []
    entries = given.get("files") if isinstance(given, dict) else None
    if not isinstance(entries, list):
        return []
    return [
        (str(one.get("name", "body")), str(one.get("content", "")).encode())
        for one in entries
        if isinstance(one, dict)
    ]
