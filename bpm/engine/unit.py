"""One instance in memory while a command works on it: locked, loaded, changed, saved.

Owns how an ``instance`` row is read under its lock and written back, and how history entries
are collected. Is the environment of its run. Commits nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime, tzinfo
from typing import Any

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import Session

from bpm.engine import definitions, values
from bpm.engine.definition import Definition
from bpm.engine.diagram.expressions import Surroundings, written
from bpm.engine.functions import World
from bpm.engine.history import Entry
from bpm.engine.models import Instance, ProcessVersion
from bpm.engine.problems import StepFailed
from bpm.engine.runtime.outside import Wait
from bpm.engine.runtime.scopes import readable
from bpm.engine.runtime.workflow import Run
from bpm.engine.search import search_text
from bpm.engine.tables import INSTANCE, VERSION, connection_of
from bpm.engine.values import CannotHold, RecordReference
from bpm.errors import Invalid, NotFound
from bpm.language import _

ACTIVE, SUSPENDED, COMPLETED, CANCELLED, FAILED = "active", "suspended", "completed", "cancelled", "failed"
_TITLE_LIMIT = 300


@dataclass(slots=True)
class InstanceRow:
    """The columns of one ``instance`` row that commands need, with those of its version."""

    id: int
    public_id: str
    version_id: int
    process_id: int
    titles: dict[str, Any]
    search_text: str
    business_key: str | None
    record_id: int | None
    status: str
    outcome: str | None
    state: bytes | None
    revision: int
    root_id: int
    parent_id: int | None
    parent_token: str | None
    started_by_id: int | None
    started_at: datetime
    ended_at: datetime | None
    open_incidents: int
    history_length: int
    history_hash: str
    process_key: str = ""
    hash: str = ""


_STORED = [field.name for field in fields(InstanceRow) if field.name not in ("process_key", "hash")]
_READ = (
    select(*(INSTANCE.c[name] for name in _STORED), VERSION.c.process_key, VERSION.c.hash)
    .join(VERSION, VERSION.c.id == INSTANCE.c.version_id)
    .where(INSTANCE.c.id == bindparam("wanted"))
)
_LOCK = _READ.with_for_update(of=INSTANCE)
_CHANGING = (
    "version_id", "titles", "search_text", "status", "outcome", "state", "root_id", "ended_at",
    "open_incidents", "history_length", "history_hash",
)  # fmt: skip
_WRITE = (
    update(INSTANCE)
    .where(INSTANCE.c.id == bindparam("of_id"))
    .values({"revision": INSTANCE.c.revision + 1, **{name: bindparam(f"new_{name}") for name in _CHANGING}})
)
_ADD = insert(INSTANCE).returning(INSTANCE.c.id)


def read_row(session: Session, instance_id: int, *, lock: bool) -> InstanceRow:
    """Read an instance; with ``lock`` its row is held until the transaction ends.

    Raises:
        NotFound: there is no such instance.
    """
    found = connection_of(session).execute(_LOCK if lock else _READ, {"wanted": instance_id}).first()
    if found is None:
        raise NotFound(_("There is no such case."))
    row = InstanceRow(**found._mapping)
    row.root_id = row.root_id or row.id
    return row


def add_row(session: Session, row: InstanceRow) -> None:
    """Insert a new instance and set its number; what follows from its run is written at the end."""
    columns = {name: getattr(row, name) for name in _STORED if name != "id"}
    columns["root_id"] = row.root_id or None
    row.id = connection_of(session).execute(_ADD, columns).scalar_one()
    row.root_id = row.root_id or row.id


def write_rows(session: Session, rows: list[InstanceRow]) -> None:
    """Write changed instances back. Objects of them that the session holds are read anew when used."""
    parameters = [
        {"of_id": row.id, **{f"new_{name}": getattr(row, name) for name in _CHANGING}} for row in rows
    ]
    if len(parameters) == 1:
        connection_of(session).execute(_WRITE, parameters[0])
    elif parameters:
        connection_of(session).execute(_WRITE, parameters)
    for row in rows:
        row.revision += 1
        held = session.identity_map.get((Instance, (row.id,), None))
        if held is not None:
            session.expire(held)


class Unit:
    """One instance, its run, and everything that happened to it in this transaction."""

    def __init__(self, world: World, row: InstanceRow) -> None:
        self.world = world
        self.row = row
        self.new = row.state is None
        self.entries: list[Entry] = []
        # whose deed the entries recorded now are; the program's own have none
        self.actor_id: int | None = None
        self.on_behalf_of_id: int | None = None
        self.changed_variables: set[str] = set()
        self.opened: dict[str, Wait] = {}
        self.closed: set[str] = set()
        # tokens that came and went within this transaction, or whose rows were written already
        self.settled: set[str] = set()
        # older tokens that wait again: their former rows are replaced
        self.reopened: set[str] = set()
        self.known_failures: set[str] = set()
        # the title has to be rendered anew although no variable has changed
        self.retitled = False
        self._newest_stored = 0
        self._run: Run | None = None
        self._definition: Definition | None = None

    @property
    def id(self) -> int:
        return self.row.id

    @property
    def ended(self) -> bool:
        return self.row.status in (COMPLETED, CANCELLED, FAILED)

    @property
    def definition(self) -> Definition:
        """The compiled diagram of the instance's version."""
        if self._definition is None:
            row = self.row
            self._definition = definitions.definition(
                self.world.session, row.version_id, row.process_key, row.hash
            )
        return self._definition

    @property
    def run(self) -> Run:
        """The run, loaded when first asked for."""
        if self._run is None:
            if self.row.state is None:
                raise NotFound(_("There is no such case."))
            self._run = Run.load(self.definition, self.row.state, self)
            self.known_failures = {failure.token for failure in self._run.failures()}
            self._newest_stored = self._run._kernel.last_id
        return self._run

    def is_stored(self, token: str) -> bool:
        """Tell whether rows may exist for a token: it is older than this transaction."""
        return int(token.partition(":")[0]) <= self._newest_stored

    def spellings(self, tokens: Iterable[str]) -> list[str]:
        """Return how tokens are written in rows: an event with several triggers has one for each."""
        most = definitions.most_triggers(self.definition)
        found = []
        for token in tokens:
            found.append(token)
            if most > 1 and ":" not in token:
                found += [f"{token}:{index}" for index in range(1, most)]
        return found

    def begin(
        self, variables: Mapping[str, Any], start_event: str | None, payload: Mapping[str, Any] | None = None
    ) -> None:
        """Make the run of a new instance.

        Raises:
            CannotHold: a variable cannot be kept.
            Invalid: there is no such start event.
        """
        try:
            self._run = Run.start(self.definition, variables, self, start_event, payload)
        except LookupError:
            raise Invalid(_("The process has no start event “%(element)s”.", element=start_event)) from None

    def change_version(self, version: ProcessVersion, run: Run) -> None:
        """Go on with another version; ``run`` stands where this one's run stood, and its rows are there."""
        row = self.row
        row.version_id, row.process_key, row.hash = version.id, version.process_key, version.hash
        self._definition, self._run = run.definition, run
        self.known_failures = {failure.token for failure in run.failures()}
        self._newest_stored = run._kernel.last_id
        self.retitled = True
        # what is searched for may be another variable now
        self.changed_variables |= set(run.definition.extensions.get("searchable") or ())

    @property
    def touched(self) -> bool:
        """Whether the run was loaded, so that its state may have changed."""
        return self._run is not None

    # --- the environment of the run -------------------------------------------------------------

    @property
    def functions(self) -> Mapping[str, Callable[..., Any]]:
        return self.world.functions

    @property
    def zone(self) -> tzinfo:
        return self.world.zone

    def resolve(self, reference: RecordReference) -> Mapping[str, Any]:
        return self.world.resolve(reference)

    def decide(self, key: str, context: Mapping[str, Any]) -> tuple[Any, list[Any]]:
        return self.world.decide(key, context)

    def due(self, now: datetime, text: str, working: bool) -> datetime:
        return self.world.due(now, text, working)

    def record(self, kind: str, element: str | None, **data: Any) -> None:
        """Collect one history entry."""
        if kind == "variable_changed":
            self.changed_variables.add(data["name"])
        self.entries.append(Entry(kind, element, _encoded(data), self.actor_id, self.on_behalf_of_id))

    # --- what is written at the end -------------------------------------------------------------

    def refresh_title(self) -> None:
        """Render titles and search text anew if a variable they show has changed."""
        definition = self.definition
        searchable = definition.extensions.get("searchable") or ()
        shown = definitions.title_variables(definition)
        concerned = self.changed_variables & {*shown, *searchable}
        if not self.new and not concerned and not self.retitled:
            return
        found = self.run.variables()
        context = _Context(found, self)
        around = Surroundings(self.world.now, self.functions)
        templates = definitions.title_templates(definition)
        self.row.titles = {language: _title(one, context, around) for language, one in templates.items()}
        indexed = [written(found.get(name)) for name in searchable]
        self.row.search_text = search_text([*self.row.titles.values(), self.row.business_key, *indexed])

    def searchable_values(self) -> dict[str, str]:
        """Return the searchable variables that changed, as they are stored for searching."""
        names = set(self.definition.extensions.get("searchable") or ()) & self.changed_variables
        if not names:
            return {}
        found = self.run.variables()
        return {name: written(found.get(name))[:400] for name in sorted(names)}


class _Context(Mapping[str, Any]):
    """The variables of an instance as a title reads them: records are looked into."""

    def __init__(self, found: Mapping[str, Any], unit: Unit) -> None:
        self._found = found
        self._unit = unit

    def __getitem__(self, name: str) -> Any:
        return readable(self._found[name], self._unit)

    def __iter__(self) -> Any:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)


def _title(template: Any, context: Mapping[str, Any], around: Surroundings) -> str:
    try:
        return str(template.evaluate(context, around))[:_TITLE_LIMIT]
    except StepFailed:
        return str(template.text)[:_TITLE_LIMIT]  # a title must never stop a case


def _encoded(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return history data as JSON; what cannot be kept as a value is kept as text."""
    plain = {}
    for name, value in data.items():
        kind = type(value)
        if kind is str or value is None or kind is bool:
            plain[name] = value
            continue
        try:
            plain[name] = values.encode(value, name)
        except CannotHold:
            plain[name] = str(value)[:1000].replace("\x00", "")
    return plain
