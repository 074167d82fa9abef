"""Tries every path of a process: decides, waits, sends and answers until nothing new comes, or the limit.

Each move is made in a copy of the state before it. What was tried least often is tried first, so that
the time goes where something may still be found. Changes nothing but its own copies.
"""

from __future__ import annotations

import logging
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from heapq import heappop, heappush
from itertools import count
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bpm.config import Settings
from bpm.db import Database
from bpm.designer.rehearsal import beginning, constants, waits
from bpm.designer.rehearsal.image import opened
from bpm.designer.rehearsal.moves import Move, Mover
from bpm.designer.rehearsal.sandbox import Sandbox
from bpm.dmn.queries import decision
from bpm.engine import definitions
from bpm.engine.definition import Definition
from bpm.engine.models import HistoryEvent, Incident, Instance
from bpm.engine.operations.incidents import cause_text
from bpm.engine.work import Work
from bpm.errors import Refusal

_log = logging.getLogger(__name__)
MOST_RUNS, MOST_SECONDS = 600, 10.0
# of the clock on the wall, for each second of work: others may be at work too
_PATIENCE = 3
# counters in a process need several rounds: how often the same loop is gone round on purpose
_MOST_ROUNDS = 6
Key = tuple[Any, ...]
Numbers = frozenset[tuple[str, Decimal]]
_SEEN = ("element_entered", "flow_taken", "gateway_decided")


@dataclass
class Found:
    """What trying every path has seen. Ways are lists of sentences."""

    definition: Definition
    reached: dict[str, list[str]] = field(default_factory=dict)
    asked: set[str] = field(default_factory=set)
    true: set[str] = field(default_factory=set)
    # by step and cause: the case in words, and the way to it
    incidents: dict[tuple[str | None, str], list[str]] = field(default_factory=dict)
    refusals: Counter[str] = field(default_factory=Counter)
    runs: int = 0
    seconds: float = 0.0
    # nothing was left to try
    complete: bool = False

    @property
    def missing(self) -> list[str]:
        """Ids of the steps and flows that were never reached."""
        wanted = [one.id for one in self.definition.elements.values() if is_step(one.kind)]
        return [one for one in (*wanted, *self.definition.flows) if one not in self.reached]


@dataclass(frozen=True)
class _Step:
    """What was so before a move, and the move."""

    standing: str
    numbers: Numbers
    key: Key


@dataclass(frozen=True)
class _State:
    """``standing``: what stands where. ``numbers``: by which gateways decide. ``trail``: how it came so far.
    ``plan``: moves of a loop that are to be made again."""

    image: bytes
    at: datetime
    way: tuple[str, ...]
    standing: str = ""
    numbers: Numbers = frozenset()
    trail: tuple[_Step, ...] = ()
    plan: tuple[Key, ...] = ()


def is_step(kind: str) -> bool:
    """Whether tokens come to elements of a kind."""
    return kind.endswith(("Task", "task", "Event", "Gateway")) or kind in (
        "callActivity", "subProcess", "transaction", "adHocSubProcess",
    )  # fmt: skip


def explore(
    image: bytes,
    at: datetime,
    settings: Settings,
    process_key: str,
    *,
    most_runs: int = MOST_RUNS,
    most_seconds: float = MOST_SECONDS,
) -> Found:
    """Try every path of the process that an image holds.

    Args:
        image: the database before any case began.
        at: the moment of its clock.
        most_runs: how many moves are made at most.
        most_seconds: of work, on a machine that others use too; the move at hand is ended.
    """
    begun, worked = time.monotonic(), time.thread_time()
    with opened(image) as work:
        search = _Search(Sandbox(work, settings, at, quick=True), process_key)
        search.offer(_State(image, at, ()), search.mover.starts(search.sandbox))
        while search.waiting and search.found.runs < most_runs:
            if time.thread_time() - worked > most_seconds:
                break
            if time.monotonic() - begun > _PATIENCE * most_seconds:
                break
            search.step()
            if not search.found.missing:
                break
        search.found.complete = not search.waiting or not search.found.missing
    search.found.seconds = round(time.monotonic() - begun, 2)
    return search.found


