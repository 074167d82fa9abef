"""Adding and changing people, absences, tokens; who may."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bpm.errors import Conflict, Invalid, NotAllowed, NotFound
from bpm.people import commands, demo, queries, tokens
from bpm.people.models import Person

pytestmark = pytest.mark.usefixtures("company")
TODAY = date(2026, 3, 3)


@pytest.fixture
def adam(session: Session) -> Person:
    return queries.required_person(session, "adam.kaminski")


@pytest.fixture
def anna(session: Session) -> Person:
    return queries.required_person(session, "anna.nowak")


def test_the_demo_company_is_loaded_once(session: Session, now: datetime) -> None:
    def count() -> int | None:
        return session.scalar(select(func.count()).select_from(Person))

    before = count()
    demo.load_demo(session, now)
    assert count() == before == 16
    assert len(demo.demo_people(session)) == 16
    assert {unit.key for unit in queries.departments(session)} == {
        "management",
        "sales",
        "production",
        "finance",
    }


def test_loading_again_keeps_what_people_changed(session: Session, now: datetime, anna: Person) -> None:
    anna.name = "Anna Nowak-Lis"
    commands.set_active(session, now, None, anna, active=False)
    demo.load_demo(session, now)
    assert anna.name == "Anna Nowak-Lis"
    assert not anna.active


def test_a_retired_demo_company_lets_nobody_in(session: Session, now: datetime) -> None:
    demo.retire_demo(session)
    assert demo.demo_people(session) == []


def test_an_administrator_adds_a_person(session: Session, adam: Person) -> None:
    person = commands.add_person(
        session,
        adam,
        login="zofia.maj",
        name=" Zofia Maj ",
        email="zofia@example.com",
        department="sales",
        groups=["seller"],
        roles=["manager"],
    )
    assert person.name == "Zofia Maj"
    assert person in queries.members(session, "seller")
    assert queries.has_role(person, "manager")


def test_nobody_else_adds_people(session: Session, anna: Person) -> None:
    with pytest.raises(NotAllowed):
        commands.add_person(session, anna, login="x.y", name="X", email="x@example.com")


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("login", "Ann Nowak"),
        ("login", "../x"),
        ("name", "  "),
        ("email", "nowhere"),
        ("department", "astrology"),
        ("groups", ["nobody"]),
        ("roles", ["king"]),
        ("password", "short"),
        ("language", "xx"),
    ],
)
def test_what_cannot_be_used_is_named(session: Session, adam: Person, field: str, value: object) -> None:
    values = {"login": "zofia.maj", "name": "Zofia", "email": "z@example.com", field: value}
    with pytest.raises(Invalid) as refusal:
        commands.add_person(session, adam, **values)  # type: ignore[arg-type]
    assert list(refusal.value.details["errors"]) == [field]


def test_a_login_is_given_once(session: Session, adam: Person) -> None:
    with pytest.raises(Conflict, match=r"anna\.nowak"):
        commands.add_person(session, adam, login="anna.nowak", name="Anna", email="a@example.com")


def test_the_last_administrator_stays(session: Session, now: datetime, adam: Person) -> None:
    with pytest.raises(Conflict, match="last administrator"):
        commands.set_active(session, now, adam, adam, active=False)


def test_who_leaves_is_logged_out_and_loses_tokens(
    session: Session, now: datetime, adam: Person, anna: Person
) -> None:
    plain = commands.create_token(session, now, anna, name="shop")
    session_before = anna.get_id()
    commands.set_active(session, now, adam, anna, active=False)
    assert anna.get_id() != session_before
    assert tokens.token_for(session, plain, now) is None


def test_a_token_names_its_person_until_it_is_revoked(session: Session, now: datetime, anna: Person) -> None:
    plain = commands.create_token(session, now, anna, name="shop")
    assert plain.startswith("bpm_")
    assert (found := tokens.token_for(session, plain, now)) and found.person is anna
    (token,) = queries.tokens_of(session, anna)
    assert plain not in token.token_hash
    commands.revoke_token(session, now, anna, token.public_id)
    assert tokens.token_for(session, plain, now) is None


def test_a_token_is_not_revoked_by_somebody_else(session: Session, now: datetime, anna: Person) -> None:
    commands.create_token(session, now, anna, name="shop")
    (token,) = queries.tokens_of(session, anna)
    boris = queries.required_person(session, "boris.petrov")
    with pytest.raises(NotFound):
        commands.revoke_token(session, now, boris, token.public_id)


def test_an_unknown_token_is_nobodys(session: Session, now: datetime) -> None:
    assert tokens.token_for(session, "bpm_guess", now) is None
    assert tokens.token_for(session, "", now) is None


def test_use_of_a_token_is_noted_once_an_hour(session: Session, now: datetime, anna: Person) -> None:
    plain = commands.create_token(session, now, anna, name="shop")
    (token,) = queries.tokens_of(session, anna)
    tokens.note_use(session, plain, now)
    tokens.note_use(session, plain, now + timedelta(minutes=5))
    assert token.last_used_at == now


@pytest.mark.parametrize("login", ["anna.nowak", "olga.ivanova", "adam.kaminski"])
def test_absence_is_entered_by_oneself_the_manager_or_an_administrator(
    session: Session, now: datetime, anna: Person, login: str
) -> None:
    actor = queries.required_person(session, login)
    commands.add_absence(session, now, actor, anna, TODAY, TODAY)
    assert queries.absences_of(session, anna, TODAY)


def test_absence_is_not_entered_by_a_colleague(session: Session, now: datetime, anna: Person) -> None:
    with pytest.raises(NotAllowed, match="Anna Nowak"):
        commands.add_absence(
            session, now, queries.required_person(session, "boris.petrov"), anna, TODAY, TODAY
        )


def test_an_impossible_absence_is_refused(session: Session, now: datetime, anna: Person) -> None:
    yesterday = TODAY - timedelta(days=1)
    for first, last, deputy, field in (
        (TODAY, yesterday, None, "ends_on"),
        (yesterday, yesterday, None, "ends_on"),
        (TODAY, TODAY, anna, "substitute"),
    ):
        with pytest.raises(Invalid) as refusal:
            commands.add_absence(session, now, anna, anna, first, last, deputy)
        assert field in refusal.value.details["errors"]


def test_preferences_are_ones_own(session: Session, anna: Person) -> None:
    commands.set_preferences(session, anna, anna, language="pl", theme="dark", time_zone="Europe/Moscow")
    assert (anna.language, anna.theme, anna.time_zone) == ("pl", "dark", "Europe/Moscow")
    commands.set_preferences(session, anna, anna, language="")
    assert (anna.language, anna.theme) == (None, "dark")
    with pytest.raises(NotAllowed):
        commands.set_preferences(
            session, queries.required_person(session, "boris.petrov"), anna, language="ru"
        )
    with pytest.raises(Invalid):
        commands.set_preferences(session, anna, anna, time_zone="Mars/Base")
