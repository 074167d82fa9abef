"""A whole installation without pages, for tests of what happens around a running case."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from bpm.clock import MovableClock
from bpm.config import Settings
from bpm.db import Database
from bpm.engine import commands
from bpm.engine.models import HistoryEvent, Incident, Instance, UserTask
from bpm.installation import Installation
from bpm.notifications.models import Notice, OutgoingLetter
from bpm.people.models import Person
from bpm.people.queries import required_person
from tests.isolation import forgetting


class Office:
    """The demo company at work; each call is one committed transaction."""

    def __init__(self, installation: Installation, clock: MovableClock) -> None:
        self.installation = installation
        self.database: Database = installation.database
        self.clock = clock

    def do(self, command: Callable[..., Any], login: str | None, *arguments: Any, **more: Any) -> Any:
        with self.database.writing() as session:
            actor = required_person(session, login) if login else None
            return command(session, self.clock.now(), actor, *arguments, **more)

    def deploy(self, diagram: str) -> None:
        self.do(commands.deploy, None, diagram.encode())

    def start(self, key: str, login: str = "anna.nowak", **variables: Any) -> str:
        return str(self.do(commands.start, login, key, variables).public_id)

    def complete(self, login: str, element: str, outcome: str | None = None, comment: str = "") -> None:
        self.do(commands.complete, login, self.task(element).public_id, outcome, {}, comment)

    def task(self, element: str, status: str = "open") -> UserTask:
        with self.database.reading() as session:
            question = select(UserTask).where(UserTask.element == element, UserTask.status == status)
            return session.scalars(question.order_by(UserTask.id.desc()).limit(1)).one()

    def work(self) -> None:
        self.installation.worker.run_until_idle()

    def pass_time(self, **length: float) -> None:
        self.clock.advance(timedelta(**length))
        self.work()

    def case(self, public_id: str) -> Instance:
        with self.database.reading() as session:
            return session.scalars(select(Instance).where(Instance.public_id == public_id)).one()

    def letters(self, kind: str | None = None) -> list[tuple[str, str]]:
        """Return recipient (login) and subject of each letter."""
        with self.database.reading() as session:
            rows = session.scalars(select(OutgoingLetter).order_by(OutgoingLetter.id)).all()
            return [
                (row.recipient.removesuffix("@example.com"), row.subject)
                for row in rows
                if kind is None or row.kind == kind
            ]

    def letter(self, recipient: str) -> OutgoingLetter:
        """Return the newest letter to somebody."""
        with self.database.reading() as session:
            question = select(OutgoingLetter).where(OutgoingLetter.recipient == f"{recipient}@example.com")
            return session.scalars(question.order_by(OutgoingLetter.id.desc()).limit(1)).one()

    def bell(self, login: str, *, unread: bool = True) -> list[str]:
        """Return the notices of a person in English."""
        with self.database.reading() as session:
            question = select(Notice).join(Person).where(Person.login == login).order_by(Notice.id)
            rows = session.scalars(question).all()
            return [row.texts["en"] for row in rows if row.read_at is None or not unread]

    def history(self, case: str, *kinds: str) -> list[tuple[str, list[str]]]:
        """Return the kind of each history event and the people it names."""
        with self.database.reading() as session:
            question = select(HistoryEvent).join(Instance, Instance.id == HistoryEvent.instance_id)
            question = question.where(Instance.public_id == case, HistoryEvent.kind.in_(kinds))
            rows = session.scalars(question.order_by(HistoryEvent.seq)).all()
            return [(row.kind, row.data["persons"]) for row in rows]

    def incidents(self) -> list[Incident]:
        with self.database.reading() as session:
            return list(session.scalars(select(Incident).where(Incident.resolved_at.is_(None))))


@contextmanager
def open_office(database: Database, clock: MovableClock, folder: Path, **settings: Any) -> Iterator[Office]:
    """Put an installation together on a database with the demo company, and take it apart again."""
    with forgetting():
        chosen = Settings(instance=folder, base_url="https://bpm.example", **settings)
        yield Office(Installation(chosen, clock, database.engine), clock)