class _Search:
    def __init__(self, sandbox: Sandbox, process_key: str) -> None:
        self.sandbox = sandbox
        self._process_key = process_key
        with sandbox.database.reading() as session:
            version = beginning.version_of(session, process_key)
            definition = definitions.of_version(session, version)
            texts = constants.texts_of(definition)
            tables = [
                constants.of_decision(row.xml)
                for key in sorted(definition.decisions)
                if (row := decision(session, key)) is not None
            ]
        self.found = Found(definition)
        self._watched = constants.names_in(texts)
        self.mover = Mover(process_key, constants.merged([constants.of_texts(texts), *tables]))
        self.waiting: list[tuple[int, int, int, _State, Move]] = []
        self._tried: Counter[Key] = Counter()
        self._rounds: Counter[tuple[str, ...]] = Counter()
        self._known: set[Any] = set()
        self._serial = count()

    def offer(self, state: _State, moves: list[Move]) -> None:
        """Put moves from a state among those to try."""
        for move in moves:
            entry = (self._weight(state, move), -len(state.way), next(self._serial), state, move)
            heappush(self.waiting, entry)

    def _weight(self, state: _State, move: Move) -> int:
        """What is usual comes first, then what is not; each time that a move was made it weighs more."""
        if state.plan[:1] == (move.key,):
            return 1
        return 2 * self._tried[move.key] + (0 if move.usual else 1)

    def _plan(self, state: _State, move: Move, standing: str, numbers: Numbers) -> tuple[Key, ...]:
        """Return the rest of a loop; the whole of it if it has just come round and a number has changed."""
        if state.plan[:1] == (move.key,) and len(state.plan) > 1:
            return state.plan[1:]
        trail = (*state.trail, _Step(state.standing, state.numbers, move.key))
        for begin in range(len(trail) - 1, -1, -1):
            if trail[begin].standing != standing:
                continue
            changed = tuple(sorted(name for name, _value in numbers ^ trail[begin].numbers))
            self._rounds[changed] += 1
            worthwhile = changed and self._rounds[changed] <= _MOST_ROUNDS
            return tuple(step.key for step in trail[begin:]) if worthwhile else ()
        return ()

    def step(self) -> None:
        """Make the move that was made least often so far."""
        weight, depth, serial, state, move = heappop(self.waiting)
        if self._weight(state, move) > weight:
            heappush(self.waiting, (self._weight(state, move), depth, serial, state, move))
            return
        self._tried[move.key] += 1
        self.found.runs += 1
        sandbox = self.sandbox
        sandbox.image.put(state.image)
        sandbox.clock.offset += state.at - sandbox.now  # back again, which nobody else may do
        way = (*state.way, move.words)
        try:
            self.mover.make(sandbox, move)
        except Refusal as refusal:
            self.found.refusals[refusal.text] += 1
            return
        except Exception as error:  # one move of ours that cannot be made must not end the search
            _log.warning("A move of a rehearsal failed: %s", move.words, exc_info=error)
            self.found.refusals[f"{move.words} {type(error).__name__}"] += 1
            return
        standing, values, numbers = self._look(way)
        if (standing, values) in self._known:
            return
        self._known.add((standing, values))
        moves = self.mover.moves(sandbox)
        if moves:
            trail = (*state.trail, _Step(state.standing, state.numbers, move.key))
            plan = self._plan(state, move, standing, numbers)
            reached = _State(sandbox.image.packed(), sandbox.now, way, standing, numbers, trail, plan)
            self.offer(reached, moves)

    def _look(self, way: tuple[str, ...]) -> tuple[str, str, Numbers]:
        """Note what was reached; return what stands where, and the values by which gateways decide, of
        these the numbers once more."""
        database: Database = self.sandbox.database
        with database.reading() as session:
            cases = session.scalars(select(Instance).order_by(Instance.id)).all()
            mine = [case for case in cases if case.version.process_key == self._process_key]
            self._note_events(session, [case.id for case in mine], way)
            for one in session.scalars(select(Incident).where(Incident.resolved_at.is_(None))):
                self.found.incidents.setdefault((one.element, cause_text(one.cause)), list(way))
            found = waits.read(session, self.sandbox.now)
            values = [
                (name, value)
                for case in mine
                if case.ended_at is None
                for name, value in Work(session, self.sandbox.now, None, None)
                .unit(case.id)
                .run.variables()
                .items()
                if name in self._watched
            ]
            standing = (
                sorted(task.element for task in found.tasks),
                sorted(f"{one.kind} {one.element}" for one in found.coming),
                sorted([one.element for one in found.arrivals] + [one.element for one in found.calls]),
                sorted(str(one.element) for one in found.incidents),
            )
            numbers = frozenset((name, value) for name, value in values if isinstance(value, Decimal))
            return repr(standing), repr(values), numbers

    def _note_events(self, session: Session, cases: list[int], way: tuple[str, ...]) -> None:
        rows = session.execute(
            select(HistoryEvent.kind, HistoryEvent.element, HistoryEvent.data).where(
                HistoryEvent.instance_id.in_(cases), HistoryEvent.kind.in_(_SEEN)
            )
        )
        for kind, element, data in rows:
            if kind == "gateway_decided":
                for one in data.get("conditions") or ():
                    self.found.asked.add(one["flow"])
                    if one.get("result") is True:
                        self.found.true.add(one["flow"])
            elif element is not None:
                self.found.reached.setdefault(element, list(way))
