"""Lets running cases go on with another version of their process, and undoes that.

All or nothing for each case; a dry run tells beforehand what would happen. Rights: the owner of the
process and administrators. Commits nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bpm.engine import definitions, lifecycle
from bpm.engine.functions import World
from bpm.engine.migration.mapping import ElementMap, Given
from bpm.engine.migration.plan import InstancePlan
from bpm.engine.migration.rows import (
    TaskChange,
    drop_index,
    facts_of,
    open_rows,
    replace_waits,
    restored,
    task_changes,
    waits_by_token,
    write_tasks,
)
from bpm.engine.migration.run import fitted, goes_on
from bpm.engine.migration.state import translate
from bpm.engine.models import Instance, ProcessVersion
from bpm.engine.operations.models import InstanceMigration
from bpm.engine.operations.moving import check_right
from bpm.engine.problems import StepFailed
from bpm.engine.runtime.workflow import Run
from bpm.engine.timers import jobs as timers
from bpm.engine.unit import SUSPENDED, Unit, read_row
from bpm.engine.work import Work, working
from bpm.errors import Conflict, Invalid, Refusal
from bpm.language import _, chosen
from bpm.people.models import Person


class CannotMigrate(Invalid):
    """A case cannot go over; ``details["plan"]`` says why, token by token."""

    code = "cannot_migrate"

    def __init__(self, plan: InstancePlan) -> None:
        self.plan = plan
        text = _(
            "The case cannot go over to version %(number)s. %(reasons)s",
            number=plan.to_version, reasons=" ".join(plan.reasons),
        )  # fmt: skip
        super().__init__(text, plan=plan.as_json())


@dataclass
class _Prepared:
    plan: InstancePlan
    run: Run | None = None
    tasks: list[TaskChange] = field(default_factory=list)


def plan(
    session: Session,
    now: datetime,
    actor: Person | None,
    instance_public_id: str,
    to_version: int,
    mapping: Given | None = None,
) -> InstancePlan:
    """Tell what :func:`migrate` would do with a case; changes nothing.

    Raises:
        NotFound, NotAllowed: the case is not the actor's to repair, or there is no such version.
        Invalid: the mapping names an element that a version does not have.
    """
    found = lifecycle.find(session, actor, instance_public_id)
    check_right(actor, found)
    return plan_of(session, now, found, _target(session, found, to_version), mapping or {})


def plan_of(
    session: Session, now: datetime, found: Instance, version: ProcessVersion, mapping: Given
) -> InstancePlan:
    """Tell what would happen to a case; asks for no rights."""
    unit = Unit(World(session, now), read_row(session, found.id, lock=False))
    empty = _empty_plan(found, unit, version)
    if unit.ended:
        empty.refusal = _("The case has ended already.")
    elif found.version_id == version.id:
        empty.refusal = _("The case runs on version %(number)s already.", number=version.number)
    return empty if empty.refusal else _prepare(unit, found, version, mapping).plan


def _empty_plan(found: Instance, unit: Unit, version: ProcessVersion) -> InstancePlan:

    title = chosen(unit.row.titles, chosen(found.process.names, found.process.key))
    return InstancePlan(found.public_id, title, found.version.number, version.number)


def _target(session: Session, found: Instance, number: int) -> ProcessVersion:
    return definitions.version_of(session, found.process.key, number)


def _prepare(unit: Unit, found: Instance, version: ProcessVersion, mapping: Given) -> _Prepared:
    world = unit.world
    new = definitions.of_version(world.session, version)
    elements = ElementMap(unit.definition, new, mapping)
    prepared = _Prepared(_empty_plan(found, unit, version))
    told = prepared.plan
    translation = translate(unit.run.dump(), elements, told)
    if not told.possible:
        return prepared
    try:
        prepared.run = fitted(translation, elements, unit, world.now, told)
        prepared.tasks = task_changes(world, unit, prepared.run, elements.old, told.changes)
    except StepFailed as failed:
        told.refusal = str(failed)
    except Refusal as refusal:
        told.refusal = refusal.text
    return prepared


def migrate(
    session: Session,
    now: datetime,
    actor: Person | None,
    instance_public_id: str,
    to_version: int,
    mapping: Given | None = None,
    *,
    reason: str = "",
) -> Instance:
    """Let a case go on with another version of its process, where it stands.

    Tokens stay at the element of the same id, or move to the one that ``mapping`` names. Timers keep
    their due date, user tasks their holder, comments and drafts; titles, forms, buttons and terms
    follow the new version. Called cases stay attached; a suspended case stays suspended.

    Raises:
        NotFound, NotAllowed: the case is not the actor's to repair, or there is no such version.
        Conflict: it has ended, or runs on this version already.
        CannotMigrate: a token cannot go over; nothing is changed.
    """
    found = lifecycle.find(session, actor, instance_public_id)
    check_right(actor, found)
    version = _target(session, found, to_version)
    before = found.version
    with working(session, now, actor, found.root_id or found.id) as work:
        unit = work.unit(found.id)
        if unit.ended:
            raise Conflict(_("The case has ended already."))
        if unit.row.version_id == version.id:
            raise Conflict(_("The case runs on version %(number)s already.", number=version.number))
        unit.actor_id = work.actor_id
        state, position = unit.run.dump(), len(unit.entries)
        prepared = _prepare(unit, found, version, mapping or {})
        if not prepared.plan.possible or prepared.run is None:
            raise CannotMigrate(prepared.plan)
        unit.record(
            "instance_migrated", None, process=unit.row.process_key, version=before.number, to=version.number,
            mapping=dict(mapping or {}), reason=reason.strip()[:2000] or None,
        )  # fmt: skip
        unit.entries.insert(position, unit.entries.pop())
        kept = _exchange(work, unit, version, prepared.run, prepared.tasks)
        if unit.row.status != SUSPENDED and goes_on(prepared.run, unit, now):
            payload = {"instance": unit.id, "continued": 1}
            work.add_job(
                timers.job_row(timers.CONTINUE, payload, now, now=now, instance_id=unit.id, unique_key=None)
            )
    _keep_for_undo(session, now, actor, unit, before, version, state, kept, mapping or {})
    return found


def _exchange(
    work: Work, unit: Unit, version: ProcessVersion, run: Run, tasks: list[TaskChange]
) -> list[dict[str, object]]:
    """Go on with another run; returns the tasks' columns as they were."""
    before = facts_of(waits_by_token(unit.run))
    _tell_renamed(unit, run)
    unit.change_version(version, run)
    kept = write_tasks(work, tasks)
    replace_waits(work, unit, before, run)
    drop_index(work, unit, run.definition)
    return kept


