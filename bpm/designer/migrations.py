"""What the page of a change of version shows: steps beside steps, cases and what would become of them.

Reads only; plans and deeds are the engine's (``migration_queries``, ``bulk``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bpm.designer import looking
from bpm.designer.compare.naming import kind, named
from bpm.designer.compare.subjects import Diagram, Subject
from bpm.engine.diagram.xml import parse
from bpm.engine.migration import commands as migration_commands
from bpm.engine.migration import queries as migration_queries
from bpm.engine.migration.plan import InstancePlan
from bpm.engine.models import Instance
from bpm.engine.operations.models import BulkItem, BulkOperation
from bpm.people.models import Person

MOST = 200
_NO_STEPS = frozenset({
    "process", "collaboration", "participant", "lane", "sequenceFlow", "messageFlow", "association",
    "textAnnotation", "group", "dataObject", "dataObjectReference", "dataStore", "dataStoreReference",
    "message", "signal", "error", "escalation", "itemDefinition", "category",
})  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One step of the old version, and what it may be in the new one.

    ``target``: id of what it is there, empty if nothing; ``options``: ids and names of the same kind;
    ``tokens``: how many cases stand at it.
    """

    element: str
    name: str
    kind: str
    tokens: int
    target: str
    options: Sequence[tuple[str, str]]

    @property
    def is_open(self) -> bool:
        """Whether somebody has to say what becomes of the cases that stand here."""
        return self.tokens > 0 and not self.target


@dataclass(frozen=True)
class Sheet:
    """Everything on the page. ``running``: all cases of the old version; ``plans``: ``MOST`` at most."""

    rows: Sequence[Row]
    plans: Sequence[InstancePlan]
    tokens: Mapping[str, int]
    running: int
    names: Mapping[str, str]

    @property
    def possible(self) -> Sequence[InstancePlan]:
        """The cases that can go over as things stand."""
        return [plan for plan in self.plans if plan.possible]


def sheet(
    session: Session,
    now: datetime,
    actor: Person,
    key: str,
    old: int,
    new: int,
    mapping: Mapping[str, str | None],
) -> Sheet:
    """Return what would happen if the cases of one version went over to another; changes nothing.

    Raises:
        NotFound, NotAllowed: there is no such version, or its cases are not the actor's to repair.
        Invalid: the mapping names an element that a version does not have.
    """
    before, after = migration_queries.versions_of(session, actor, key, old, new)
    plans = [
        plan
        for _number, plan in migration_queries.plans(session, now, actor, key, old, new, mapping, limit=MOST)
    ]
    tokens = Counter(step.element for plan in plans for step in plan.steps)
    left, right = (Diagram(parse(one.xml.encode("utf-8"))) for one in (before, after))
    steps = [one for one in left.subjects.values() if one.tag not in _NO_STEPS]
    rows = [_row(one, left, right, mapping, tokens[one.id]) for one in steps]
    running = session.scalar(
        select(func.count()).select_from(migration_queries.running_on(before).subquery())
    )
    return Sheet(
        sorted(rows, key=lambda row: (not row.is_open, row.tokens == 0)),
        plans,
        tokens,
        running or 0,
        {one.id: named(right, one.id) for one in right.subjects.values()},
    )


def _row(one: Subject, left: Diagram, right: Diagram, mapping: Mapping[str, str | None], tokens: int) -> Row:
    fitting = [
        (other.id, named(right, other.id))
        for other in right.subjects.values()
        if other.tag == one.tag and other.event == one.event
    ]
    preset = one.id if one.id in right.subjects else ""
    return Row(one.id, named(left, one.id), kind(one), tokens, mapping.get(one.id) or preset, fitting)


def targets(session: Session, actor: Person, key: str, old: int) -> list[int]:
    """Return the versions to which cases can go over, newest first."""
    return [
        int(name)
        for name, _label in looking.choices(session, actor, key)
        if name.isdigit() and int(name) != old
    ]


def undoable_cases(session: Session, operation: BulkOperation) -> list[str]:
    """Return the public ids of the cases of an operation that can still be put back."""
    if operation.kind != "migrate":
        return []
    cases = session.scalars(
        select(Instance)
        .join(BulkItem, BulkItem.instance_id == Instance.id)
        .where(BulkItem.operation_id == operation.id, BulkItem.status == "done")
        .order_by(Instance.id)
    )
    return [one.public_id for one in cases if migration_commands.undoable(session, one) is not None]
