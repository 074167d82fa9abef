"""The demo company at work: cases, people, a worker, and a clock that is moved by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bpm.clock import MovableClock
from bpm.db import Database
from bpm.engine import commands, events, job_handlers
from bpm.engine.definitions import of_version
from bpm.engine.events import Event
from bpm.engine.functions import World
from bpm.engine.history import verify_history
from bpm.engine.models import EventSubscription, HistoryEvent, Incident, Instance, UserTask
from bpm.engine.unit import Unit, read_row
from bpm.jobs.handlers import Handlers, InTransaction
from bpm.jobs.models import Job
from bpm.jobs.worker import Worker
from bpm.people import queries as people
from bpm.people.models import Person


class Office:
    """What a test does to the engine: each call is one committed transaction."""

    def __init__(self, database: Database, clock: MovableClock) -> None:
        self.database = database
        self.clock = clock
        self.reminded: list[dict[str, Any]] = []
        handlers = Handlers()
        job_handlers.register(handlers)
        for kind in ("task.reminder", "task.escalation"):
            handlers.register(kind, InTransaction(self._remember))
        self.worker = Worker(database, clock, handlers)

    def _remember(self, _session: Session, _now: datetime, job: Any) -> None:
        self.reminded.append({"kind": job.kind, **job.payload})

    @property
    def now(self) -> datetime:
        return self.clock.now()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        with self.database.reading() as session:
            yield session

    def person(self, session: Session, login: str) -> Person:
        found = people.person(session, login)
        assert found is not None, login
        return found

    def do(self, command: Callable[..., Any], login: str | None, *arguments: Any, **more: Any) -> Any:
        """Run a command as a person, in a transaction of its own."""
        with self.database.writing() as session:
            actor = self.person(session, login) if login else None
            return command(session, self.now, actor, *arguments, **more)

    def deploy(self, *diagrams: str) -> None:
        for diagram in diagrams:
            self.do(commands.deploy, None, diagram)

    def start(
        self, key: str, login: str | None = "anna.nowak", variables: dict[str, Any] | None = None, **more: Any
    ) -> str:
        return str(self.do(commands.start, login, key, variables or {}, **more).public_id)

    def complete(
        self,
        login: str | None,
        element: str,
        outcome: str | None = None,
        case: str | None = None,
        values: dict[str, Any] | None = None,
        comment: str = "",
    ) -> UserTask:
        task = self.task(element, case, login)
        done = self.do(commands.complete, login, task.public_id, outcome, values or {}, comment)
        assert isinstance(done, UserTask)
        return done

    def tasks(self, case: str | None = None, status: str = "open") -> list[UserTask]:
        with self.reading() as session:
            question = select(UserTask).where(UserTask.status == status).order_by(UserTask.id)
            if case is not None:
                root = select(Instance.id).where(Instance.public_id == case).scalar_subquery()
                question = question.join(Instance).where(Instance.root_id == root)
            return list(session.scalars(question))

    def open_elements(self, case: str | None = None) -> list[str]:
        return sorted(task.element for task in self.tasks(case))

    def task(self, element: str, case: str | None = None, login: str | None = None) -> UserTask:
        found = [task for task in self.tasks(case) if task.element == element]
        if login is not None and len(found) > 1:
            with self.reading() as session:
                person = self.person(session, login)
                found = [task for task in found if task.assignee_id in (None, person.id)]
        assert found, f"no open task {element}: {self.open_elements(case)}"
        return found[0]

    def holder(self, element: str, case: str | None = None) -> str | None:
        task = self.task(element, case)
        with self.reading() as session:
            person = session.get(Person, task.assignee_id) if task.assignee_id else None
            return person.login if person else None

    def case(self, public_id: str) -> Instance:
        with self.reading() as session:
            return session.scalars(select(Instance).where(Instance.public_id == public_id)).one()

    def history(self, public_id: str, *kinds: str) -> list[HistoryEvent]:
        with self.reading() as session:
            question = select(HistoryEvent).join(Instance, Instance.id == HistoryEvent.instance_id)
            question = question.where(Instance.public_id == public_id).order_by(HistoryEvent.seq)
            found = list(session.scalars(question))
            return [one for one in found if not kinds or one.kind in kinds]

    def incidents(self, only_open: bool = True) -> list[Incident]:
        with self.reading() as session:
            question = select(Incident).order_by(Incident.id)
            if only_open:
                question = question.where(Incident.resolved_at.is_(None))
            return list(session.scalars(question))

    def count(self, table: type) -> int:
        with self.reading() as session:
            return session.scalar(select(func.count()).select_from(table)) or 0

    def variables(self, public_id: str) -> dict[str, Any]:
        from bpm.engine import queries

        with self.reading() as session:
            case = session.scalars(select(Instance).where(Instance.public_id == public_id)).one()
            return queries.variables(session, self.now, case)

    def pass_time(self, **length: float) -> None:
        """Move the clock and let the worker do what has become due."""
        self.clock.advance(timedelta(**length))
        self.work()

    def work(self) -> None:
        self.worker.run_until_idle()


def waits_are_written(office: Office, case: str) -> None:
    """What the tables say is exactly what the run waits for."""
    with office.reading() as session:
        row = session.scalars(select(Instance).where(Instance.public_id == case)).one()
        waits = (
            []
            if row.ended_at
            else Unit(World(session, office.now), read_row(session, row.id, lock=False)).run.waiting()
        )
        tasks = session.scalars(
            select(UserTask).where(UserTask.instance_id == row.id, UserTask.status == "open")
        )
        assert {one.token for one in tasks} == {one.token for one in waits if one.kind == "user_task"}
        subscribed = session.scalars(select(EventSubscription).where(EventSubscription.instance_id == row.id))
        assert {(one.token, one.kind, one.name) for one in subscribed} == {
            (one.token, one.kind, one.name or "")
            for one in waits
            if one.kind in ("message", "signal", "conditional")
        }
        jobs = session.scalars(select(Job).where(Job.instance_id == row.id, Job.kind == "engine.timer"))
        assert {(one.payload["token"], one.due_at) for one in jobs} == {
            (one.token, one.due_at) for one in waits if one.kind == "timer"
        }
        assert of_version(session, row.version)
        assert not list(verify_history(session, row.id))


@contextmanager
def heard(*kinds: str) -> Iterator[list[Event]]:
    """What listeners of these kinds hear meanwhile."""
    told: list[Event] = []

    def listener(_session: Session, _now: datetime, event: Event) -> None:
        told.append(event)

    for kind in kinds:
        events.listen(kind, listener)
    try:
        yield told
    finally:
        for kind in kinds:
            events.LISTENERS.forget(kind, listener)
