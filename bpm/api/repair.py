"""What operators do: move a case, change its variables, its version; suspend; many cases at once."""

from __future__ import annotations

from flask import g, request
from sqlalchemy.orm import joinedload

from bpm.api import operator_schemas as schemas
from bpm.api import present
from bpm.api.blueprint import api
from bpm.api.instances import same_revision, whole
from bpm.api.processes import version_out
from bpm.api.reading import number_of, page, typed
from bpm.api.schemas import InstanceOut, PageQuery, ReasonIn, Values
from bpm.engine import commands as engine
from bpm.engine.definitions import version_of
from bpm.engine.migration import commands as migration_commands
from bpm.engine.migration import queries as migration_queries
from bpm.engine.migration.plan import InstancePlan
from bpm.engine.operations import bulk
from bpm.engine.operations.models import BulkOperation
from bpm.engine.runtime.placing import Start
from bpm.errors import Invalid
from bpm.language import _
from bpm.web.extensions import current_session
from bpm.web.request import clock

_PLANS = 50


@api.operation("POST", "/instances/<public_id>/move", result=InstanceOut, body=schemas.MoveIn)
def move_instance(public_id: str, body: schemas.MoveIn) -> InstanceOut:
    """Take tokens of a case away and set others down, in one transaction.

    What stands inside a token that is taken away goes with it; sub-processes around a step that begins are
    used if they are open, else begun. 409 if no token stands there any more.
    """
    same_revision(public_id)
    session, person = current_session(), g.person
    start = [Start(one.element, typed(session, person, one.variables), one.within) for one in body.start]
    return whole(
        engine.move(
            session, clock().now(), person, public_id, cancel=body.cancel, start=start, reason=body.reason
        )
    )


@api.operation("POST", "/instances/<public_id>/variables", result=InstanceOut, body=schemas.VariablesIn)
def set_instance_variables(public_id: str, body: schemas.VariablesIn) -> InstanceOut:
    """Change variables of a case; conditions that it waits for are looked at again."""
    same_revision(public_id)
    session, person = current_session(), g.person
    values = typed(session, person, body.values)
    return whole(
        engine.set_variables(
            session, clock().now(), person, public_id, values, element=body.element, reason=body.reason
        )
    )


# ------------------------------------------------------------------------ versions of a case


@api.operation(
    "POST",
    "/instances/<public_id>/migrate",
    result=schemas.MigrationOut,
    body=schemas.MigrateIn,
    query=schemas.MigrateQuery,
)
def migrate_instance(
    public_id: str, body: schemas.MigrateIn, query: schemas.MigrateQuery
) -> schemas.MigrationOut:
    """Let a case go on with another version of its process.

    All or nothing: 422 names each token that cannot go over, and what to map. ``?dry_run=true`` tells what
    would happen and changes nothing.
    """
    same_revision(public_id)
    session, now = current_session(), clock().now()
    plan = migration_commands.plan(session, now, g.person, public_id, body.to, body.mapping)
    if query.dry_run:
        return schemas.MigrationOut(dry_run=True, plan=_plan(plan))
    row = engine.migrate(session, now, g.person, public_id, body.to, body.mapping, reason=body.reason)
    return schemas.MigrationOut(dry_run=False, plan=_plan(plan), instance=whole(row))


@api.operation("POST", "/instances/<public_id>/migrate/undo", result=InstanceOut, body=ReasonIn)
def undo_migration(public_id: str, body: ReasonIn) -> InstanceOut:
    """Put a case back to the version it came from; 409 if anything has happened in it since."""
    same_revision(public_id)
    return whole(engine.undo_migration(current_session(), clock().now(), g.person, public_id))


@api.operation(
    "POST",
    "/processes/<key>/versions/<int:number>/migrate",
    result=schemas.MigrateManyOut,
    status=202,
    body=schemas.MigrateManyIn,
    query=schemas.MigrateQuery,
)
def migrate_version(
    key: str, number: int, body: schemas.MigrateManyIn, query: schemas.MigrateQuery
) -> tuple[schemas.MigrateManyOut, int]:
    """Let the running cases of a version go on with another one, each all or nothing, by a bulk operation.

    ``?dry_run=true`` tells for each case what would happen, a page at a time (``cursor``).
    """
    session, now = current_session(), clock().now()
    migration_queries.versions_of(session, g.person, key, number, body.to)
    if query.dry_run:
        return _plans(key, number, body), 200
    parameters = {"to": body.to, "mapping": body.mapping, "reason": body.reason}
    selection = {"process": key, "version": number}
    operation = engine.do_with_many(
        session, now, g.person, "migrate", parameters, instances=body.instances, selection=selection
    )
    return schemas.MigrateManyOut(dry_run=False, bulk=_bulk(operation)), 202


def _plans(key: str, number: int, body: schemas.MigrateManyIn) -> schemas.MigrateManyOut:
    cursor = request.args.get("cursor")
    found = migration_queries.plans(
        current_session(), clock().now(), g.person, key, number, body.to, body.mapping,
        instances=body.instances, after_id=number_of(cursor) if cursor else 0, limit=_PLANS,
    )  # fmt: skip
    following = str(found[-1][0]) if len(found) == _PLANS else None
    return schemas.MigrateManyOut(dry_run=True, plans=[_plan(one) for _id, one in found], next=following)


