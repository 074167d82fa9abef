"""What has to be known before cases change their version: what is gone, where cases stand, plans.

Asks for the right to repair the cases of the process. Changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from bpm.engine import definitions, permissions
from bpm.engine.definition import Definition, Element
from bpm.engine.migration.commands import plan_of
from bpm.engine.migration.mapping import ElementMap, Given
from bpm.engine.migration.plan import InstancePlan
from bpm.engine.models import Instance, ProcessVersion, UserTask
from bpm.errors import NotAllowed, NotFound
from bpm.language import _
from bpm.people.models import Person

_MOST_PLANS = 200
_NO_STEPS = ("process", "sequenceFlow")


@dataclass(frozen=True)
class Missing:
    """A step of the old version that the new one does not have, with those it might be now."""

    element: Element
    like: Sequence[Element]
    open_tasks: int


@dataclass(frozen=True)
class Comparison:
    """Two versions and the cases that run on the older one, by state."""

    old: ProcessVersion
    new: ProcessVersion
    missing: Sequence[Missing]
    cases: dict[str, int]


def versions_of(
    session: Session, actor: Person | None, process_key: str, old: int, new: int
) -> tuple[ProcessVersion, ProcessVersion]:
    """Return two versions of a process whose cases the actor may repair.

    Raises:
        NotFound: there is no such version, or he may not know of it.
        NotAllowed: he neither owns the process nor is an administrator.
    """
    found = definitions.version_of(session, process_key, old)
    if actor is not None and not permissions.can_administer_process(actor, found.process):
        if not permissions.can_read_version(session, actor, found):
            raise NotFound(_("There is no process “%(key)s”, or you may not see it.", key=process_key))
        raise NotAllowed(_("Only the owner of the process or an administrator can do this."))
    return found, definitions.version_of(session, process_key, new)


def comparison(session: Session, actor: Person | None, process_key: str, old: int, new: int) -> Comparison:
    """Return what a mapping between two versions has to say.

    Raises:
        NotFound, NotAllowed: as :func:`versions_of`.
    """
    before, after = versions_of(session, actor, process_key, old, new)
    left, right = definitions.of_version(session, before), definitions.of_version(session, after)
    counted = session.execute(
        select(Instance.status, func.count(Instance.id))
        .where(Instance.version_id == before.id)
        .group_by(Instance.status)
    )
    tasks: dict[str, int] = dict(
        session.execute(
            select(UserTask.element, func.count(UserTask.id))
            .join(Instance, Instance.id == UserTask.instance_id)
            .where(Instance.version_id == before.id, UserTask.status == "open")
            .group_by(UserTask.element)
        ).all()
    )
    missing = [
        Missing(element, _like(element, left, right), tasks.get(element.id, 0))
        for element in left.elements.values()
        if element.kind not in _NO_STEPS and element.id not in right.elements
    ]
    return Comparison(before, after, missing, dict(counted.all()))


def _like(element: Element, left: Definition, right: Definition) -> list[Element]:
    """Return the new elements of the same kind that the old version does not have; same names first."""
    found = [
        one
        for one in right.elements.values()
        if one.kind == element.kind and one.event == element.event and one.id not in left.elements
    ]
    return sorted(found, key=lambda one: (one.names != element.names, one.id))


def plans(
    session: Session,
    now: datetime,
    actor: Person | None,
    process_key: str,
    old: int,
    new: int,
    mapping: Given | None = None,
    *,
    instances: Sequence[str] | None = None,
    after_id: int = 0,
    limit: int = _MOST_PLANS,
) -> list[tuple[int, InstancePlan]]:
    """Return for each running case of a version, by its number, what would happen to it.

    Args:
        instances: public ids of the cases that are meant; without it all of them.
        after_id: the number of the last one of the page before.

    Raises:
        NotFound, NotAllowed: as :func:`versions_of`.
        Invalid: the mapping names an element that a version does not have.
    """
    before, target = versions_of(session, actor, process_key, old, new)
    ElementMap(
        definitions.of_version(session, before), definitions.of_version(session, target), mapping or {}
    )  # its faults are told even if no case runs
    question = running_on(before).where(Instance.id > after_id).options(joinedload(Instance.process))
    if instances is not None:
        question = question.where(Instance.public_id.in_(list(instances)))
    rows = session.scalars(question.order_by(Instance.id).limit(max(1, min(limit, _MOST_PLANS)))).all()
    return [(row.id, plan_of(session, now, row, target, mapping or {})) for row in rows]


def running_on(version: ProcessVersion) -> Any:
    """Return the question for all cases of a version that have not ended."""
    return select(Instance).where(Instance.version_id == version.id, Instance.ended_at.is_(None))
