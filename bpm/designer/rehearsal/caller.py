"""What service steps of a rehearsal reach: the connectors that only touch its own database, and paper.

Letters and records are written there by the true connectors. Documents are made, at most once for the
same values. Everything else that would leave the house is never called: a person says what it answers.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from threading import Lock
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bpm.connectors.caller import Caller
from bpm.documents.commands import Produced
from bpm.engine import job_handlers
from bpm.engine.services import steps as service_steps
from bpm.engine.services.caller import ServiceCall, ServiceFailed
from bpm.engine.services.external_rows import NEVER
from bpm.engine.timers import jobs as timers
from bpm.engine.work import Work
from bpm.jobs.handlers import Handler, Handlers, Outside
from bpm.jobs.models import Job
from bpm.language import _

DOCUMENT = "document"
_MOST_KEPT = 32
_kept: OrderedDict[str, Produced] = OrderedDict()
_lock = Lock()


class Pretending(Caller):
    """A ``ServiceCaller`` of which nothing goes outside.

    ``quick``: documents are not filled in, only named.
    """

    quick = False

    def perform(self, call: ServiceCall, prepared: Any) -> Any:
        """Make a document as Word file; a PDF takes too long to wait for.

        Raises:
            ServiceFailed: it is no document, or it cannot be made.
        """
        if call.name != DOCUMENT:
            raise ServiceFailed(_("Nothing outside is called in a rehearsal."), again=False)
        if self.quick:
            return Produced(b"Made in a rehearsal.")
        plain = replace(prepared, as_pdf=False)
        key = sha256(repr(plain).encode()).hexdigest()
        with _lock:
            if key in _kept:
                return _kept[key]
        made = super().perform(call, plain)
        with _lock:
            _kept[key] = made
            while len(_kept) > _MOST_KEPT:
                _kept.popitem(last=False)
        return made


def service_handler() -> Handler:
    """Return what does the jobs of service steps: documents as ever; the others wait for a person."""
    all_kinds = Handlers()
    job_handlers.register(all_kinds)
    real = all_kinds.get(timers.SERVICE)
    assert isinstance(real, Outside)
    prepare: Callable[[Session, datetime, Job], Any] = real.prepare

    def prepared(session: Session, now: datetime, job: Job) -> Any:
        if _is_ours(session, now, job):
            return prepare(session, now, job)
        _remember(session, now, job)
        return None

    return replace(real, prepare=prepared)


def _remember(session: Session, now: datetime, job: Job) -> None:
    """Leave a job that never comes: without any, the case would be taken for one that waits for nothing.

    It goes with the token, as every job of a step does.
    """
    instance_id, token = job.payload["instance"], job.payload["token"]
    row = timers.token_job(timers.RESULT, instance_id, token, NEVER, now=now)
    if session.scalar(select(Job.id).where(Job.unique_key == row["unique_key"])) is None:
        timers.add_jobs(session, now, [row])


def _is_ours(session: Session, now: datetime, job: Job) -> bool:
    """Whether a step is done here; one that failed inside of the transaction is tried again as ever."""
    instance_id, token = job.payload["instance"], job.payload["token"]
    if service_steps.root_of(session, instance_id) is None:
        return False
    wait = service_steps.waiting_step(Work(session, now, None, None).unit(instance_id), token)
    if wait is None:
        return False
    name = service_steps.name_of(wait)
    return name == DOCUMENT or _is_inside(name)


def _is_inside(name: str) -> bool:
    from bpm.connectors import registry

    try:
        return registry.required(name).transactional
    except ServiceFailed:
        return True  # there is no such service: let the engine say so