def _plan(plan: InstancePlan) -> schemas.MigrationPlan:
    return schemas.MigrationPlan.model_validate(plan.as_json())


# ---------------------------------------------------------------------------------- suspending


@api.operation(
    "POST",
    "/processes/<key>/versions/<int:number>/suspend",
    result=schemas.SuspendedOut,
    body=schemas.SuspendIn,
)
def suspend_version(key: str, number: int, body: schemas.SuspendIn) -> schemas.SuspendedOut:
    """Let no case begin with a version any more, and with ``cases`` its running ones stand still."""
    session = current_session()
    found = engine.suspend_version(session, clock().now(), g.person, key, number, cases=body.cases)
    return _suspended(key, number, found)


@api.operation(
    "POST",
    "/processes/<key>/versions/<int:number>/resume",
    result=schemas.SuspendedOut,
    body=schemas.SuspendIn,
)
def resume_version(key: str, number: int, body: schemas.SuspendIn) -> schemas.SuspendedOut:
    """Let cases begin with a suspended version again, and with ``cases`` its suspended ones go on."""
    session = current_session()
    found = engine.resume_version(session, clock().now(), g.person, key, number, cases=body.cases)
    return _suspended(key, number, found)


@api.operation("POST", "/processes/<key>/suspend", result=schemas.SuspendedOut, body=schemas.SuspendIn)
def suspend_process(key: str, body: schemas.SuspendIn) -> schemas.SuspendedOut:
    """Let no case of a process begin, whatever its version."""
    found = engine.suspend_process(current_session(), clock().now(), g.person, key, cases=body.cases)
    return _suspended(key, None, found)


@api.operation("POST", "/processes/<key>/resume", result=schemas.SuspendedOut, body=schemas.SuspendIn)
def resume_process(key: str, body: schemas.SuspendIn) -> schemas.SuspendedOut:
    """Let cases of a process begin again."""
    found = engine.resume_process(current_session(), clock().now(), g.person, key, cases=body.cases)
    return _suspended(key, None, found)


def _suspended(key: str, number: int | None, operation: BulkOperation | None) -> schemas.SuspendedOut:
    row = version_of(current_session(), key, number)
    return schemas.SuspendedOut(
        process=key,
        version=version_out(row) if number is not None else None,
        suspended=row.suspended if number is not None else not row.process.active,
        bulk=_bulk(operation) if operation is not None else None,
    )


# ------------------------------------------------------------------------- many cases at once


@api.operation("POST", "/bulk", result=schemas.BulkOut, status=202, body=schemas.BulkIn)
def create_bulk(body: schemas.BulkIn) -> schemas.BulkOut:
    """Do something with many cases: workers do it, one case after the other, in the caller's name."""
    session = current_session()
    if (body.instances is None) is (body.selection is None):
        raise Invalid(_("Name either the cases or a selection."))
    chosen = body.selection.model_dump(exclude_none=True) if body.selection is not None else None
    operation = engine.do_with_many(
        session, clock().now(), g.person, body.kind, _typed(body.parameters),
        instances=body.instances, selection=chosen,
    )  # fmt: skip
    return _bulk(operation)


def _typed(parameters: Values) -> Values:
    """The values in the parameters may refer to records and files."""
    found = dict(parameters)
    if isinstance(found.get("values"), dict):
        found["values"] = typed(current_session(), g.person, found["values"])
    return found


@api.operation("GET", "/bulk", result=schemas.BulkList, query=PageQuery)
def list_bulk(query: PageQuery) -> schemas.BulkList:
    """List the caller's operations on many cases (administrators: all), the newest first."""
    session = current_session()
    wanted = bulk.operations(session, g.person).options(joinedload(BulkOperation.created_by))
    rows, following = page(session, wanted, BulkOperation.id, query.cursor, query.limit)
    return schemas.BulkList(items=[_bulk(row) for row in rows], next=following)


@api.operation("GET", "/bulk/<public_id>", result=schemas.BulkOut)
def get_bulk(public_id: str) -> schemas.BulkOut:
    """Return how far an operation is, and with which cases it failed."""
    session = current_session()
    row = bulk.find(session, g.person, public_id)
    found = _bulk(row)
    found.failures = [
        schemas.BulkFailure(instance=one.instance.public_id, reason=one.reason or "")
        for one in bulk.failures(session, row)
    ]
    return found


@api.operation("POST", "/bulk/<public_id>/stop", result=schemas.BulkOut)
def stop_bulk(public_id: str) -> schemas.BulkOut:
    """Do no further case; what is done stays done."""
    return _bulk(engine.stop_bulk(current_session(), clock().now(), g.person, public_id))


def _bulk(row: BulkOperation) -> schemas.BulkOut:
    return schemas.BulkOut(
        id=row.public_id,
        kind=row.kind,
        status=row.status,
        total=row.total,
        done=row.done,
        failed=row.failed,
        created_by=present.person(row.created_by),
        created_at=row.created_at,
        ended_at=row.ended_at,
    )
