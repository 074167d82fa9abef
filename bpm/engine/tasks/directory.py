"""Looks people and groups up by the names that diagrams use, many at once and each only once.

Serves one transaction. Owns the question who stands in for an absent person today; who takes a
task follows from it in ``tasks/assignment.py``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import Select, and_, bindparam, case, func, select
from sqlalchemy.orm import Session

from bpm.engine.functions import World
from bpm.engine.tables import ABSENCE, PERSON, connection_of
from bpm.people import queries as people
from bpm.people.models import Group, Membership, Person

_DAY = timedelta(days=1)


@dataclass(slots=True)
class Known:
    """A person as assignments need him. ``substitute_id``: who stands in today, if he is away."""

    id: int
    login: str
    name: str
    active: bool
    substitute_id: int | None = None


@dataclass(frozen=True, slots=True)
class KnownGroup:
    """A group, how many active members it has, and whether a certain person is the only one."""

    id: int
    key: str
    names: dict[str, Any] = field(hash=False)
    members: int
    has_initiator: bool


class Directory:
    """People and groups of one transaction."""

    def __init__(self, session: Session, world: World) -> None:
        self._session = session
        self._world = world
        self._by_login: dict[str, Known | None] = {}
        self._by_id: dict[int, Known] = {}

    def learn(self, logins: Iterable[str]) -> None:
        """Read all ``logins`` that are not known yet with one question."""
        wanted = [login for login in dict.fromkeys(logins) if login not in self._by_login]
        if wanted:
            self._read(_BY_LOGIN, {"wanted": wanted})
            for login in wanted:
                self._by_login.setdefault(login, None)

    def person(self, login: str) -> Known | None:
        """Return the person with this login."""
        if login not in self._by_login:
            self.learn([login])
        return self._by_login[login]

    def by_id(self, number: int) -> Known:
        """Return the person with this number.

        Raises:
            LookupError: there is none.
        """
        if number not in self._by_id:
            self._read(_BY_NUMBER, {"wanted": [number]})
        return self._by_id[number]

    def manager_of(self, known: Known) -> Known | None:
        """Return the head of the person's department; of a head, the head of the one above."""
        person = self._session.get(Person, known.id)
        manager = people.manager_of(self._session, person) if person is not None else None
        return self.by_id(manager.id) if manager is not None else None

    def head_of(self, department: str) -> Known | None:
        """Return the head of a department named by its key."""
        head = people.head_of(self._session, department)
        return self.by_id(head.id) if head is not None else None

    def head_over(self, known: Known) -> Known | None:
        """Return the head of the department in which a person works; may be himself."""
        person = self._session.get(Person, known.id)
        head = person.department.head if person is not None and person.department is not None else None
        return self.by_id(head.id) if head is not None else None

    def groups(self, keys: Iterable[str], initiator_id: int | None = None) -> list[KnownGroup]:
        """Return the groups with these keys; a key without a group is left out."""
        wanted = list(dict.fromkeys(keys))
        if not wanted:
            return []
        active = and_(Person.id == Membership.person_id, Person.active)
        is_initiator = case((Person.id == (initiator_id or 0), 1), else_=0)
        found = self._session.execute(
            select(
                Group.id,
                Group.key,
                Group.names,
                func.count(Person.id),
                func.coalesce(func.sum(is_initiator), 0),
            )
            .outerjoin(Membership, Membership.group_id == Group.id)
            .outerjoin(Person, active)
            .where(Group.key.in_(wanted))
            .group_by(Group.id)
        )
        return [
            KnownGroup(number, key, names, members, has > 0) for number, key, names, members, has in found
        ]

    def group_named(self, name: str) -> str | None:
        """Return the key of the group that a lane means: by its key or by its name in any language."""
        for key, names in self._session.execute(select(Group.key, Group.names)):
            if name == key or name.casefold() in {str(text).casefold() for text in names.values()}:
                return str(key)
        return None

    def _read(self, question: Select[Any], wanted: dict[str, Any]) -> None:
        # a day around today, because which day it is depends on the company's time zone
        now = self._world.now
        days = {"from_day": (now - _DAY).date(), "to_day": (now + _DAY).date()}
        for row in connection_of(self._session).execute(question, {**wanted, **days}):
            known = self._by_id.get(row.id)
            if known is None:
                known = Known(row.id, row.login, row.name, row.active)
                self._by_id[row.id] = self._by_login[row.login] = known
            if row.substitute_id and row.starts_on <= self._world.today <= row.ends_on:
                known.substitute_id = row.substitute_id


_AWAY = and_(
    ABSENCE.c.person_id == PERSON.c.id,
    ABSENCE.c.ends_on >= bindparam("from_day"),
    ABSENCE.c.starts_on <= bindparam("to_day"),
)
_PEOPLE = select(
    PERSON.c.id,
    PERSON.c.login,
    PERSON.c.name,
    PERSON.c.active,
    ABSENCE.c.substitute_id,
    ABSENCE.c.starts_on,
    ABSENCE.c.ends_on,
).outerjoin(ABSENCE, _AWAY)
_BY_LOGIN = _PEOPLE.where(PERSON.c.login.in_(bindparam("wanted", expanding=True)))
_BY_NUMBER = _PEOPLE.where(PERSON.c.id.in_(bindparam("wanted", expanding=True)))
