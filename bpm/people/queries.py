"""Reads people, departments, groups, roles and absences.

Owns the answers to "who": whose manager, who is in a group, who stands in. Changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, selectinload

from bpm.errors import NotFound
from bpm.language import _
from bpm.people.models import Absence, ApiToken, Department, Group, Membership, Person, Role
from bpm.worktime.queries import company_calendar

ADMINISTRATOR = "administrator"
PROCESS_OWNER = "process_owner"
MANAGER = "manager"
# of programs that do service steps from outside
WORKER = "worker"
ROLES = (ADMINISTRATOR, PROCESS_OWNER, MANAGER, WORKER)


def person(session: Session, login: str) -> Person | None:
    """Return the person with this login, active or not."""
    return session.scalar(select(Person).where(Person.login == login))


def required_person(session: Session, login: str) -> Person:
    """Return the person with this login.

    Raises:
        NotFound: there is none.
    """
    found = person(session, login)
    if found is None:
        raise NotFound(_("There is no person with the login “%(login)s”.", login=login))
    return found


def by_public_id(session: Session, public_id: str) -> Person | None:
    """Return the person with this public id, active or not."""
    return session.scalar(select(Person).where(Person.public_id == public_id))


def by_login_or_email(session: Session, text: str) -> Person | None:
    """Return the person who logs in with this login or e-mail address; capitals do not matter."""
    wanted = text.strip().lower()
    return session.scalar(
        select(Person)
        .where(or_(Person.login == wanted, func.lower(Person.email) == wanted))
        .order_by((Person.login == wanted).desc())
        .limit(1)
    )


def people(session: Session, *, text: str = "", with_inactive: bool = False) -> Sequence[Person]:
    """Return people by name; ``text`` must occur in name, login or e-mail address."""
    query = select(Person).options(
        selectinload(Person.department),
        selectinload(Person.roles),
        selectinload(Person.memberships).selectinload(Membership.group),
    )
    if not with_inactive:
        query = query.where(Person.active)
    if text.strip():
        part = f"%{text.strip().lower()}%"
        columns = (Person.name, Person.login, Person.email)
        query = query.where(or_(*(func.lower(column).like(part) for column in columns)))
    return session.scalars(query.order_by(Person.name)).all()


def department(session: Session, key: str) -> Department | None:
    """Return the department with this key."""
    return session.scalar(select(Department).where(Department.key == key))


def departments(session: Session) -> Sequence[Department]:
    """Return all departments, the oldest first."""
    return session.scalars(select(Department).order_by(Department.id)).all()


def head_of(session: Session, department_key: str) -> Person | None:
    """Return the active head of a department; None if there is no such department or head."""
    found = department(session, department_key)
    return found.head if found and found.head and found.head.active else None


def manager_of(session: Session, somebody: Person) -> Person | None:
    """Return the head of the person's department; for a head, that of the department above.

    Departments without an active head are passed over. None at the top of the company.
    """
    unit = session.get(Department, somebody.department_id) if somebody.department_id else None
    seen: set[int] = set()
    while unit is not None and unit.id not in seen:
        if unit.head and unit.head.active and unit.head_id != somebody.id:
            return unit.head
        seen.add(unit.id)
        unit = unit.parent
    return None


def group(session: Session, key: str) -> Group | None:
    """Return the group with this key."""
    return session.scalar(select(Group).where(Group.key == key))


def groups(session: Session) -> Sequence[Group]:
    """Return all groups, the oldest first."""
    return session.scalars(select(Group).order_by(Group.id)).all()


def groups_of(session: Session, somebody: Person) -> Sequence[Group]:
    """Return the groups in which the person stands."""
    query = select(Group).join(Membership).where(Membership.person_id == somebody.id)
    return session.scalars(query.order_by(Group.id)).all()


def members(session: Session, group_key: str) -> Sequence[Person]:
    """Return the active people of a group, by name; none if there is no such group."""
    return session.scalars(
        select(Person)
        .join(Membership)
        .join(Group)
        .where(Group.key == group_key, Person.active)
        .order_by(Person.name)
    ).all()


def free_members(session: Session, group_key: str, now: datetime) -> Sequence[Person]:
    """Return the members of a group who can act at ``now``: not absent, and in working hours."""
    if not company_calendar(session).is_working(now):
        return []
    away = _absent_on(session, company_day(session, now))
    return [member for member in members(session, group_key) if member.id not in away]


def substitute_of(session: Session, somebody: Person, day: date) -> Person | None:
    """Return who stands in for the person on ``day``: None if he is present or nobody is named.

    A substitute who is absent too passes on to his own; the person himself is never returned.
    """
    seen = {somebody.id}
    standing = somebody
    while absence := _absence(session, standing, day):
        deputy = absence.substitute
        if deputy is None or not deputy.active or deputy.id in seen:
            return None
        seen.add(deputy.id)
        standing = deputy
    return None if standing is somebody else standing


def absences_of(session: Session, somebody: Person, since: date) -> Sequence[Absence]:
    """Return the absences of a person that end on ``since`` or later, in order."""
    query = select(Absence).where(Absence.person_id == somebody.id, Absence.ends_on >= since)
    return session.scalars(query.order_by(Absence.starts_on)).all()


def has_role(somebody: Person | None, key: str) -> bool:
    """Say whether an active person has a role. An administrator has every role."""
    if somebody is None or not somebody.active:
        return False
    return any(role.key in (key, ADMINISTRATOR) for role in somebody.roles)


def is_administrator(somebody: Person | None) -> bool:
    """Say whether the person may administer the installation."""
    return has_role(somebody, ADMINISTRATOR)


def administrators(session: Session) -> Sequence[Person]:
    """Return the active administrators, by name."""
    query = select(Person).join(Role).where(Role.key == ADMINISTRATOR, Person.active)
    return session.scalars(query.order_by(Person.name)).all()


def tokens_of(session: Session, somebody: Person) -> Sequence[ApiToken]:
    """Return the tokens of a person that can still be used, newest first."""
    query = select(ApiToken).where(ApiToken.person_id == somebody.id, ApiToken.revoked_at.is_(None))
    return session.scalars(query.order_by(ApiToken.created_at.desc())).all()


def company_day(session: Session, now: datetime) -> date:
    """Return the date at ``now`` where the company works."""
    return now.astimezone(company_calendar(session).zone).date()


def _absence(session: Session, somebody: Person, day: date) -> Absence | None:
    return session.scalar(
        select(Absence)
        .where(Absence.person_id == somebody.id, Absence.starts_on <= day, Absence.ends_on >= day)
        .order_by(Absence.id.desc())
        .limit(1)
    )


def _absent_on(session: Session, day: date) -> set[int]:
    query = select(Absence.person_id).where(Absence.starts_on <= day, Absence.ends_on >= day)
    return set(session.scalars(query))
