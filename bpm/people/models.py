"""Persons, departments, groups, roles, absences, and the tokens of the API."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, String, false, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bpm.db import Base, Numbered, Public


class Department(Numbered, Base):
    """A part of the company; its head is the manager of its members."""

    __tablename__ = "department"

    key: Mapped[str] = mapped_column(String(60), unique=True)
    names: Mapped[dict[str, Any]]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    head_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", use_alter=True))

    head: Mapped[Person | None] = relationship(foreign_keys=[head_id], post_update=True)
    parent: Mapped[Department | None] = relationship(remote_side="Department.id")


class Person(Public, Base):
    """Somebody who works with the program. ``login`` never changes: variables name people by it."""

    __tablename__ = "person"

    login: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(160))
    email: Mapped[str] = mapped_column(String(254), index=True)
    password_hash: Mapped[str | None] = mapped_column(String(200))
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"), index=True)
    job_title: Mapped[str] = mapped_column(String(120), default="")
    # None: the browser's language, the installation's time zone, the device's colours
    language: Mapped[str | None] = mapped_column(String(5))
    time_zone: Mapped[str | None] = mapped_column(String(60))
    theme: Mapped[str | None] = mapped_column(String(10))
    # the tours of pages that were taken or declined
    tours_seen: Mapped[list[Any] | None]
    active: Mapped[bool] = mapped_column(default=True, server_default=true())
    demo: Mapped[bool] = mapped_column(default=False, server_default=false())
    # a new value ends every open session of the person
    session_key: Mapped[str] = mapped_column(String(40), default="")

    department: Mapped[Department | None] = relationship(foreign_keys=[department_id])
    memberships: Mapped[list[Membership]] = relationship(back_populates="person")
    roles: Mapped[list[Role]] = relationship(back_populates="person")

    # what Flask-Login asks of the one who is logged in; a cookie holds what get_id() says
    is_authenticated = True
    is_anonymous = False

    @property
    def is_active(self) -> bool:
        """Say whether this person may log in."""
        return self.active

    def get_id(self) -> str:
        """Return who this is and which sessions of his count."""
        return f"{self.public_id}:{self.session_key}"


class Group(Numbered, Base):
    """People who can stand in for one another, for instance the sellers."""

    __tablename__ = "person_group"

    key: Mapped[str] = mapped_column(String(60), unique=True)
    names: Mapped[dict[str, Any]]

    memberships: Mapped[list[Membership]] = relationship(back_populates="group")


class Membership(Base):
    __tablename__ = "membership"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("person_group.id"), primary_key=True, index=True)

    person: Mapped[Person] = relationship(back_populates="memberships")
    group: Mapped[Group] = relationship(back_populates="memberships")


class Role(Base):
    """A right over the whole installation: ``administrator``, ``process_owner``, ``manager``."""

    __tablename__ = "role"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(40), primary_key=True)

    person: Mapped[Person] = relationship(back_populates="roles")


class Absence(Numbered, Base):
    """Days on which somebody is away (both included), and who stands in."""

    __tablename__ = "absence"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    substitute_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    substitute: Mapped[Person | None] = relationship(foreign_keys=[substitute_id])


class ApiToken(Public, Base):
    """A key to the API; only its hash is kept."""

    __tablename__ = "api_token"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    scopes: Mapped[list[Any]]
    created_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship()


class LoginAttempt(Numbered, Base):
    """Failed log-ins of the last minutes, so that guessing is slow on every machine at once."""

    __tablename__ = "login_attempt"

    subject: Mapped[str] = mapped_column(String(254), index=True)
    at: Mapped[datetime]
