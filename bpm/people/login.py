"""Checks who logs in, and makes guessing slow.

Failed attempts are counted in the database, so that they count on every machine at once.
Reading and writing are apart: a password is checked without holding the write lock.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from bpm.errors import Refusal
from bpm.language import _
from bpm.people import passwords
from bpm.people.models import LoginAttempt, Person
from bpm.people.queries import by_login_or_email

WINDOW = timedelta(minutes=15)
# failures within the window: of one login from one address, of one address, of one login
LIMIT_HERE, LIMIT_OF_ADDRESS, LIMIT_OF_LOGIN = 5, 50, 100


class TooManyAttempts(Refusal):
    """Somebody is guessing; wait."""

    status = 429
    code = "too_many_attempts"


def check_password(session: Session, now: datetime, login: str, password: str, address: str) -> Person | None:
    """Return who logs in, or None if login and password do not belong together. Writes nothing.

    Args:
        login: login or e-mail address as typed.
        address: where the attempt comes from, for the limits.

    Raises:
        TooManyAttempts: there were too many failures within the last 15 minutes.
    """
    limits = zip(_subjects(login, address), (LIMIT_HERE, LIMIT_OF_ADDRESS, LIMIT_OF_LOGIN), strict=True)
    if any(_failures(session, subject, now) >= limit for subject, limit in limits):
        raise TooManyAttempts(
            _(
                "Too many wrong passwords. Wait %(minutes)s minutes and try again, "
                "or ask an administrator for a new password.",
                minutes=int(WINDOW.total_seconds() // 60),
            )
        )
    person = by_login_or_email(session, login)
    known = person if person is not None and person.active else None
    right = passwords.fits(password[: passwords.LONGEST + 1], known.password_hash if known else None)
    return known if right else None


def note_failure(session: Session, now: datetime, login: str, address: str) -> None:
    """Count a failed attempt, and forget those that no longer count."""
    session.execute(delete(LoginAttempt).where(LoginAttempt.at < now - WINDOW))
    session.add_all(LoginAttempt(subject=subject, at=now) for subject in _subjects(login, address))
    session.flush()


def note_success(session: Session, login: str, address: str) -> None:
    """Forget the failures of this login from this address."""
    session.execute(delete(LoginAttempt).where(LoginAttempt.subject == _subjects(login, address)[0]))


def _subjects(login: str, address: str) -> tuple[str, str, str]:
    name = login.strip().lower()[:150]
    return (f"both:{name}|{address}"[:254], f"address:{address}"[:254], f"login:{name}")


def _failures(session: Session, subject: str, now: datetime) -> int:
    query = select(func.count()).select_from(LoginAttempt)
    return session.scalar(query.where(LoginAttempt.subject == subject, LoginAttempt.at > now - WINDOW)) or 0
