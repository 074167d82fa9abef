"""A world for runs without a database: people's functions, decisions, a calendar, a history.

``World`` also plays the store in the smallest form — several instances, messages and signals
between them, timers by a movable clock — and takes every run through bytes at each step.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, time, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from bpm.engine.build.compile import compile_process, executable_processes
from bpm.engine.definition import Definition
from bpm.engine.runtime.outside import Thrown, Wait
from bpm.engine.runtime.workflow import NoSuchToken, Run
from bpm.engine.values import RecordReference
from bpm.worktime.calendar import WorkCalendar
from bpm.worktime.terms import due

WARSAW = ZoneInfo("Europe/Warsaw")
MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=WARSAW).astimezone(UTC)


class SmallEnvironment:
    """An Environment made of dictionaries; ``history`` keeps what was told."""

    def __init__(self) -> None:
        self.history: list[tuple[str, str | None, dict[str, Any]]] = []
        self.records: dict[tuple[str, Any], dict[str, Any]] = {}
        self.decisions: dict[str, Callable[[Mapping[str, Any]], tuple[Any, list[Any]]]] = {}
        self.functions: dict[str, Callable[..., Any]] = {"manager_of": lambda login: f"boss_of_{login}"}
        self.calendar = WorkCalendar(WARSAW, dict.fromkeys(range(5), ((time(9), time(18)),)))

    @property
    def zone(self) -> tzinfo:
        return WARSAW

    def resolve(self, reference: RecordReference) -> Mapping[str, Any]:
        return self.records.get((reference.type, reference.id), {})

    def decide(self, key: str, context: Mapping[str, Any]) -> tuple[Any, list[Any]]:
        return self.decisions[key](context)

    def due(self, now: datetime, text: str, working: bool) -> datetime:
        return due(now, text, self.calendar, working=working)

    def record(self, kind: str, element: str | None, **data: Any) -> None:
        self.history.append((kind, element, data))

    def told(self, kind: str) -> list[str | None]:
        """Return the elements of all events of a kind, in order."""
        return [element for one, element, _data in self.history if one == kind]

    def data(self, kind: str, element: str | None = None) -> list[dict[str, Any]]:
        """Return the data of all events of a kind (at an element), in order."""
        return [data for one, where, data in self.history if one == kind and element in (None, where)]


class Case:
    """One instance in a world."""

    def __init__(self, world: World, definition: Definition, run: Run) -> None:
        self.world = world
        self.definition = definition
        self.run = run
        # the case that called this one, and the token that waits for it there
        self.caller: tuple[Case, str] | None = None
        self.called: set[str] = set()

    def reload(self) -> None:
        """Write the run to bytes and read it back."""
        state = self.run.dump()
        self.run = Run.load(self.definition, state, self.world.environment)
        assert self.run.dump() == state

    def advance(self) -> None:
        """Go on, hand thrown events over, and reload."""
        self.reload()
        while True:
            thrown = []
            while not self.run.advance(self.world.now, steps=self.world.steps):
                thrown += self.run.thrown()
                self.reload()
            thrown += self.run.thrown()
            self.reload()
            for event in thrown:
                self.world.hand_over(event, self)
            if not thrown and not self.world.give_kept(self):
                break
        self.world.call(self)
        self.world.return_to_caller(self)

    def waits(self, kind: str | None = None) -> list[Wait]:
        return [wait for wait in self.run.waiting() if kind in (None, wait.kind)]

    def tasks(self) -> list[str]:
        """Return the elements of the open user tasks, sorted."""
        return sorted(wait.element for wait in self.waits("user_task"))

    def wait(self, element: str, kind: str | None = None) -> Wait:
        return next(wait for wait in self.waits(kind) if wait.element == element)

    def complete(self, element: str, **values: Any) -> None:
        """Answer the oldest wait at an element."""
        found = next(
            wait
            for wait in self.waits()
            if wait.element == element and wait.kind in ("user_task", "service", "call")
        )
        self.run.complete(found.token, values, self.world.now)
        self.advance()

    def deliver(self, name: str, **payload: Any) -> None:
        """Deliver a message to the oldest wait for it."""
        found = next(wait for wait in self.waits("message") if wait.name == name)
        self.run.deliver(found.token, payload, self.world.now)
        self.advance()

    @property
    def variables(self) -> dict[str, Any]:
        return self.run.variables()


class World:
    """Instances of the processes of one or more files, and a clock.

    ``steps``: after how many steps a run is taken through bytes although it could go on.
    """

    steps = 1

    def __init__(self, *files: str) -> None:
        self.environment = SmallEnvironment()
        self.now = MONDAY
        self.cases: list[Case] = []
        self.definitions: dict[str, Definition] = {}
        # messages that nobody waited for yet
        self.kept: list[tuple[str, Mapping[str, Any]]] = []
        for text in files:
            for process_id in executable_processes(text):
                self.definitions[process_id] = compile_process(text, process_id)

    def start(
        self,
        process_id: str | None = None,
        start_event: str | None = None,
        payload: Mapping[str, Any] | None = None,
        **variables: Any,
    ) -> Case:
        """Start an instance and let it go until it waits."""
        definition = self.definitions[process_id or next(iter(self.definitions))]
        case = Case(
            self, definition, Run.start(definition, variables, self.environment, start_event, payload)
        )
        self.cases.append(case)
        case.reload()
        case.advance()
        return case

    def hand_over(self, event: Thrown, thrower: Case) -> None:
        """Bring an event to those who wait for it, or to the process it starts."""
        if event.kind == "signal":
            for case in [one for one in self.cases if one is not thrower and not one.run.completed]:
                if case.run.signal(event.name, event.payload, self.now):
                    case.advance()
            for definition in self.definitions.values():
                if event.name in definition.signals_starting:
                    self.start(definition.process_id, definition.signals_starting[event.name])
        elif event.kind == "message" and not self.message(event.name, event.payload):
            self.kept.append((event.name, event.payload))
        elif event.kind == "escalation" and thrower.caller is not None:
            caller, token = thrower.caller
            caller.run.throw_escalation(token, event.name, "", self.now)
            caller.advance()

    def give_kept(self, case: Case) -> bool:
        """Deliver a message that was kept to a case that waits for it now."""
        for wait in case.waits("message"):
            for number, (name, payload) in enumerate(self.kept):
                if name == wait.name:
                    del self.kept[number]
                    case.run.deliver(wait.token, payload, self.now)
                    return True
        return False

    def call(self, case: Case) -> None:
        """Start the processes that a case calls, as far as they are here."""
        for wait in case.waits("call"):
            process = wait.details["process"]
            if wait.token in case.called or process not in self.definitions:
                continue
            case.called.add(wait.token)
            definition = self.definitions[process]
            run = Run.start(definition, wait.details["variables"], self.environment)
            child = Case(self, definition, run)
            child.caller = (case, wait.token)
            self.cases.append(child)
            child.advance()

    def return_to_caller(self, case: Case) -> None:
        """Let the caller of an ended case go on; end what was called by a token that is gone."""
        for child in self.cases:
            mine = child.caller is not None and child.caller[0] is case and not child.run.completed
            if mine and child.caller[1] not in {wait.token for wait in case.waits("call")}:
                child.run.cancel()
        if case.caller is None or not case.run.completed or case.run.cancelled:
            return
        (caller, token), case.caller = case.caller, None
        if case.run.error is None:
            caller.run.complete(token, case.variables, self.now)
        else:
            caller.run.throw_error(token, *case.run.error, self.now)
        caller.advance()

    def message(self, name: str, payload: Mapping[str, Any]) -> bool:
        """Deliver a message to the first that waits for it, or start a process with it."""
        for case in self.cases:
            for wait in case.waits("message"):
                if wait.name == name:
                    case.run.deliver(wait.token, payload, self.now)
                    case.advance()
                    return True
        for definition in self.definitions.values():
            if name in definition.messages_starting:
                self.start(definition.process_id, definition.messages_starting[name], payload)
                return True
        return False

    def pass_time(self, **length: float) -> None:
        """Move the clock, firing what becomes due in the order in which it does."""
        end = self.now + timedelta(**length)
        while True:
            waiting = [
                (wait.due_at, number, wait.token, case)
                for number, case in enumerate(self.cases)
                if not case.run.completed
                for wait in case.waits("timer")
                if wait.due_at is not None and wait.due_at <= end
            ]
            if not waiting:
                break
            moment, _number, token, case = min(
                waiting, key=lambda one: (one[0], one[1], int(one[2].split(":")[0]))
            )
            self.now = max(self.now, moment)
            try:
                case.run.fire_timer(token, self.now)
            except NoSuchToken:
                continue
            case.advance()
        self.now = end
