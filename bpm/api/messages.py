"""Messages and signals from outside, files for forms, and the clock of a sandbox."""

from __future__ import annotations

from typing import BinaryIO, cast

import isodate
from flask import Response, current_app, g, request
from pydantic import BaseModel

from bpm.api import schemas
from bpm.api.blueprint import api
from bpm.api.problems import problem
from bpm.api.reading import typed
from bpm.engine import commands as engine
from bpm.engine.messages.subscriptions import KEPT_FOR
from bpm.errors import Invalid, NotAllowed
from bpm.files import commands as files
from bpm.language import _
from bpm.people.queries import is_administrator
from bpm.web.extensions import current_session, db
from bpm.web.request import clock, settings
from bpm.worktime import company_calendar, due


@api.operation("POST", "/messages", result=schemas.Delivered, body=schemas.MessageIn)
def send_message(body: schemas.MessageIn) -> schemas.Delivered:
    """Deliver a message to the one case that waits for it, or keep it until one does.

    ``correlation`` is the business key of the case or the id of its record, unless the diagram
    says otherwise; cases with BPMN correlation keys look into the payload. Of several that wait the
    one that began first gets it; if none waits, it may start a process.
    """
    session, person = current_session(), g.person
    correlation = None if body.correlation is None else str(body.correlation)
    now = clock().now()
    kept_for = (
        KEPT_FOR
        if body.time_to_live is None
        else due(now, body.time_to_live, company_calendar(session)) - now
    )
    number = engine.deliver(
        session, now, person, body.name, correlation, typed(session, person, body.payload),
        message_id=body.id, kept_for=kept_for,
    )  # fmt: skip
    return schemas.Delivered(delivered=number, buffered=number == 0)


@api.operation("POST", "/signals", result=schemas.Delivered, body=schemas.SignalIn)
def send_signal(body: schemas.SignalIn) -> schemas.Delivered:
    """Tell every case that waits for the signal, and start the processes that begin with it."""
    session, person = current_session(), g.person
    number = engine.signal(session, clock().now(), person, body.name, typed(session, person, body.payload))
    return schemas.Delivered(delivered=number)


class StoredFileOut(BaseModel):
    """A kept file; ``{"file": …}`` stands for it in the values of a form."""

    file: str
    name: str
    size: int
    media_type: str


@api.operation("POST", "/files", result=StoredFileOut, status=201, consumes="multipart/form-data")
def keep_file() -> StoredFileOut:
    """Send a file that a form asks for."""
    upload = next(iter(request.files.values()), None)
    if upload is None or not upload.filename:
        raise Invalid(_("Send a file as multipart/form-data."))
    stored = files.keep(
        current_session(),
        current_app.extensions["bpm"].files,
        clock().now(),
        g.person,
        upload.filename,
        cast(BinaryIO, upload.stream),
        limit=settings().upload_limit,
    )
    return StoredFileOut(
        file=stored.public_id, name=stored.name, size=stored.size, media_type=stored.media_type
    )


@api.operation("POST", "/clock", result=schemas.ClockOut, body=schemas.AdvanceIn)
def advance_clock(body: schemas.AdvanceIn) -> schemas.ClockOut | Response:
    """Move the clock of a sandbox installation (BPM_TEST_CLOCK=1) and run what became due."""
    if not settings().test_clock:
        text = _("Only a sandbox installation (BPM_TEST_CLOCK=1) lets its clock be moved.")
        return problem(403, _("Not allowed"), text)
    if not is_administrator(g.person):
        raise NotAllowed(_("Only administrators move the clock."))
    try:
        by = isodate.parse_duration(body.advance)
        moment = clock().now()
        length = by.totimedelta(start=moment) if isinstance(by, isodate.Duration) else by
    except (isodate.ISO8601Error, ValueError, OverflowError):
        raise Invalid(_("Write an ISO 8601 duration, for instance P3D or PT2H.")) from None
    if length.total_seconds() < 0:
        raise Invalid(_("A clock can only be moved forward."))
    db.session.rollback()  # what runs now needs the database for itself
    ran = current_app.extensions["bpm"].advance_clock(length)
    return schemas.ClockOut(now=clock().now(), jobs_run=ran)
