"""Who is whose manager, who is in a group, who stands in."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from bpm.errors import NotFound
from bpm.people import commands, queries
from bpm.people.models import Person

pytestmark = pytest.mark.usefixtures("company")
TODAY = date(2026, 3, 3)


def who(session: Session, login: str) -> Person:
    return queries.required_person(session, login)


@pytest.mark.parametrize(
    ("login", "manager"),
    [
        ("anna.nowak", "olga.ivanova"),
        ("emily.clark", "maria.wojcik"),
        ("olga.ivanova", "helena.kowalska"),
        ("viktor.orlov", "helena.kowalska"),
        ("helena.kowalska", None),
    ],
)
def test_manager_is_the_head_of_the_department_or_of_the_one_above(
    session: Session, login: str, manager: str | None
) -> None:
    found = queries.manager_of(session, who(session, login))
    assert (found.login if found else None) == manager


def test_a_head_who_left_is_passed_over(session: Session, now: datetime) -> None:
    commands.set_active(session, now, None, who(session, "olga.ivanova"), active=False)
    manager = queries.manager_of(session, who(session, "anna.nowak"))
    assert manager is not None and manager.login == "helena.kowalska"


def test_head_of_a_department(session: Session) -> None:
    head = queries.head_of(session, "production")
    assert head is not None and head.login == "piotr.zielinski"
    assert queries.head_of(session, "astrology") is None


def test_members_of_a_group_by_name(session: Session) -> None:
    assert [person.name for person in queries.members(session, "seller")] == [
        "Anna Nowak",
        "Boris Petrov",
        "Claire Evans",
    ]
    assert list(queries.members(session, "nobody")) == []


def test_free_members_are_present_and_at_work(session: Session, now: datetime) -> None:
    boris = who(session, "boris.petrov")
    commands.add_absence(session, now, boris, boris, TODAY, TODAY)
    free = queries.free_members(session, "seller", now)
    assert [person.login for person in free] == ["anna.nowak", "claire.evans"]
    assert queries.free_members(session, "seller", now + timedelta(hours=12)) == []


def test_substitute_stands_in_only_on_days_of_absence(session: Session, now: datetime) -> None:
    anna, boris = who(session, "anna.nowak"), who(session, "boris.petrov")
    commands.add_absence(session, now, anna, anna, TODAY, TODAY + timedelta(days=2), boris)
    assert queries.substitute_of(session, anna, TODAY) is boris
    assert queries.substitute_of(session, anna, TODAY + timedelta(days=3)) is None


def test_an_absent_substitute_passes_on_and_never_back(session: Session, now: datetime) -> None:
    anna, boris, claire = (who(session, login) for login in ("anna.nowak", "boris.petrov", "claire.evans"))
    commands.add_absence(session, now, anna, anna, TODAY, TODAY, boris)
    commands.add_absence(session, now, boris, boris, TODAY, TODAY, claire)
    assert queries.substitute_of(session, anna, TODAY) is claire
    commands.add_absence(session, now, claire, claire, TODAY, TODAY, anna)
    assert queries.substitute_of(session, anna, TODAY) is None


def test_an_administrator_has_every_role(session: Session) -> None:
    assert queries.has_role(who(session, "adam.kaminski"), queries.MANAGER)
    assert queries.has_role(who(session, "marta.dabrowska"), queries.PROCESS_OWNER)
    assert not queries.is_administrator(who(session, "marta.dabrowska"))
    assert not queries.is_administrator(None)


@pytest.mark.parametrize("text", ["Anna.Nowak", " anna.nowak@EXAMPLE.com "])
def test_people_log_in_by_login_or_address_in_any_letters(session: Session, text: str) -> None:
    found = queries.by_login_or_email(session, text)
    assert found is not None and found.login == "anna.nowak"


def test_an_unknown_login_is_named(session: Session) -> None:
    with pytest.raises(NotFound, match=r"mr\.nobody"):
        queries.required_person(session, "mr.nobody")


def test_people_are_found_by_a_part_of_the_name(session: Session) -> None:
    found: Any = queries.people(session, text="nowak")
    assert [person.login for person in found] == ["anna.nowak"]
