"""What one instance does to others: called processes, their ends, and events thrown from inside.

A called process is an instance of its own in the same tree and the same transaction. Another
tree is never locked here: events for it leave as jobs.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from bpm.db import new_public_id
from bpm.engine import definitions, events, values
from bpm.engine.diagram.expressions import Formula, Surroundings, value
from bpm.engine.messages import subscriptions
from bpm.engine.messages.correlation import Address, rules_of
from bpm.engine.models import Instance, ProcessVersion
from bpm.engine.problems import StepFailed
from bpm.engine.runtime.outside import Thrown, Wait
from bpm.engine.runtime.scopes import readable
from bpm.engine.runtime.workflow import NoSuchToken
from bpm.engine.timers import jobs as timers
from bpm.engine.unit import ACTIVE, COMPLETED, FAILED, InstanceRow, Unit
from bpm.errors import NotFound

if TYPE_CHECKING:
    from bpm.engine.work import Work

_MOST_CALLED = 2000
_DEEPEST = 50


def new_row(work: Work, version: ProcessVersion, **more: Any) -> InstanceRow:
    """Return the row of an instance that is about to start."""
    columns: dict[str, Any] = {
        "id": 0,
        "public_id": new_public_id(),
        "version_id": version.id,
        "process_id": version.process_id,
        "titles": {},
        "search_text": "",
        "business_key": None,
        "record_id": None,
        "status": ACTIVE,
        "outcome": None,
        "state": None,
        "revision": 1,
        "root_id": 0,
        "parent_id": None,
        "parent_token": None,
        "started_by_id": None,
        "started_at": work.now,
        "ended_at": None,
        "open_incidents": 0,
        "history_length": 0,
        "history_hash": "",
        "process_key": version.process_key,
        "hash": version.hash,
    }
    return InstanceRow(**{**columns, **more})


def open_child(work: Work, unit: Unit, wait: Wait) -> None:
    """Start the process that a call activity calls.

    Raises:
        StepFailed: there is no such process, or too many are called at once.
    """
    details = wait.details
    key = str(details.get("process") or "")
    number = details.get("version") if details.get("binding") == "version" else None
    try:
        version = definitions.version_of(work.session, key, int(number) if number else None)
    except NotFound:
        raise StepFailed("There is no process “%(process)s” to call.", process=key) from None
    if version.suspended:
        raise StepFailed(
            "Version %(number)s of “%(process)s” is suspended, so it cannot be called.",
            number=version.number, process=key,
        )  # fmt: skip
    if len(work.units) > _MOST_CALLED:
        raise StepFailed("More than %(limit)s processes are called at once.", limit=_MOST_CALLED)
    if _depth(work, unit) > _DEEPEST:
        raise StepFailed("Processes call one another more than %(limit)s deep.", limit=_DEEPEST)
    caller = unit.row
    row = new_row(
        work,
        version,
        root_id=caller.root_id,
        parent_id=caller.id,
        parent_token=wait.token,
        started_by_id=caller.started_by_id,
        business_key=caller.business_key,
        record_id=caller.record_id,
    )
    child = Unit(work.world, row)
    given = {"initiator": wait.scope.get("initiator"), **(details.get("variables") or {})}
    child.begin(with_settings(child, given), None)
    work.add(child)
    unit.settled.add(wait.token)
    unit.record("call_started", wait.element, token=wait.token, process=key, instance=row.public_id)
    child.record("instance_started", None, caller=caller.public_id, process=key)
    work.tell(events.INSTANCE_STARTED, child)
    work.go_on(child)


def _depth(work: Work, unit: Unit) -> int:
    """Return how many callers of a unit were started or moved in this very transaction."""
    depth = 0
    while unit.row.parent_id is not None and unit.row.parent_id in work.units:
        unit = work.units[unit.row.parent_id]
        depth += 1
    return depth


def with_settings(unit: Unit, given: dict[str, Any]) -> dict[str, Any]:
    """Add the settings of the process that were not given, each worked out from those before it.

    Raises:
        StepFailed: the expression of a setting cannot be evaluated.
    """
    settings = unit.definition.extensions.get("settings") or ()
    variables = dict(given)
    for setting in settings:
        name, text = setting["name"], setting.get("value")
        if name in variables or text is None:
            continue
        compiled = value(str(text)) if str(text).lstrip().startswith("=") else None
        if isinstance(compiled, Formula):
            around = Surroundings(unit.world.now, unit.functions)
            seen = {known: readable(held, unit) for known, held in variables.items()}
            variables[name] = values.hold(compiled.evaluate(seen, around), name)
        else:
            variables[name] = text
    return variables


def after_end(work: Work, child: Unit) -> None:
    """Let the caller of an ended instance go on: with its variables, or with its error."""
    if child.row.parent_id is None or child.row.parent_token is None:
        return
    caller = work.unit(child.row.parent_id)
    if caller.ended:
        return
    token = child.row.parent_token
    if child.row.status == COMPLETED:
        caller.settled.add(token)
        caller.run.complete(token, child.run.variables(), work.now)
    elif child.row.status == FAILED and child.run.error is not None:
        caller.settled.add(token)
        code, message = child.run.error
        caller.run.throw_error(token, code, message, work.now)
    else:
        return
    caller.record("call_ended", None, token=token, instance=child.row.public_id, status=child.row.status)
    work.go_on(caller)


def escalate(work: Work, child: Unit, thrown: Thrown) -> None:
    """Hand an escalation that nobody inside caught to the caller (BPMN 2.0, 10.5.1)."""
    if child.row.parent_id is None or child.row.parent_token is None:
        return
    caller = work.unit(child.row.parent_id)
    if not caller.ended:
        caller.run.throw_escalation(child.row.parent_token, thrown.name, "", work.now)
        work.go_on(caller)


def cancel_called(work: Work, unit: Unit, tokens: Collection[str]) -> None:
    """Cancel the processes that were called by tokens which wait no more."""
    if "call" not in definitions.kinds_of_waits(unit.definition):
        return
    wanted = set(tokens)
    loaded = {one.id for one in work.units.values() if one.row.parent_id == unit.id}
    if not unit.new:
        question = select(Instance.id).where(
            Instance.parent_id == unit.id,
            Instance.parent_token.in_(sorted(wanted)),
            Instance.status == ACTIVE,
        )
        loaded |= set(work.session.scalars(question))
    for number in sorted(loaded):
        child = work.unit(number)
        if child.row.parent_token in wanted and not child.ended:
            work.cancel(child)


def deliver_thrown(work: Work, thrower: Unit, thrown: Thrown) -> None:
    """Deliver a message or signal: within the tree at once, to others by a job.

    A message goes to one only: a wait of the tree it fits, the oldest first, or somebody elsewhere.
    """
    if thrown.kind == "message":
        _deliver_message(work, thrower, thrown)
        return
    for number, token in _hearing_inside(work, thrower, thrown):
        unit = work.unit(number)
        unit.run.deliver(token, dict(thrown.payload), work.now)
        work.go_on(unit)
    if _heard_elsewhere(work, thrown):
        more = {"except_root": work.root_id, "thrower": thrower.id, "element": thrown.element}
        work.add_job(timers.signal_job(work.now, thrown.name, thrown.payload, **more))


def _deliver_message(work: Work, thrower: Unit, thrown: Thrown) -> None:
    correlation = work.correlation(thrower, thrown.correlation)
    conversation = thrower.row.public_id if correlation is None else None
    address = Address(correlation, conversation, thrown.keys)
    for number, token in _waiting_inside(work, thrown, address):
        unit = work.unit(number)
        try:
            unit.run.deliver(token, dict(thrown.payload), work.now)
        except NoSuchToken:
            continue
        work.go_on(unit)
        return
    work.add_job(
        timers.message_job(
            work.now, thrown.name, address, thrown.payload, thrower=thrower.id, element=thrown.element
        )
    )


def _waiting_inside(work: Work, thrown: Thrown, address: Address) -> list[tuple[int, str]]:
    """Return instance and token of whoever in the tree waits for a message, also if not written yet."""
    rows = subscriptions.waiting(work.session, work.now, thrown.name, address, thrown.payload, most=1000)
    found = [
        (row.instance_id, row.token)
        for row in rows
        if row.root_id == work.root_id and row.token not in _gone(work, row.instance_id)
    ]
    around = Surroundings(work.now, work.world.functions)
    for unit in work.units.values():
        for wait in unit.opened.values():
            if wait.kind != "message" or wait.name != thrown.name:
                continue
            rules = rules_of(unit.definition) if wait.keys else {}
            own = work.correlation(unit, wait.correlation)
            if subscriptions.fits(wait, own, address, rules, around, thrown.payload):
                found.append((unit.id, wait.token))
    return found


def _hearing_inside(work: Work, thrower: Unit, thrown: Thrown) -> list[tuple[int, str]]:
    """Return who in the tree waits for a signal, but for the thrower, which has told itself."""
    found = [
        (unit.id, wait.token)
        for unit in work.units.values()
        for wait in unit.opened.values()
        if wait.kind == "signal" and wait.name == thrown.name
    ]
    for row in subscriptions.hearing(work.session, thrown.name):
        if row.root_id == work.root_id and row.token not in _gone(work, row.instance_id):
            found.append((row.instance_id, row.token))
    return [(number, token) for number, token in found if number != thrower.id]


def _gone(work: Work, instance_id: int) -> set[str]:
    unit = work.units.get(instance_id)
    return unit.closed | unit.settled if unit is not None else set()


def _heard_elsewhere(work: Work, thrown: Thrown) -> bool:
    others = subscriptions.hearing(work.session, thrown.name)
    if any(row.root_id != work.root_id for row in others):
        return True
    return bool(subscriptions.starting(work.session, thrown.kind, thrown.name))
