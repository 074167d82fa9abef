"""Passwords, and how guessing becomes slow."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from bpm.people import commands, login, passwords, queries

pytestmark = pytest.mark.usefixtures("company")
RIGHT = "a quiet little river"


@pytest.fixture(autouse=True)
def _password(company: None, session: Session) -> None:
    commands.set_password(session, None, queries.required_person(session, "anna.nowak"), RIGHT)


def fail(
    session: Session, now: datetime, times: int, name: str = "anna.nowak", address: str = "10.0.0.1"
) -> None:
    for _ in range(times):
        login.note_failure(session, now, name, address)


def test_the_right_password_names_the_person(session: Session, now: datetime) -> None:
    person = login.check_password(session, now, "anna.nowak", RIGHT, "10.0.0.1")
    assert person is not None and person.login == "anna.nowak"


@pytest.mark.parametrize(
    ("name", "password"),
    [("anna.nowak", "wrong"), ("anna.nowak", ""), ("mr.nobody", RIGHT), ("boris.petrov", "")],
)
def test_anything_else_names_nobody(session: Session, now: datetime, name: str, password: str) -> None:
    assert login.check_password(session, now, name, password, "10.0.0.1") is None


def test_who_left_does_not_get_in(session: Session, now: datetime) -> None:
    commands.set_active(session, now, None, queries.required_person(session, "anna.nowak"), active=False)
    assert login.check_password(session, now, "anna.nowak", RIGHT, "10.0.0.1") is None


def test_five_failures_from_one_place_make_the_next_wait(session: Session, now: datetime) -> None:
    fail(session, now, login.LIMIT_HERE)
    with pytest.raises(login.TooManyAttempts):
        login.check_password(session, now, "anna.nowak", RIGHT, "10.0.0.1")
    assert login.check_password(session, now, "anna.nowak", RIGHT, "10.0.0.2") is not None
    later = now + login.WINDOW + timedelta(seconds=1)
    assert login.check_password(session, later, "anna.nowak", RIGHT, "10.0.0.1") is not None


def test_many_logins_tried_from_one_place_make_it_wait(session: Session, now: datetime) -> None:
    for number in range(login.LIMIT_OF_ADDRESS):
        login.note_failure(session, now, f"guess{number}", "10.0.0.9")
    with pytest.raises(login.TooManyAttempts):
        login.check_password(session, now, "anna.nowak", RIGHT, "10.0.0.9")


def test_success_forgets_the_failures(session: Session, now: datetime) -> None:
    fail(session, now, login.LIMIT_HERE - 1)
    login.note_success(session, "anna.nowak", "10.0.0.1")
    fail(session, now, login.LIMIT_HERE - 1)
    assert login.check_password(session, now, "anna.nowak", RIGHT, "10.0.0.1") is not None


def test_a_hash_is_salted_and_a_broken_one_fits_nothing() -> None:
    assert passwords.hashed(RIGHT) != passwords.hashed(RIGHT)
    assert not passwords.fits(RIGHT, "not a hash")
