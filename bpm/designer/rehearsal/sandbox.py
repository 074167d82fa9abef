"""A whole small installation around the database of a rehearsal: clock, worker, services, files.

The engine, its listeners and handlers are the true ones. What they write goes into the database in
memory; mail has no server, calls outside are not made, and the clock moves only when it is told to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from bpm.clock import MovableClock
from bpm.config import Settings
from bpm.db import Database
from bpm.designer.rehearsal.caller import Pretending, service_handler
from bpm.designer.rehearsal.files import FilesInside
from bpm.designer.rehearsal.image import Image, opened
from bpm.engine import commands, job_handlers
from bpm.engine.models import EventSubscription
from bpm.engine.operations import stalls
from bpm.engine.services import caller as services
from bpm.engine.services import steps as service_steps
from bpm.engine.services.caller import ServiceError, ServiceFailed
from bpm.engine.timers import jobs as timers
from bpm.engine.values import RecordReference
from bpm.engine.work import Work
from bpm.errors import Conflict
from bpm.files import commands as files
from bpm.files.models import StoredFile
from bpm.files.store import FileStore
from bpm.jobs.handlers import Handlers, InTransaction
from bpm.jobs.models import Job
from bpm.jobs.queries import next_due
from bpm.jobs.worker import Worker
from bpm.language import _
from bpm.notifications import announcements, reminders, sending
from bpm.notifications.commands import LETTER_JOB
from bpm.notifications.listeners import ANNOUNCE
from bpm.people.models import Person
from bpm.people.queries import required_person

Result = TypeVar("Result")
# a loop of timers must not keep us busy for ever
_MOST_JOBS = 400


class Sandbox:
    """The opened database of a rehearsal, and everything that can be done in it."""

    def __init__(self, image: Image, settings: Settings, at: datetime, *, quick: bool = False) -> None:
        """
        Args:
            at: the moment at which its clock stands.
            quick: documents are only named, not filled in, and nobody is written to about his tasks.
        """
        self.clock = MovableClock(at)
        self.image = image
        self.database = Database(image.engine)
        self.settings = replace(settings, smtp_url="", allowed_hosts=())
        self.files = FilesInside(image.raw, FileStore(settings.files_folder))
        self._caller = Pretending(self.settings, self.files)
        self._caller.quick = quick
        self._worker = Worker(self.database, self.clock, _handlers(self.settings, self.files, quick))

    @property
    def now(self) -> datetime:
        """The present moment of the rehearsal."""
        return self.clock.now()

    # --- what people do --------------------------------------------------------------------------

    def start(
        self, process_key: str, login: str, entries: Mapping[str, Any], record: RecordReference | None
    ) -> None:
        """Start a case as a person does.

        Raises:
            Refusal: as ``commands.start``.
        """
        self._do(
            lambda session: commands.start(
                session, self.now, required_person(session, login), process_key, entries, record=record
            )
        )

    def start_at(self, process_key: str, element: str, login: str | None) -> None:
        """Start a case by one of its other start events: its time has come, its signal was heard.

        Raises:
            Refusal: as ``commands.start``.
        """
        self._do(
            lambda session: commands.start(
                session, self.now, None, process_key, {}, start_event=element, initiator=login
            )
        )

    def decide(
        self, login: str, task: str, outcome: str | None, entries: Mapping[str, Any], comment: str = ""
    ) -> None:
        """Decide a task as somebody.

        Raises:
            Refusal: as ``commands.complete``.
        """
        self._do(
            lambda session: commands.complete(
                session, self.now, required_person(session, login), task, outcome, entries, comment
            )
        )

    def keep_file(self, login: str, name: str, content: bytes) -> StoredFile:
        """Keep a file of somebody, as if he had sent it with a form.

        Raises:
            Invalid: it is empty or too large.
        """
        with self.database.writing() as session:
            person = required_person(session, login)
            limit = self.settings.upload_limit
            return files.keep(session, self.files, self.now, person, name, content, limit=limit)

    # --- what comes from outside -----------------------------------------------------------------

    def send(self, subscription_id: int, payload: Mapping[str, Any]) -> None:
        """Pretend that a message or signal arrives.

        Raises:
            Conflict: nobody waits for it any more.
        """

        def deed(session: Session) -> None:
            row = session.get(EventSubscription, subscription_id)
            if row is None:
                raise Conflict(_("Nobody waits for this any more."))
            if row.kind == "signal":
                commands.signal(session, self.now, None, row.name, payload)
            else:
                commands.deliver(session, self.now, None, row.name, row.correlation, payload)

        self._do(deed)

    def answer(self, instance_id: int, token: str, result: Mapping[str, Any]) -> None:
        """Pretend that a service has answered."""

        def deed(session: Session) -> None:
            found: Any = dict(result)
            unit = Work(session, self.now, None, None).unit(instance_id)
            wait = service_steps.waiting_step(unit, token)
            if wait is not None:
                try:
                    found = service_steps.checked(service_steps.call_of(unit, wait), found)
                except ServiceError as error:
                    found = error
            commands.complete_service(session, self.now, instance_id, token, found)

        self._do(deed)

    def fail(self, instance_id: int, token: str, code: str = "") -> None:
        """Pretend that a service fails: for good, or with a BPMN error that the diagram may catch."""
        words = _("It failed because you said so.")
        self._do(
            lambda session: (
                commands.complete_service(session, self.now, instance_id, token, ServiceError(code, words))
                if code
                else commands.fail_service(
                    session, self.now, instance_id, token, ServiceFailed(words, again=False)
                )
            )
        )

    def retry(self, incident: str, login: str) -> None:
        """Try again what has failed.

        Raises:
            Refusal: as ``commands.retry``.
        """

        def deed(session: Session) -> None:
            row = session.scalars(select(Person).where(Person.login == login)).one()
            commands.retry(session, self.now, row, incident)

        self._do(deed)

    # --- time ------------------------------------------------------------------------------------

    def skip(self, until: datetime) -> None:
        """Let time pass, and everything happen whose time comes meanwhile, in order."""

        def deed() -> None:
            for _number in range(_MOST_JOBS):
                with self.database.reading() as session:
                    due = next_due(session)
                if due is None or due > until:
                    break
                self._move(due)
                self._worker.run_until_idle()
            self._move(until)

        self._run(deed)

    def _move(self, to: datetime) -> None:
        if to > self.now:
            self.clock.advance(to - self.now)

    # --- around each deed ------------------------------------------------------------------------

    def _do(self, deed: Callable[[Session], Any]) -> None:
        def run() -> None:
            with self.database.writing() as session:
                deed(session)

        self._run(run)

    def _run(self, deed: Callable[[], None]) -> None:
        with services.using_here(self._caller):
            deed()
            self._worker.run_until_idle()
            stalls.look(self.database, self.now, timedelta())


@contextmanager
def entered(packed: bytes, settings: Settings, at: datetime, *, quick: bool = False) -> Iterator[Sandbox]:
    """Open a kept rehearsal for the block."""
    with opened(packed) as image:
        yield Sandbox(image, settings, at, quick=quick)


def _handlers(settings: Settings, files: FileStore, quick: bool) -> Handlers:
    engine, handlers = Handlers(), Handlers()
    job_handlers.register(engine)
    for kind in engine.kinds:
        handler = service_handler() if kind == timers.SERVICE else engine.get(kind)
        assert handler is not None
        handlers.register(kind, handler)
    if quick:
        for kind in (ANNOUNCE, LETTER_JOB, timers.REMINDER, timers.ESCALATION):
            handlers.register(kind, InTransaction(_nothing))
        return handlers
    announcements.register(handlers, settings)
    reminders.register(handlers, settings)
    sending.register(handlers, settings, files)
    return handlers


def _nothing(session: Session, now: datetime, job: Job) -> None:
    """The way a case takes does not depend on it."""
