"""Versions of one small process, and how cases go over from one to another."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from bpm.engine import commands
from bpm.engine.migration import commands as migration_commands
from bpm.engine.migration.plan import InstancePlan
from bpm.engine.models import EventSubscription, Incident, Instance, UserTask
from bpm.jobs.models import Job
from tests.engine.office import Office, waits_are_written
from tests.engine.processes import (
    boundary,
    chain,
    end,
    message,
    process,
    start,
    timer,
    user,
)

ADAM = "adam.kaminski"


def plan(
    office: Office, case: str, to: int = 2, mapping: dict[str, str | None] | None = None
) -> InstancePlan:
    found = office.do(migration_commands.plan, ADAM, case, to, mapping)
    assert isinstance(found, InstancePlan)
    return found


def migrate(office: Office, case: str, to: int = 2, mapping: dict[str, str | None] | None = None) -> None:
    office.do(commands.migrate, ADAM, case, to, mapping, reason="a better process")
    waits_are_written(office, case)


def rows(office: Office, case: str) -> dict[str, Any]:
    """Everything that is stored of a case but for its history, revisions and row numbers."""
    with office.reading() as session:
        row = session.scalars(select(Instance).where(Instance.public_id == case)).one()
        tasks = session.scalars(select(UserTask).where(UserTask.instance_id == row.id).order_by(UserTask.id))
        jobs = session.scalars(select(Job).where(Job.instance_id == row.id))
        subscribed = session.scalars(select(EventSubscription).where(EventSubscription.instance_id == row.id))
        incidents = session.scalars(select(Incident).where(Incident.instance_id == row.id))
        return {
            "case": (row.version_id, row.titles, row.search_text, row.status, row.state),
            "tasks": [
                (one.id, one.token, one.element, one.titles, one.form_key, one.outcomes, one.status, one.assignee_id,
                 one.claimed_at, one.due_at, one.sort_at, one.priority, one.search_text)
                for one in tasks
            ],
            "jobs": sorted((one.kind, one.unique_key or "", str(one.due_at), str(one.payload)) for one in jobs),
            "waits": sorted((one.kind, one.name, one.token, one.element, one.correlation) for one in subscribed),
            "incidents": [(one.kind, one.element, one.token) for one in incidents],
        }  # fmt: skip


def simple(ask: str, *more: str, path: tuple[str, ...] = ("begin", "ask", "done"), **how: Any) -> str:
    return process("simple", start(), ask, *more, end(), chain(*path), **how)


FIRST = simple(user("ask", "person", "boris.petrov", title="Ask {number}"))
DEADLINE = '<bpm:deadline due="P3D"/>'


def with_events(term: str, *more: str, name: str = "paid") -> str:
    return process(
        "simple",
        start(),
        user("ask", "person", "boris.petrov"),
        boundary("late", "ask", timer(term), interrupting=False),
        boundary("told", "ask", message(name)),
        user("hurry", "person", "emily.clark"),
        *more,
        end("late_done"),
        end(),
        chain("begin", "ask", "done"),
        chain("late", "hurry", "late_done"),
        chain("told", "thank", "told_done"),
        user("thank", "person", "emily.clark"),
        end("told_done"),
        messages=("paid", "billed"),
    )
