"""Moving a case by hand: take tokens away here, set them down there; change its variables.

For the owner of the process and administrators. Each is one piece of work on one tree of instances
and leaves who, what and why in the history. Commits nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bpm.engine import lifecycle, permissions
from bpm.engine.definition import Definition
from bpm.engine.functions import World
from bpm.engine.models import Instance
from bpm.engine.operations import incidents
from bpm.engine.runtime import placing
from bpm.engine.runtime.placing import Start
from bpm.engine.runtime.workflow import NoSuchToken
from bpm.engine.unit import SUSPENDED, Unit, read_row
from bpm.engine.work import Work, working
from bpm.errors import Conflict, Invalid, NotAllowed
from bpm.language import _
from bpm.people.models import Person

MOVED = "moved"
_LONGEST_REASON = 2000
_LONGEST_NAME = 120
_MOST = 200


def move(
    session: Session,
    now: datetime,
    actor: Person | None,
    instance_public_id: str,
    *,
    cancel: Sequence[str] = (),
    start: Sequence[Start | str] = (),
    reason: str = "",
) -> Instance:
    """Take tokens away and set others down, in one transaction.

    What stands inside a token that is taken away goes with it: tasks are withdrawn, timers, messages
    and services are no longer waited for, called cases are stopped. A sub-process that is left empty
    ends without going on. Enclosing sub-processes of a step are used if they are open, else begun.
    A joining gateway at which a token is set down waits for no other.

    Args:
        cancel: tokens, or ids of elements (every token that stands there).
        start: elements at which a token is set down.

    Raises:
        NotFound, NotAllowed: the case is not the actor's to repair.
        Conflict: it has ended or is suspended, or no token stands there (any more).
        Invalid: an element is unknown or nothing can begin there; nothing would be left in the case.
    """
    found = lifecycle.find(session, actor, instance_public_id)
    check_right(actor, found)
    starts = [one if isinstance(one, Start) else Start(one) for one in start]
    if not starts and not cancel:
        raise Invalid(_("Say what is taken away, or where something begins."))
    if len(starts) + len(cancel) > _MOST:
        raise Invalid(_("At most %(limit)s tokens are moved at once.", limit=_MOST))
    with working(session, now, actor, found.root_id or found.id) as work:
        unit = work.unit(found.id)
        check_running(unit)
        move_in(work, unit, cancel, starts, reason)
    return found


def move_in(work: Work, unit: Unit, cancel: Sequence[str], start: Sequence[Start], reason: str) -> None:
    """Move tokens within a piece of work that is going on."""
    unit.actor_id = work.actor_id
    before = len(unit.entries)
    moved = placing.move(unit.run, cancel, start, work.now)
    unit.record(
        "tokens_moved",
        None,
        cancelled=[{"element": element, "token": token} for element, token in moved.cancelled],
        started=[{"element": element, "token": token} for element, token in moved.started],
        reason=_short(reason),
    )
    unit.entries.insert(before, unit.entries.pop())  # it was the cause of what is told after it
    work.why_withdrawn = MOVED
    for kind in (incidents.STUCK, incidents.ENDLESS):
        work.resolve_incidents(unit, MOVED, kind=kind)
    work.go_on(unit)


def set_variables(
    session: Session,
    now: datetime,
    actor: Person | None,
    instance_public_id: str,
    values: Mapping[str, Any],
    *,
    element: str | None = None,
    reason: str = "",
) -> Instance:
    """Change variables of a case; conditions that are waited for are looked at again.

    Args:
        element: an element or token; the variables are written as a step there would write them: where
            they live already, seen from there, else in the case. Without it: in the case itself.

    Raises:
        NotFound, NotAllowed: the case is not the actor's to repair.
        Conflict: it has ended, or nothing stands at ``element``.
        Invalid: a name or a value cannot be kept.
    """
    found = lifecycle.find(session, actor, instance_public_id)
    check_right(actor, found)
    check_names(values)
    with working(session, now, actor, found.root_id or found.id) as work:
        unit = work.unit(found.id)
        if unit.ended:
            raise Conflict(_("The case has ended already."))
        unit.actor_id = work.actor_id
        unit.record("variables_set", None, names=sorted(values), reason=_short(reason), at=element)
        if element is None:
            unit.run.set_variables(values, now)
        else:
            _write_at(unit, element, values, now)
        work.go_on(unit)
    return found


def _write_at(unit: Unit, element: str, values: Mapping[str, Any], now: datetime) -> None:
    try:
        unit.run.write_at(element, values, now)
    except NoSuchToken:
        raise Conflict(_("The case does not stand at “%(step)s” (any more).", step=element)) from None
    except LookupError:
        raise Invalid(
            _("“%(step)s” is open several times; name the token that is meant.", step=element)
        ) from None


@dataclass(frozen=True)
class Place:
    """One token of a case. ``depth``: in how many sub-processes it stands; ``number``: which of several."""

    token: str
    element: str
    depth: int
    number: int | None = None


def places(session: Session, now: datetime, found: Instance) -> list[Place]:
    """Return where a case stands, each token after the one in which it stands; asks for no rights."""
    if found.ended_at is not None:
        return []
    run = Unit(World(session, now), read_row(session, found.id, lock=False)).run
    return [
        Place(token, element, depth, number if isinstance(number, int) else None)
        for token, element, depth, number in placing.standing(run)
    ]


def starting_points(definition: Definition) -> list[str]:
    """Return the elements at which a token can be set down, in the order of the diagram."""
    nodes = definition.spec.task_specs
    return [
        key
        for key in definition.elements
        if key in nodes and key != definition.process_id and placing.refusal(nodes[key]) is None
    ]


def check_names(values: Mapping[str, Any]) -> None:
    """Refuse names that no variable can have.

    Raises:
        Invalid: there is none, or one is empty, too long or not readable.
    """
    if not values:
        raise Invalid(_("Name at least one variable."))
    for name in values:
        if not name or len(name) > _LONGEST_NAME or not name.isprintable():
            raise Invalid(_("“%(name)s” cannot be the name of a variable.", name=name[:40]))


def _short(reason: str) -> str | None:
    return reason.strip().replace("\x00", "")[:_LONGEST_REASON] or None


def check_right(actor: Person | None, instance: Instance) -> None:
    """Refuse whoever may not repair a case.

    Raises:
        NotAllowed: only the owner of the process and administrators may.
    """
    if actor is not None and not permissions.can_repair(actor, instance):
        raise NotAllowed(_("Only the owner of the process or an administrator can do this."))


def check_running(unit: Unit) -> None:
    """Refuse a case in which nothing can move.

    Raises:
        Conflict: it has ended or is suspended.
    """
    if unit.ended:
        raise Conflict(_("The case has ended already."))
    if unit.row.status == SUSPENDED:
        raise Conflict(_("The case is suspended. Let it go on first."))
