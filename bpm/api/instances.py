"""Cases: where they stand, what happened, and stopping them."""

from __future__ import annotations

import orjson
from flask import Response, g, request
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from bpm.api import present, schemas
from bpm.api.blueprint import api
from bpm.api.reading import match, number_of, page, show_revision
from bpm.engine import commands as engine
from bpm.engine import permissions, search, values
from bpm.engine import queries as engine_queries
from bpm.engine.models import HistoryEvent, Instance, Process
from bpm.history import export, queries, waiting
from bpm.history.names import Names
from bpm.history.sentences import lines
from bpm.history.xes import as_xes
from bpm.people.models import Person
from bpm.records.models import Record
from bpm.web.extensions import current_session
from bpm.web.request import clock


def whole(row: Instance) -> schemas.InstanceOut:
    """Return a case with its variables, what it waits for and what is wrong with it."""
    session, now = current_session(), clock().now()
    show_revision(row.revision)
    names = Names(session, row)
    waits = waiting.of_case(session, now, row, names)
    return present.whole_instance(
        session,
        row,
        engine_queries.variables(session, now, row),
        [present.wait(one, names.element(one.element)) for one in waits],
        list(queries.open_incidents(session, row)),
    )


@api.operation("GET", "/instances", result=schemas.InstanceList, query=schemas.InstanceQuery)
def list_instances(query: schemas.InstanceQuery) -> schemas.InstanceList:
    """List the cases the caller may see, the newest first."""
    session = current_session()
    wanted = (
        select(Instance)
        .where(permissions.visible(session, g.person))
        .options(joinedload(Instance.process), joinedload(Instance.version), joinedload(Instance.started_by))
    )
    if query.process:
        wanted = wanted.where(Instance.process.has(Process.key == query.process))
    if query.status:
        wanted = wanted.where(Instance.status == query.status)
    if query.started_by:
        login = g.person.login if query.started_by == "me" else query.started_by
        wanted = wanted.where(Instance.started_by.has(Person.login == login))
    if query.business_key:
        wanted = wanted.where(Instance.business_key == query.business_key)
    if query.record:
        number = select(Record.id).where(Record.public_id == query.record).scalar_subquery()
        wanted = wanted.where(Instance.record_id == number)
    if query.text:
        wanted = wanted.where(search.matches(Instance.search_text, query.text))
    rows, following = page(session, wanted, Instance.id, query.cursor, query.limit)
    return schemas.InstanceList(items=[present.instance(session, row) for row in rows], next=following)


@api.operation("GET", "/instances/<public_id>", result=schemas.InstanceOut)
def get_instance(public_id: str) -> schemas.InstanceOut:
    """Return one case: status, variables, what it waits for, incidents."""
    row = queries.case(current_session(), g.person, public_id)
    match(row.revision)
    return whole(row)


@api.operation("GET", "/instances/<public_id>/history", result=schemas.HistoryOut, query=schemas.PageQuery)
def get_history(public_id: str, query: schemas.PageQuery) -> schemas.HistoryOut:
    """Return what happened, in order, a page at a time."""
    session = current_session()
    row = queries.case(session, g.person, public_id)
    events = queries.events(session, row)
    told = lines(events, Names(session, row), technical=True)
    after = number_of(query.cursor) if query.cursor is not None else 0
    names = Names(session, row)
    rows = [
        _event(event, line.text, names) for event, line in zip(events, told, strict=True) if event.seq > after
    ][: query.limit + 1]
    following = str(rows[query.limit - 1].seq) if len(rows) > query.limit else None
    return schemas.HistoryOut(items=rows[: query.limit], next=following)


def _event(event: HistoryEvent, text: str, names: Names) -> schemas.HistoryEventOut:
    try:
        data = values.to_json(values.decode(event.data))
    except (ValueError, KeyError):
        data = event.data
    return schemas.HistoryEventOut(
        seq=event.seq,
        at=event.at,
        actor=present.person(event.actor),
        on_behalf_of=present.person(event.on_behalf_of),
        kind=event.kind,
        element=event.element,
        element_name=names.element(event.element) if event.element else "",
        text=text,
        data=data,
        hash=event.hash,
    )


@api.operation("GET", "/instances/<public_id>/history.json", result=None)
def get_history_json(public_id: str) -> Response:
    """Return the whole history as one JSON document."""
    session = current_session()
    row = queries.case(session, g.person, public_id)
    document = export.as_json(row, queries.events(session, row), Names(session, row))
    return Response(orjson.dumps(document), mimetype="application/json")


@api.operation("GET", "/instances/<public_id>/history.csv", media_type="text/csv")
def get_history_csv(public_id: str) -> Response:
    """Return the whole history as CSV (RFC 4180)."""
    session = current_session()
    row = queries.case(session, g.person, public_id)
    text = export.as_csv(queries.events(session, row), Names(session, row))
    return Response(text, mimetype="text/csv")


@api.operation("GET", "/instances/<public_id>/history.xes", media_type="application/xml")
def get_history_xes(public_id: str) -> Response:
    """Return the whole history as an event log (XES, IEEE 1849)."""
    session = current_session()
    row = queries.case(session, g.person, public_id)
    return Response(as_xes(session, row.process.key, [row]), mimetype="application/xml")


@api.operation("POST", "/instances/<public_id>/cancel", result=schemas.InstanceOut, body=schemas.ReasonIn)
def cancel_instance(public_id: str, body: schemas.ReasonIn) -> schemas.InstanceOut:
    """End a case before its time; whoever holds a task of it is told."""
    same_revision(public_id)
    return whole(engine.cancel(current_session(), clock().now(), g.person, public_id, body.reason))


@api.operation("POST", "/instances/<public_id>/suspend", result=schemas.InstanceOut, body=schemas.ReasonIn)
def suspend_instance(public_id: str, body: schemas.ReasonIn) -> schemas.InstanceOut:
    """Let a case stand still until it is resumed."""
    same_revision(public_id)
    return whole(engine.suspend(current_session(), clock().now(), g.person, public_id))


@api.operation("POST", "/instances/<public_id>/resume", result=schemas.InstanceOut, body=schemas.ReasonIn)
def resume_instance(public_id: str, body: schemas.ReasonIn) -> schemas.InstanceOut:
    """Let a suspended case go on."""
    same_revision(public_id)
    return whole(engine.resume(current_session(), clock().now(), g.person, public_id))


def same_revision(public_id: str) -> None:
    """Compare ``If-Match`` with the case as it is, and keep it so until the deed.

    Raises:
        NotFound: the caller may not see the case.
        Changed: he looked at an older revision.
    """
    row = queries.case(current_session(), g.person, public_id)
    if request.if_match:
        # or it could change until the deed
        current_session().execute(select(Instance.id).where(Instance.id == row.id).with_for_update())
        current_session().refresh(row, ["revision"])
    match(row.revision)
