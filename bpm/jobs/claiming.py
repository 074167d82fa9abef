"""Which due jobs a worker takes next, and the lease by which it holds them.

Jobs stand in lanes: the jobs of one process are one lane. A claim takes from the highest priority
at which something is due, the same number from each lane, so that nobody waits behind the hundred
thousand jobs of another. A claim moves ``due_at`` to the end of the lease and writes a token; a job
of an instance that has one running is left alone.
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import (
    ColumnElement,
    bindparam,
    exists,
    false,
    func,
    select,
    text,
    true,
    update,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, aliased

from bpm.db import Database
from bpm.jobs.commands import PAST_THE_SESSION, change
from bpm.jobs.models import Job


@dataclass(frozen=True)
class Claim:
    """A job that belongs to this worker until its lease ends."""

    id: int
    kind: str
    priority: int
    lane: int
    planned_at: datetime
    token: str

    def held(self) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
        """Return the conditions under which the job is still this worker's."""
        return Job.id == self.id, Job.lease_token == self.token


def _oldest(one: Any, *where: ColumnElement[bool]) -> Any:
    """The first job along the index of lanes."""
    question = select(one.id).where(one.dead == false(), *where)
    return question.order_by(one.priority, one.lane, one.due_at).limit(1)


def _lanes_due() -> Any:
    """The lanes in which something is due, found by jumping from lane to lane along the index."""
    here, there, beside, above = aliased(Job), aliased(Job), aliased(Job), aliased(Job)
    lanes = (
        select(here.priority, here.lane, here.due_at)
        .where(here.id == _oldest(aliased(Job)).scalar_subquery())
        .cte("lanes", recursive=True)
    )
    # two questions instead of comparing pairs, for which SQLite uses half of the index
    next_lane = _oldest(beside, beside.priority == lanes.c.priority, beside.lane > lanes.c.lane)
    next_level = _oldest(above, above.priority > lanes.c.priority)
    following = func.coalesce(
        next_lane.correlate(lanes).scalar_subquery(), next_level.correlate(lanes).scalar_subquery()
    )
    lanes = lanes.union_all(
        select(there.priority, there.lane, there.due_at).select_from(lanes).join(there, there.id == following)
    )
    due = select(lanes.c.priority, lanes.c.lane).where(lanes.c.due_at <= bindparam("now"))
    return due.order_by(lanes.c.priority.desc())


def _nothing_runs(of: type[Job]) -> ColumnElement[bool]:
    """No other job of the same instance is running."""
    other = aliased(Job)
    same = (other.instance_id == of.instance_id, other.running == true(), other.id != of.id)
    return ~exists().where(*same)


# what a crash of the database would lose of a lease is harmless: the job becomes due again, and whoever
# still runs it cannot commit its effect
_NO_WAITING = text("SET LOCAL synchronous_commit = off")
_ANY_DUE = select(Job.id).where(Job.due_at <= bindparam("now"), Job.dead == false()).limit(1)
_LANES_DUE = _lanes_due()
# a CTE: PostgreSQL may run a bare IN (SELECT … LIMIT) more than once and claim too many
_DUE = (
    select(Job.id)
    .where(
        Job.dead == false(),
        Job.priority == bindparam("of_priority"),
        Job.lane == bindparam("of_lane"),
        Job.due_at <= bindparam("now"),
        _nothing_runs(Job),
    )
    .order_by(Job.due_at)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True, of=Job)
    .cte("due")
)
_CLAIM = (
    update(Job)
    .where(Job.id.in_(select(_DUE.c.id)))
    .values(due_at=bindparam("until"), lease_token=bindparam("token"), running=False)
    .returning(Job.id, Job.kind, Job.priority, Job.lane, Job.planned_at)
)


@contextmanager
def _lending(database: Database) -> Iterator[Session]:
    """A transaction that does not wait for PostgreSQL's disk when it commits."""
    with database.writing() as session:
        if database.engine.dialect.name == "postgresql":
            session.connection().execute(_NO_WAITING)
        yield session


def claim(database: Database, now: datetime, *, most: int, lease: timedelta) -> list[Claim]:
    """Claim at most ``most`` due jobs, the ones of higher priority first, then the older ones."""
    with database.reading() as session:
        # most ticks find nothing: look without taking SQLite's write lock
        if session.execute(_ANY_DUE, {"now": now}).first() is None:
            return []
        lanes = session.execute(_LANES_DUE, {"now": now}).all()
    token = uuid.uuid4().hex
    found: list[Claim] = []
    with _lending(database) as session:
        for priority, level in groupby(lanes, key=lambda lane: lane.priority):
            numbers = [lane.lane for lane in level]
            random.shuffle(numbers)
            share = max(1, (most - len(found)) // len(numbers))
            for lane in numbers[: most - len(found)]:
                wanted = {"of_priority": priority, "of_lane": lane, "most": share}
                lent = {"now": now, "until": now + lease, "token": token}
                rows = session.execute(_CLAIM, wanted | lent, execution_options=PAST_THE_SESSION).all()
                found += [Claim(*row, token) for row in rows]
            if len(found) >= most:
                break
    return sorted(found, key=lambda one: (-one.priority, one.planned_at, one.id))


def start(database: Database, claim: Claim, until: datetime) -> Job | None:
    """Count the start and renew the lease; from now on no other job of the instance is started.

    Returns:
        None if somebody else has the job, it was cancelled, or another of its instance is running.
    """
    statement = (
        update(Job)
        .where(*claim.held(), _nothing_runs(Job))
        .values(due_at=until, starts=Job.starts + 1, running=True)
        .returning(Job)
    )
    try:
        with _lending(database) as session:
            return session.scalar(statement, execution_options=PAST_THE_SESSION)
    except IntegrityError:  # both were started at the same moment: the index lets one through
        return None


def give_back(database: Database, now: datetime, claims: Sequence[Claim]) -> None:
    """Let others have jobs that were claimed and not started."""
    with database.writing() as session:
        for one in claims:
            release(session, one, due_at=now)


def release(session: Session, claim: Claim, **columns: Any) -> bool:
    """End a lease without deleting the job; False if it is not ours any more."""
    ended = update(Job).where(*claim.held()).values(lease_token=None, running=False, **columns)
    return change(session, ended).rowcount == 1
