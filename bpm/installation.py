"""One installation: settings, clock, database, files and the worker, put together without Flask.

The web application, the worker process and the command line all begin here, so that a job does
the same wherever it runs.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Engine, select

from bpm.clock import Clock, MovableClock, SystemClock
from bpm.config import ROOT, Settings
from bpm.connectors.caller import Caller
from bpm.db import Database, Setting, make_engine
from bpm.engine import job_handlers, permissions
from bpm.engine.models import Process
from bpm.engine.operations import stalls
from bpm.engine.services import caller as services
from bpm.files import rights
from bpm.files.store import FileStore
from bpm.jobs.handlers import Handlers
from bpm.jobs.worker import Worker
from bpm.library import load_demo_records, load_library
from bpm.notifications import announcements, listeners, reminders, sending
from bpm.people.demo import load_demo
from bpm.people.models import Person
from bpm.records import functions as record_functions
from bpm.records import listeners as record_listeners
from bpm.records import queries as records
from bpm.worktime.commands import set_up as set_up_calendar

_CLOCK = "test_clock"
FIRST_PERSON = (
    "Nobody can log in yet. Add the first person: "
    "python -m bpm user add LOGIN --name NAME --email ADDRESS --role administrator --role process_owner"
)


class Installation:
    """Everything one installation consists of, except its pages."""

    def __init__(self, settings: Settings, clock: Clock | None = None, engine: Engine | None = None) -> None:
        """
        Args:
            clock: where the present moment comes from; by the settings if left out.
            engine: the database connection pool to share with somebody else.
        """
        self.settings = settings
        self.engine = engine if engine is not None else make_engine(settings.database_url)
        self.database = Database(self.engine)
        self.clock = clock or clock_of(settings)
        self.files = FileStore(settings.files_folder)
        self.handlers = Handlers()
        self.worker = Worker(self.database, self.clock, self.handlers)
        self._connect()

    def _connect(self) -> None:
        rights.ask("instance", permissions.can_read_files)
        rights.ask("record", records.can_read_files)
        services.use(Caller(self.settings, self.files))
        record_functions.register()
        record_listeners.register()
        listeners.register()
        job_handlers.register(self.handlers)
        announcements.register(self.handlers, self.settings)
        reminders.register(self.handlers, self.settings)
        sending.register(self.handlers, self.settings, self.files)

    def set_up(self) -> list[str]:
        """Bring the tables up to date, and fill an empty installation.

        Returns:
            What was done, a line each.
        """
        from bpm.migration import upgrade

        done = ["The tables were made."] if upgrade(self.engine) else []
        with self.database.reading() as session:
            empty = session.scalar(select(Process.id).limit(1)) is None
            nobody = session.scalar(select(Person.id).limit(1)) is None
        if nobody and self.settings.demo:
            self.load_demo_company()
            done.append("The demo company was loaded.")
        if empty:
            done += self.load_library()
            if nobody and self.settings.demo:
                self.load_demo_records()
        if nobody and not self.settings.demo:
            done.append(FIRST_PERSON)
        self.read_clock()
        return done

    def load_library(self) -> list[str]:
        """Publish what ships and is new; return a line for each publication."""
        with self.database.writing() as session:
            set_up_calendar(session, self.settings.time_zone)
            return [str(line) for line in load_library(session, self.clock.now(), None, ROOT)]

    def load_demo_company(self) -> None:
        """Add the people of the demo company."""
        with self.database.writing() as session:
            set_up_calendar(session, self.settings.time_zone)
            load_demo(session, self.clock.now())

    def load_demo_records(self) -> None:
        """Add companies, deals, contracts and leads to start from."""
        with self.database.writing() as session:
            load_demo_records(session, self.clock.now())

    # A sandbox may be served by several processes: the offset of its clock lies in the database.

    def read_clock(self) -> None:
        """Take over the offset that another process gave the test clock."""
        if self.settings.test_clock and isinstance(self.clock, MovableClock):
            with self.database.reading() as session:
                kept = session.get(Setting, _CLOCK)
                if kept is not None:
                    offset = timedelta(seconds=float(kept.value["offset"]))
                    self.clock.offset = max(offset, self.clock.offset)

    def advance_clock(self, by: timedelta) -> int:
        """Move the test clock forward and run what became due, in order of time.

        Returns:
            How many jobs ran.

        Raises:
            ValueError: this installation keeps the time of the world.
        """
        if not isinstance(self.clock, MovableClock):
            raise ValueError("This clock cannot be moved.")
        target = self.clock.offset + by
        ran = self.worker.run_until_quiet()
        while (step := self._until_next_job()) is not None and self.clock.offset + step <= target:
            self._move(self.clock.offset + step)
            ran += self.worker.run_until_quiet()
        self._move(target)
        ran += self.worker.run_until_quiet()
        stalls.look(self.database, self.clock.now(), timedelta())
        return ran

    def look_after_cases(self) -> int:
        """Clear away what has expired, and open an incident for each case that waits for nothing.

        Returns:
            How many incidents were opened.
        """
        return stalls.look(self.database, self.clock.now())

    def _until_next_job(self) -> timedelta | None:
        from bpm.jobs.queries import next_due

        with self.database.reading() as session:
            due = next_due(session)
        return None if due is None else max(timedelta(milliseconds=1), due - self.clock.now())

    def _move(self, offset: timedelta) -> None:
        assert isinstance(self.clock, MovableClock)
        self.clock.offset = max(offset, self.clock.offset)
        with self.database.writing() as session:
            kept = session.get(Setting, _CLOCK) or Setting(key=_CLOCK, value={})
            kept.value = {"offset": self.clock.offset.total_seconds()}
            session.add(kept)


def clock_of(settings: Settings) -> Clock:
    """Return the clock that the settings ask for."""
    return MovableClock() if settings.test_clock else SystemClock()