def _tell_renamed(unit: Unit, run: Run) -> None:
    """The history tells where tokens stand by the names of the version that runs."""
    former = unit.run._kernel.tasks
    for token in run._kernel.tasks.values():
        old = former.get(token.id)
        if old is None or token.passive or not token.internal_data.get("entered"):
            continue
        if old.task_spec.element.id != token.task_spec.element.id and old._parent:
            told = token.task_spec.told(token)
            unit.record("element_cancelled", old.task_spec.element.id, **told, renamed=True)
            unit.record("element_entered", token.task_spec.element.id, **told, renamed=True)


def _keep_for_undo(
    session: Session,
    now: datetime,
    actor: Person | None,
    unit: Unit,
    before: ProcessVersion,
    after: ProcessVersion,
    state: bytes,
    kept: list[dict[str, object]],
    mapping: Mapping[str, str | None],
) -> None:
    older = update(InstanceMigration).where(InstanceMigration.instance_id == unit.id)
    session.execute(older.values(state=None))
    session.add(
        InstanceMigration(
            instance_id=unit.id,
            from_version_id=before.id,
            to_version_id=after.id,
            mapping=dict(mapping),
            revision=unit.row.revision,
            state=state,
            tasks=kept,
            actor_id=actor.id if actor is not None else None,
            at=now,
        )
    )
    session.flush()


def undoable(session: Session, instance: Instance) -> InstanceMigration | None:
    """Return the last change of version of a case if nothing has happened in it since."""
    last = session.scalar(
        select(InstanceMigration)
        .where(InstanceMigration.instance_id == instance.id)
        .order_by(InstanceMigration.id.desc())
        .limit(1)
    )
    if last is None or last.undone_at is not None or last.revision != instance.revision:
        return None
    return last if instance.ended_at is None else None


def undo(session: Session, now: datetime, actor: Person | None, instance_public_id: str) -> Instance:
    """Put a case back to the version and the state from which it went over.

    Raises:
        NotFound, NotAllowed: the case is not the actor's to repair.
        Conflict: something has happened in the case since, or it never went over.
    """
    found = lifecycle.find(session, actor, instance_public_id)
    check_right(actor, found)
    with working(session, now, actor, found.root_id or found.id) as work:
        unit = work.unit(found.id)
        session.refresh(found, ["revision", "version_id", "ended_at"])
        last = undoable(session, found)
        if last is None or last.state is None:
            raise Conflict(
                _("This cannot be undone: the case has not changed its version, or something has happened in "
                  "it since.")
            )  # fmt: skip
        version = last.from_version
        unit.actor_id = work.actor_id
        unit.record(
            "migration_undone", None, process=unit.row.process_key,
            version=last.to_version.number, to=version.number,
        )  # fmt: skip
        run = Run.load(definitions.of_version(session, version), last.state, unit)
        run._kernel.now = now
        _exchange(work, unit, version, run, _former_tasks(unit, run, last))
        last.undone_at, last.state = now, None
    return found


def _former_tasks(unit: Unit, run: Run, last: InstanceMigration) -> list[TaskChange]:
    waits, found = waits_by_token(run), []
    kept = {one["id"]: one for one in last.tasks}
    for row in open_rows(unit.world, unit):
        if row["id"] not in kept or row["token"] not in waits:
            continue
        columns = restored(kept[row["id"]])
        change = TaskChange(row, columns, waits[row["token"]].details.get("deadline") or {})
        change.terms = row["due_at"] != columns["due_at"]
        found.append(change)
    return found
