"""The foundation holds on both databases."""

from datetime import UTC, datetime

import pytest
from sqlalchemy.exc import StatementError
from sqlalchemy.orm import Session

from bpm.db import Setting
from bpm.jobs.models import Job


def test_a_moment_comes_back_in_utc(session: Session) -> None:
    due = datetime(2026, 3, 3, 8, 0, tzinfo=UTC)
    session.add(Job(kind="x", payload={"typename": 1}, due_at=due, created_at=due))
    session.flush()
    session.expire_all()
    job = session.query(Job).one()
    assert job.due_at == due and job.due_at.tzinfo is not None
    assert job.payload == {"typename": 1}


def test_a_moment_without_a_zone_is_refused(session: Session) -> None:
    naive = datetime(2026, 3, 3, 8, 0)
    session.add(Job(kind="x", payload={}, due_at=naive, created_at=naive))
    with pytest.raises(StatementError, match="time zone"):
        session.flush()
    session.rollback()


def test_settings_are_kept(session: Session) -> None:
    session.add(Setting(key="clock", value={"offset": 3}))
    session.flush()
    session.expire_all()
    assert session.get_one(Setting, "clock").value == {"offset": 3}
