"""What expressions may ask of the world: people, records, decisions, the company calendar.

Owns the register in which higher floors add functions (``owner``) and the reader of records.
One ``World`` serves one transaction and remembers what it has read.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, tzinfo
from functools import cached_property
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bpm import worktime
from bpm.dmn import queries as decisions
from bpm.dmn.errors import DmnError
from bpm.engine.models import UserTask
from bpm.engine.problems import StepFailed
from bpm.engine.tables import CALENDAR, CALENDAR_DAY, connection_of
from bpm.engine.values import RecordReference
from bpm.feel import FeelError
from bpm.people import queries as people
from bpm.people.models import Person
from bpm.worktime.queries import COMPANY

Function = Callable[..., Any]
Factory = Callable[[Session, datetime], Function]
Resolver = Callable[[Session, RecordReference], Mapping[str, Any]]
RecordNumber = Callable[[Session, RecordReference], int | None]

_log = logging.getLogger(__name__)
_factories: dict[str, Factory] = {}
_resolver: Resolver | None = None
_record_number: RecordNumber | None = None


def register(name: str, factory: Factory) -> None:
    """Add a FEEL function; ``factory(session, now)`` makes it for one transaction."""
    _factories[name] = factory


def read_records_with(resolver: Resolver, number: RecordNumber) -> None:
    """Let ``resolver`` read the fields of a record, and ``number`` tell its row (for lists)."""
    global _resolver, _record_number
    _resolver, _record_number = resolver, number


def record_number(session: Session, reference: RecordReference) -> int | None:
    """Return the number of the record's row; None if there is no such record."""
    return _record_number(session, reference) if _record_number is not None else None


# what the company calendar was built from last: looking is much cheaper than building
_CALENDAR_ROWS = (
    select(
        CALENDAR.c.time_zone, CALENDAR.c.country, CALENDAR.c.hours, CALENDAR_DAY.c.day, CALENDAR_DAY.c.spans
    )
    .outerjoin(CALENDAR_DAY, CALENDAR_DAY.c.calendar_id == CALENDAR.c.id)
    .where(CALENDAR.c.key == COMPANY)
    .order_by(CALENDAR_DAY.c.day)
)
_calendar: tuple[Sequence[Any] | None, worktime.WorkCalendar | None] = (None, None)


class World:
    """Everything outside of one instance, as it is during one transaction."""

    def __init__(self, session: Session, now: datetime) -> None:
        self.session = session
        self.now = now
        self._records: dict[RecordReference, Mapping[str, Any]] = {}

    @cached_property
    def functions(self) -> Mapping[str, Function]:
        """FEEL functions by name."""
        return {name: factory(self.session, self.now) for name, factory in _factories.items()}

    @cached_property
    def calendar(self) -> worktime.WorkCalendar:
        """The company calendar; built anew only if its rows differ from those last seen."""
        global _calendar
        stored = connection_of(self.session).execute(_CALENDAR_ROWS).all()
        seen, calendar = _calendar
        if stored != seen or calendar is None:
            calendar = worktime.company_calendar(self.session)
            _calendar = (stored, calendar)
        return calendar

    @property
    def zone(self) -> tzinfo:
        """The company's time zone."""
        return self.calendar.zone

    @property
    def today(self) -> date:
        """The present day at the company."""
        return self.now.astimezone(self.zone).date()

    def resolve(self, reference: RecordReference) -> Mapping[str, Any]:
        """Return the fields of a record as they are now; empty if there is no such record."""
        if _resolver is None:
            return {}
        return _resolver(self.session, reference)

    def decide(self, key: str, context: Mapping[str, Any]) -> tuple[Any, list[Any]]:
        """Evaluate the newest publication of a decision, with the models that it imports.

        Its expressions may call what those of a diagram may call; ``now()`` and ``today()`` tell the
        time of the company.

        Returns:
            The value, and the rules that matched (``bpm.dmn.run.Match``).

        Raises:
            NotFound: there is none.
            StepFailed: it cannot be evaluated.
        """
        local = self.now.astimezone(self.zone)
        try:
            result = decisions.evaluate(self.session, key, context, local, self.functions)
        except (DmnError, FeelError) as error:
            raise StepFailed(
                "The decision “%(decision)s” cannot be evaluated: %(why)s",
                code="decision_failed",
                decision=key,
                why=error.message,
            ) from error
        return result.value, list(result.matched)

    def due(self, now: datetime, text: str, working: bool) -> datetime:
        """Return the moment that lies the term ``text`` after ``now``.

        Raises:
            TermError: the text is no term.
        """
        return worktime.due(now, text, self.calendar, working)

    def record(self, kind: str, element: str | None, **data: Any) -> None:
        """Drop a history entry: outside of a case nothing is recorded."""


def _person(session: Session, login: Any) -> Person | None:
    return people.person(session, login) if isinstance(login, str) else None


def _manager_of(session: Session, _now: datetime) -> Function:
    def manager_of(login: Any) -> str | None:
        person = _person(session, login)
        manager = people.manager_of(session, person) if person is not None else None
        return manager.login if manager is not None else None

    return manager_of


def _head_of(session: Session, _now: datetime) -> Function:
    def head_of(department: Any) -> str | None:
        head = people.head_of(session, department) if isinstance(department, str) else None
        return head.login if head is not None else None

    return head_of


def _members(session: Session, _now: datetime) -> Function:
    def members(group: Any) -> list[str]:
        return [person.login for person in people.members(session, group)] if isinstance(group, str) else []

    return members


def _free_members(session: Session, now: datetime) -> Function:
    def free_members(group: Any) -> list[str]:
        if not isinstance(group, str):
            return []
        return [person.login for person in people.free_members(session, group, now)]

    return free_members


def _name_of(session: Session, _now: datetime) -> Function:
    def name_of(login: Any) -> str | None:
        person = _person(session, login)
        return person.name if person is not None else None

    return name_of


def _email_of(session: Session, _now: datetime) -> Function:
    def email_of(login: Any) -> str | None:
        person = _person(session, login)
        return person.email if person is not None else None

    return email_of


def _least_loaded(session: Session, _now: datetime) -> Function:
    def least_loaded(logins: Any) -> str | None:
        """The one with the fewest open tasks; of several, the first in the list."""
        wanted = [login for login in _as_list(logins) if isinstance(login, str)]
        if not wanted:
            return None
        counted = session.execute(
            select(Person.login, func.count(UserTask.id))
            .outerjoin(UserTask, (UserTask.assignee_id == Person.id) & (UserTask.status == "open"))
            .where(Person.login.in_(wanted), Person.active)
            .group_by(Person.login)
        )
        open_tasks = {row[0]: row[1] for row in counted}
        present = [login for login in wanted if login in open_tasks]
        return min(present, key=open_tasks.__getitem__) if present else None

    return least_loaded


def _as_list(value: Any) -> Sequence[Any]:
    return value if isinstance(value, (list, tuple)) else [value]


def _today(session: Session, now: datetime) -> Function:
    return lambda: World(session, now).today


def _now(session: Session, now: datetime) -> Function:
    return lambda: now.astimezone(World(session, now).zone)


for _name, _factory in {
    "manager_of": _manager_of,
    "head_of": _head_of,
    "members": _members,
    "free_members": _free_members,
    "name_of": _name_of,
    "email_of": _email_of,
    "least_loaded": _least_loaded,
    "today": _today,
    "now": _now,
}.items():
    register(_name, _factory)
