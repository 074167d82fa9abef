"""Adds and changes people, their groups and roles, absences and preferences, tokens.

Rights are checked here (``actor`` None is the command line). Logging in is in ``login.py``.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable
from datetime import date, datetime
from zoneinfo import available_timezones

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from bpm.config import LANGUAGES
from bpm.errors import Conflict, Invalid, NotAllowed, NotFound
from bpm.language import _
from bpm.people import passwords, queries, tokens
from bpm.people.models import Absence, ApiToken, Department, Group, Membership, Person, Role
from bpm.people.permissions import may_administer, may_plan_absence, must_administer

THEMES = ("light", "dark")
_LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{1,79}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")


def add_person(
    session: Session,
    actor: Person | None,
    *,
    login: str,
    name: str,
    email: str,
    department: str | None = None,
    job_title: str = "",
    language: str | None = None,
    groups: Iterable[str] = (),
    roles: Iterable[str] = (),
    password: str | None = None,
    demo: bool = False,
) -> Person:
    """Add a person.

    Args:
        login: names the person in diagrams and variables, and never changes.
        department, groups, roles: their keys.
        password: None: nobody can log in as this person until one is set.

    Raises:
        NotAllowed: the actor is not an administrator.
        Invalid: something cannot be used; ``details["errors"]`` maps each field to its text.
        Conflict: the login is taken.
    """
    must_administer(actor)
    login = login.strip().lower()
    errors = _faults(name, email)
    if not _LOGIN.fullmatch(login):
        errors["login"] = _("Write a login of small letters, digits, dots and hyphens, like anna.nowak.")
    if language and language not in LANGUAGES:
        errors["language"] = _("Choose one of the languages of the list.")
    if password is not None and (fault := password_fault(password)):
        errors["password"] = fault
    _refuse(errors)
    if queries.person(session, login):
        raise Conflict(_("The login “%(login)s” is taken. Choose another.", login=login), field="login")
    person = Person(
        login=login,
        name=name.strip(),
        email=email.strip(),
        job_title=job_title.strip(),
        language=language or None,
        department_id=_department_id(session, department),
        password_hash=passwords.hashed(password) if password is not None else None,
        session_key=secrets.token_urlsafe(24),
        demo=demo,
    )
    session.add(person)
    session.flush()
    _put_into_groups(session, person, groups)
    _give_roles(session, person, roles)
    return person


def change_person(
    session: Session,
    actor: Person | None,
    person: Person,
    *,
    name: str,
    email: str,
    department: str | None,
    job_title: str,
    groups: Iterable[str],
    roles: Iterable[str],
) -> None:
    """Change what administrators may change of a person.

    Raises:
        NotAllowed: the actor is not an administrator.
        Invalid: as ``add_person``.
        Conflict: nobody would be administrator any more.
    """
    must_administer(actor)
    _refuse(_faults(name, email))
    wanted = set(roles)
    if queries.ADMINISTRATOR not in wanted:
        _keep_an_administrator(session, person)
    person.name, person.email, person.job_title = name.strip(), email.strip(), job_title.strip()
    person.department_id = _department_id(session, department)
    _put_into_groups(session, person, groups)
    _give_roles(session, person, wanted)


def set_active(
    session: Session, now: datetime, actor: Person | None, person: Person, *, active: bool
) -> None:
    """Let a person in, or out for good: open sessions end and tokens are revoked.

    Raises:
        NotAllowed: the actor is not an administrator.
        Conflict: nobody would be administrator any more.
    """
    must_administer(actor)
    if person.active == active:
        return
    if not active:
        _keep_an_administrator(session, person)
        person.session_key = secrets.token_urlsafe(24)
        for token in queries.tokens_of(session, person):
            token.revoked_at = now
    person.active = active


def set_password(session: Session, actor: Person | None, person: Person, password: str) -> None:
    """Give a person a new password; it ends every open session of his.

    Raises:
        NotAllowed: it is somebody else's password, and the actor is not an administrator.
        Invalid: the password is too short or too long.
    """
    if not may_administer(actor) and (actor is None or actor.id != person.id):
        raise NotAllowed(_("Only %(name)s or an administrator can set this password.", name=person.name))
    if fault := password_fault(password):
        _refuse({"password": fault})
    person.password_hash = passwords.hashed(password)
    person.session_key = secrets.token_urlsafe(24)


def password_fault(password: str) -> str | None:
    """Return why a password cannot be used, or None."""
    if len(password) < passwords.SHORTEST:
        return _("Choose a password of at least %(least)s characters.", least=passwords.SHORTEST)
    if len(password) > passwords.LONGEST:
        return _("Choose a password of at most %(most)s characters.", most=passwords.LONGEST)
    return None


def set_preferences(
    session: Session,
    actor: Person | None,
    person: Person,
    *,
    language: str | None = None,
    theme: str | None = None,
    time_zone: str | None = None,
) -> None:
    """Set how pages look to a person. None leaves a value as it is, "" follows the browser again.

    Raises:
        NotAllowed: they are somebody else's.
        Invalid: there is no such language, theme or time zone.
    """
    if not may_administer(actor) and (actor is None or actor.id != person.id):
        raise NotAllowed(_("Only %(name)s can change these settings.", name=person.name))
    errors: dict[str, str] = {}
    if language and language not in LANGUAGES:
        errors["language"] = _("Choose one of the languages of the list.")
    if theme and theme not in THEMES:
        errors["theme"] = _("Choose one of the colours of the list.")
    if time_zone and time_zone not in available_timezones():
        errors["time_zone"] = _("There is no time zone “%(name)s”.", name=time_zone)
    _refuse(errors)
    if language is not None:
        person.language = language or None
    if theme is not None:
        person.theme = theme or None
    if time_zone is not None:
        person.time_zone = time_zone or None


def leave_tour(person: Person, name: str) -> None:
    """Remember that a person has taken or declined the tour of a page."""
    person.tours_seen = sorted({*(person.tours_seen or ()), name})


def add_absence(
    session: Session,
    now: datetime,
    actor: Person | None,
    person: Person,
    starts_on: date,
    ends_on: date,
    substitute: Person | None = None,
) -> Absence:
    """Enter days on which a person is away (both included) and who stands in.

    Raises:
        NotAllowed: the actor is neither the person, nor his manager, nor an administrator.
        Invalid: it ends before it begins, it is over, or the substitute cannot stand in.
    """
    if not may_plan_absence(session, actor, person):
        raise NotAllowed(
            _(
                "Only %(name)s, the head of the department or an administrator can enter this absence.",
                name=person.name,
            )
        )
    errors: dict[str, str] = {}
    if ends_on < starts_on:
        errors["ends_on"] = _("The last day must not be before the first.")
    elif ends_on < queries.company_day(session, now):
        errors["ends_on"] = _("These days are over already.")
    if substitute is not None and substitute.id == person.id:
        errors["substitute"] = _("Nobody can stand in for himself. Choose somebody else.")
    elif substitute is not None and not substitute.active:
        errors["substitute"] = _("%(name)s no longer works here. Choose somebody else.", name=substitute.name)
    _refuse(errors)
    absence = Absence(
        person_id=person.id,
        starts_on=starts_on,
        ends_on=ends_on,
        substitute_id=substitute.id if substitute else None,
    )
    session.add(absence)
    session.flush()
    return absence


def remove_absence(session: Session, actor: Person | None, absence_id: int) -> None:
    """Take an absence back.

    Raises:
        NotFound: there is none, or the actor may not see it.
    """
    absence = session.get(Absence, absence_id)
    if absence is None or not may_plan_absence(session, actor, absence.person):
        raise NotFound(_("This absence is not there any more."))
    session.delete(absence)


def create_token(
    session: Session, now: datetime, actor: Person, *, name: str, scopes: Iterable[str] = ()
) -> str:
    """Make a token with which programs act as ``actor``, and return it; it is shown this once.

    Args:
        name: what it is for, so that the person recognises it later.
        scopes: what it may do; none: everything the person may.

    Raises:
        Invalid: the name is empty.
    """
    if not name.strip():
        _refuse({"name": _("Write what the token is for.")})
    plain = tokens.new_token()
    session.add(
        ApiToken(
            person_id=actor.id,
            name=name.strip()[:120],
            token_hash=tokens.token_hash(plain),
            scopes=list(scopes),
            created_at=now,
        )
    )
    session.flush()
    return plain


def revoke_token(session: Session, now: datetime, actor: Person | None, public_id: str) -> None:
    """Make a token useless from now on.

    Raises:
        NotFound: there is none, or it is not the actor's.
    """
    token = session.scalar(select(ApiToken).where(ApiToken.public_id == public_id))
    own = token is not None and actor is not None and token.person_id == actor.id
    if token is None or not (own or may_administer(actor)):
        raise NotFound(_("This token is not there any more."))
    token.revoked_at = token.revoked_at or now


def _faults(name: str, email: str) -> dict[str, str]:
    errors: dict[str, str] = {}
    if not name.strip() or len(name) > 160:
        errors["name"] = _("Write the person's name.")
    if not _EMAIL.fullmatch(email.strip()) or len(email) > 254:
        errors["email"] = _("Write an e-mail address like anna@example.com.")
    return errors


def _refuse(errors: dict[str, str]) -> None:
    if errors:
        raise Invalid(" ".join(errors.values()), errors=errors)


def _department_id(session: Session, key: str | None) -> int | None:
    if not key:
        return None
    found = session.scalar(select(Department.id).where(Department.key == key))
    if found is None:
        _refuse({"department": _("There is no department “%(key)s”.", key=key)})
    return found


def _put_into_groups(session: Session, person: Person, keys: Iterable[str]) -> None:
    wanted = set(keys)
    known = {group.key: group.id for group in session.scalars(select(Group).where(Group.key.in_(wanted)))}
    if missing := wanted - known.keys():
        _refuse({"groups": _("There is no group “%(key)s”.", key=min(missing))})
    session.execute(delete(Membership).where(Membership.person_id == person.id))
    session.add_all(Membership(person_id=person.id, group_id=number) for number in known.values())
    session.flush()
    session.expire(person, ["memberships"])


def _give_roles(session: Session, person: Person, keys: Iterable[str]) -> None:
    wanted = set(keys)
    if missing := wanted - set(queries.ROLES):
        _refuse({"roles": _("There is no role “%(key)s”.", key=min(missing))})
    session.execute(delete(Role).where(Role.person_id == person.id))
    session.add_all(Role(person_id=person.id, key=key) for key in sorted(wanted))
    session.flush()
    session.expire(person, ["roles"])


def _keep_an_administrator(session: Session, person: Person) -> None:
    others = session.scalar(
        select(func.count())
        .select_from(Role)
        .join(Person)
        .where(Role.key == queries.ADMINISTRATOR, Person.active, Person.id != person.id)
    )
    if not others and queries.is_administrator(person):
        raise Conflict(
            _("%(name)s is the last administrator. Make somebody else administrator first.", name=person.name)
        )
