"""Everything that could be done next in a rehearsal, for the program that tries every path.

A move is named by where it is made and what it is, so that the same one is known again in another state.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import groupby
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bpm.designer.rehearsal import beginning, entries, waits
from bpm.designer.rehearsal.constants import Samples
from bpm.designer.rehearsal.entries import Filling
from bpm.designer.rehearsal.examples import make_record
from bpm.designer.rehearsal.sandbox import Sandbox
from bpm.engine import form_check
from bpm.engine.functions import World
from bpm.engine.models import UserTask
from bpm.engine.runtime.scopes import readable
from bpm.engine.tasks import commands as task_commands
from bpm.engine.timers import jobs as timers
from bpm.engine.values import RecordReference
from bpm.errors import Refusal
from bpm.forms import queries as forms
from bpm.forms.expressions import Surroundings
from bpm.forms.parts import Form
from bpm.history.names import Names
from bpm.language import _, chosen
from bpm.people.queries import required_person

_AMOUNTS = {entries.USUAL: Decimal(1000), entries.SMALL: Decimal(0), entries.LARGE: Decimal(10_000_000)}
_MOST_ACTORS = 3
_FILE = ("example.pdf", b"%PDF-1.4\n% made up for a rehearsal\n")


@dataclass(frozen=True)
class Move:
    """One thing to try. ``key`` says what it is in any state, ``data`` how it is done in this one."""

    kind: str
    key: tuple[Any, ...]
    words: str
    data: Mapping[str, Any] = field(default_factory=dict)

    @property
    def usual(self) -> bool:
        """Whether nothing about it is out of the ordinary."""
        return self.data.get("variant", entries.USUAL) == entries.USUAL and not self.data.get("wanted")


class Mover:
    """Lists and makes moves of one process."""

    def __init__(self, process_key: str, samples: Samples) -> None:
        self._process_key = process_key
        self._samples = samples

    # --- beginning -------------------------------------------------------------------------------

    def starts(self, sandbox: Sandbox) -> list[Move]:
        """Return the ways to begin: each start event, with forms and records that differ."""
        found: list[Move] = []
        with sandbox.database.reading() as session:
            version = beginning.version_of(session, self._process_key)
            for event in version.properties.get("start_events") or ():
                if event["kind"] == "none":
                    form = _start_form(session, version.properties, event)
                    types = beginning.record_types(version.properties) or [""]
                    for kind in types:
                        found += self._plain_starts(form, kind, event)
                else:
                    words = _("It begins by “%(event)s”.", event=event.get("name") or event["id"])
                    found.append(Move("begin", ("begin", event["id"]), words, {"event": event}))
        return found

    def _plain_starts(self, form: Form | None, kind: str, event: Mapping[str, Any]) -> Iterator[Move]:
        ways = entries.variants(form, self._samples)
        if kind:
            ways = [*((one, {}) for one in _AMOUNTS), *ways]
            ways += [(entries.USUAL, {name: one}) for name, known in self._samples.items() for one in known]
        seen = set()
        for variant, wanted in ways:
            key = ("start", event["id"], kind, variant, _frozen(wanted))
            if key in seen:
                continue
            seen.add(key)
            words = _("It begins")
            yield Move(
                "start", key, f"{words}{_told(variant, wanted)}.",
                {"record": kind, "variant": variant, "wanted": wanted},
            )  # fmt: skip

    # --- going on --------------------------------------------------------------------------------

    def moves(self, sandbox: Sandbox) -> list[Move]:
        """Return what could happen next."""
        with sandbox.database.reading() as session:
            found = waits.read(session, sandbox.now)
            names = {case.id: Names(session, case) for case in found.cases}
            moves = list(self._decisions(session, found.tasks, names))
            for coming in found.coming:
                if coming.kind in (timers.TIMER, timers.SERVICE) and coming.instance_id in names:
                    step = names[coming.instance_id].element(coming.element)
                    words = _("Time passes until “%(step)s”.", step=step)
                    moves.append(Move("wait", ("wait", coming.element), words, {"until": coming.at}))
            for arrival in found.arrivals:
                words = _("“%(name)s” arrives.", name=arrival.name)
                moves += self._brought("send", arrival.element, words, {"id": arrival.id})
            for call in found.calls:
                step = names[call.instance_id].element(call.element)
                data = {"instance": call.instance_id, "token": call.token}
                words = _("“%(step)s” is answered.", step=step)
                moves += self._brought("answer", call.element, words, data)
                for code in call.codes:
                    words = _("“%(step)s” ends with the error %(code)s.", step=step, code=code)
                    moves.append(Move("fail", ("fail", call.element, code), words, {**data, "code": code}))
        return moves

    def _brought(self, kind: str, element: str, words: str, data: Mapping[str, Any]) -> Iterator[Move]:
        """The same with nothing, and with values by which gateways decide."""
        yield Move(kind, (kind, element), words, {**data, "brings": {}})
        for number in range(max(map(len, self._samples.values()), default=0)):
            brings = {name: known[number % len(known)] for name, known in self._samples.items()}
            told = words.removesuffix(".") + _told("", brings) + "."
            yield Move(kind, (kind, element, number), told, {**data, "brings": brings, "wanted": brings})

    def _decisions(self, session: Session, tasks: Any, names: Mapping[int, Names]) -> Iterator[Move]:
        in_order = sorted(tasks, key=lambda task: (task.element, task.id))
        for element, alike in groupby(in_order, key=lambda task: task.element):
            group = list(alike)
            first = group[0]
            form = _form(session, first.form_key)
            step = names[first.instance_id].element(element)
            outcomes = [(one["key"], chosen(one.get("labels"), one["key"])) for one in first.outcomes]
            for outcome, label in outcomes or [(None, _("Done"))]:
                for variant, wanted in entries.variants(form, self._samples):
                    told = _("“%(step)s”: %(outcome)s", step=step, outcome=label) + _told(variant, wanted)
                    key = ("decide", element, outcome, variant, _frozen(wanted))
                    data = {"outcome": outcome, "variant": variant, "wanted": wanted}
                    ids = [one.public_id for one in group]
                    yield Move("decide", (*key, "all"), f"{told}.", {**data, "tasks": ids})
                    if len(group) > 1 and variant == entries.USUAL and not wanted:
                        alone = _("by one of %(number)s", number=len(group))
                        yield Move("decide", (*key, "one"), f"{told}, {alone}.", {**data, "tasks": ids[:1]})

    # --- making a move ---------------------------------------------------------------------------

    def make(self, sandbox: Sandbox, move: Move) -> None:
        """Make a move.

        Raises:
            Refusal: nobody may do it so.
        """
        data = move.data
        match move.kind:
            case "start":
                self._start(sandbox, data)
            case "begin":
                self._begin(sandbox, data["event"])
            case "decide":
                for task in data["tasks"]:
                    self._decide(sandbox, task, data)
            case "wait":
                sandbox.skip(data["until"])
            case "send":
                sandbox.send(data["id"], data["brings"])
            case "answer":
                answer = {**data["brings"], "status": Decimal(200), "body": data["brings"], "headers": {}}
                sandbox.answer(data["instance"], data["token"], answer)
            case "fail":
                sandbox.fail(data["instance"], data["token"], data["code"])

    def _start(self, sandbox: Sandbox, data: Mapping[str, Any]) -> None:
        record = self._record(sandbox, data)
        with sandbox.database.reading() as session:
            version = beginning.version_of(session, self._process_key)
            people = waits.starters(session, version)
            plain = next(one for one in version.properties["start_events"] if one["kind"] == "none")
            form = _start_form(session, version.properties, plain)
        login = people[0].login
        given: dict[str, Any] = {}
        if form is not None:
            file = _pretended(sandbox, login) if _has_files(form) else None
            with sandbox.database.reading() as session:
                world = World(session, sandbox.now)
                current: dict[str, Any] = {"initiator": login}
                if record is not None:
                    current[record.type] = readable(record, world)
                given = entries.fill(form, self._filling(session, sandbox, login, current, file, data), None)
        sandbox.start(self._process_key, login, given, record)

    def _record(self, sandbox: Sandbox, data: Mapping[str, Any]) -> RecordReference | None:
        if not data["record"]:
            return None
        with sandbox.database.writing() as session:
            properties = beginning.version_of(session, self._process_key).properties
            made = make_record(
                session,
                sandbox.now,
                data["record"],
                stage=beginning.stage_for(session, data["record"], properties),
                values=data["wanted"],
                amount=_AMOUNTS[data["variant"]],
            )
            return RecordReference(data["record"], made.public_id) if made is not None else None

    def _begin(self, sandbox: Sandbox, event: Mapping[str, Any]) -> None:
        with sandbox.database.reading() as session:
            people = waits.starters(session, beginning.version_of(session, self._process_key))
        sandbox.start_at(self._process_key, event["id"], people[0].login if people else None)

    def _decide(self, sandbox: Sandbox, task_id: str, data: Mapping[str, Any]) -> None:
        with sandbox.database.reading() as session:
            task = session.scalar(
                select(UserTask).where(UserTask.public_id == task_id, UserTask.status == "open")
            )
            if task is None:
                return  # the others have decided it
            logins = [one.login for one in waits.actors(session, sandbox.now, task)][:_MOST_ACTORS]
            form = _form(session, task.form_key)
        refused: Refusal | None = None
        for login in logins:
            file = _pretended(sandbox, login) if form is not None and _has_files(form) else None
            with sandbox.database.reading() as session:
                given = self._given(session, sandbox, task_id, login, file, form, data)
            try:
                sandbox.decide(login, task_id, data["outcome"], given, _("Example"))
                return
            except Refusal as refusal:
                refused = refusal
        if refused is not None:
            raise refused

    def _given(
        self,
        session: Session,
        sandbox: Sandbox,
        task_id: str,
        login: str,
        file: Any,
        form: Form | None,
        data: Mapping[str, Any],
    ) -> dict[str, Any]:
        if form is None:
            return {}
        task = session.scalars(select(UserTask).where(UserTask.public_id == task_id)).one()
        person = required_person(session, login)
        current = task_commands.task_scope(session, sandbox.now, person, task)
        filling = self._filling(session, sandbox, login, current, file, data, task.instance_id)
        return entries.fill(form, filling, data["outcome"])

    def _filling(
        self,
        session: Session,
        sandbox: Sandbox,
        login: str,
        current: Mapping[str, Any],
        file: Any,
        data: Mapping[str, Any],
        instance_id: int | None = None,
    ) -> Filling:
        person = required_person(session, login)
        return Filling(
            form_check.choices_for(session, sandbox.now, person, instance_id),
            Surroundings(current, World(session, sandbox.now).functions, sandbox.now),
            sandbox.now,
            lambda: file,
            data["variant"],
            data["wanted"],
        )


def _start_form(session: Session, properties: Mapping[str, Any], event: Mapping[str, Any]) -> Form | None:
    return _form(session, (properties.get("start") or {}).get("form") or event.get("form"))


def _form(session: Session, key: str | None) -> Form | None:
    try:
        return forms.form(session, key) if key else None
    except Refusal:
        return None


def _has_files(form: Form) -> bool:
    return any(part.type in ("filepicker", "dynamiclist", "group") for part in form.components)


def _pretended(sandbox: Sandbox, login: str) -> Any:
    return sandbox.keep_file(login, *_FILE).public_id


def _frozen(wanted: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((name, repr(value)) for name, value in wanted.items()))


def _told(variant: str, wanted: Mapping[str, Any]) -> str:
    """Say with which values, where they are not the usual ones."""
    if wanted:
        return " (" + ", ".join(f"{name}: {value}" for name, value in wanted.items()) + ")"
    return {
        entries.SMALL: " (" + _("with as little as possible") + ")",
        entries.LARGE: " (" + _("with large values") + ")",
    }.get(variant, "")
