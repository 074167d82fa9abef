from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bpm.clock import MovableClock
from bpm.config import Settings
from bpm.db import Database
from bpm.files.store import FileStore
from bpm.jobs.handlers import Handlers
from bpm.jobs.worker import Worker
from bpm.notifications import announcements, reminders, sending
from bpm.notifications.models import OutgoingLetter
from tests.notifications.mailbox import Mailbox, mail_server


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with mail_server() as mailbox:
        yield mailbox


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "files")


@pytest.fixture
def worker_with(database: Database, clock: MovableClock, store: FileStore) -> Callable[[str], Worker]:
    """A worker that sends letters through the server of a URL; none: they are kept."""

    def build(smtp_url: str) -> Worker:
        settings = Settings(
            smtp_url=smtp_url, mail_from="bpm@company.example", base_url="https://bpm.example"
        )
        handlers = Handlers()
        sending.register(handlers, settings, store)
        announcements.register(handlers, settings)
        reminders.register(handlers, settings)
        return Worker(database, clock, handlers)

    return build


@pytest.fixture
def letters(database: Database) -> Callable[[], list[OutgoingLetter]]:
    def read() -> list[OutgoingLetter]:
        with database.reading() as session:
            return list(session.query(OutgoingLetter).order_by(OutgoingLetter.id))

    return read
